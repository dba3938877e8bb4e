"""Whether a word that nobody knows is spelt like a person's name: *Nongnuch* and not *osotteeni*.

Belongs here: the log-odds of a word's letters, three by three. They are learnt by
``name_training`` from the lists of names and the words of messages, and carried as a table.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from data_contracts.person_names import read_name_letters

#: Finnish case endings, which a name of any language may bear.
_ENDING = re.compile(
    r"(?<=...)(?:i?(?:n|lle|ll[aä]|lt[aä]|ss[aä]|st[aä]|t[aä]|a|ä|ksi|s)|[:'\u2019]\w{1,4})$"
)
_LIKE, _UNLIKE = 0.35, -0.15


def triples(word: str) -> Iterator[str]:
    """Three letters at a time of a word in small letters, with its borders as ``^`` and ``$``."""
    bordered = f"^{word}$"
    return (bordered[n : n + 3] for n in range(len(bordered) - 2))


@lru_cache(maxsize=1 << 16)
def name_likeness(word: str) -> float:
    """Mean log-odds per three letters that a word is a name, with or without a case ending."""
    small = word.lower()
    bare = _ENDING.sub("", small)
    return max(_mean_odds(small), _mean_odds(bare))


def likeness_class(word: str) -> str:
    """``like``, ``even`` or ``unlike`` a name."""
    odds = name_likeness(word)
    return "like" if odds > _LIKE else "unlike" if odds < _UNLIKE else "even"


def _mean_odds(word: str) -> float:
    found = list(triples(word))
    odds = letter_odds()
    return sum(odds.get(letters, 0.0) for letters in found) / len(found) if found else 0.0


@cache
def letter_odds() -> Mapping[str, float]:
    """Log-odds of three letters in a name against any word; 0 for those not listed."""
    return read_name_letters()
