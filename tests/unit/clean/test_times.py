"""Finnish sources' ways to write time are read in city time; the absurd is bad, never guessed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.clean.times import parse_date, parse_moment

CITY = ZoneInfo("Europe/Helsinki")


def _read(text: str | None, formats: Sequence[str] = ()) -> tuple[datetime | None, bool, bool]:
    moment = parse_moment("t", formats=formats)
    frame = pl.DataFrame({"t": [text]}, schema={"t": pl.String})
    row: tuple[datetime | None, bool, bool] = frame.select(
        value=moment.value, bad=moment.is_bad, changed=moment.is_clock_changed
    ).row(0)
    return row


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-03-22T13:27:16+02:00", datetime(2016, 3, 22, 13, 27, 16)),
        ("2016-03-22T13:27:16+0300", datetime(2016, 3, 22, 12, 27, 16)),
        ("2024-03-31T22:30:00Z", datetime(2024, 4, 1, 1, 30)),
        ("2024-01-31 22:30:00.5Z", datetime(2024, 2, 1, 0, 30, 0, 500_000)),
        ("2020-11-10T11:54:34", datetime(2020, 11, 10, 11, 54, 34)),
        ("2020-11-10T11:54:34.2", datetime(2020, 11, 10, 11, 54, 34, 200_000)),
        ("2020-11-10T11:54:34.253", datetime(2020, 11, 10, 11, 54, 34, 253_000)),
        ("2020-11-10T11:54:34.253001", datetime(2020, 11, 10, 11, 54, 34, 253_001)),
        ("2024-05-05", datetime(2024, 5, 5)),
        ("2024-05-05 08:15", datetime(2024, 5, 5, 8, 15)),
        ("2020-03-01-13.45.10.123456", datetime(2020, 3, 1, 13, 45, 10, 123_456)),
        ("1.2.2024", datetime(2024, 2, 1)),
        (" 01.02.2024  9.05 ", datetime(2024, 2, 1, 9, 5)),
        ("1.2.2024 klo 9.05", datetime(2024, 2, 1, 9, 5)),
        ("1.2.2024 klo\u00a014", datetime(2024, 2, 1, 14)),
        ("9.11.2020 13:00:07", datetime(2020, 11, 9, 13, 0, 7)),
        ("ma 9.11.2020 klo 13.00", datetime(2020, 11, 9, 13)),
    ],
)
def test_each_way_of_writing_is_read(text: str, expected: datetime) -> None:
    assert _read(text) == (expected.replace(tzinfo=CITY), False, False)


@pytest.mark.parametrize("text", [None, "", "  ", "-", "–", "n/a", "NULL"])
def test_nothing_written_is_absent_and_not_bad(text: str | None) -> None:
    assert _read(text) == (None, False, False)


@pytest.mark.parametrize(
    "text",
    ["31.2.2024", "29.2.2023", "1.1.1900", "3020-01-01", "1.2.24", "0024-02-01", "eilen",
     "1.2.2024 25:00", "1.2.202412", "13/1/2024", "45352.5", "2024-01-01T10:00:00+99:00",
     "31.12.1989", "1.1.2101"],
)  # fmt: skip
def test_the_absurd_is_bad(text: str) -> None:
    assert _read(text) == (None, True, False)


def test_two_digits_of_a_year_need_a_format_that_says_so() -> None:
    assert _read("1.2.24", ["%d.%m.%Y"]) == (None, True, False)
    assert _read("1.2.24", ["%d.%m.%Y", "%d.%m.%y"])[0] == datetime(2024, 2, 1, tzinfo=CITY)
    assert _read("1.2.2024", ["%d.%m.%y"])[0] == datetime(2024, 2, 1, tzinfo=CITY)


def test_excel_day_numbers_need_to_be_asked_for() -> None:
    # Excel's day 45352 is 1 March 2024.
    assert _read("45352", ["excel"])[0] == datetime(2024, 3, 1, tzinfo=CITY)
    assert _read("45352,5", ["excel"])[0] == datetime(2024, 3, 1, 12, tzinfo=CITY)


def test_month_before_day_only_where_the_format_says_so() -> None:
    assert _read("3.4.2024", ["%m.%d.%Y"])[0] == datetime(2024, 3, 4, tzinfo=CITY)
    assert _read("30.4.2024", ["%m.%d.%Y"]) == (None, True, False)
    assert _read("4/30/2024 08:00", ["%m/%d/%Y %H:%M"])[0] == datetime(2024, 4, 30, 8, tzinfo=CITY)


def test_a_format_with_an_offset_is_converted() -> None:
    value, _, _ = _read("01.07.2024 10:00 +0000", ["%d.%m.%Y %H:%M %z"])

    assert value == datetime(2024, 7, 1, 13, tzinfo=CITY)


def test_an_hour_that_stands_twice_is_its_first_reading_and_flagged() -> None:
    value, is_bad, is_changed = _read("27.10.2024 klo 3.30")

    assert value is not None
    assert value.utcoffset() == timedelta(hours=3)
    assert (is_bad, is_changed) == (False, True)


def test_an_hour_that_does_not_exist_is_an_hour_later_and_flagged() -> None:
    assert _read("31.3.2024 klo 3.30") == (
        datetime(2024, 3, 31, 4, 30, tzinfo=CITY),
        False,
        True,
    )


@pytest.mark.parametrize("text", ["2024-03-31T02:59:59", "2024-03-31T04:00", "2024-10-27T02:59:59",
                                  "2024-10-27T04:00", "2024-10-27T03:30:00+02:00"])  # fmt: skip
def test_neighbours_of_the_clock_change_and_stated_offsets_are_not_flagged(text: str) -> None:
    assert _read(text)[2] is False


def test_a_date_is_the_city_s_date() -> None:
    date_of = parse_date("t")
    frame = pl.DataFrame({"t": ["2024-03-31T22:30:00Z", "1.2.2024", "31.2.2024", None]})

    assert frame.select(date_of.value, bad=date_of.is_bad).rows() == [
        (date(2024, 4, 1), False),
        (date(2024, 2, 1), False),
        (None, True),
        (None, False),
    ]


@settings(max_examples=60, deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31), timezones=st.just(CITY)))
def test_iso_with_offset_comes_back_as_it_was(moment: datetime) -> None:
    value, is_bad, _ = _read(moment.isoformat())

    assert not is_bad
    assert value is not None
    assert value.astimezone(ZoneInfo("UTC")) == moment.astimezone(ZoneInfo("UTC"))
