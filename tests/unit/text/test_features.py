"""Features of a token and counts of a text."""

import polars as pl

from transforms.text.features import count_features, count_tokens, features_of_type
from transforms.text.tokens import tokenize_texts


def test_a_compound_has_form_lemma_parts_and_ngrams() -> None:
    found = features_of_type("katu", "katu", "katu", "nimisana", known="yes")

    assert {"w=katu", "l=katu", "p=katu", "c=nimisana", "n=<k", "n=tu>", "g=k", "k=yes"} <= {*found}


def test_numbers_have_no_feature_and_runs_of_signs_are_cut() -> None:
    assert features_of_type("12.30", "12.30", "", "", known="no") == []
    assert sorted(features_of_type("!!!!!", "!!!!!", "", "", known="no")) == ["s=!", "w=!!!"]


def test_letters_of_another_script_are_marked() -> None:
    assert "k=script" in features_of_type("дякую", "дякую", "", "", known="no")


def test_features_outside_the_vocabulary_are_left_out() -> None:
    counts = count_features([["a", "b", "a"], []], {"a": 0, "c": 1})

    assert counts.toarray().tolist() == [[2.0, 0.0], [0.0, 0.0]]


def test_tokens_are_counted_per_text() -> None:
    tokens = tokenize_texts(pl.Series(["valo valo", "", "katu valo"]))

    counts = count_tokens(tokens, pl.Series(["katu", "valo"]), n_texts=3)

    assert counts.toarray().tolist() == [[0.0, 2.0], [0.0, 0.0], [1.0, 1.0]]
