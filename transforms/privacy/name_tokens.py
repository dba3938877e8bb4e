"""The words of a text as the search of names sees them.

Belongs here: which words are looked at closely, and where a name may begin. What a distinct word is
by itself belongs to ``name_looks`` and ``name_words``; runs of words to ``name_candidates``.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from transforms.privacy.name_groups import groups
from transforms.privacy.name_looks import (
    ACTS,
    GREETS,
    HOT,
    LEADS,
    LOOKS,
    MEANT,
    is_stray,
    may_follow_cue,
)
from transforms.privacy.name_words import CAPITAL, NOTHING, WORD, Word, describe

_WORD = re.compile(WORD)
_ADDRESS_SIGNS = frozenset("@_\\#&=+0123456789")
_BEHIND = frozenset("@_\\#=0123456789")
_AND = frozenset({"ja", "och", "and", "sekä", "tai"})
_SHORT_TITLE = 4  # letters of a title that ends in a stop: *dr.*
_MARKED = MEANT | LEADS | ACTS | GREETS


class Token(NamedTuple):
    """A word of a text: where it stands, as written, and what it may be."""

    start: int
    end: int
    text: str
    word: Word


class Tokens(Sequence[Token]):
    """The words of a text; a ``Token`` is made only of a word that is asked for.

    Attributes:
        texts: The words as written, and ``looks`` their bits.
        places: Where each starts and ends.
        words: What a word may be, of those that are looked at closely; no other is part of a name.
        hot: Places where a name may begin, in order.
        strays: Those of them where an unknown word in small letters stands.
        language: That of most small words, once somebody has asked for it.
    """

    __slots__ = ("hot", "language", "looks", "made", "places", "strays", "text", "texts", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.texts: list[str] = _WORD.findall(text)
        self.looks = list(map(LOOKS.__getitem__, self.texts))
        self.words: dict[int, Word] = {}
        self.hot: list[int] = []
        self.strays: set[int] = set()
        self.made: dict[int, Token] = {}
        self.language: str | None = None
        self.places: list[tuple[int, int]] = []
        marked = [place for place, look in enumerate(self.looks) if look & _MARKED]
        if marked:
            self.places = [match.span() for match in _WORD.finditer(text)]
            self._look_closely(marked)

    def _look_closely(self, marked: Sequence[int]) -> None:
        looks, strays = self.looks, list[int]()
        for place in marked:
            look = looks[place]
            if look & MEANT and not (place and looks[place - 1] & LEADS):
                self._meet(place)
            if look & LEADS and place + 1 < len(looks):
                self._meet_behind_cue(place + 1)
            if look & ACTS and place and self._gap(place) == " " and self._is_stray(place - 1):
                strays.append(place - 1)
            if look & GREETS and place + 1 < len(looks) and self._is_stray(place + 1):
                strays += [place + 1] if self._gap(place + 1) in (" ", ", ") else []
        if strays or self.hot:
            self._join_strays(strays)

    def _meet(self, place: int) -> None:
        """Remember a word that may be a name by itself."""
        if self._stands_free(place):
            self.words[place] = word = describe(self.texts[place])
            if self.looks[place] & HOT or self._has_surname_behind(place, word):
                self.hot.append(place)

    def _meet_behind_cue(self, place: int) -> None:
        """Remember a word that may be a name by the title or the like before it."""
        if not (may_follow_cue(self.texts[place]) and self._is_behind(place)):
            if self.looks[place] & MEANT:
                self._meet(place)
        elif self._stands_free(place):
            self.words[place] = describe(self.texts[place])
            self.hot.append(place)

    def _has_surname_behind(self, place: int, word: Word) -> bool:
        """In small letters a first name that is a word too is one before a surname."""
        behind = self.looks[place + 1 : place + 2]
        return word.first > 0 and bool(behind) and behind[0] & MEANT > 0

    def _join_strays(self, strays: list[int]) -> None:
        """Add unknown words in small letters: *maisa sanoo*; and those joined to a name."""
        beside = [place for place in self.hot if self.words[place].first >= CAPITAL] + strays
        while beside:
            more = [place for place in self._beside(beside.pop()) if place not in strays]
            strays += more
            beside += more
        if strays:
            self.strays.update(strays)
            self.words.update((place, describe(self.texts[place])) for place in strays)
            self.hot = sorted({*self.hot, *strays})

    def _beside(self, place: int) -> Iterator[int]:
        """Words joined to a name by a comma or an *and*."""
        for step in (-1, 1):
            other, between = place + step, max(place, place + step)
            if not 0 <= other < len(self.texts):
                continue
            gap = self._gap(between)
            if gap == " " and self.texts[other] in _AND:
                other += step
            elif gap != ", ":
                continue
            if 0 <= other < len(self.texts) and self._may_be_listed(other):
                yield other

    def _may_be_listed(self, place: int) -> bool:
        """Whether it may stand in an enumeration of names: a stray, or a name that is a word."""
        written = self.texts[place]
        if place in self.words or not written.islower() or groups(written):
            return False
        return self._is_stray(place) or describe(written).first > 0

    def _is_stray(self, place: int) -> bool:
        is_new = place not in self.words
        return is_new and is_stray(self.texts[place]) and self._stands_free(place)

    def _is_behind(self, place: int) -> bool:
        """Whether nothing but a blank or a comma stands between a word and the one before."""
        start, end = self.places[place - 1]
        between = self._gap(place).strip("\"':\u201d")
        return between in (" ", ", ", "") or (between == ". " and end - start <= _SHORT_TITLE)

    def _stands_free(self, place: int) -> bool:
        """Whether it is a word of a sentence and not a part of an address or a code."""
        start, end = self.places[place]
        before = self.text[start - 1] if start else " "
        after = self.text[end] if end < len(self.text) else " "
        if before == "/":
            return self.texts[place][0].isupper()
        return before not in _ADDRESS_SIGNS and after not in _BEHIND

    def _gap(self, place: int) -> str:
        """What stands between a word and the one before."""
        return self.text[self.places[place - 1][1] : self.places[place][0]]

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: int) -> Token:  # type: ignore[override]
        try:
            return self.made[place]
        except KeyError:
            word = self.words.get(place, NOTHING)
            token = self.made[place] = Token(*self.places[place], self.texts[place], word)
            return token
