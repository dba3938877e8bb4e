"""Who answered the surveys beside who lives here (D05): a figure a survey, and a table of all."""

from collections.abc import Sequence
from datetime import date

from transforms.publish.charts import dot_chart, dot_height
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
from transforms.publish.public_tables import SURVEYS, Row, cell, fact, number, text_of
from transforms.publish.scales import Scale
from transforms.publish.words import slug

_VARIABLES = ("age_band", "gender", "area", "language")
_TOTAL = "total"
_ALL, _UNKNOWN = "all", "unknown"
_AXIS_STEPS = (0.1, 0.15, 0.2, 0.25)
_N_STEPS = 4


def survey_tiles(desk: Desk) -> list[Tile]:
    """Surveys with a wave, those that were open to all, and those weighted to the residents."""
    rows = [r for r in _latest(desk) if r["breakdown_code"] == _TOTAL]
    if not rows:
        gap = desk.write(Missing.NO_SOURCE, "text")
        return [Tile(desk.words("tile.surveys"), gap, is_missing=True)]
    counts = (
        ("surveys", len(rows)),
        ("surveys_open", sum(bool(r["is_open_survey"]) for r in rows)),
        ("surveys_weighted", sum(r["weight_scheme_code"] == "raked" for r in rows)),
    )
    return [Tile(desk.words(f"tile.{k}"), desk.write(n, "count")) for k, n in counts]


def survey_table(desk: Desk) -> DataTable:
    """The latest wave of each survey: how many answered, of whom, and what to beware of."""
    desk = desk.by_background()
    words = desk.words
    fields = (
        Field(words("field.survey"), language=desk.own_language()),
        Field(words("field.closed_on"), "day"),
        Field(words("field.n_respondents"), "count"),
        Field(words("field.response_rate"), "share"),
        Field(words("field.r_indicator"), "ratio"),
        Field(words("field.weighting")),
        Field(words("field.warning")),
    )
    rows = [r for r in _latest(desk) if r["breakdown_code"] == _TOTAL]
    grid = Grid(fields, tuple(_survey_row(desk, r) for r in rows))
    return DataTable(
        id="surveys",
        caption=words("surveys.title"),
        intro=words("surveys.is") if rows else desk.nothing(SURVEYS),
        grid=grid,
        notes=desk.notes(grid, "r_indicator", "not_residents") if rows else (),
        datasets=(SURVEYS,),
    )


def survey_figures(desk: Desk) -> list[Figure]:
    """A figure for each survey that can be held against the residents."""
    desk = desk.by_background()
    rows = _latest(desk)
    surveys = sorted({text_of(r, "survey_id") for r in rows})
    by_survey = [[r for r in rows if r["survey_id"] == survey] for survey in surveys]
    return [_figure(desk, mine) for mine in by_survey if _compared(mine)]


def _latest(desk: Desk) -> list[Row]:
    """The rows of each survey's latest wave, by the day on which it closed."""
    rows = desk.tables.rows(
        SURVEYS, order=("survey_id", "wave_code", "breakdown_code", "breakdown_value")
    )
    waves: dict[str, tuple[date, str]] = {}
    for row in rows:
        closed = row["closed_on"]
        key = closed if isinstance(closed, date) else date.max
        survey, wave = text_of(row, "survey_id"), text_of(row, "wave_code")
        waves[survey] = max(waves.get(survey, (date.min, "")), (key, wave))
    return [r for r in rows if waves[text_of(r, "survey_id")][1] == r["wave_code"]]


def _compared(rows: Sequence[Row]) -> list[Row]:
    """Rows of categories whose share of the population is known."""
    return [
        r
        for variable in _VARIABLES
        for r in rows
        if r["breakdown_code"] == variable
        and r["breakdown_value"] not in (_ALL, _UNKNOWN)
        and r["population_share"] is not None
    ]


def _figure(desk: Desk, rows: Sequence[Row]) -> Figure:
    words = desk.words
    compared = _compared(rows)
    whole = next(r for r in rows if r["breakdown_code"] == _TOTAL)
    fields = (
        Field(words("field.category")),
        Field(words("field.respondent_share"), "share"),
        Field(words("field.population_share"), "share"),
        Field(words("field.ratio"), "ratio"),
        Field(words("field.n_respondents"), "count"),
        Field(words("field.weighted_share"), "share"),
    )
    shown = [r for r in rows if _is_shown(r, compared)]
    shown.sort(key=lambda r: _VARIABLES.index(text_of(r, "breakdown_code")))
    grid = Grid(fields, tuple(_category_row(desk, r) for r in shown))
    height = dot_height(grid)
    option = dot_chart(grid, value=1, before=2, scale=_scale(grid))
    return Figure(
        id=f"respondents-{slug(text_of(whole, 'survey_id'))}",
        title=text_of(whole, "survey_title"),
        takeaway=_takeaway(desk, whole, compared),
        grid=grid,
        chart=None if grid.is_blank(1) else Chart(option, (height, height)),
        legend=desk.legend(
            grid,
            Key("lake", "dot", words("surveys.respondents")),
            Key("warm", "ring", words("surveys.residents")),
        ),
        notes=desk.notes(grid, *_remarks(whole)),
        title_language=desk.own_language(),
        datasets=(SURVEYS,),
    )


def _is_shown(row: Row, compared: Sequence[Row]) -> bool:
    """Categories that are compared, and after each variable's those who did not tell it."""
    if row in compared:
        return True
    is_untold = row["breakdown_value"] == _UNKNOWN and row["n_respondents"] != 0
    return is_untold and any(r["breakdown_code"] == row["breakdown_code"] for r in compared)


def _category_row(desk: Desk, row: Row) -> tuple[Value, ...]:
    shares = (cell(row, name) for name in ("respondent_share", "population_share", "ratio"))
    return (
        _category(desk, row),
        *shares,
        cell(row, "n_respondents"),
        cell(row, "weighted_share"),
    )


def _category(desk: Desk, row: Row) -> str:
    """``Ikä: 25–44``; the variable stands in front, since a chart has them all."""
    variable, value = text_of(row, "breakdown_code"), text_of(row, "breakdown_value")
    lists = {"area": "areas"}
    label = desk.labels.of(lists.get(variable, variable), value)
    return f"{desk.labels.of('breakdown', variable)}: {label}"


def _scale(grid: Grid) -> Scale:
    """An axis from zero to a round share that holds every dot."""
    shares = [v for row in grid.rows for v in row[1:3] if isinstance(v, float)]
    most = max(shares, default=1.0)
    step = next((s for s in _AXIS_STEPS if s * _N_STEPS >= most), _AXIS_STEPS[-1])
    return Scale("share", high=step * _N_STEPS, step=step)


def _takeaway(desk: Desk, whole: Row, compared: Sequence[Row]) -> str:
    """The category that is furthest below its share of residents, of those that may be told."""
    known = [r for r in compared if number(r, "ratio") is not None]
    first = desk.words("surveys.takeaway_missing")
    least = min(known, key=lambda r: number(r, "ratio") or 0.0, default=None)
    if least is not None:
        first = desk.words(
            "surveys.takeaway",
            category=_category(desk, least),
            share=desk.write(cell(least, "respondent_share"), "share"),
            residents=desk.write(cell(least, "population_share"), "share"),
        )
    if not whole["is_open_survey"]:
        return first
    return f"{first} {desk.words('surveys.open')}"


def _remarks(whole: Row) -> list[str]:
    keys = ["respondents"]
    if whole["is_open_survey"]:
        keys.append("open_survey")
    if whole["is_preliminary"]:
        keys.append("preliminary")
    return keys


def _survey_row(desk: Desk, row: Row) -> tuple[Value, ...]:
    warning = text_of(row, "warning_code")
    is_running = row["closed_on"] is None and row["is_preliminary"]
    closed = desk.words("surveys.running") if is_running else fact(row, "closed_on")
    return (
        text_of(row, "survey_title"),
        closed,
        cell(row, "n_respondents"),
        cell(row, "response_rate"),
        cell(row, "r_indicator"),
        desk.labels.of("weight_scheme", text_of(row, "weight_scheme_code")),
        Missing.NONE if warning == "none" else desk.labels.of("survey_warning", warning),
    )
