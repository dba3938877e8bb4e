"""Names of persons in running text: candidates weighed by what stands about them.

Belongs here: the weighing, and the cheap look at a column of texts. Candidates and their features
are ``name_candidates``; the weights are learnt by ``name_training`` and carried as a table.
Method: ``docs/methods/masking.md``.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from math import fsum

import polars as pl

from data_contracts.person_names import read_name_weights
from transforms.privacy.name_candidates import (
    INSIDE,
    LEAST_LETTERS,
    Candidate,
    Tokens,
    find_candidates,
    is_cue,
    is_telling,
    may_follow_cue,
)
from transforms.privacy.name_features import features_of
from transforms.privacy.name_words import WORD, describe, small_names
from transforms.privacy.spans import PersonalData, Span

#: A candidate is masked from this log-odds on (0.32): a name left costs more than a word.
LEAST_SCORE = -0.75
#: Letters at the beginning by which a name is known again in another case.
_SAME_LETTERS = 4
#: Kinds of words for the look at a column, as bits.
_NAME, _UNKNOWN, _TELLING, _CUE, _CUED, _STRANGE = 1, 2, 4, 8, 16, 32


@cache
def _weights() -> Mapping[str, float]:
    return read_name_weights()


def find_persons(text: str) -> Iterator[Span]:
    """Names of persons in order; a word that hangs on a name (*Kaisa-ope*) stays readable."""
    tokens = Tokens(text)
    weights = _weights()
    persons: list[Candidate] = []
    for found in find_candidates(text, tokens):
        score = fsum(weights.get(feature, 0.0) for feature in features_of(text, tokens, found))
        if score >= LEAST_SCORE:
            persons.append(found)
    if persons:
        persons += _again(tokens, persons)
    for found in sorted(persons):
        yield _span(tokens, found)


def _again(tokens: Tokens, persons: list[Candidate]) -> list[Candidate]:
    """Words with a capital that begin like a word of somebody found in the same text."""
    known = {
        tokens.texts[place][:_SAME_LETTERS].lower()
        for found in persons
        for place in range(found.first, found.last + 1)
        if len(tokens.texts[place]) >= _SAME_LETTERS - 1
    }
    taken = {place for found in persons for place in range(found.first, found.last + 1)}
    return [
        Candidate(place, place)
        for place in tokens.hot
        if place not in taken
        and tokens.texts[place][0].isupper()
        and tokens.texts[place][:_SAME_LETTERS].lower() in known
        and (tokens.words[place].level or tokens.words[place].is_unknown)
        and not tokens.words[place].is_place
    ]


def _span(tokens: Tokens, found: Candidate) -> Span:
    first, last = tokens[found.first], tokens[found.last]
    end = last.end - len(last.word.suffix) - 1 if last.word.suffix else last.end
    return Span(first.start, end, PersonalData.NAME)


def may_hold_person(texts: pl.Series) -> pl.Series:
    """Which of ``texts`` hold a word that may be a name; true wherever ``find_persons`` finds one.

    Each distinct word is looked at once; unknown words and words behind a title count only beside
    what makes a name of them.
    """
    words = (
        pl.DataFrame({"text": texts})
        .with_row_index("row")
        .with_columns(is_inside=pl.col("text").str.contains(INSIDE.pattern))
        .select("row", "is_inside", word=pl.col("text").str.extract_all(WORD))
        .explode("word")
        .drop_nulls("word")
    )
    distinct = words.get_column("word").unique()
    kinds = pl.DataFrame(
        {"word": distinct, "kind": [_kind(word) for word in distinct.to_list()]},
        schema={"word": pl.String, "kind": pl.UInt8},
    ).filter(pl.col("kind") > 0)
    marked = words.with_columns(
        kind=pl.col("word").replace_strict(
            kinds["word"], kinds["kind"], default=0, return_dtype=pl.UInt8
        )
    )
    beside = pl.max_horizontal(_beside(1), _beside(-1))
    rows = marked.filter(
        (pl.col("kind") & _NAME > 0)
        | ((pl.col("kind") & _STRANGE > 0) & pl.col("is_inside"))
        | ((pl.col("kind") & _UNKNOWN > 0) & (beside & (_UNKNOWN | _TELLING) > 0))
        | ((pl.col("kind") & _CUED > 0) & (_beside(1) & _CUE > 0))
    )
    held = rows.get_column("row").unique()
    return pl.int_range(texts.len(), dtype=pl.UInt32, eager=True).is_in(held.implode())


def _beside(steps: int) -> pl.Expr:
    """The kind of the word before (1) or behind (-1); that of another text does no harm."""
    return pl.col("kind").shift(steps, fill_value=0)


@lru_cache(maxsize=1 << 17)
def _kind(word: str) -> int:
    """What a word is for the look at a column, as bits."""
    kind = (_TELLING if is_telling(word) else 0) | (_CUE if is_cue(word) else 0)
    kind |= _CUED if may_follow_cue(word) else 0
    if not word[0].isupper():
        return kind | (_NAME if word in small_names() else 0)
    found = describe(word)
    if found.first or found.last:
        return kind | _NAME
    if len(word) == 1:
        return kind | _TELLING | _UNKNOWN
    if not found.is_unknown:
        return kind
    return kind | _UNKNOWN | (_STRANGE if len(word) >= LEAST_LETTERS else 0)
