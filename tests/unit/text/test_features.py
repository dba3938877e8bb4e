"""Features of a token and counts of a text."""

import polars as pl
import pytest

from transforms.text.features import (
    count_features,
    count_tokens,
    features_of_type,
    find_concepts,
)
from transforms.text.tokens import tokenize_texts


def test_a_compound_has_form_lemma_parts_and_ngrams() -> None:
    found = features_of_type("katu", "katu", "katu", "nimisana", known="yes", concepts={})

    assert {"w=katu", "l=katu", "p=katu", "c=nimisana", "n=<kat", "n=atu>", "g=k", "k=yes"} <= {
        *found
    }


@pytest.mark.parametrize(
    ("number", "band"),
    [
        ("12", "#0"),
        ("13", "#13"),
        ("29", "#13"),
        ("30", "#30"),
        ("65", "#65"),
        ("105", "#65"),
        ("106", "#"),
        ("1900", "#year"),
        ("2099", "#year"),
        ("12.30", "#"),
        ("½", "#"),
    ],
)
def test_numbers_are_what_an_age_or_a_year_may_be(number: str, band: str) -> None:
    assert features_of_type(number, number, "", "", known="no", concepts={}) == ["s=" + band]


def test_runs_of_signs_are_cut() -> None:
    assert sorted(features_of_type("!!!!!", "!!!!!", "", "", known="no", concepts={})) == [
        "s=!",
        "w=!!!",
    ]


def test_letters_of_another_script_are_marked() -> None:
    assert "k=script" in features_of_type("дякую", "дякую", "", "", known="no", concepts={})


def test_features_outside_the_vocabulary_are_left_out() -> None:
    counts = count_features([["a", "b", "a"], []], {"a": 0, "c": 1})

    assert counts.toarray().tolist() == [[2.0, 0.0], [0.0, 0.0]]


def test_tokens_are_counted_per_text() -> None:
    tokens = tokenize_texts(pl.Series(["valo valo", "", "katu valo"]))

    counts = count_tokens(tokens, pl.Series(["katu", "valo"]), n_texts=3)

    assert counts.toarray().tolist() == [[0.0, 2.0], [0.0, 0.0], [1.0, 1.0]]


def test_what_the_lexicon_says_of_a_word_or_of_a_part_is_a_feature() -> None:
    concepts = {"lapsi": ("groups:lapset",), "lastenvaunu": ("groups:lapset", "topics:pyoraily")}

    of_word = features_of_type("lapsen", "lapsi", "lapsi", "", known="yes", concepts=concepts)
    of_part = features_of_type(
        "lapsityö", "lapsityö", "lapsi;työ", "", known="yes", concepts=concepts
    )

    assert [f for f in of_word if f[:2] in ("x=", "y=")] == ["x=groups:lapset"]
    assert [f for f in of_part if f[:2] in ("x=", "y=")] == ["y=groups:lapset"]


def test_concepts_are_the_words_and_lemmas_of_one_word_terms() -> None:
    rows = [("groups", "lapset", "Lapsia"), ("topics", "pysakointi", "väärin pysäköity")]
    terms = pl.DataFrame(rows, schema=["task", "code", "term"], orient="row")
    types = pl.DataFrame({"token": ["lapsia", "väärin"], "lemma": ["lapsi", "väärä"]})

    found = find_concepts(terms, types)

    assert found == {"lapsi": ("groups:lapset",), "lapsia": ("groups:lapset",)}
