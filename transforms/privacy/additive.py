"""Which rows of a published table add up to which: the equations that suppression must respect."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

LINK_SCHEMA: Final = pl.Schema({"group": pl.String, "row": pl.UInt32, "is_total": pl.Boolean})
_ALL: Final = "all"


def additive_links(
    frame: pl.DataFrame, *, key: Sequence[str], relations: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The additive groups of a table's rows: ``group``, ``row`` (position in frame), ``is_total``.

    Args:
        frame: The table.
        key: Its key columns.
        relations: Name → frame whose columns are some of the key (the child's) and the same with
            ``total_`` before (the total's). Rows alike in the rest of the key are one group.

    Returns:
        One row per membership; groups whose total or children do not stand in the table are left
        out. ``group`` names relation and total row.
    """
    rows = frame.select(key).with_row_index("row")
    parts = [pl.DataFrame(schema=LINK_SCHEMA)]
    for name, relation in relations.items():
        child = [column for column in relation.columns if not column.startswith("total_")]
        rest = [column for column in key if column not in child]
        totals = rows.rename(
            {"row": "total_row", **{column: f"total_{column}" for column in child}}
        )
        pairs = (
            rows.join(relation, on=child, how="inner", validate="m:m")
            .join(totals, on=[*rest, *(f"total_{column}" for column in child)], how="inner")
            .with_columns(group=pl.format("{}|{}", pl.lit(name), "total_row"))
        )
        parts.append(pairs.select("group", "row", is_total=pl.lit(value=False)))
        parts.append(
            pairs.select("group", row="total_row", is_total=pl.lit(value=True)).unique(
                maintain_order=True
            )
        )
    return pl.concat(parts).sort("group", "is_total", "row")


def level_relations(frame: pl.DataFrame, *, services: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Departments, areas and channels within the city; services within their department.

    Args:
        frame: A table with ``dimension_code`` and ``dimension_value``.
        services: Code list with ``service_id`` and ``department_id``.
    """
    cells = frame.select("dimension_code", "dimension_value").unique(maintain_order=True)
    relations = {
        level: cells.filter(pl.col("dimension_code") == level).with_columns(
            total_dimension_code=pl.lit("city"), total_dimension_value=pl.lit(_ALL)
        )
        for level in ("department", "area", "channel")
    }
    departments = services.select(
        dimension_value="service_id", total_dimension_value="department_id"
    ).unique(maintain_order=True)
    relations["service"] = (
        cells.filter(pl.col("dimension_code") == "service")
        .join(departments, on="dimension_value", how="inner", validate="1:m")
        .select(
            "dimension_code",
            "dimension_value",
            total_dimension_code=pl.lit("department"),
            total_dimension_value="total_dimension_value",
        )
    )
    return relations


def period_relations(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Months within quarters, these within years; months within twelve; all time from years.

    All time is the years that stand in the table and the months that follow them.
    """
    columns = ["period_kind_code", "period_start_on"]
    periods = frame.select(columns).unique(maintain_order=True)
    of_kind = {
        kind: periods.filter(pl.col("period_kind_code") == kind)
        for kind in ("month", "quarter", "year", "last_12_months", "all")
    }
    start = pl.col("period_start_on")
    within_year = of_kind["month"].with_columns(
        total_period_kind_code=pl.lit("year"), total_period_start_on=start.dt.truncate("1y")
    )
    within_quarter = of_kind["month"].with_columns(
        total_period_kind_code=pl.lit("quarter"), total_period_start_on=start.dt.truncate("1q")
    )
    quarters_of_year = of_kind["quarter"].with_columns(
        total_period_kind_code=pl.lit("year"), total_period_start_on=start.dt.truncate("1y")
    )
    relations = {
        "year": within_year,
        "quarter": within_quarter,
        "quarters_of_year": quarters_of_year,
    }
    for begins in of_kind["last_12_months"]["period_start_on"]:
        relations[f"last_12_months_{begins}"] = (
            of_kind["month"]
            .filter(start.is_between(begins, _year_after(begins)))
            .with_columns(
                total_period_kind_code=pl.lit("last_12_months"), total_period_start_on=begins
            )
        )
    for begins in of_kind["all"]["period_start_on"]:
        years = of_kind["year"]["period_start_on"].dt.year().to_list()
        later = of_kind["month"].filter(~start.dt.year().is_in(years))
        relations[f"all_{begins}"] = pl.concat([of_kind["year"], later]).with_columns(
            total_period_kind_code=pl.lit("all"), total_period_start_on=pl.lit(begins)
        )
    return relations


def value_relation(frame: pl.DataFrame, *, column: str) -> pl.DataFrame:
    """Every value of a column within its value ``all``."""
    values = frame.select(column).unique(maintain_order=True).filter(pl.col(column) != _ALL)
    return values.with_columns(pl.lit(_ALL).alias(f"total_{column}"))


def breakdown_relations(
    frame: pl.DataFrame, *, variables: Sequence[str]
) -> dict[str, pl.DataFrame]:
    """The categories of each background variable, `unknown` with them, within the total."""
    cells = frame.select("breakdown_code", "breakdown_value").unique(maintain_order=True)
    return {
        variable: cells.filter(pl.col("breakdown_code") == variable).with_columns(
            total_breakdown_code=pl.lit("total"), total_breakdown_value=pl.lit(_ALL)
        )
        for variable in variables
    }


def _year_after(begins: date) -> date:
    return begins.replace(year=begins.year + 1) - timedelta(days=1)
