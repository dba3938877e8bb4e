"""Whether residents of some areas wait longer (D06): medians by area, and the log-rank test."""

from transforms.publish.charts import dot_chart, dot_height
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, DataTable, Field, Figure, Grid, Key, Missing
from transforms.publish.public_tables import (
    AREA_DIFFERENCES,
    CITY,
    RESPONSE_TIMES,
    Level,
    Row,
    cell,
    median_cell,
    number,
    text_of,
)
from transforms.publish.scales import hour_scale
from transforms.publish.waiting import latest_done

_DONE = {"milestone_code": "done", "clock_code": "calendar"}


def area_waiting_figure(desk: Desk) -> Figure:
    """Median waiting time by area with its interval, and whether the areas differ."""
    words = desk.words
    rows = [(a, latest_done(desk, Level("area", a))) for a in desk.labels.codes("areas")]
    fields = (
        Field(words("field.area")),
        Field(words("field.median_done"), "duration"),
        Field(words("field.low"), "duration"),
        Field(words("field.high"), "duration"),
        Field(words("field.n_tickets"), "count"),
    )
    names = ("km_median_low_hours", "km_median_high_hours", "n_tickets")
    grid = Grid(
        fields,
        tuple(
            (desk.labels.of("areas", area), median_cell(r), *(cell(r, name) for name in names))
            for area, r in rows
            if r is not None
        ),
    )
    if grid.is_blank(1):
        return desk.empty(grid, key="area_waiting", table=RESPONSE_TIMES)
    height = dot_height(grid)
    option = dot_chart(grid, value=1, low=2, high=3, scale=hour_scale(grid, value=1, high=3))
    return Figure(
        id="area-waiting",
        title=words("area_waiting.title"),
        takeaway=_takeaway(desk),
        grid=grid,
        chart=Chart(option, (height, height)),
        legend=desk.legend(
            grid,
            Key("lake", "dot", words("field.median_done")),
            Key("lake-soft", "line", words("satisfaction.interval")),
        ),
        notes=desk.notes(grid, "median", "log_rank", "areas"),
        datasets=(RESPONSE_TIMES, AREA_DIFFERENCES),
    )


def area_services_table(desk: Desk) -> DataTable | None:
    """Services in which the areas' waiting times differ; none when nothing was compared."""
    words = desk.words
    tested = [r for r in _tests(desk, "service") if r["is_different"] is not None]
    different = [r for r in tested if r["is_different"]]
    if not tested:
        return None
    fields = (
        Field(words("field.service")),
        Field(words("field.n_areas"), "count"),
        Field(words("field.p_value"), "p"),
    )
    rows = tuple(
        (
            desk.labels.of("services", text_of(r, "dimension_value")),
            cell(r, "n_areas"),
            cell(r, "p_value_bh"),
        )
        for r in different
    )
    key = "area_services.is" if rows else "area_services.none"
    return DataTable(
        id="area-services",
        caption=words("area_services.title"),
        intro=words(key, tested=len(tested), different=len(different)),
        grid=Grid(fields, rows),
        notes=(words("note.log_rank"),) if rows else (),
        is_half=True,
        datasets=(AREA_DIFFERENCES,),
    )


def _tests(desk: Desk, level: str) -> list[Row]:
    """Tests of a level for the period of the waiting times that are shown."""
    kind, start = desk.tables.span(RESPONSE_TIMES)
    rows = desk.tables.rows(
        AREA_DIFFERENCES,
        order=("period_start_on", "p_value_bh", "dimension_value"),
        dimension_code=level,
        period_kind_code=kind,
        **_DONE,
    )
    last = start or max((str(r["period_start_on"]) for r in rows), default="")
    return [r for r in rows if str(r["period_start_on"]) == str(last)]


def _takeaway(desk: Desk) -> str:
    """Whether the test finds a difference; that none was made, when so."""
    row = next(iter(_tests(desk, CITY.code)), None)
    if row is None or row["is_different"] is None:
        return desk.words("area_waiting.untested")
    p = number(row, "p_value_bh")
    written = Missing.NONE if p is None else p
    key = "area_waiting.different" if row["is_different"] else "area_waiting.same"
    return desk.words(key, p=desk.write(written, "p"))
