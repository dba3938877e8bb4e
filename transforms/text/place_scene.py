"""A word that may name a place, and what stands around it in its sentence. What follows from that
belongs to place_context.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from transforms.text.gazetteer import Gazetteer, Place

_NEAR = 4
_SENTENCE_END = re.compile(r"[.!?:\n\u2026]")
_BREAK = re.compile(r"[^\s\"'\u201d\u2019-]")
_LOCAL_ENDINGS = ("ssa", "sta", "lla", "lta", "lle")
_ENDING = 3
_HYPHENS = frozenset("-\u2010\u2011")
_DASHES = _HYPHENS | frozenset("\u2013\u2014")
_VOWELS = frozenset("aeiouyäö")
_CLITICS = ("kin", "kaan")


class Word(NamedTuple):
    """A word of letters: offsets, folded key, lower case with dots."""

    start: int
    end: int
    key: str
    lower: str


class Words:
    """The words of a text, in order; each is made when it is asked for."""

    __slots__ = ("_keys", "_lower", "_spans")

    def __init__(self, keys: Sequence[str], spans: Sequence[tuple[int, int]], lower: str) -> None:
        """Folded keys and offsets of the words, and the whole text in lower case."""
        self._keys, self._spans, self._lower = keys, spans, lower

    def __len__(self) -> int:
        """How many words the text has."""
        return len(self._keys)

    def __getitem__(self, at: int) -> Word:
        """The word at a place from 0."""
        start, end = self._spans[at]
        return Word(start, end, self._keys[at], self._lower[start:end])


class Mention(NamedTuple):
    """Words ``first`` to ``last`` that may name a place, in one of ``cases``."""

    start: int
    end: int
    place: Place
    cases: frozenset[str]
    first: int
    last: int


class Scene:
    """A mention with what stands around it."""

    def __init__(
        self,
        mention: Mention,
        words: Words,
        text: str,
        gazetteer: Gazetteer,
        certain: frozenset[int],
    ) -> None:
        """Arguments as in ``names_place``."""
        self.mention, self.words, self.text = mention, words, text
        self.gazetteer, self.certain = gazetteer, certain
        # The words just before and behind, with nothing but a blank or a hyphen between.
        self.previous = next(iter(self.preceding(1, within=_BREAK)), None)
        self.next = next(iter(self.following(1, within=_BREAK)), None)

    def has_homonym_word(self) -> bool:
        """Whether a word of the code list's homonym_words stands near."""
        near = self.preceding(_NEAR) + self.following(_NEAR)
        return any(self.mention.place.homonym_words.has(word.key) for word in near)

    def has_neighbour(self) -> bool:
        """Whether the text names another place beyond doubt."""
        return bool(self.certain - {self.mention.place.number})

    def is_of_something(self) -> bool:
        """Whether the word before tells which: jonon kärki, kylän keskusta, vanhassa kivistössä."""
        word = self.previous
        if self.is_cue("owner", word) or self._is_agreeing(word):
            return True
        if word is None or not ends_like_genitive(word):
            return False
        return not (self.is_cue("not_genitive", word) or self.is_cue("own_genitive", word))

    def _is_agreeing(self, word: Word | None) -> bool:
        """An adjective in the mention's case, before a name in small letters.

        Not before Keskusta: töissä keskustassa.
        """
        if word is None or "common" in self.mention.place.homonyms:
            return False
        if self.has_capital() or self.is_cue("here", word):
            return False
        return word.key.endswith(_LOCAL_ENDINGS) and self._ends_with(word.key[-_ENDING:])

    def _ends_with(self, ending: str) -> bool:
        return self.words[self.mention.last].key.endswith(ending)

    def is_in_a_list(self) -> bool:
        """Kärki-Pohja, Louon ja Kalakosken: beside another name, joined by a hyphen or a word."""
        for near in (self.preceding(2), self.following(2)):
            if not near:
                continue
            if self.is_name_of_place(near[0]) and self._is_dashed_to(near[0]):
                return True
            if self.is_cue("joining", near[0]) and self.is_name_of_place(near[-1]):
                return True
        return False

    def _is_dashed_to(self, word: Word) -> bool:
        first, last = sorted([(word.start, word.end), (self.mention.start, self.mention.end)])
        return self.text[first[1] : last[0]] in _DASHES

    def is_name_of_place(self, word: Word) -> bool:
        """Whether a word may be a name of one word."""
        return any(reading.n_slots == 1 for reading in self.gazetteer.read(word.key))

    def has_capital(self) -> bool:
        """Whether the mention is written with a capital."""
        return self.text[self.mention.start].isupper()

    def shouts(self) -> bool:
        """Whether the whole text is in capitals."""
        return self.text.isupper()

    def begins_sentence(self) -> bool:
        """Whether the mention is the first word of its sentence."""
        return self.begins_sentence_at(self.mention.first)

    def begins_sentence_at(self, at: int) -> bool:
        """Whether the word of that number is the first of its sentence."""
        if at <= 0:
            return True
        between = self.text[self.words[at - 1].end : self.words[at].start]
        return _SENTENCE_END.search(between) is not None

    def is_cue(self, role: str, word: Word | None) -> bool:
        """Whether a word is listed as a cue of a role."""
        return word is not None and self.gazetteer.cues[role].has(word.key)

    def preceding(self, most: int, *, within: re.Pattern[str] = _SENTENCE_END) -> list[Word]:
        """Up to ``most`` words before, nearest first, in the same sentence."""
        found: list[Word] = []
        behind = self.mention.start
        for at in range(self.mention.first - 1, max(self.mention.first - 1 - most, -1), -1):
            word = self.words[at]
            if within.search(self.text, word.end, behind):
                break
            found.append(word)
            behind = word.start
        return found

    def following(self, most: int, *, within: re.Pattern[str] = _SENTENCE_END) -> list[Word]:
        """Up to ``most`` words behind, nearest first, in the same sentence."""
        found: list[Word] = []
        before = self.mention.end
        last = self.mention.last
        for at in range(last + 1, min(last + 1 + most, len(self.words))):
            word = self.words[at]
            if within.search(self.text, before, word.start):
                break
            found.append(word)
            before = word.end
        return found

    def hyphened(self, step: int) -> Word | None:
        """The word that a hyphen joins to the mention, before (-1) or behind (1)."""
        at = self.mention.first - 1 if step < 0 else self.mention.last + 1
        if not 0 <= at < len(self.words):
            return None
        word = self.words[at]
        between = (word.end, self.mention.start) if step < 0 else (self.mention.end, word.start)
        return word if self.text[slice(*between)] in _HYPHENS else None


def has_hyphen(mention: Mention, text: str) -> bool:
    """Whether a hyphen touches the mention."""
    return text[mention.start - 1 : mention.start] in _HYPHENS or (
        text[mention.end : mention.end + 1] in _HYPHENS
    )


def ends_like_genitive(word: Word) -> bool:
    """A single vowel and n: not an illative (keskustaan) and not an enclitic (kirjakin)."""
    lower = word.lower
    if len(lower) < _ENDING or lower[-1] != "n" or lower[-2] not in _VOWELS:
        return False
    # Kirjaan is an illative, as is jokaiseen; laitteen is a genitive.
    is_illative = lower[-3] == lower[-2] and (lower[-2] != "e" or lower.endswith("seen"))
    return not is_illative and not word.key.endswith(_CLITICS)
