"""All counts of all public tables as one system of linear equations over cells.

A cell is a quantity, however many tables print it. Beside the printed cells stand the rests that
nobody prints. Each equation says that a signed sum of cells is nought.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.privacy.equations import all_members
from transforms.privacy.printings import PRINT_SCHEMA, Table, Thresholds, table_printings

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class UnequalCellsError(ValueError):
    """A quantity that two tables print has two values."""


@dataclass(frozen=True, slots=True)
class System:
    """Cells, printings and equations.

    ``limit`` is the threshold, ``span`` how far apart the bounds of a small count must be (as many
    values as the limit), ``cost`` that of withholding; ``is_rest`` marks cells that nobody
    prints, ``is_exempt`` those that are public elsewhere, ``is_kept`` those that only
    earlier publications printed. ``prints`` has a row per printed place: table, column, row, cell.
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
    places = [table_printings(table, thresholds) for table in tables.values()]
    prints = _number_cells(_comparable(pl.concat([pl.DataFrame(schema=PRINT_SCHEMA), *places])))
    cells = _one_of_each(prints)
    members = all_members(tables, prints, services=services)
    return _with_rests(prints, cells, members, under=_under(tables, prints))


def _comparable(prints: pl.DataFrame) -> pl.DataFrame:
    """Places without those of earlier publications that are printed now, or that disagree."""
    own, kept = prints.filter(~pl.col("is_kept")), prints.filter("is_kept")
    lone = kept.join(own, on="key", how="anti", maintain_order="left")
    is_one = pl.col("value").n_unique().over("key") == 1
    return pl.concat([own, lone.filter(is_one)])


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


def _under(tables: Mapping[str, Table], prints: pl.DataFrame) -> NDArray[np.int64]:
    """Pairs (base, cell) of each row."""
    pairs = [pl.DataFrame(schema={"base": pl.Int64, "cell": pl.Int64})]
    for table in tables.values():
        mine = prints.filter(pl.col("table") == table.name)
        base = mine.filter(pl.col("column") == (table.plan.base or "")).select("row", base="cell")
        own = [c.column for c in table.plan.counts if c.column not in table.plan.apart]
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
    equations = _equations_kept(known)
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


def _equations_kept(known: pl.DataFrame) -> pl.DataFrame:
    """One row per equation that the values keep, with or without a rest."""
    return (
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
        .filter(
            pl.when(pl.col("is_kept") & ~pl.col("has_rest"))
            .then(pl.col("gap") == 0)
            .otherwise(pl.col("gap") >= 0)
        )
        .filter(pl.col("n") > 1)
        .with_columns(needs_rest=pl.col("has_rest") | (pl.col("gap") > 0))
        .with_row_index("equation")
    )
