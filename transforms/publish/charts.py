"""ECharts options of the few kinds of charts that the pages use, as plain JSON.

Colours are CSS variables, functions are named (``fn:…``, see ``static/chart_functions.js``), and
the numbers stand once, in ``dataset.source``: the rows of the figure's grid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.publish.figures import Grid, Missing
from transforms.publish.scales import N_STEPS, Scale, hours_top, numbers

Option = dict[str, object]

_FONT = {"fontFamily": "fn:font", "fontSize": 13, "color": "var(--muted)"}
_ROW_HEIGHT = 58
_BAR_HEIGHT = 46
_AXIS_HEIGHT = 34


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the months: its column, colour, and the columns of its interval, if any."""

    column: int
    colour: str
    low: int | None = None
    high: int | None = None
    is_dashed: bool = False
    has_area: bool = False


def line_chart(grid: Grid, lines: Sequence[Line], *, form: str) -> Option:
    """Lines over months (column 0), with bands for their intervals; gaps where withheld."""
    series: list[object] = [
        _band(line) for line in lines if line.low is not None and line.high is not None
    ]
    series += [_line(line) for line in lines]
    for position, line in enumerate(lines):
        series += _month_stars(grid, line, height=position)
    top = _top(grid, lines, form=form)
    return _over_months(grid, series, form=form, top=top)


def stacked_chart(grid: Grid, parts: Mapping[int, str], *, form: str) -> Option:
    """Bars over months (column 0), stacked from the columns of ``parts`` with their colours."""
    series: list[object] = [
        {
            "type": "bar",
            "stack": "all",
            "encode": {"x": 0, "y": column},
            "barCategoryGap": "22%",
            "barMaxWidth": 56,
            "itemStyle": {
                "color": f"var(--{c})",
                "borderColor": "var(--surface)",
                "borderWidth": 1,
            },
            "emphasis": {"disabled": True},
        }
        for column, c in parts.items()
    ]
    series += _stack_stars(grid, list(parts))
    return _over_months(grid, series, form=form, top=1.0 if form == "share" else None)


def ranked_chart(grid: Grid, *, column: int, form: str, colour: str) -> Option:
    """Horizontal bars, one a row, with the row's name above and its value at the end."""
    option = _over_rows(grid, {"type": "value", "min": 0, "show": False})
    option["series"] = [
        {
            "type": "bar",
            "encode": {"y": 0, "x": column},
            "barWidth": 10,
            "itemStyle": {"color": f"var(--{colour})", "borderRadius": 2},
            "emphasis": {"disabled": True},
            "label": {
                "show": True,
                "position": "right",
                "formatter": f"fn:value|{column}|{form}",
                **_FONT,
                "color": "var(--ink)",
            },
        },
        *_row_stars(grid, column),
    ]
    return option


def dot_chart(
    grid: Grid,
    *,
    value: int,
    low: int | None = None,
    high: int | None = None,
    before: int | None = None,
    scale: Scale | None = None,
) -> Option:
    """Values with their intervals, one a row with its name above; a ring for what stood before."""
    axis = scale or Scale()
    option = _over_rows(grid, _value_axis(axis))
    option["series"] = [
        *([] if axis.line is None else [_rule(axis.line, value)]),
        *([] if low is None or high is None else [_whiskers(low, high)]),
        *([] if before is None else [_dots(before, hollow=True)]),
        _dots(value, hollow=False),
        *_row_stars(grid, value, at=axis.low),
    ]
    return option


def ranked_height(grid: Grid) -> int:
    """Height of a ranked chart in pixels."""
    return _BAR_HEIGHT * len(grid.rows) + 12


def dot_height(grid: Grid) -> int:
    """Height of a dot chart in pixels."""
    return _ROW_HEIGHT * len(grid.rows) + _AXIS_HEIGHT + 4


def _over_months(grid: Grid, series: list[object], *, form: str, top: float | None) -> Option:
    axis: Option = {
        "type": "value",
        "min": 0,
        "axisLabel": {**_FONT, "formatter": f"fn:form|{form}", "margin": 10},
        "splitLine": {"lineStyle": {"color": "var(--line)"}},
        "splitNumber": 4,
    }
    if top is not None:
        axis |= {"max": top, "interval": top / N_STEPS}
    elif form == "count":
        axis["minInterval"] = 1
    return {
        **_base(grid),
        "grid": {"left": 4, "right": 14, "top": 16, "bottom": 2, "containLabel": True},
        "xAxis": {
            "type": "category",
            "axisLine": {"lineStyle": {"color": "var(--edge)"}},
            "axisTick": {"show": False},
            "axisLabel": {**_FONT, "interval": "fn:months", "formatter": "fn:month", "margin": 10},
        },
        "yAxis": axis,
        "tooltip": {**_tooltip(), "trigger": "axis", "axisPointer": {"type": "line"}},
        "series": series,
    }


def _over_rows(grid: Grid, axis: Option) -> Option:
    has_room = axis.get("show") is not False  # rows with an axis are high enough for two lines
    return {
        **_base(grid),
        "grid": {
            "left": 2,
            "right": 10 if has_room else 56,
            "top": 12,
            "bottom": _AXIS_HEIGHT - 8 if has_room else 0,
        },
        "xAxis": axis,
        "yAxis": {
            "type": "category",
            "inverse": True,
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": {
                **_FONT,
                "color": "var(--ink)",
                "inside": True,
                "margin": 0,
                "align": "left",
                "verticalAlign": "bottom",
                "padding": [0, 0, 13, 0],
                "interval": 0,
                "width": "fn:width|0.9",  # a reader's font may be wider than that measured here
                "lineHeight": 16,
                "overflow": "break" if has_room else "truncate",
            },
        },
        "tooltip": {**_tooltip(), "trigger": "item"},
    }


def _base(grid: Grid) -> Option:
    return {
        "animation": False,
        "textStyle": _FONT,
        "dataset": {"source": grid.source(), "sourceHeader": False},
        "kuulollaTooltip": [
            {"column": index, "label": one.label, "form": one.form, "gaps": _gaps(grid, index)}
            for index, one in enumerate(grid.fields)
            if index > 0
        ],
    }


def _gaps(grid: Grid, column: int) -> dict[str, str]:
    """Why cells of a column have no value, by the number of their row."""
    cells = ((str(i), row[column]) for i, row in enumerate(grid.rows))
    return {i: value.value for i, value in cells if isinstance(value, Missing)}


def _tooltip() -> Option:
    return {
        "confine": True,
        "transitionDuration": 0,
        "backgroundColor": "var(--surface)",
        "borderColor": "var(--edge)",
        "textStyle": {"color": "var(--ink)", "fontFamily": "fn:font", "fontSize": 14},
    }


def _line(line: Line) -> Option:
    option: Option = {
        "type": "line",
        "encode": {"x": 0, "y": line.column},
        "symbol": "circle",
        "symbolSize": 5,
        "showAllSymbol": True,
        "lineStyle": {
            "color": f"var(--{line.colour})",
            "width": 2.25,
            "type": "dashed" if line.is_dashed else "solid",
        },
        "itemStyle": {"color": f"var(--{line.colour})", "borderWidth": 0},
        "emphasis": {"disabled": True},
        "z": 4,
    }
    if line.has_area:
        option["areaStyle"] = {"color": "var(--band)", "opacity": 0.55}
    return option


def _band(line: Line) -> Option:
    return {
        "type": "custom",
        "renderItem": f"fn:band|{line.low}|{line.high}|var(--band)|var(--lake-soft)",
        "encode": {"x": 0, "y": [line.low, line.high]},
        "silent": True,
        "clip": True,
        "z": 1,
    }


def _dots(column: int, *, hollow: bool) -> Option:
    return {
        "type": "scatter",
        "encode": {"y": 0, "x": column},
        "symbolSize": 11 if hollow else 12,
        "itemStyle": {
            "color": "var(--surface)" if hollow else "var(--lake)",
            "borderColor": "var(--warm)" if hollow else "var(--surface)",
            "borderWidth": 2.25 if hollow else 1.5,
            "opacity": 1,
        },
        "emphasis": {"disabled": True},
        "z": 3 if hollow else 4,
    }


def _value_axis(scale: Scale) -> Option:
    return {
        "type": "value",
        "min": scale.low,
        "max": scale.high,
        "interval": scale.step,
        "axisLabel": {
            **_FONT,
            "formatter": f"fn:form|{scale.form}",
            "alignMinLabel": "left",
            "alignMaxLabel": "right",
        },
        "splitLine": {"lineStyle": {"color": "var(--line)"}},
    }


def _rule(at: float, column: int) -> Option:
    return {
        "type": "custom",
        "renderItem": f"fn:rule|{at}|var(--edge)",
        "encode": {"y": 0, "x": column},
        "silent": True,
    }


def _whiskers(low: int, high: int) -> Option:
    return {
        "type": "custom",
        "renderItem": f"fn:whisker|{low}|{high}|var(--lake-soft)",
        "encode": {"y": 0, "x": [low, high]},
        "silent": True,
        "clip": True,
    }


def _month_stars(grid: Grid, line: Line, *, height: int) -> list[object]:
    """An asterisk in the line's colour above the axis at each month whose figure is withheld."""
    months = [grid.source()[i][0] for i in grid.withheld(line.column)]
    return _star([[month, 0] for month in months], colour=line.colour, lift=12 * height)


def _stack_stars(grid: Grid, columns: Sequence[int]) -> list[object]:
    """An asterisk on top of each stack of which a part is withheld."""
    rows = grid.source()
    places = sorted({i for column in columns for i in grid.withheld(column)})
    tops = [[rows[i][0], sum(numbers([rows[i]], columns))] for i in places]
    return _star(tops)


def _row_stars(grid: Grid, column: int, *, at: float = 0) -> list[object]:
    """An asterisk where a row's value is withheld, a dash where there is none to show."""
    names = [row[0] for row in grid.source()]
    withheld = set(grid.withheld(column))
    empty = [i for i, r in enumerate(grid.rows) if isinstance(r[column], Missing)]
    stars = [[at, names[i]] for i in sorted(withheld)]
    dashes = [[at, names[i]] for i in empty if i not in withheld]
    return [*_star(stars, position="right"), *_star(dashes, position="right", sign="–")]


def _star(
    data: list[list[object]],
    *,
    colour: str = "muted",
    lift: int = 0,
    position: str = "top",
    sign: str = "*",
) -> list[object]:
    """A sign at each place, as a series of its own; no series without places."""
    if not data:
        return []
    series: Option = {
        "type": "scatter",
        "data": data,
        "symbolSize": 1,
        "silent": True,
        "itemStyle": {"color": "transparent"},
        "tooltip": {"show": False},
        "label": {
            "show": True,
            "formatter": sign,
            "position": position,
            "distance": 1 + lift,
            **_FONT,
            "fontSize": 18,
            "color": f"var(--{colour})",
        },
    }
    return [series]


def _top(grid: Grid, lines: Sequence[Line], *, form: str) -> float | None:
    """Upper end of the axis: the greatest value, and its interval up to twice that."""
    if form == "share":
        return 1.0
    if form != "duration":
        return None
    highs = [line.high for line in lines if line.high is not None]
    return hours_top(grid, [line.column for line in lines], highs)
