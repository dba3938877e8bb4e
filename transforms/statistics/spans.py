"""What lies over each day: sums and minima of many spans of days, per cell, without expanding them.

A span is a half-open range of days [start, end) in one cell; an empty one counts for nothing.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NOTHING: Final = np.iinfo(np.int64).max


def count_covering(cell: Ints, start: Ints, end: Ints, *, n_cells: int, n_days: int) -> Ints:
    """Number of spans over each day, of shape (n_cells, n_days)."""
    keep = end > start
    steps = np.zeros((n_cells, n_days + 1), dtype=np.int64)
    np.add.at(steps, (cell[keep], start[keep]), 1)
    np.add.at(steps, (cell[keep], end[keep]), -1)
    return steps.cumsum(axis=1)[:, :n_days]


def least_covering(
    cell: Ints, start: Ints, end: Ints, value: Ints, *, n_cells: int, n_days: int
) -> Ints:
    """Least ``value`` of the spans over each day, of shape (n_cells, n_days); NOTHING where none.

    Each span is laid down as two overlapping blocks of a power of two, and the blocks are then
    handed down to halves: a sparse table of range minima run backwards, O(spans + days · log days).
    """
    keep = end > start
    cell, start, end, value = cell[keep], start[keep], end[keep], value[keep]
    lengths = end - start
    power = np.frexp(lengths.astype(np.float64))[1].astype(np.int64) - 1
    level = np.full((n_cells, n_days), NOTHING, dtype=np.int64)
    for k in range(int(power.max(initial=0)), -1, -1):
        here = power == k
        np.minimum.at(level, (cell[here], start[here]), value[here])
        np.minimum.at(level, (cell[here], end[here] - 2**k), value[here])
        if k > 0:
            level = _handed_down(level, half=2 ** (k - 1))
    return level


def _handed_down(level: Ints, *, half: int) -> Ints:
    lower = level.copy()
    lower[:, half:] = np.minimum(lower[:, half:], level[:, :-half])
    return lower
