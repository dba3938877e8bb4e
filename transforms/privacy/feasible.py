"""Between which bounds an attacker can place each small count, by linear programming.

He knows every printed cell, every equation, and the rules: nothing is negative, and a withheld
count is not nought. The unknown cells fall into components that no equation joins. What single
equations tell is found first (``propagation``). Every solution of a linear programme is a possible
world, which widens the bounds of all cells at once: a few programmes over everything, in random
directions, settle nearly all; what is left is asked cell by cell, one in each component at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.privacy.propagation import View, outer_bounds
from transforms.privacy.system import Bools, Floats, Ints, System
from transforms.privacy.worlds import FAR_REACH, NEAR_REACH, Web

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


def view_of(system: System, shown: Bools) -> View:
    """What the attacker of the rules does not know when some cells are shown."""
    return View(unknown_cells(system, shown), least_values(system))


def certainly_narrow(system: System, view: View) -> Bools:
    """Small counts that single equations already tell within their span."""
    low, high = outer_bounds(system, view)
    return is_narrow(system, Bounds(low, high))


def widen(system: System, view: View, bounds: Bounds, *, seed: int) -> Bools:
    """Widen the bounds by worlds in random directions; which small counts are narrow yet.

    What it calls wide is wide; what it calls narrow may only not have been reached.
    """
    narrow = is_narrow(system, bounds)
    hopeful = view.unknown & ~certainly_narrow(system, view) if narrow.any() else narrow
    web = Web.of(system, view)
    rng = np.random.default_rng(seed)
    idle, rounds = 0, 0
    while (narrow & hopeful).any() and idle < _IDLE_ROUNDS and rounds < _MOST_ROUNDS:
        cells = np.flatnonzero(narrow & hopeful)
        part = web.around(cells)
        aims = np.zeros(system.value.size)
        aims[cells] = rng.choice([-1.0, 1.0], size=cells.size)
        bounds.take(part.cells, part.world(system, aims, reach=NEAR_REACH))
        left = is_narrow(system, bounds)
        n_left, n_before = (left & hopeful).sum(), (narrow & hopeful).sum()
        is_idle = n_left > _WORTH_IT * n_before and rounds >= _FIRST_ROUNDS
        idle = idle + 1 if is_idle else 0
        rounds, narrow = rounds + 1, left
    return narrow


def find_bounds(system: System, shown: Bools, *, seed: int = 1, view: View | None = None) -> Bounds:
    """Bounds of every cell, wide enough for a verdict on every small count.

    A small count is narrow in truth when it is narrow here; how narrow, ``exact_bounds`` tells.

    Args:
        system: Cells with their true values, and equations.
        shown: Which cells an attacker knows.
        seed: Of the random directions.
        view: What another attacker than that of the rules does not know.
    """
    found, seen = Bounds.at(system.value), view or view_of(system, shown)
    widen(system, seen, found, seed=seed)
    hopeful = seen.unknown & ~certainly_narrow(system, seen)
    _ask_one_by_one(system, seen, found, lambda: is_narrow(system, found) & hopeful)
    return found


def exact_bounds(system: System, shown: Bools, cells: Ints, *, view: View | None = None) -> Bounds:
    """The feasible intervals of some cells, each end by a programme of its own."""
    found, seen = Bounds.at(system.value), view or view_of(system, shown)
    wanted = np.zeros(system.value.size, dtype=bool)
    wanted[cells] = True
    _ask_one_by_one(system, seen, found, lambda: wanted & seen.unknown)
    return found


def _ask_one_by_one(
    system: System, view: View, bounds: Bounds, wanted: Callable[[], Bools]
) -> None:
    """The true bounds of what is still wanted, one cell of each component at a time."""
    asked = np.zeros(system.value.size, dtype=np.int64)
    web = Web.of(system, view)
    while True:
        left = np.flatnonzero(wanted() & (asked < _BOTH_WAYS))
        if not left.size:
            return
        part = web.around(left)
        _, first = np.unique(part.label_of(left), return_index=True)
        chosen = left[first]
        aims = np.zeros(system.value.size)
        aims[chosen] = np.where(asked[chosen] == 0, 1.0, -1.0)
        bounds.take(part.cells, part.world(system, aims, reach=FAR_REACH, surely=True))
        asked[chosen] += 1
