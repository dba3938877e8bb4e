"""Which counts are withheld beside the small ones, so that no small one can be told.

Two steps. Where one equation by itself gives a small count away, its cheapest shown cell is
withheld. Then the attacker's own programme (``feasible``) tells which small counts are still
narrow, and for these a linear programme finds the cheapest set of shown cells that, withheld too,
lets them move far enough (Kelly, Golden and Assad 1992; Fischetti and Salazar 2001; the
handbook on statistical disclosure control, ch. 4): its solution is a possible world, and so the
proof. Repeated until nothing is narrow. A system of few cells is solved exactly (``optimum``).
"""

from typing import Any, Final

import numpy as np

from transforms.privacy.already_told import without_told
from transforms.privacy.feasible import (
    TOLERANCE,
    Bounds,
    cell_costs,
    find_bounds,
    is_narrow,
    is_small,
    least_values,
    unknown_cells,
    view_of,
    widen,
)
from transforms.privacy.optimum import MOST_EXACT, least_withheld
from transforms.privacy.system import Bools, Floats, Ints, System
from transforms.privacy.worlds import Web

#: Costs run from nought to one; a wished move is worth more than any chain of cells.
_REWARD: Final = 1e3
_FREE: Final = 1e-4
_RINGS: Final = 4
_SHARE_AT_ONCE: Final = 8
_MOST_TRIES: Final = 8
#: So often a cell is tried before it is asked whether it can be protected at all.
_PATIENCE: Final = 2


class UnprotectedCellsError(RuntimeError):
    """Small counts that nothing left to withhold protects."""


def protect(system: System, *, exactly: bool = True) -> Bools:
    """The cells that are withheld when nothing was ever published.

    Args:
        system: All cells with their true values.
        exactly: Whether a system of few cells is solved exactly.

    Raises:
        UnprotectedCellsError: If a small count stays narrow whatever is withheld.
    """
    nothing = np.zeros(system.value.size, dtype=bool)
    return protect_after(system, told=nothing, hidden=nothing, exactly=exactly)[0]


def protect_after(
    system: System, *, told: Bools, hidden: Bools, exactly: bool = True
) -> tuple[Bools, System]:
    """The cells that are withheld, and the system without a claim to what is already told.

    Args:
        system: All cells with their true values.
        told: Cells that earlier publications printed: withheld or not, they protect nothing. A
            small count that these give away by themselves is withheld, and no more.
        hidden: Cells that are withheld to begin with: what the last publication withheld.
        exactly: Whether a system of few cells is solved exactly.

    Raises:
        UnprotectedCellsError: If a small count stays narrow whatever is withheld.
    """
    is_ours = ~system.is_rest & ~system.is_exempt & ~system.is_kept
    movable = is_ours & (system.value > 0) & ~told
    withheld = with_rows(system, (is_small(system) | hidden) & is_ours)
    system = _guarded(system, told)
    if exactly and 0 < movable.sum() <= MOST_EXACT:
        best = least_withheld(system, movable=movable, withheld=withheld & ~told)
        if best is not None:
            withheld = with_rows(system, best | withheld)
    withheld = _by_single_equations(system, withheld, movable, told)
    return _until_wide(system, withheld, movable, told)


def _guarded(system: System, told: Bools) -> System:
    """The system without a claim to what is told; programmes are asked where equations found some.

    After an ordinary night nothing is told, and what single equations miss is seen on the way.
    """
    small = is_small(system)
    quick = without_told(system, told, small, surely=False)
    is_ordinary = (quick.span == system.span).all()
    return quick if is_ordinary else without_told(quick, told, small, surely=True)


def _until_wide(
    system: System, withheld: Bools, movable: Bools, told: Bools
) -> tuple[Bools, System]:
    """Withhold the cheapest cells until no small count is narrow."""
    bounds = Bounds.at(system.value)
    tries = np.zeros(system.value.size, dtype=np.int64)
    seed = 0
    while True:
        seed += 1
        narrow = widen(system, view_of(system, told | ~withheld), bounds, seed=seed)
        if not narrow.any():
            return withheld, system
        if (narrow & (tries == _PATIENCE)).any():
            system = without_told(system, told, narrow & (tries == _PATIENCE), surely=True)
            narrow &= system.span > 0
        if (tries[narrow] >= _MOST_TRIES).any():
            return _withhold_all_round(system, withheld, movable, told, bounds=bounds), system
        if not narrow.any():
            continue
        chosen = _some_of_each_component(np.flatnonzero(narrow), tries)
        tries[chosen] += 1
        unknown = unknown_cells(system, told | ~withheld)
        opened = _cheapest_way(system, unknown, movable, chosen, tries=tries, bounds=bounds)
        withheld = withheld.copy()
        withheld[opened] = True
        withheld = with_rows(system, withheld)


def _withhold_all_round(
    system: System, withheld: Bools, movable: Bools, told: Bools, *, bounds: Bounds
) -> Bools:
    """Every cell that might protect what is narrow yet, however far: the last resort.

    Raises:
        UnprotectedCellsError: If a small count is narrow even so.
    """
    narrow = np.flatnonzero(is_narrow(system, bounds))
    web = Web.of(system, view_of(system, told | ~(withheld | movable)))
    near = np.zeros_like(withheld)
    near[web.around(narrow).cells] = True
    found = with_rows(system, withheld | (near & movable))
    left = is_narrow(system, find_bounds(system, told | ~found))
    if left.any():
        raise UnprotectedCellsError(
            f"{left.sum()} small counts cannot be protected, whatever else is withheld; "
            "leave a column or a level out of the open form (transforms/privacy/plans.py)."
        )
    return found


def with_rows(system: System, withheld: Bools) -> Bools:
    """A withheld base takes every count of its row with it."""
    found = withheld.copy()
    while True:
        falls = found[system.under[:, 0]]
        more = found.copy()
        more[system.under[falls, 1]] = True
        more &= ~system.is_exempt & ~system.is_kept
        if (more == found).all():
            return found
        found = more


def _by_single_equations(system: System, withheld: Bools, movable: Bools, told: Bools) -> Bools:
    """Withhold the cheapest cell of every equation that by itself gives a small count away."""
    owner, cell, n = system.equation, system.cell, system.n_equations
    costs, least, small = cell_costs(system), least_values(system), is_small(system)
    found = withheld
    while True:
        unknown = unknown_cells(system, told | ~found)
        member = unknown[cell]
        count = np.bincount(owner[member], minlength=n)
        added = np.bincount(owner[member & (system.sign > 0)], minlength=n)
        slack = np.bincount(
            owner[member], weights=(system.value - least)[cell[member]], minlength=n
        )
        risk = member & small[cell]
        needed = np.zeros(n)
        np.maximum.at(needed, owner[risk], system.span[cell[risk]])
        one_sided = (added == 0) | (added == count)
        leaks = (needed > 0) & ((count == 1) | (one_sided & (slack < needed)))
        place = np.flatnonzero(leaks[owner] & movable[cell] & ~found[cell])
        if not place.size:
            return found
        order = place[np.lexsort((cell[place], costs[cell[place]], owner[place]))]
        first = np.ones(order.size, dtype=bool)
        first[1:] = owner[order][1:] != owner[order][:-1]
        more = found.copy()
        more[cell[order[first]]] = True
        found = with_rows(system, more)


def _some_of_each_component(narrow: Ints, tries: Ints) -> Ints:
    """An eighth of the narrow cells, those first that were tried least."""
    order = narrow[np.lexsort((narrow, tries[narrow]))]
    return order[: max(1, -(-order.size // _SHARE_AT_ONCE))]


def _cheapest_way(
    system: System,
    unknown: Bools,
    movable: Bools,
    chosen: Ints,
    *,
    tries: Ints,
    bounds: Bounds,
) -> Ints:
    """Shown cells that the cheapest possible world with room for ``chosen`` moves.

    A cell tried for the second time is to move down instead of up, and so on in turns.
    """
    from scipy.optimize import linprog
    from scipy.sparse import hstack

    rings = _RINGS + int(tries[chosen].max())
    cells, matrix = _neighbourhood(system, unknown | movable, chosen, rings=rings)
    truth = system.value[cells].astype(np.float64)
    costs = np.where(unknown[cells], 0.0, cell_costs(system)[cells])
    price = np.maximum(costs / max(costs.max(initial=0.0), 1.0), _FREE)
    price[np.searchsorted(cells, chosen)] = -_REWARD
    rise, fall = _room(system, cells, chosen, goes_up=tries[chosen] % 2 == 1, bounds=bounds)
    result = linprog(
        np.concatenate([price, price]),
        A_eq=hstack([matrix, -matrix]).tocsr(),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([np.zeros(2 * cells.size), np.concatenate([rise, fall])]),
        method="highs-ds",
    )
    if result.x is None:
        return np.zeros(0, dtype=np.int64)
    moved = result.x[: cells.size] - result.x[cells.size :]
    if np.abs(moved - np.round(moved)).max(initial=0.0) < TOLERANCE:
        bounds.take(cells, truth + np.round(moved))
    opened: Ints = cells[(np.abs(moved) > TOLERANCE) & ~unknown[cells]]
    return opened


def _room(
    system: System, cells: Ints, chosen: Ints, *, goes_up: Bools, bounds: Bounds
) -> tuple[Floats, Floats]:
    """How far each cell may rise and fall; the chosen ones one way only, as far as is wished."""
    value, least = system.value.astype(np.float64), least_values(system)
    rise = np.asarray(2.0 * system.limit[cells], dtype=np.float64)
    fall = np.asarray(np.maximum(value[cells] - least[cells], 0.0), dtype=np.float64)
    at = np.searchsorted(cells, chosen)
    wish_up = np.maximum(system.span[chosen] - (value[chosen] - bounds.low[chosen]), 0)
    wish_down = np.maximum(system.span[chosen] - (bounds.high[chosen] - value[chosen]), 0)
    rise[at] = np.where(goes_up, wish_up, 0)
    fall[at] = np.where(goes_up, 0, np.minimum(wish_down, fall[at]))
    return rise, fall


def _neighbourhood(
    system: System, may_move: Bools, chosen: Ints, *, rings: int
) -> tuple[Ints, Any]:
    """Cells within some equations of ``chosen`` that may move, and the equations they stand in."""
    from scipy.sparse import csr_matrix

    near = np.zeros(system.value.size, dtype=bool)
    near[chosen] = True
    for _ in range(rings):
        touched = np.bincount(system.equation[near[system.cell]], minlength=system.n_equations) > 0
        reached = np.zeros_like(near)
        reached[system.cell[touched[system.equation]]] = True
        near |= reached & may_move
    cells = np.flatnonzero(near)
    member = near[system.cell]
    equations, row = np.unique(system.equation[member], return_inverse=True)
    column = np.searchsorted(cells, system.cell[member])
    matrix = csr_matrix(
        (system.sign[member].astype(np.float64), (row, column)),
        shape=(equations.size, cells.size),
    )
    return cells, matrix
