"""Suppression against published examples.

Fischetti and Salazar (2001), Management Science 47(7), three activities by three regions: the
table as the test of an R implementation of that paper has it (determine_cell_suppression, small
counts to nine, its expected pattern) and as the README of the Australian Bureau of Statistics'
implementation has it (the count of 22 sensitive, a possible pattern). Neither states intervals
or costs: these are worked out by hand here.

sdcTable (Meindl), tests/testthat/test-simpleheuristic.R: nine cells withheld, two or more in every
row and column, and one of them exactly told; what protects it, and the interval of the attacker.

FCSM Statistical Policy Working Paper 22 (Federal Committee on Statistical Methodology, second
version 2005), chapter IV: counts of delinquent children by county and education of the head of
household, threshold five. Table 5 there withholds two cells in each row and column, and one can
still be told.
"""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from transforms.privacy.already_told import newcomer_view
from transforms.privacy.feasible import exact_bounds, find_bounds, is_narrow, is_small
from transforms.privacy.plan import Count, Plan, Relations
from transforms.privacy.printings import Table, Thresholds
from transforms.privacy.protection import protect, protect_after
from transforms.privacy.system import System, build_system

WP22 = ((15, 1, 3, 1), (20, 10, 10, 15), (3, 10, 10, 2), (12, 14, 7, 2))
FISCHETTI_SALAZAR = ((20, 50, 10), (8, 19, 22), (17, 32, 12))
SDC_TABLE = ((30, 47, 64, 89), (90, 124, 5, 31), (92, 100, 59, 85), (800, 991, 651, 685))
#: Withheld there: w|a w|b w|c, x|a x|c, y|b y|d, z|b z|d.
SDC_WITHHELD = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 1), (2, 3), (3, 1), (3, 3))
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

    bounds = exact_bounds(system, ~is_small(system), np.flatnonzero(is_small(system)))

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

    bounds = exact_bounds(system, shown, np.flatnonzero(is_small(system)))

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


def cell_at(system: System, row: int, column: int) -> int:
    """Number of the cell in some row and column of the table."""
    return keys_of(system).index(f"children|county={row}|level={column}")


def shown_but(system: System, *places: tuple[int, int]) -> np.ndarray:
    """Every printed cell but some."""
    shown = ~system.is_rest
    shown[[cell_at(system, *place) for place in places]] = False
    return shown


def by_value(system: System, *, small: tuple[int, int]) -> System:
    """One sensitive cell, to be not exactly told; a cell costs its value, margins no price buys."""
    is_it = np.arange(system.value.size) == cell_at(system, *small)
    return replace(
        system,
        limit=np.where(is_it, system.value + 1, 1),
        span=np.where(is_it, 1, 0),
        cost=np.where(system.is_exempt, np.inf, system.value / (1 + np.log2(1 + system.value))),
    )


@pytest.mark.parametrize(
    ("small", "pattern", "cost"),
    [
        # The R test: 8 is small. Other rectangles round it cost 52, 68 and 89.
        ((1, 0), {(1, 2), (2, 0), (2, 2)}, 22 + 17 + 12),
        # The README: 22 is sensitive. Other rectangles round it cost 38, 63 and 79.
        ((1, 2), {(1, 0), (2, 0), (2, 2)}, 8 + 17 + 12),
    ],
)
def test_the_optimum_of_fischetti_and_salazar_s_table(
    small: tuple[int, int], pattern: set[tuple[int, int]], cost: int
) -> None:
    system = by_value(system_of(FISCHETTI_SALAZAR), small=small)

    withheld = protect(system)

    added = withheld & ~is_small(system)
    assert places(system, np.flatnonzero(added)) == pattern
    assert system.value[added].sum() == cost


def test_the_attacker_of_fischetti_and_salazar_s_table() -> None:
    """With 30 in its row, 34 in its column and 25, 29 beside, the count of 22 lies in 5…30."""
    system = system_of(FISCHETTI_SALAZAR)
    shown = shown_but(system, (1, 0), (1, 2), (2, 0), (2, 2))
    cell = cell_at(system, 1, 2)

    bounds = exact_bounds(system, shown, np.array([cell]), view=newcomer_view(system, shown))

    assert (bounds.low[cell], bounds.high[cell]) == (5, 30)


def test_the_cell_that_sdctable_s_pattern_gives_away_is_told() -> None:
    system = system_of(SDC_TABLE)
    shown = shown_but(system, *SDC_WITHHELD)
    cell = cell_at(system, 0, 1)

    bounds = exact_bounds(system, shown, np.array([cell]), view=newcomer_view(system, shown))

    assert (bounds.low[cell], bounds.high[cell]) == (47, 47)


def test_the_cell_that_sdctable_withholds_besides_makes_its_interval() -> None:
    """x|b besides: the attacker of sdcTable has low 0 and up 141 for w|b."""
    system = system_of(SDC_TABLE)
    shown = shown_but(system, *SDC_WITHHELD, (1, 1))
    cell = cell_at(system, 0, 1)

    bounds = exact_bounds(system, shown, np.array([cell]), view=newcomer_view(system, shown))

    assert (bounds.low[cell], bounds.high[cell]) == (0, 141)


def test_one_more_cell_is_enough_for_sdctable_s_pattern() -> None:
    system = system_of(SDC_TABLE)
    is_told = np.arange(system.value.size) == cell_at(system, 0, 1)
    hidden = ~shown_but(system, *SDC_WITHHELD)
    asked = replace(
        system,
        limit=np.where(is_told, system.value + 1, 1),
        span=np.where(is_told, 5, 0),
        is_exempt=system.is_exempt,
    )

    withheld, _ = protect_after(asked, told=np.zeros_like(hidden), hidden=hidden)

    assert (withheld & ~hidden).sum() == 1


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
