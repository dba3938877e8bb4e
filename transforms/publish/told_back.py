"""Told back (D11): of what was promised to be told, how much has been told, and to whom."""

from collections.abc import Mapping, Sequence
from datetime import date

from transforms.publish.cells import list_of
from transforms.publish.charts import dot_chart, dot_height, ranked_chart, ranked_height
from transforms.publish.desk import Desk
from transforms.publish.figures import (
    Chart,
    DataTable,
    Field,
    Figure,
    Grid,
    Key,
    Missing,
    Tile,
    Value,
)
from transforms.publish.public_tables import TOLD, Row, cell, day_of, months_before

_ALL = "all"
_QUARTERS = 8
_YEAR = 4
_QUARTER_MONTHS = 3


def told_tiles(desk: Desk) -> list[Tile]:
    """Promises of the latest four quarters, those told to everybody, and those untold."""
    if not desk.tables.has(TOLD):
        gap = desk.write(Missing.NO_SOURCE, "text")
        return [Tile(desk.words("tile.promises"), gap, is_missing=True)]
    promises, told = _sums(_year(_rows(desk)))
    left = promises - told
    counts = (("promises", promises), ("told", told), ("untold", left))
    return [Tile(desk.words(f"tile.{k}"), desk.write(n, "count")) for k, n in counts]


def told_sentence(desk: Desk, department: str = _ALL) -> str:
    """Of the latest four quarters' promises so many told to all; that there are none, when so."""
    promises, told = _sums(_year(_rows(desk, department=department)))
    if not promises:
        return desk.nothing(TOLD) if not desk.tables.has(TOLD) else desk.words("told.none")
    return desk.words(
        "told.sentence",
        promises=desk.write(promises, "count"),
        told=desk.write(told, "count"),
        left=desk.write(promises - told, "count"),
    )


def quarter_figure(desk: Desk, department: str = _ALL) -> Figure:
    """Share told to every audience, by the quarter of the promise, with its interval."""
    words = desk.words
    rows = [r for r in _rows(desk, department=department) if r["n_promises"] != 0][-_QUARTERS:]
    fields = (
        Field(words("field.quarter")),
        Field(words("field.told_share"), "share"),
        Field(words("field.low"), "share"),
        Field(words("field.high"), "share"),
        Field(words("field.promises"), "count"),
        Field(words("field.told_all"), "count"),
        Field(words("field.median_to_tell"), "days"),
        Field(words("field.missing_audiences")),
    )
    grid = Grid(fields, tuple(_quarter_row(desk, r) for r in reversed(rows)))
    if grid.is_blank(1):
        return desk.empty(None, key="told", table=TOLD)
    height = dot_height(grid)
    return Figure(
        id="told",
        title=words("told.title"),
        takeaway=told_sentence(desk, department),
        grid=grid,
        chart=Chart(dot_chart(grid, value=1, low=2, high=3), (height, height)),
        legend=desk.legend(
            grid,
            Key("lake", "dot", words("told.share")),
            Key("lake-soft", "line", words("satisfaction.interval")),
        ),
        notes=desk.notes(grid, "told", "told_recent", "told_median"),
        datasets=(TOLD,),
    )


def audience_figure(desk: Desk, department: str = _ALL) -> Figure:
    """Share told to each audience of the latest four quarters' promises to it."""
    words = desk.words
    by_code = {
        code: _sums(_year(_rows(desk, department=department, audience=code)))
        for code in desk.labels.codes("audience")
    }
    fields = (
        Field(words("field.audience")),
        Field(words("field.told_share"), "share"),
        Field(words("field.promises"), "count"),
        Field(words("field.n_told"), "count"),
        Field(words("field.untold"), "count"),
    )
    rows = tuple(
        (desk.labels.of("audience", code), told / promises, promises, told, promises - told)
        for code, (promises, told) in by_code.items()
        if promises
    )
    grid = Grid(fields, rows)
    if not rows:
        return desk.empty(None, key="audiences", table=TOLD)
    least = min(rows, key=lambda row: row[1])
    height = ranked_height(grid)
    return Figure(
        id="audiences",
        title=words("audiences.title"),
        takeaway=words(
            "audiences.takeaway", audience=least[0].lower(), share=desk.write(least[1], "share")
        ),
        grid=grid,
        chart=Chart(ranked_chart(grid, column=1, form="share", colour="lake"), (height, height)),
        notes=desk.notes(grid, "told_counts"),
        datasets=(TOLD,),
    )


def untold_table(desk: Desk, departments: Sequence[str]) -> DataTable:
    """What is still untold, by department, over the latest four quarters."""
    names = {d: desk.labels.of("departments", d) for d in departments}
    rows = {names[d]: _year(_rows(desk, department=d)) for d in departments}
    return _sum_table(desk, rows, key="by_department")


def kind_table(desk: Desk) -> DataTable:
    """The same by kind of promise, for the whole city."""
    rows = {
        desk.labels.of("promise_kind", kind): _year(_rows(desk, kind=kind))
        for kind in desk.labels.codes("promise_kind")
    }
    return _sum_table(desk, {k: v for k, v in rows.items() if _sums(v)[0]}, key="by_kind")


def _sum_table(desk: Desk, rows: Mapping[str, Sequence[Row]], *, key: str) -> DataTable:
    words = desk.words
    fields = (
        Field(words(f"told.{key}_head")),
        Field(words("field.promises"), "count"),
        Field(words("field.told_all"), "count"),
        Field(words("field.untold"), "count"),
        Field(words("field.missing_audiences")),
    )
    read = tuple(_sum_row(desk, name, found) for name, found in rows.items())
    is_there = desk.tables.has(TOLD)
    return DataTable(
        id=f"told-{key.replace('_', '-')}",
        caption=words(f"told.{key}"),
        grid=Grid(fields, read if is_there else ()),
        notes=(words("note.told_counts"),) if is_there else (desk.nothing(TOLD),),
        datasets=(TOLD,),
    )


def _sum_row(desk: Desk, name: str, rows: Sequence[Row]) -> tuple[Value, ...]:
    promises, told = _sums(rows)
    return name, promises, told, promises - told, _missing(desk, rows)


def _quarter_row(desk: Desk, row: Row) -> tuple[Value, ...]:
    shares = (cell(row, name) for name in ("told_share", "told_share_low", "told_share_high"))
    median = cell(row, "median_days_to_tell")
    return (
        desk.words.quarter(day_of(row, "quarter_start_on")),
        *shares,
        cell(row, "n_promises"),
        cell(row, "n_told"),
        Missing.NOT_REACHED if median is Missing.NONE else median,
        _missing(desk, [row]),
    )


def _rows(
    desk: Desk, *, department: str = _ALL, kind: str = _ALL, audience: str = _ALL
) -> list[Row]:
    return desk.tables.rows(
        TOLD,
        order=("quarter_start_on",),
        department_id=department,
        promise_kind_code=kind,
        audience_code=audience,
    )


def _year(rows: Sequence[Row]) -> list[Row]:
    """Rows of the latest four quarters, that of the snapshot among them."""
    latest = max((day_of(r, "quarter_start_on") for r in rows), default=date.min)
    if latest == date.min:
        return []
    first = months_before(latest, _YEAR * _QUARTER_MONTHS - _QUARTER_MONTHS + 1)
    return [r for r in rows if day_of(r, "quarter_start_on") >= first]


def _sums(rows: Sequence[Row]) -> tuple[int, int]:
    promises, told = (sum(int(str(r[name])) for r in rows) for name in ("n_promises", "n_told"))
    return promises, told


def _missing(desk: Desk, rows: Sequence[Row]) -> Value:
    """Audiences that something has not been told to, in the order of their list."""
    codes = {code for r in rows for code in str(r["audiences_missing"] or "").split(";") if code}
    ordered = [code for code in desk.labels.codes("audience") if code in codes]
    return list_of(desk, ";".join(ordered), "audience")
