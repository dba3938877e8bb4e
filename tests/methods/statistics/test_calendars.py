"""Working hours by hand, holidays and the clock change included; holidays as published."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.statistics.calendars import (
    CalendarRangeError,
    elapsed_hours,
    end_of_day,
    finnish_holidays,
    working_calendar,
    working_hours,
)

ZONE = ZoneInfo("Europe/Helsinki")
CALENDAR = working_calendar(first_on=date(2024, 1, 1), last_on=date(2025, 12, 31))


def moments(*texts: str) -> pl.Series:
    return pl.Series(
        "at",
        [datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in texts],
        dtype=pl.Datetime("us", "Europe/Helsinki"),
    )


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2024-10-18 15:00", "2024-10-21 09:00", 2.0),  # Friday 15 to Monday 9
        ("2024-10-21 08:00", "2024-10-21 16:00", 8.0),
        ("2024-10-21 07:00", "2024-10-21 07:59", 0.0),
        ("2024-10-21 16:00", "2024-10-22 08:00", 0.0),
        ("2024-10-21 15:59", "2024-10-22 08:01", 2 / 60),
        ("2024-06-20 12:00", "2024-06-24 12:00", 8.0),  # over juhannus: 21.6. is shut
        ("2024-04-30 08:00", "2024-05-02 16:00", 16.0),  # over vappu
        ("2024-12-23 12:00", "2024-12-27 12:00", 8.0),  # 24.–26.12. are shut
        ("2025-12-05 08:00", "2025-12-08 16:00", 16.0),  # 6.12. falls on a Saturday
        ("2024-10-25 08:00", "2024-10-28 16:00", 16.0),  # over the night of 25 hours
        ("2025-03-28 08:00", "2025-03-31 16:00", 16.0),  # over the night of 23 hours
    ],
)
def test_working_hours_between_two_moments(start: str, end: str, hours: float) -> None:
    found = working_hours(start=moments(start), end=moments(end), calendar=CALENDAR)

    assert found[0] == pytest.approx(hours, abs=1e-9)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2024-10-26 12:00", "2024-10-27 12:00", 25.0),
        ("2025-03-29 12:00", "2025-03-30 12:00", 23.0),
        ("2024-10-21 12:00", "2024-10-22 12:00", 24.0),
    ],
)
def test_elapsed_hours_count_the_clock_change_as_it_happened(
    start: str, end: str, hours: float
) -> None:
    assert elapsed_hours(start=moments(start), end=moments(end))[0] == hours


def test_second_of_two_like_hours_is_later_than_the_first() -> None:
    first = datetime(2024, 10, 27, 3, 30, tzinfo=ZONE, fold=0)
    second = datetime(2024, 10, 27, 3, 30, tzinfo=ZONE, fold=1)
    both = pl.Series([first, second], dtype=pl.Datetime("us", "Europe/Helsinki"))

    assert elapsed_hours(start=both[:1], end=both[1:])[0] == 1.0


def test_end_of_day_is_midnight_of_the_city() -> None:
    assert end_of_day(date(2024, 10, 27)).isoformat() == "2024-10-28T00:00:00+02:00"
    assert end_of_day(date(2024, 12, 31)).isoformat() == "2025-01-01T00:00:00+02:00"


def test_offices_are_shut_on_the_eves_of_midsummer_and_christmas() -> None:
    shut = finnish_holidays(first_on=date(2024, 6, 1), last_on=date(2024, 12, 31))

    assert date(2024, 6, 21) in shut
    assert date(2024, 12, 24) in shut
    assert date(2024, 12, 6) in shut
    assert date(2024, 12, 31) not in shut
    assert date(2025, 1, 1) not in shut


# Yliopiston almanakkatoimisto (University of Helsinki Almanac Office), "Vuoteen 2025 osuu täydet
# kymmenen arkivapaapäivää", press release, November 2024, with both eves counted as it does; 2022
# and 2023: Yle, December 2022, from the same office.
WEEKDAYS_OFF_OF_2025 = [
    date(2025, 1, 1), date(2025, 1, 6), date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 1),
    date(2025, 5, 29), date(2025, 6, 20), date(2025, 12, 24), date(2025, 12, 25),
    date(2025, 12, 26),
]  # fmt: skip
WEEKDAYS_OFF = {
    2022: 7, 2023: 9, 2024: 10, 2025: 10, 2026: 9, 2027: 8, 2028: 9, 2029: 10, 2030: 10, 2031: 10
}  # fmt: skip


def weekdays_off(year: int) -> list[date]:
    shut = finnish_holidays(first_on=date(year, 1, 1), last_on=date(year, 12, 31))
    return sorted(day for day in shut if day.weekday() < 5)


def test_weekdays_off_of_2025_are_those_of_the_almanac_office() -> None:
    assert weekdays_off(2025) == WEEKDAYS_OFF_OF_2025


@pytest.mark.parametrize(("year", "n"), WEEKDAYS_OFF.items())
def test_as_many_weekdays_are_off_as_the_almanac_office_counts(year: int, n: int) -> None:
    assert len(weekdays_off(year)) == n


def test_moment_outside_the_calendar_is_refused() -> None:
    with pytest.raises(CalendarRangeError, match="1 of 1 moments"):
        working_hours(
            start=moments("2023-12-31 12:00"), end=moments("2024-01-02 12:00"), calendar=CALENDAR
        )


def test_moment_without_a_time_zone_is_refused() -> None:
    naive = pl.Series([datetime(2024, 1, 2, 12)])

    with pytest.raises(CalendarRangeError, match="with a time zone"):
        working_hours(start=naive, end=naive, calendar=CALENDAR)


def test_calendar_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(CalendarRangeError, match="before it begins"):
        working_calendar(first_on=date(2024, 1, 2), last_on=date(2024, 1, 1))


def test_unknown_moment_has_unknown_hours() -> None:
    unknown = pl.Series([None], dtype=pl.Datetime("us", "Europe/Helsinki"))

    found = working_hours(start=moments("2024-01-02 12:00"), end=unknown, calendar=CALENDAR)

    assert found.to_list() == [None]


minutes = st.integers(0, 525_000)


@settings(deadline=None)
@given(first=minutes, second=minutes, third=minutes)
def test_working_hours_add_up_over_a_moment_between(first: int, second: int, third: int) -> None:
    start = moments("2024-01-01 00:00")[0]
    a, b, c = (
        pl.Series([start]).dt.offset_by(f"{minute}m") for minute in sorted((first, second, third))
    )

    whole = working_hours(start=a, end=c, calendar=CALENDAR)[0]
    parts = working_hours(start=a, end=b, calendar=CALENDAR) + working_hours(
        start=b, end=c, calendar=CALENDAR
    )

    assert whole >= 0
    assert whole == pytest.approx(parts[0], abs=1e-6)
