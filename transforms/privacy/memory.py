"""What an attacker remembers: every count that was ever published, beside this publication.

A cell that an earlier publication showed is known as long as it has not been revised, also when a
later one withheld it, and protects nothing. What the last publication withheld stays withheld, so
that the figures do not flicker. Rows that are printed no longer (twelve months that ended earlier)
stay known too, and so do counts that an earlier open form told.

The memory is a frame with a row per place and value, however many nights printed it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from transforms.privacy.plan import Plan
from transforms.privacy.printings import UNPRINTED_SCHEMA, Table, cell_key, public_printings
from transforms.privacy.system import Bools, System

#: Beside these the memory has a column for every column that tells a place.
TOLD_SCHEMA: Final = pl.Schema(
    {
        "table_name": pl.String,
        "column_name": pl.String,
        "told_value": pl.Int64,
        "told_on": pl.Date,
    }
)
_SNAPSHOT: Final = "snapshot_on"


@dataclass(frozen=True, slots=True)
class Memory:
    """Of every cell, whether it was told as it is now, and whether the last one withheld it."""

    told: Bools
    withheld: Bools


def with_publication(
    earlier: pl.DataFrame | None,
    published: Mapping[str, pl.DataFrame],
    *,
    plans: Mapping[str, Plan],
) -> pl.DataFrame:
    """The memory after one more publication; the same after the same publication once more.

    Args:
        earlier: Memory before it: ``TOLD_SCHEMA`` and the columns that tell places.
        published: Public tables, with ``snapshot_on``.
        plans: Their plans by name; tables without one are left out.

    Returns:
        One row per table, column, place and value ever told, with the last day of it; sorted.
    """
    parts = [pl.DataFrame(schema=TOLD_SCHEMA) if earlier is None else earlier]
    parts += [_told(n, frame, plans[n]) for n, frame in published.items() if n in plans]
    whole = pl.concat(parts, how="diagonal_relaxed")
    place = [name for name in whole.columns if name != "told_on"]
    return whole.group_by(place).agg(pl.col("told_on").max()).select(whole.columns).sort(place)


def _told(name: str, public: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Every count that a public table shows, one row each."""
    counts = [column for column in plan.columns if column in public.columns]
    if not counts or not set(plan.key) <= set(public.columns):
        return pl.DataFrame(schema=TOLD_SCHEMA)
    # A count may say where another one stands, not where it stands itself.
    places = [column for column in plan.places if column in public.columns]
    day = pl.col(_SNAPSHOT) if _SNAPSHOT in public.columns else pl.lit(None)
    return pl.concat(
        [
            public.filter(pl.col(count).is_not_null()).select(
                *places,
                table_name=pl.lit(name),
                column_name=pl.lit(count),
                told_value=pl.col(count).cast(pl.Int64),
                told_on=day.cast(pl.Date),
            )
            for count in counts
        ]
    )


def remember(
    system: System,
    tables: Mapping[str, Table],
    previous: Mapping[str, pl.DataFrame],
    *,
    earlier: pl.DataFrame | None = None,
) -> Memory:
    """What earlier publications tell of the cells of this one.

    Args:
        system: Today's cells.
        tables: Today's tables with their plans.
        previous: The tables of the last publication.
        earlier: Memory of those before it.
    """
    told, withheld = system.is_kept.copy(), np.zeros(system.value.size, dtype=bool)
    numbers = system.prints.select("key", "cell").unique("key")
    plans = {name: table.plan for name, table in tables.items()}
    memory = with_publication(earlier, previous, plans=plans)
    for name, plan in plans.items():
        for count in plan.counts:
            mine = memory.filter(table_name=name, column_name=count.column)
            if not set(plan.places) <= set(mine.columns) or mine.is_empty():
                continue
            found = mine.select("told_value", key=cell_key(plan, count)).join(numbers, on="key")
            cells = found["cell"].to_numpy()
            told[cells[found["told_value"].to_numpy() == system.value[cells]]] = True
        before = comparable(previous.get(name), plan)
        if before is not None and plan.counts:
            places = public_printings(name, before, plan).filter(pl.col("told").is_null())
            withheld[places.join(numbers, on="key", how="inner")["cell"].to_numpy()] = True
    # Noughts fall with their row again; what the mart does not know was never withheld.
    return Memory(told, withheld & ~told & (system.value > 0))


def with_memory(
    table: Table, before: pl.DataFrame | None, *, earlier: pl.DataFrame | None = None
) -> Table:
    """The table with what earlier publications told and its open form does not print.

    Args:
        table: The open form.
        before: The table of the last publication.
        earlier: Memory of the publications before it.
    """
    plan = table.plan
    last = {} if before is None else {table.name: before}
    memory = with_publication(earlier, last, plans={table.name: plan})
    mine = memory.filter(table_name=table.name)
    if mine.is_empty() or not set(plan.places) <= set(mine.columns):
        return table
    newest = mine.with_columns(pl.col("told_on").fill_null(date.max))
    latest = newest.sort("told_on", maintain_order=True).unique(
        [*plan.key, "column_name"], keep="last", maintain_order=True
    )
    key, own = list(plan.key), table.frame.with_row_index("row")
    printed = pl.concat(
        own.filter(count.where if count.where is not None else pl.lit(value=True)).select(
            *key, column_name=pl.lit(count.column)
        )
        for count in plan.counts
    )
    unprinted = latest.join(printed, on=[*key, "column_name"], how="anti", maintain_order="left")
    stays = unprinted.join(own.select("row", *key), on=key, how="inner", maintain_order="left")
    gone = unprinted.join(own, on=key, how="anti", maintain_order="left")
    rows = gone.pivot("column_name", index=list(plan.places), values="told_value").sort(key)
    return Table(
        table.name,
        pl.concat([table.frame, rows], how="diagonal_relaxed"),
        plan,
        n_own=table.n_own,
        unprinted=stays.select(pl.col(n).cast(t) for n, t in UNPRINTED_SCHEMA.items()),
    )


def comparable(before: pl.DataFrame | None, plan: Plan) -> pl.DataFrame | None:
    """A table of the last publication, if it has the columns of the plan."""
    if before is None or not {*plan.key, *plan.columns} <= set(before.columns):
        return None
    return before
