"""Open service requests: how many wait, how long, and how the number has changed."""

from datetime import date

from transforms.publish.charts import Line, line_chart
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, Field, Figure, Grid, Key, Missing, Tile
from transforms.publish.public_tables import (
    BACKLOG,
    N_MONTHS,
    Level,
    Row,
    cell,
    day_of,
    month_end,
    months_before,
)
from transforms.publish.waiting import HALF_HEIGHTS

_YEAR = 12


def open_tiles(desk: Desk, level: Level) -> list[Tile]:
    """Open now, and of them those that have waited over 30 days, against a year ago."""
    now = latest_open(desk, level)
    then = _a_year_before(_month_ends(desk, level), desk.about.snapshot_on)
    return [
        _open_tile(desk, now, then, key="open", column="n_open"),
        _open_tile(desk, now, then, key="open_30", column="n_open_over_30_days"),
    ]


def backlog_figure(desk: Desk, level: Level) -> Figure:
    """Open service requests at each month's end, and those open for over 30 days."""
    words = desk.words
    rows = _month_ends(desk, level)
    fields = (
        Field(words("field.month_end"), "month"),
        Field(words("field.open"), "count"),
        Field(words("field.open_14"), "count"),
        Field(words("field.open_30"), "count"),
        Field(words("field.received"), "count"),
        Field(words("field.closed"), "count"),
    )
    names = ("n_open", "n_open_over_14_days", "n_open_over_30_days", "n_received", "n_closed")
    grid = Grid(
        fields, tuple((day_of(r, "day_on"), *(cell(r, name) for name in names)) for r in rows)
    )
    if rows and all(r["n_open"] == 0 for r in rows):
        return _nothing_open(desk, day_of(rows[-1], "day_on"))
    if grid.is_blank(1, 3):
        return desk.empty(grid, key="backlog", table=BACKLOG)
    lines = [Line(1, "lake", has_area=True), Line(3, "warm")]
    return Figure(
        id="backlog",
        title=words("backlog.title"),
        takeaway=_takeaway(desk, rows[-1]),
        grid=grid,
        chart=Chart(line_chart(grid, lines, form="count"), HALF_HEIGHTS),
        legend=desk.legend(
            grid,
            Key("lake", "line", words("field.open")),
            Key("warm", "line", words("field.open_30")),
        ),
        notes=desk.notes(grid, "backlog"),
        datasets=(BACKLOG,),
    )


def latest_open(desk: Desk, level: Level) -> Row | None:
    """The row of the latest day."""
    rows = _rows(desk, level)
    return rows[-1] if rows else None


def _rows(desk: Desk, level: Level) -> list[Row]:
    return desk.tables.rows(
        BACKLOG, order=("day_on",), dimension_code=level.code, dimension_value=level.value
    )


def _month_ends(desk: Desk, level: Level) -> list[Row]:
    """Rows of the last days of the latest 24 whole months."""
    first = months_before(desk.about.snapshot_on, N_MONTHS)
    rows = [r for r in _rows(desk, level) if day_of(r, "day_on") >= first]
    return [r for r in rows if _is_month_end(day_of(r, "day_on"))]


def _a_year_before(rows: list[Row], day: date) -> Row | None:
    """The month end nearest to the day a year before, within its own month."""
    wanted = months_before(day, _YEAR + 1)
    found = [r for r in rows if day_of(r, "day_on").replace(day=1) == wanted]
    return found[0] if found else None


def _is_month_end(day: date) -> bool:
    return day == month_end(day.replace(day=1))


def _open_tile(desk: Desk, now: Row | None, then: Row | None, *, key: str, column: str) -> Tile:
    value = desk.gap(cell(now, column), BACKLOG)
    before = cell(then, column)
    written = "" if isinstance(before, Missing) else desk.write(before, "count")
    return Tile(
        label=desk.words(f"tile.{key}"),
        value=desk.write(value, "count"),
        detail=desk.words("compare.year_ago", value=written) if written else "",
        is_missing=isinstance(value, Missing),
    )


def _nothing_open(desk: Desk, day: date) -> Figure:
    """No chart of zeros: a sentence."""
    return Figure(
        id="backlog",
        title=desk.words("backlog.title"),
        takeaway=desk.words("backlog.takeaway_none", day=desk.words.day(day)),
        grid=Grid(fields=(), rows=()),
        chart=None,
        datasets=(BACKLOG,),
    )


def _takeaway(desk: Desk, row: Row) -> str:
    count, old = cell(row, "n_open"), cell(row, "n_open_over_30_days")
    if isinstance(count, Missing):
        return desk.words("backlog.takeaway_missing")
    day = desk.words.day(day_of(row, "day_on"))
    if isinstance(old, Missing):
        return desk.words("backlog.takeaway_open", n=desk.write(count, "count"), day=day)
    return desk.words(
        "backlog.takeaway",
        n=desk.write(count, "count"),
        old=desk.write(old, "count"),
        day=day,
    )
