"""What residents have told: how much, by which way, of what kind and in which tone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from transforms.publish.charts import Line, line_chart, ranked_chart, ranked_height, stacked_chart
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
_WAYS = ("all", *ACT_COLOURS)
_MOST_ROWS = 12
_MOST_WITHHELD = 0.5
_DECEMBER = 12


def heard_tile(desk: Desk, level: Level) -> Tile:
    """Acts heard in the key figures' period."""
    return desk.tile(HEARD, level, _acts, key="heard", form="count", **_ALL)


def latest_heard(desk: Desk, level: Level) -> Row | None:
    """The row of the key figures' period over all kinds of acts."""
    return desk.tables.latest(HEARD, level, **_ALL)


def kinds_figure(desk: Desk, level: Level) -> Figure:
    """Texts by month and kind; by year where too few months may be shown."""
    fields = [Field(desk.labels.of("kind", code), "count") for code in KIND_COLUMNS]
    grid = _over_time(desk, level, fields, _kind_row, most_withheld=1.0)
    if grid.is_flat(*range(1, len(grid.fields))):
        empty = desk.empty(grid, key="kinds", table=HEARD)
        return _with_sentence(desk, empty, _kinds_takeaway(desk, level), key="kinds")
    parts = {i: KIND_COLOURS[code] for i, code in enumerate(KIND_COLUMNS, start=1)}
    return Figure(
        id="kinds",
        title=desk.words("kinds.title"),
        takeaway=_kinds_takeaway(desk, level),
        grid=grid,
        chart=Chart(stacked_chart(grid, parts, form="count"), HALF_HEIGHTS),
        legend=_legend(desk, grid, parts),
        notes=desk.notes(grid, "model", *_unfinished(desk, grid)),
        datasets=(HEARD,),
    )


def sentiment_figure(desk: Desk, level: Level) -> Figure:
    """Shares of positive, neutral and negative texts by month, or by year."""
    fields = [Field(desk.labels.of("sentiment", code), "share") for code in SENTIMENT_COLUMNS]
    fields.append(Field(desk.words("field.n_texts"), "count"))
    grid = _over_time(desk, level, fields, _sentiment_row, most_withheld=_MOST_WITHHELD)
    columns = range(1, len(SENTIMENT_COLUMNS) + 1)
    if grid.is_blank(*columns) or grid.withheld_share(*columns) > _MOST_WITHHELD:
        empty = desk.empty(grid, key="sentiment", table=HEARD)
        return _with_sentence(desk, empty, _sentiment_takeaway(desk, level), key="sentiment")
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
        notes=desk.notes(grid, "model", *_unfinished(desk, grid)),
        datasets=(HEARD,),
    )


def act_types_figure(desk: Desk, level: Level) -> Figure:
    """Acts by month and way: request, answer, idea, initiative, note; by year if need be."""
    ways = _ways_used(desk, level)
    grid = _acts_grid(desk, level, ways, kind="month")
    if grid.is_flat(*range(1, len(ways) + 1)):
        grid = _acts_grid(desk, level, ways, kind="year")
    if grid.is_flat(*range(1, len(ways) + 1)):
        empty = desk.empty(grid, key="act_types", table=HEARD, is_wide=True)
        return _with_sentence(desk, empty, _types_takeaway(desk, level), key="act_types")
    parts = {i: ACT_COLOURS[code] for i, code in enumerate(ways, start=1)}
    return Figure(
        id="act-types",
        title=desk.words(f"act_types.title_{grid.fields[0].form}"),
        takeaway=_types_takeaway(desk, level),
        grid=grid,
        chart=Chart(stacked_chart(grid, parts, form="count"), WIDE_HEIGHTS),
        legend=_legend(desk, grid, parts),
        notes=desk.notes(grid, *_unfinished(desk, grid)),
        is_wide=True,
        datasets=(HEARD,),
    )


def ever_table(desk: Desk) -> DataTable:
    """All that has been heard, ever: acts, texts, kinds and sentiments by way of being heard."""
    words = desk.words
    rows = [(c, desk.tables.periods(HEARD, CITY, kind="all", act_type_code=c)) for c in _WAYS]
    told = [(c, found[-1]) for c, found in rows if found and found[-1]["n_acts"] != 0]
    fields = (
        Field(words("field.way")),
        Field(words("field.n_acts"), "count"),
        Field(words("field.n_texts"), "count"),
        *(Field(desk.labels.of("kind", code), "count") for code in KIND_COLUMNS),
        *(Field(desk.labels.of("sentiment", code), "count") for code in SENTIMENT_COLUMNS),
        Field(words("field.unsure"), "share"),
    )
    names = ("n_acts", "n_texts", *KIND_COLUMNS.values(), *SENTIMENT_COLUMNS.values())
    grid = Grid(
        fields,
        tuple(
            (
                words("level.sum") if c == "all" else desk.labels.of("act_type", c),
                *(cell(r, name) for name in names),
                cell(r, "unsure_share"),
            )
            for c, r in told
        ),
    )
    first = day_of(told[0][1], "period_start_on") if told else None
    return DataTable(
        id="ever",
        caption=words("ever.caption", day=words.month(first)) if first else words("ever.untold"),
        grid=grid,
        notes=desk.notes(grid, "unsure", "model") if told else (desk.nothing(HEARD),),
        is_dense=True,
        datasets=(HEARD,),
    )


def ranked_figure(desk: Desk, *, dimension: str, key: str, list_name: str) -> Figure:
    """Acts by area or channel, most first; those without any are left out."""
    names = [*desk.labels.codes(list_name), "unknown"]
    rows = [(n, desk.tables.latest(HEARD, Level(dimension, n), **_ALL)) for n in names]
    present = [(name, row) for name, row in rows if row is not None and row["n_acts"] != 0]
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
    if not _shown(desk, grid):
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
        datasets=(HEARD,),
    )


def area_figure(desk: Desk) -> Figure:
    """Messages by area."""
    return ranked_figure(desk, dimension="area", key="areas", list_name="areas")


def channel_figure(desk: Desk) -> Figure:
    """Messages by channel."""
    return ranked_figure(desk, dimension="channel", key="channels", list_name="channel")


def heard_tiles(desk: Desk) -> list[Tile]:
    """Acts of the key figures' period, in all and by each way that has ever been used."""
    ways = [
        Tile(
            label=desk.words(f"column.n_{code}s"),
            value=desk.write(value, "count"),
            detail=desk.compare(HEARD, CITY, _acts, form="count", act_type_code=code),
            is_missing=isinstance(value, Missing),
        )
        for code in ACT_COLOURS
        if (value := _acts(desk.tables.latest(HEARD, CITY, act_type_code=code)))
        not in (Missing.NONE, 0)
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


def _over_time(
    desk: Desk,
    level: Level,
    fields: Sequence[Field],
    read: Callable[[Row | None], tuple[Value, ...]],
    *,
    most_withheld: float,
) -> Grid:
    """Figures of all acts by month; by year when most of the months' are withheld.

    Years are drawn when at most ``most_withheld`` of them is withheld.
    """
    months, years = (_time_grid(desk, level, fields, read, kind=kind) for kind in ("month", "year"))
    columns = range(1, len(fields) + 1)
    if not months.is_flat(*columns) and months.withheld_share(*columns) <= _MOST_WITHHELD:
        return months
    is_told = not years.is_flat(*columns) and years.withheld_share(*columns) <= most_withheld
    return years if is_told or months.is_flat(*columns) else months


def _with_sentence(desk: Desk, figure: Figure, sentence: str, *, key: str) -> Figure:
    """A figure without a chart, with what can be said of its period all the same."""
    if sentence == desk.words(f"{key}.takeaway_missing"):
        return figure
    return replace(figure, takeaway=f"{sentence} {desk.words('empty.no_chart')}")


def _time_grid(
    desk: Desk,
    level: Level,
    fields: Sequence[Field],
    read: Callable[[Row | None], tuple[Value, ...]],
    *,
    kind: str,
) -> Grid:
    rows = desk.tables.series(HEARD, level, kind=kind, **_ALL)
    head = Field(desk.words(f"field.{kind}"), kind)
    return Grid((head, *fields), tuple((day, *read(row)) for day, row in rows))


def _unfinished(desk: Desk, grid: Grid) -> tuple[str, ...]:
    """The note that the latest year is not over, where the rows are years."""
    day = desk.about.snapshot_on
    is_over = (day.month, day.day) == (_DECEMBER, 31)
    last = grid.rows[-1][0] if grid.rows else None
    is_year = grid.fields[0].form == "year" and isinstance(last, date) and last.year == day.year
    return ("unfinished",) if is_year and not is_over else ()


def _ways_used(desk: Desk, level: Level) -> list[str]:
    """The ways that have ever been used, as far as may be known."""
    found = []
    for code in ACT_COLOURS:
        rows = desk.tables.periods(HEARD, level, kind="month", act_type_code=code)
        if any(row["n_acts"] != 0 for row in rows):
            found.append(code)
    return found


def _acts_grid(desk: Desk, level: Level, ways: Sequence[str], *, kind: str) -> Grid:
    by_way = [desk.tables.series(HEARD, level, kind=kind, act_type_code=code) for code in ways]
    fields = [Field(desk.words(f"field.{kind}"), kind)]
    fields += [Field(desk.labels.of("act_type", code), "count") for code in ways]
    rows = tuple(
        (told[0][0], *(cell(row, "n_acts") for _, row in told))
        for told in zip(*by_way, strict=True)
    )
    return Grid(tuple(fields), rows)


def _kind_row(row: Row | None) -> tuple[Value, ...]:
    return tuple(cell(row, name) for name in KIND_COLUMNS.values())


def _sentiment_row(row: Row | None) -> tuple[Value, ...]:
    shares = (share_of_texts(row, name) for name in SENTIMENT_COLUMNS.values())
    return (*shares, cell(row, "n_texts"))


def _legend(desk: Desk, grid: Grid, parts: Mapping[int, str]) -> tuple[Key, ...]:
    keys = (Key(colour, "box", grid.fields[i].label) for i, colour in parts.items())
    return desk.legend(grid, *keys)


def _line_key(grid: Grid, line: Line) -> Key:
    return Key(line.colour, "dash" if line.is_dashed else "line", grid.fields[line.column].label)


def _kinds_takeaway(desk: Desk, level: Level) -> str:
    """The commonest kind, named only when no withheld one can be commoner."""
    row = latest_heard(desk, level)
    texts = number(row, "n_texts")
    counts = {code: number(row, name) for code, name in KIND_COLUMNS.items()}
    known = {code: count for code, count in counts.items() if count is not None}
    most = max(known, key=lambda code: known[code], default=None)
    if not texts or most is None:
        return desk.words("kinds.takeaway_missing")
    rest = texts - sum(known.values())
    if len(known) < len(counts) and known[most] <= rest:
        return desk.words("kinds.takeaway_missing")
    return desk.words(
        "kinds.takeaway",
        span=desk.span(HEARD),
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
        "sentiment.takeaway",
        span=desk.span(HEARD),
        good=desk.write(good, "share"),
        bad=desk.write(bad, "share"),
    )


def _types_takeaway(desk: Desk, level: Level) -> str:
    count = _acts(latest_heard(desk, level))
    if isinstance(count, Missing):
        return desk.words("act_types.takeaway_missing")
    return desk.words("act_types.takeaway", span=desk.span(HEARD), n=desk.write(count, "count"))


def _ranked_takeaway(desk: Desk, grid: Grid, *, key: str) -> str:
    """The place or way with most acts; of those shown only, when some are withheld."""
    known, shown = _known(desk, grid), _shown(desk, grid)
    name, count = shown[0][0], shown[0][1]
    is_whole = len(shown) == len(known)
    return desk.words(
        f"{key}.takeaway" if is_whole else f"{key}.takeaway_shown",
        span=desk.span(HEARD),
        name=name,
        n=desk.write(count, "count"),
    )


def _known(desk: Desk, grid: Grid) -> list[tuple[Value, ...]]:
    """Rows of a known place or way."""
    return [row for row in grid.rows if row[0] != desk.words("level.unknown")]


def _shown(desk: Desk, grid: Grid) -> list[tuple[Value, ...]]:
    """Of them, those whose number may be shown."""
    return [row for row in _known(desk, grid) if not isinstance(row[1], Missing)]
