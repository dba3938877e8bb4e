"""A department's page: its summary, how it answers, what it hears, what it does and tells back."""

from collections.abc import Sequence

from transforms.publish.actions import action_tables
from transforms.publish.changes import change_blocks
from transforms.publish.desk import Desk
from transforms.publish.figures import Page, Section, Tile
from transforms.publish.goals import goal_entries
from transforms.publish.heard import heard_tile
from transforms.publish.initiatives import department_initiatives, initiative_rows
from transforms.publish.layout import (
    calm,
    department_path,
    department_title,
    level_tiles,
    period,
    response_section,
    section,
    told_section,
)
from transforms.publish.public_tables import Level
from transforms.publish.satisfaction import satisfaction_figures
from transforms.publish.services import department_services
from transforms.publish.summary_block import summary_block
from transforms.publish.told_back import audience_figure, quarter_figure
from transforms.publish.waiting import forwarded_figure, forwarded_tile


def department_page(desk: Desk, department: str) -> Page:
    """The page of a department, or of matters that belong to other authorities."""
    level = Level("department", department)
    is_outside = department in desk.labels.outside()
    key = "outside" if is_outside else "department"
    sections = _outside(desk, level) if is_outside else _inside(desk, level)
    mine = initiative_rows(desk, department=department)
    if mine:
        sections.append(section(desk, "initiatives", department_initiatives(desk, mine)))
    return Page(
        path=department_path(department),
        title=department_title(desk, department),
        eyebrow=desk.words(f"{key}.eyebrow"),
        lede=desk.words(f"{key}.lede"),
        tiles=_outside_tiles(desk, level) if is_outside else level_tiles(desk, level),
        sections=sections,
        period=period(desk, level, has_open=not is_outside),
    )


def _inside(desk: Desk, level: Level) -> list[Section]:
    department = level.value
    surveys = [*satisfaction_figures(desk, department), *change_blocks(desk, department)]
    told = calm([quarter_figure(desk, department), audience_figure(desk, department)])
    return [
        section(desk, "summary", [summary_block(desk, department)]),
        response_section(desk, level),
        section(desk, "services", [department_services(desk, department)]),
        told_section(desk, level),
        section(desk, "satisfaction", surveys),
        section(desk, "actions", [*action_tables(desk, department), *told]),
        section(desk, "goals", [goal_entries(desk, department)]),
    ]


def _outside(desk: Desk, level: Level) -> list[Section]:
    forwarded = section(desk, "forwarded", [forwarded_figure(desk, level)])
    return [forwarded, told_section(desk, level)]


def _outside_tiles(desk: Desk, level: Level) -> Sequence[Tile]:
    return [heard_tile(desk, level), forwarded_tile(desk, level)]
