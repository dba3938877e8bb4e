"""Counts of what lasts for years, within the counts of those years in another table.

For every run of years: what lasted within it adds up to no more than the years do, and the rest is
printed nowhere. By Hall's theorem these say all that the two tables say of each other, since what
lasts over a turn of the year may have happened on either side of it.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from transforms.privacy.plan import Within
from transforms.privacy.printings import Table

_RUN: Final = ("from_year", "to_year")


def lasting_members(tables: Mapping[str, Table], prints: pl.DataFrame) -> list[pl.DataFrame]:
    """Members of every such equation: name, cell, sign, and that it has a rest.

    Args:
        tables: Open forms with their plans, by name.
        prints: Places with the numbers of their cells.
    """
    return [
        _of_runs(table, tables[within.table], within, prints)
        for table in tables.values()
        for within in table.plan.within
        if within.table in tables
    ]


def _of_runs(table: Table, other: Table, within: Within, prints: pl.DataFrame) -> pl.DataFrame:
    """One equation per run of years in which something began and something ended."""
    alike = list(within.alike)
    lasting = (
        _placed(table, within.column, prints)
        .select(*alike, "cell", first=within.first, last=within.last)
        .drop_nulls()
        .unique(maintain_order=True)
    )
    years = (
        _placed(other, within.whole, prints)
        .filter(within.where)
        .select(*alike, "cell", year=within.year)
        .unique(maintain_order=True)
    )
    runs = _runs(lasting)
    parts = lasting.join(runs, how="cross").filter(
        pl.col("from_year") <= pl.col("first"), pl.col("last") <= pl.col("to_year")
    )
    wholes = years.join(runs, how="cross").filter(pl.col("year").is_between("from_year", "to_year"))
    # Of a year that does not print the count nothing can be taken away.
    unprinted = wholes.filter(pl.col("cell").is_null())
    keys = [*alike, *_RUN]
    both = pl.concat(
        [
            wholes.select(*keys, "cell", sign=pl.lit(1, dtype=pl.Int64)),
            parts.select(*keys, "cell", sign=pl.lit(-1, dtype=pl.Int64)),
        ]
    ).join(unprinted.select(keys).unique(), on=keys, how="anti", maintain_order="left")
    label = f"{table.name}/{within.column}<{other.name}/{within.whole}"
    return (
        both.filter(*(pl.col("sign").eq(sign).any().over(keys) for sign in (1, -1)))
        .unique(maintain_order=True)
        .select(
            name=pl.concat_str([pl.lit(label), *keys], separator="|"),
            cell="cell",
            sign="sign",
            has_rest=pl.lit(value=True),
        )
    )


def _runs(lasting: pl.DataFrame) -> pl.DataFrame:
    """From every year in which something began to every year in which something ended."""
    return (
        lasting.select(from_year="first")
        .unique()
        .join(lasting.select(to_year="last").unique(), how="cross")
        .filter(pl.col("from_year") <= pl.col("to_year"))
    )


def _placed(table: Table, column: str, prints: pl.DataFrame) -> pl.DataFrame:
    """The rows of a table with the cell that a column prints there, null where it prints none."""
    cells = prints.filter((pl.col("table") == table.name) & (pl.col("column") == column)).select(
        "row", "cell"
    )
    rows = table.frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    return rows.join(cells, on="row", how="left", validate="1:1", maintain_order="left")
