"""Spans of time in which a source is asked, and how they are halved.

Belongs here: arithmetic of windows. Does not: any one source's questions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Europe/Helsinki")
DAY = timedelta(days=1)
SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end``, both with zone and in whole seconds."""

    start: datetime
    end: datetime

    @property
    def is_within_a_day(self) -> bool:
        """Whether halving it needs times of day (a day of clock change has 25 hours)."""
        return _days_between(self.start, self.end) <= 1

    @property
    def is_shortest(self) -> bool:
        """Whether it is too short to be halved."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC) <= SHORTEST

    @property
    def is_whole_day(self) -> bool:
        """Whether it is one calendar day from midnight to midnight."""
        starts_and_ends = self.start.time() == time.min and self.end.time() == time.min
        return starts_and_ends and self.is_within_a_day

    @property
    def label(self) -> str:
        """For file names: days where it is made of whole days, else moments."""
        if self.start.time() == time.min and self.end.time() == time.min:
            return f"{self.start:%Y-%m-%d}_{self.end:%Y-%m-%d}"
        return f"{self.start:%Y-%m-%dT%H%M%S}_{self.end:%Y-%m-%dT%H%M%S}"

    def halves(self) -> "tuple[Window, Window]":
        """Two windows that share the second between them, so that no moment is left out.

        Longer than a day it is cut at a midnight, since servers may not know times of day.
        """
        if self.is_within_a_day:
            begin, end = self.start.astimezone(UTC), self.end.astimezone(UTC)
            half = (begin + (end - begin) / 2).replace(microsecond=0).astimezone(CITY_ZONE)
        else:
            n_days = _days_between(self.start, self.end)
            half = midnight(self.start.date() + timedelta(days=n_days // 2))
        return Window(self.start, half), Window(half, self.end)


def windows_between(first: date, last: date, *, n_days: int) -> Iterator[Window]:
    """Windows of at most ``n_days`` from the midnight before ``first`` to the one after ``last``.

    Neighbours share their midnight. None when ``last`` is before ``first``.
    """
    day, end = first, last + DAY
    while day < end:
        following = min(day + timedelta(days=n_days), end)
        yield Window(midnight(day), midnight(following))
        day = following


def midnight(day: date) -> datetime:
    """The moment at which a day begins in the city."""
    return datetime.combine(day, time.min, tzinfo=CITY_ZONE)


def _days_between(start: datetime, end: datetime) -> int:
    """Calendar days that a window touches; the midnight at its end is not in it."""
    last = end.date() if end.time() > time.min else end.date() - DAY
    return (last - start.date()).days + 1
