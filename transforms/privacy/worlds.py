"""Possible worlds: values of the unknown cells, in whole numbers, that keep every equation.

A world comes from a linear programme. Where its corner is not whole (a few cells of a hundred, in
cycles of equations), the cells round the broken ones are solved again as whole numbers while the
rest stays as it is.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transforms.privacy.propagation import View
from transforms.privacy.system import Bools, Floats, Ints, System

#: How many times the limit above the truth a possible world may lie: near worlds are found
#: quickly, and a cell is called narrow only when far ones have been looked for.
NEAR_REACH: Final = 2
FAR_REACH: Final = 100
_BROKEN: Final = 1e-6
_RINGS: Final = (1, 2, 4)
_MOST_NODES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Web:
    """Unknown cells, the component of each, and the equations that join them."""

    cells: Ints
    labels: Ints
    least: Ints
    matrix: Any

    @classmethod
    def of(cls, system: System, view: View) -> "Web":
        """All unknown cells."""
        from scipy.sparse import bmat, csc_matrix
        from scipy.sparse.csgraph import connected_components

        cells = np.flatnonzero(view.unknown)
        member = view.unknown[system.cell]
        equations, row = np.unique(system.equation[member], return_inverse=True)
        column = np.searchsorted(cells, system.cell[member])
        matrix = csc_matrix(
            (system.sign[member].astype(np.float64), (row, column)),
            shape=(equations.size, cells.size),
        )
        joined = bmat([[None, matrix.T], [matrix, None]])
        labels = connected_components(joined, directed=False)[1] if cells.size else cells
        return cls(cells, labels[: cells.size], view.least[cells], matrix)

    def around(self, wanted: Ints) -> "Web":
        """The components of some cells."""
        mine = np.zeros(self.labels.max(initial=-1) + 1, dtype=bool)
        mine[self.label_of(wanted)] = True
        near = mine[self.labels]
        matrix = self.matrix[:, near].tocsr()
        rows = np.flatnonzero(np.diff(matrix.indptr))
        return Web(self.cells[near], self.labels[near], self.least[near], matrix[rows])

    def label_of(self, cells: Ints) -> NDArray[Any]:
        """Number of the component of each cell."""
        return np.asarray(self.labels[np.searchsorted(self.cells, cells)])

    def world(self, system: System, aims: Floats, *, reach: int, surely: bool = False) -> Floats:
        """The possible world that is farthest in the direction of ``aims``, in whole numbers.

        No further than ``reach`` limits above the truth, so that every programme has an end. A
        component for which no whole world is found stays as it is in truth; ``surely`` looks for
        one in the whole component first.
        """
        from scipy.optimize import linprog

        truth = system.value[self.cells].astype(np.float64)
        most = truth + reach * system.limit[self.cells]
        aim = aims[self.cells]
        if not self.matrix.shape[0]:
            found: Floats = np.where(aim > 0, most, self.least).astype(np.float64)
            return found
        result = linprog(
            -aim,
            A_eq=self.matrix,
            b_eq=self.matrix @ truth,
            bounds=np.column_stack([self.least, most]),
            method="highs-ds",
        )
        if result.x is None:
            return truth
        return self._made_whole(result.x, truth, most=most, aim=aim, surely=surely)

    def _made_whole(
        self, world: Floats, truth: Floats, *, most: Floats, aim: Floats, surely: bool
    ) -> Floats:
        """A whole world near one that is not."""
        for rings in (*_RINGS, world.size if surely else 0):
            is_broken = np.abs(world - np.round(world)) > _BROKEN
            if not is_broken.any():
                return np.asarray(np.round(world), dtype=np.float64)
            if rings:
                world = self._resolved(world, self._near(is_broken, rings), most=most, aim=aim)
        is_lost = np.isin(self.labels, self.labels[is_broken])
        return np.asarray(np.where(is_lost, truth, np.round(world)), dtype=np.float64)

    def _near(self, cells: Bools, rings: int) -> Bools:
        """Cells that stand within some equations of others."""
        touches = abs(self.matrix)
        near = cells
        for _ in range(rings):
            more = touches.T @ (touches @ near.astype(np.float64)) > 0
            if (more == near).all():
                break
            near = more
        return near

    def _resolved(self, world: Floats, free: Bools, *, most: Floats, aim: Floats) -> Floats:
        """The world with some of its cells solved again as whole numbers; itself if none fit."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix = self.matrix[:, free].tocsr()
        rows = np.flatnonzero(np.diff(matrix.indptr))
        sums = np.round(matrix[rows] @ world[free])
        result = milp(
            -aim[free],
            constraints=LinearConstraint(matrix[rows], sums, sums),
            bounds=Bounds(self.least[free], most[free]),
            integrality=np.ones(int(free.sum())),
            options={"node_limit": _MOST_NODES},
        )
        if result.x is None:
            return world
        found = np.round(world)
        found[free] = np.round(result.x)
        return np.asarray(found, dtype=np.float64)
