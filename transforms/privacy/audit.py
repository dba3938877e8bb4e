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

from transforms.privacy.already_told import given_by_noughts, told_by_noughts, without_told
from transforms.privacy.feasible import find_bounds, is_narrow, is_small
from transforms.privacy.memory import remember
from transforms.privacy.printings import Table, Thresholds
from transforms.privacy.public_tables import open_tables, shown_in
from transforms.privacy.renewal import held_tables, small_flows
from transforms.privacy.shares import told_shares
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
    earlier: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Every leak of the public tables; none when they may leave.

    Args:
        public: The tables that are to be published, in any order of rows.
        marts: The figures behind them, by the name of the public table.
        as_of: Snapshot day.
        thresholds: Least counts.
        services: Code list with ``service_id`` and ``department_id``.
        previous: The tables of the last publication.
        earlier: What publications before it told (``memory``).

    Returns:
        One row per leak: table, cell, column, kind of leak. A count that nobody prints (the rest
        of a sum) stands with the key of its equation.
    """
    before = previous or {}
    tables = open_tables(marts, as_of=as_of, previous=before, earlier=earlier)
    flows = small_flows(tables, before, thresholds=thresholds, as_of=as_of)
    held = held_tables(flows, public, before, tables)
    same = {name for name in held if _is_same(public[name], before[name])}
    tables = {name: table for name, table in tables.items() if name not in same}
    printed = {name: _in_order(public[name], table) for name, table in tables.items()}
    own = {name: _as_table(frame, tables[name]) for name, frame in printed.items()}
    flown = small_flows(own, before, thresholds=thresholds, as_of=as_of)
    # Tables of another form than the last ones are printed anew whatever has changed in them.
    flown = flown.filter(
        pl.col("table_name").is_in(sorted(held_tables(flown, public, before, tables)))
    )
    system = build_system(tables, services=services, thresholds=thresholds)
    told = remember(system, tables, before, earlier=earlier).told
    shown = shown_in(printed, system)
    narrow = _narrow(system, shown | told, told)
    leaks = [
        _named(system, is_small(system) & shown & ~system.is_rest, SHOWN),
        _named(system, narrow & ~shown, NARROW),
        _different(system, printed),
        flown.with_columns(leak_code=pl.lit(FLOW)),
        *(
            _shares(tables[name], frame, threshold=thresholds.open, services=services)
            for name, frame in printed.items()
        ),
    ]
    return pl.concat([pl.DataFrame(schema=LEAK_SCHEMA), *leaks]).unique(maintain_order=True)


def _narrow(system: System, shown: Bools, told: Bools) -> Bools:
    """Small counts that can be told, and were not told before."""
    quick = without_told(system, told, is_small(system), surely=False)
    narrow = is_narrow(quick, find_bounds(quick, shown))
    guarded = without_told(quick, told, narrow, surely=True)
    doubtful = told_by_noughts(system, guarded, told)
    return (narrow & (guarded.span > 0)) | given_by_noughts(doubtful, shown)


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


def _shares(
    table: Table, frame: pl.DataFrame, *, threshold: int, services: pl.DataFrame
) -> pl.DataFrame:
    """Shares whose small numerator all told shares of the table give away."""
    found = told_shares(table, frame, threshold=threshold, services=services)
    key = [pl.format("{}={}", pl.lit(n), pl.col(n).cast(pl.String)) for n in table.plan.key]
    if found.is_empty():
        return pl.DataFrame(schema=LEAK_SCHEMA)
    return (
        frame.with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
        .join(found, on="row", how="inner")
        .select(
            table_name=pl.lit(table.name),
            cell_key=pl.concat_str(key, separator="|"),
            column_name="column",
            leak_code=pl.lit(NARROW),
        )
    )


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
