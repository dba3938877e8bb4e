"""City time, the changes of the clock among others."""

from datetime import UTC, datetime

import numpy as np

from demo_city.clock import iso_times, to_utc


def _seconds(year: int, month: int, day: int, *time: int) -> int:
    hour, minute, second = (*time, 0, 0)[:3]
    return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())


def test_iso_times_carry_the_offset_of_the_season() -> None:
    moments = np.array(
        [_seconds(2026, 1, 15, 10), _seconds(2026, 7, 15, 9), _seconds(2026, 3, 29, 0, 59, 59),
         _seconds(2026, 3, 29, 1), _seconds(2025, 10, 26, 0, 59, 59), _seconds(2025, 10, 26, 1)]
    )  # fmt: skip

    assert iso_times(moments) == [
        "2026-01-15T12:00:00+02:00",
        "2026-07-15T12:00:00+03:00",
        "2026-03-29T02:59:59+02:00",
        "2026-03-29T04:00:00+03:00",
        "2025-10-26T03:59:59+03:00",
        "2025-10-26T03:00:00+02:00",
    ]


def test_wall_clock_times_become_utc() -> None:
    local = np.array([_seconds(2026, 1, 15, 12), _seconds(2026, 7, 15, 12)])

    assert to_utc(local).tolist() == [_seconds(2026, 1, 15, 10), _seconds(2026, 7, 15, 9)]


def test_an_hour_that_does_not_exist_moves_on() -> None:
    skipped = np.array([_seconds(2026, 3, 29, 3, 30)])

    assert iso_times(to_utc(skipped)) == ["2026-03-29T04:30:00+03:00"]
