"""The pages of the site, in the order of the menu; those of one subject stand in their modules."""

from transforms.publish.city_page import city_page
from transforms.publish.council import council_table
from transforms.publish.department_page import department_page
from transforms.publish.desk import Desk
from transforms.publish.downloads import dataset_list
from transforms.publish.figures import Block, Page, Terms
from transforms.publish.heard import (
    act_types_figure,
    area_figure,
    channel_figure,
    ever_table,
    heard_tiles,
)
from transforms.publish.initiatives import all_initiatives, initiative_rows, initiative_tiles
from transforms.publish.layout import (
    DATA_PATH,
    HEARD_PATH,
    INITIATIVES_PATH,
    calm,
    period,
    section,
    told_section,
)
from transforms.publish.ledger import ledger_blocks
from transforms.publish.public_tables import CITY, Row
from transforms.publish.quality import reason_table, refused_table, source_table
from transforms.publish.services import all_services
from transforms.publish.subject_pages import groups_page, measures_page, told_back_page

_TERMS = (
    "act",
    "message",
    "median",
    "interval",
    "withheld",
    "missing",
    "forwarded",
    "model",
    "business",
    "change",
    "heard_ratio",
    "told",
    "blind_spot",
)


def all_pages(desk: Desk) -> list[Page]:
    """Every page, the city's first."""
    departments = desk.labels.departments(desk.about.snapshot_on)
    return [
        city_page(desk, departments),
        *(department_page(desk, d) for d in departments),
        _heard_page(desk),
        told_back_page(desk),
        groups_page(desk),
        measures_page(desk),
        _initiatives_page(desk),
        _data_page(desk),
    ]


def _initiatives_page(desk: Desk) -> Page:
    rows = initiative_rows(desk)
    return Page(
        path=INITIATIVES_PATH,
        title=desk.words("initiatives.title"),
        eyebrow=desk.about.city_name,
        lede=desk.words("initiatives.lede"),
        tiles=initiative_tiles(desk, rows),
        sections=[section(desk, "initiatives", _initiative_blocks(desk, rows))],
    )


def _initiative_blocks(desk: Desk, rows: list[Row]) -> list[Block]:
    if rows:
        council = council_table(desk)
        return [*all_initiatives(desk, rows), *([] if council is None else [council])]
    return [Terms(((desk.words("tile.initiatives"), desk.words("empty.no_source")),))]


def _heard_page(desk: Desk) -> Page:
    ways = [act_types_figure(desk, CITY), channel_figure(desk), area_figure(desk)]
    return Page(
        path=HEARD_PATH,
        title=desk.words("heard.title"),
        eyebrow=desk.about.city_name,
        lede=desk.words("heard.lede"),
        tiles=heard_tiles(desk),
        period=period(desk, CITY, has_open=False, has_times=False),
        sections=[
            section(desk, "ways", calm(ways)),
            told_section(desk, CITY),
            section(desk, "ever", [ever_table(desk)]),
            section(desk, "by_service", [all_services(desk)]),
        ],
    )


def _data_page(desk: Desk) -> Page:
    words = desk.words
    pairs = tuple(
        (
            words(f"term.{name}"),
            words(
                f"term.{name}_is", n=desk.about.min_cell_n, background=desk.about.min_background_n
            ),
        )
        for name in _TERMS
    )
    return Page(
        path=DATA_PATH,
        title=words("data.title"),
        eyebrow=desk.about.city_name,
        lede=words("data.lede"),
        tiles=[],
        sections=[
            section(desk, "reading", [Terms(pairs)]),
            section(desk, "published", [dataset_list(desk)]),
            section(desk, "quality", [source_table(desk), refused_table(desk), reason_table(desk)]),
            section(desk, "withheld", ledger_blocks(desk)),
            section(desk, "access", [Terms(((words("access.term"), words("access.text")),))]),
        ],
    )
