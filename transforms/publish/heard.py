"""What residents have told: how much, by which way, of what kind and in which tone."""

from collections.abc import Mapping, Sequence

from transforms.publish.charts import Line, line_chart, ranked_chart, ranked_height, stacked_chart
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, Field, Figure, Grid, Key, Missing, Tile, Value
from transforms.publish.palette import ACT_COLOURS, KIND_COLOURS, SENTIMENT_COLOURS
from transforms.publish.public_tables import CITY, HEARD, Level, Row, cell, day_of, number
from transforms.publish.waiting import HALF_HEIGHTS, WIDE_HEIGHTS

_ALL = {"act_type_code": "all"}
KIND_COLUMNS: Mapping[str, str] = {
    "vika": "n_fault",
    "moite": "n_complaint",
    "ehdotus": "n_proposal",
    "kysymys": "n_question",
    "kiitos": "n_praise",
}
SENTIMENT_COLUMNS: Mapping[str, str] = {
    "positiivinen": "n_positive",
    "neutraali": "n_neutral",
    "negatiivinen": "n_negative",
}
_MOST_ROWS = 12


def heard_tile(desk: Desk, level: Level) -> Tile:
    """Messages heard in the latest twelve months."""
    return desk.tile(HEARD, level, _acts, key="heard", form="count", **_ALL)


def latest_heard(desk: Desk, level: Level) -> Row | None:
    """The row of the latest twelve months over all kinds of acts."""
    return desk.tables.latest(HEARD, level, **_ALL)


def kinds_figure(desk: Desk, level: Level, *, is_wide: bool = False) -> Figure:
    """Texts by month and kind."""
    rows = desk.tables.periods(HEARD, level, kind="month", **_ALL)
    grid = _month_grid(desk, rows, list_name="kind", columns=KIND_COLUMNS)
    if grid.is_blank(*range(1, len(grid.fields))):
        return desk.empty(grid, key="kinds", table=HEARD, is_wide=is_wide)
    parts = {i: KIND_COLOURS[code] for i, code in enumerate(KIND_COLUMNS, start=1)}
    return Figure(
        id="kinds",
        title=desk.words("kinds.title"),
        takeaway=_kinds_takeaway(desk, level),
        grid=grid,
        chart=Chart(
            stacked_chart(grid, parts, form="count"), WIDE_HEIGHTS if is_wide else HALF_HEIGHTS
        ),
        legend=_legend(desk, grid, parts),
        notes=desk.notes(grid, "model"),
        is_wide=is_wide,
    )


def sentiment_figure(desk: Desk, level: Level) -> Figure:
    """Shares of positive, neutral and negative texts by month."""
    rows = desk.tables.periods(HEARD, level, kind="month", **_ALL)
    fields = [Field(desk.words("field.month"), "month")]
    fields += [Field(desk.labels.of("sentiment", code), "share") for code in SENTIMENT_COLUMNS]
    fields.append(Field(desk.words("field.n_texts"), "count"))
    grid = Grid(tuple(fields), tuple(_sentiment_row(r) for r in rows))
    if grid.is_blank(*range(1, len(SENTIMENT_COLUMNS) + 1)):
        return desk.empty(grid, key="sentiment", table=HEARD)
    lines = [
        Line(i, SENTIMENT_COLOURS[code], is_dashed=code == "neutraali")
        for i, code in enumerate(SENTIMENT_COLUMNS, start=1)
    ]
    return Figure(
        id="sentiment",
        title=desk.words("sentiment.title"),
        takeaway=_sentiment_takeaway(desk, level),
        grid=grid,
        chart=Chart(line_chart(grid, lines, form="share"), HALF_HEIGHTS),
        legend=desk.legend(grid, *(_line_key(grid, line) for line in lines)),
        notes=desk.notes(grid, "model"),
    )


def act_types_figure(desk: Desk, level: Level) -> Figure:
    """Messages by month and way: request, answer, idea, initiative, note."""
    by_type = {
        code: desk.tables.periods(HEARD, level, kind="month", act_type_code=code)
        for code in ACT_COLOURS
    }
    months = sorted({day_of(r, "period_start_on") for rows in by_type.values() for r in rows})
    found = {c: {day_of(r, "period_start_on"): r for r in rows} for c, rows in by_type.items()}
    fields = [Field(desk.words("field.month"), "month")]
    fields += [Field(desk.labels.of("act_type", code), "count") for code in by_type]
    grid = Grid(
        tuple(fields),
        tuple((m, *(cell(found[c].get(m), "n_acts") for c in by_type)) for m in months),
    )
    if grid.is_blank(*range(1, len(grid.fields))):
        return desk.empty(grid, key="act_types", table=HEARD, is_wide=True)
    parts = {i: ACT_COLOURS[code] for i, code in enumerate(by_type, start=1)}
    return Figure(
        id="act-types",
        title=desk.words("act_types.title"),
        takeaway=_types_takeaway(desk, level),
        grid=grid,
        chart=Chart(stacked_chart(grid, parts, form="count"), WIDE_HEIGHTS),
        legend=_legend(desk, grid, parts),
        notes=desk.notes(grid),
        is_wide=True,
    )


def ranked_figure(desk: Desk, *, dimension: str, key: str, list_name: str) -> Figure:
    """Messages of the latest twelve months by area, channel or service, most first."""
    names = [*desk.labels.codes(list_name), "unknown"]
    rows = [(n, desk.tables.latest(HEARD, Level(dimension, n), **_ALL)) for n in names]
    present = [(name, row) for name, row in rows if row is not None]
    present.sort(key=lambda pair: (pair[0] == "unknown", -(number(pair[1], "n_acts") or 0)))
    fields = (
        Field(desk.words(f"field.{dimension}")),
        Field(desk.words("field.n_acts"), "count"),
        Field(desk.labels.of("sentiment", "negatiivinen"), "share"),
    )
    grid = Grid(
        fields,
        tuple(
            (desk.labels.of(list_name, n), cell(r, "n_acts"), share_of_texts(r, "n_negative"))
            for n, r in present[:_MOST_ROWS]
        ),
    )
    if grid.is_blank(1):
        return desk.empty(grid, key=key, table=HEARD)
    height = ranked_height(grid)
    option = ranked_chart(grid, column=1, form="count", colour="lake")
    return Figure(
        id=key.replace("_", "-"),
        title=desk.words(f"{key}.title"),
        takeaway=_ranked_takeaway(desk, grid, key=key),
        grid=grid,
        chart=Chart(option, (height, height)),
        legend=desk.legend(grid),
        notes=desk.notes(grid, key),
    )


def area_figure(desk: Desk) -> Figure:
    """Messages by area."""
    return ranked_figure(desk, dimension="area", key="areas", list_name="areas")


def channel_figure(desk: Desk) -> Figure:
    """Messages by channel."""
    return ranked_figure(desk, dimension="channel", key="channels", list_name="channel")


def heard_tiles(desk: Desk) -> list[Tile]:
    """Messages of the latest twelve months, in all and by each way."""
    ways = [
        Tile(
            label=desk.labels.of("act_type", code),
            value=desk.write(value, "count"),
            detail=desk.compare(HEARD, CITY, _acts, form="count", act_type_code=code),
            is_missing=isinstance(value, Missing),
        )
        for code in ACT_COLOURS
        if (value := _acts(desk.tables.latest(HEARD, CITY, act_type_code=code))) is not Missing.NONE
    ]
    return [heard_tile(desk, CITY), *ways]


def share_of_texts(row: Row | None, column: str) -> Value:
    """A count's share of the row's texts; withheld when either is."""
    part, whole = cell(row, column), cell(row, "n_texts")
    if isinstance(part, Missing):
        return part
    if isinstance(whole, Missing):
        return whole
    if not isinstance(part, int) or not isinstance(whole, int) or whole == 0:
        return Missing.NONE
    return part / whole


def _acts(row: Row | None) -> Value:
    return cell(row, "n_acts")


def _month_grid(
    desk: Desk, rows: Sequence[Row], *, list_name: str, columns: Mapping[str, str]
) -> Grid:
    fields = [Field(desk.words("field.month"), "month")]
    fields += [Field(desk.labels.of(list_name, code), "count") for code in columns]
    return Grid(
        tuple(fields),
        tuple(
            (day_of(r, "period_start_on"), *(cell(r, name) for name in columns.values()))
            for r in rows
        ),
    )


def _sentiment_row(row: Row) -> tuple[Value, ...]:
    shares = (share_of_texts(row, name) for name in SENTIMENT_COLUMNS.values())
    return (day_of(row, "period_start_on"), *shares, cell(row, "n_texts"))


def _legend(desk: Desk, grid: Grid, parts: Mapping[int, str]) -> tuple[Key, ...]:
    keys = (Key(colour, "box", grid.fields[i].label) for i, colour in parts.items())
    return desk.legend(grid, *keys)


def _line_key(grid: Grid, line: Line) -> Key:
    return Key(line.colour, "dash" if line.is_dashed else "line", grid.fields[line.column].label)


def _kinds_takeaway(desk: Desk, level: Level) -> str:
    row = latest_heard(desk, level)
    texts = number(row, "n_texts")
    counts = {code: number(row, name) for code, name in KIND_COLUMNS.items()}
    known = {code: count for code, count in counts.items() if count is not None}
    if not texts or len(known) < len(counts):
        return desk.words("kinds.takeaway_missing")
    most = max(known, key=lambda code: known[code])
    return desk.words(
        "kinds.takeaway",
        n=desk.write(texts, "count"),
        kind=desk.labels.of("kind", most).lower(),
        share=desk.write(known[most] / texts, "share"),
    )


def _sentiment_takeaway(desk: Desk, level: Level) -> str:
    row = latest_heard(desk, level)
    good, bad = share_of_texts(row, "n_positive"), share_of_texts(row, "n_negative")
    if isinstance(good, Missing) or isinstance(bad, Missing):
        return desk.words("sentiment.takeaway_missing")
    return desk.words(
        "sentiment.takeaway", good=desk.write(good, "share"), bad=desk.write(bad, "share")
    )


def _types_takeaway(desk: Desk, level: Level) -> str:
    count = _acts(latest_heard(desk, level))
    if isinstance(count, Missing):
        return desk.words("act_types.takeaway_missing")
    return desk.words("act_types.takeaway", n=desk.write(count, "count"))


def _ranked_takeaway(desk: Desk, grid: Grid, *, key: str) -> str:
    name, count = grid.rows[0][0], grid.rows[0][1]
    if isinstance(count, Missing):
        return desk.words(f"{key}.takeaway_missing")
    return desk.words(f"{key}.takeaway", name=name, n=desk.write(count, "count"))
