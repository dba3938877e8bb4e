"""Intervals against published results; where each was found: docs/methods/references.md."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.statistics.intervals import (
    NPS_MINIMUM_N,
    logit_interval,
    net_promoter_score,
    t_interval,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2552885199, 0.3662095770),
        (15, 148, 0.0623863995, 0.1604872417),
        (0, 20, 0.0, 0.1611251581),
        (1, 29, 0.0061132143, 0.1717552188),
    ],
)
def test_wilson_interval_agrees_with_newcombe_1998(
    successes: int, n: int, low: float, high: float
) -> None:
    ends = wilson_interval([successes], [n])

    # Newcombe (1998a), Statist. Med. 17, 857–872, table I, method 3, prints four decimals; ten are
    # those of R's prop.test (STATISTICS.md §3).
    assert ends[0][0] == pytest.approx(low, rel=1e-6)
    assert ends[1][0] == pytest.approx(high, rel=1e-6)


# R package binom, binom.confint(x, n): as published with statsmodels 0.15.0,
# stats/tests/results/results_proportion.py.
R_BINOM = {
    (18, 20): (
        (0.6989663547715128, 0.972133518786232), (0.676197991611287, 0.974866415649319)
    ),
    (4, 20): (
        (0.0806576625797981, 0.4160174322518935), (0.0771334546771001, 0.427846901518118)
    ),
    (4, 200): (
        (0.00780442641634947, 0.05028708690582643), (0.00752663882411158, 0.05206026227201098)
    ),
    (190, 200): (
        (0.910421851861224, 0.972617354399236), (0.9095820742314172, 0.9728891271086528)
    ),
}  # fmt: skip


@pytest.mark.parametrize(("successes", "n"), R_BINOM)
def test_wilson_and_logit_intervals_agree_with_r_binom(successes: int, n: int) -> None:
    share = successes / n
    se = math.sqrt(share * (1 - share) / n)

    wilson = wilson_interval([successes], [n])
    logit = logit_interval([share], [se], [1e12])  # binom takes the normal quantile

    assert (wilson[0][0], wilson[1][0]) == pytest.approx(R_BINOM[successes, n][0], rel=1e-12)
    assert (logit[0][0], logit[1][0]) == pytest.approx(R_BINOM[successes, n][1], rel=1e-9)


def test_wilson_interval_of_nobody_is_not_a_number() -> None:
    low, high = wilson_interval([0], [0])

    assert math.isnan(low[0])
    assert math.isnan(high[0])


def test_wilson_interval_of_more_successes_than_answers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"outside 0…n"):
        wilson_interval([3], [2])


@settings(deadline=None)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_mirrors_and_holds_the_share(case: tuple[int, int]) -> None:
    successes, n = case

    low, high = wilson_interval([successes], [n])
    mirrored_low, mirrored_high = wilson_interval([n - successes], [n])

    assert 0 <= low[0] <= successes / n <= high[0] <= 1
    assert low[0] == pytest.approx(1 - mirrored_high[0], abs=1e-12)
    assert high[0] == pytest.approx(1 - mirrored_low[0], abs=1e-12)


def test_t_interval_uses_n_minus_one_degrees_of_freedom() -> None:
    low, high = t_interval([3.0], [0.5], [10])

    assert (low[0], high[0]) == pytest.approx((3 - 2.262157 * 0.5, 3 + 2.262157 * 0.5), rel=1e-6)


def test_t_interval_of_one_answer_is_not_a_number() -> None:
    low, high = t_interval([3.0], [0.0], [1])

    assert np.isnan([low[0], high[0]]).all()


def test_net_promoter_score_of_fifty_answers() -> None:
    score, se, low, high = net_promoter_score([25], [15], [50])

    # p = 0.5, d = 0.3: NPS 20, Var = 100² · (0.8 − 0.04) / 50 = 152.
    assert score[0] == pytest.approx(20.0)
    assert se[0] == pytest.approx(math.sqrt(152))
    assert (low[0], high[0]) == pytest.approx((20 - 1.959964 * se[0], 20 + 1.959964 * se[0]))


def test_net_promoter_score_below_fifty_answers_is_refused() -> None:
    figures = net_promoter_score([49], [0], [NPS_MINIMUM_N - 1])

    assert all(math.isnan(values[0]) for values in figures)


def test_net_promoter_score_of_all_promoters_has_no_error() -> None:
    score, se, low, high = net_promoter_score([60], [0], [60])

    assert (score[0], se[0], low[0], high[0]) == (100.0, 0.0, 100.0, 100.0)
