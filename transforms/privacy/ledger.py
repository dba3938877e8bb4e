"""The ledger: every withheld figure by table, cell and column, with the reason, never the value."""

from typing import Final

import polars as pl

from transforms.privacy.feasible import is_small
from transforms.privacy.printings import Table, public_printings
from transforms.privacy.system import System

LEDGER_SCHEMA: Final = pl.Schema(
    {
        "table_name": pl.String,
        "cell_key": pl.String,
        "column_name": pl.String,
        "reason_code": pl.String,
    }
)
NOT_SUPPRESSED: Final = "none"
PRIMARY: Final = "primary_small_n"
SECONDARY: Final = "secondary"
TOLD_BEFORE: Final = "told_before"


def ledger_rows(
    table: Table, public: pl.DataFrame, system: System, guarded: System
) -> pl.DataFrame:
    """One row per count that the open form prints and the public table withholds.

    ``primary_small_n`` when the count itself is small, ``secondary`` when it protects another or
    falls with the base of its row, ``told_before`` when it is small and an earlier publication
    gave it away already. The estimates of a row fall with its base or their evidence
    and are not listed.

    Args:
        table: The open form.
        public: What is published of it: the same rows in the same order, or the last publication.
        system: All cells, for the reasons.
        guarded: The same without a claim to what is already told.
    """
    if not table.plan.counts:
        return pl.DataFrame(schema=LEDGER_SCHEMA)
    key, own = list(table.plan.key), table.frame.head(table.n_own)
    small, lost = is_small(system), (guarded.span == 0) & (system.span > 0)
    reasons = system.prints.select("key", "cell").unique("key")
    reasons = reasons.with_columns(
        is_primary=pl.Series(small[reasons["cell"].to_numpy()], dtype=pl.Boolean),
        is_told=pl.Series((small & lost)[reasons["cell"].to_numpy()], dtype=pl.Boolean),
    )
    names = [
        pl.format("{}={}", pl.lit(name), pl.col(name).cast(pl.String)) for name in table.plan.key
    ]
    keys = public.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"),
        cell_key=pl.concat_str(names, separator="|"),
    )
    if public.height == table.n_own and public.select(key).equals(own.select(key)):
        # What the mart does not know is not withheld.
        mine = system.prints.filter((pl.col("table") == table.name) & ~pl.col("is_kept"))
        printed = _with_told(mine.filter(pl.col("told").is_not_null()), public)
    else:
        printed = public_printings(table.name, public, table.plan)
    return (
        printed.filter(pl.col("told").is_null())
        .join(keys, on="row", how="left", validate="m:1")
        .join(reasons, on="key", how="left", validate="m:1")
        .select(
            table_name=pl.lit(table.name),
            cell_key="cell_key",
            column_name="column",
            reason_code=pl.when(pl.col("is_told").fill_null(value=False))
            .then(pl.lit(TOLD_BEFORE))
            .when(pl.col("is_primary").fill_null(value=False))
            .then(pl.lit(PRIMARY))
            .otherwise(pl.lit(SECONDARY)),
        )
    )


def _with_told(prints: pl.DataFrame, public: pl.DataFrame) -> pl.DataFrame:
    """The places with what the public table tells there."""
    parts = [
        mine.with_columns(told=public[str(column)].cast(pl.Int64)[mine["row"]])
        for (column,), mine in prints.partition_by("column", as_dict=True).items()
    ]
    return pl.concat([prints.clear(), *parts])
