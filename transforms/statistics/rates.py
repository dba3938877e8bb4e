"""Whether two Poisson rates differ: the exact conditional test, over arrays.

Arrays of one length in and out; NaN in, NaN out. See ``docs/methods/topics.md``.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def rate_ratio(
    events: ArrayLike, exposure: ArrayLike, events_before: ArrayLike, exposure_before: ArrayLike
) -> tuple[Floats, Floats]:
    """Ratio of two rates and the p of their being equal.

    Given the sum of the events, those of the first period are binomial with the share of its
    exposure. p is two-sided: the probabilities of all outcomes no likelier than the one found
    (the rule of R's ``poisson.test``).

    Args:
        events: Events found, whole numbers.
        exposure: What they were found in (texts, days), > 0.
        events_before: Events of the period compared with.
        exposure_before: Its exposure, > 0.

    Returns:
        The ratio (NaN without an event before) and p; both NaN where an exposure is not above 0 or
        no event was found in either.

    Reference:
        Przyborowski & Wilenski (1940), Biometrika 31, 313–323.
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    x0, n0 = (np.asarray(v, dtype=np.float64) for v in (events_before, exposure_before))
    known = (n > 0) & (n0 > 0) & (x + x0 > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(known & (x0 > 0), (x / n) / (x0 / n0), np.nan)
    p = np.full(x.shape, np.nan)
    p[known] = _two_sided(x[known], (x + x0)[known], n[known] / (n + n0)[known])
    return ratio, p


def _two_sided(found: Floats, total: Floats, share: Floats) -> Floats:
    """Probability of every outcome no likelier than the one found, by bisection on the far tail."""
    from scipy.stats import binom

    near = 1.0 + 1e-7  # equal probabilities differ in their last digits; R allows as much
    limit = binom.pmf(found, total, share) * near
    is_low = found <= total * share
    tail = np.where(is_low, binom.cdf(found, total, share), binom.sf(found - 1, total, share))
    # On the far side probabilities fall away from the mode: find the first outcome that is rare.
    inner = np.where(is_low, np.ceil(total * share), 0.0)
    outer = np.where(is_low, total, np.floor(total * share)) + 1.0
    while True:
        middle = np.floor((inner + outer) / 2)
        is_done = outer - inner <= 0
        if bool(is_done.all()):
            break
        rare = binom.pmf(middle, total, share) <= limit
        # Low side found: the rare ones are the greatest; high side found: the least.
        outer = np.where(~is_done & is_low & rare, middle, outer)
        inner = np.where(~is_done & is_low & ~rare, middle + 1, inner)
        inner, outer = (
            np.where(~is_done & ~is_low & rare, middle + 1, inner),
            np.where(~is_done & ~is_low & ~rare, middle, outer),
        )
    far = np.where(is_low, binom.sf(inner - 1, total, share), binom.cdf(inner - 1, total, share))
    p: Floats = np.minimum(tail + far, 1.0)
    return p
