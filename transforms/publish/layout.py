"""How pages are put together: their addresses, their sections, and what repeats itself on them."""

from collections.abc import Sequence

from transforms.publish.backlog import backlog_figure, latest_open, open_tiles
from transforms.publish.desk import Desk
from transforms.publish.figures import Block, Figure, Page, Section, Tile
from transforms.publish.heard import heard_tile, kinds_figure, sentiment_figure
from transforms.publish.public_tables import HEARD, RESPONSE_TIMES, Level, day_of
from transforms.publish.topics import topics_figure
from transforms.publish.waiting import share_figure, waiting_figure, waiting_tiles

CITY_PATH = "index.html"
INITIATIVES_PATH = "aloitteet.html"
HEARD_PATH = "kuultu.html"
TOLD_PATH = "nain-kuulimme.html"
GROUPS_PATH = "ryhmat.html"
MEASURES_PATH = "osallisuusmalli.html"


def department_path(department: str) -> str:
    """File name of a department's page."""
    return f"{department}.html"


def department_title(desk: Desk, department: str) -> str:
    """A department's name, or that its matters belong to other authorities."""
    if department in desk.labels.outside():
        return desk.words("outside.title")
    return desk.labels.of("departments", department)


def section(desk: Desk, key: str, blocks: Sequence[Block], *, intro: str = "") -> Section:
    """A section by its key in the texts; ``intro`` stands in for the texts' own."""
    return Section(
        id=f"osa-{key.replace('_', '-')}",
        title=desk.words(f"section.{key}"),
        intro=intro or desk.words(f"section.{key}_intro"),
        blocks=tuple(blocks),
    )


def subject_page(
    desk: Desk,
    key: str,
    *,
    path: str,
    sections: Sequence[Section],
    tiles: Sequence[Tile] = (),
    period: str = "",
) -> Page:
    """A page of one subject over the whole city, by its key in the texts."""
    return Page(
        path=path,
        title=desk.words(f"{key}.title"),
        eyebrow=desk.about.city_name,
        lede=desk.words(f"{key}.lede"),
        tiles=tiles,
        sections=sections,
        period=period,
    )


def level_tiles(desk: Desk, level: Level) -> list[Tile]:
    """Key figures of the city or a department."""
    return [heard_tile(desk, level), *waiting_tiles(desk, level), *open_tiles(desk, level)]


def response_section(desk: Desk, level: Level, *more: Block) -> Section:
    """How fast requests are answered and how many wait."""
    figures = [waiting_figure(desk, level), share_figure(desk, level), backlog_figure(desk, level)]
    return section(desk, "response", [*calm(figures), *more])


def told_section(desk: Desk, level: Level, *more: Figure) -> Section:
    """What residents tell: topics, kinds and tone."""
    figures = [
        topics_figure(desk, level),
        kinds_figure(desk, level),
        sentiment_figure(desk, level),
        *more,
    ]
    return section(desk, "told", calm(figures))


def calm(figures: Sequence[Figure]) -> list[Figure]:
    """The figures; of those that have nothing to draw and say the same, only the first."""
    said: set[str] = set()
    found = []
    for figure in figures:
        is_repeated = figure.chart is None and figure.takeaway in said
        if not is_repeated:
            found.append(figure)
        if figure.chart is None:
            said.add(figure.takeaway)
    return found


def period(desk: Desk, level: Level, *, has_open: bool = True, has_times: bool = True) -> str:
    """Which time the page's key figures are from, and since when there has been silence."""
    parts = [desk.words(f"period.{desk.tables.span(HEARD)[0]}"), desk.silence(HEARD, level)]
    if has_times:
        kind, start = desk.tables.span(RESPONSE_TIMES)
        if kind == "year" and start is not None:
            parts.append(desk.words("period.times_year", year=start.year))
    now = latest_open(desk, level) if has_open else None
    if has_open and (now is None or now["day_on"] == desk.about.snapshot_on):
        parts.append(desk.words("period.open"))
    elif now is not None:
        parts.append(desk.words("period.open_day", day=desk.words.day(day_of(now, "day_on"))))
    return " ".join(part for part in parts if part)
