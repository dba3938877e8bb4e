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
from transforms.privacy.name_candidates import INSIDE_WORD, Candidate, find_candidates
from transforms.privacy.name_features import features_of
from transforms.privacy.name_groups import groups
from transforms.privacy.name_looks import (
    ACTS,
    GREETS,
    HOT,
    LEADS,
    LEAST_STRAY,
    LOOKS,
    is_strange,
    is_stray,
    is_telling,
    may_follow_cue,
)
from transforms.privacy.name_tokens import Tokens
from transforms.privacy.name_words import CAPITAL, WORD, describe
from transforms.privacy.spans import PersonalData, Span

#: A candidate is masked from this log-odds on (0.27): a name left costs more than a word.
LEAST_SCORE = -1.0
#: The same where a capital tells little: an ordinary word that begins a sentence, and a word that
#: nobody knows inside one, which is as often a place, a product or a slip.
LEAST_OF_DOUBTFUL = -0.5
_DOUBTFUL = frozenset({"one:f|start", "one:l|start", "one:U|mid"})
#: Letters at the beginning by which a name is known again in another case.
_SAME_LETTERS = 4
#: Kinds of words for the look at a column, as bits.
_NAME, _UNKNOWN, _BEGINS, _TELLING, _CUE, _CUED, _STRANGE, _DEED, _GREETING, _CAPITAL = (
    1 << n for n in range(10)
)


@cache
def _weights() -> Mapping[str, float]:
    return read_name_weights()


def find_persons(text: str) -> Iterator[Span]:
    """Names of persons in order; a word that hangs on a name (*Kaisa-ope*) stays readable."""
    tokens = Tokens(text)
    if not tokens.hot:
        return
    weights = _weights()
    persons: list[Candidate] = []
    for found in find_candidates(text, tokens):
        features = features_of(text, tokens, found)
        least = LEAST_OF_DOUBTFUL if features[0] in _DOUBTFUL else LEAST_SCORE
        if fsum(weights.get(name, 0.0) for name in features) >= least:
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
    marked = _with_kinds(_matches(texts, WORD))
    inside = _matches(texts, INSIDE_WORD).with_columns(pl.col("word").str.slice(2))
    inside = _with_kinds(inside).filter(pl.col("kind") & _STRANGE > 0)
    beside = _beside(1) | _beside(-1)
    rows = marked.filter(
        (pl.col("kind") & _NAME > 0)
        | ((pl.col("kind") & _BEGINS > 0) & (beside & (_UNKNOWN | _TELLING) > 0))
        | ((pl.col("kind") & _CUED > 0) & (_beside(1) & _CUE > 0))
        | ((pl.col("kind") & _STRANGE > 0) & (_beside(1) & _CAPITAL > 0))
    )
    held = pl.concat([frame["row"] for frame in (rows, inside, _strays(marked))]).unique()
    return pl.int_range(texts.len(), dtype=pl.UInt32, eager=True).is_in(held.implode())


def _matches(texts: pl.Series, pattern: str) -> pl.DataFrame:
    """One row per match: the text's ``row`` and the match as ``word``."""
    frame = pl.DataFrame({"text": texts}).with_row_index("row")
    found = frame.select("row", word=pl.col("text").str.extract_all(pattern))
    return found.explode("word").drop_nulls("word")


def _with_kinds(words: pl.DataFrame) -> pl.DataFrame:
    """Words with their ``kind``; each distinct word is looked at once."""
    distinct = words.get_column("word").unique()
    kinds = pl.DataFrame(
        {"word": distinct, "kind": [_kind(word) for word in distinct.to_list()]},
        schema={"word": pl.String, "kind": pl.UInt16},
    ).filter(pl.col("kind") > 0)
    kind = pl.col("word").replace_strict(
        kinds["word"], kinds["kind"], default=0, return_dtype=pl.UInt16
    )
    return words.with_columns(kind=kind)


def _strays(marked: pl.DataFrame) -> pl.DataFrame:
    """Rows with an unknown word in small letters beside a deed or a greeting."""
    beside = marked.filter(
        (_beside(-1) & _DEED > 0) | (_beside(1) & _GREETING > 0),
        pl.col("word").str.len_chars() >= LEAST_STRAY,
    )
    distinct = beside.get_column("word").unique().to_list()
    strays = [word for word in distinct if is_stray(word)]
    return beside.filter(pl.col("word").is_in(strays))


def _beside(steps: int) -> pl.Expr:
    """The kind of the word before (1) or behind (-1); that of another text does no harm."""
    return pl.col("kind").shift(steps, fill_value=0)


@lru_cache(maxsize=1 << 17)
def _kind(word: str) -> int:
    """What a word is for the look at a column, as bits."""
    look = LOOKS[word]
    kind = (_TELLING if is_telling(word) else 0) | (_CUE if look & LEADS else 0)
    kind |= _CUED if may_follow_cue(word) else 0
    kind |= (_DEED if look & ACTS else 0) | (_GREETING if look & GREETS else 0)
    if not word[0].isupper():
        return kind | (_NAME if look & HOT else 0)
    kind |= _CAPITAL
    found, has_groups = describe(word), bool(groups(word))
    if found.level and (found.last or found.level >= CAPITAL or not has_groups):
        return kind | _NAME
    if len(word) == 1:
        return kind | _TELLING | _UNKNOWN | _BEGINS
    if not found.is_unknown:
        return kind
    kind |= _UNKNOWN | (0 if has_groups else _BEGINS)
    return kind | (_STRANGE if is_strange(word) and not has_groups else 0)
