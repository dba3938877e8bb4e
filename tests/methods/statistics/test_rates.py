"""The exact comparison of two Poisson rates against published results.

Where each was found: docs/methods/references.md.
"""

import numpy as np
import pytest

from transforms.statistics.rates import rate_ratio


def test_lung_cancer_in_fredericia_agrees_with_r() -> None:
    # R, help page of poisson.test (eba1977, ages 55–59): 11 in 800 against 6 + 8 + 7 in 1083 + 1050
    # + 878; ratio 1.971488, p-value 0.07967, as printed in R's sources,
    # tests/Examples/stats-Ex.Rout.save.
    ratio, p = rate_ratio([11], [800], [21], [1083 + 1050 + 878])

    assert ratio[0] == pytest.approx(1.971488, rel=1e-6)
    assert p[0] == pytest.approx(0.07967, abs=5e-6)


def test_heart_disease_of_nurses_agrees_with_r_exactci() -> None:
    # Gu, Ng, Tang & Schucany (2008), Biometr. J. 50, 283–298, example 1: 60 in 51,477.5 years
    # against 30 in 54,308.7. R exactci, poisson.exact(tsmethod = "minlike"), as published with
    # statsmodels 0.15.0, stats/tests/results/results_rates.py.
    ratio, p = rate_ratio([60], [51477.5], [30], [54308.7])

    assert ratio[0] == pytest.approx(2.10999757175465, rel=1e-12)
    assert p[0] == pytest.approx(0.000675182658686321, rel=1e-9)


def test_equal_exposures_give_the_sign_test() -> None:
    # 1 of 6 heads: P(0) + P(1) + P(5) + P(6) = (1 + 6 + 6 + 1) / 64.
    _, p = rate_ratio([1], [10], [5], [10])

    assert p[0] == pytest.approx(14 / 64, rel=1e-12)


def test_least_likely_outcomes_of_both_sides_count_when_exposures_differ() -> None:
    # Binomial(3, 1/4): found 3 has probability 1/64, and nothing is as unlikely.
    # Found 2 has 9/64, and with it counts 3.
    _, p = rate_ratio([3, 2], [1, 1], [0, 1], [3, 3])

    assert p.tolist() == pytest.approx([1 / 64, 10 / 64])


def test_commonest_outcome_gives_one() -> None:
    _, p = rate_ratio([15, 4, 0], [72.2, 10.0, 1.0], [0, 4, 3], [2.58, 10.0, 3.0])

    assert p.tolist() == pytest.approx([1.0, 1.0, 1.0])


def test_nothing_found_or_nothing_looked_at_tells_nothing() -> None:
    ratio, p = rate_ratio([0, 2, np.nan], [5, 0, 5], [0, 3, 1], [5, 5, 5])

    assert np.isnan(ratio).all()
    assert np.isnan(p).all()


def test_no_event_before_has_a_p_but_no_ratio() -> None:
    ratio, p = rate_ratio([6], [10], [0], [10])

    assert np.isnan(ratio[0])
    assert p[0] == pytest.approx(2 / 64)
