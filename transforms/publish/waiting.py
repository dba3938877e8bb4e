"""Waiting times of service requests: median with its interval, and the share done in time."""

from datetime import date

from transforms.publish.charts import Line, line_chart
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, Field, Figure, Grid, Key, Missing, Tile, Value
from transforms.publish.public_tables import (
    RESPONSE_TIMES,
    Level,
    Row,
    cell,
    median_cell,
)

_DONE = {"milestone_code": "done", "clock_code": "calendar"}
_REPLY = {"milestone_code": "first_reply", "clock_code": "calendar"}
WIDE_HEIGHTS = (320, 300, 260)
HALF_HEIGHTS = (280, 250)


def waiting_tiles(desk: Desk, level: Level) -> list[Tile]:
    """Median until done, median until the first reply, share done within 14 days."""
    return [
        desk.tile(RESPONSE_TIMES, level, median_cell, key="median_done", form="duration", **_DONE),
        desk.tile(
            RESPONSE_TIMES, level, median_cell, key="median_reply", form="duration", **_REPLY
        ),
        desk.tile(RESPONSE_TIMES, level, within_14, key="share_14", form="share", **_DONE),
    ]


def waiting_figure(desk: Desk, level: Level) -> Figure:
    """Median waiting time by month of receipt, until done and until the first reply."""
    words = desk.words
    grid = _waiting_grid(desk, level)
    if grid.is_blank(1, 4):
        return desk.empty(grid, key="waiting", table=RESPONSE_TIMES, is_wide=True)
    lines = [Line(1, "lake", low=2, high=3), Line(4, "warm", is_dashed=True)]
    return Figure(
        id="waiting",
        title=words("waiting.title"),
        takeaway=_waiting_takeaway(desk, level),
        grid=grid,
        chart=Chart(line_chart(grid, lines, form="duration"), WIDE_HEIGHTS),
        legend=desk.legend(
            grid,
            Key("lake", "line", words("waiting.done")),
            Key("band", "area", words("waiting.interval")),
            Key("warm", "dash", words("waiting.reply")),
        ),
        notes=desk.notes(grid, "median", "interval", "recent"),
        is_wide=True,
        datasets=(RESPONSE_TIMES,),
    )


def share_figure(desk: Desk, level: Level) -> Figure:
    """Share of service requests done within 14 days, by month of receipt."""
    words = desk.words
    rows = desk.tables.series(RESPONSE_TIMES, level, **_DONE)
    fields = (
        Field(words("field.month_received"), "month"),
        Field(words("field.share_14"), "share"),
        Field(words("field.n_tickets"), "count"),
    )
    grid = Grid(
        fields,
        tuple((day, within_14(r), cell(r, "n_tickets")) for day, r in rows),
    )
    if grid.is_blank(1):
        return desk.empty(grid, key="share_14", table=RESPONSE_TIMES)
    return Figure(
        id="share-14",
        title=words("share_14.title"),
        takeaway=_share_takeaway(desk, level),
        grid=grid,
        chart=Chart(line_chart(grid, [Line(1, "lake", has_area=True)], form="share"), HALF_HEIGHTS),
        legend=desk.legend(grid),
        notes=desk.notes(grid, "share"),
        datasets=(RESPONSE_TIMES,),
    )


def forwarded_tile(desk: Desk, level: Level) -> Tile:
    """Service requests forwarded to another authority."""
    return desk.tile(RESPONSE_TIMES, level, _forwarded, key="forwarded", form="count", **_DONE)


def forwarded_figure(desk: Desk, level: Level) -> Figure:
    """Service requests on other authorities' matters by month, and those of them forwarded."""
    words = desk.words
    rows = desk.tables.series(RESPONSE_TIMES, level, **_DONE)
    fields = (
        Field(words("field.month_received"), "month"),
        Field(words("field.n_tickets"), "count"),
        Field(words("field.forwarded"), "count"),
    )
    grid = Grid(
        fields,
        tuple((day, cell(r, "n_tickets"), _forwarded(r)) for day, r in rows),
    )
    if grid.is_blank(1, 2):
        return desk.empty(grid, key="forwarded", table=RESPONSE_TIMES, is_wide=True)
    lines = [Line(1, "lake", has_area=True), Line(2, "warm")]
    return Figure(
        id="forwarded",
        title=words("forwarded.title"),
        takeaway=_forwarded_takeaway(desk, level),
        grid=grid,
        chart=Chart(line_chart(grid, lines, form="count"), WIDE_HEIGHTS),
        legend=desk.legend(
            grid,
            Key("lake", "line", words("field.n_tickets")),
            Key("warm", "line", words("field.forwarded")),
        ),
        notes=desk.notes(grid),
        is_wide=True,
        datasets=(RESPONSE_TIMES,),
    )


def latest_done(desk: Desk, level: Level) -> Row | None:
    """The row of the key figures' period until done, calendar time."""
    return desk.tables.latest(RESPONSE_TIMES, level, **_DONE)


def within_14(row: Row | None) -> Value:
    """Share within 14 days."""
    return cell(row, "share_within_14_days")


def _waiting_grid(desk: Desk, level: Level) -> Grid:
    words = desk.words
    done = desk.tables.series(RESPONSE_TIMES, level, **_DONE)
    replies = dict(desk.tables.series(RESPONSE_TIMES, level, **_REPLY))
    fields = (
        Field(words("field.month_received"), "month"),
        Field(words("field.median_done"), "duration"),
        Field(words("field.low"), "duration"),
        Field(words("field.high"), "duration"),
        Field(words("field.median_reply"), "duration"),
        Field(words("field.n_tickets"), "count"),
    )
    return Grid(fields, tuple(_waiting_row(m, r, replies.get(m)) for m, r in done))


def _waiting_row(month: date, row: Row | None, reply: Row | None) -> tuple[Value, ...]:
    return (
        month,
        median_cell(row),
        cell(row, "km_median_low_hours"),
        cell(row, "km_median_high_hours"),
        median_cell(reply),
        cell(row, "n_tickets"),
    )


def _forwarded(row: Row | None) -> Value:
    return cell(row, "n_forwarded")


def _forwarded_takeaway(desk: Desk, level: Level) -> str:
    count = _forwarded(latest_done(desk, level))
    if isinstance(count, Missing):
        return desk.words("forwarded.takeaway_missing")
    return desk.words(
        "forwarded.takeaway", span=desk.span(RESPONSE_TIMES), n=desk.write(count, "count")
    )


def _waiting_takeaway(desk: Desk, level: Level) -> str:
    row = latest_done(desk, level)
    median = median_cell(row)
    if isinstance(median, Missing):
        return desk.words(f"waiting.takeaway_{median.value}", span=desk.span(RESPONSE_TIMES))
    low, high = cell(row, "km_median_low_hours"), cell(row, "km_median_high_hours")
    has_interval = not isinstance(low, Missing) and not isinstance(high, Missing)
    return desk.words(
        "waiting.takeaway_interval" if has_interval else "waiting.takeaway",
        span=desk.span(RESPONSE_TIMES),
        median=desk.write(median, "duration"),
        low=desk.write(low, "duration"),
        high=desk.write(high, "duration"),
    )


def _share_takeaway(desk: Desk, level: Level) -> str:
    value = within_14(latest_done(desk, level))
    if isinstance(value, Missing):
        return desk.words("share_14.takeaway_missing")
    before = desk.compare(RESPONSE_TIMES, level, within_14, form="share", **_DONE)
    share, span = desk.write(value, "share"), desk.span(RESPONSE_TIMES)
    sentence = desk.words("share_14.takeaway", span=span, share=share)
    return f"{sentence} ({before})." if before else f"{sentence}."
