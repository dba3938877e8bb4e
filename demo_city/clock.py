"""City time without a time-zone database: seconds since 1970 in UTC to and from Helsinki time.

The rule of the European Union since 1996: summer time from the last Sunday of March to the last
Sunday of October, changing at 01:00 UTC.
"""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

HOUR = 3_600
DAY = 86_400
FIRST_YEAR, LAST_YEAR = 2015, 2035
IntArray = NDArray[np.int64]


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _changes() -> list[int]:
    moments: list[int] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in (3, 10):
            day = _last_sunday(year, month)
            moments.append(int(datetime(day.year, day.month, day.day, 1, tzinfo=UTC).timestamp()))
    return moments


CHANGES = tuple(_changes())


def offset_hours(utc: IntArray) -> IntArray:
    """Hours that city time is ahead of UTC at each moment (2 or 3)."""
    return 2 + np.searchsorted(np.asarray(CHANGES), utc, side="right") % 2


def to_utc(local: IntArray) -> IntArray:
    """UTC seconds of city clock seconds; a skipped hour moves on, a doubled one is the first."""
    guess = local - 3 * HOUR
    return np.where(offset_hours(guess) == 3, guess, local - 2 * HOUR)


def iso_times(utc: IntArray) -> list[str]:
    """ISO 8601 city times with offset, for example ``2026-03-22T13:27:16+02:00``."""
    hours = offset_hours(utc)
    local = (utc + hours * HOUR).astype("datetime64[s]")
    text = np.datetime_as_string(local).tolist()
    return [f"{moment}+0{hour}:00" for moment, hour in zip(text, hours.tolist(), strict=True)]


def local_times(utc: IntArray) -> list[datetime]:
    """Naive city wall-clock times."""
    found: list[datetime] = (utc + offset_hours(utc) * HOUR).astype("datetime64[s]").tolist()
    return found


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days
