"""City time: the end of a day, Finnish working days and working hours between two moments.

Elapsed hours are physical (a day of the clock change has 23 or 25). Working hours are read from the
clock on the wall: the clocks change on a Sunday night, outside every working day.
See ``docs/methods/working_hours.md``.
"""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

CITY_TIME_ZONE: Final = "Europe/Helsinki"
OPENS_HOUR: Final = 8
CLOSES_HOUR: Final = 16
WORKING_DAY_HOURS: Final = float(CLOSES_HOUR - OPENS_HOUR)
_FIRST_WEEKEND_DAY: Final = 5  # Saturday, as date.weekday() counts


class CalendarRangeError(ValueError):
    """A moment lies outside the days that the calendar knows, or carries no time zone."""


def end_of_day(day_on: date) -> datetime:
    """The first moment after a city day: midnight that begins the next one."""
    next_day = day_on + timedelta(days=1)
    return datetime(next_day.year, next_day.month, next_day.day, tzinfo=ZoneInfo(CITY_TIME_ZONE))


def finnish_holidays(*, first_on: date, last_on: date) -> frozenset[date]:
    """Days between two dates, both included, on which the city's offices are shut beside weekends.

    Public holidays of Finland with juhannusaatto and jouluaatto (24.12.), which the municipal
    collective agreement gives as days off.
    """
    import holidays

    years = range(first_on.year, last_on.year + 1)
    known = holidays.country_holidays("FI", years=years)
    return frozenset(day for day in known if first_on <= day <= last_on)


def working_calendar(*, first_on: date, last_on: date) -> pl.DataFrame:
    """One row per city day from ``first_on`` to ``last_on``, in order.

    Returns:
        ``day_on``, ``is_working_day`` and ``hours_before``: working hours (8–16 of working days)
        from the start of ``first_on`` to the start of the day.
    """
    if last_on < first_on:
        raise CalendarRangeError(
            f"The calendar would end on {last_on}, before it begins on {first_on}. "
            "Give the earlier day first."
        )
    shut = finnish_holidays(first_on=first_on, last_on=last_on)
    days = [first_on + timedelta(days=k) for k in range((last_on - first_on).days + 1)]
    working = [day.weekday() < _FIRST_WEEKEND_DAY and day not in shut for day in days]
    frame = pl.DataFrame({"day_on": days, "is_working_day": working})
    hours = pl.col("is_working_day").cast(pl.Float64) * WORKING_DAY_HOURS
    return frame.with_columns(hours_before=hours.cum_sum() - hours)


def elapsed_hours(*, start: pl.Series, end: pl.Series) -> pl.Series:
    """Hours that pass between two moments, clock changes counted as they happened."""
    return (end - start).dt.total_microseconds().cast(pl.Float64) / 3_600_000_000.0


def working_hours(*, start: pl.Series, end: pl.Series, calendar: pl.DataFrame) -> pl.Series:
    """Working hours between two moments: 8–16 on Finnish working days.

    Args:
        start: Moments with a time zone; nulls stay null.
        end: As many moments; one before ``start`` gives a negative number.
        calendar: ``working_calendar`` over all days of both.

    Raises:
        CalendarRangeError: If a moment has no time zone or lies outside the calendar.
    """
    return _working_hours_until(end, calendar) - _working_hours_until(start, calendar)


def _working_hours_until(moments: pl.Series, calendar: pl.DataFrame) -> pl.Series:
    dtype = moments.dtype
    if not isinstance(dtype, pl.Datetime) or dtype.time_zone is None:
        raise CalendarRangeError(
            f"Moments are {dtype}, expected a Datetime with a time zone. Localise them in cleaning."
        )
    wall = moments.dt.convert_time_zone(CITY_TIME_ZONE)
    first_on = calendar["day_on"][0]
    day_number = (wall.dt.date() - first_on).dt.total_days()
    outside = ((day_number < 0) | (day_number >= calendar.height)).sum()
    if outside:
        raise CalendarRangeError(
            f"{outside} of {len(moments)} moments lie outside the calendar from {first_on} "
            f"to {calendar['day_on'][-1]}. Build the calendar over all of them."
        )
    position = day_number.fill_null(0).to_numpy()
    clock = wall.dt.hour() + wall.dt.minute() / 60.0 + wall.dt.second() / 3600.0
    clock = clock + wall.dt.microsecond() / 3_600_000_000.0
    today = (clock - OPENS_HOUR).clip(0.0, WORKING_DAY_HOURS).fill_null(0.0).to_numpy()
    is_working = calendar["is_working_day"].to_numpy()[position]
    hours = calendar["hours_before"].to_numpy()[position] + np.where(is_working, today, 0.0)
    known = pl.Series(moments.is_not_null().to_numpy())
    return pl.select(pl.when(known).then(pl.Series(hours))).to_series().rename(moments.name)
