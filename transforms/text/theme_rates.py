"""Whether a term is said more often than before: rates of one month against the twelve before it.

Belongs here: expectation, dispersion, tail probability and the control of false discoveries. Page:
docs/methods/themes.md.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_PRIOR = 0.5  # of a text: Jeffreys' prior of a Poisson rate
#: Fewer months tell too little of how a term varies: nothing is compared then.
LEAST_MONTHS = 6
_LEAST_FOR_COMMON = 30  # texts before, from which a term tells something of dispersion


@dataclass(frozen=True)
class Rates:
    """How each term's month stands to what the months before let expect.

    Attributes:
        n_expected: Texts expected, half a text of prior included; never zero.
        p: Probability of at least the texts found.
        is_comparable: Of shape (n_strata,): whether the months before hold enough of it.
    """

    n_expected: Floats
    p: Floats
    is_comparable: npt.NDArray[np.bool_]


def compare_rates(now: Floats, before: Floats, n_now: Floats, n_before: Floats) -> Rates:
    """Negative binomial tail of each term, standardised to the month's strata.

    The expectation is directly standardised; its own uncertainty is that of a gamma variable with
    the same mean and variance (Fay & Feuer 1997), so the count is negative binomial. To that comes
    the variation between the months before, the larger of the term's own and the common one
    (moments): a word of every winter, or of one busy week a year, is not new.

    Args:
        now: Texts with the term in the month, of shape (n_terms, n_strata).
        before: The same in each month before, (n_terms, n_strata, n_months).
        n_now: Texts of the month, (n_strata,).
        n_before: Texts of each month before, (n_strata, n_months).
    """
    from scipy.special import betainc

    total = n_before.sum(axis=1)
    n_months = int((n_before.sum(axis=0) > 0).sum())
    is_comparable = (total > 0) & (total >= n_now) & (n_months >= LEAST_MONTHS)
    kept = np.flatnonzero(is_comparable)
    found = now[:, kept].sum(axis=1)
    if not n_now[kept].sum():
        return Rates(np.full(len(now), _PRIOR), np.ones(len(now)), is_comparable)
    weights = n_now[kept] / total[kept]
    common = n_now[kept].sum() / total[kept].sum()
    sums = before[:, kept].sum(axis=2)
    expected = sums @ weights + _PRIOR * common
    variance = sums @ weights**2 + _PRIOR * common**2
    spread = _dispersion(before[:, kept], n_before[kept])
    size = 1.0 / (variance / expected**2 + spread)
    p = betainc(np.maximum(found, 1.0), size, expected / (size + expected))
    return Rates(expected, np.where(found > 0, p, 1.0), is_comparable)


def q_values(p: Floats, *, n_tests: int) -> Floats:
    """Smallest false discovery rate at which each term is found (Benjamini & Hochberg 1995).

    Args:
        p: Tail probabilities of the terms at hand.
        n_tests: Terms that were looked at, those of p = 1 that are not at hand included.
    """
    order = np.argsort(p, kind="stable")
    ranked = p[order] * n_tests / np.arange(1, len(p) + 1)
    smallest = np.minimum.accumulate(ranked[::-1])[::-1]
    q = np.empty(len(p))
    q[order] = np.minimum(smallest, 1.0)
    return q


def _dispersion(before: Floats, n_before: Floats) -> Floats:
    """Variance of a term's monthly rate over its square, beyond Poisson: (n_terms,)."""
    totals = n_before.sum(axis=1)
    rates = before.sum(axis=2) / totals
    expected = rates @ n_before
    found = before.sum(axis=1)
    n_months = int((n_before.sum(axis=0) > 0).sum())
    freedom = n_months / max(n_months - 1, 1)  # the mean was taken from the same months
    excess = (freedom * (found - expected) ** 2 - expected).sum(axis=1)
    squares = (expected**2).sum(axis=1)
    own = np.divide(excess, squares, out=np.zeros(len(squares)), where=squares > 0)
    often = own[found.sum(axis=1) >= _LEAST_FOR_COMMON]
    common = max(float(np.median(often)), 0.0) if len(often) else 0.0
    spread: Floats = np.maximum(own, common)
    return spread
