"""The static site: pages as HTML with pre-drawn charts, and the few files that they share."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl

from transforms.publish.desk import Desk
from transforms.publish.downloads import DATA_PATH, dataset_links
from transforms.publish.echarts import ChartPress, to_json
from transforms.publish.figures import Figure, Page, write_value
from transforms.publish.hyphens import soften
from transforms.publish.labels import read_labels
from transforms.publish.layout import (
    CITY_PATH,
    GROUPS_PATH,
    HEARD_PATH,
    INITIATIVES_PATH,
    MEASURES_PATH,
    TOLD_PATH,
    department_path,
    department_title,
)
from transforms.publish.pages import all_pages
from transforms.publish.palette import DARK, LIGHT, colour_rules
from transforms.publish.public_tables import PublicTables
from transforms.publish.publication import Publication
from transforms.publish.quality import stale_sentences
from transforms.publish.words import load_words

if TYPE_CHECKING:
    from jinja2 import Environment

WIDE_WIDTHS = (1040, 640, 320)
HALF_WIDTHS = (520, 320)
_SHARED = (
    ("static", "site.js"),
    ("static", "chart_functions.js"),
    ("vendor", "echarts.min.js"),
    ("vendor", "echarts.LICENSE"),
    ("vendor", "echarts.NOTICE"),
    ("vendor", "zrender.LICENSE"),
    ("vendor", "tslib.LICENSE"),
    ("vendor", "d3.LICENSE"),
)


def render_site(
    tables: Mapping[str, pl.DataFrame],
    codes: Mapping[str, pl.DataFrame],
    *,
    about: Publication,
    language: str = "fi",
) -> Mapping[str, bytes]:
    """Every file of the site by its relative path; the same input gives the same bytes.

    Args:
        tables: Public tables by contract name, already suppressed. A table that is not there, or
            has no rows, is told as having no source.
        codes: Code lists by name, with ``name_fi``, ``name_sv`` and ``name_en``.
        about: What the publication is called and as of when it holds.
        language: ``fi``, ``sv`` or ``en``.

    Returns:
        ``index.html``, a page per department, ``kuultu.html``, ``nain-kuulimme.html``,
        ``ryhmat.html``, ``osallisuusmalli.html``, ``aloitteet.html``, ``tiedot.html`` and the
        folder ``assets``.

    Raises:
        ValueError: If there are no texts in the language.
    """
    words = load_words(language)
    desk = Desk(
        tables=PublicTables(tables, about.snapshot_on),
        labels=read_labels(codes, words=words),
        words=words,
        about=about,
    )
    pages = all_pages(desk)
    environment = _environment(desk)
    with ChartPress(language=language) as press:
        found = {p.path: _render_page(p, desk, environment, press) for p in pages}
    return {**found, **_shared_files()}


def draw_figure(figure: Figure, press: ChartPress) -> list[tuple[int, int, str]]:
    """A figure's chart in each of its widths: width, height, SVG."""
    if figure.chart is None:
        return []
    widths = WIDE_WIDTHS if figure.is_wide else HALF_WIDTHS
    return [
        (w, h, press.draw(figure.chart.option, width=w, height=h, name=f"{figure.id}-{w}"))
        for w, h in zip(widths, figure.chart.heights, strict=True)
    ]


def _render_page(page: Page, desk: Desk, environment: "Environment", press: ChartPress) -> bytes:
    figures = [b for s in page.sections for b in s.blocks if isinstance(b, Figure)]
    html = environment.get_template("page.html.jinja").render(
        page=page,
        drawings={figure.id: draw_figure(figure, press) for figure in figures},
        has_charts=any(figure.chart for figure in figures),
        navigation=_navigation(desk, page),
        stale=stale_sentences(desk),
    )
    lines = (line.rstrip() for line in html.splitlines())
    return ("\n".join(line for line in lines if line) + "\n").encode()


def _environment(desk: Desk) -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("transforms.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = to_json
    environment.filters["soft"] = _soft if desk.words.language == "fi" else str
    environment.globals.update(
        about=desk.about,
        colours={"light": LIGHT["paper"], "dark": DARK["paper"]},
        t=desk.words,
        language=desk.words.language,
        city_path=CITY_PATH,
        chart_words=desk.words.for_charts(),
        write=lambda value, form: write_value(value, form=form, words=desk.words),
        day=desk.words.day,
        dataset_links=lambda names: dataset_links(desk, names),
    )
    return environment


def _soft(value: object) -> str:
    return soften(str(value))


def _navigation(desk: Desk, page: Page) -> Mapping[str, object]:
    """Links of the header: main pages, and departments under one heading."""
    main = [
        (desk.words("nav.city"), CITY_PATH),
        (desk.words("nav.heard"), HEARD_PATH),
        (desk.words("nav.told_back"), TOLD_PATH),
        (desk.words("nav.groups"), GROUPS_PATH),
        (desk.words("nav.measures"), MEASURES_PATH),
        (desk.words("nav.initiatives"), INITIATIVES_PATH),
        (desk.words("nav.data"), DATA_PATH),
    ]
    departments = [
        (department_title(desk, d), department_path(d))
        for d in desk.labels.departments(desk.about.snapshot_on)
    ]
    return {
        "main": [(label, path, path == page.path) for label, path in main],
        "departments": [(label, path, path == page.path) for label, path in departments],
    }


def _shared_files() -> Mapping[str, bytes]:
    package = files("transforms.publish")
    rules = (package / "static" / "site.css").read_text(encoding="utf-8")
    shared = {f"assets/{name}": (package / folder / name).read_bytes() for folder, name in _SHARED}
    return {"assets/site.css": (colour_rules() + rules).encode(), **_sorted(shared.items())}


def _sorted(pairs: Iterable[tuple[str, bytes]]) -> Mapping[str, bytes]:
    return dict(sorted(pairs))
