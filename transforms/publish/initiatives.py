"""Residents' initiatives (kuntalaisaloite): what has become of each, and how long it took."""

from statistics import median

from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Field, Grid, Missing, Tile, Value
from transforms.publish.public_tables import INITIATIVES, Row, cell, text_of

_Rows = list[Row]


def initiative_rows(desk: Desk, *, department: str | None = None) -> _Rows:
    """Initiatives, of one department or all, the latest filed first."""
    equal = {} if department is None else {"department_id": department}
    rows = desk.tables.rows(INITIATIVES, order=("initiative_id",), **equal)
    return sorted(rows, key=_age, reverse=True)


def initiative_tiles(desk: Desk, rows: _Rows) -> list[Tile]:
    """Initiatives in all, pending, decided with their median time, and overdue."""
    if not desk.tables.has(INITIATIVES):
        gap = desk.write(Missing.NO_SOURCE, "text")
        return [Tile(desk.words("tile.initiatives"), gap, is_missing=True)]
    filed = [r for r in rows if r["filed_on"] is not None]
    decided = [r for r in filed if r["decision_on"] is not None]
    times = [int(str(r["days_to_decision"])) for r in decided if r["days_to_decision"] is not None]
    overdue = sum(bool(r["is_overdue"]) for r in rows)
    took = desk.write(median(times), "days") if times else ""
    return [
        _count(desk, "initiatives", len(rows)),
        _count(desk, "pending", len(filed) - len(decided)),
        _count(
            desk,
            "decided",
            len(decided),
            detail=desk.words("compare.median", value=took) if took else "",
        ),
        _count(desk, "overdue", overdue, detail=desk.words("compare.six_months")),
    ]


def initiative_table(desk: Desk, rows: _Rows, *, names_department: bool) -> DataTable:
    """One row per initiative: who handles it, how far it is, and the clock of two per cent."""
    words = desk.words
    own = None if words.language == "fi" else "fi"
    department = (Field(words("field.department")),) if names_department else ()
    fields = (
        Field(words("field.title"), language=own),
        *department,
        Field(words("field.filed"), "day"),
        Field(words("field.supporters"), "count"),
        Field(words("field.threshold")),
        Field(words("field.decision")),
        Field(words("field.told"), "day"),
    )
    grid = Grid(fields, tuple(_row(desk, r, names_department=names_department) for r in rows))
    return DataTable(
        id="initiatives",
        caption=words("initiatives.caption"),
        grid=grid,
        notes=desk.notes(grid, "threshold", "supporters"),
    )


def _row(desk: Desk, row: Row, *, names_department: bool) -> tuple[Value, ...]:
    department = desk.labels.of("departments", text_of(row, "department_id"))
    return (
        text_of(row, "title") or desk.words("initiatives.untitled"),
        *((department,) if names_department else ()),
        cell(row, "filed_on"),
        cell(row, "n_supporters"),
        _threshold(desk, row),
        _state(desk, row),
        cell(row, "progress_published_on"),
    )


def _threshold(desk: Desk, row: Row) -> str:
    status = desk.labels.of("threshold_status", text_of(row, "threshold_status_code"))
    due = cell(row, "six_month_due_on")
    if isinstance(due, Missing):
        return status
    return desk.words("initiatives.due", status=status, day=desk.write(due, "day"))


def _state(desk: Desk, row: Row) -> str:
    """The decision or the stage, and for how long it was or has been pending."""
    days = cell(row, "days_pending")
    state = _decision(desk, row)
    if isinstance(days, Missing):
        return state
    return desk.words("initiatives.state", state=state, days=desk.write(days, "days"))


def _decision(desk: Desk, row: Row) -> str:
    if row["decision_code"] is not None:
        return desk.labels.of("initiative_decision", text_of(row, "decision_code"))
    if row["is_overdue"]:
        return desk.words("initiatives.overdue")
    if row["is_vanished"]:
        return desk.words("initiatives.vanished")
    return desk.words("initiatives.pending" if row["filed_on"] else "initiatives.collecting")


def _age(row: Row) -> str:
    return str(row["filed_on"] or row["published_on"] or "")


def _count(desk: Desk, key: str, count: int, *, detail: str = "") -> Tile:
    return Tile(desk.words(f"tile.{key}"), desk.write(count, "count"), detail)
