"""The public tables as the pages ask for them: rows of one level, value and period, and cells."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import polars as pl

from data_contracts.contract import Column, Table, load_contracts
from transforms.publish.figures import Missing, Value

Row = Mapping[str, object]

RESPONSE_TIMES = "public_feedback__response_times"
BACKLOG = "public_feedback__backlog"
SATISFACTION = "public_service__satisfaction"
INITIATIVES = "public_initiative__status"
QUALITY = "public_data__quality_report"
HEARD = "public_heard__acts"
TOPICS = "public_feedback__topics"
AREA_DIFFERENCES = "public_feedback__area_differences"
CHANGES = "public_satisfaction__change"
SURVEYS = "public_survey__representativeness"
SUMMARIES = "public_department__feedback_summary"
ACTIONS = "public_action__plan_status"
TOLD = "public_told__back"
MEASURES = "public_measure__register"
REVIEWS = "public_measure__review"
GROUPS = "public_group__heard_index"
GROUP_PROCESSES = "public_group__heard_processes"
GOALS = "public_budget__goal_evidence"
COUNCIL_LIST = "public_initiative__council_list"
LEDGER = "public_data__suppression_ledger"

N_MONTHS = 24
# Levels of which the contracts tell counts that they leave out below ("null for services…").
_BROAD = ("city", "department")
_ONLY_BROAD = "for services and areas"
_YEAR = 12
# The rows that speak of everything, and the count that says whether they hold anything.
_WHOLE: Mapping[str, tuple[str, Mapping[str, str]]] = {
    HEARD: ("n_acts", {"act_type_code": "all"}),
    RESPONSE_TIMES: ("n_tickets", {"milestone_code": "done", "clock_code": "calendar"}),
    TOPICS: ("n_texts", {"act_type_code": "all"}),
}


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a table and its value: the whole city, a department, a service."""

    code: str
    value: str


CITY = Level("city", "all")


def public_contracts() -> list[Table]:
    """Every public table that has a contract, by its number in the catalogue, then by name."""
    tables = [table for table in load_contracts().values() if table.layer == "public"]
    return sorted(tables, key=lambda table: (table.dataset_id or "~", table.name))


@cache
def withheld_counts(level: str | None = None) -> frozenset[str]:
    """Counts of people or their acts whose null always means that they are withheld.

    They are those of the contracts with disclosure control that give null no other meaning, and
    those that say so; a name that means something else in another table is left out.

    Args:
        level: Code of the level, when the table has levels: some counts are told of the city and
            departments only, and their null means that they are withheld there.
    """
    counts = [(t, c) for t in public_contracts() for c in t.columns if _may_be_null(c)]
    hidden = {c.name for t, c in counts if _is_withheld(c, t, level)}
    return frozenset(hidden - {c.name for t, c in counts if not _is_withheld(c, t, level)})


def _may_be_null(column: Column) -> bool:
    is_count = column.name == "n" or column.name.startswith("n_")
    return is_count and isinstance(column.dtype, pl.Int64) and not column.is_required


def _is_withheld(column: Column, table: Table, level: str | None) -> bool:
    says = column.description.lower()
    is_told_here = level in _BROAD and _ONLY_BROAD in says
    is_controlled = "is_suppressed" in table.schema
    return "null when withheld" in says or (is_controlled and (is_told_here or "null" not in says))


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
        """Rows of a level by period, oldest first; months only when they are whole."""
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
        return [r for r in found if month_end(day_of(r, "period_start_on")) <= self.snapshot_on]

    def series(
        self, table: str, level: Level, *, kind: str = "month", **equal: object
    ) -> list[tuple[date, Row | None]]:
        """Months (at most 24) or years without gaps, each with its row if there is one.

        The months end with the snapshot's, or, when the level has nothing in the latest twelve,
        with the latest month that has something; they begin with one that has something.
        """
        count, whole = _WHOLE[table]
        told = self.periods(table, level, kind=kind, **whole)
        full = [day_of(r, "period_start_on") for r in told if r[count] != 0]
        if not full:
            return []
        found = {
            day_of(r, "period_start_on"): r for r in self.periods(table, level, kind=kind, **equal)
        }
        if kind == "year":
            days = [date(y, 1, 1) for y in range(full[0].year, full[-1].year + 1)]
        else:
            days = self._months(full, last=day_of(told[-1], "period_start_on"))
        return [(day, found.get(day)) for day in days]

    def _months(self, full: Sequence[date], *, last: date) -> list[date]:
        """Months from the first with something, at most 24, to the last that is spoken of."""
        is_recent = full[-1] >= months_before(self.snapshot_on, _YEAR + 1)
        end = last if is_recent else full[-1]
        window = [months_before(end, n) for n in range(N_MONTHS, 0, -1)]
        return [month for month in window if month >= full[0]]

    def span(self, table: str) -> tuple[str, date | None]:
        """The period of the key figures: the latest twelve months, unless the city has none.

        Returns:
            ``last_12_months``, ``all`` (where the table has it) or ``year``, and its first day
            when it is one of several.
        """
        count, whole = _WHOLE[table]
        for kind in ("last_12_months", "all", "year"):
            rows = [r for r in self.periods(table, CITY, kind=kind, **whole) if r[count] != 0]
            if rows:
                return kind, day_of(rows[-1], "period_start_on") if kind == "year" else None
        return "last_12_months", None

    def latest(self, table: str, level: Level, **equal: object) -> Row | None:
        """The row of the key figures' period, or none."""
        kind, start = self.span(table)
        found = self.periods(table, level, kind=kind, **equal)
        if start is not None:
            found = [r for r in found if r["period_start_on"] == start]
        return found[-1] if found else None

    def silent_since(self, table: str, level: Level) -> date | None:
        """The latest month that has something, when the latest twelve months have nothing."""
        count, whole = _WHOLE[table]
        twelve = self.periods(table, level, kind="last_12_months", **whole)
        if any(row[count] != 0 for row in twelve):
            return None
        months = self.periods(table, level, kind="month", **whole)
        full = [day_of(r, "period_start_on") for r in months if r[count] != 0]
        return full[-1] if full else None

    def before(self, table: str, level: Level, **equal: object) -> tuple[Row, bool] | None:
        """The row to compare with: the twelve months before, else the last whole calendar year.

        Returns:
            The row, and whether it is the twelve months before; none when the key figures are
            not of the latest twelve months.
        """
        if self.span(table)[0] != "last_12_months":
            return None
        twelve = self.periods(table, level, kind="last_12_months", **equal)
        if len(twelve) > 1:
            return twelve[-2], True
        years = self.periods(table, level, kind="year", **equal)
        whole = [r for r in years if day_of(r, "period_start_on").year < self.snapshot_on.year]
        return (whole[-1], False) if whole else None


def cell(row: Row | None, name: str) -> Value:
    """A figure of a row, or why there is none.

    A null count is withheld also in a row that is not marked (the contracts say so); a null
    estimate is withheld in a marked row and does not exist in another.
    """
    if row is None:
        return Missing.NONE
    value = row[name]
    if isinstance(value, float) and math.isnan(value):
        return Missing.NONE
    if value is not None:
        return value  # type: ignore[return-value]  # Polars gives plain Python values
    if row.get("suppress_reason_code") == "no_source":
        return Missing.NO_SOURCE
    level = row.get("dimension_code")
    counts = withheld_counts(level if isinstance(level, str) else None)
    is_withheld = row.get("is_suppressed") or name in counts
    return Missing.WITHHELD if is_withheld else Missing.NONE


def fact(row: Row, name: str) -> Value:
    """A public fact, which is never withheld: its value, or none."""
    value = row[name]
    return Missing.NONE if value is None else value  # type: ignore[return-value]  # plain values


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
