"""What a word may be by itself: a first name, a surname, a place, an ordinary word, or unknown.

Belongs here: one look at each distinct word, by the lists of ``data_contracts.person_names`` and
the readings of Voikko. Where a word stands in a text belongs to ``transforms.privacy.persons``.
Without libvoikko the lists alone speak.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from data_contracts.person_names import (
    read_common_words,
    read_other_names,
    read_person_names,
)
from transforms.privacy.inflection import name_forms
from transforms.privacy.name_groups import groups
from transforms.text.lemmas import find_analyser

#: Letters of a word, the same for Python and Polars: Latin, Greek and Cyrillic, and marks.
LETTERS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u0386-\u03ce\u0400-\u052f"
    "\u1e00-\u1eff"
)
WORD = rf"[{LETTERS}]+(?:[-'\u2019\u00b4][{LETTERS}]+)*"

#: How surely a word is a name: an ordinary word, a rarer one told by its capital, nothing else.
HOMONYM, CAPITAL, FIRM = 1, 2, 3
_LEVELS = {"": 0, "homonym": HOMONYM, "rare": HOMONYM, "capital": CAPITAL, "firm": FIRM}
_MAX_WORD = 40
_LEAST_LOUD = 2  # two capitals are initials
_MAX_CACHE = 1 << 17
_SHORTEST_SMALL = 4  # letters of a name that is looked for in small letters
_PERSON_CLASSES = frozenset({"etunimi", "sukunimi"})
_NAME_CLASSES = frozenset({"etunimi", "sukunimi", "paikannimi", "nimi"})
#: Readings in cases that hardly live outside phrases: *Marjatta* is not "without a berry".
_RARE_CASES = frozenset({"vajanto", "seuranto", "keinonto"})
_NOUNS = frozenset({"nimisana", "laatusana", "nimisana_laatusana"})
_STREET = re.compile(
    r"..(?:katu|kadu|kaduilla|tie|tien|tiellä|tieltä|tielle|tietä|polku|polu|kuja|raitti|raiti"
    r"|puisto|aukio|väylä|kylä|talo|koulu|vägen|gatan|gränd|stigen|street|road)\w{0,4}$"
)
_TAIL = re.compile(
    r"(?:i?(?:n|lle|ll[aä]|lt[aä]|ss[aä]|st[aä]|ksi|t[aä]|a|ä|na|nä)|s|[:'\u2019]\w{1,4})$"
)
_INNER_CASE = re.compile(r"(?:ss[aä]|[aeiouyäö]st[aä]|([aeiouyäö])\1n)$")
_INHABITANTS = ("lainen", "läinen")
_FAR_CASE = re.compile(r"(?:n|lle|ll[aä]|lt[aä]|ss[aä]|st[aä]|ksi)$")
_CLITIC = re.compile(r"(?<=...)(?:kin|kaan|kään|ko|kö|han|hän|kohan|köhän)$")
#: Surnames that no list holds are mostly made of two words for land: *Hakamäki, Ojalehto*.
_LAND_NAME = re.compile(
    r"(?!uima|työ|jäte|teko|leikki|liito|lento|sää|hiekka|vene|pallo|jää|lumi|hiihto|laskettelu)...+"
    r"(?:mäki|mäe|koski|koske|niemi|nieme|lahti|lahde|lahte|järvi|järve|saari|saare|salmi|salme"
    r"|lampi|lamme|lampe|joki|joe|joke|oja|luoma|lehto|lehdo|salo|vaara|aho|harju|kangas|kankaa"
    r"|pää|ranta|ranna|rinne|rintee|maa|perä|korpi|korve|kallio|vuori|vuore|nurmi|nurme|pelto"
    r"|pello|haka|haa|aro|viita|viida|sarka|saro|kumpu|kummu|suo|vesi"
    r"|vede|virta|virra|puro|lähde|lähtee|palo)"
    r"(?:n|lle|ll[aä]|lt[aä]|st[aä]|ss[aä]|a|ä|ta|tä|ksi|an|än|on|ön|en|hen)?$"
)
#: A first name with the initial of the surname written on to it.
_INITIAL_BEHIND = re.compile(r"[A-ZÅÄÖ][a-zåäö]{2,}[A-ZÅÄÖ]$")
#: A genitive before the border of a compound, as Voikko writes it.
_GENITIVE_PART = re.compile(r"\[Sg\][^\]]*\]\w*\[B[ch]\]")
_LEAST_PART = 3  # letters of the parts of a first name written as one: *Annmari*
_FIRST_PARTS = frozenset({"ala", "yli", "iso", "vähä", "keski", "uusi", "rinta", "mäki", "ylä"})


class Word(NamedTuple):
    """What a word may be: levels of ``first`` and ``last`` name, ``is_place``, ``is_unknown``."""

    first: int
    last: int
    is_place: bool
    is_unknown: bool
    is_other: bool = False  # a place, body or product of ``other_names.csv``
    is_thing: bool = False  # the same without the places, which lend their names to persons
    suffix: str = ""  # small letters behind a hyphen: *ope* of *Kaisa-ope*
    land: str = ""  # ``plain`` or ``genitive`` for a compound of two words for land

    @property
    def level(self) -> int:
        """How surely it is a name of either kind."""
        return max(self.first, self.last)


NOTHING = Word(0, 0, is_place=False, is_unknown=False)


@lru_cache(maxsize=_MAX_CACHE)
def describe(token: str) -> Word:
    """What ``token``, as written, may be."""
    word = unicodedata.normalize("NFC", token)
    if len(word) > _MAX_WORD:
        return NOTHING
    if word.isupper() and len(word) > _LEAST_LOUD:
        word = "-".join(part.capitalize() for part in word.split("-"))
    parts = re.split(r"[-']", word)
    if len(parts) > 1 and word.lower() not in _forms():
        return _describe_hyphenated(parts, word)
    return _describe_simple(word)


def _describe_hyphenated(parts: list[str], word: str) -> Word:
    if _is_other(word):
        return Word(0, 0, is_place=True, is_unknown=False, is_other=True, is_thing=True)
    head, tail = _describe_simple(parts[0]), _describe_simple(parts[-1])
    if parts[-1] in ("s", "n") and "-" not in word:
        return head
    if (parts[0].islower() or parts[0] == "Pikku") and tail.first >= CAPITAL:
        return tail  # *pikku-Lilli*
    if parts[-1].islower() and parts[0][:1].isupper():
        return _describe_suffixed(head, parts[-1])
    return _describe_double(head, tail, prefix=parts[0].lower())


def _describe_suffixed(head: Word, suffix: str) -> Word:
    """A capitalised word with a small one behind its hyphen: *Outi-ope, Nurmo-talo*."""
    is_surname = _listed(suffix)[1]
    if head.last and is_surname:
        return Word(0, CAPITAL, is_place=False, is_unknown=False)
    if not head.level and is_surname and not groups(suffix):
        return Word(0, CAPITAL, is_place=True, is_unknown=False)
    return head._replace(suffix=suffix, is_unknown=False)


def _describe_double(head: Word, tail: Word, *, prefix: str) -> Word:
    """A double name from its two parts: *Juha-Matti, Mäki-Petäjä, Ala-Hakula*."""
    if prefix in _FIRST_PARTS:
        return Word(0, FIRM, is_place=tail.is_place and not tail.last, is_unknown=False)
    if head.first >= CAPITAL and tail.level:
        return Word(FIRM, 0, is_place=False, is_unknown=False)
    if (head.first or head.is_unknown or prefix.isalpha()) and tail.first >= CAPITAL:
        return Word(CAPITAL, 0, is_place=False, is_unknown=False)
    if head.is_unknown and tail.last >= CAPITAL:
        return Word(0, CAPITAL, is_place=False, is_unknown=False)
    if head.last and (tail.last or tail.is_unknown or tail.is_place):
        level = max(head.last, CAPITAL) if tail.last else HOMONYM
        return Word(0, level, is_place=tail.is_place and not tail.last, is_unknown=False)
    return Word(0, 0, is_place=head.is_place or tail.is_place, is_unknown=tail.is_unknown)


def _describe_simple(word: str) -> Word:
    small = word.lower()
    first, last = _listed(small)
    readings = _readings(word)
    classes = {name for name, _ in readings}
    ordinary = {name for name, is_compound in readings if name and not is_compound} - _NAME_CLASSES
    is_compound = any(name in _NOUNS and is_compound for name, is_compound in readings)
    is_street = not last and _STREET.search(small) is not None
    if is_street and (ordinary or is_compound or not classes):
        return Word(0, 0, is_place=True, is_unknown=False)
    unlisted = HOMONYM if ordinary else CAPITAL if is_compound else FIRM
    first = first or unlisted * ("etunimi" in classes)
    last = last or unlisted * ("sukunimi" in classes)
    last = last or HOMONYM * (ordinary <= {"nimisana"} and _is_in_nen(word))
    is_named = bool(last or ordinary or classes & _NAME_CLASSES)
    is_land = (
        not is_named and (is_compound or not (first or readings or is_street)) and _is_land(word)
    )
    last = CAPITAL if is_land else last
    if not (first or last or classes or is_land) and _is_joined_name(small):
        first = CAPITAL
    if _INITIAL_BEHIND.match(word) and _listed(small[:-1])[0]:
        first = CAPITAL  # *SiniT*
    is_other = _is_other(word)
    is_rarer = is_compound or bool(classes & _PERSON_CLASSES)
    most = _most(word, ordinary, is_rarer=is_rarer, is_compound=is_compound)
    first, last = min(first, most), min(last, most)
    is_place = is_other or "paikannimi" in classes or is_street or is_land
    return Word(
        first,
        last,
        is_place=is_place,
        is_unknown=not (first or last or classes or is_place),
        is_other=is_other,
        is_thing=is_other and _other_forms()[small] != "place",
        land=_land_kind(word) if is_land else "",
    )


def _most(word: str, ordinary: set[str], *, is_rarer: bool, is_compound: bool) -> int:
    """How surely a word can be a name at most, given what else it may be."""
    small = word.lower()
    kind = _other_forms().get(small)
    if kind == "place" and _INNER_CASE.search(small):
        return 0  # something is there; a person hardly ever
    is_small = word.islower() and bool(ordinary or _is_undotted(word))
    if kind is not None or ordinary - _NOUNS or is_small:
        return HOMONYM
    if ordinary or is_compound:
        return CAPITAL if is_rarer else HOMONYM
    return FIRM


def _is_in_nen(word: str) -> bool:
    """Whether a word with a capital ends like a surname and not like an inhabitant."""
    small = word.lower()
    return word[:1].isupper() and small.endswith("nen") and not small.endswith(_INHABITANTS)


def _land_kind(word: str) -> str:
    """Whether the first part of a compound stands in the genitive: *Töölönlahti* is no surname."""
    analyse = find_analyser()
    shapes = [reading.get("FSTOUTPUT", "") for reading in analyse(word)] if analyse else []
    return "genitive" if any(_GENITIVE_PART.search(shape) for shape in shapes) else "plain"


def _is_land(word: str) -> bool:
    """Whether a compound with a capital ends in a word for land and is no title."""
    small = word.lower()
    return word[:1].isupper() and _LAND_NAME.match(small) is not None and not groups(small)


def _is_joined_name(small: str) -> bool:
    """Whether two first names are written as one: *Annmari, Marjaleena, Sarianna*."""
    forms = _forms()
    return any(
        _listed(small[:cut])[0] >= HOMONYM and forms.get(small[cut:], (0, 0))[0] >= CAPITAL
        for cut in range(_LEAST_PART, len(small) - _LEAST_PART + 1)
    )


@lru_cache(maxsize=_MAX_CACHE)
def person_of_verb(word: str) -> str:
    """``1`` or ``3`` for a verb in that person, as Voikko reads it; empty for anything else."""
    analyse = find_analyser()
    if analyse is None:
        return ""
    persons = {
        reading.get("PERSON", "")
        for reading in analyse(word.lower())
        if reading.get("CLASS") == "teonsana" and reading.get("MOOD") == "indicative"
    }
    return next((person for person in ("1", "3") if person in persons), "")


@cache
def _rare_forms() -> frozenset[str]:
    rows = read_person_names().iter_rows()
    return frozenset(
        form.lower()
        for name, first, last, _ in rows
        if "rare" in (first, last)
        for form in name_forms(name)
    )


@lru_cache(maxsize=_MAX_CACHE)
def is_bare(word: str) -> bool:
    """Whether a name may stand in the nominative, as the subject of a verb does."""
    small = word.lower()
    if small in _bases() or not _TAIL.search(small):
        return True
    analyse = find_analyser()
    readings = analyse(word) if analyse else []
    if not readings:
        return not _FAR_CASE.search(small)
    return any(reading.get("SIJAMUOTO") == "nimento" for reading in readings)


@cache
def _bases() -> frozenset[str]:
    return frozenset(name.lower() for name in read_person_names()["name"])


@cache
def _common_words() -> frozenset[str]:
    return read_common_words()


def is_common(word: str) -> bool:
    """Whether messages to a city often hold it as a word in small letters, Finnish or not."""
    return word.lower() in _common_words()


def is_rare(word: str) -> bool:
    """Whether a name is an ordinary word too, but one that messages to a city hardly hold."""
    return word.lower() in _rare_forms()


def is_ordinary(word: str) -> bool:
    """Whether a word in small letters is an ordinary word; False where libvoikko is absent."""
    return any(name not in _NAME_CLASSES | {"lyhenne"} for name, _ in _readings(word.lower()))


def _is_undotted(small: str) -> bool:
    """Whether it is an ordinary word that was typed without its dots: *mika* for *mikä*."""
    if set(small) & set("äö"):
        return False
    dotted = small.replace("a", "ä").replace("o", "ö")
    return any(name not in _NAME_CLASSES for name, _ in _readings(dotted))


def _readings(word: str) -> list[tuple[str, bool]]:
    """Voikko's word classes, and whether it takes the word for a compound (*Hauta+mäki*).

    Readings in rare cases beside a name are left out.
    """
    analyse = find_analyser()
    if analyse is None:
        return []
    found = [
        (reading.get("CLASS", ""), reading.get("SIJAMUOTO"), reading.get("STRUCTURE", ""))
        for reading in analyse(word)
    ]
    is_name = any(name in _PERSON_CLASSES for name, _, _ in found)
    return [
        (name, "=" in structure[1:])
        for name, case, structure in found
        if not (is_name and case in _RARE_CASES)
    ]


def _listed(small: str) -> tuple[int, int]:
    """Levels by the lists, of the form or of what is left without a Finnish ending."""
    forms = _forms()
    found = forms.get(small) or forms.get(_CLITIC.sub("", small))
    if found is None and small.endswith("s"):
        found = (forms.get(small[:-1], (0, 0))[0], 0)  # *Annas*, in Swedish and English
        found = found if found[0] else None
    if found is not None:
        return found
    abroad = _names_abroad()
    base = _TAIL.sub("", small)
    return (
        abroad.get(small) or (abroad.get(base) if len(base) >= _SHORTEST_SMALL else None) or (0, 0)
    )


@cache
def _forms() -> Mapping[str, tuple[int, int]]:
    """Case forms in small letters of the names used in Finland, with their levels."""
    forms: dict[str, tuple[int, int]] = {}
    for name, first, surname, source in read_person_names().iter_rows():
        if source == "faker":
            continue
        for form in name_forms(name):
            small = form.lower()
            old = forms.get(small, (0, 0))
            forms[small] = (max(old[0], _LEVELS[first]), max(old[1], _LEVELS[surname]))
    return forms


@cache
def _names_abroad() -> Mapping[str, tuple[int, int]]:
    rows = read_person_names().filter(source="faker").iter_rows()
    return {name.lower(): (_LEVELS[first], _LEVELS[last]) for name, first, last, _ in rows}


@cache
def _other_forms() -> Mapping[str, str]:
    kinds = read_other_names().items()
    return {form.lower(): kind for name, kind in kinds for form in name_forms(name)}


def is_listed(small: str) -> bool:
    """Whether a word in small letters is a form of a name that is used in Finland."""
    return small in _forms()


def is_figure(name: str) -> bool:
    """Whether a whole name is that of a public figure or of a person in a book."""
    return " " in name and name.lower() in _other_forms()


def _is_other(word: str) -> bool:
    return word.lower() in _other_forms()


@cache
def small_names() -> frozenset[str]:
    """Forms of names that are looked for in small letters too."""
    rows = read_person_names().iter_rows()
    return frozenset(
        small
        for name, first, last, source in rows
        if source != "faker"
        and max(_LEVELS[first], _LEVELS[last]) >= CAPITAL
        and len(name) >= (_SHORTEST_SMALL if not first else _SHORTEST_SMALL - 1)
        for form in name_forms(name)
        if len(small := form.lower()) >= _SHORTEST_SMALL
    )
