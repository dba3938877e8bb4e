"""Between which bounds an attacker can place each small count, by linear programming.

He knows every printed cell, every equation, and the rules: nothing is negative, and a withheld
count is not nought. The unknown cells fall into components that no equation joins. Every solution
of a linear programme is a possible world, which widens the bounds of all cells at once: a few
programmes over everything, in random directions, settle nearly all; what is left is asked cell by
cell, one in each component at a time.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transforms.privacy.system import Bools, Floats, Ints, System

TOLERANCE: Final = 1e-6
_FIRST_ROUNDS: Final = 3
_IDLE_ROUNDS: Final = 2
#: A round that leaves more than this of what was narrow has done nothing.
_WORTH_IT: Final = 0.95
_MOST_ROUNDS: Final = 60
_BOTH_WAYS: Final = 2


@dataclass(slots=True)
class Bounds:
    """Bounds of every cell that possible worlds have reached so far; known cells have one value."""

    low: Floats
    high: Floats

    @classmethod
    def at(cls, value: Ints) -> "Bounds":
        """Nothing but the truth is known to be possible."""
        return cls(value.astype(np.float64), value.astype(np.float64))

    def take(self, cells: Ints, world: Floats) -> None:
        """Widen by a possible world."""
        self.low[cells] = np.minimum(self.low[cells], world)
        self.high[cells] = np.maximum(self.high[cells], world)


def is_small(system: System) -> Bools:
    """Counts that must not be known: in 1…limit−1, and not public elsewhere."""
    found: Bools = (system.value > 0) & (system.value < system.limit) & ~system.is_exempt
    return found & ~system.is_kept


def is_narrow(system: System, bounds: Bounds) -> Bools:
    """Small counts whose bounds are less than their span apart."""
    width = bounds.high - bounds.low
    found: Bools = is_small(system) & (width < system.span - TOLERANCE)
    return found


def cell_costs(system: System) -> Floats:
    """What it costs to withhold a cell: by its place and, slowly, by its size."""
    costs: Floats = system.cost * (1 + np.log2(1 + np.maximum(system.value, 0)))
    return costs


def least_values(system: System) -> Ints:
    """What the rules leave: a rest may be nought, a withheld count is at least one."""
    return np.where(system.is_rest, 0, 1)


def unknown_cells(system: System, shown: Bools) -> Bools:
    """Cells that an attacker does not know: withheld ones that are not nought, and rests.

    A withheld nought counts as known: that nothing came by a way, or of an area, is often known.
    """
    found: Bools = system.is_rest | (~shown & (system.value > 0))
    return found


def widen(system: System, shown: Bools, bounds: Bounds, *, seed: int) -> Bools:
    """Widen the bounds by worlds in random directions; which small counts are narrow yet.

    What it calls wide is wide; what it calls narrow may only not have been reached.
    """
    unknown = unknown_cells(system, shown)
    rng = np.random.default_rng(seed)
    idle, rounds = 0, 0
    narrow = is_narrow(system, bounds)
    while (narrow & unknown).any() and idle < _IDLE_ROUNDS and rounds < _MOST_ROUNDS:
        cells = np.flatnonzero(narrow & unknown)
        part = _Component.around(system, unknown, cells)
        aims = np.zeros(system.value.size)
        aims[cells] = rng.choice([-1.0, 1.0], size=cells.size)
        bounds.take(part.cells, part.world(system, aims))
        left = is_narrow(system, bounds)
        is_idle = left.sum() > _WORTH_IT * narrow.sum() and rounds >= _FIRST_ROUNDS
        idle = idle + 1 if is_idle else 0
        rounds, narrow = rounds + 1, left
    return narrow


def find_bounds(system: System, shown: Bools, *, seed: int = 1) -> Bounds:
    """Bounds of every cell; those of narrow small counts are the true ones.

    Args:
        system: Cells with their true values, and equations.
        shown: Which cells an attacker knows.
        seed: Of the random directions.
    """
    found = Bounds.at(system.value)
    widen(system, shown, found, seed=seed)
    _ask_one_by_one(system, unknown_cells(system, shown), found)
    return found


def _ask_one_by_one(system: System, unknown: Bools, bounds: Bounds) -> None:
    """The true bounds of what is still narrow, one cell of each component at a time."""
    asked = np.zeros(system.value.size, dtype=np.int64)
    while True:
        narrow = np.flatnonzero(is_narrow(system, bounds) & unknown & (asked < _BOTH_WAYS))
        if not narrow.size:
            return
        part = _Component.around(system, unknown, narrow)
        _, first = np.unique(part.label_of(narrow), return_index=True)
        chosen = narrow[first]
        aims = np.zeros(system.value.size)
        aims[chosen] = np.where(asked[chosen] == 0, 1.0, -1.0)
        bounds.take(part.cells, part.world(system, aims))
        asked[chosen] += 1


@dataclass(frozen=True, slots=True)
class _Component:
    """The unknown cells that equations join to some cells, and those equations."""

    cells: Ints
    labels: Ints
    matrix: Any

    @classmethod
    def around(cls, system: System, unknown: Bools, wanted: Ints) -> "_Component":
        """The components of ``wanted``."""
        from scipy.sparse import bmat, csr_matrix
        from scipy.sparse.csgraph import connected_components

        member = unknown[system.cell]
        equations, row = np.unique(system.equation[member], return_inverse=True)
        cells = np.unique(np.concatenate([system.cell[member], wanted]))
        column = np.searchsorted(cells, system.cell[member])
        matrix = csr_matrix(
            (system.sign[member].astype(np.float64), (row, column)),
            shape=(equations.size, cells.size),
        )
        joined = bmat([[None, matrix.T], [matrix, None]])
        _, labels = connected_components(joined, directed=False)
        labels = labels[: cells.size]
        near = np.isin(labels, labels[np.searchsorted(cells, wanted)])
        matrix = matrix[:, near]
        return cls(cells[near], labels[near], matrix[np.flatnonzero(np.diff(matrix.indptr))])

    def label_of(self, cells: Ints) -> NDArray[Any]:
        """Number of the component of each cell."""
        return np.asarray(self.labels[np.searchsorted(self.cells, cells)])

    def world(self, system: System, aims: Floats) -> Floats:
        """The possible world that is farthest in the direction of ``aims``, near the truth.

        No further than twice the limit above it, so that every programme has an end; a cell that
        may be so far away is wide enough.
        """
        from scipy.optimize import linprog

        truth = system.value[self.cells].astype(np.float64)
        least = least_values(system)[self.cells]
        most = truth + 2 * system.limit[self.cells]
        if not self.matrix.shape[0]:
            found: Floats = np.where(aims[self.cells] > 0, most, least).astype(np.float64)
            return found
        result = linprog(
            -aims[self.cells],
            A_eq=self.matrix,
            b_eq=self.matrix @ truth,
            bounds=np.column_stack([least, most]),
            method="highs-ds",
        )
        return truth if result.x is None else np.asarray(result.x, dtype=np.float64)
