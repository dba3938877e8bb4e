"""Tokens to features: word form, lemma, compound parts, word class, character n-grams.

Every feature belongs to one token, so that any linear model over them is one row of scores per
distinct token and a text is the sum of its tokens' rows. Models belong to training.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from transforms.text.translations import Translations, translate

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Concepts = Mapping[str, tuple[str, ...]]

_SIZES = (4,)  # 2, 3 and 5 beside it change no figure by half a point and treble the work
_LANGUAGE_SIZES = (1, 2, 3)
_MAX_WORD = 60  # a longer run is a web address or noise: its first letters say enough
_LAST_LATIN = "\u024f"


def features_of_type(
    token: str, lemma: str, parts: str, classes: str, *, known: str, concepts: Concepts
) -> list[str]:
    """Features of one token of the type table; a prefix tells the kind.

    ``w=`` form, ``l=`` lemma, ``p=`` compound part or the whole simple lemma, ``c=`` word class,
    ``s=`` symbol or band of a number, ``n=`` n-gram with word borders, ``g=`` n-gram for
    language, ``k=`` whether Voikko knows the form and whether its letters are Latin, ``x=`` what
    the lexicon says of the word, ``y=`` what it says of a part.
    """
    if token[0].isnumeric():
        return ["s=" + band_of(token)]
    if not token[0].isalpha():
        return ["w=" + token[:3], *("s=" + s for s in set(token))]
    found = ["w=" + token, "l=" + lemma]
    of_parts = [part for part in parts.split(";") if part]
    found += ["p=" + part for part in of_parts]
    found += ["c=" + name for name in classes.split(";") if name]
    word = "<" + token[:_MAX_WORD] + ">"
    found += ["n=" + gram for gram in _ngrams(word, _SIZES)]
    found += ["g=" + gram for gram in _ngrams(word, _LANGUAGE_SIZES)]
    found.append("k=" + (known if token[0] <= _LAST_LATIN else "script"))
    found += sorted({f"x={code}" for word in (token, lemma) for code in concepts.get(word, ())})
    inside = (part for part in of_parts if part != lemma)
    found += sorted({f"y={code}" for part in inside for code in concepts.get(part, ())})
    return found


def band_of(number: str) -> str:
    """What a number may be by its size: an age of a child, of the young, of the old; a year; other.

    Ages are how residents say of whom they speak ("olen 78", "poika 6 v").
    """
    if not number.isascii() or not number.isdigit():
        return "#"
    value = int(number[:6])
    bands = {"#0": 12, "#13": 29, "#30": 64, "#65": 105}
    of_age = next((band for band, last in bands.items() if value <= last), None)
    if of_age:
        return of_age
    return "#year" if value in range(1900, 2100) else "#"


def features_of_types(
    types: pl.DataFrame, concepts: Concepts, translations: Translations
) -> list[list[str]]:
    """Features of every row of a type table, in its order.

    Args:
        types: Type table.
        concepts: As ``find_concepts`` gives them.
        translations: As ``translations.find_translations`` gives them; words of which
            Voikko knows no form take over what their Finnish translation is.
    """
    columns = types.select(
        "token",
        "lemma",
        "parts",
        "classes",
        known=pl.when("is_known").then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    return [
        features_of_type(token, lemma, parts, classes, known=known, concepts=concepts)
        + (translate(token, translations) if known == "no" and not classes else [])
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


def find_concepts(terms: pl.DataFrame, types: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Words and lemmas of one-word terms with what they speak of (``groups:lapset``).

    Args:
        terms: ``task``, ``code``, ``term``; terms of several words are left out.
        types: Type table that knows the terms' words.
    """
    lemmas = dict(types.select("token", "lemma").iter_rows())
    found: dict[str, set[str]] = {}
    for task, code, term in terms.select("task", "code", "term").iter_rows():
        token = term.lower()
        if token in lemmas:
            for word in (token, lemmas[token]):
                found.setdefault(word, set()).add(f"{task}:{code}")
    return {word: tuple(sorted(codes)) for word, codes in sorted(found.items())}


def _ngrams(word: str, sizes: Sequence[int]) -> list[str]:
    return [word[i : i + size] for size in sizes for i in range(len(word) - size + 1)]
