"""Who answered: how far the respondents are from the population that they should speak for.

See ``docs/methods/representativeness.md``.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_LEAST_UNITS: Final = 2


class OpenSurveyError(ValueError):
    """A measure of response is asked for of a survey whose respondents chose themselves."""


def r_indicator(propensity: ArrayLike, size: ArrayLike, *, is_open: bool) -> float:
    """Representativity 1 − 2 S(ρ): 1 when all respond alike, 0 when they could not differ more.

    S² = Σ N_k (ρ_k − ρ̄)² / (N − 1): **N − 1**, not N; it moves the 5th digit of a small survey.

    Args:
        propensity: Response propensity of each class, 0–1.
        size: Units of the population (or sample invited) in each class, at least two in all.
        is_open: Whether the survey was open to all comers: nobody was asked, so nobody refused.

    Raises:
        OpenSurveyError: If the survey was open.

    Reference:
        Schouten, Cobben & Bethlehem (2009), Survey Methodology 35, 101–113, (2) and (10).
    """
    _refuse_open(is_open=is_open)
    return 1.0 - 2.0 * _spread(propensity, size)


def max_bias_cv(propensity: ArrayLike, size: ArrayLike, *, is_open: bool) -> float:
    """Coefficient of variation S(ρ) / ρ̄ of the propensities.

    The bias of an unweighted mean of respondents is at most this many standard deviations of what
    is asked.

    Raises:
        OpenSurveyError: If the survey was open.

    Reference:
        Schouten, Cobben & Bethlehem (2009), (7); Schouten, Shlomo & Skinner (2011).
    """
    _refuse_open(is_open=is_open)
    return _spread(propensity, size) / _average(propensity, size)


def partial_indicators(propensity: ArrayLike, size: ArrayLike, *, is_open: bool) -> Floats:
    """Unconditional partial indicator of each category: √(N_k / N) (ρ_k − ρ̄), signed.

    Their sum of squares is the between-variance of the variable, whose root is its own indicator.

    Raises:
        OpenSurveyError: If the survey was open.

    Reference:
        Schouten, Shlomo & Skinner (2011), J. Official Statist. 27, 231–253, (8) and (9).
    """
    _refuse_open(is_open=is_open)
    units = np.asarray(size, dtype=np.float64)
    gap = np.asarray(propensity, dtype=np.float64) - _average(propensity, size)
    parts: Floats = np.sqrt(units / units.sum()) * gap
    return parts


def dissimilarity(shares: ArrayLike, population_shares: ArrayLike) -> float:
    """Half the sum of absolute differences: the share who would have to be others.

    Reference:
        Duncan & Duncan (1955), Am. Sociol. Rev. 20, 210–217.
    """
    gap = np.asarray(shares, dtype=np.float64) - np.asarray(population_shares, dtype=np.float64)
    return float(np.abs(gap).sum() / 2.0)


def response_rate(completed: float, invited: float) -> float:
    """Those who answered by those invited; NaN when nobody was invited or more answered than were.

    Reference:
        AAPOR, Standard Definitions (2016), RR2 with all invited counted as eligible.
    """
    return completed / invited if 0 < invited >= completed else float("nan")


def _average(propensity: ArrayLike, size: ArrayLike) -> float:
    units = np.asarray(size, dtype=np.float64)
    return float((units * np.asarray(propensity, dtype=np.float64)).sum() / units.sum())


def _spread(propensity: ArrayLike, size: ArrayLike) -> float:
    units = np.asarray(size, dtype=np.float64)
    if units.sum() < _LEAST_UNITS:
        return float("nan")
    gap = np.asarray(propensity, dtype=np.float64) - _average(propensity, size)
    return float(np.sqrt((units * gap**2).sum() / (units.sum() - 1.0)))


def _refuse_open(*, is_open: bool) -> None:
    if is_open:
        raise OpenSurveyError(
            "A measure of response was asked for of an open survey; expected a census or a sample. "
            "Nobody was invited, so there is no response to measure: leave it out."
        )
