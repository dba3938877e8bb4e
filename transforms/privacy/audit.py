"""The attacker: what the public tables tell together, and with those of yesterday.

He reads every printed figure, solves all equations as one linear programme and compares the
publication with the last one. What he finds is a leak, named by table, cell and column, never by
value. Independent of how the tables were protected: it takes them as they are.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from transforms.privacy.feasible import find_bounds, is_narrow, is_small
from transforms.privacy.memory import remember, without_lost
from transforms.privacy.printings import Table, Thresholds
from transforms.privacy.public_tables import open_tables, shown_in
from transforms.privacy.renewal import held_tables, small_flows
from transforms.privacy.system import Bools, System, build_system

LEAK_SCHEMA: Final = pl.Schema(
    {
        "table_name": pl.String,
        "cell_key": pl.String,
        "column_name": pl.String,
        "leak_code": pl.String,
    }
)
#: Printed though small; to be told within a span narrower than the threshold; printed otherwise
#: than the mart has it; today's figure less yesterday's.
SHOWN, NARROW, DIFFERENT, FLOW = "shown", "narrow", "different", "flow"


def audit_tables(
    public: Mapping[str, pl.DataFrame],
    marts: Mapping[str, pl.DataFrame],
    *,
    as_of: date,
    thresholds: Thresholds,
    services: pl.DataFrame,
    previous: Mapping[str, pl.DataFrame] | None = None,
) -> pl.DataFrame:
    """Every leak of the public tables; none when they may leave.

    Args:
        public: The tables that are to be published, in any order of rows.
        marts: The figures behind them, by the name of the public table.
        as_of: Snapshot day.
        thresholds: Least counts.
        services: Code list with ``service_id`` and ``department_id``.
        previous: The tables of the last publication.

    Returns:
        One row per leak: table, cell, column, kind of leak. A count that nobody prints (the rest
        of a sum) stands with the key of its equation.
    """
    before = previous or {}
    tables = open_tables(marts, as_of=as_of, previous=before)
    flows = small_flows(tables, before, thresholds=thresholds, as_of=as_of)
    held = held_tables(flows, public, before, tables)
    same = {name for name in held if _is_same(public[name], before[name])}
    tables = {name: table for name, table in tables.items() if name not in same}
    printed = {name: _in_order(public[name], table) for name, table in tables.items()}
    told = small_flows(
        {name: _as_table(frame, tables[name]) for name, frame in printed.items()},
        before,
        thresholds=thresholds,
        as_of=as_of,
    )
    # Tables of another form than the last ones are printed anew whatever has changed in them.
    could_be_held = held_tables(told, public, before, tables)
    told = told.filter(pl.col("table_name").is_in(sorted(could_be_held)))
    system = build_system(tables, services=services, thresholds=thresholds)
    memory = remember(system, tables, before)
    system = without_lost(system, memory)
    shown = shown_in(printed, system)
    bounds = find_bounds(system, shown | memory.shown)
    leaks = [
        _named(system, is_small(system) & shown & ~system.is_rest, SHOWN),
        _named(system, is_narrow(system, bounds) & ~shown, NARROW),
        _different(system, printed),
        told.with_columns(leak_code=pl.lit(FLOW)),
    ]
    return pl.concat([pl.DataFrame(schema=LEAK_SCHEMA), *leaks]).unique(maintain_order=True)


def _in_order(public: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The public rows in the order of the open form, absent ones null."""
    key = list(table.plan.key)
    if not key:
        return public
    own = table.frame.head(table.n_own).select(key)
    return own.join(public, on=key, how="left", validate="1:1", maintain_order="left")


def _as_table(frame: pl.DataFrame, table: Table) -> Table:
    return Table(table.name, frame, table.plan, n_own=frame.height)


def _is_same(public: pl.DataFrame, before: pl.DataFrame) -> bool:
    """Whether a table is that of the last publication."""
    names = [name for name in public.columns if name in before.columns]
    return public.select(names).equals(before.select(names))


def _named(system: System, leaking: Bools, code: str) -> pl.DataFrame:
    """Leaking cells by the places that print them; rests by the first cell of their equation."""
    cells = np.flatnonzero(leaking)
    printed = system.prints.filter(pl.col("cell").is_in(cells.tolist())).unique(
        "cell", maintain_order=True
    )
    rests = cells[system.is_rest[cells]]
    of_rest = np.isin(system.cell, rests)
    totals = (system.sign > 0) & np.isin(system.equation, system.equation[of_rest])
    beside = system.prints.filter(pl.col("cell").is_in(system.cell[totals].tolist())).unique(
        "cell", maintain_order=True
    )
    return pl.concat(
        [printed, beside.with_columns(column=pl.format("rest of {}", "column"))]
    ).select(table_name="table", cell_key="key", column_name="column", leak_code=pl.lit(code))


def _different(system: System, printed: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Places that print another value than the mart has."""
    found = [pl.DataFrame(schema=LEAK_SCHEMA)]
    for (name, column), prints in system.prints.partition_by(
        "table", "column", as_dict=True
    ).items():
        frame = printed[str(name)]
        mine = prints.filter(pl.col("row") < frame.height)
        told = frame[str(column)][mine["row"]].cast(pl.Int64)
        truth = pl.Series(system.value[mine["cell"].to_numpy()])
        found.append(
            mine.filter(told.is_not_null() & (told != truth).fill_null(value=False)).select(
                table_name="table",
                cell_key="key",
                column_name="column",
                leak_code=pl.lit(DIFFERENT),
            )
        )
    return pl.concat(found)
