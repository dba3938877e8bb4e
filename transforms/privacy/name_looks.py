"""One look at each distinct word of the texts: is it worth more, by itself or by its neighbours.

Belongs here: what a word is for the search of names, as bits, found once and remembered. What it
may be in a name belongs to ``name_words``; where it stands in a text to ``name_tokens``.
"""

import re
from functools import lru_cache

from transforms.privacy.name_groups import groups
from transforms.privacy.name_letters import likeness_class, name_likeness
from transforms.privacy.name_words import (
    CAPITAL,
    NOTHING,
    describe,
    is_common,
    is_listed,
    small_names,
)

#: What a word may be, as bits: a name; the beginning of one; a word before one, a deed, a greeting,
#: a pronoun, a small word of English or Swedish.
MEANT, HOT, LEADS, ACTS, GREETS, PRONOUN, ENGLISH, SWEDISH = (1 << n for n in range(8))
LEAST_LETTERS = 3  # of an ordinary word that is a surname behind a first name
_MOST_LOOKS = 1 << 18
_TELLING = frozenset(
    {"title", "honorific", "kin", "thanks", "greeting", "closing", "name_cue", "being", "call",
     "hedge", "person_verb", "named", "family", "beside_person", "and", "person_suffix",
     "belonging"}
)  # fmt: skip
#: Groups of words after which a name in small letters or an ordinary word may be a surname.
_CUES = frozenset({"title", "honorific", "name_cue", "kin"})
_BITS = (
    (ACTS, frozenset({"person_verb", "beside_person"})),
    (GREETS, frozenset({"thanks", "greeting"})),
    (ENGLISH, frozenset({"word_in_english"})),
    (SWEDISH, frozenset({"word_in_swedish"})),
)
_PRONOUNS = frozenset(
    {"hän", "hänen", "hänet", "häntä", "hänelle", "hänellä", "häneltä", "hänestä", "hänessä",
     "häneen", "hänhän", "hänkin", "hänkään", "she", "he", "her", "his", "him", "hon", "han",
     "hennes", "hans", "henne", "honom"}
)  # fmt: skip
_NEN = re.compile(r"..(?:nen|sen|selle|sell[aä]|selt[aä]|sess[aä]|sest[aä])$")
_LEAST_STRANGE = 5  # letters of an unknown word in small letters behind a title
LEAST_STRAY, _MOST_STRAY = 4, 24  # letters of an unknown name in small letters
_LEAST_LIKE = -0.5  # how like a name it must be spelt


class _Looks(dict[str, int]):
    """The bits of a word; each distinct word is looked at once."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_LOOKS:
            self.clear()
        look = _look_at_name(word)
        found = groups(word)
        if found:
            look |= 0 if _CUES.isdisjoint(found) else LEADS
            if word[0].islower():
                for bit, named in _BITS:
                    look |= 0 if named.isdisjoint(found) else bit
        look |= PRONOUN if word.lower() in _PRONOUNS else 0
        self[word] = look
        return look


LOOKS = _Looks()


def _look_at_name(word: str) -> int:
    """Whether a word may be part of a name as it stands: with a capital, or a sure name without.

    Words with a capital that are nothing but ordinary words are left out.
    """
    if word[0].isupper():
        found = describe(word)
        if len(word) == 1 or found.level or found.is_unknown:
            return MEANT | HOT
        return MEANT if found != NOTHING else 0
    tail = word.rpartition("-")[2]  # *pikku-Lilli, iso-ketola*
    if tail[:1].isupper() or tail in small_names():
        return MEANT | (HOT if describe(word).level >= CAPITAL else 0)
    return 0


@lru_cache(maxsize=1 << 17)
def is_cue(word: str) -> bool:
    """Whether a surname in small letters, or one that is an ordinary word, may follow."""
    return not _CUES.isdisjoint(groups(word))


@lru_cache(maxsize=1 << 16)
def may_follow_cue(word: str) -> bool:
    """Whether a title or the like may make a name of it: with a capital, or listed as a name."""
    if word[0].isupper() or is_listed(word) or _NEN.search(word) is not None:
        return True
    return len(word) >= _LEAST_STRANGE and describe(word).is_unknown and not groups(word)


@lru_cache(maxsize=1 << 17)
def is_stray(word: str) -> bool:
    """Whether a word in small letters may be a name that no list holds."""
    if not word.islower() or not LEAST_STRAY <= len(word) <= _MOST_STRAY:
        return False
    if groups(word) or is_common(word):
        return False
    found = describe(word)
    return found.first >= CAPITAL or (found.is_unknown and name_likeness(word) > _LEAST_LIKE)


@lru_cache(maxsize=1 << 17)
def is_telling(word: str) -> bool:
    """Whether an unknown word beside it may be a person."""
    return not _TELLING.isdisjoint(groups(word))


@lru_cache(maxsize=1 << 16)
def is_strange(word: str) -> bool:
    """Whether an unknown word with a capital may be a name for its place inside a sentence."""
    return len(word) >= LEAST_LETTERS and likeness_class(word) != "unlike"
