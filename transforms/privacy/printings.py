"""Where each count is printed: the places of every public table, with the key of their quantity."""

from dataclasses import dataclass, replace
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

    The rows from ``n_own`` on are of the last publication and no longer in this one: an attacker
    has kept them.
    """

    name: str
    frame: pl.DataFrame
    plan: Plan
    n_own: int


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
    """Every row in which the open form prints a count."""
    plan = table.plan
    key = count.key or {name: name for name in plan.key}
    parts = [
        pl.format("{}={}", pl.lit(name), _text(source)) for name, source in sorted(key.items())
    ]
    where = pl.lit(value=True) if count.where is None else count.where
    exempt = pl.lit(value=False) if plan.exempt is None else plan.exempt(count.column)
    cost = pl.lit(1.0) if plan.cost is None else plan.cost
    limits = {Limit.OPEN: thresholds.open, Limit.BACKGROUND: thresholds.background}
    is_own = pl.col("row") < table.n_own
    return (
        table.frame.with_row_index("row")
        .filter(where, is_own | pl.col(count.column).is_not_null())
        .select(
            table=pl.lit(table.name),
            column=pl.lit(count.column),
            row=pl.col("row").cast(pl.Int64),
            key=pl.concat_str([pl.lit(count.measure), *parts], separator="|"),
            value=pl.col(count.column).cast(pl.Int64).fill_null(0),
            limit=pl.lit(limits[plan.limit], dtype=pl.Int64),
            cost=cost.cast(pl.Float64) * count.weight,
            is_exempt=exempt.fill_null(value=False),
            is_kept=~is_own,
            told=pl.col(count.column).cast(pl.Int64),
        )
    )


def _text(source: pl.Expr | str) -> pl.Expr:
    return (pl.col(source) if isinstance(source, str) else source).cast(pl.String)
