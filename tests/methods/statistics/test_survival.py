"""Kaplan–Meier against published results and an independent implementation.

Where each result was found: docs/methods/references.md.
"""

import math
import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.statistics.survival import (
    NegativeDurationError,
    kaplan_meier,
    restricted_means,
    shares_within,
    survival_table,
)

# Freireich et al. (1963), remission in weeks under 6-MP; a plus sign in the paper is False here.
SIX_MP = [
    *((6, True),) * 3, (6, False), (7, True), (9, False), (10, True), (10, False), (11, False),
    (13, True), (16, True), (17, False), (19, False), (20, False), (22, True), (23, True),
    (25, False), (32, False), (32, False), (34, False), (35, False),
]  # fmt: skip
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def observations(rows: list[tuple[float, bool]], cell: str = "a") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "cell": [cell] * len(rows),
            "duration": [float(duration) for duration, _ in rows],
            "is_event": [is_event for _, is_event in rows],
        },
        schema={"cell": pl.String, "duration": pl.Float64, "is_event": pl.Boolean},
    )


def test_freireich_curve_agrees_with_r_survival() -> None:
    table = survival_table(observations(SIX_MP))

    at = {row["duration"]: row for row in table.iter_rows(named=True)}

    # STATISTICS.md §3, R survival.
    assert at[6.0]["survival"] == pytest.approx(0.857142857, rel=1e-6)
    assert at[23.0]["survival"] == pytest.approx(0.448179272, rel=1e-6)
    assert at[23.0]["survival_low"] == pytest.approx(0.188052, rel=3e-6)
    assert at[23.0]["survival_high"] == pytest.approx(0.680143, rel=3e-6)


def test_freireich_curve_and_its_errors_agree_with_nag() -> None:
    table = survival_table(observations(SIX_MP)).filter(pl.col("n_events") > 0)

    # NAG Library Manual, g12aac, example: time, survival probability, standard deviation.
    errors = table["survival"] * table["greenwood"].sqrt()
    assert table["duration"].to_list() == [6, 7, 10, 13, 16, 22, 23]
    assert table["survival"].to_list() == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert errors.to_list() == pytest.approx(
        [0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135], abs=5e-4
    )


def test_log_log_ends_of_the_placebo_group_agree_with_stata() -> None:
    table = survival_table(observations([(float(week), True) for week in PLACEBO])).head(2)

    # G. Rodríguez, Princeton University, Eco 572, "Kaplan-Meier Survival": Stata's sts list, whose
    # ends are log-log.
    columns = ("survival", "survival_low", "survival_high")
    assert table["duration"].to_list() == [1, 2]
    assert table.select(columns).row(0) == pytest.approx((0.9048, 0.6700, 0.9753), abs=5e-5)
    assert table.select(columns).row(1) == pytest.approx((0.8095, 0.5689, 0.9239), abs=5e-5)


# R survival, data aml: a minus is still alive.
AML = {
    "maintained": [9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161],
    "not": [5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45],
}


@pytest.mark.parametrize(
    ("group", "median", "survival", "errors"),
    [
        (
            "maintained", 31.0,
            [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184],
            [0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535],
        ),
        (
            "not", 23.0,
            [0.8333, 0.6667, 0.5833, 0.4861, 0.3889, 0.2917, 0.1944, 0.0972, 0.0],
            [0.1076, 0.1361, 0.1423, 0.1481, 0.1470, 0.1387, 0.1219, 0.0919],
        ),
    ],
)  # fmt: skip
def test_leukaemia_curves_agree_with_r_survival(
    group: str, median: float, survival: list[float], errors: list[float]
) -> None:
    rows = observations([(float(abs(t)), t > 0) for t in AML[group]])

    table = survival_table(rows).filter(pl.col("n_events") > 0)
    figures = kaplan_meier(rows, horizons={}, restriction=40.0)

    # R survival, tests/doaml.Rout.save: survfit(Surv(time, status) ~ x), to the digits printed.
    found = (table["survival"] * table["greenwood"].sqrt()).to_list()[: len(errors)]
    assert figures["median"].to_list() == [median]
    assert table["survival"].to_list() == pytest.approx(survival, abs=5e-4)
    assert found == pytest.approx(errors, abs=5.1e-5)


def test_freireich_median_and_restricted_mean_agree_with_r_survival() -> None:
    figures = kaplan_meier(observations(SIX_MP), horizons={}, restriction=20.0).row(0, named=True)

    # STATISTICS.md §3, R survival.
    assert (figures["median"], figures["median_low"], figures["median_high"]) == (23.0, 13.0, None)
    assert figures["rmst"] == pytest.approx(16.1165266, rel=1e-6)
    assert figures["rmst_se"] == pytest.approx(1.2515602, rel=1e-6)


def test_restricted_mean_error_is_not_the_variance_of_the_restricted_time() -> None:
    table = survival_table(observations(SIX_MP))

    se = restricted_means(table, restriction=20.0)["rmst_se"][0]

    assert se**2 == pytest.approx(1.5664, abs=5e-5)  # lifelines returns 30.896 under a like name


def test_complete_data_give_the_empirical_distribution() -> None:
    rows = [(float(week), True) for week in PLACEBO]

    figures = kaplan_meier(
        observations(rows), horizons={"within_8": 8.0, "within_30": 30.0}, restriction=30.0
    ).row(0, named=True)

    assert figures["median"] == 8.0
    assert figures["within_8"] == pytest.approx(13 / 21)
    assert figures["within_30"] == 1.0
    assert figures["rmst"] == pytest.approx(sum(PLACEBO) / 21)


def test_restricted_mean_error_of_complete_data_is_that_of_a_mean() -> None:
    rows = [(2.0, True), (4.0, True), (9.0, True)]

    se = kaplan_meier(observations(rows), horizons={}, restriction=30.0)["rmst_se"][0]

    # Without censoring Greenwood's form equals √(Σ(x − x̄)² / n²) = √(26 / 9).
    assert se == pytest.approx(math.sqrt(26 / 9))


def test_closed_only_median_flatters_where_requests_wait() -> None:
    rows = [(2.0, True), (4.0, True), (8.0, True), (9.0, False), (9.0, False), (9.0, False)]

    figures = kaplan_meier(observations(rows), horizons={}, restriction=9.0).row(0, named=True)

    assert figures["median"] == 8.0  # the median of the three closed ones is 4


def test_half_reached_by_a_product_of_fractions_counts_as_half() -> None:
    rows = [(float(t), True) for t in range(1, 4)] + [(9.0, False)] * 3

    median = kaplan_meier(observations(rows), horizons={}, restriction=9.0)["median"][0]

    assert median == 3.0  # 5/6 · 4/5 · 3/4 = 1/2


@pytest.mark.parametrize("horizon", [5.0, 9.999])
def test_share_within_follow_up_is_told(horizon: float) -> None:
    rows = [(5.0, True), (10.0, False)]

    share = kaplan_meier(observations(rows), horizons={"share": horizon}, restriction=5.0)["share"]

    assert share[0] == 0.5


def test_share_and_mean_beyond_follow_up_are_not_told() -> None:
    rows = [(5.0, True), (10.0, False)]

    figures = kaplan_meier(observations(rows), horizons={"share": 10.1}, restriction=10.1).row(
        0, named=True
    )

    assert (figures["share"], figures["rmst"], figures["rmst_se"]) == (None, None, None)


def test_event_on_the_horizon_is_within_it() -> None:
    rows = [(24.0, True), (24.000001, True)]

    share = kaplan_meier(observations(rows), horizons={"day": 24.0}, restriction=30.0)["day"][0]

    assert share == 0.5


def test_nobody_reaching_the_milestone_has_no_median_and_share_zero() -> None:
    rows = [(40.0, False)] * 3

    figures = kaplan_meier(observations(rows), horizons={"share": 30.0}, restriction=30.0).row(
        0, named=True
    )

    assert (figures["median"], figures["median_low"], figures["share"]) == (None, None, 0.0)
    assert (figures["rmst"], figures["rmst_se"]) == (30.0, 0.0)


def test_everybody_at_once_has_a_median_without_an_upper_end() -> None:
    rows = [(3.0, True)] * 4

    figures = kaplan_meier(observations(rows), horizons={}, restriction=30.0).row(0, named=True)

    assert (figures["median"], figures["median_low"], figures["median_high"]) == (3.0, 3.0, None)
    assert (figures["rmst"], figures["rmst_se"]) == (3.0, 0.0)


def test_share_within_a_limit_of_its_own_for_each_cell() -> None:
    both = pl.concat(
        [
            observations([(1.0, True), (9.0, True)], "a"),
            observations([(1.0, True), (9.0, True)], "b"),
        ]
    )
    limits = pl.DataFrame({"cell": ["a", "b"], "limit": [0.5, 9.0]})

    shares = shares_within(survival_table(both), limits=limits)

    assert dict(shares.iter_rows()) == {"a": 0.0, "b": 1.0}


def test_no_observation_gives_no_row() -> None:
    figures = kaplan_meier(observations([]), horizons={"share": 1.0}, restriction=30.0)

    assert figures.height == 0


@pytest.mark.parametrize("bad", [-0.001, math.nan, None])
def test_negative_or_missing_duration_is_refused_with_its_count(bad: float | None) -> None:
    frame = pl.DataFrame(
        {"cell": ["a", "a"], "duration": [1.0, bad], "is_event": [True, True]},
        schema={"cell": pl.String, "duration": pl.Float64, "is_event": pl.Boolean},
    )

    with pytest.raises(NegativeDurationError, match="1 of 2 durations"):
        survival_table(frame)


rows_of_a_cell = st.lists(
    st.tuples(st.integers(0, 40).map(float), st.booleans()), min_size=1, max_size=40
)


@settings(max_examples=60, deadline=None)
@given(rows=rows_of_a_cell)
def test_curve_agrees_with_statsmodels(rows: list[tuple[float, bool]]) -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    table = survival_table(observations(rows)).filter(pl.col("n_events") > 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it divides by zero once S = 0
        curve = SurvfuncRight(
            np.array([duration for duration, _ in rows]),
            np.array([is_event for _, is_event in rows]),
        )

    assert table["duration"].to_list() == pytest.approx(list(curve.surv_times))
    assert table["survival"].to_list() == pytest.approx(list(curve.surv_prob), rel=1e-9, abs=1e-12)
    ours = table["survival"] * table["greenwood"].sqrt()
    is_above_zero = table["survival"].to_numpy() > 0
    assert ours.to_numpy()[is_above_zero] == pytest.approx(
        np.asarray(curve.surv_prob_se)[is_above_zero], rel=1e-6
    )


@settings(max_examples=60, deadline=None)
@given(rows=rows_of_a_cell)
def test_median_interval_agrees_with_statsmodels(rows: list[tuple[float, bool]]) -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        curve = SurvfuncRight(
            np.array([duration for duration, _ in rows]),
            np.array([is_event for _, is_event in rows]),
        )
        expected_median = curve.quantile(0.5)
        low, high = curve.quantile_ci(0.5, method="cloglog")
    figures = kaplan_meier(observations(rows), horizons={}, restriction=40.0).row(0, named=True)

    reaches_half_exactly = any(abs(p - 0.5) < 1e-6 for p in curve.surv_prob)
    if not reaches_half_exactly and len(curve.surv_prob):  # it takes S < ½, R and we S ≤ ½
        assert figures["median"] == (None if math.isnan(expected_median) else expected_median)
    if math.isfinite(low) and min(curve.surv_prob) > 0:
        assert figures["median_low"] == low
        assert figures["median_high"] == (None if math.isinf(high) else high)


@settings(max_examples=40, deadline=None)
@given(first=rows_of_a_cell, second=rows_of_a_cell, seed=st.integers(0, 2**32 - 1))
def test_cells_do_not_touch_each_other_and_row_order_does_not_matter(
    first: list[tuple[float, bool]], second: list[tuple[float, bool]], seed: int
) -> None:
    both = pl.concat([observations(first, "a"), observations(second, "b")])
    horizons = {"share": 14.0}

    alone = kaplan_meier(observations(first, "a"), horizons=horizons, restriction=30.0)
    shuffled = kaplan_meier(
        both.sample(fraction=1.0, shuffle=True, seed=seed), horizons=horizons, restriction=30.0
    )

    assert shuffled.filter(pl.col("cell") == "a").equals(alone)


@settings(max_examples=40, deadline=None)
@given(rows=rows_of_a_cell)
def test_every_row_twice_moves_no_estimate(rows: list[tuple[float, bool]]) -> None:
    once = kaplan_meier(observations(rows), horizons={"share": 14.0}, restriction=30.0)
    twice = kaplan_meier(observations(rows * 2), horizons={"share": 14.0}, restriction=30.0)

    assert twice["median"].to_list() == once["median"].to_list()
    assert twice["share"].to_list() == pytest.approx(once["share"].to_list())
    assert twice["rmst"].to_list() == pytest.approx(once["rmst"].to_list())
