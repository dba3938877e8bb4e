"""The pages of the site, in the order of the menu; those of one subject stand in their modules."""

from transforms.publish.city_page import city_page
from transforms.publish.council import council_table
from transforms.publish.department_page import department_page
from transforms.publish.desk import Desk
from transforms.publish.downloads import DATA_PATH, dataset_list
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
    HEARD_PATH,
    INITIATIVES_PATH,
    calm,
    period,
    section,
    subject_page,
    told_section,
)
from transforms.publish.ledger import ledger_blocks
from transforms.publish.public_tables import CITY, INITIATIVES, Row
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
    return subject_page(
        desk,
        "initiatives",
        path=INITIATIVES_PATH,
        tiles=initiative_tiles(desk, rows),
        sections=[section(desk, "initiatives", _initiative_blocks(desk, rows))],
    )


def _initiative_blocks(desk: Desk, rows: list[Row]) -> list[Block]:
    if rows:
        council = council_table(desk)
        return [*all_initiatives(desk, rows), *([] if council is None else [council])]
    return [Terms(((desk.words("tile.initiatives"), desk.nothing(INITIATIVES)),))]


def _heard_page(desk: Desk) -> Page:
    ways = [act_types_figure(desk, CITY), channel_figure(desk), area_figure(desk)]
    return subject_page(
        desk,
        "heard",
        path=HEARD_PATH,
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
    return subject_page(
        desk,
        "data",
        path=DATA_PATH,
        sections=[
            section(desk, "reading", [Terms(pairs)]),
            section(desk, "published", [dataset_list(desk)]),
            section(desk, "quality", [source_table(desk), refused_table(desk), reason_table(desk)]),
            section(desk, "withheld", ledger_blocks(desk)),
            section(desk, "access", [Terms(((words("access.term"), words("access.text")),))]),
        ],
    )
