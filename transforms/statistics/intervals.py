"""Confidence intervals of a share, a mean and the net promoter score, over arrays.

Arrays of one length in and out; NaN in, NaN out. See ``docs/methods/intervals.md``.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CONFIDENCE: Final = 0.95
_LEAST_ANSWERS: Final = 2  # one answer says nothing of how far answers lie apart
LOGIT_MINIMUM_N: Final = 40
NPS_MINIMUM_N: Final = 50  # STATISTICS.md §2 trap 10: with n = 10 the interval is ± 54


def wilson_interval(
    successes: ArrayLike, n: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Wilson's score interval of a share, both ends within 0–1.

    Args:
        successes: Number with the property; not necessarily whole (``share × n_eff``).
        n: Number in all; NaN or 0 gives NaN.
        confidence: Coverage, between 0 and 1.

    Reference:
        Newcombe (1998a), method 3; ``docs/methods/intervals.md``.
    """
    x = np.asarray(successes, dtype=np.float64)
    total = np.asarray(n, dtype=np.float64)
    if np.any((x < 0) | (x > total)):
        raise ValueError(
            "A number of successes lies outside 0…n. Count the property among the n answers."
        )
    z = _normal_quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = x / total
        centre = (x + z**2 / 2) / (total + z**2)
        half = z / (total + z**2) * np.sqrt(total * share * (1 - share) + z**2 / 4)
        low = np.where(x == 0, 0.0, centre - half)
        high = np.where(x == total, 1.0, centre + half)
    known = total > 0
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def logit_interval(
    share: ArrayLike, se: ArrayLike, n: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Interval of a share from its standard error, on the logit scale so that it stays in 0–1.

    logit p ± t(n − 1) · se / (p (1 − p)). NaN at 0 and 1, where there is no logit.

    Reference:
        ``svyciprop(method = "logit")`` of R survey; Korn & Graubard (1999) §3.2.
    """
    from scipy import special, stats

    p, error = np.asarray(share, dtype=np.float64), np.asarray(se, dtype=np.float64)
    degrees = np.asarray(n, dtype=np.float64) - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.where((p > 0) & (p < 1), special.logit(p), np.nan)
        half = stats.t.ppf(0.5 + confidence / 2, degrees) * error / (p * (1.0 - p))
    return special.expit(centre - half), special.expit(centre + half)


def share_interval(
    share: ArrayLike, se: ArrayLike, n: ArrayLike, n_eff: ArrayLike
) -> tuple[Floats, Floats]:
    """95 % interval of a weighted share: logit, but Wilson's on ``n_eff`` below 40 answers.

    Wilson's as well at 0, at 1 and where the standard error is 0 or unknown.
    """
    p, effective = np.asarray(share, dtype=np.float64), np.asarray(n_eff, dtype=np.float64)
    few = wilson_interval(np.clip(p * effective, 0.0, effective), effective)
    many = logit_interval(p, se, n)
    is_many = (np.asarray(n) >= LOGIT_MINIMUM_N) & (np.asarray(se) > 0) & ~np.isnan(many[0])
    return np.where(is_many, many[0], few[0]), np.where(is_many, many[1], few[1])


def t_interval(
    mean: ArrayLike, se: ArrayLike, n: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Student's interval of a mean with n − 1 degrees of freedom; NaN below two answers."""
    from scipy import stats

    total = np.asarray(n, dtype=np.float64)
    degrees = np.where(total >= _LEAST_ANSWERS, total - 1, np.nan)
    half = stats.t.ppf(0.5 + confidence / 2, degrees) * np.asarray(se, dtype=np.float64)
    centre = np.asarray(mean, dtype=np.float64)
    return centre - half, centre + half


def net_promoter_score(
    promoters: ArrayLike, detractors: ArrayLike, n: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats, Floats, Floats]:
    """Score from −100 to 100, its standard error and the ends of its interval.

    NPS = 100 (p − d), Var = 100² (p + d − (p − d)²) / n. **Refuses (NaN) below 50 answers**: the
    interval would then be wider than any difference worth telling. Ends are cut at ±100.
    """
    total = np.asarray(n, dtype=np.float64)
    enough = np.where(total >= NPS_MINIMUM_N, total, np.nan)
    p = np.asarray(promoters, dtype=np.float64) / enough
    d = np.asarray(detractors, dtype=np.float64) / enough
    score = 100.0 * (p - d)
    variance = np.maximum(p + d - (p - d) ** 2, 0.0) / enough
    se = 100.0 * np.sqrt(variance)
    z = _normal_quantile(confidence)
    return score, se, np.maximum(score - z * se, -100.0), np.minimum(score + z * se, 100.0)


def _normal_quantile(confidence: float) -> float:
    from scipy import special

    return float(special.ndtri(0.5 + confidence / 2))
