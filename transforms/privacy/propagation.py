"""Bounds that follow from single equations, over and over: what an attacker finds with a pencil.

No possible world lies outside them. They are quick, so that most of what is told for certain is
found without a linear programme. Whole numbers stay whole on the way: every sign is one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.privacy.system import Bools, Floats, Ints, System

#: No count of a city is greater; sums of some of them are still exact as floats.
FAR: Final = 1e9
_MOST_ROUNDS: Final = 100
_STEP: Final = 0.5


@dataclass(frozen=True, slots=True)
class View:
    """What an attacker does not know: which cells, and the least that each of them may be."""

    unknown: Bools
    least: Ints


def outer_bounds(system: System, view: View) -> tuple[Floats, Floats]:
    """Lower and upper bounds of every cell that no possible world leaves.

    Args:
        system: Cells and equations. Of the values only those of known cells are looked at.
        view: What is unknown.
    """
    value = system.value.astype(np.float64)
    low = np.where(view.unknown, view.least, value).astype(np.float64)
    return tighten(system, low, np.where(view.unknown, FAR, value).astype(np.float64))


def tighten(system: System, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Bounds as tight as the equations make them, each by itself, over and over.

    Args:
        system: Equations; the values are not looked at.
        low: Lower bounds to begin with; known cells have the same upper one.
        high: Upper bounds to begin with.
    """
    low, high = low.copy(), high.copy()
    is_open = low < high
    # Members by cell, so that the tightest equation of each is one reduction.
    order = np.lexsort((system.equation, system.cell))
    order = order[is_open[system.cell[order]]]
    if not order.size:
        return low, high
    cell, equation, is_added = system.cell[order], system.equation[order], system.sign[order] > 0
    cells, starts = np.unique(cell, return_index=True)
    known = np.bincount(
        system.equation,
        weights=np.where(is_open[system.cell], 0.0, system.sign * low[system.cell]),
        minlength=system.n_equations,
    )
    for _ in range(_MOST_ROUNDS):
        least = np.where(is_added, low[cell], -high[cell])
        greatest = np.where(is_added, high[cell], -low[cell])
        floor = known + np.bincount(equation, weights=least, minlength=known.size)
        ceiling = known + np.bincount(equation, weights=greatest, minlength=known.size)
        top, bottom = least - floor[equation], greatest - ceiling[equation]
        upper = np.minimum.reduceat(np.where(is_added, top, -bottom), starts)
        lower = np.maximum.reduceat(np.where(is_added, bottom, -top), starts)
        tighter = (upper < high[cells] - _STEP) | (lower > low[cells] + _STEP)
        if not tighter.any():
            break
        high[cells] = np.minimum(high[cells], upper)
        low[cells] = np.maximum(low[cells], lower)
    return low, high
