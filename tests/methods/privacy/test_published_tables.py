"""Suppression against published examples.

FCSM Statistical Policy Working Paper 22 (Federal Committee on Statistical Methodology, second
version 2005), chapter IV: counts of delinquent children by county and education of the head of
household, threshold five. Table 5 there withholds two cells in each row and column, and one can
still be told.
"""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from transforms.privacy.feasible import find_bounds, is_narrow, is_small
from transforms.privacy.plan import Count, Plan, Relations
from transforms.privacy.printings import Table, Thresholds
from transforms.privacy.protection import protect
from transforms.privacy.system import System, build_system

WP22 = ((15, 1, 3, 1), (20, 10, 10, 15), (3, 10, 10, 2), (12, 14, 7, 2))
SERVICES = pl.DataFrame(schema={"service_id": pl.String, "department_id": pl.String})


def margins(frame: pl.DataFrame, _: pl.DataFrame) -> Relations:
    """Every row and column within its margin."""
    return {
        name: frame.filter(pl.col(name) != "all")
        .select(name)
        .unique(maintain_order=True)
        .with_columns(pl.lit("all").alias(f"total_{name}"))
        for name in ("county", "level")
    }


def table_of(counts: tuple[tuple[int, ...], ...]) -> Table:
    """A table of counts with both margins and the grand total."""
    rows = [*counts, tuple(map(sum, zip(*counts, strict=True)))]
    cells = [
        {"county": county, "level": level, "n": value}
        for county, row in zip([*map(str, range(len(counts))), "all"], rows, strict=True)
        for level, value in zip([*map(str, range(len(row))), "all"], [*row, sum(row)], strict=True)
    ]
    plan = Plan(
        key=("county", "level"), base="n", counts=(Count("n", "children"),), relations=margins
    )
    frame = pl.DataFrame(cells).sort("county", "level")
    return Table("public_counties", frame, plan, n_own=frame.height)


def system_of(counts: tuple[tuple[int, ...], ...], *, margins_shown: bool = True) -> System:
    """The system of the table; margins cost so much that they are never withheld."""
    table = table_of(counts)
    system = build_system(
        {table.name: table}, services=SERVICES, thresholds=Thresholds(open=5, background=10)
    )
    is_margin = np.array(["all" in key for key in keys_of(system)])
    return replace(system, is_exempt=is_margin) if margins_shown else system


def keys_of(system: System) -> list[str]:
    return system.prints.sort("cell")["key"].to_list()


def places(system: System, cells: np.ndarray) -> set[tuple[int, int]]:
    """Row and column of some cells."""
    parts = [key.split("|")[1:] for key in np.array(keys_of(system))[cells]]
    return {(int(a.split("=")[1]), int(b.split("=")[1])) for a, b in parts}


def test_withholding_the_small_cells_alone_gives_all_six_back() -> None:
    system = system_of(WP22)

    bounds = find_bounds(system, ~is_small(system))

    assert is_small(system).sum() == 6
    assert (bounds.high - bounds.low)[is_small(system)].tolist() == [0.0] * 6


def test_the_least_complement_is_that_of_the_working_paper() -> None:
    """Not exactly told is enough there; fewest three, least sum 29."""
    system = system_of(WP22)
    weak = replace(
        system, span=np.ones_like(system.span), cost=np.where(system.is_exempt, np.inf, 1.0)
    )
    by_size = replace(weak, cost=weak.value / (1 + np.log2(1 + weak.value)))

    withheld = protect(by_size)

    added = withheld & ~is_small(weak)
    assert places(weak, added) == {(2, 1), (3, 0), (3, 2)}
    assert weak.value[added].sum() == 29


def test_two_in_each_row_and_column_are_not_enough() -> None:
    """WP22 table 5: with (1,1), (1,2) and (3,0) the pattern looks safe, and one cell is told."""
    system = system_of(WP22)
    small = places(system, np.flatnonzero(is_small(system)))
    pattern = small | {(1, 1), (1, 2), (3, 0)}
    lines = [sum(place[axis] == line for place in pattern) for axis in (0, 1) for line in range(4)]
    shown = np.array(
        ["all" in key or not places(system, np.array([i])) <= pattern
         for i, key in enumerate(keys_of(system))]
    )  # fmt: skip

    bounds = find_bounds(system, shown)

    told = np.flatnonzero(is_small(system) & (bounds.low == bounds.high))
    assert min(lines) >= 2
    assert places(system, told) == {(0, 3)}
    assert system.value[told].tolist() == [1]


def test_every_small_cell_may_be_as_many_values_as_the_threshold() -> None:
    system = system_of(WP22)

    withheld = protect(system)

    bounds = find_bounds(system, ~withheld, seed=9)
    assert not is_narrow(system, bounds).any()
    assert (bounds.high - bounds.low)[is_small(system)].min() >= 4


@pytest.mark.parametrize("seed", range(6))
def test_programmes_for_large_tables_withhold_little_more_than_the_exact_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = tuple(tuple(int(v) for v in row) for row in rng.integers(0, 30, size=(5, 5)))
    system = system_of(counts, margins_shown=False)

    exact = protect(system)
    large = protect(replace(system, cost=system.cost), exactly=False)

    assert not is_narrow(system, find_bounds(system, ~large, seed=3)).any()
    assert not is_narrow(system, find_bounds(system, ~exact, seed=3)).any()
    assert exact.sum() <= large.sum() <= exact.sum() + 6
