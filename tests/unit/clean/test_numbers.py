"""Numbers as Finnish exports write them; "no answer" is not a number, and 0 is one."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.clean.numbers import parse_number


def _read(text: str | None, decimal: str = ",") -> tuple[float | None, bool, bool]:
    number = parse_number("t", decimal="." if decimal == "." else ",")
    frame = pl.DataFrame({"t": [text]}, schema={"t": pl.String})
    row: tuple[float | None, bool, bool] = frame.select(
        value=number.value, bad=number.is_bad, absent=number.is_absent
    ).row(0)
    return row


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3,5", 3.5),
        ("1 234,50", 1234.5),
        ("1\u00a0234,50", 1234.5),
        ("1\u202f234\u202f567", 1_234_567.0),
        ("1.234,50", 1234.5),
        ("3.5", 3.5),
        ("\u22123", -3.0),
        ("− 3,25", -3.25),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("1e-05", 0.00001),
    ],
)
def test_numbers_with_a_decimal_comma_are_read(text: str, expected: float) -> None:
    assert _read(text) == (expected, False, False)


@pytest.mark.parametrize("text", [None, "", " ", "n/a", "EOS", "Eos", "En osaa sanoa", "-", "NaN"])
def test_no_answer_is_absent_and_not_bad(text: str | None) -> None:
    assert _read(text) == (None, False, True)


@pytest.mark.parametrize("text", ["viisi", "inf", "-Infinity", "12 34", "1,2,3", "5 - hyvä", "5 €"])
def test_what_is_no_number_is_bad(text: str) -> None:
    assert _read(text) == (None, True, False)


@pytest.mark.parametrize(
    ("text", "expected"), [("1,234.50", 1234.5), ("1,234", 1234.0), ("1 234.5", 1234.5)]
)
def test_a_decimal_point_makes_the_comma_a_thousands_mark(text: str, expected: float) -> None:
    assert _read(text, ".") == (expected, False, False)


def test_a_decimal_comma_is_bad_where_the_source_has_a_point() -> None:
    assert _read("3,5", ".") == (None, True, False)


@settings(max_examples=60, deadline=None)
@given(st.decimals(min_value=-(10**6), max_value=10**6, places=2))
def test_finnish_writing_comes_back_as_it_was(number: object) -> None:
    written = f"{number:,.2f}".replace(",", "\u00a0").replace(".", ",")

    value, is_bad, _ = _read(written)

    assert not is_bad
    assert value is not None
    assert math.isclose(value, float(str(number)), abs_tol=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12))
def test_no_value_is_ever_infinite_and_each_text_has_one_outcome(text: str) -> None:
    value, is_bad, is_absent = _read(text.encode("utf-8", "replace").decode())

    assert [value is not None, is_bad, is_absent].count(True) == 1
    assert value is None or math.isfinite(value)
