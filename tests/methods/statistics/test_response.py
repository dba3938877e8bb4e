"""Representativity by hand and by the identities of the papers; refused where it means nothing."""

import math

import numpy as np
import pytest

from transforms.statistics.response import (
    OpenSurveyError,
    dissimilarity,
    max_bias_cv,
    partial_indicators,
    r_indicator,
    response_rate,
)

# 60 young of whom 20 % answered, 40 old of whom 45 %: on the average 30 %.
PROPENSITY, SIZE = [0.20, 0.45], [60, 40]


def test_r_indicator_divides_by_one_less_than_all() -> None:
    # S² = (60 · 0.1² + 40 · 0.15²) / 99 = 1.5 / 99; with 100 below the line R would be 0.7551.
    found = r_indicator(PROPENSITY, SIZE, is_open=False)

    assert found == pytest.approx(1 - 2 * math.sqrt(1.5 / 99), rel=1e-12)
    assert found != pytest.approx(1 - 2 * math.sqrt(1.5 / 100), abs=1e-4)


def test_equal_response_is_representative() -> None:
    assert r_indicator([0.3, 0.3], [10, 90], is_open=False) == 1.0


def test_least_r_indicator_is_that_of_the_paper() -> None:
    # Schouten, Cobben & Bethlehem (2009), (11): R ≥ 1 − 2 √(ρ̄ (1 − ρ̄)), reached when each answers
    # surely or never; for many units N / (N − 1) is 1.
    found = r_indicator([1.0, 0.0], [3e9, 7e9], is_open=False)

    assert found == pytest.approx(1 - 2 * math.sqrt(0.3 * 0.7), rel=1e-6)


def test_partial_indicators_by_hand() -> None:
    found = partial_indicators(PROPENSITY, SIZE, is_open=False)

    # √0.6 · (−0.1) and √0.4 · 0.15: the young are too few, the old too many.
    assert found.tolist() == pytest.approx([-0.1 * math.sqrt(0.6), 0.15 * math.sqrt(0.4)])


def test_squares_of_partial_indicators_add_up_to_the_variance_between() -> None:
    found = partial_indicators(PROPENSITY, SIZE, is_open=False)

    # Schouten, Shlomo & Skinner (2011), (8): Σ P_u(k)² = S²(ρ) of the variable (by N).
    spread = (1 - r_indicator(PROPENSITY, SIZE, is_open=False)) / 2
    assert float((found**2).sum()) == pytest.approx(spread**2 * 99 / 100)


def test_greatest_bias_is_the_coefficient_of_variation() -> None:
    found = max_bias_cv(PROPENSITY, SIZE, is_open=False)

    assert found == pytest.approx(math.sqrt(1.5 / 99) / 0.3)


@pytest.mark.parametrize("measure", [r_indicator, max_bias_cv, partial_indicators])
def test_open_surveys_are_refused(measure: object) -> None:
    assert callable(measure)

    with pytest.raises(OpenSurveyError, match="Nobody was invited"):
        measure(PROPENSITY, SIZE, is_open=True)


def test_dissimilarity_is_the_share_who_would_have_to_be_others() -> None:
    assert dissimilarity([0.5, 0.3, 0.2], [0.4, 0.3, 0.3]) == pytest.approx(0.1)


@pytest.mark.parametrize(("completed", "invited", "rate"), [(250, 1000, 0.25), (5, 5, 1.0)])
def test_response_rate(completed: int, invited: int, rate: float) -> None:
    assert response_rate(completed, invited) == rate


@pytest.mark.parametrize(("completed", "invited"), [(3, 0), (11, 10)])
def test_response_of_nobody_or_of_more_than_were_asked_is_unknown(
    completed: int, invited: int
) -> None:
    assert np.isnan(response_rate(completed, invited))
