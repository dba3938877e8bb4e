"""Pairs of neighbours, worked out by hand."""

import polars as pl

from transforms.text.pairs import END, START, count_pairs, find_pairs
from transforms.text.tokens import tokenize_texts

TEXTS = pl.Series(["ei toimi ?", "", "toimi", "ei toimi", "ei toimi !"])
TYPES = pl.DataFrame({"token": ["ei", "toimi", "?", "!"], "lemma": ["ei", "toimia", "?", "!"]})


def test_pairs_of_lemmas_that_three_texts_have_are_found() -> None:
    assert find_pairs(tokenize_texts(TEXTS), TYPES) == ((START, "ei"), ("ei", "toimia"))


def test_pairs_are_counted_per_text_with_its_ends() -> None:
    pairs = ((START, "ei"), (START, "toimia"), ("toimia", END))

    counts = count_pairs(tokenize_texts(TEXTS), TYPES, pairs, n_texts=5)

    assert counts.toarray().tolist() == [
        [1.0, 0.0, 0.0],
        [0.0, 0.0, 0.0],
        [0.0, 1.0, 1.0],
        [1.0, 0.0, 1.0],
        [1.0, 0.0, 0.0],
    ]


def test_no_text_has_no_pair() -> None:
    none = pl.Series([], dtype=pl.String)

    assert find_pairs(tokenize_texts(none), TYPES) == ()
    assert count_pairs(tokenize_texts(none), TYPES, (), n_texts=0).shape[0] == 0
