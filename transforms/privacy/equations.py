"""Which cells add up to which: within a row, over rows, from row to row, from table to table."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from transforms.privacy.additive import additive_links
from transforms.privacy.lasting import lasting_members
from transforms.privacy.plan import Bridge, Stock
from transforms.privacy.printings import Table

MEMBER_SCHEMA: Final = pl.Schema(
    {"name": pl.String, "cell": pl.Int64, "sign": pl.Int64, "has_rest": pl.Boolean}
)


def all_members(
    tables: Mapping[str, Table], prints: pl.DataFrame, *, services: pl.DataFrame
) -> pl.DataFrame:
    """Members of every equation: its name, the cell, the sign, whether a rest nobody prints.

    Args:
        tables: Open forms with their plans, by name.
        prints: Places with the numbers of their cells.
        services: Code list with ``service_id`` and ``department_id``.
    """
    within = [
        part
        for table in tables.values()
        for part in _table_equations(table, prints, services=services)
    ]
    across = [_bridge(b, prints) for t in tables.values() for b in t.plan.bridges]
    lasting = lasting_members(tables, prints)
    return pl.concat([pl.DataFrame(schema=MEMBER_SCHEMA), *within, *across, *lasting])


def _table_equations(
    table: Table, prints: pl.DataFrame, *, services: pl.DataFrame
) -> list[pl.DataFrame]:
    """Members of the equations within a table's rows, over its rows, and from row to row."""
    plan = table.plan
    mine = prints.filter(pl.col("table") == table.name)
    by_column = {
        str(name): frame.select("row", "cell")
        for (name,), frame in mine.partition_by("column", as_dict=True).items()
    }
    found = [
        _within_rows(table, by_column, part.total, part.parts, has_rest=part.has_rest)
        for part in plan.parts
    ]
    if plan.relations is not None:
        relations = plan.relations(table.frame, services)
        links = additive_links(table.frame, key=plan.key, relations=relations)
        found += [
            _over_rows(table.name, count.column, links, by_column[count.column])
            for count in plan.counts
            if count.margins and count.column in by_column
        ]
    if plan.stock is not None:
        found.append(_from_row_to_row(table, plan.stock, by_column))
    return found


def _within_rows(
    table: Table,
    by_column: Mapping[str, pl.DataFrame],
    total: str,
    parts: tuple[str, ...],
    *,
    has_rest: bool,
) -> pl.DataFrame:
    """One equation per row that prints the total and every part."""
    if not {total, *parts} <= by_column.keys():
        return pl.DataFrame(schema=MEMBER_SCHEMA)
    rows = by_column[total].select("row")
    for name in parts:
        rows = rows.join(by_column[name].select("row"), on="row", how="semi")
    label = f"{table.name}/{total}={'+'.join(parts)}"
    return pl.concat(
        [
            by_column[name]
            .join(rows, on="row", how="semi")
            .select(
                name=pl.format("{}@{}", pl.lit(label), "row"),
                cell="cell",
                sign=pl.lit(1 if name == total else -1, dtype=pl.Int64),
                has_rest=pl.lit(has_rest),
            )
            for name in (total, *parts)
        ]
    )


def _over_rows(table: str, column: str, links: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """One equation per additive group; where the shown children fall short, a rest makes it up."""
    found = links.with_columns(pl.col("row").cast(pl.Int64)).join(cells, on="row", how="inner")
    whole = found.group_by("group").agg(
        has_total=pl.col("is_total").any(), has_part=(~pl.col("is_total")).any()
    )
    return (
        found.join(whole.filter("has_total", "has_part"), on="group", how="semi")
        .sort("group", "is_total", "row")
        .select(
            name=pl.format("{}/{}/{}", pl.lit(table), pl.lit(column), "group"),
            cell="cell",
            sign=pl.when("is_total").then(1).otherwise(-1).cast(pl.Int64),
            has_rest=pl.lit(value=False),
        )
    )


def _from_row_to_row(
    table: Table, stock: Stock, by_column: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Stock = previous stock + flows, for every row that prints them all and has one before."""
    if not {stock.column, *stock.flows} <= by_column.keys():
        return pl.DataFrame(schema=MEMBER_SCHEMA)
    rows = by_column[stock.column].select("row")
    for flow in stock.flows:
        rows = rows.join(by_column[flow].select("row"), on="row", how="semi")
    previous = (
        table.frame.with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
        .join(rows, on="row", how="semi")
        .sort(*stock.within, stock.order)
        .select("row", previous=pl.col("row").shift(1).over(stock.within))
        .drop_nulls()
    )
    label = pl.format("{}/{}@{}", pl.lit(table.name), pl.lit(stock.column), "row")
    before = previous.join(
        by_column[stock.column].rename({"row": "previous"}), on="previous", how="inner"
    )
    signs = {stock.column: 1, **{name: -sign for name, sign in stock.flows.items()}}
    return pl.concat(
        [
            by_column[name]
            .join(before.select("row"), on="row", how="semi")
            .select(name=label, cell="cell", sign=pl.lit(sign, dtype=pl.Int64))
            for name, sign in signs.items()
        ]
        + [before.select(name=label, cell="cell", sign=pl.lit(-1, dtype=pl.Int64))]
    ).with_columns(has_rest=pl.lit(value=False))


def _bridge(bridge: Bridge, prints: pl.DataFrame) -> pl.DataFrame:
    """One equation per cell of the part whose whole is printed too."""
    added = [f"{name}={value}" for name, value in bridge.extra.items()]

    def dimensions(measure: str) -> pl.DataFrame:
        """The key without its measure, as a sorted list."""
        return (
            prints.filter(pl.col("key").str.starts_with(f"{measure}|"))
            .unique("cell", maintain_order=True)
            .select("cell", dims=pl.col("key").str.split("|").list.slice(1))
        )

    part = dimensions(bridge.part).with_columns(
        dims=pl.concat_list("dims", *(pl.lit(text) for text in added)).list.sort()
        if added
        else pl.col("dims").list.sort()
    )
    whole = dimensions(bridge.whole).with_columns(pl.col("dims").list.sort())
    pairs = part.join(whole, on="dims", how="inner", suffix="_whole")
    label = pl.format("{}<{}@{}", pl.lit(bridge.part), pl.lit(bridge.whole), "cell_whole")
    return pl.concat(
        [
            pairs.select(name=label, cell="cell_whole", sign=pl.lit(1, dtype=pl.Int64)),
            pairs.select(name=label, cell="cell", sign=pl.lit(-1, dtype=pl.Int64)),
        ]
    ).with_columns(has_rest=pl.lit(value=True))
