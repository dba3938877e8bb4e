"""Drift: the stability index by hand, windows to the day, and no verdict on few texts."""

from datetime import date
from math import log

import polars as pl
import pytest

from transforms.text.drift import (
    LEAST_N,
    Verdict,
    mark_windows,
    measure_index,
    measure_rise,
    stability_index,
)


def codes(**counts: int) -> pl.Series:
    return pl.Series([code for code, n in counts.items() for _ in range(n)], dtype=pl.String)


def windows(recent: pl.Series, earlier: pl.Series) -> pl.DataFrame:
    parts = [
        pl.DataFrame({"code": sample, "is_recent": [is_recent] * len(sample)})
        for sample, is_recent in ((recent, True), (earlier, False))
    ]
    return pl.concat(parts)


def test_equal_shares_have_an_index_of_zero() -> None:
    assert stability_index(codes(a=30, b=10), codes(a=300, b=100)) == 0.0


def test_the_index_is_the_sum_worked_out_by_hand() -> None:
    expected = (0.5 - 0.8) * log(0.5 / 0.8) + (0.5 - 0.2) * log(0.5 / 0.2)

    found = stability_index(codes(a=50, b=50), codes(a=80, b=20))

    assert found == pytest.approx(expected, abs=5e-5)
    assert found == pytest.approx(0.4159, abs=5e-5)


def test_the_index_is_the_same_both_ways() -> None:
    first, second = codes(a=7, b=2, c=1), codes(a=3, b=3, c=4)

    assert stability_index(first, second) == stability_index(second, first)


def test_a_class_that_one_sample_lacks_counts_as_half_a_text() -> None:
    expected = (0.9 - 1.0) * log(0.9) + (0.1 - 0.005) * log(0.1 / 0.005)

    found = stability_index(codes(a=90, b=10), codes(a=100))

    assert found == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("recent", "earlier"), [(0, 5), (5, 0), (0, 0)])
def test_an_empty_window_has_no_index(recent: int, earlier: int) -> None:
    assert stability_index(codes(a=recent), codes(a=earlier)) is None


def test_one_row_on_each_side_has_an_index_and_no_verdict() -> None:
    found = measure_index(windows(codes(a=1), codes(b=1)), "code")

    assert (found.n_recent, found.n_earlier, found.verdict) == (1, 1, Verdict.TOO_FEW)
    assert found.value == pytest.approx(2 * 0.5 * log(2), abs=5e-5)


@pytest.mark.parametrize(
    ("n", "verdict"), [(LEAST_N - 1, Verdict.TOO_FEW), (LEAST_N, Verdict.SHIFTED)]
)
def test_there_is_no_verdict_below_the_least_number_of_either_window(
    n: int, verdict: Verdict
) -> None:
    large = LEAST_N * 10

    assert measure_index(windows(codes(a=n), codes(b=large)), "code").verdict == verdict
    assert measure_index(windows(codes(a=large), codes(b=n)), "code").verdict == verdict


@pytest.mark.parametrize(
    ("n_a", "verdict"),
    [(500, Verdict.STABLE), (600, Verdict.STABLE), (700, Verdict.WATCH), (800, Verdict.SHIFTED)],
)
def test_the_usual_rule_tells_stable_watch_and_shifted(n_a: int, verdict: Verdict) -> None:
    # 0.6 against 0.5: 0.1 ln 1.5 = 0.041; 0.7: 0.2 ln (7/3) = 0.169; 0.8: 0.3 ln 4 = 0.416
    found = measure_index(windows(codes(a=n_a, b=1000 - n_a), codes(a=500, b=500)), "code")

    assert found.verdict == verdict


def test_texts_without_a_code_are_left_out() -> None:
    frame = windows(pl.Series(["a", None]), pl.Series([None, "a", "a"]))

    found = measure_index(frame, "code")

    assert (found.n_recent, found.n_earlier, found.value) == (1, 2, 0.0)


@pytest.mark.parametrize(
    ("n_unsure", "value", "verdict"),
    [
        (80, 0.1, Verdict.SHIFTED),
        (60, 0.0, Verdict.STABLE),
        (70, 0.05, Verdict.WATCH),
        (0, -0.3, Verdict.STABLE),
    ],
)
def test_a_share_that_rises_is_drift_and_one_that_falls_is_none(
    n_unsure: int, value: float, verdict: Verdict
) -> None:
    recent = pl.Series([True] * n_unsure + [False] * (200 - n_unsure))
    earlier = pl.Series([True] * 300 + [False] * 700)

    found = measure_rise(windows(recent, earlier), "code", measure="unsure")

    assert (found.value, found.verdict) == (value, verdict)


def test_windows_are_thirty_days_and_the_year_before_them() -> None:
    days = [
        date(2026, 4, 1),  # after the snapshot day
        date(2026, 3, 31),
        date(2026, 3, 2),
        date(2026, 3, 1),
        date(2025, 3, 2),
        date(2025, 3, 1),
        None,
    ]

    found = mark_windows(pl.DataFrame({"acted_on": days}), as_of=date(2026, 3, 31))

    assert found.rows() == [
        (date(2026, 3, 31), True),
        (date(2026, 3, 2), True),
        (date(2026, 3, 1), False),
        (date(2025, 3, 2), False),
    ]
