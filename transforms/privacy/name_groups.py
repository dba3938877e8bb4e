"""What a word beside a name speaks for: groups of ``data_contracts/names/context_words.csv``.

Belongs here: words known by their form. Words known by their lemma belong to ``name_acts``.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from data_contracts.person_names import read_context_words

_MAX_CACHE = 1 << 17
#: Groups that a title is not in, though it may begin like one: *katupäällikkö*.
_PLACES = frozenset({"place_word", "home_word", "work_word"})


@lru_cache(maxsize=_MAX_CACHE)
def groups(token: str) -> frozenset[str]:
    """Groups of ``context_words.csv`` that a word belongs to, whatever its case."""
    small = unicodedata.normalize("NFC", token.lower())
    found = _fixed_groups().get(small, frozenset())
    loose = frozenset(group for group, pattern in _patterns().items() if pattern.match(small))
    if not loose:
        return found
    return found | loose - _PLACES if "title" in loose else found | loose


@cache
def _fixed_groups() -> Mapping[str, frozenset[str]]:
    fixed: dict[str, frozenset[str]] = {}
    for group, words in read_context_words().items():
        for word in words:
            if "*" not in word:
                bare = word.rstrip(".")
                fixed[bare] = fixed.get(bare, frozenset()) | {group}
    return fixed


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    loose = {
        group: [word for word in words if "*" in word]
        for group, words in read_context_words().items()
    }
    return {
        group: re.compile("(?:" + "|".join(_pattern(word) for word in words) + ")$")
        for group, words in loose.items()
        if words
    }


def _pattern(word: str) -> str:
    return re.escape(word.rstrip(".")).replace(r"\*", r"\w*")
