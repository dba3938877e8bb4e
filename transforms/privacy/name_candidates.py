"""Where in a text a person's name may stand.

Belongs here: runs of words that may be one name. What speaks for and against them is
``name_features``, which of them are names ``persons``; what a word may be by itself ``name_words``.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from transforms.privacy.name_acts import acts
from transforms.privacy.name_groups import groups
from transforms.privacy.name_looks import (
    ACTS,
    LEADS,
    LEAST_LETTERS,
    LOOKS,
    MEANT,
    is_strange,
    is_stray,
    is_telling,
)
from transforms.privacy.name_tokens import Token, Tokens
from transforms.privacy.name_words import (
    CAPITAL,
    FIRM,
    HOMONYM,
    LETTERS,
    WORD,
    is_rare,
    person_of_verb,
)

_PARTICLES = frozenset({"von", "af", "de", "van", "al", "bin", "el", "da", "dos", "la", "ben"})
_MOST_WORDS = 5
_SURNAME = re.compile(
    r"...(?<!väli)(?<!nimi)(?<!näköi)(?<!kokoi)(?<!ikäi)(?<!laise)(?<!lai)(?<!läi)(?<!tapai)nen$"
)
#: Cases in which places stand where something is or goes.
LOCAL_CASE = re.compile(r"(?:ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|aan|oon|een|iin|uun|ään|öön)$")
_JOINTS = frozenset({" ", "\u00a0", ", ", ". ", "."})
#: A word that tells where something is does not go on as a name: *Lauttaniemestä Salmelaan*.
_ELSEWHERE = re.compile(r"[a-zåäö]{3}(?:ss[aä]|st[aä]|aan|oon|een|iin|uun|ään|öön|yyn)$")
_OUTER_CASE = re.compile(r"(?:lle|lt[aä])$")
_IDLE = frozenset({"thing"})
#: A word with a capital inside a sentence, the same for Python and Polars.
_CAPITAL = "[A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u024f\u1e00-\u1eff]"
INSIDE = re.compile(f"[a-zåäö,] {_CAPITAL}")
INSIDE_WORD = f"[a-zåäö,] {_CAPITAL}{WORD}"
_BEFORE_INITIAL = re.compile(rf"[{LETTERS})],? $")


class Candidate(NamedTuple):
    """Words ``first`` to ``last`` (included) of a text that may be one person's name."""

    first: int
    last: int


def find_candidates(text: str, tokens: Tokens) -> Iterator[Candidate]:
    """Runs of words that may be one person's name, in order, without overlaps."""
    free = 0
    for place in tokens.hot:
        if place < free or not _may_begin(text, tokens, place):
            continue
        last = place
        while (
            last + 1 < len(tokens.texts)
            and last - place < _MOST_WORDS
            and not _ends_run(tokens, last + 1)
            and _is_joined(text, tokens, last)
            and _may_follow(tokens, last + 1)
        ):
            last += 1
        while last > place and tokens.texts[last] in _PARTICLES:
            last -= 1
        free = last + 1
        if last > place or _is_worth_a_look(text, tokens, place):
            yield from _split(tokens, place, last)


def _ends_run(tokens: Tokens, place: int) -> bool:
    """Whether a word in small letters that nothing is known of cannot be part of a name."""
    written = tokens.texts[place]
    if place in tokens.words or not written.islower():
        return False
    return not written.endswith("nen") and written not in _PARTICLES


def _is_worth_a_look(text: str, tokens: Tokens, place: int) -> bool:
    """A word that nobody knows is looked at inside a sentence or beside what speaks of persons."""
    word = tokens.words[place]
    if word.level > HOMONYM or not (word.level or word.is_unknown) or place in tokens.strays:
        return True
    is_inside = _is_inside(text, tokens, place)
    if word.is_unknown and is_inside and is_strange(tokens.texts[place]):
        return True
    if word.level and is_inside and not word.is_other:
        return True
    if any(is_telling(word) for word in tokens.texts[max(0, place - 1) : place]):
        return True
    behind = tokens.texts[place + 1 : place + 2]
    if not word.level:
        return bool(behind) and is_telling(behind[0])
    return is_rare(tokens.texts[place]) or not _is_idle(text, tokens, place)


def _is_idle(text: str, tokens: Tokens, place: int) -> bool:
    """Whether nothing that speaks of a person follows an ordinary word or place: *Lumi maassa*."""
    end = tokens.places[place][1]
    if place + 1 == len(tokens) or text[end : end + 1] != " ":
        return False
    if place > 1 and is_telling(tokens.texts[place - 2]):
        return False
    behind, written = tokens.texts[place + 1], tokens.texts[place]
    if behind[0].isupper() or is_telling(behind) or _OUTER_CASE.search(written):
        return False
    return not person_of_verb(behind) and acts(behind) <= _IDLE


def _is_inside(text: str, tokens: Tokens, place: int) -> bool:
    start, end = tokens.places[place]
    return end - start >= LEAST_LETTERS and INSIDE.match(text, max(0, start - 2)) is not None


def _is_name_like(token: Token) -> bool:
    word = token.word
    return bool(word.first or word.last or word.is_unknown)


def is_initial(token: Token) -> bool:
    """Whether it is one capital letter: *J.* of *J. Virtanen*."""
    return len(token.text) == 1 and token.text.isupper()


def _may_begin(text: str, tokens: Tokens, place: int) -> bool:
    token = tokens[place]
    if is_initial(token):
        return _begins_with_initial(text, tokens, place)
    if place in tokens.strays:
        return True
    is_cued = place > 0 and tokens.looks[place - 1] & LEADS > 0
    if not _is_name_like(token):
        is_capital = token.text[0].isupper() and not token.text.isupper()
        is_elsewhere = token.word.is_place and LOCAL_CASE.search(token.text)
        return is_cued and is_capital and not is_elsewhere and not groups(token.text)
    if token.text[0].islower() and token.word.level < FIRM:
        return _may_begin_small(tokens, place, is_cued=is_cued)
    if token.word.level < CAPITAL and groups(token.text):
        is_known = is_cued or _acts(text, tokens, place) or _is_inside(text, tokens, place)
        return bool(token.word.last) and is_known
    return True


def _may_begin_small(tokens: Tokens, place: int, *, is_cued: bool) -> bool:
    """A name in small letters that is a word too: behind a title, or with its surname."""
    word = tokens.words[place]
    if tokens.looks[place] & MEANT and word.level >= CAPITAL:
        return True
    if is_cued:
        is_name = word.last > 0 or word.first >= CAPITAL
        return is_name or is_stray(tokens.texts[place])
    after = tokens.words.get(place + 1)
    return word.first > 0 and after is not None and after.last >= CAPITAL


def _acts(text: str, tokens: Tokens, place: int) -> bool:
    """Whether the next word tells what a person does: *Joki asuu*."""
    after = place + 1
    if after == len(tokens) or text[tokens.places[place][1] : tokens.places[after][0]] != " ":
        return False
    return LOOKS[tokens.texts[after]] & ACTS > 0


def _begins_with_initial(text: str, tokens: Tokens, place: int) -> bool:
    """*J. Virtanen*; inside a sentence *J. Juurakko* too, though it is an ordinary word."""
    if place + 1 == len(tokens) or not tokens.texts[place + 1][0].isupper():
        return False
    between = text[tokens.places[place][1] : tokens.places[place + 1][0]]
    if between not in (". ", ".", " "):
        return False
    if _is_name_like(tokens[place + 1]):
        return True
    is_inside = _BEFORE_INITIAL.search(text, 0, tokens.places[place][0]) is not None
    return between == ". " and is_inside and not groups(tokens.texts[place + 1])


def _may_follow(tokens: Tokens, place: int) -> bool:
    token, before = tokens[place], tokens[place - 1]
    if before.word.first < CAPITAL and _ELSEWHERE.search(before.text):
        return token.word.first >= CAPITAL and token.text[0].isupper()
    if before.word.is_other and not before.word.first and token.word.first < CAPITAL:
        return False  # *Tampereella Rauhaniemi*
    if is_initial(token) or token.text in _PARTICLES:
        return True
    if token.text[0].islower():
        is_sure = before.word.first >= CAPITAL
        is_surname = token.word.last > 0 or _SURNAME.search(token.text) is not None
        return token.word.level >= CAPITAL or (is_sure and is_surname)
    if _is_name_like(token):
        return not (token.word.level < FIRM and _is_company(token))
    return _may_be_surname(token, before)


def _may_be_surname(token: Token, before: Token) -> bool:
    """Whether an ordinary word with a capital may be the surname behind a first name."""
    if len(token.text) < LEAST_LETTERS or token.word.is_other or groups(token.text):
        return False
    if before.word.first >= CAPITAL:
        return not (token.word.is_place and LOCAL_CASE.search(token.text))
    if is_initial(before):
        return not token.word.is_place
    is_begun = before.word.first or before.word.is_unknown or before.text in _PARTICLES
    return bool(is_begun) and not (token.word.is_place or token.text.isupper())


def _is_company(token: Token) -> bool:
    return not {"company", "place_word"}.isdisjoint(groups(token.text))


def _is_joined(text: str, tokens: Tokens, place: int) -> bool:
    between = text[tokens.places[place][1] : tokens.places[place + 1][0]]
    if between not in _JOINTS:
        return False
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
