"""How well groups with a weaker voice are heard (D13): each way by itself, then the index.

The index never stands alone: its parts are in the same row. Those whose group is not known are a
row of their own and are never spread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.publish.cells import write_interval
from transforms.publish.charts import dot_chart, dot_height
from transforms.publish.desk import Desk
from transforms.publish.figures import Chart, DataTable, Field, Figure, Grid, Key, Missing, Value
from transforms.publish.public_tables import GROUPS, Row, cell, number, text_of
from transforms.publish.scales import scale_for

ALL = "all"
UNKNOWN = "unknown"
_LEAST_TOLD = 0.005  # less would be written as 0 %


@dataclass(frozen=True, slots=True)
class HeardYear:
    """The rows of the latest year, by group and way of being heard."""

    year: int
    rows: dict[tuple[str, str], Row]
    groups: list[str]
    ways: list[str]

    def of(self, group: str, way: str) -> Row | None:
        """The row of a group and a way, if there is one."""
        return self.rows.get((group, way))

    def recorded(self) -> list[str]:
        """Ways that record the group of most of those heard."""
        return [w for w in self.ways if any(r["is_recorded"] for r in self.of_way(w))]

    def of_way(self, way: str) -> list[Row]:
        """The rows of a way, in the order of the groups, the unknown last."""
        return [row for group in self.groups if (row := self.of(group, way)) is not None]


def heard_year(desk: Desk) -> HeardYear | None:
    """The latest year in which anybody was heard by a way that may be told; none without rows."""
    rows = desk.tables.rows(GROUPS)
    if not rows:
        return None
    year = max(int(str(r["calendar_year"])) for r in rows)
    mine = {
        (text_of(r, "group_code"), text_of(r, "heard_channel_code")): r
        for r in rows
        if r["calendar_year"] == year
    }
    groups = [*desk.labels.codes("group"), UNKNOWN]
    ways = [w for w in desk.labels.codes("heard_channel") if w != ALL]
    return HeardYear(
        year,
        mine,
        [g for g in groups if any(key[0] == g for key in mine)],
        [w for w in ways if any(key[1] == w for key in mine)],
    )


def way_figures(desk: Desk) -> list[Figure]:
    """One figure per way that records groups: share of those heard by share of residents."""
    desk = desk.by_background()
    found = heard_year(desk)
    if found is None:
        return [desk.empty(None, key="group_way", table=GROUPS, is_wide=True)]
    return [_way_figure(desk, found, way) for way in found.recorded()]


def unrecorded_sentence(desk: Desk) -> str:
    """By which ways nothing is known of groups."""
    found = heard_year(desk)
    if found is None:
        return ""
    names = [desk.labels.of("heard_channel", w) for w in found.ways if w not in found.recorded()]
    listed = ", ".join(name.lower() for name in names)
    return desk.words("group_way.unrecorded", ways=listed) if names else ""


def index_table(desk: Desk) -> DataTable:
    """The index beside the ratios that it is made of, and whether it is complete."""
    desk = desk.by_background()
    words, found = desk.words, heard_year(desk)
    parts = found.recorded() if found else []
    fields = (
        Field(words("field.group")),
        *(Field(desk.labels.of("heard_channel", way), "ratio") for way in parts),
        Field(words("field.heard_index"), "ratio"),
        Field(words("field.interval")),
        Field(words("field.complete")),
    )
    rows = [_index_row(desk, found, group, parts) for group in found.groups] if found else []
    grid = Grid(fields, tuple(rows))
    return DataTable(
        id="heard-index",
        caption=words("group_index.title"),
        intro=words("group_index.is") if rows else desk.nothing(GROUPS),
        grid=grid,
        notes=desk.notes(grid, "index", "index_rank") if rows else (),
        datasets=(GROUPS,),
    )


def gap_table(desk: Desk) -> DataTable:
    """How content the group is, how long it waits, and what was done for it."""
    desk = desk.by_background()
    words, found = desk.words, heard_year(desk)
    fields = (
        Field(words("field.group")),
        Field(words("field.satisfaction_gap")),
        Field(words("field.time_gap")),
        Field(words("field.n_texts_of_group"), "count"),
        Field(words("field.n_actions"), "count"),
        Field(words("field.n_support"), "count"),
    )
    groups = [g for g in found.groups if g != UNKNOWN] if found else []
    grid = Grid(fields, tuple(_gap_row(desk, found, g) for g in groups) if found else ())
    return DataTable(
        id="group-gaps",
        caption=words("group_gaps.title"),
        intro=words("group_gaps.is") if groups else desk.nothing(GROUPS),
        grid=grid,
        notes=desk.notes(grid, "gaps") if groups else (),
        datasets=(GROUPS,),
    )


def _way_figure(desk: Desk, found: HeardYear, way: str) -> Figure:
    words = desk.words
    fields = (
        Field(words("field.group")),
        Field(words("field.ratio"), "ratio"),
        Field(words("field.low"), "ratio"),
        Field(words("field.high"), "ratio"),
        Field(words("field.n_heard"), "count"),
        Field(words("field.heard_share"), "share"),
        Field(words("field.population_share"), "share"),
    )
    rows = tuple(_way_row(desk, row) for row in found.of_way(way))
    grid = Grid(fields, rows)
    key = f"group-{way}"
    title = desk.labels.of("heard_channel", way)
    if grid.is_blank(1):
        empty = desk.empty(grid, key="group_way", table=GROUPS)
        return replace(empty, id=key, title=title)
    scale = scale_for(grid, value=1, high=3, form="decimal", line=1.0, least=1.5)
    height = dot_height(grid)
    return Figure(
        id=key,
        title=words("group_way.of", way=title, year=found.year),
        takeaway=_takeaway(desk, found, way),
        grid=grid,
        chart=Chart(dot_chart(grid, value=1, low=2, high=3, scale=scale), (height, height)),
        legend=desk.legend(
            grid,
            Key("lake", "dot", words("group_way.ratio")),
            Key("lake-soft", "line", words("satisfaction.interval")),
            *(
                [Key("muted", "none", words("group_way.no_share"))]
                if grid.has(Missing.NONE)
                else []
            ),
        ),
        notes=desk.notes(grid, "ratio", "unknown_group"),
        datasets=(GROUPS,),
    )


def _way_row(desk: Desk, row: Row) -> tuple[Value, ...]:
    names = ("ratio", "ratio_low", "ratio_high", "n_heard", "heard_share", "population_share")
    return (_group(desk, text_of(row, "group_code")), *(cell(row, name) for name in names))


def _group(desk: Desk, code: str) -> str:
    return desk.words("group_way.unknown") if code == UNKNOWN else desk.labels.of("group", code)


def _takeaway(desk: Desk, found: HeardYear, way: str) -> str:
    """Groups that are surely heard less than their size, and the share whose group is unknown."""
    rows = found.of_way(way)
    few = [r for r in rows if (number(r, "ratio_high") or 1.0) < 1.0]
    names = ", ".join(_group(desk, text_of(r, "group_code")).lower() for r in few)
    first = desk.words("group_way.few", groups=names) if few else desk.words("group_way.no_few")
    unknown = cell(found.of(UNKNOWN, way), "heard_share")
    if not isinstance(unknown, float) or unknown < _LEAST_TOLD:
        return first
    share = desk.write(unknown, "share")
    return f"{first} {desk.words('group_way.unknown_share', share=share)}"


def _index_row(desk: Desk, found: HeardYear, group: str, parts: Sequence[str]) -> tuple[Value, ...]:
    whole = found.of(group, ALL)
    ratios = (cell(found.of(group, way), "ratio") for way in parts)
    index = cell(whole, "heard_index")
    interval = _interval(desk, whole, ("heard_index_low", "heard_index_high"), "ratio")
    complete = Missing.NONE if whole is None else _complete(desk, whole)
    return (_group(desk, group), *ratios, index, interval, complete)


def _complete(desk: Desk, row: Row) -> Value:
    is_complete = row["is_index_complete"]
    if is_complete is None:
        return Missing.NONE
    return desk.words("group_index.complete" if is_complete else "group_index.incomplete")


def _gap_row(desk: Desk, found: HeardYear, group: str) -> tuple[Value, ...]:
    whole, ticket = found.of(group, ALL), found.of(group, "ticket")
    survey = found.of(group, "survey")
    return (
        _group(desk, group),
        _gap(desk, survey, "satisfaction_gap", "", "score_more"),
        _gap(desk, ticket, "response_time_gap", "_days", "days_more"),
        cell(ticket, "n_texts_of_group"),
        _given(whole, "n_actions_citing_group"),
        _given(whole, "n_support_given"),
    )


def _gap(desk: Desk, row: Row | None, name: str, unit: str, form: str) -> Value:
    """A difference with its interval in brackets."""
    value = cell(row, f"{name}{unit}")
    if isinstance(value, Missing):
        return value
    interval = _interval(desk, row, (f"{name}_low{unit}", f"{name}_high{unit}"), form)
    written = desk.write(value, form)
    return written if isinstance(interval, Missing) else f"{written} ({interval})"


def _interval(desk: Desk, row: Row | None, names: tuple[str, str], form: str) -> Value:
    if row is None:
        return Missing.NONE
    gap = cell(row, names[0])
    return gap if isinstance(gap, Missing) else write_interval(desk, row, names, form=form)


def _given(row: Row | None, name: str) -> Value:
    """A count of the city's own deeds: null is no source, and nothing here is withheld."""
    value = None if row is None else row[name]
    return Missing.NO_SOURCE if value is None else int(str(value))
