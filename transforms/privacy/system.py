"""All counts of all public tables as one system of linear equations over cells.

A cell is a quantity, however many tables print it. Beside the printed cells stand the rests that
nobody prints. Each equation says that a signed sum of cells is nought: what adds up to what within
a row, over the rows of a table, from one table to another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.privacy.additive import additive_links
from transforms.privacy.plan import Bridge, Count, Limit, Plan, Stock

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_PRINT_SCHEMA: Final = pl.Schema(
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


class UnequalCellsError(ValueError):
    """A quantity that two tables print has two values."""


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


@dataclass(frozen=True, slots=True)
class System:
    """Cells, printings and equations.

    ``limit`` is the threshold, ``span`` how far apart the bounds of a small count must be (as many
    values as the limit), ``cost`` that of withholding; ``is_rest`` marks cells that nobody
    prints, ``is_exempt`` those that are public elsewhere, ``is_kept`` those that only the last
    publication printed. ``prints`` has a row per printed place: table, column, row, cell.
    ``under`` are pairs (base, cell): the cell is withheld with the base of its row.
    """

    prints: pl.DataFrame
    value: Ints
    limit: Ints
    span: Ints
    cost: Floats
    is_rest: Bools
    is_exempt: Bools
    is_kept: Bools
    equation: Ints
    cell: Ints
    sign: Ints
    under: NDArray[np.int64]

    @property
    def n_equations(self) -> int:
        """Number of equations."""
        return int(self.equation.max(initial=-1)) + 1


def build_system(
    tables: Mapping[str, Table], *, services: pl.DataFrame, thresholds: Thresholds
) -> System:
    """The system of the tables.

    Args:
        tables: Open forms with their plans, by name.
        services: Code list with ``service_id`` and ``department_id``.
        thresholds: Least counts.

    Raises:
        UnequalCellsError: If two printings of one quantity have different values.
    """
    prints = _number_cells(
        pl.concat(
            [pl.DataFrame(schema=_PRINT_SCHEMA)]
            + [table_printings(table, thresholds) for table in tables.values()]
        )
    )
    cells = _one_of_each(prints)
    members = pl.concat(
        [pl.DataFrame(schema=_MEMBER_SCHEMA)]
        + [
            part
            for table in tables.values()
            for part in _table_equations(table, prints, services=services)
        ]
        + [_bridge(b, prints) for t in tables.values() for b in t.plan.bridges]
    )
    return _with_rests(prints, cells, members, under=_under(tables, prints))


_MEMBER_SCHEMA: Final = pl.Schema(
    {"name": pl.String, "cell": pl.Int64, "sign": pl.Int64, "has_rest": pl.Boolean}
)


def table_printings(table: Table, thresholds: Thresholds = _ANY) -> pl.DataFrame:
    """Every place in which the open form of a table prints a count; ``told`` is null if withheld."""
    counts = [_printings(table, count, thresholds) for count in table.plan.counts]
    return pl.concat([pl.DataFrame(schema=_PRINT_SCHEMA), *counts])


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


def _number_cells(prints: pl.DataFrame) -> pl.DataFrame:
    """Printings of one key get one number, in the order of keys: no order of tables matters."""
    return prints.sort("key", "table", "column", "row").with_columns(
        cell=pl.col("key").rank("dense").cast(pl.Int64) - 1
    )


def _one_of_each(prints: pl.DataFrame) -> pl.DataFrame:
    """One row per cell: its value, the strictest limit, the dearest cost."""
    cells = (
        prints.group_by("cell", maintain_order=True)
        .agg(
            value=pl.col("value").max(),
            least=pl.col("value").min(),
            limit=pl.col("limit").max(),
            cost=pl.col("cost").sum(),
            is_exempt=pl.col("is_exempt").any(),
            is_kept=pl.col("is_kept").all(),
            key=pl.col("key").first(),
        )
        .sort("cell")
    )
    unequal = cells.filter(pl.col("value") != pl.col("least"))
    if unequal.height:
        raise UnequalCellsError(
            f"{unequal.height} quantities stand with two values in the public tables, expected "
            f"one; the first is {unequal['key'][0]}. Give them two measures in the disclosure "
            "plans, or find out why the marts differ."
        )
    return cells


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
    found = []
    for part in plan.parts:
        found.append(_within_rows(table, by_column, part.total, part.parts, has_rest=part.has_rest))
    if plan.relations is not None:
        relations = plan.relations(table.frame, services)
        links = additive_links(table.frame, key=plan.key, relations=relations)
        for count in plan.counts:
            if count.margins and count.column in by_column:
                found.append(_over_rows(table.name, count.column, links, by_column[count.column]))
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
        return pl.DataFrame(schema=_MEMBER_SCHEMA)
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
        return pl.DataFrame(schema=_MEMBER_SCHEMA)
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


def _under(tables: Mapping[str, Table], prints: pl.DataFrame) -> NDArray[np.int64]:
    """Pairs (base, cell) of each row."""
    pairs = [pl.DataFrame(schema={"base": pl.Int64, "cell": pl.Int64})]
    for table in tables.values():
        mine = prints.filter(pl.col("table") == table.name)
        base = mine.filter(pl.col("column") == (table.plan.base or "")).select("row", base="cell")
        own = [c.column for c in table.plan.counts if c.column not in table.plan.own_base]
        pairs.append(
            mine.filter(pl.col("column").is_in(own))
            .join(base, on="row", how="inner")
            .filter(pl.col("cell") != pl.col("base"))
            .select("base", "cell")
        )
    found = pl.concat(pairs).unique().sort("base", "cell")
    return found.to_numpy().reshape(-1, 2).astype(np.int64)


def _with_rests(
    prints: pl.DataFrame,
    cells: pl.DataFrame,
    members: pl.DataFrame,
    *,
    under: NDArray[np.int64],
) -> System:
    """The system; an equation that its values do not keep gets a rest, or is none.

    A total greater than its shown parts has parts that nobody prints. A total smaller than its
    parts is no total: such an equation would tell an attacker nothing true.
    """
    known = members.join(
        cells.select("cell", "value", "limit", "is_exempt", "is_kept"), on="cell", how="left"
    )
    equations = (
        known.group_by("name")
        .agg(
            gap=(pl.col("sign") * pl.col("value")).sum(),
            has_rest=pl.col("has_rest").any(),
            limit=pl.col("limit").max(),
            # The rest of what is public elsewhere is public elsewhere.
            is_exempt=(pl.col("is_exempt") & (pl.col("sign") > 0)).any(),
            is_kept=pl.col("is_kept").any(),
            n=pl.len(),
        )
        .sort("name")
        # Figures that have been revised since do not add up, and so tell nothing for certain.
        .filter(pl.when("is_kept").then(pl.col("gap") == 0).otherwise(pl.col("gap") >= 0))
        .filter(pl.col("n") > 1)
        .with_columns(needs_rest=pl.col("has_rest") | (pl.col("gap") > 0))
        .with_row_index("equation")
    )
    rests = equations.filter("needs_rest").with_row_index("rest")
    n_cells = cells.height
    numbered = known.join(equations.select("name", "equation"), on="name", how="inner")
    entries = pl.concat(
        [
            numbered.select(pl.col("equation").cast(pl.Int64), "cell", "sign"),
            rests.select(
                pl.col("equation").cast(pl.Int64),
                cell=pl.col("rest").cast(pl.Int64) + n_cells,
                sign=pl.lit(-1, dtype=pl.Int64),
            ),
        ]
    ).sort("equation", "cell")
    n_rests = rests.height
    limit = np.concatenate([cells["limit"].to_numpy(), rests["limit"].to_numpy()])
    return System(
        prints=prints,
        value=np.concatenate([cells["value"].to_numpy(), rests["gap"].to_numpy()]),
        limit=limit,
        span=limit - 1,
        cost=np.concatenate([cells["cost"].to_numpy(), np.full(n_rests, np.inf)]),
        is_rest=np.arange(n_cells + n_rests) >= n_cells,
        is_exempt=np.concatenate([cells["is_exempt"].to_numpy(), rests["is_exempt"].to_numpy()]),
        is_kept=np.concatenate([cells["is_kept"].to_numpy(), np.zeros(n_rests, dtype=bool)]),
        equation=entries["equation"].to_numpy(),
        cell=entries["cell"].to_numpy(),
        sign=entries["sign"].to_numpy(),
        under=under,
    )
