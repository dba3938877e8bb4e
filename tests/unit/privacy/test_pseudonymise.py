"""Pseudonyms join within one key, differ between keys, and never show the value."""

import polars as pl
import pytest

from transforms.privacy.pseudonymise import content_id, pseudonymise

KEY, OTHER = b"k" * 32, b"o" * 32


def test_equal_values_have_equal_pseudonyms_in_every_column() -> None:
    frame = pl.DataFrame({"a_id": ["x|1", None, "x|1"], "b_id": ["x|1", "y", None], "n": [1, 2, 3]})

    hidden = pseudonymise(frame, ["a_id", "b_id"], KEY)

    assert hidden["a_id"][0] == hidden["a_id"][2] == hidden["b_id"][0] != hidden["b_id"][1]
    assert hidden["a_id"][1] is None
    assert hidden.columns == frame.columns
    assert hidden["n"].to_list() == [1, 2, 3]
    assert hidden["b_id"].str.contains("^[0-9a-f]{32}$").to_list() == [True, True, None]


def test_another_key_gives_other_pseudonyms() -> None:
    frame = pl.DataFrame({"a_id": ["x|1"]})

    assert (
        pseudonymise(frame, ["a_id"], KEY)["a_id"][0]
        != pseudonymise(frame, ["a_id"], OTHER)["a_id"][0]
    )


def test_the_pseudonym_is_the_first_half_of_a_known_hmac() -> None:
    # printf 'identifier\0x|1' | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
    expected = "842d8cfbc20f228fdf172c63c083bb4c"

    assert pseudonymise(pl.DataFrame({"a_id": ["x|1"]}), ["a_id"], KEY)["a_id"][0] == expected


def test_a_text_and_an_identifier_of_the_same_letters_do_not_meet() -> None:
    texts = pl.Series("text", ["x|1", "", None])

    ids = content_id(texts, KEY)

    assert ids.name == "text"
    assert ids[2] is None
    assert ids[0] != pseudonymise(texts.to_frame(), ["text"], KEY)["text"][0]
    assert ids[0] != ids[1]


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="expected at least 16"):
        content_id(pl.Series(["a"]), b"short")


def test_no_rows_give_no_rows() -> None:
    frame = pl.DataFrame(schema={"a_id": pl.String})

    assert pseudonymise(frame, ["a_id"], KEY).schema == frame.schema
