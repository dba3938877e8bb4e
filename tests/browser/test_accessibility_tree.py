"""What a screen reader is told: landmarks, headings in order, and names of tables and links."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

_PAGES = [
    "index.html",
    "sivistys_hyvinvointi.html",
    "kuultu.html",
    "nain-kuulimme.html",
    "ryhmat.html",
    "osallisuusmalli.html",
    "aloitteet.html",
    "tiedot.html",
]
_LANDMARKS = ("banner", "navigation", "main", "contentinfo")
_OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
_HEADING = re.compile(r"^\s*- '?heading .*\[level=(\d)\]", re.MULTILINE)
_ROWS = """() => Array.from(document.querySelectorAll('table'), table => [
  table.querySelectorAll('thead th[scope=col]').length,
  Math.min(...Array.from(table.querySelectorAll('tbody tr'),
                         row => row.querySelectorAll('th[scope=row]').length)),
])"""
_Node = Mapping[str, object]


def _nodes(page) -> Sequence[_Node]:
    """The accessibility tree as assistive technology gets it, without what is ignored."""
    session = page.context.new_cdp_session(page)
    found = session.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in found if not node["ignored"]]


def _names(nodes: Sequence[_Node], role: str) -> list[str]:
    return [n.get("name", {}).get("value", "") for n in nodes if n["role"]["value"] == role]


@pytest.fixture(scope="module", params=_PAGES)
def page(browser, folder: Path, request):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto((folder / request.param).as_uri())
    opened.evaluate(_OPEN_ALL)  # what is folded has no place in the tree
    yield opened
    opened.close()


def test_a_page_has_each_landmark_once_and_its_parts_have_names_of_their_own(page):
    nodes = _nodes(page)

    assert {role: len(_names(nodes, role)) for role in _LANDMARKS} == dict.fromkeys(_LANDMARKS, 1)
    assert _names(nodes, "navigation") == ["Päävalikko"]
    regions = Counter(_names(nodes, "region"))
    assert "" not in regions
    assert set(regions.values()) == {1}


def test_headings_begin_with_the_only_first_and_never_skip_a_level(page):
    levels = [int(level) for level in _HEADING.findall(page.locator("main").aria_snapshot())]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_and_figures_have_names_and_their_cells_have_heads(page):
    nodes = _nodes(page)

    assert "" not in _names(nodes, "figure")
    tables = Counter(_names(nodes, "table"))
    assert "" not in tables
    assert set(tables.values()) <= {1}
    assert all(n_columns > 1 and n_heads == 1 for n_columns, n_heads in page.evaluate(_ROWS))


def test_a_chart_is_one_image_that_says_what_its_sentence_says(page):
    images = _names(_nodes(page), "image")

    assert len(images) == page.locator(".chart").count()
    for figure in page.locator("figure:has(.chart)").all():
        said = figure.locator(".takeaway").inner_text()
        assert figure.locator(".chart").get_attribute("aria-label").count(said) == 1


def test_links_of_one_name_lead_to_one_place(page):
    places = defaultdict(set)
    for link in page.get_by_role("link").all():
        places[" ".join(link.inner_text().split())].add(link.get_attribute("href"))

    assert "" not in places
    assert {name for name, found in places.items() if len(found) > 1} == set()


@pytest.mark.parametrize("width", [768, 390, 320])
def test_a_narrow_page_opens_its_menu_by_keyboard_and_without_javascript(browser, folder, width):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    links = page.locator("nav > details > ul > li > a")
    assert not links.first.is_visible()
    header = page.locator("header").bounding_box()

    for _ in range(3):  # skip link, name of the site, menu
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert header["height"] < 90
    assert links.count() == 7
    assert all(link.is_visible() for link in links.all())
    context.close()


def test_a_wide_page_shows_its_menu_without_opening_it(browser, folder):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((folder / "index.html").as_uri())

    names = _names(_nodes(page), "link")

    assert {"Koko kaupunki", "Ryhmät", "Aloitteet", "Tietoa luvuista"} <= set(names)
    assert not page.get_by_text("Valikko", exact=True).is_visible()
    page.close()
