"""The cells over which the datasets count: levels, periods, and zero rows for what stayed silent.

A level (dimension) is the city, a department, a service, an area or a channel; a period is a month,
a quarter, a calendar year or the last twelve whole months. Keys are codes, never labels.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

ALL: Final = "all"
UNKNOWN: Final = "unknown"
MEMBER_SCHEMA: Final = pl.Schema(
    {
        "dimension_code": pl.String,
        "dimension_value": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
)
PERIOD_SCHEMA: Final = pl.Schema({"period_kind_code": pl.String, "period_start_on": pl.Date})
_LEVEL_COLUMN: Final = {
    "department": "department_id",
    "service": "service_id",
    "area": "area_code",
    "channel": "channel_code",
}


def dimension_members(
    *,
    services: pl.DataFrame,
    departments: pl.DataFrame,
    areas: pl.DataFrame,
    channels: pl.DataFrame,
) -> pl.DataFrame:
    """One row per code that must appear even with nothing in it, in the order of its list.

    Args:
        services: Code list with ``service_id``; ``valid_from`` and ``valid_to`` where it has them,
            as dates or ISO text, null or empty for no limit.
        departments: The same with ``department_id``.
        areas: With ``area_code``; ``unknown`` is added.
        channels: With ``code`` or ``channel_code``; ``unknown`` is added.
    """
    channel_key = "code" if "code" in channels.columns else "channel_code"
    city = pl.DataFrame({"code": [ALL]})
    unknown = pl.DataFrame({"code": [UNKNOWN]})
    return pl.concat(
        [
            _members(city, key="code", level="city"),
            _members(departments, key="department_id", level="department"),
            _members(services, key="service_id", level="service"),
            _members(areas, key="area_code", level="area"),
            _members(unknown, key="code", level="area"),
            _members(channels, key=channel_key, level="channel"),
            _members(unknown, key="code", level="channel"),
        ]
    )


def spread_levels(
    rows: pl.DataFrame, *, keep: Sequence[str], levels: Sequence[str]
) -> pl.DataFrame:
    """One row per row and level: the columns ``keep``, ``dimension_code``, ``dimension_value``.

    A null code becomes ``unknown``, so that every level adds up to the city.
    """
    parts = []
    for level in levels:
        column = _LEVEL_COLUMN.get(level)
        value = pl.lit(ALL) if column is None else pl.col(column).fill_null(UNKNOWN)
        parts.append(
            rows.select(*keep, dimension_code=pl.lit(level), dimension_value=value.cast(pl.String))
        )
    return pl.concat(parts)


def last_twelve_months(as_of: date) -> tuple[date, date]:
    """First and last day of the twelve whole months that end on or before ``as_of``."""
    next_day = as_of + timedelta(days=1)
    first_after = next_day.replace(day=1)
    return first_after.replace(year=first_after.year - 1), first_after - timedelta(days=1)


def spread_periods(
    rows: pl.DataFrame, *, on: str, keep: Sequence[str], as_of: date
) -> pl.DataFrame:
    """One row per row and period that holds its date: ``keep``, the period's kind and start."""
    start, end = last_twelve_months(as_of)
    day = pl.col(on)
    kinds = [
        ("month", day.dt.truncate("1mo"), pl.lit(value=True)),
        ("quarter", day.dt.truncate("1q"), pl.lit(value=True)),
        ("year", day.dt.truncate("1y"), pl.lit(value=True)),
        ("last_12_months", pl.lit(start), day.is_between(start, end)),
    ]
    return pl.concat(
        [
            rows.filter(condition).select(
                *keep, period_kind_code=pl.lit(kind), period_start_on=value.cast(pl.Date)
            )
            for kind, value, condition in kinds
        ]
    )


def periods_between(*, first_on: date, as_of: date) -> pl.DataFrame:
    """Every month, quarter and year from ``first_on`` to ``as_of``, and the last twelve months."""
    month = first_on.replace(day=1)
    quarter = first_on.replace(month=3 * ((first_on.month - 1) // 3) + 1, day=1)
    year = first_on.replace(month=1, day=1)
    calendar = (("month", month, "1mo"), ("quarter", quarter, "3mo"), ("year", year, "1y"))
    start, _ = last_twelve_months(as_of)
    return pl.concat(
        [
            *(
                pl.DataFrame({"period_start_on": pl.date_range(first, as_of, step, eager=True)})
                .with_columns(period_kind_code=pl.lit(kind))
                .select("period_kind_code", "period_start_on")
                for kind, first, step in calendar
            ),
            pl.DataFrame({"period_kind_code": ["last_12_months"], "period_start_on": [start]}),
        ]
    )


def with_period_end(periods: pl.DataFrame) -> pl.DataFrame:
    """The periods with ``period_end_on``, the last day of each; null for ``all``."""
    kind, start = pl.col("period_kind_code"), pl.col("period_start_on")
    end = (
        pl.when(kind == "month")
        .then(start.dt.offset_by("1mo"))
        .when(kind == "quarter")
        .then(start.dt.offset_by("3mo"))
        .when(kind.is_in(["year", "last_12_months"]))
        .then(start.dt.offset_by("1y"))
    )
    return periods.with_columns(period_end_on=end.dt.offset_by("-1d"))


def members_in_periods(members: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """One row per member and period in which it is in force for at least a day."""
    grid = members.join(with_period_end(periods), how="cross")
    begins = pl.col("valid_from").is_null() | (
        pl.col("period_end_on").is_null() | (pl.col("valid_from") <= pl.col("period_end_on"))
    )
    ends = pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("period_start_on"))
    return grid.filter(begins & (ends | (pl.col("period_kind_code") == ALL))).select(
        "dimension_code", "dimension_value", "period_kind_code", "period_start_on"
    )


def date_limit(codes: pl.DataFrame, name: str) -> pl.Expr:
    """A column of validity as a date: from ISO text or a date, null where empty or absent."""
    if name not in codes.columns:
        return pl.lit(None, dtype=pl.Date).alias(name)
    if codes.schema[name] == pl.String:
        text = pl.col(name)
        return pl.when(text != "").then(text).str.to_date("%Y-%m-%d").alias(name)
    return pl.col(name).cast(pl.Date)


def _members(codes: pl.DataFrame, *, key: str, level: str) -> pl.DataFrame:
    return codes.select(
        dimension_code=pl.lit(level),
        dimension_value=pl.col(key).cast(pl.String),
        valid_from=date_limit(codes, "valid_from"),
        valid_to=date_limit(codes, "valid_to"),
    ).unique(maintain_order=True)
