"""Raking, trimming and merging against R survey's published examples, and by hand.

Values of R survey 4.5 to 15 digits as published with Survey.jl, test/r_reference
(poststratify_results, rake_results, trimweights_mean .csv). See docs/methods/references.md.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.api_schools import (
    CLUSTER_WEIGHT,
    SCHOOLS_BY_TARGET,
    SCHOOLS_OF_TYPE,
    cluster_sample,
    stratified_sample,
)
from transforms.statistics.estimates import Design, estimate_means
from transforms.statistics.svy_engine import raked_weights
from transforms.statistics.weights import (
    EmptyCategoryError,
    collapse_categories,
    describe_weights,
    rake,
    trim_weights,
)

# Two margins of a city of 50,000: women and men, three ages; respondents of each combination.
GENDER_TOTALS = np.array([25_200.0, 24_800.0])
AGE_TOTALS = np.array([14_000.0, 23_000.0, 13_000.0])
RESPONDENTS = [[20, 50, 60], [15, 35, 20]]


def two_margins() -> tuple[np.ndarray, np.ndarray]:
    cells = [(g, a) for g in range(2) for a in range(3) for _ in range(RESPONDENTS[g][a])]
    gender, age = np.array(cells).T
    return gender, age


def test_raked_weights_agree_with_r_survey() -> None:
    gender, age = two_margins()

    raked = rake([gender, age], [GENDER_TOTALS, AGE_TOTALS], base=np.full(200, 250.0))

    # STATISTICS.md §3, R survey: rake() to a tight tolerance.
    first = [np.flatnonzero((gender == g) & (age == a))[0] for g in range(2) for a in range(3)]
    assert raked.is_converged
    assert raked.weights[first] == pytest.approx(
        [
            311.18575518812, 212.35706303747, 139.30719573940,
            518.41899308251, 353.77562423219, 232.07841278181,
        ],
        rel=1e-9,
    )  # fmt: skip


def test_effective_number_of_the_raked_weights_agrees_with_r_survey() -> None:
    gender, age = two_margins()

    found = describe_weights(rake([gender, age], [GENDER_TOTALS, AGE_TOTALS]).weights)

    assert found.n_eff == pytest.approx(168.40709116304, rel=1e-6)
    assert found.deff == pytest.approx(200 / 168.40709116304, rel=1e-6)
    assert found.deff == pytest.approx(1 + found.weight_cv**2)


def test_raked_mean_of_californian_schools_agrees_with_r_survey() -> None:
    index, kind, met, _ = cluster_sample()
    base = np.full(183, CLUSTER_WEIGHT)

    raked = rake([kind, met], [SCHOOLS_OF_TYPE, SCHOOLS_BY_TARGET], base=base)

    # R survey, help page of rake(): 641.23 (its tests/rakecheck.Rout.save); with the default of
    # epsilon = 1 R stops at 641.230246862208 (rake_results.csv), to a tight tolerance at
    # 641.2303209268 (trap 1 of STATISTICS.md).
    assert np.average(index, weights=raked.weights) == pytest.approx(641.2303209268, rel=1e-12)


def test_one_margin_is_post_stratified_in_one_round() -> None:
    index, kind, _, _ = cluster_sample()

    raked = rake([kind], [SCHOOLS_OF_TYPE], base=np.full(183, CLUSTER_WEIGHT))

    # R survey 4.5, postStratify(dclus1, ~stype, …): svymean(~api00), poststratify_results.csv.
    assert (raked.n_iterations, raked.is_converged) == (1, True)
    assert np.average(index, weights=raked.weights) == pytest.approx(642.310788211584, rel=1e-12)


def test_trimmed_weights_agree_with_trimweights_of_r_survey() -> None:
    index, stratum, weights = stratified_sample()

    trimmed, is_cut = trim_weights(weights, below=0.0, above=40 / float(np.median(weights)))

    # R survey 4.5: svymean(~api00, trimWeights(dstrat, upper = 40)), trimweights_mean.csv.
    found = estimate_means(index[:, None], Design(trimmed, strata=stratum))
    assert found.mean[0] == pytest.approx(659.349743500561, rel=1e-12)
    assert found.se[0] == pytest.approx(9.06119336956428, rel=1e-12)
    assert is_cut.tolist() == (stratum == 0).tolist()
    assert trimmed.sum() == pytest.approx(weights.sum())


def test_weights_within_the_bounds_are_left_alone() -> None:
    trimmed, is_cut = trim_weights(np.array([0.3, 1.0, 1.0, 1.0, 3.0]))

    assert trimmed.tolist() == [0.3, 1.0, 1.0, 1.0, 3.0]
    assert not is_cut.any()


def test_what_is_cut_off_is_shared_among_the_others() -> None:
    trimmed, is_cut = trim_weights(np.array([1.0, 1.0, 1.0, 1.0, 7.0]))

    assert trimmed.tolist() == [2.0, 2.0, 2.0, 2.0, 3.0]
    assert is_cut.tolist() == [False, False, False, False, True]


def test_diagnostics_of_weights_worked_out_by_hand() -> None:
    found = describe_weights(np.array([1.0, 1.0, 2.0, 0.0]))

    # Mean 4/3; n_eff = 4² / 6; deff = 3 · 6 / 16; the weight of 0 stands for nobody.
    assert (found.weight_min, found.weight_max) == pytest.approx((0.75, 1.5))
    assert (found.n_eff, found.deff) == pytest.approx((16 / 6, 18 / 16))
    assert found.weight_cv == pytest.approx(math.sqrt(1 / 8))


def test_no_weight_has_no_diagnostics() -> None:
    assert math.isnan(describe_weights(np.array([0.0])).deff)


def test_a_category_without_respondents_is_refused() -> None:
    with pytest.raises(EmptyCategoryError, match="1 of 3 categories"):
        rake([np.array([0, 0, 2])], [np.array([5.0, 1.0, 4.0])])


def test_margins_that_no_weights_can_keep_do_not_converge() -> None:
    # Every woman is young and every man is old, but the margins disagree on how many.
    codes = np.array([0, 1])

    raked = rake([codes, codes], [np.array([6.0, 4.0]), np.array([5.0, 5.0])])

    assert not raked.is_converged


@pytest.mark.parametrize(
    ("counts", "merged"),
    [
        ({"a": 5, "b": 5, "c": 9}, {"a": "a", "b": "b", "c": "c"}),
        ({"a": 4, "b": 9, "c": 6}, {"a": "a", "b": "a", "c": "c"}),
        ({"a": 9, "b": 4, "c": 6}, {"a": "a", "b": "b", "c": "b"}),
        ({"a": 9, "b": 4, "c": 9}, {"a": "a", "b": "a", "c": "c"}),
        ({"a": 0, "b": 2, "c": 2, "d": 9}, {"a": "a", "b": "a", "c": "a", "d": "a"}),
        ({"a": 1, "b": 2}, {"a": "a", "b": "a"}),
        ({"a": 0}, {"a": "a"}),
    ],
)
def test_small_age_bands_join_their_smaller_neighbour(
    counts: dict[str, int], merged: dict[str, str]
) -> None:
    assert collapse_categories(counts, is_ordered=True) == merged


def test_small_areas_join_the_smallest_other() -> None:
    merged = collapse_categories({"a": 20, "b": 3, "c": 40, "d": 9}, is_ordered=False)

    assert merged == {"a": "a", "b": "b", "c": "c", "d": "b"}


margins_of_people = st.integers(10, 60).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.integers(0, 1), min_size=n, max_size=n),
    )
)


@settings(max_examples=40, deadline=None)
@given(margins_of_people)
def test_raking_keeps_every_margin_and_agrees_with_svy(people: tuple[list[int], list[int]]) -> None:
    # Every combination once at least, so that weights exist for any margins.
    first = np.array([0, 0, 1, 1, 2, 2, *people[0]])
    second = np.array([0, 1, 0, 1, 0, 1, *people[1]])
    totals = [np.array([500.0, 300.0, 200.0]), np.array([450.0, 550.0])]

    raked = rake([first, second], totals)

    for codes, wanted in zip((first, second), totals, strict=True):
        assert np.bincount(codes, weights=raked.weights) == pytest.approx(wanted, rel=1e-9)
    by_svy = raked_weights([first, second], totals, base=np.ones(len(first)))
    assert raked.weights == pytest.approx(by_svy, rel=1e-9)
