"""Pages of one subject over the whole city: told back, groups, measures of the model."""

from transforms.publish.actions import done_entries, late_tile
from transforms.publish.desk import Desk
from transforms.publish.figures import Block, Page
from transforms.publish.group_processes import process_tables
from transforms.publish.groups import gap_table, index_table, unrecorded_sentence, way_figures
from transforms.publish.layout import GROUPS_PATH, MEASURES_PATH, TOLD_PATH, section, subject_page
from transforms.publish.measure_years import years_figure
from transforms.publish.measures import blind_table, measure_tiles, older_table, part_entries
from transforms.publish.representativeness import survey_figures, survey_table
from transforms.publish.told_back import (
    audience_figure,
    kind_table,
    quarter_figure,
    told_tiles,
    untold_table,
)


def told_back_page(desk: Desk) -> Page:
    """Näin kuulimme: what was done, and whether those who were heard have been told."""
    departments = desk.labels.departments(desk.about.snapshot_on)
    own = [d for d in departments if d not in desk.labels.outside()]
    return subject_page(
        desk,
        "told_back",
        path=TOLD_PATH,
        tiles=[*told_tiles(desk), late_tile(desk)],
        period=desk.words("told_back.period"),
        sections=[
            section(desk, "done", [done_entries(desk)]),
            section(desk, "told_back", [quarter_figure(desk), audience_figure(desk)]),
            section(desk, "untold", [untold_table(desk, own), kind_table(desk)]),
        ],
    )


def groups_page(desk: Desk) -> Page:
    """Ryhmät: who is heard, and who answers the surveys."""
    figures = survey_figures(desk)
    blocks: list[Block] = [survey_table(desk), *figures]
    return subject_page(
        desk,
        "groups",
        path=GROUPS_PATH,
        sections=[
            section(desk, "groups", way_figures(desk), intro=_group_intro(desk)),
            section(desk, "group_processes", process_tables(desk)),
            section(desk, "group_index", [index_table(desk), gap_table(desk)]),
            section(desk, "respondents", blocks),
        ],
    )


def measures_page(desk: Desk) -> Page:
    """Osallisuusmalli: every measure of the version in force, and what became of the older ones."""
    parts = [part_entries(desk, part) for part in desk.labels.codes("model_part")]
    return subject_page(
        desk,
        "measures",
        path=MEASURES_PATH,
        tiles=measure_tiles(desk),
        sections=[
            section(desk, "measure_years", [years_figure(desk), blind_table(desk)]),
            section(desk, "measures", [part for part in parts if part.entries]),
            section(desk, "older_measures", [older_table(desk)]),
        ],
    )


def _group_intro(desk: Desk) -> str:
    """What the section says, and by which ways nothing is known."""
    sentence = unrecorded_sentence(desk)
    return f"{desk.words('section.groups_intro')} {sentence}".strip()
