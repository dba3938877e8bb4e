"""What has changed between two independent surveys: differences of shares and of means.

Arrays of one length in and out; NaN in, NaN out. See ``docs/methods/change.md``.
"""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from transforms.statistics.intervals import CONFIDENCE, wilson_interval

Floats = NDArray[np.float64]

SIGNIFICANCE: Final = 0.05
_LEAST_ANSWERS: Final = 2


def share_difference(
    share: ArrayLike,
    n: ArrayLike,
    share_before: ArrayLike,
    n_before: ArrayLike,
    *,
    confidence: float = CONFIDENCE,
) -> tuple[Floats, Floats, Floats]:
    """Difference of two shares (now − before) and the ends of its interval.

    Args:
        share: Share now, 0–1.
        n: Effective number of answers now; not necessarily whole.
        share_before: Share before.
        n_before: Effective number of answers before.
        confidence: Coverage, between 0 and 1.

    Reference:
        Newcombe (1998b), Statist. Med. 17, 873–890, method 10 (Wilson's intervals combined).
    """
    now, before = np.asarray(share, dtype=np.float64), np.asarray(share_before, dtype=np.float64)
    low, high = _wilson(now, n, confidence)
    low_before, high_before = _wilson(before, n_before, confidence)
    difference = now - before
    down = np.sqrt((now - low) ** 2 + (high_before - before) ** 2)
    up = np.sqrt((high - now) ** 2 + (before - low_before) ** 2)
    return difference, difference - down, difference + up


def mean_difference(
    mean: ArrayLike,
    se: ArrayLike,
    n: ArrayLike,
    mean_before: ArrayLike,
    se_before: ArrayLike,
    n_before: ArrayLike,
    *,
    confidence: float = CONFIDENCE,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Difference of two means (now − before), the ends of its interval and the two-sided p.

    Student's t on design-based standard errors; degrees of freedom by Welch and Satterthwaite with
    n − 1 each. NaN below two answers. When nothing varies in either, p is 1 for no difference and 0
    for one.

    Reference:
        Satterthwaite (1946), Biometrics Bull. 2, 110–114; NIST handbook §1.3.5.3.
    """
    from scipy import stats

    counts = [np.asarray(v, dtype=np.float64) for v in (n, n_before)]
    variances = [np.asarray(v, dtype=np.float64) ** 2 for v in (se, se_before)]
    difference = np.asarray(mean, dtype=np.float64) - np.asarray(mean_before, dtype=np.float64)
    known = (counts[0] >= _LEAST_ANSWERS) & (counts[1] >= _LEAST_ANSWERS)
    variance = np.where(known, variances[0] + variances[1], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [v**2 / (c - 1.0) for v, c in zip(variances, counts, strict=True)]
        degrees = variance**2 / (parts[0] + parts[1])
        t = np.abs(difference) / np.sqrt(variance)
        p = 2.0 * stats.t.sf(t, degrees)
    is_fixed = variance == 0
    p = np.where(is_fixed, (difference == 0).astype(np.float64), p)
    half = np.where(is_fixed, 0.0, stats.t.ppf(0.5 + confidence / 2, degrees) * np.sqrt(variance))
    return difference, difference - half, difference + half, p


def verdict(*, difference: pl.Expr, p_adjusted: pl.Expr, is_comparable: pl.Expr) -> pl.Expr:
    """Verdict on a change: better, worse, no_evidence or not_comparable, which wins.

    A greater value is the better one. Without a p there is no evidence.
    """
    is_significant = (p_adjusted < SIGNIFICANCE).fill_null(value=False)
    return (
        pl.when(~is_comparable)
        .then(pl.lit("not_comparable"))
        .when(is_significant & (difference > 0))
        .then(pl.lit("better"))
        .when(is_significant & (difference < 0))
        .then(pl.lit("worse"))
        .otherwise(pl.lit("no_evidence"))
    )


def _wilson(share: Floats, n: ArrayLike, confidence: float) -> tuple[Floats, Floats]:
    total = np.asarray(n, dtype=np.float64)
    # A share times its number may pass the number by a rounding.
    return wilson_interval(np.clip(share * total, 0.0, total), total, confidence=confidence)
