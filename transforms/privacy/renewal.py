"""When a table is renewed: not for a handful of acts that one subtraction would tell.

Within a month the figures of periods that are over change only by late arrivals and corrections.
Where such a change is under the threshold, yesterday's tables stand until the month turns or the
change has grown: the few acts behind it would otherwise be today's figure less yesterday's. When a
month turns, revisions go out mixed with each other.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from transforms.privacy.memory import comparable
from transforms.privacy.printings import Table, Thresholds, public_printings
from transforms.privacy.system import Bools, System

FLOW_SCHEMA: Final = pl.Schema(
    {"table_name": pl.String, "cell_key": pl.String, "column_name": pl.String}
)


def small_flows(
    tables: Mapping[str, Table],
    previous: Mapping[str, pl.DataFrame],
    *,
    thresholds: Thresholds,
    as_of: date,
) -> pl.DataFrame:
    """Cells that have changed since the last publication of this month by less than the threshold.

    Args:
        tables: Tables whose counts are looked at: marts before suppression, or public ones.
        previous: The last publication, with ``snapshot_on``.
        thresholds: Least counts.
        as_of: Snapshot day of the tables.

    Returns:
        ``table_name``, ``cell_key``, ``column_name`` of the counts that a plan names as flows.
    """
    found = [pl.DataFrame(schema=FLOW_SCHEMA)]
    for name, table in tables.items():
        before = comparable(previous.get(name), table.plan)
        if before is None or not table.plan.flows or not _is_same_month(before, as_of):
            continue
        own = table.frame.head(table.n_own)
        old = public_printings(name, before, table.plan)
        new = public_printings(name, own, table.plan, thresholds)
        change = pl.col("told") - pl.col("told_before")
        found.append(
            new.filter(pl.col("column").is_in(table.plan.flows))
            .join(old.select("key", "column", told_before="told"), on=["key", "column"])
            .filter((change != 0) & (change.abs() < pl.col("limit")))
            .select(table_name="table", cell_key="key", column_name="column")
            .unique(maintain_order=True)
        )
    return pl.concat(found)


def held_tables(
    flows: pl.DataFrame,
    public: Mapping[str, pl.DataFrame],
    previous: Mapping[str, pl.DataFrame],
    tables: Mapping[str, Table],
) -> set[str]:
    """Names of the tables that stay as they were: all that share quantities with a small flow.

    A group whose columns have changed since is not held: it must be printed anew.
    """
    groups = {tables[name].plan.group or name for name in flows["table_name"].unique()}
    members: dict[str, list[str]] = {}
    for name, table in tables.items():
        members.setdefault(table.plan.group or name, []).append(name)
    return {
        name
        for group in groups
        for name in members[group]
        if all(
            other in previous and set(public[other].columns) <= set(previous[other].columns)
            for other in members[group]
        )
    }


def follow_months(table: Table, system: System, withheld: Bools) -> Bools:
    """All time withholds what a month of the running year withholds.

    All time grows by a month every month: two publications of it give that month.
    """
    grown = withheld.copy()
    kind, start = pl.col("period_kind_code"), pl.col("period_start_on")
    rows = table.frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    if "period_kind_code" not in table.plan.key:
        return grown
    closed = rows.filter(kind == "year")["period_start_on"].dt.year().unique()
    running = rows.filter((kind == "month") & ~start.dt.year().is_in(closed.implode()))
    key = [name for name in table.plan.key if not name.startswith("period_")]
    pairs = (
        rows.filter(kind == "all")
        .select(*key, whole="row")
        .join(running.select(*key, part="row"), on=key, how="inner")
    )
    mine = system.prints.filter(pl.col("table") == table.name).select("column", "row", "cell")
    cells = pairs.join(mine, left_on="whole", right_on="row").join(
        mine, left_on=["part", "column"], right_on=["row", "column"], suffix="_part"
    )
    hidden = withheld[cells["cell_part"].to_numpy()]
    grown[cells["cell"].to_numpy()[hidden]] = True
    return grown & ~system.is_exempt


def _is_same_month(before: pl.DataFrame, as_of: date) -> bool:
    last = before["snapshot_on"].max() if "snapshot_on" in before.columns else None
    return isinstance(last, date) and (last.year, last.month) == (as_of.year, as_of.month)
