"""Charts are drawn without a browser, the same each time, and data never become instructions."""

import hashlib
import tomllib
from datetime import date
from importlib.resources import files

from transforms.publish.charts import Line, line_chart, stacked_chart
from transforms.publish.echarts import render_charts, to_json
from transforms.publish.figures import Field, Grid, Missing
from transforms.publish.words import load_words


def _grid() -> Grid:
    fields = (
        Field("Kuukausi", "month"),
        Field("Mediaani", "duration"),
        Field("Alaraja", "duration"),
        Field("Yläraja", "duration"),
    )
    rows = (
        (date(2026, 1, 1), 72.0, 60.0, 90.0),
        (date(2026, 2, 1), Missing.WITHHELD, Missing.WITHHELD, Missing.WITHHELD),
        (date(2026, 3, 1), 48.0, 40.0, Missing.NONE),
    )
    return Grid(fields, rows)


def test_a_chart_is_an_svg_without_script_style_or_own_size():
    option = line_chart(_grid(), [Line(1, "lake", low=2, high=3)], form="duration")

    (svg,) = render_charts([option], 600, 300)

    assert svg.startswith('<svg aria-hidden="true" focusable="false" xmlns=')
    assert 'viewBox="0 0 600 300"' in svg
    assert "<script" not in svg
    assert "<style" not in svg
    assert "var(--lake)" in svg


def test_a_withheld_month_is_an_asterisk_and_not_a_point():
    option = line_chart(_grid(), [Line(1, "lake")], form="duration")

    (svg,) = render_charts([option], 600, 300)

    assert svg.count(">*</text>") == 1


def test_a_tooltip_knows_why_a_value_is_missing():
    option = line_chart(_grid(), [Line(1, "lake", low=2, high=3)], form="duration")

    assert [column["gaps"] for column in option["kuulollaTooltip"]] == [
        {"1": "withheld"},
        {"1": "withheld"},
        {"1": "withheld", "2": "none"},
    ]
    assert load_words("fi").for_charts()["gaps"]["none"] == "–"


def test_the_second_context_draws_the_same_bytes_as_the_first():
    option = stacked_chart(_grid(), {1: "lake", 2: "warm"}, form="count")

    assert render_charts([option, option], 600, 300)[0] == render_charts([option], 600, 300)[0]


def test_text_that_looks_like_a_chart_function_stays_text():
    grid = Grid((Field("Alue"), Field("Viestejä", "count")), (("fn:band|1|2|3", 5),))

    (svg,) = render_charts([stacked_chart(grid, {1: "lake"}, form="count")], 600, 300)

    assert svg.startswith("<svg")


def test_hostile_text_is_escaped_in_a_drawing():
    from transforms.publish.charts import ranked_chart

    grid = Grid((Field("Alue"), Field("n", "count")), (("<img src=x onerror=alert(1)>", 7),))

    (svg,) = render_charts([ranked_chart(grid, column=1, form="count", colour="lake")], 600, 80)

    assert "<img" not in svg
    assert "&lt;img" in svg


def test_json_in_a_page_cannot_end_its_script():
    assert to_json({"a": "</script>&<b>"}) == (
        '{"a":"\\u003c/script\\u003e\\u0026\\u003cb\\u003e"}'
    )


def test_the_vendored_bundle_is_the_one_that_is_described():
    folder = files("transforms.publish") / "vendor"
    described = tomllib.loads((folder / "vendor.toml").read_text(encoding="utf-8"))["echarts"]
    content = (folder / described["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == described["sha256"]
    assert len(content) < 700_000
    assert all((folder / name).is_file() for name in described["licences"])
