"""The open form of each mart: which rows leave the house at all, before any count is looked at.

Less published, fewer secrets: only periods that are over, since what still grows would give a
day's few acts by subtracting yesterday's publication; and fine detail only where cells are mostly
large. Analysts have the marts. See ``docs/methods/disclosure.md``.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

#: Levels whose months are told in detail.
BROAD: Final = ("city", "department")
LONG: Final = ("year", "last_12_months")


def open_heard(mart: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Whole months, quarters and closed years; ways of being heard apart by month only of the city.

    All time is told of the city alone, up to the last whole month. For every count a column with
    ``public_`` before its name is added: whether it counts nothing but initiatives, which are
    public one by one.
    """
    counts = [name for name in mart.columns if name.startswith("n_")]
    mart = mart.with_columns(_is_public(name).alias(f"public_{name}") for name in counts)
    kind, level = pl.col("period_kind_code"), pl.col("dimension_code")
    is_city, is_sum = level == "city", pl.col("act_type_code") == "all"
    whole = _without_open_month(mart.filter(is_city & (kind == "all")), mart, as_of=as_of)
    short = (kind == "month") & (is_sum | is_city)
    short |= (kind == "quarter") & level.is_in(BROAD)
    closed = mart.filter(_is_over(as_of) & (short | kind.is_in(LONG)))
    return pl.concat([closed, whole])


def open_response_times(mart: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Whole months of broad levels; closed years and the last twelve months of every level."""
    kind = pl.col("period_kind_code")
    short = kind.is_in(["month", "quarter"]) & pl.col("dimension_code").is_in(BROAD)
    return mart.filter(_is_over(as_of) & (short | kind.is_in(LONG)))


def open_topics(mart: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Of the rows that are to be printed, those whose period is over; months of the city alone.

    Of all time nothing: it would grow by a month's few texts.
    """
    kind = pl.col("period_kind_code")
    is_told = (kind != "all") & ((kind != "month") | (pl.col("dimension_code") == "city"))
    return mart.filter(_is_over(as_of) & is_told)


def open_satisfaction(mart: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Waves whose fieldwork is over, and the totals of those that are not."""
    return mart.filter(~pl.col("is_preliminary") | (pl.col("breakdown_code") == "total"))


def _is_public(count: str) -> pl.Expr:
    """Initiatives, and sums over all ways of being heard that are sums of initiatives."""
    cell = ["dimension_code", "dimension_value", "period_kind_code", "period_start_on"]
    is_initiative = pl.col("act_type_code") == "initiative"
    initiatives = pl.when(is_initiative).then(count).otherwise(0).sum().over(cell)
    is_sum = pl.col("act_type_code") == "all"
    return is_initiative | (is_sum & (pl.col(count) == initiatives) & (initiatives > 0))


def _is_over(as_of: date) -> pl.Expr:
    """Whether a month, a year or the last twelve months had ended by the snapshot."""
    kind, start = pl.col("period_kind_code"), pl.col("period_start_on")
    end = (
        pl.when(kind == "month")
        .then(start.dt.offset_by("1mo"))
        .when(kind == "quarter")
        .then(start.dt.offset_by("1q"))
        .otherwise(start.dt.offset_by("1y"))
    )
    return end <= as_of + timedelta(days=1)


def _without_open_month(whole: pl.DataFrame, mart: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Counts of all time less those of the month that is not over."""
    first = as_of.replace(day=1)
    key = ["dimension_code", "dimension_value", "act_type_code"]
    counts = [name for name in mart.columns if name.startswith("n_")]
    is_running = (pl.col("period_kind_code") == "month") & (pl.col("period_start_on") == first)
    running = mart.filter(is_running & ~_is_over(as_of)).select(*key, *counts)
    return (
        whole.join(running, on=key, how="left", suffix="_now", maintain_order="left")
        .with_columns(pl.col(name) - pl.col(f"{name}_now").fill_null(0) for name in counts)
        .select(mart.columns)
    )
