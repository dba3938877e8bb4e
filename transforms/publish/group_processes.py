"""Which groups were heard in which planning or service process (D13): a table for each kind.

Nobody heard is 0, not recorded is said in words, and a figure that is withheld is starred: three
different things. The count of people is told when the process is over.
"""

from collections.abc import Sequence
from dataclasses import replace

from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Field, Grid, Missing, Value
from transforms.publish.public_tables import GROUP_PROCESSES, Row, cell, text_of

_UNKNOWN = "unknown"
_MOST = 20  # the rest are in the download


def process_tables(desk: Desk) -> list[DataTable]:
    """A table for each kind of process of which there are any, latest processes first."""
    desk = desk.by_background()
    rows = desk.tables.rows(GROUP_PROCESSES, order=("process_id", "group_code"))
    kinds = {text_of(r, "process_kind_code") for r in rows}
    found = [
        _table(desk, kind, [r for r in rows if text_of(r, "process_kind_code") == kind])
        for kind in desk.labels.codes("process_kind")
        if kind in kinds
    ]
    if not found:
        return [_empty(desk)]
    last = found[-1]  # what holds for all tables is said once
    return [*found[:-1], replace(last, notes=(desk.words("note.process_heard"), *last.notes))]


def _empty(desk: Desk) -> DataTable:
    return DataTable(
        id="group-processes",
        caption=desk.words("group_process.title"),
        intro=desk.nothing(GROUP_PROCESSES),
        grid=Grid((Field(desk.words("field.process")),), ()),
        datasets=(GROUP_PROCESSES,),
    )


def _table(desk: Desk, kind: str, rows: Sequence[Row]) -> DataTable:
    words = desk.words
    named = {text_of(r, "group_code") for r in rows if r["is_named_group"]}
    there = {text_of(r, "group_code") for r in rows}
    # Those whom the measure names come first.
    groups = sorted(desk.labels.codes("group"), key=lambda g: g not in named)
    groups = [g for g in groups if g in there]
    by_process: dict[str, dict[str, Row]] = {}
    for row in sorted(rows, key=lambda r: str(r["began_on"]), reverse=True):
        by_process.setdefault(text_of(row, "process_id"), {})[text_of(row, "group_code")] = row
    fields = (
        Field(words("field.process")),
        Field(words("field.years")),
        *(Field(_heading(desk, g, is_named=g in named), "count") for g in groups),
        Field(words("group_way.unknown"), "count"),
        Field(words("field.n_attendees"), "count"),
    )
    shown = list(by_process.values())[:_MOST]
    grid = Grid(fields, tuple(_row(desk, process, groups) for process in shown))
    keys = ["process_unnamed"] if named < {*groups} else []
    if len(by_process) > _MOST:
        keys.append("process_more")
    return DataTable(
        id=f"group-processes-{kind}",
        caption=desk.labels.of("process_kind", kind),
        intro=_finding(desk, rows),
        grid=grid,
        notes=desk.notes(grid, *keys),
        datasets=(GROUP_PROCESSES,),
    )


def _heading(desk: Desk, group: str, *, is_named: bool) -> str:
    label = desk.labels.of("group", group)
    return label if is_named else desk.words("group_process.unnamed", group=label)


def _finding(desk: Desk, rows: Sequence[Row]) -> str:
    """Of the groups that the measure names: in how many processes heard, silent, not recorded."""
    asked = [r for r in rows if r["is_named_group"]]
    if not asked:
        return desk.words("group_process.nobody_named")
    states = [r["is_heard"] for r in asked]
    return desk.words(
        "group_process.finding",
        processes=desk.write(len({r["process_id"] for r in asked}), "count"),
        n=desk.write(len(asked), "count"),
        heard=desk.write(states.count(True), "count"),
        silent=desk.write(states.count(False), "count"),
        unrecorded=desk.write(states.count(None), "count"),
    )


def _row(desk: Desk, process: dict[str, Row], groups: Sequence[str]) -> tuple[Value, ...]:
    any_row = next(iter(process.values()))
    first, last = any_row["first_year"], any_row["last_year"]
    name = text_of(any_row, "process_name") or text_of(any_row, "process_id")
    years = str(first) if first == last else f"{first}–{last}"
    unknown = process.get(_UNKNOWN)
    return (
        name,
        years if any_row["is_closed"] else desk.words("group_process.running", years=years),
        *(_heard(desk, process.get(group)) for group in groups),
        _count(unknown, "n_heard"),
        _count(any_row, "n_attendees"),
    )


def _heard(desk: Desk, row: Row | None) -> Value:
    """How many of the group took part; in words where no number is told."""
    if row is None or row["is_heard"] is None:
        return desk.words("group_process.unrecorded")
    if row["is_heard"] is False:
        return 0
    value = _count(row, "n_heard")
    return desk.words("group_process.heard") if value is Missing.NONE else value


def _count(row: Row | None, name: str) -> Value:
    """A count of a process: withheld, not told (it is running or nobody counted), or a number."""
    if row is None or (row[name] is None and not row["is_closed"]):
        return Missing.NONE
    return cell(row, name)
