"""Case forms of a name, Finnish or foreign, with consonant gradation: *Pekka, Pekan, Pekalle …*.

Belongs here: how a name bends. It gives rather too many forms than too few: a form that nobody
writes costs nothing. Which names there are belongs to ``data_contracts.person_names``.
"""

from collections.abc import Iterator

_VOWELS = "aeiouyäöå"
#: Strong and weak consonants before the last vowel (Hakulinen et al. 2004, Iso suomen kielioppi
#: § 41); *k* alone vanishes.
_GRADES = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("mp", "mm"),
    ("nk", "ng"), ("ht", "hd"), ("lk", "l"), ("rk", "r"), ("lp", "lv"), ("rp", "rv"), ("sk", "sk"),
)  # fmt: skip
_SINGLE = (("t", "d"), ("k", ""), ("p", "v"))
_WEAK_ENDINGS = ("n", "ll{a}", "lt{a}", "lle", "ss{a}", "st{a}", "ksi", "tt{a}", "t", "ni", "lla")
#: Surnames that end in these bend like the noun that they are: *Mäki, Mäen; Niemi, Niemen*.
_NOUNS_IN_I = (
    "mäki", "niemi", "koski", "järvi", "lahti", "joki", "lampi", "saari", "salmi", "nurmi", "talvi",
    "tuomi", "suomi", "hirvi", "lehti", "pelti", "kivi", "rami", "lumi", "tammi", "korpi", "vuori",
)  # fmt: skip


def name_forms(name: str) -> frozenset[str]:
    """The name and its case forms, singular, and those of a family's name in plural."""
    telling = [letter for letter in name.lower() if letter in "aouåäöy"]
    harmony = "a" if telling and telling[-1] in "aouå" else "ä"
    forms = {name}
    for weak, strong in _stems(name):
        forms.update(weak + ending.format(a=harmony) for ending in _WEAK_ENDINGS)
        forms.update((strong + harmony, f"{strong}n{harmony}", strong + strong[-1:] + "n"))
        if strong.endswith(("ee", "aa", "ää", "uu", "yy")):
            forms.update((strong + "seen", f"{strong}t{harmony}"))
    if name.endswith("nen"):
        forms.update(_plural(name[:-3] + "si", harmony))
        forms.update((name[:-3] + f"st{harmony}", name[:-3] + "sten", name[:-3] + "seen"))
    elif name.endswith("s") or name[-1] not in _VOWELS:
        forms.update((f"{name}t{harmony}", f"{name}illa", f"{name}s", f"{name}:n", f"{name}:lle"))
    return frozenset(form for form in forms if form)


def _plural(stem: str, harmony: str) -> set[str]:
    return {stem + end.format(a=harmony) for end in ("lle", "ll{a}", "lt{a}", "ss{a}", "st{a}")}


def _stems(name: str) -> Iterator[tuple[str, str]]:
    """Pairs of the stem before endings that close the syllable and of that before the others."""
    if name.endswith("nen"):
        yield name[:-3] + "se", name[:-3] + "se"
    elif name.endswith(("as", "äs")):
        yield from ((name[:-1] + name[-2], name[:-1] + name[-2]), (name[:-1] + "kse",) * 2)
    elif name.endswith(("is", "us", "es", "os", "ös", "ys")):
        yield (name[:-1] + "kse",) * 2
        if name.endswith(("is", "es")):
            yield (name[:-1] + name[-2],) * 2
        yield (name + "i",) * 2
    elif name[-1].lower() not in _VOWELS:
        yield name + "i", name + "i"
    elif name.endswith("e"):
        yield name, name
        yield _strong(name) + "e", _strong(name) + "e"
    elif name.lower().endswith(_NOUNS_IN_I):
        stem = name[:-1] + "e"
        yield from ((weak, stem) for weak in _weak(stem))
    else:
        yield name, name
        yield from ((weak, name) for weak in _weak(name))


def _weak(name: str) -> Iterator[str]:
    vowel, body = name[-1], name[:-1]
    for strong, weak in _GRADES:
        if body.endswith(strong):
            yield body[: -len(strong)] + weak + vowel
            return
    for strong, weak in _SINGLE:
        if body.endswith(strong) and body[-2:-1].lower() in _VOWELS:
            yield body[:-1] + weak + vowel
    yield name


def _strong(name: str) -> str:
    """*Rinne* to *Rintee*; a name in -e without a weak consonant to *Lainee*."""
    body = name[:-1]
    for strong, weak in _GRADES[:7]:
        if body.endswith(weak) and (len(weak) > 1 or body[-2:-1].lower() in _VOWELS):
            return body[: -len(weak)] + strong + "e"
    return name
