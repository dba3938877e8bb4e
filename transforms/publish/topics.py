"""What residents speak of (D08): shares of topics with their intervals, and what has grown."""

from collections.abc import Sequence

from transforms.publish.charts import dot_chart, dot_height
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, Field, Figure, Grid, Key, Missing, Value
from transforms.publish.public_tables import TOPICS, Level, Row, cell, number, text_of
from transforms.publish.scales import scale_for

_ALL = {"act_type_code": "all"}
_MOST_ROWS = 12
_SURE = 0.05
_LEAST_AXIS = 0.1


def topics_figure(desk: Desk, level: Level) -> Figure:
    """Topics of a level's texts in the key figures' period, most spoken of first."""
    rows = _latest(desk, level)
    if not rows:
        return desk.empty(None, key="topics", table=TOPICS)
    grid = _grid(desk, rows[:_MOST_ROWS])
    if grid.is_blank(1):
        return desk.empty(grid, key="topics", table=TOPICS)
    scale = scale_for(grid, value=1, high=3, form="share", least=_LEAST_AXIS)
    height = dot_height(grid)
    return Figure(
        id="topics",
        title=desk.words("topics.title"),
        takeaway=f"{_most(desk, rows)} {_unassigned(desk, rows[0])}",
        grid=grid,
        chart=Chart(dot_chart(grid, value=1, low=2, high=3, scale=scale), (height, height)),
        legend=desk.legend(
            grid,
            Key("lake", "dot", desk.words("topics.share")),
            Key("lake-soft", "line", desk.words("satisfaction.interval")),
        ),
        notes=desk.notes(grid, "topics", "growth", *_remarks(rows)),
        is_tall=True,
        datasets=(TOPICS,),
    )


def _latest(desk: Desk, level: Level) -> list[Row]:
    """One row per topic of the period, those whose number is withheld last."""
    topics = desk.labels.codes("topics")
    found = [desk.tables.latest(TOPICS, level, topic_id=topic, **_ALL) for topic in topics]
    rows = [row for row in found if row is not None and row["n_documents"] != 0]
    return sorted(rows, key=lambda row: -(number(row, "n_documents") or 0))


def _grid(desk: Desk, rows: Sequence[Row]) -> Grid:
    words = desk.words
    fields = (
        Field(words("field.topic")),
        Field(words("field.share_of_texts"), "share"),
        Field(words("field.low"), "share"),
        Field(words("field.high"), "share"),
        Field(words("field.n_documents"), "count"),
        Field(words("field.growth")),
        Field(words("field.praise"), "count"),
        Field(words("field.problem"), "count"),
        Field(words("field.wish"), "count"),
    )
    return Grid(fields, tuple(_row(desk, row) for row in rows))


def _row(desk: Desk, row: Row) -> tuple[Value, ...]:
    shares = (cell(row, name) for name in ("share", "share_low", "share_high", "n_documents"))
    kinds = (cell(row, name) for name in ("n_praise", "n_problem", "n_wish"))
    return (_name(desk, row), *shares, _growth(desk, row), *kinds)


def _name(desk: Desk, row: Row) -> str:
    label = desk.labels.of("topics", text_of(row, "topic_id"))
    return f"{label} ({desk.words('topics.new')})" if row["is_new_topic"] else label


def _growth(desk: Desk, row: Row) -> Value:
    """More or less common than a year before, where there is evidence of either."""
    ratio = cell(row, "growth_ratio")
    if not isinstance(ratio, float):
        return ratio
    if (number(row, "growth_p_bh") or 0.0) >= _SURE or row["growth_p_bh"] is None:
        return desk.words("topics.no_change")
    key = "topics.more" if ratio > 1 else "topics.less"
    return desk.words(key, ratio=desk.write(ratio, "ratio"))


def _most(desk: Desk, rows: Sequence[Row]) -> str:
    """The topic most spoken of, when no withheld one can be it."""
    share = cell(rows[0], "share")
    if isinstance(share, Missing):
        return desk.words("topics.takeaway_missing")
    return desk.words(
        "topics.takeaway",
        span=desk.span(TOPICS),
        topic=desk.labels.of("topics", text_of(rows[0], "topic_id")).lower(),
        share=desk.write(share, "share"),
    )


def _unassigned(desk: Desk, row: Row) -> str:
    share = cell(row, "unassigned_share")
    if isinstance(share, Missing):
        return desk.words("topics.unassigned_missing")
    return desk.words("topics.unassigned", share=desk.write(share, "share"))


def _remarks(rows: Sequence[Row]) -> tuple[str, ...]:
    return () if all(row["coder_code"] == "human" for row in rows) else ("topics_model",)
