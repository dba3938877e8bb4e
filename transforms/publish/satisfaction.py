"""Satisfaction with services: each survey's questions, latest wave against the one before."""

from collections.abc import Mapping, Sequence

from transforms.publish.changes import changes_of_wave, count_verdicts, unique_names
from transforms.publish.charts import dot_chart, dot_height
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, Field, Figure, Grid, Key, Missing, Value
from transforms.publish.public_tables import SATISFACTION, Row, cell, text_of
from transforms.publish.words import slug

_TOTAL = {"breakdown_code": "total", "breakdown_value": "all"}
_Waves = tuple[list[Row], list[Row]]


def satisfaction_figures(desk: Desk, department: str | None) -> list[Figure]:
    """One figure per survey of a department, or of the whole city, in the order of their names."""
    desk = desk.by_background()
    rows = desk.tables.rows(
        SATISFACTION,
        order=("survey_id", "wave_code", "question_id"),
        department_id=department,
        **_TOTAL,
    )
    surveys = sorted({text_of(r, "survey_id") for r in rows})
    figures = [_survey_figure(desk, s, _waves(rows, s)) for s in surveys]
    return figures or [desk.empty(None, key="satisfaction", table=SATISFACTION)]


def _waves(rows: Sequence[Row], survey: str) -> _Waves:
    """Rows of the latest wave and of the wave before it."""
    mine = [r for r in rows if r["survey_id"] == survey]
    codes = sorted({text_of(r, "wave_code") for r in mine})
    latest = [r for r in mine if r["wave_code"] == codes[-1]]
    before = [r for r in mine if len(codes) > 1 and r["wave_code"] == codes[-2]]
    return latest, before


def _survey_figure(desk: Desk, survey: str, waves: _Waves) -> Figure:
    latest, before = waves
    grid = _grid(desk, latest, before)
    blank = grid.is_blank(1)
    title = text_of(latest[0], "survey_title")
    is_named = title not in ("", survey)
    height = dot_height(grid)
    option = dot_chart(grid, value=1, low=2, high=3, before=4)
    return Figure(
        id=f"survey-{slug(survey)}",
        title=title if is_named else desk.words("satisfaction.untitled"),
        takeaway=_takeaway(desk, waves),
        grid=grid,
        chart=None if blank else Chart(option, (height, height)),
        legend=() if blank else _legend(desk, grid, before),
        notes=desk.notes(grid, *_remarks(latest[0])),
        title_language="fi" if is_named and desk.words.language != "fi" else None,
        datasets=(SATISFACTION,),
    )


def _grid(desk: Desk, latest: Sequence[Row], before: Sequence[Row]) -> Grid:
    words = desk.words
    earlier = {r["question_id"]: r for r in before}
    fields = (
        Field(words("field.question"), language=None if words.language == "fi" else "fi"),
        Field(words("field.top2"), "share"),
        Field(words("field.low"), "share"),
        Field(words("field.high"), "share"),
        Field(words("field.top2_before"), "share"),
        Field(words("field.mean"), "decimal"),
        Field(words("field.n_answers"), "count"),
        Field(words("field.dont_know"), "share"),
    )
    names = unique_names([text_of(r, "question_fi") for r in latest])
    return Grid(
        fields,
        tuple(
            _row(n, r, earlier.get(r["question_id"])) for n, r in zip(names, latest, strict=True)
        ),
    )


def _row(name: str, row: Row, before: Row | None) -> tuple[Value, ...]:
    wanted = ("top2_share", "top2_low", "top2_high")
    tail = ("mean", "n", "dont_know_share")
    return (
        name,
        *(cell(row, column) for column in wanted),
        cell(before, "top2_share"),
        *(cell(row, column) for column in tail),
    )


def _legend(desk: Desk, grid: Grid, before: Sequence[Row]) -> tuple[Key, ...]:
    words = desk.words
    found = [
        Key("lake", "dot", words("satisfaction.latest")),
        Key("lake-soft", "line", words("satisfaction.interval")),
    ]
    if before:
        wave = text_of(before[0], "wave_code")
        found.append(Key("warm", "ring", words("satisfaction.before", wave=wave)))
    return desk.legend(grid, *found)


def _remarks(row: Row) -> list[str]:
    found = ["top2", "interval"]
    if row["is_open_survey"]:
        found.append("open_survey")
    if row["is_preliminary"]:
        found.append("preliminary")
    return found


def _takeaway(desk: Desk, waves: _Waves) -> str:
    """The best question, and whether any has changed by more than its uncertainty."""
    latest, before = waves
    known = [r for r in latest if not isinstance(cell(r, "top2_share"), Missing)]
    if not known:
        return desk.words("satisfaction.takeaway_missing")
    best = max(known, key=lambda r: float(str(r["top2_share"])))
    share = desk.write(cell(best, "top2_share"), "share")
    if len(known) < len(latest):
        first = desk.words("satisfaction.takeaway_shown", share=share)
    elif len(known) == 1:
        first = desk.words("satisfaction.takeaway_one", share=share)
    elif desk.words.language != "fi":
        first = desk.words("satisfaction.takeaway_best", share=share)
    else:
        question = text_of(best, "question_fi")
        first = desk.words("satisfaction.takeaway", share=share, question=question)
    if not before:
        return first
    return f"{first} {_change(desk, known, before)}".rstrip()


def _change(desk: Desk, latest: Sequence[Row], before: Sequence[Row]) -> str:
    """How many questions went up or down: by the tests of the waves, where they were made."""
    survey, wave = (text_of(latest[0], name) for name in ("survey_id", "wave_code"))
    asked = {r["question_id"] for r in latest}
    rows = changes_of_wave(desk, survey, wave)
    tested = count_verdicts([r for r in rows if r["question_id"] in asked])
    if tested:
        return _tested(desk, tested)
    earlier = {r["question_id"]: r for r in before}
    pairs = [
        (r, earlier[r["question_id"]])
        for r in latest
        if r["question_id"] in earlier and _has_interval(r, earlier[r["question_id"]])
    ]
    up = sum(_is_apart(old, new) for new, old in pairs)
    down = sum(_is_apart(new, old) for new, old in pairs)
    if not pairs:
        return ""
    if up == down == 0:
        return desk.words("satisfaction.same")
    return desk.words("satisfaction.changed", up=up, down=down)


def _tested(desk: Desk, counts: Mapping[str, int]) -> str:
    """What the tests found; nothing of waves that cannot be compared."""
    up, down = counts["better"], counts["worse"]
    if up or down:
        return desk.words("satisfaction.changed", up=up, down=down)
    return desk.words("satisfaction.no_evidence") if counts["no_evidence"] else ""


def _has_interval(*rows: Row) -> bool:
    """Whether the intervals of all rows are known: what is withheld is not called unchanged."""
    names = ("top2_low", "top2_high")
    return not any(isinstance(cell(row, name), Missing) for row in rows for name in names)


def _is_apart(less: Row, more: Row) -> bool:
    """Whether the interval of ``more`` lies wholly above that of ``less``."""
    high, low = cell(less, "top2_high"), cell(more, "top2_low")
    return isinstance(high, float) and isinstance(low, float) and low > high
