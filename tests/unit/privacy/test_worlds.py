"""Possible worlds in whole numbers, and bounds that single equations give."""

from itertools import product

import numpy as np
import pytest

from tests.support.counted_system import cells_of, counted_system
from transforms.privacy.feasible import exact_bounds, find_bounds, is_narrow, view_of
from transforms.privacy.propagation import FAR, View, outer_bounds
from transforms.privacy.system import System
from transforms.privacy.worlds import NEAR_REACH, Web

#: Three counts that meet in pairs, each pair with a rest within seven.
TRIANGLE = {"a": 1, "b": 2, "c": 3, "ab": 4, "bc": 2, "ac": 3, "t1": 7, "t2": 7, "t3": 7}
PAIRS = [("t1", ("a", "b", "ab")), ("t2", ("b", "c", "bc")), ("t3", ("a", "c", "ac"))]
RESTS = ("ab", "bc", "ac")


def test_a_world_in_halves_is_made_whole() -> None:
    """The most of a + b + c is 10½, at 3½ each; in whole numbers it is 10."""
    system = counted_system(TRIANGLE, PAIRS, rests=RESTS)
    view = view_of(system, cells_of(TRIANGLE, "t1", "t2", "t3"))
    aims = cells_of(TRIANGLE, "a", "b", "c").astype(float)

    web = Web.of(system, view)
    world = web.world(system, aims, reach=NEAR_REACH)

    assert world.tolist() == np.round(world).tolist()
    assert (web.matrix @ world).tolist() == [-7, -7, -7]
    assert world[:3].sum() == 10


def worlds_of(system: System, unknown: np.ndarray) -> np.ndarray:
    """Every possible world with no count over nine, one by one."""
    cells = np.flatnonzero(unknown)
    matrix = np.zeros((system.n_equations, system.value.size), dtype=int)
    matrix[system.equation, system.cell] = system.sign
    found = []
    for values in product(range(10), repeat=cells.size):
        world = system.value.copy()
        world[cells] = values
        least = np.where(system.is_rest, 0, 1)
        if not (matrix @ world).any() and (world >= least)[cells].all():
            found.append(world)
    return np.array(found)


@pytest.mark.parametrize("seed", range(4))
def test_exact_bounds_are_the_least_and_the_most_of_all_worlds(seed: int) -> None:
    """A table of two by three with both margins, all six cells withheld."""
    rng = np.random.default_rng(seed)
    inner = rng.integers(1, 5, size=(2, 3))
    names = [f"{r}{c}" for r in range(2) for c in range(3)]
    values = dict(zip(names, map(int, inner.ravel()), strict=True))
    sums = []
    for r in range(2):
        values[f"row{r}"] = int(inner[r].sum())
        sums.append((f"row{r}", tuple(f"{r}{c}" for c in range(3))))
    for c in range(3):
        values[f"column{c}"] = int(inner[:, c].sum())
        sums.append((f"column{c}", tuple(f"{r}{c}" for r in range(2))))
    system = counted_system(values, sums)
    shown = ~cells_of(values, *names)

    bounds = exact_bounds(system, shown, np.flatnonzero(~shown))

    worlds = worlds_of(system, ~shown)
    assert bounds.low[:6].tolist() == worlds.min(axis=0)[:6].tolist()
    assert bounds.high[:6].tolist() == worlds.max(axis=0)[:6].tolist()
    low, high = outer_bounds(system, view_of(system, shown))
    assert (low <= worlds.min(axis=0)).all()
    assert (high >= worlds.max(axis=0)).all()


def test_a_count_that_only_half_numbers_would_make_wide_is_narrow() -> None:
    """a + b = c + d and a + c = b + d and so on leave halves: twice a is odd only in fractions.

    With x + y = 5, y + z = 5, x + z = t and t + u = 10 the count x is t / 2: in whole numbers t
    is even, so that x from 1 to 4 is four values, while t has four values and not seven.
    """
    day = {"x": 3, "y": 2, "z": 3, "t": 6, "u": 4, "five": 5, "other": 5, "ten": 10}
    sums = [("five", ("x", "y")), ("other", ("y", "z")), ("t", ("x", "z")), ("ten", ("t", "u"))]
    system = counted_system(day, sums)
    shown = cells_of(day, "five", "other", "ten")

    bounds = find_bounds(system, shown)

    assert not (bounds.low % 1).any()
    assert is_narrow(system, bounds).tolist() == [True, True, True] + [False] * 5


def test_bounds_of_single_equations_end_where_nothing_bounds_a_count() -> None:
    day = {"a": 2, "b": 3, "c": 5, "d": 4, "e": 9}
    system = counted_system(day, [("c", ("a", "b")), ("e", ("c", "d"))])
    unknown = cells_of(day, "a", "b", "c", "d", "e")

    low, high = outer_bounds(system, View(unknown, np.ones(5, dtype=np.int64)))

    assert low.tolist() == [1, 1, 2, 1, 3]
    assert high.min() >= FAR - 2


def test_without_equations_every_unknown_count_is_open() -> None:
    day = {"a": 2, "b": 3, "c": 5, "alone": 1}
    system = counted_system(day, [("c", ("a", "b"))])

    bounds = find_bounds(system, cells_of(day, "a", "b", "c"))

    assert bounds.high[3] - bounds.low[3] >= 4
