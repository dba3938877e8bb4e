"""Where each count is printed: the places of every public table, with the key of their quantity."""

from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from transforms.privacy.plan import Count, Limit, Plan

PRINT_SCHEMA: Final = pl.Schema(
    {
        "table": pl.String,
        "column": pl.String,
        "row": pl.Int64,
        "key": pl.String,
        "value": pl.Int64,
        "limit": pl.Int64,
        "cost": pl.Float64,
        "is_exempt": pl.Boolean,
        "is_kept": pl.Boolean,
        "told": pl.Int64,
    }
)
UNPRINTED_SCHEMA: Final = pl.Schema(
    {"row": pl.Int64, "column_name": pl.String, "told_value": pl.Int64}
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least counts that may be shown: in open tables, and in tables by background."""

    open: int
    background: int


#: Where only keys and values are asked for.
_ANY: Final = Thresholds(1, 1)


@dataclass(frozen=True, slots=True)
class Table:
    """A public table in its open form, sorted by key, with its plan.

    The rows from ``n_own`` on are of earlier publications and no longer in this one: an attacker
    has kept them. So he has counts of own rows that the open form prints no longer: ``unprinted``
    tells their row, column and value.
    """

    name: str
    frame: pl.DataFrame
    plan: Plan
    n_own: int
    unprinted: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNPRINTED_SCHEMA))


def table_printings(table: Table, thresholds: Thresholds = _ANY) -> pl.DataFrame:
    """Every place in which the open form of a table prints a count.

    ``told`` is what stands there: in a public table null where it is withheld.
    """
    counts = [_printings(table, count, thresholds) for count in table.plan.counts]
    return pl.concat([pl.DataFrame(schema=PRINT_SCHEMA), *counts])


def public_printings(
    name: str, public: pl.DataFrame, plan: Plan, thresholds: Thresholds = _ANY
) -> pl.DataFrame:
    """The same of a table that is or was public, which lacks what only the mart knows."""
    table = Table(name, public, replace(plan, exempt=None), n_own=public.height)
    return table_printings(table, thresholds)


def _printings(table: Table, count: Count, thresholds: Thresholds) -> pl.DataFrame:
    """Every row in which the open form prints a count, and those in which an earlier one did."""
    plan = table.plan
    exempt = pl.lit(value=False) if plan.exempt is None else plan.exempt(count.column)
    cost = pl.lit(1.0) if plan.cost is None else plan.cost
    limits = {Limit.OPEN: thresholds.open, Limit.BACKGROUND: thresholds.background}
    is_own, number = pl.col("row") < table.n_own, pl.col(count.column).cast(pl.Int64)
    once = table.unprinted.filter(pl.col("column_name") == count.column)
    rows = table.frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    if once.is_empty():
        rows = rows.with_columns(told_value=pl.lit(None, dtype=pl.Int64))
    else:
        rows = rows.join(once.drop("column_name"), on="row", how="left", maintain_order="left")
    is_once = pl.col("told_value").is_not_null()
    return rows.filter(is_once | _is_printed(table, count)).select(
        table=pl.lit(table.name),
        column=pl.lit(count.column),
        row="row",
        key=cell_key(plan, count),
        value=pl.coalesce("told_value", number).fill_null(0),
        limit=pl.lit(limits[plan.limit], dtype=pl.Int64),
        cost=cost.cast(pl.Float64) * count.weight,
        is_exempt=exempt.fill_null(value=False),
        is_kept=~is_own | is_once,
        told=pl.coalesce("told_value", number),
    )


def _is_printed(table: Table, count: Count) -> pl.Expr:
    """Rows of the open form; those of earlier forms that told the count.

    An earlier form printed it in more rows, perhaps. Where the count has a key of its own, the
    rows of the present form are those in which that key is right.
    """
    where = pl.lit(value=True) if count.where is None else count.where
    before = where.fill_null(value=True) if count.key else pl.lit(value=True)
    is_own = pl.col("row") < table.n_own
    return pl.when(is_own).then(where).otherwise(before & pl.col(count.column).is_not_null())


def cell_key(plan: Plan, count: Count) -> pl.Expr:
    """The name of the quantity that a count is, whichever table prints it."""
    key = count.key or {name: name for name in plan.key}
    parts = [
        pl.format("{}={}", pl.lit(name), _text(source)) for name, source in sorted(key.items())
    ]
    return pl.concat_str([pl.lit(count.measure), *parts], separator="|")


def _text(source: pl.Expr | str) -> pl.Expr:
    return (pl.col(source) if isinstance(source, str) else source).cast(pl.String)
