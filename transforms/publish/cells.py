"""Published cells that others refer to, as a reader understands them: which figure, of which row.

A reference is ``dataset.column[key=value;…]``, with the names of the published files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from data_contracts.contract import Column, Table
from transforms.publish.desk import Desk
from transforms.publish.figures import Missing, Value
from transforms.publish.public_tables import Row, public_contracts
from transforms.publish.words import NBSP

_LEVEL_LISTS = ("departments", "services", "areas", "channel")
_SILENT = ("dimension_code", "clock_code", "breakdown_code", "period_kind_code")
_QUESTION = ("survey_id", "wave_code", "question_id")


@dataclass(frozen=True, slots=True)
class CitedCell:
    """A published cell in words: its dataset, its figure, and the row it stands in."""

    dataset: str
    figure: str
    place: str
    form: str


def describe_cell(desk: Desk, reference: str) -> CitedCell:
    """The cell that ``reference`` names; its own text when the contracts do not know it."""
    cell, _, key = reference.partition("[")
    dataset, _, name = cell.partition(".")
    table = _tables().get(dataset)
    if table is None:
        return CitedCell(dataset, name, key.removesuffix("]"), "decimal")
    columns = {column.name: column for column in table.columns}
    parts = (part.partition("=") for part in key.removesuffix("]").split(";"))
    pairs = {column: value for column, sign, value in parts if sign}
    places = _question(desk, table, pairs) or [
        _place(desk, columns.get(column), value, kind=pairs.get("period_kind_code", ""))
        for column, value in pairs.items()
    ]
    return CitedCell(
        dataset_title(desk, table),
        column_title(desk, table, name),
        ", ".join(place for place in places if place),
        form_of(name),
    )


def dataset_title(desk: Desk, table: Table) -> str:
    """A dataset's title in the page's language; the contract's when the texts have none."""
    return desk.words.texts.get(f"dataset.{table.name}", table.title_fi)


def column_title(desk: Desk, table: Table | None, name: str) -> str:
    """A column's name: the contract's in Finnish, the texts' in other languages, else its own."""
    if table is None or desk.words.language != "fi":
        return desk.words.texts.get(f"column.{name}", name)
    return next((column.label_fi for column in table.columns if column.name == name), name)


def form_of(column: str) -> str:
    """How values of a column are written, by the part of its name that tells the unit."""
    if column.startswith("n_") or column == "n":
        return "count"
    signs = (
        ("share", "share"),
        ("_hours", "duration"),
        ("days", "days"),
        ("difference", "points"),
        ("ratio", "ratio"),
    )
    return next((form for sign, form in signs if sign in column), "ratio")


def write_interval(desk: Desk, row: Row, names: tuple[str, str], *, form: str) -> str:
    """``35 % – 42 %``, ``−3 – +5 %-yks.``; empty when either end is missing."""
    low, high = (row[name] for name in names)
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return ""
    first, last = desk.write(low, form), desk.write(high, form)
    unit = f"{NBSP}{desk.words('unit.points')}"
    return f"{first.removesuffix(unit)}{NBSP}– {last}"


def list_of(desk: Desk, codes: object, list_name: str) -> Value:
    """Labels of codes joined by ``;``, with commas, the first with its capital; none of null."""
    if not codes:
        return Missing.NONE
    first, *rest = (desk.labels.of(list_name, code) for code in str(codes).split(";"))
    return ", ".join((first, *(label.lower() for label in rest)))


def _question(desk: Desk, table: Table, pairs: Mapping[str, str]) -> list[str]:
    """The survey and the question of a survey's cell, where they have names."""
    wanted = {name: pairs[name] for name in _QUESTION if name in pairs}
    if len(wanted) < len(_QUESTION):
        return []
    rows = desk.tables.rows(table.name, **wanted)
    return [f"{r['survey_title']}: {r['question_fi']}" for r in rows[:1]]


def _place(desk: Desk, column: Column | None, value: str, *, kind: str) -> str:
    """A key's value in words; what says nothing (``all``, the level's name) is left out."""
    if column is None:
        return value
    if value == "all" or column.name in _SILENT:
        return ""
    if str(column.dtype) == "Date":
        return _period(desk, date.fromisoformat(value), kind)
    is_level = column.name in ("dimension_value", "department_id")
    lists = (column.code_list,) if column.code_list else _LEVEL_LISTS if is_level else ()
    labels = (desk.labels.of(name, value) for name in lists if name)
    return next((label for label in labels if label != value), value)


def _period(desk: Desk, start: date, kind: str) -> str:
    match kind:
        case "quarter":
            return desk.words.quarter(start)
        case "month":
            return desk.words.month(start)
        case "year":
            return str(start.year)
        case "last_12_months":
            return desk.labels.of("period_kind", kind).lower()
        case _:
            return desk.words.day(start)


@cache
def _tables() -> Mapping[str, Table]:
    return {table.published_name: table for table in public_contracts()}
