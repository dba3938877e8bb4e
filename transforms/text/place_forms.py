"""Names of places to their inflected forms: standard Finnish, speech and the dialect of
Etelä-Pohjanmaa. Which place a form names in a text belongs to places.

A dictionary's two principal parts, nominative and genitive, give every other form; consonant
gradation is in them (``Kärki, Kärjen``). Too many forms do no harm: a form that nobody writes is
never looked up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FOLDED = (("ä", "a"), ("ö", "o"), ("å", "a"))
_VOWELS = "aeiouyäö"

#: Endings behind the weak stem (``Kärje-``) by case; the last of a case are spoken or dialect.
_WEAK = {
    "gen": ("n",),
    "ine": ("ssa", "s", "sa"),
    "ela": ("sta", "st"),
    "ade": ("lla", "l"),
    "abl": ("lta", "lt"),
    "all": ("lle",),
    "tra": ("ksi", "ks"),
    "abe": ("tta",),
}
_CLITIC = re.compile(r"(?:(?<!s)kaan?|kin?|ko(?:han)?|han|pa)$")
_OPEN_DIPHTHONGS = (("uo", "ua"), ("yö", "yä"), ("ie", "iä"))


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one word of a name.

    ``key`` is folded (``fold_letters``), ``stem`` is its beginning with dots, so that a word
    with dots where the name has none is told apart; ``case`` as in ``nom gen par ess ine``.
    """

    key: str
    stem: str
    case: str


def fold_letters(lower_text: str) -> str:
    """Text in lower case without dots and accents, letter for letter: ``törnävä`` as ``tornava``.

    Half of those who write on a phone leave the dots out.
    """
    for written, folded in _FOLDED:  # ten times as fast as str.translate
        lower_text = lower_text.replace(written, folded)
    return lower_text


def strip_clitic(key: str) -> str | None:
    """The folded word without its enclitic (``nurmossakin`` as ``nurmossa``), None without one."""
    short = _CLITIC.sub("", key)
    return short if short != key else None


def inflect(nominative: str, genitive: str) -> list[Form]:
    """Forms of a one-word name, without repeats.

    Args:
        nominative: ``Kärki``.
        genitive: ``Kärjen``; equal to the nominative for a word that is not inflected. Two are
            separated by a slash: ``Louon/Loukon``.
    """
    base = nominative.lower()
    forms = [Form(fold_letters(base), base, "nom")]
    for written in genitive.lower().split("/"):
        if written != base:
            weak = written.removesuffix("n")
            forms += _weak_forms(weak) + _strong_forms(base, _strong_stem(base, weak))
    spoken = [
        Form(fold_letters(stem) + form.key[len(form.stem) :], stem, form.case)
        for form in forms
        for stem in _spoken_stems(form.stem)
    ]
    return list({(f.key, f.case): f for f in [*spoken, *forms]}.values())


def _weak_forms(weak: str) -> list[Form]:
    return [_form(weak, ending, case) for case, endings in _WEAK.items() for ending in endings]


def _strong_stem(base: str, weak: str) -> str:
    """The vowel stem without gradation: ``kärke-`` of Kärki, ``kivistö-``, ``vuoltee-``."""
    if base.endswith("i") and weak.endswith("e"):
        return base[:-1] + "e"
    is_like_it = base[-1] in _VOWELS and not (base.endswith("e") and weak.endswith("ee"))
    return base if is_like_it else weak


def _strong_forms(base: str, strong: str) -> list[Form]:
    last = strong[-1]
    forms = [_form(strong, ending, "ess") for ending in ("na",)]
    forms += [_form(strong, ending, "par") for ending in ("a", "ta")]
    # Koske- gives koskea, saare- gives saarta, pohjoise- pohjoista: the vowel goes behind l n r s.
    if strong.endswith("e") and strong[-2] in "lnrs":
        forms.append(_form(strong[:-1], "ta", "par"))
    if base.endswith("e"):
        forms.append(_form(base, "tta", "par"))
    if last in "oö" and strong[-2] not in _VOWELS:  # Nurmua
        forms.append(_form(strong[:-1], "ua", "par"))
        forms.append(_form(strong[:-1], "ya", "par"))
    # Nurmoon, Nurmohon, Nurmoho; pää: päähän; Eskoo: Eskooseen.
    illatives = (f"{last}n", f"h{last}n", f"h{last}", "seen", "sehen")
    forms += [_form(strong, ending, "ill") for ending in illatives]
    return forms


def _form(stem: str, ending: str, case: str) -> Form:
    return Form(fold_letters(stem + ending), stem, case)


def _spoken_stems(stem: str) -> Iterator[str]:
    """The stem as the dialect says it: Pohoja-, Pajuluama-, Isorehro-, pohjose-."""
    variants = {stem}
    for change in (_with_helping_vowel, _with_open_diphthong, _with_r_for_d, _without_i):
        variants |= {change(variant) for variant in variants}
    yield from sorted(variants - {stem})


def _with_helping_vowel(word: str) -> str:
    """A vowel between l or h and the consonant behind it: Halakosaari, Pohoja."""
    return re.sub(r"([aeiouyäö])([lh])(?=[kpmvjnr])", r"\1\2\1", word)


def _with_open_diphthong(word: str) -> str:
    for closed, opened in _OPEN_DIPHTHONGS:
        word = word.replace(closed, opened)
    return word


def _with_r_for_d(word: str) -> str:
    return re.sub(r"(?<=[aeiouyäöh])d(?=[aeiouyäö])", "r", word)


def _without_i(word: str) -> str:
    """Pohjosella, etelänen: the second i of -oinen is not said."""
    return re.sub(r"(?<=[oöä])i(?=se|ne|s[tnk])", "", word)
