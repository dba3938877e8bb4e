"""Where in a text a person's name may stand.

Belongs here: runs of words that may be one name. What speaks for and against them is
``name_features``, which of them are names ``persons``; what a word may be by itself ``name_words``.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from transforms.privacy.name_words import (
    CAPITAL,
    FIRM,
    WORD,
    Word,
    describe,
    groups,
    is_listed,
    small_names,
)

_WORD = re.compile(WORD)
_NOTHING = Word(0, 0, is_place=False, is_unknown=False)
_PARTICLES = frozenset({"von", "af", "de", "van", "al", "bin", "el", "da", "dos", "la", "ben"})
_MOST_WORDS = 5
LEAST_LETTERS = 3  # of an ordinary word that is a surname behind a first name
_ADDRESS_SIGNS = frozenset("@_\\#&=+0123456789")
_BEHIND = frozenset("@_\\#=0123456789")
_TELLING = frozenset(
    {"title", "honorific", "kin", "thanks", "greeting", "closing", "name_cue", "being", "call",
     "hedge", "person_verb", "named", "family", "beside_person", "and", "person_suffix"}
)  # fmt: skip
#: Groups of words after which a name in small letters or an ordinary word may be a surname.
_CUES = frozenset({"title", "honorific", "name_cue", "kin"})
_SURNAME = re.compile(
    r"...(?<!väli)(?<!nimi)(?<!näköi)(?<!kokoi)(?<!ikäi)(?<!laise)(?<!lai)(?<!läi)(?<!tapai)nen$"
)
_NEN = re.compile(r"..(?:nen|sen|selle|sell[aä]|selt[aä]|sess[aä]|sest[aä])$")
#: Cases in which places stand where something is or goes.
LOCAL_CASE = re.compile(r"(?:ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|aan|oon|een|iin|uun|ään|öön)$")
_LEAST_STRANGE = 5  # letters of an unknown word in small letters behind a title
#: A word with a capital inside a sentence, the same for Python and Polars.
INSIDE = re.compile("[a-zåäö,] [A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u024f\u1e00-\u1eff]")
_MEANT, _LEADS = 1, 2
_SHORT_TITLE = 4  # letters of a title that ends in a stop: *dr.*


class Token(NamedTuple):
    """A word of a text: where it stands, as written, and what it may be."""

    start: int
    end: int
    text: str
    word: Word


class Tokens(Sequence[Token]):
    """The words of a text; a ``Token`` is made only of a word that is asked for."""

    __slots__ = ("hot", "made", "places", "texts", "words")

    def __init__(self, text: str) -> None:
        self.places = [match.span() for match in _WORD.finditer(text)]
        self.texts = [text[start:end] for start, end in self.places]
        #: Words that are looked at closely, by place; all others are no part of a name.
        self.words: dict[int, Word] = {}
        #: Places where a name may begin.
        self.hot: list[int] = []
        self.made: dict[int, Token] = {}
        is_cued = False
        for place, written in enumerate(self.texts):
            look = _look(written)
            if not look and not is_cued:
                continue
            is_upper = written[0].isupper()
            is_cued = is_cued and may_follow_cue(written) and _is_behind(text, self.places, place)
            is_meant = is_cued or look & _MEANT
            if is_meant and _stands_free(text, *self.places[place], is_upper=is_upper):
                word = describe(written)
                self.words[place] = word
                if is_cued or word.first or word.last or word.is_unknown or len(written) == 1:
                    self.hot.append(place)
            is_cued = look & _LEADS > 0

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: int) -> Token:  # type: ignore[override]
        token = self.made.get(place)
        if token is None:
            word = self.words.get(place, _NOTHING)
            token = self.made[place] = Token(*self.places[place], self.texts[place], word)
        return token


class Candidate(NamedTuple):
    """Words ``first`` to ``last`` (included) of a text that may be one person's name."""

    first: int
    last: int


@lru_cache(maxsize=1 << 17)
def _look(word: str) -> int:
    """Whether a word may be a name by itself, and whether one may follow, as bits."""
    is_meant = word[0].isupper() or word in small_names()
    return (_MEANT if is_meant else 0) | (_LEADS if is_cue(word) else 0)


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


def _is_behind(text: str, places: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether nothing but a blank or a comma stands between a word and the one before."""
    start, end = places[place - 1]
    between = text[end : places[place][0]].strip("\"':\u201d")
    return between in (" ", ", ", "") or (between == ". " and end - start <= _SHORT_TITLE)


def _stands_free(text: str, start: int, end: int, *, is_upper: bool) -> bool:
    """Whether it is a word of a sentence and not a part of an address or a code."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before == "/":
        return is_upper
    return before not in _ADDRESS_SIGNS and after not in _BEHIND


def find_candidates(text: str, tokens: Tokens) -> Iterator[Candidate]:
    """Runs of words that may be one person's name, in order, without overlaps."""
    free = 0
    for place in tokens.hot:
        if place < free or not _may_begin(text, tokens, place):
            continue
        last = place
        while (
            last + 1 < len(tokens)
            and last - place < _MOST_WORDS
            and _is_joined(text, tokens, last)
            and _may_follow(tokens, last + 1)
        ):
            last += 1
        while last > place and tokens.texts[last] in _PARTICLES:
            last -= 1
        free = last + 1
        if last > place or _is_worth_a_look(text, tokens, place):
            yield from _split(tokens, place, last)


def _is_worth_a_look(text: str, tokens: Tokens, place: int) -> bool:
    """A word that nobody knows is looked at inside a sentence or beside what speaks of persons."""
    if not tokens[place].word.is_unknown or tokens[place].word.level:
        return True
    if _is_inside(text, tokens, place):
        return True
    beside = (tokens.texts[n] for n in (place - 1, place + 1) if 0 <= n < len(tokens))
    return any(is_telling(word) for word in beside)


def _is_inside(text: str, tokens: Tokens, place: int) -> bool:
    start, end = tokens.places[place]
    return end - start >= LEAST_LETTERS and INSIDE.match(text, max(0, start - 2)) is not None


@lru_cache(maxsize=1 << 17)
def is_telling(word: str) -> bool:
    """Whether an unknown word beside it may be a person."""
    return not _TELLING.isdisjoint(groups(word))


def _is_name_like(token: Token) -> bool:
    word = token.word
    return bool(word.first or word.last or word.is_unknown)


def is_initial(token: Token) -> bool:
    """Whether it is one capital letter: *J.* of *J. Virtanen*."""
    return len(token.text) == 1 and token.text.isupper()


def _may_begin(text: str, tokens: Tokens, place: int) -> bool:
    token = tokens[place]
    if is_initial(token):
        return (
            place + 1 < len(tokens)
            and text[token.end : tokens[place + 1].start] in (". ", ".", " ")
            and tokens[place + 1].text[0].isupper()
            and _is_name_like(tokens[place + 1])
        )
    is_cued = place > 0 and is_cue(tokens[place - 1].text)
    if not _is_name_like(token):
        is_capital = token.text[0].isupper() and not token.text.isupper()
        is_elsewhere = token.word.is_place and LOCAL_CASE.search(token.text)
        return is_cued and is_capital and not is_elsewhere and not groups(token.text)
    if token.text[0].islower() and token.word.level < FIRM:
        if is_cued and (token.word.last or token.word.first >= CAPITAL):
            return True
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        return bool(token.word.first and after and after.word.last >= CAPITAL)
    return not (token.word.level < CAPITAL and groups(token.text))


def _may_follow(tokens: Tokens, place: int) -> bool:
    token, before = tokens[place], tokens[place - 1]
    if is_initial(token) or token.text in _PARTICLES:
        return True
    if token.text[0].islower():
        is_sure = before.word.first >= CAPITAL
        if is_sure and _SURNAME.search(token.text):
            return True
        return token.word.level >= CAPITAL or (bool(token.word.last) and is_sure)
    if _is_name_like(token):
        return not (token.word.level < FIRM and _is_company(token))
    is_elsewhere = token.word.is_other or (token.word.is_place and LOCAL_CASE.search(token.text))
    is_bare = not is_elsewhere and not groups(token.text) and len(token.text) >= LEAST_LETTERS
    is_begun = before.word.first or before.word.is_unknown or before.text in _PARTICLES
    if token.word.is_place and before.word.first < CAPITAL:
        return False
    return is_bare and bool(is_begun or is_initial(before))


def _is_company(token: Token) -> bool:
    return not {"company", "place_word"}.isdisjoint(groups(token.text))


def _is_joined(text: str, tokens: Tokens, place: int) -> bool:
    between = text[tokens[place].end : tokens[place + 1].start]
    if between in (" ", "\u00a0"):
        return not tokens[place].word.suffix
    here, after = tokens[place].word, tokens[place + 1].word
    if between == ", " and here.last and not here.first and not here.is_place:
        return after.first == FIRM and not after.last
    return between in (". ", ".") and is_initial(tokens[place])


def _split(tokens: Tokens, first: int, last: int) -> Iterator[Candidate]:
    """One run as one candidate, or two where a first name follows a whole name."""
    begin = first
    for place, after in pairwise(range(first, last + 1)):
        here, then = tokens[place].word, tokens[after].word
        is_whole = place > begin and here.last and not here.first
        if is_whole and then.first >= CAPITAL and not then.last:
            yield Candidate(begin, place)
            begin = after
    yield Candidate(begin, last)
