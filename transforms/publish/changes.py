"""Change of satisfaction from wave to wave (D04): verdicts, differences and their intervals."""

from collections import Counter
from collections.abc import Sequence

from transforms.publish.cells import list_of
from transforms.publish.charts import dot_chart, dot_height
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, DataTable, Field, Figure, Grid, Key, Missing, Value
from transforms.publish.public_tables import CHANGES, Row, cell, number, text_of
from transforms.publish.scales import change_scale

_SHOWN_VERDICTS = ("better", "worse")
_VERDICTS = ("better", "worse", "no_evidence", "not_comparable")
_UNCLEAR = "no_evidence"


def change_blocks(desk: Desk, department: str | None) -> list[Figure | DataTable]:
    """Questions whose result has changed, and behind a fold all that were compared."""
    rows = _latest(desk.by_background(), department)
    if not rows:
        return []
    return [_figure(desk.by_background(), rows), _table(desk.by_background(), rows)]


def count_verdicts(rows: Sequence[Row]) -> Counter[str]:
    """How many questions have each verdict; withheld ones are counted nowhere."""
    return Counter(text_of(r, "verdict_code") for r in rows if r["verdict_code"] is not None)


def changes_of_wave(desk: Desk, survey: str, wave: str) -> list[Row]:
    """Rows of one wave of a survey against the wave before it."""
    return desk.tables.rows(CHANGES, order=("question_id",), survey_id=survey, wave_code=wave)


def unique_names(names: Sequence[str]) -> list[str]:
    """Names with a number after those that have stood before: an axis merges equal names."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _latest(desk: Desk, department: str | None) -> list[Row]:
    """Rows of the latest wave of each survey of a department, or of the whole city."""
    order = ("survey_id", "wave_code", "question_id")
    rows = desk.tables.rows(CHANGES, order=order, department_id=department)
    last = {r["survey_id"]: r["wave_code"] for r in rows}
    return [r for r in rows if r["wave_code"] == last[r["survey_id"]]]


def _figure(desk: Desk, rows: Sequence[Row]) -> Figure:
    words = desk.words
    sure = [r for r in rows if r["verdict_code"] in _SHOWN_VERDICTS]
    drawn = sorted(
        (r for r in sure if number(r, "top2_difference") is not None),
        key=lambda r: -(number(r, "top2_difference") or 0.0),
    )
    grid = _grid(desk, drawn, among=rows)
    height = dot_height(grid)
    scale = change_scale(grid, 1, 2, 3)
    option = dot_chart(grid, value=1, low=2, high=3, scale=scale)
    return Figure(
        id="changes",
        title=words("changes.title"),
        takeaway=_takeaway(desk, rows),
        grid=grid,
        chart=Chart(option, (height, height)) if drawn else None,
        legend=(
            Key("lake", "dot", words("changes.difference")),
            Key("lake-soft", "line", words("satisfaction.interval")),
        )
        if drawn
        else (),
        notes=desk.notes(grid, "change"),
        datasets=(CHANGES,),
    )


def _table(desk: Desk, rows: Sequence[Row]) -> DataTable:
    grid = _grid(desk, rows, among=rows)
    count = desk.write(len(rows), "count")
    keys = ["change"]
    if any(r["is_open_survey"] for r in rows):
        keys.append("open_survey_change")
    return DataTable(
        id="changes-all",
        caption=desk.words("changes.all"),
        intro=desk.words("changes.all_is"),
        grid=grid,
        notes=desk.notes(grid, *keys),
        fold=desk.words("changes.fold", n=count),
        datasets=(CHANGES,),
    )


def _grid(desk: Desk, rows: Sequence[Row], *, among: Sequence[Row]) -> Grid:
    words = desk.words
    fields = (
        Field(words("field.question"), language=desk.own_language()),
        Field(words("field.change"), "points"),
        Field(words("field.low"), "points"),
        Field(words("field.high"), "points"),
        Field(words("field.before"), "share"),
        Field(words("field.now"), "share"),
        Field(words("field.verdict_change")),
        Field(words("field.n_before"), "count"),
        Field(words("field.n_now"), "count"),
    )
    names = _names(rows, among)
    return Grid(fields, tuple(_row(desk, n, r) for n, r in zip(names, rows, strict=True)))


def _names(rows: Sequence[Row], among: Sequence[Row]) -> list[str]:
    """Questions, with their survey in front where several of all the rows ask the same."""
    asked = Counter(text_of(r, "question_fi") for r in among)
    found = []
    for row in rows:
        question, survey = text_of(row, "question_fi"), text_of(row, "survey_title")
        found.append(question if asked[question] == 1 else f"{survey}: {question}")
    return unique_names(found)


def _row(desk: Desk, name: str, row: Row) -> tuple[Value, ...]:
    columns = ("top2_difference", "top2_difference_low", "top2_difference_high")
    shares = (cell(row, column) for column in ("top2_share_previous", "top2_share"))
    return (
        name,
        *(cell(row, column) for column in columns),
        *shares,
        _verdict(desk, row),
        cell(row, "n_previous"),
        cell(row, "n"),
    )


def _verdict(desk: Desk, row: Row) -> Value:
    """The verdict in words; of waves that cannot be compared, why not."""
    verdict = cell(row, "verdict_code")
    if isinstance(verdict, Missing):
        return verdict
    label = desk.labels.of("change_verdict", str(verdict))
    breaks = list_of(desk, row["break_codes"], "comparison_break")
    is_told = verdict == "not_comparable" and not isinstance(breaks, Missing)
    return f"{label}: {str(breaks).lower()}" if is_told else label


def _takeaway(desk: Desk, rows: Sequence[Row]) -> str:
    """How many questions went which way; what is not known is told as such."""
    counts = count_verdicts(rows)
    if not counts:
        return desk.words("changes.takeaway_withheld")
    parts = [
        desk.words(f"changes.{verdict}", n=desk.write(counts[verdict], "count"))
        for verdict in _VERDICTS
        if counts[verdict] or verdict == _UNCLEAR
    ]
    first = desk.words("changes.takeaway", n=desk.write(counts.total(), "count"))
    return f"{first} {', '.join(parts)}."
