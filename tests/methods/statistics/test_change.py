"""Differences between waves against published results, and the verdicts.

Where each result was found: docs/methods/references.md.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from transforms.statistics.change import mean_difference, share_difference, verdict
from transforms.statistics.multiple import adjust_within


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [
        # Newcombe (1998b), Statist. Med. 17, 873–890, table II, contrasts a–h, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_difference_of_shares_agrees_with_newcombe_1998(
    now: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    found = share_difference(now[0] / now[1], now[1], before[0] / before[1], before[1])

    assert (float(found[1]), float(found[2])) == pytest.approx((low, high), abs=5e-5)


def test_difference_of_shares_agrees_with_fagerland_and_others_2015() -> None:
    _, low, high = share_difference(7 / 34, 34, 1 / 34, 34)

    # Fagerland, Lydersen & Laake (2015), Statist. Methods Med. Res. 24, 224–254, Newcombe hybrid
    # score: 0.019 to 0.34; as quoted by statsmodels 0.15.0, stats/tests/test_proportion.py.
    assert float(low) == pytest.approx(0.019, abs=5e-4)
    assert float(high) == pytest.approx(0.34, abs=5e-3)


def test_difference_of_shares_agrees_with_statsmodels() -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    _, low, high = share_difference(56 / 70, 70, 48 / 80, 80)

    expected = confint_proportions_2indep(56, 70, 48, 80, method="newcomb", compare="diff")
    assert (float(low), float(high)) == pytest.approx(expected, rel=1e-9)


def test_difference_of_shares_of_nobody_is_not_a_number() -> None:
    assert np.isnan(share_difference([np.nan], [0], [0.5], [10])).all()


def test_difference_of_means_agrees_with_nist() -> None:
    # NIST handbook §1.3.5.3, miles per gallon of 249 American and 79 Japanese cars; variances not
    # assumed equal, to more digits in the manual of Boost.Math, "Comparing the means of two samples
    # with the Students-t test": t −12.94627 on 136.87499 degrees of freedom, p 1.571e−25.
    errors = 6.41470 / np.sqrt(249), 6.10771 / np.sqrt(79)

    difference, low, high, p = mean_difference(20.14458, errors[0], 249, 30.48101, errors[1], 79)

    se = np.hypot(*errors)
    assert float(difference / se) == pytest.approx(-12.94627, rel=1e-6)
    assert float(p) == pytest.approx(1.571e-25, rel=5e-4)
    half = 1.9775 * se  # the quantile of 136.9 degrees, from a table
    assert (float(low), float(high)) == pytest.approx(
        (difference - half, difference + half), rel=1e-4
    )


# Student's sleep data: hours gained by ten patients with one drug and with another (R, sleep).
SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)


@pytest.mark.parametrize(
    ("now", "before", "t", "p", "ends"),
    [
        (*SLEEP, -1.8608, 0.0794, (-3.3654832, 0.2054832)),
        (range(1, 11), range(7, 21), -5.4349, 1.855e-05, (-11.052802, -4.947198)),
        (range(1, 11), [*range(7, 21), 200], -1.6329, 0.1245, (-47.242900, 6.376233)),
    ],
)
def test_difference_of_means_agrees_with_r_s_t_test(
    now: Sequence[float],
    before: Sequence[float],
    t: float,
    p: float,
    ends: tuple[float, float],
) -> None:
    means = [np.mean(sample) for sample in (now, before)]
    errors = [np.std(sample, ddof=1) / len(sample) ** 0.5 for sample in (now, before)]

    found = mean_difference(means[0], errors[0], len(now), means[1], errors[1], len(before))

    # R, help page of t.test (Welch): its examples and what they print, as kept in R's sources,
    # tests/Examples/stats-Ex.Rout.save.
    difference, low, high, found_p = map(float, found)
    assert difference / np.hypot(*errors) == pytest.approx(t, abs=5e-5)
    assert found_p == pytest.approx(p, rel=7e-4)
    assert (low, high) == pytest.approx(ends, abs=5.1e-7)


def test_one_answer_is_no_evidence() -> None:
    found = mean_difference([3.0], [0.0], [1], [4.0], [0.1], [50])

    assert np.isnan([found[1][0], found[3][0]]).all()


@pytest.mark.parametrize(("now", "p"), [(5.0, 1.0), (4.0, 0.0)])
def test_waves_in_which_nothing_varies_differ_or_do_not(now: float, p: float) -> None:
    difference, low, high, found = mean_difference([now], [0.0], [20], [5.0], [0.0], [20])

    assert (difference[0], low[0], high[0]) == (now - 5.0, now - 5.0, now - 5.0)
    assert found[0] == p


@pytest.mark.parametrize(
    ("difference", "p", "is_comparable", "expected"),
    [
        (0.4, 0.049, True, "better"),
        (-0.4, 0.049, True, "worse"),
        (0.4, 0.05, True, "no_evidence"),
        (0.4, None, True, "no_evidence"),
        (0.4, 0.001, False, "not_comparable"),
        (None, None, False, "not_comparable"),
    ],
)
def test_verdict(
    difference: float | None, p: float | None, expected: str, *, is_comparable: bool
) -> None:
    row = pl.DataFrame(
        {"d": [difference], "p": [p], "c": [is_comparable]},
        schema={"d": pl.Float64, "p": pl.Float64, "c": pl.Boolean},
    )

    found = row.select(
        v=verdict(difference=pl.col("d"), p_adjusted=pl.col("p"), is_comparable=pl.col("c"))
    )

    assert found.item() == expected


# Benjamini & Hochberg (1995), J. R. Statist. Soc. B 57, 289–300, §4: thrombolysis in myocardial
# infarction, 15 ordered p-values; quoted, with what they become, in SciPy's reference
# (scipy.stats.false_discovery_control, examples).
FIFTEEN = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
    0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip


def test_benjamini_and_hochberg_reject_four_of_their_fifteen() -> None:
    frame = pl.DataFrame({"p": FIFTEEN, "wave": ["a"] * 15})

    adjusted = frame.select(adjust_within("p", ["wave"])).to_series()

    # p_(i) · 15 / i, and never more than a later one: the 6th takes the 7th's 0.0298 · 15 / 7.
    assert (adjusted <= 0.05).sum() == 4
    assert sum(p * 15 <= 0.05 for p in FIFTEEN) == 3  # Bonferroni, as in the paper
    assert adjusted.to_list() == pytest.approx(
        [
            0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645, 0.0765, 0.486,
            0.58118182, 0.714875, 0.75323077, 0.81321429, 1.0,
        ],
        abs=5.1e-9,
    )  # fmt: skip


def test_adjustment_agrees_with_scipy_in_any_order_and_within_families() -> None:
    from scipy.stats import false_discovery_control

    shuffled = [FIFTEEN[(7 * k) % 15] for k in range(15)]
    frame = pl.DataFrame({"p": [*shuffled, None, 0.03, 0.01], "wave": ["a"] * 15 + ["a", "b", "b"]})

    adjusted = frame.select(adjust_within("p", ["wave"])).to_series().to_list()

    assert adjusted[:15] == pytest.approx(false_discovery_control(shuffled).tolist())
    assert adjusted[15] is None
    assert adjusted[16:] == pytest.approx([0.03, 0.02])


def test_equal_p_values_have_equal_adjusted_ones() -> None:
    frame = pl.DataFrame({"p": [0.02, 0.04, 0.02, 0.02], "wave": ["a"] * 4})

    adjusted = frame.select(adjust_within("p", ["wave"])).to_series().to_list()

    assert adjusted == pytest.approx([0.02 * 4 / 3, 0.04, 0.02 * 4 / 3, 0.02 * 4 / 3])
