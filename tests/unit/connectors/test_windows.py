"""Windows leave no moment out, also where the clock changes."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.connectors.windows import SHORTEST, Window, midnight, windows_between

CITY = ZoneInfo("Europe/Helsinki")
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


@given(DAYS, st.integers(0, 400), st.integers(1, 89))
def test_neighbouring_windows_share_a_midnight_and_cover_every_day(
    first: date, n_more: int, n_days: int
) -> None:
    last = first + timedelta(days=n_more)

    windows = list(windows_between(first, last, n_days=n_days))

    assert windows[0].start == midnight(first)
    assert windows[-1].end == midnight(last + timedelta(days=1))
    assert all(a.end == b.start for a, b in pairwise(windows))
    assert all((w.end.date() - w.start.date()).days <= n_days for w in windows)


def test_there_are_no_windows_when_the_end_comes_first() -> None:
    assert list(windows_between(date(2024, 2, 2), date(2024, 2, 1), n_days=89)) == []


@given(DAYS, st.integers(0, 88), st.lists(st.booleans(), min_size=20, max_size=20))
def test_halving_ends_and_the_halves_meet(first: date, n_more: int, turns: list[bool]) -> None:
    (window,) = windows_between(first, first + timedelta(days=n_more), n_days=89)
    n_halvings = 0

    for turn in turns:
        if window.is_shortest:
            break
        early, late = window.halves()
        assert (early.start, early.end, late.end) == (window.start, late.start, window.end)
        assert early.start.astimezone(UTC) < early.end.astimezone(UTC) < late.end.astimezone(UTC)
        window, n_halvings = (late if turn else early), n_halvings + 1

    assert window.is_shortest
    assert n_halvings <= 18


def test_more_than_a_day_is_cut_at_midnight() -> None:
    early, late = Window(midnight(date(2024, 3, 30)), midnight(date(2024, 4, 2))).halves()

    assert (early.is_whole_day, late.is_whole_day) == (True, False)
    assert early.end == midnight(date(2024, 3, 31))


@pytest.mark.parametrize(
    ("day", "half"),
    [
        (date(2024, 3, 31), datetime(2024, 3, 31, 12, 30, tzinfo=CITY)),  # 23 hours
        (date(2024, 10, 27), datetime(2024, 10, 27, 11, 30, tzinfo=CITY)),  # 25 hours
        (date(2024, 5, 10), datetime(2024, 5, 10, 12, tzinfo=CITY)),
    ],
)
def test_a_day_is_a_day_whatever_its_hours(day: date, half: datetime) -> None:
    window = Window(midnight(day), midnight(day + timedelta(days=1)))

    assert window.is_whole_day
    assert window.halves()[0].end == half
    assert not window.halves()[0].is_whole_day


def test_names_show_days_or_moments() -> None:
    day = Window(midnight(date(2024, 5, 10)), midnight(date(2024, 5, 11)))

    assert day.label == "2024-05-10_2024-05-11"
    assert day.halves()[0].label == "2024-05-10T000000_2024-05-10T120000"


def test_the_shortest_window_is_a_minute() -> None:
    start = datetime(2024, 5, 10, 12, tzinfo=CITY)

    assert Window(start, start + SHORTEST).is_shortest
    assert not Window(start, start + SHORTEST + timedelta(seconds=1)).is_shortest
