"""The cheapest set of counts to withhold, exactly: a mixed-integer programme for few cells.

For every small count two possible worlds are asked for that lie its span apart and differ from the
truth in withheld cells only (the model of Fischetti and Salazar, 2001, for intervals). Its size
grows with cells times small counts, so large systems go by ``protection``'s programmes instead.
"""

from typing import Any, Final

import numpy as np

from transforms.privacy.feasible import cell_costs, is_small, least_values, unknown_cells
from transforms.privacy.system import Bools, Ints, System

#: Systems of more cells than this are not solved exactly.
MOST_EXACT: Final = 40
_MOST_NODES: Final = 20_000


def least_withheld(system: System, *, movable: Bools, withheld: Bools) -> Bools | None:
    """All cells to withhold at the least cost; None when no choice protects.

    Args:
        system: Cells and equations.
        movable: Cells that may be withheld.
        withheld: Cells that are withheld in any case.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    unknown = unknown_cells(system, ~withheld)
    small = np.flatnonzero(is_small(system) & (system.span > 0))
    if not small.size:
        return withheld
    cells = np.flatnonzero(unknown | movable)
    choices = np.flatnonzero(movable[cells] & ~unknown[cells])
    n, n_worlds = cells.size, 2 * small.size
    matrix, low, high = _rows(system, cells, choices, small)
    fall = -(system.value - least_values(system))[cells].astype(np.float64)
    rise = 2.0 * system.limit[cells]
    result = milp(
        np.concatenate([np.zeros(n * n_worlds), cell_costs(system)[cells[choices]]]),
        constraints=LinearConstraint(matrix, low, high),
        bounds=Bounds(
            np.concatenate([np.tile(fall, n_worlds), np.zeros(choices.size)]),
            np.concatenate([np.tile(rise, n_worlds), np.ones(choices.size)]),
        ),
        integrality=np.concatenate([np.zeros(n * n_worlds), np.ones(choices.size)]),
        options={"node_limit": _MOST_NODES},
    )
    if result.x is None:
        return None
    found = withheld.copy()
    found[cells[choices[result.x[n * n_worlds :] > 1 / 2]]] = True
    return found


def _rows(system: System, cells: Ints, choices: Ints, small: Ints) -> tuple[Any, Any, Any]:
    """Constraints over (moves of every world, choices): matrix, lower and upper ends."""
    from scipy.sparse import bmat, coo_matrix, eye, kron, vstack

    n, n_worlds, n_choices = cells.size, 2 * small.size, choices.size
    member = np.isin(system.cell, cells)
    equations, row = np.unique(system.equation[member], return_inverse=True)
    sums = coo_matrix(
        (system.sign[member], (row, np.searchsorted(cells, system.cell[member]))),
        shape=(equations.size, n),
    )
    kept = bmat([[kron(eye(n_worlds), sums), coo_matrix((equations.size * n_worlds, n_choices))]])
    pick = coo_matrix((np.ones(n_choices), (np.arange(n_choices), choices)), shape=(n_choices, n))
    rise = coo_matrix(np.diag(2.0 * system.limit[cells[choices]]))
    fall = coo_matrix(np.diag((system.value - least_values(system))[cells[choices]].astype(float)))
    ones = np.ones((n_worlds, 1))
    upper = bmat([[kron(eye(n_worlds), pick), -kron(ones, rise)]])
    lower = bmat([[kron(eye(n_worlds), pick), kron(ones, fall)]])
    at = np.searchsorted(cells, small)
    world = np.arange(small.size)
    apart = coo_matrix(
        (
            np.concatenate([np.ones(small.size), -np.ones(small.size)]),
            (np.tile(world, 2), np.concatenate([2 * world * n + at, (2 * world + 1) * n + at])),
        ),
        shape=(small.size, n * n_worlds + n_choices),
    )
    low = [np.zeros(kept.shape[0]), np.full(upper.shape[0], -np.inf), np.zeros(lower.shape[0])]
    high = [np.zeros(kept.shape[0]), np.zeros(upper.shape[0]), np.full(lower.shape[0], np.inf)]
    return (
        vstack([kept, upper, lower, apart]).tocsr(),
        np.concatenate([*low, system.span[small].astype(np.float64)]),
        np.concatenate([*high, np.full(small.size, np.inf)]),
    )
