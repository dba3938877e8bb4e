"""The public tables as the pages ask for them: rows of one level, value and period, and cells."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from transforms.publish.figures import Missing, Value

Row = Mapping[str, object]

RESPONSE_TIMES = "public_feedback__response_times"
BACKLOG = "public_feedback__backlog"
SATISFACTION = "public_service__satisfaction"
INITIATIVES = "public_initiative__status"
QUALITY = "public_data__quality_report"
HEARD = "public_heard__acts"

N_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a table and its value: the whole city, a department, a service."""

    code: str
    value: str


CITY = Level("city", "all")


@dataclass(frozen=True, slots=True)
class PublicTables:
    """The public frames by contract name; a table that is not there has no rows."""

    frames: Mapping[str, pl.DataFrame]
    snapshot_on: date

    def has(self, table: str) -> bool:
        """Whether the table has any rows."""
        frame = self.frames.get(table)
        return frame is not None and not frame.is_empty()

    def rows(self, table: str, *, order: Sequence[str] = (), **equal: object) -> list[Row]:
        """Rows in which each column of ``equal`` has its value or is null, sorted by ``order``."""
        frame = self.frames.get(table)
        if frame is None or frame.is_empty():
            return []
        wanted = frame.filter(
            pl.lit(value=True), *(pl.col(name).eq_missing(value) for name, value in equal.items())
        )
        if order:
            wanted = wanted.sort(order, nulls_last=True, maintain_order=True)
        return [*wanted.to_dicts()]

    def periods(self, table: str, level: Level, *, kind: str, **equal: object) -> list[Row]:
        """Rows of a level by period, oldest first; months only when they are whole.

        Of months the latest 24, counted back from the snapshot.
        """
        found = self.rows(
            table,
            order=("period_start_on",),
            dimension_code=level.code,
            dimension_value=level.value,
            period_kind_code=kind,
            **equal,
        )
        if kind != "month":
            return found
        months = [r for r in found if month_end(day_of(r, "period_start_on")) <= self.snapshot_on]
        first = months_before(self.snapshot_on, N_MONTHS)
        return [row for row in months if day_of(row, "period_start_on") >= first]

    def latest(self, table: str, level: Level, **equal: object) -> Row | None:
        """The row of the latest twelve months, or none."""
        found = self.periods(table, level, kind="last_12_months", **equal)
        return found[-1] if found else None

    def before(self, table: str, level: Level, **equal: object) -> tuple[Row, bool] | None:
        """The row to compare with: the twelve months before, else the last whole calendar year.

        Returns:
            The row, and whether it is the twelve months before.
        """
        twelve = self.periods(table, level, kind="last_12_months", **equal)
        if len(twelve) > 1:
            return twelve[-2], True
        years = self.periods(table, level, kind="year", **equal)
        whole = [r for r in years if day_of(r, "period_start_on").year < self.snapshot_on.year]
        return (whole[-1], False) if whole else None


def cell(row: Row | None, name: str) -> Value:
    """A figure of a row, or why there is none."""
    if row is None:
        return Missing.NONE
    value = row[name]
    if isinstance(value, float) and math.isnan(value):
        return Missing.NONE
    if value is not None:
        return value  # type: ignore[return-value]  # Polars gives plain Python values
    if row.get("suppress_reason_code") == "no_source":
        return Missing.NO_SOURCE
    return Missing.WITHHELD if row.get("is_suppressed") else Missing.NONE


def number(row: Row | None, name: str) -> float | None:
    """A numeric figure of a row, or none for whatever reason."""
    value = cell(row, name)
    return value if isinstance(value, int | float) else None


def median_cell(row: Row | None, name: str = "km_median_hours") -> Value:
    """A Kaplan–Meier median, or why there is none: withheld, or fewer than half are there."""
    value = cell(row, name)
    if value is Missing.NONE and row is not None and row.get("n_tickets"):
        return Missing.NOT_REACHED
    return value


def day_of(row: Row, name: str) -> date:
    """A day that the contract promises to be there."""
    value = row[name]
    if not isinstance(value, date):
        raise TypeError(f"Column '{name}' of a public table holds no day; the contract needs one.")
    return value


def text_of(row: Row, name: str) -> str:
    """A text, empty when null."""
    value = row[name]
    return "" if value is None else str(value)


def month_end(first: date) -> date:
    """The last day of the month that begins on ``first``."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_before(day: date, count: int) -> date:
    """First day of the month ``count`` months before the month after ``day``."""
    index = day.year * 12 + day.month - count
    return date(index // 12, index % 12 + 1, 1)
