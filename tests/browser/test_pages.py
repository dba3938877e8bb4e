"""The pages in a real browser: accessible, whole without JavaScript, silent on the network."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

_ROOT = Path(__file__).resolve().parents[2]
_AXE = _ROOT / ".tools" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
_PAGES = [
    "index.html",
    "konserni.html",
    "sivistys_hyvinvointi.html",
    "kaupunkiymparisto.html",
    "elinvoima.html",
    "ulkopuolinen.html",
    "aloitteet.html",
    "kuultu.html",
    "nain-kuulimme.html",
    "ryhmat.html",
    "osallisuusmalli.html",
    "tiedot.html",
]
_VIEWS = [(1280, "light"), (320, "dark")]
_OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_RUN_AXE = """async rules => {
  const options = { runOnly: { type: 'tag', values: rules }, preload: false };
  const found = await axe.run(document, options);
  return found.violations.map(v => v.id + ': ' + v.nodes.length + ' ' + v.nodes[0].html);
}"""


class _Visit:
    """An open page, with what it asked from the network and what it complained of."""

    def __init__(self, browser, address: str, *, width: int, scheme: str, has_script: bool = True):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=has_script,
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("console", lambda m: self.complaints.append(m.text))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.goto(address)

    def __enter__(self) -> "_Visit":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def foreign(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]


@pytest.mark.parametrize(("width", "scheme"), _VIEWS)
@pytest.mark.parametrize("name", _PAGES)
def test_a_page_has_no_violation_no_error_no_request_and_fits(browser, folder, name, width, scheme):
    if not _AXE.is_file():
        pytest.skip("axe-core is not installed; `./run test` fetches it.")
    with _Visit(browser, (folder / name).as_uri(), width=width, scheme=scheme) as visit:
        assert not visit.page.evaluate(_TOO_WIDE)
        visit.page.add_script_tag(path=str(_AXE))
        visit.page.evaluate(_OPEN_ALL)  # menu and tables too: what is hidden is not examined

        assert visit.page.evaluate(_RUN_AXE, _RULES) == []
        assert not visit.page.evaluate(_TOO_WIDE)
        assert visit.foreign() == []
        assert visit.complaints == []


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", _PAGES)
def test_a_page_is_whole_without_javascript(browser, folder, name, width):
    address = (folder / name).as_uri()
    with _Visit(browser, address, width=width, scheme="light", has_script=False) as visit:
        page = visit.page
        charts = page.locator(".chart")

        assert page.locator("h1").count() == 1
        assert page.get_by_text("Tiedot 31.10.2026 asti").first.is_visible()
        for index in range(charts.count()):
            drawings = charts.nth(index).locator(".drawing:visible svg")
            assert drawings.count() == 1
            assert drawings.bounding_box()["height"] > 40
        assert not page.evaluate(_TOO_WIDE)
        assert visit.foreign() == []


def test_a_chart_that_is_pointed_at_tells_its_numbers_and_stays_accessible(browser, folder):
    address = (folder / "kaupunkiymparisto.html").as_uri()
    with _Visit(browser, address, width=1280, scheme="light") as visit:
        page = visit.page
        for chart in page.locator(".chart").all():
            chart.scroll_into_view_if_needed()
            chart.hover()
        first = page.locator(".chart").first
        first.scroll_into_view_if_needed()
        box = first.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.move(box["x"] + box["width"] / 2 + 4, box["y"] + box["height"] / 2)
        tip = first.get_by_text("Palautteita:")
        tip.wait_for(timeout=5000)

        assert page.locator(".chart[data-live]").count() == page.locator(".chart").count()
        page.add_script_tag(path=str(_AXE))
        assert page.evaluate(_RUN_AXE, _RULES) == []
        assert visit.complaints == []
        assert visit.foreign() == []


def test_a_live_chart_gives_way_to_its_drawing_in_print(browser, folder):
    with _Visit(browser, (folder / "index.html").as_uri(), width=1280, scheme="dark") as visit:
        visit.page.locator(".chart").first.hover()
        assert visit.page.locator(".chart[data-live]").count() == 1

        content = visit.page.pdf(format="A4")

        assert content.startswith(b"%PDF")
        assert visit.page.locator(".chart[data-live]").count() == 0
        assert visit.complaints == []


def test_the_skip_link_is_first_and_leads_to_the_content(browser, folder):
    with _Visit(browser, (folder / "index.html").as_uri(), width=1280, scheme="light") as visit:
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.className") == "skip"

        visit.page.keyboard.press("Enter")

        assert visit.page.evaluate("document.activeElement.id") == "sisalto"


def test_every_link_of_the_menu_leads_to_a_page(browser, folder):
    with _Visit(browser, (folder / "index.html").as_uri(), width=1280, scheme="light") as visit:
        links = visit.page.locator("nav a").evaluate_all("all => all.map(a => a.href)")

        for link in links:
            visit.page.goto(link)
            assert visit.page.locator("[aria-current=page]").count() == 1
