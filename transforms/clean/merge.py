"""Across files: from every version of every row ever delivered to the rows in force.

Belongs here: which version wins, table by table. Does not: reading one file (``transforms.parse``)
or typing its rows (the cleaners).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from transforms.clean.versions import latest_versions

#: The delivery that a version came with, and when; on every row that the intake keeps.
LINEAGE = ("delivery_sha256", "line_no", "delivered_at")


@dataclass(frozen=True, slots=True)
class Succession:
    """How versions of a row follow each other.

    Attributes:
        key: What identifies the thing over versions.
        order_by: Columns of which the greatest wins; the time of delivery decides the rest.
        parent: Table whose winning version carries its rows along, by ``key`` and delivery; a
            history is replaced as a whole, never merged event by event.
    """

    key: tuple[str, ...]
    order_by: tuple[str, ...] = ()
    parent: str | None = None


SUCCESSIONS: Mapping[str, Succession] = {
    "core_feedback__tickets": Succession(("ticket_id",), ("updated_at",)),
    "core_feedback__events": Succession(("ticket_id",), parent="core_feedback__tickets"),
    "core_initiatives__register": Succession(("register_number",)),
    "core_ideas__ideas": Succession(("idea_id",)),
    "core_notes__notes": Succession(("note_id",)),
    "core_actions__actions": Succession(("action_id",)),
    "core_actions__messages": Succession(("message_id",)),
    "core_actions__decisions": Succession(("decision_id",)),
    "core_participation__events": Succession(("event_id",)),
    "core_budget__goals": Succession(("goal_id",)),
    "core_influence__bodies": Succession(("body_id", "activity_year")),
    "core_reference__measure_reviews": Succession(
        ("measure_id", "review_year", "department_id"), ("reviewed_on",)
    ),
    "core_reference__population": Succession(
        ("population_year", "area_code", "age_band_code", "gender_code", "language_code")
    ),
    "core_surveys__waves": Succession(("survey_id", "wave_code")),
    "core_surveys__questions": Succession(("survey_id", "wave_code", "question_id")),
    "core_surveys__respondents": Succession(("respondent_id",)),
    "core_surveys__answers": Succession(("respondent_id",), parent="core_surveys__respondents"),
}


def rows_in_force(
    table: str, versions: pl.DataFrame, *, parents: pl.DataFrame | None, columns: Sequence[str]
) -> pl.DataFrame:
    """The latest version of every row of ``table``, in key order and contract columns.

    Args:
        table: A table of ``SUCCESSIONS``.
        versions: Every accepted row of every file, with ``LINEAGE``.
        parents: Rows in force of the parent table; None for a table without one.
        columns: Contract columns in order.

    Returns:
        One row per contract key; independent of the order of rows and files.
    """
    succession = SUCCESSIONS[table]
    if succession.parent is None or parents is None:
        order_by = [*succession.order_by, "delivered_at"]
        kept = latest_versions(versions, key=succession.key, order_by=order_by).frame
    else:
        on = [*succession.key, "delivery_sha256", "line_no"]
        kept = versions.join(parents.select(on), on=on, how="semi")
    return kept.select(columns).sort(columns[: len(succession.key) + 2])
