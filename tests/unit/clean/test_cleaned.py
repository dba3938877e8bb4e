"""Rows are accepted or rejected once, with their first reason and without their content."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.clean.cleaned import (
    CLEAN_REJECT_SCHEMA,
    RejectRule,
    found_shape_expr,
    split_rows,
)
from transforms.parse.parsed import (
    REJECT_SCHEMA,
    empty_rejects,
    found_shape,
    name_rejects,
    reject_rows,
)

RULES = [
    RejectRule(pl.col("id").is_null(), "id_missing", "id", "an id"),
    RejectRule(pl.col("n") < 0, "n_negative", "n", "a number from 0"),
    RejectRule(pl.col("n") < -5, "n_far_below", None, "a number from -5"),
]


def test_the_first_reason_wins_and_null_conditions_pass() -> None:
    frame = pl.DataFrame(
        {"line_no": [2, 3, 4, 5], "id": ["a", None, "c", "d"], "n": [1, -9, -9, None]}
    )

    cleaned = split_rows(frame, RULES)

    assert cleaned.frame["line_no"].to_list() == [2, 5]
    assert cleaned.rejects.rows() == [
        (3, "id_missing", "id", None, "an id"),
        (4, "n_negative", "n", "-9", "a number from 0"),
    ]
    assert cleaned.rejects.schema == pl.Schema(CLEAN_REJECT_SCHEMA)


@pytest.mark.parametrize("rules", [[], RULES])
def test_without_broken_rows_there_are_no_rejects(rules: list[RejectRule]) -> None:
    frame = pl.DataFrame({"line_no": [2], "id": ["a"], "n": [0]})

    cleaned = split_rows(frame, rules)

    assert cleaned.frame.equals(frame)
    assert cleaned.rejects.schema == pl.Schema(CLEAN_REJECT_SCHEMA)
    assert cleaned.rejects.is_empty()


def test_the_shape_of_another_column_may_be_shown() -> None:
    frame = pl.DataFrame({"line_no": [2], "raw": ["Åbo 31.2."], "day": [None]})
    rule = RejectRule(pl.col("day").is_null(), "bad_date", "day", "a date", pl.col("raw"))

    assert split_rows(frame, [rule]).rejects["found_shape"].to_list() == ["Aaa 99.9."]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", None]), st.integers(-10, 10)), max_size=12))
def test_every_row_is_in_exactly_one_outcome(rows: list[tuple[str | None, int]]) -> None:
    frame = pl.DataFrame(
        [(n, *row) for n, row in enumerate(rows, start=1)],
        schema={"line_no": pl.Int64, "id": pl.String, "n": pl.Int64},
        orient="row",
    )

    cleaned = split_rows(frame, RULES)

    lines = cleaned.frame["line_no"].to_list() + cleaned.rejects["line_no"].to_list()
    assert sorted(lines) == frame["line_no"].to_list()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=40))
def test_shapes_are_the_same_in_both_rooms(text: str) -> None:
    shape = pl.select(found_shape_expr(pl.lit(text))).item()

    assert shape.isspace() or len(shape) <= 24
    if all(ord(character) < 0x2FFF for character in text):
        assert shape == found_shape(text)


def test_the_schemas_of_both_rooms_agree() -> None:
    without_table = {name: kind for name, kind in REJECT_SCHEMA.items() if name != "table_name"}

    assert dict(CLEAN_REJECT_SCHEMA) == without_table


def test_rejects_of_a_parser_get_their_table_later() -> None:
    rejects = reject_rows([4, 7], reason_code="torn", expected="a whole row")

    named = name_rejects(pl.concat([empty_rejects(), rejects]), "core_notes__notes")

    assert named.rows() == [
        ("core_notes__notes", 4, "torn", None, None, "a whole row"),
        ("core_notes__notes", 7, "torn", None, None, "a whole row"),
    ]
