"""The city's page: what has been heard, the departments, and the ways into the other pages."""

from collections.abc import Sequence

from transforms.publish.area_waiting import area_services_table, area_waiting_figure
from transforms.publish.backlog import latest_open
from transforms.publish.changes import change_blocks
from transforms.publish.desk import Desk
from transforms.publish.figures import Block, Card, Cards, Missing, Page, Section, Tile, Value
from transforms.publish.heard import area_figure, latest_heard
from transforms.publish.layout import (
    CITY_PATH,
    GROUPS_PATH,
    MEASURES_PATH,
    TOLD_PATH,
    department_path,
    department_title,
    level_tiles,
    period,
    response_section,
    section,
    told_section,
)
from transforms.publish.measures import measure_tiles
from transforms.publish.public_tables import (
    BACKLOG,
    CITY,
    HEARD,
    RESPONSE_TIMES,
    Level,
    cell,
    median_cell,
)
from transforms.publish.quality import source_table
from transforms.publish.representativeness import survey_tiles
from transforms.publish.satisfaction import satisfaction_figures
from transforms.publish.told_back import told_tiles
from transforms.publish.waiting import latest_done

_MOST_TILES = 3


def city_page(desk: Desk, departments: Sequence[str]) -> Page:
    """The front page."""
    words = desk.words
    services = area_services_table(desk)
    by_area: list[Block] = [area_waiting_figure(desk)]
    if services is not None:
        by_area.append(services)
    return Page(
        path=CITY_PATH,
        title=words("city.title", city=desk.about.city_name),
        eyebrow=words("city.eyebrow"),
        lede=_lede(desk),
        tiles=level_tiles(desk, CITY),
        period=period(desk, CITY),
        sections=[
            section(desk, "departments", [Cards(tuple(_card(desk, d) for d in departments))]),
            section(desk, "entrances", [Cards(tuple(_entrances(desk)))]),
            response_section(desk, CITY, *by_area),
            told_section(desk, CITY, area_figure(desk)),
            *_surveys(desk),
            section(desk, "quality", [source_table(desk)]),
        ],
    )


def _surveys(desk: Desk) -> list[Section]:
    """Surveys about the whole city, where there are any."""
    figures: list[Block] = [f for f in satisfaction_figures(desk, None) if f.grid.rows]
    blocks = [*figures, *change_blocks(desk, None)]
    return [section(desk, "satisfaction", blocks)] if blocks else []


def _entrances(desk: Desk) -> list[Card]:
    """Ways to the pages of the whole city, each with a few of its figures."""
    pages = (
        ("told_back", TOLD_PATH, told_tiles(desk)),
        ("groups", GROUPS_PATH, survey_tiles(desk)),
        ("measures", MEASURES_PATH, measure_tiles(desk)),
    )
    return [
        Card(desk.words(f"{key}.title"), path, tuple(tiles[:_MOST_TILES]))
        for key, path, tiles in pages
    ]


def _lede(desk: Desk) -> str:
    heard = cell(latest_heard(desk, CITY), "n_acts")
    wait = median_cell(latest_done(desk, CITY))
    if isinstance(heard, Missing):
        return desk.words("city.lede_missing")
    first = desk.words("city.lede_heard", span=desk.span(HEARD), heard=desk.write(heard, "count"))
    if isinstance(wait, Missing) or desk.tables.span(RESPONSE_TIMES)[0] != "last_12_months":
        return first
    return f"{first} {desk.words('city.lede_wait', wait=desk.write(wait, 'duration'))}"


def _card(desk: Desk, department: str) -> Card:
    level = Level("department", department)
    heard, done = latest_heard(desk, level), latest_done(desk, level)
    times, now = RESPONSE_TIMES, latest_open(desk, level)
    acts, sent = cell(heard, "n_acts"), cell(done, "n_forwarded")
    lines: list[tuple[str, str, Value, str]] = [
        ("heard", desk.span_short(HEARD), desk.gap(acts, HEARD), "count")
    ]
    if department in desk.labels.outside():
        lines.append(("forwarded", desk.span_short(times), desk.gap(sent, times), "count"))
    else:
        lines.append(("median_done", "", desk.gap(median_cell(done), times), "duration"))
        lines.append(("open", "", desk.gap(cell(now, "n_open"), BACKLOG), "count"))
    return Card(
        title=department_title(desk, department),
        path=department_path(department),
        tiles=tuple(
            Tile(
                desk.words(f"card.{key}", span=span),
                desk.write(value, form),
                is_missing=isinstance(value, Missing),
            )
            for key, span, value, form in lines
        ),
    )
