"""Published cells as evidence: finding the cell that a goal or an action names, and the next one.

A reference names a published dataset, one of its columns, and a row by its key columns. Loops here
go over references, some hundreds a city, never over rows. See ``docs/methods/evidence.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

FOUND, WITHHELD, NOT_FOUND, NO_REFERENCE = "found", "withheld", "not_found", "none"
#: Ends of the interval of a column, where its name does not tell them (``x`` → ``x_low``).
_ENDS: Final = {
    "top2_share": ("top2_low", "top2_high"),
    "km_median_hours": ("km_median_low_hours", "km_median_high_hours"),
    "median_days_to_tell": ("median_days_low", "median_days_high"),
    "top2_difference": ("top2_difference_low", "top2_difference_high"),
}
#: The count that a row's estimates rest on, first that the table has.
_BASES: Final = ("n", "n_tickets", "n_texts", "n_heard", "n_promises", "n_acts", "n_open")
#: Columns of which less is better; of the others more is.
LESS_IS_BETTER: Final = frozenset(
    {
        "bottom2_share",
        "dont_know_share",
        "item_nonresponse_share",
        "km_median_hours",
        "rmst_30_days",
        "reopened_share",
        "n_open",
        "n_open_over_14_days",
        "n_open_over_30_days",
        "oldest_open_days",
        "days_to_clear",
        "n_problem",
        "unassigned_share",
        "median_days_to_tell",
        "days_late",
    }
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A published cell by name: dataset and column as in the files, key as column → value."""

    dataset: str
    column: str
    key: Mapping[str, str]

    @classmethod
    def read(cls, dataset: str | None, column: str | None, key: str | None) -> "Reference | None":
        """The reference of three columns of a table, ``a=1;b=2`` the key; none without a dataset.

        Without a column it is the mean: what a survey is asked for first.
        """
        if not dataset:
            return None
        pairs = [part.split("=", 1) for part in (key or "").split(";") if "=" in part]
        return cls(dataset, column or "mean", dict(pairs))

    @classmethod
    def parse(cls, text: str | None) -> "Reference | None":
        """The reference that ``str`` wrote; none of null."""
        if text is None:
            return None
        cell, _, key = text.partition("[")
        dataset, _, column = cell.partition(".")
        return cls.read(dataset, column, key.removesuffix("]"))

    def __str__(self) -> str:
        key = ";".join(f"{name}={value}" for name, value in self.key.items())
        return f"{self.dataset}.{self.column}[{key}]"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a reference points at: a value with its interval and base, or why there is none."""

    state: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    row: Mapping[str, object] | None = None

    def figures(self) -> tuple[float | None, float | None, float | None, int | None]:
        """Value, ends of its interval, base."""
        return self.value, self.low, self.high, self.n


def find_cell(reference: Reference, tables: Mapping[str, pl.DataFrame]) -> Cell:
    """The cell of a reference among the published tables (by the name of their files).

    ``not_found`` when the dataset, the column or a key column does not exist, or when no row or
    more than one has the key; ``withheld`` when disclosure control keeps the value back.
    """
    table = tables.get(reference.dataset)
    if table is None or reference.column not in table.columns:
        return Cell(NOT_FOUND)
    rows = _rows(table, reference.key)
    if rows is None or rows.height != 1:
        return Cell(NOT_FOUND)
    return _cell(rows.row(0, named=True), reference.column)


def find_next_cell(
    reference: Reference, tables: Mapping[str, pl.DataFrame], *, after_on: date | None
) -> Cell:
    """The same cell one wave or one year later.

    A row with a wave is followed by the first wave of its survey that closed after ``after_on``
    (after its own end without one); a row with a period by the period a year later. Others, the
    key columns that have neither, have no next.
    """
    here = find_cell(reference, tables)
    if here.row is None:
        return Cell(NOT_FOUND)
    table, key = tables[reference.dataset], dict(reference.key)
    if "wave_code" in key and "closed_on" in table.columns:
        del key["wave_code"]
        limit = max(
            (d for d in (after_on, here.row["closed_on"]) if isinstance(d, date)), default=None
        )
        rows = _rows(table, key)
        if rows is None or limit is None:
            return Cell(NOT_FOUND)
        later = rows.filter(pl.col("closed_on") > limit).sort("closed_on").head(1)
    elif "period_start_on" in key:
        start = here.row["period_start_on"]
        if not isinstance(start, date):
            return Cell(NOT_FOUND)
        key["period_start_on"] = start.replace(year=start.year + 1).isoformat()
        found = _rows(table, key)
        later = table.head(0) if found is None else found
    else:
        return Cell(NOT_FOUND)
    return (
        _cell(later.row(0, named=True), reference.column) if later.height == 1 else Cell(NOT_FOUND)
    )


def interval_of_change(before: Cell, after: Cell) -> tuple[float, float] | None:
    """95 % interval of after − before from the two separate intervals; none without both.

    The square-and-add rule: for shares with Wilson's intervals it is Newcombe's method 10.

    Reference:
        Zou & Donner (2008), Statistics in Medicine 27, 1693–1702; Newcombe (1998b), method 10.
    """
    parts = (before.value, before.low, before.high, after.value, after.low, after.high)
    known = [part for part in parts if part is not None]
    if len(known) != len(parts):
        return None
    x0, low0, high0, x1, low1, high1 = known
    change = x1 - x0
    return (
        float(change - ((x1 - low1) ** 2 + (high0 - x0) ** 2) ** 0.5),
        float(change + ((high1 - x1) ** 2 + (x0 - low0) ** 2) ** 0.5),
    )


def _rows(table: pl.DataFrame, key: Mapping[str, str]) -> pl.DataFrame | None:
    if any(name not in table.columns for name in key):
        return None
    return table.filter(
        pl.lit(value=True), *(pl.col(name).cast(pl.String) == value for name, value in key.items())
    )


def _cell(row: Mapping[str, object], column: str) -> Cell:
    value = _number(row[column])
    if value is None:
        return Cell(WITHHELD if row.get("is_suppressed") else NOT_FOUND, row=row)
    low, high = _ENDS.get(column, (f"{column}_low", f"{column}_high"))
    base = next((row[name] for name in _BASES if name in row), None)
    return Cell(
        FOUND,
        value=value,
        low=_number(row.get(low)),
        high=_number(row.get(high)),
        n=base if isinstance(base, int) else None,
        row=row,
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
