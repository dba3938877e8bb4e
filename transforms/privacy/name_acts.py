"""Words that stand beside persons, known by their lemma: *hoitivat*, *veljenpojalleni*.

Belongs here: the look at one word of the neighbourhood of a name, by Voikko and the lists of
``data_contracts/names/person_lemmas.csv``. Words known by their form belong to ``name_words``.
Without libvoikko no lemma is known.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from data_contracts.person_names import read_person_lemmas
from transforms.privacy.name_groups import groups
from transforms.text.lemmas import find_analyser

_BASES = re.compile(r"\(([^()+]+)\)")
_LONGEST = 40
#: Groups of words by form that hold for every case of their lemma too.
_BY_LEMMA = frozenset({"title", "kin", "honorific"})
_VERBS = frozenset({"act", "wish"})
_NOUNS = frozenset({"nimisana", "laatusana", "nimisana_laatusana"})
_FINITE = frozenset({"indicative", "conditional", "potential"})


@lru_cache(maxsize=1 << 16)
def acts(word: str) -> frozenset[str]:
    """Groups of a word by its lemma; verbs in the third person only, or as a past participle.

    ``told`` and ``asked`` hold for verbs in any person; ``thing`` is any other noun or adjective in
    the nominative, ``stem`` a deed in any other form: *ei asu*.
    """
    analyse = find_analyser()
    if analyse is None or len(word) > _LONGEST or not word[0].isalpha():
        return frozenset()
    found: set[str] = set()
    for reading in analyse(word.lower()):
        found |= _of_reading(reading)
    return frozenset(found)


def _of_reading(reading: Mapping[str, str]) -> set[str]:
    lemma = reading.get("BASEFORM", "").lower()
    found = set(_lemmas().get(lemma, ()))
    if reading.get("PARTICIPLE") == "past_active":
        bases = _BASES.findall(reading.get("WORDBASES", ""))
        return set(_lemmas().get(bases[0], ())) - {"told", "asked"} if bases else set()
    if reading.get("CLASS") == "teonsana":
        if reading.get("PERSON") == "3" and reading.get("MOOD") in _FINITE:
            return found
        return (found - _VERBS) | ({"stem"} if "act" in found else set())
    found = (found - _VERBS) | (groups(lemma) & _BY_LEMMA if lemma else set())
    is_named = reading.get("SIJAMUOTO") == "nimento" and reading.get("CLASS") in _NOUNS
    return found or ({"thing"} if is_named else found)


@cache
def _lemmas() -> Mapping[str, frozenset[str]]:
    by_lemma: dict[str, frozenset[str]] = {}
    for group, lemmas in read_person_lemmas().items():
        for lemma in lemmas:
            by_lemma[lemma] = by_lemma.get(lemma, frozenset()) | {group}
    return by_lemma
