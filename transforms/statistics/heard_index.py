"""How loud a group is heard: its share of those heard by its share of residents, and an index.

See ``docs/methods/heard_index.md``.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transforms.statistics.intervals import CONFIDENCE, wilson_interval

Floats = NDArray[np.float64]


def heard_ratio(
    heard: ArrayLike,
    total: ArrayLike,
    population_share: ArrayLike,
    *,
    confidence: float = CONFIDENCE,
) -> tuple[Floats, Floats, Floats]:
    """Share of those heard by share of residents, and the ends of its interval.

    The share of residents is a census count and has no error: Wilson's ends are divided by it.

    Args:
        heard: Members of the group heard.
        total: All heard, > 0.
        population_share: The group's share of residents, > 0; NaN where no statistic tells it.
        confidence: Coverage, between 0 and 1.
    """
    share_of_residents = np.asarray(population_share, dtype=np.float64)
    low, high = wilson_interval(heard, total, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(heard, dtype=np.float64) / np.asarray(total, dtype=np.float64)
        ratios = [
            np.where(share_of_residents > 0, v / share_of_residents, np.nan)
            for v in (share, low, high)
        ]
    return ratios[0], ratios[1], ratios[2]


def heard_index(ratios: ArrayLike) -> float:
    """Geometric mean of min(1, ratio) over the ways of being heard; NaN ones are left out.

    A group heard more than its size in one way does not make up for silence in another; a way in
    which nobody of it was heard makes the index 0. NaN when no ratio is known.
    """
    known = np.asarray(ratios, dtype=np.float64)
    known = np.minimum(known[~np.isnan(known)], 1.0)
    if not len(known):
        return float("nan")
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(known).mean()))
