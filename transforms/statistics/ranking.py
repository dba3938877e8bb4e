"""Ranks that are told only where they can be told apart."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def disjoint_ranks(values: ArrayLike, low: ArrayLike, high: ArrayLike) -> Floats:
    """Rank of each value, 1 the greatest; NaN unless its interval meets no other.

    Ends belong to the interval: two that touch are not told apart. A value without an interval has
    no rank and stands in nobody's way; one alone has none to be ranked against.

    Args:
        values: Of shape (n,); NaN where unknown.
        low: Lower ends.
        high: Upper ends.

    Reference:
        Goldstein & Spiegelhalter (1996), J. R. Statist. Soc. A 159, 385–443, on league tables.
    """
    points = np.asarray(values, dtype=np.float64)
    ends = [np.asarray(v, dtype=np.float64) for v in (low, high)]
    known = ~(np.isnan(points) | np.isnan(ends[0]) | np.isnan(ends[1]))
    meets = (ends[0][:, None] <= ends[1][None, :]) & (ends[0][None, :] <= ends[1][:, None])
    meets &= known[:, None] & known[None, :]
    np.fill_diagonal(meets, val=False)
    is_alone = known.sum() == 1
    above = (points[None, :] > points[:, None]) & known[None, :]
    rank = 1.0 + above.sum(axis=1)
    return np.where(known & ~meets.any(axis=1) & ~is_alone, rank, np.nan)
