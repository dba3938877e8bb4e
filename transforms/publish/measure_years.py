"""How the model's measures stand from year to year: how many in each state."""

from transforms.publish.charts import stacked_chart
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, Field, Figure, Grid, Key, Value
from transforms.publish.measures import (
    CITY_ROW,
    UNKNOWN,
    measure_rows,
    review_year,
    reviews_of,
    write_status,
)
from transforms.publish.palette import STATUS_COLOURS
from transforms.publish.public_tables import REVIEWS, text_of
from transforms.publish.waiting import WIDE_HEIGHTS


def years_figure(desk: Desk) -> Figure:
    """Measures of the version in force by state, a bar a year."""
    measures = {text_of(r, "measure_id") for r in measure_rows(desk)}
    rows = desk.tables.rows(REVIEWS, order=("review_year",), department_id=CITY_ROW)
    mine = [r for r in rows if r["measure_id"] in measures]
    states = [
        s for s in STATUS_COLOURS if any((text_of(r, "status_code") or UNKNOWN) == s for r in mine)
    ]
    if not mine:
        return desk.empty(None, key="measure_years", table=REVIEWS, is_wide=True)
    fields = [Field(desk.words("field.year"), "text")]
    fields += [Field(_label(desk, state), "count") for state in states]
    years = sorted({int(str(r["review_year"])) for r in mine})
    told: list[tuple[Value, ...]] = []
    for year in years:
        found = [text_of(r, "status_code") or UNKNOWN for r in mine if r["review_year"] == year]
        told.append((str(year), *(found.count(state) for state in states)))
    grid = Grid(tuple(fields), tuple(told))
    parts = {i: STATUS_COLOURS[state] for i, state in enumerate(states, start=1)}
    keys = (Key(colour, "box", grid.fields[i].label) for i, colour in parts.items())
    return Figure(
        id="measure-years",
        title=desk.words("measure_years.title"),
        takeaway=_takeaway(desk),
        grid=grid,
        chart=Chart(stacked_chart(grid, parts, form="count"), WIDE_HEIGHTS),
        legend=tuple(keys),
        notes=desk.notes(grid, "measure_status"),
        is_wide=True,
        datasets=(REVIEWS,),
    )


def _label(desk: Desk, state: str) -> str:
    if state == UNKNOWN:
        return write_status(desk, None)
    return desk.labels.of("measure_status", state)


def _takeaway(desk: Desk) -> str:
    """This year's count of measures that are reached, late, and blind spots."""
    year = review_year(desk)
    reviews = reviews_of(desk, year=year)
    mine = [reviews[m] for r in measure_rows(desk) if (m := text_of(r, "measure_id")) in reviews]
    states = [r["status_code"] for r in mine]
    return desk.words(
        "measure_years.takeaway",
        year=year,
        n=desk.write(len(mine), "count"),
        reached=desk.write(states.count("reached"), "count"),
        late=desk.write(states.count("late"), "count"),
        blind=desk.write(sum(bool(r["is_blind_spot"]) for r in mine), "count"),
    )
