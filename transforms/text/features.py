"""Tokens to features: word form, lemma, compound parts, word class, character n-grams.

Every feature belongs to one token, so that any linear model over them is one row of scores per
distinct token and a text is the sum of its tokens' rows. Models belong to training.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_SIZES = (2, 3, 4, 5)
_LANGUAGE_SIZES = (1, 2, 3)
_MAX_WORD = 60  # a longer run is a web address or noise: its first letters say enough
_LAST_LATIN = "\u024f"

VIEWS: Mapping[str, tuple[str, ...]] = {
    "all": ("w=", "l=", "p=", "c=", "s=", "n="),
    "lex": ("w=", "l=", "p=", "c=", "s="),
    "language": ("w=", "g=", "k="),
}


def features_of_type(token: str, lemma: str, parts: str, classes: str, *, known: str) -> list[str]:
    """Features of one token of the type table; a prefix tells the kind (``VIEWS``).

    ``w=`` form, ``l=`` lemma, ``p=`` compound part or the whole simple lemma, ``c=`` word class,
    ``s=`` symbol, ``n=`` n-gram with word borders, ``g=`` n-gram for language, ``k=`` whether
    Voikko knows the form and whether its letters are Latin.
    """
    if not token[0].isalpha():
        return [] if token[0].isnumeric() else ["w=" + token[:3], *("s=" + s for s in set(token))]
    found = ["w=" + token, "l=" + lemma]
    found += ["p=" + part for part in parts.split(";") if part]
    found += ["c=" + name for name in classes.split(";") if name]
    word = "<" + token[:_MAX_WORD] + ">"
    found += ["n=" + gram for gram in _ngrams(word, _SIZES)]
    found += ["g=" + gram for gram in _ngrams(word, _LANGUAGE_SIZES)]
    found.append("k=" + (known if token[0] <= _LAST_LATIN else "script"))
    return found


def features_of_types(types: pl.DataFrame) -> list[list[str]]:
    """Features of every row of a type table, in its order."""
    columns = types.select(
        "token",
        "lemma",
        "parts",
        "classes",
        known=pl.when("is_known").then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    return [
        features_of_type(token, lemma, parts, classes, known=known)
        for token, lemma, parts, classes, known in columns.iter_rows()
    ]


def count_features(
    features: Sequence[Sequence[str]], vocabulary: Mapping[str, int]
) -> "csr_matrix":
    """Sparse counts (n_types, n_features); features outside the vocabulary are left out."""
    from scipy.sparse import csr_matrix

    columns = [[c for f in row if (c := vocabulary.get(f)) is not None] for row in features]
    ends = np.cumsum([0] + [len(row) for row in columns])
    flat = np.fromiter(chain.from_iterable(columns), dtype=np.int32, count=int(ends[-1]))
    counts = csr_matrix(
        (np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(features), len(vocabulary))
    )
    counts.sum_duplicates()
    return counts


def count_tokens(tokens: pl.DataFrame, types: pl.Series, *, n_texts: int) -> "csr_matrix":
    """Sparse counts of shape (n_texts, n_types): how often each type occurs in each text."""
    from scipy.sparse import csr_matrix

    places = pl.DataFrame({"token": types}).with_row_index("type")
    found = tokens.join(places, on="token", how="inner", maintain_order="left")
    ones = np.ones(found.height, dtype=np.float32)
    cells = (found["row"].to_numpy(), found["type"].to_numpy())
    return csr_matrix((ones, cells), shape=(n_texts, len(types)))


def _ngrams(word: str, sizes: Sequence[int]) -> list[str]:
    return [word[i : i + size] for size in sizes for i in range(len(word) - size + 1)]
