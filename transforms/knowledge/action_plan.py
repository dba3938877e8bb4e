"""D10 action_plan_status: the departments' actions, whether in time, and what changed after them.

See ``docs/methods/evidence.md`` for how an effect is found and judged.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from transforms.statistics.published_cells import (
    LESS_IS_BETTER,
    Cell,
    Reference,
    find_cell,
    find_next_cell,
    interval_of_change,
)

DONE, DROPPED = "done", "dropped"
#: A question whose wording or scale differs between two waves measures another thing.
_SAME: Final = ("question_fi", "scale_min", "scale_max")
_COLUMNS: Final = (
    "action_id",
    "department_id",
    "service_id",
    "topic_id",
    "title",
    "owner_unit_name",
    "groups",
    "measure_id",
    "budget_year",
    "goal_id",
    "created_on",
    "due_on",
    "status_code",
    "closed_on",
    "days_late",
    "evidence_reference",
    "evidence_snapshot_on",
    "effect_reference",
    "value_before",
    "value_after",
)
_EFFECT: Final = pl.Schema(
    {
        "value_before": pl.Float64,
        "value_after": pl.Float64,
        "effect": pl.Float64,
        "effect_low": pl.Float64,
        "effect_high": pl.Float64,
        "effect_verdict_code": pl.String,
    }
)


def compute_action_plan(actions: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """One row per action taken into a plan by ``as_of``.

    Args:
        actions: core_actions__actions.
        as_of: Snapshot.

    Returns:
        The columns of mart_action__plan_status without lineage, sorted by ``action_id``.
        ``days_late`` runs to the day of closing, else to ``as_of``; null without a due day and for
        dropped actions. The effect is looked for in the row of the evidence.
    """
    known = actions.filter(pl.col("created_on") <= as_of).sort("action_id")
    end = pl.when(pl.col("closed_on") <= as_of).then("closed_on").otherwise(pl.lit(as_of))
    late = (end - pl.col("due_on")).dt.total_days().clip(lower_bound=0)
    return known.with_columns(
        days_late=pl.when(pl.col("status_code") != DROPPED).then(late),
        evidence_reference=_references(known, "evidence"),
        effect_reference=_references(known, "effect"),
    ).select(_COLUMNS)


def measure_effects(plan: pl.DataFrame, *, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What changed in the published cells after each action that is done.

    Args:
        plan: mart_action__plan_status.
        tables: Published tables by file name.

    Returns:
        ``plan`` with the columns of public_action__plan_status: the value of the effect's cell, its
        next value after the action was closed, their difference with its interval, and a verdict.
        What the department entered stands where no cell is found.
    """
    measured = [_effect(row, tables) for row in plan.iter_rows(named=True)]
    return plan.drop("value_before", "value_after").with_columns(
        pl.DataFrame(measured, schema=_EFFECT, orient="row")
    )


def _references(actions: pl.DataFrame, role: str) -> pl.Series:
    named = actions.select(f"{role}_dataset", f"{role}_column", "evidence_key").iter_rows()
    found = [Reference.read(*parts) for parts in named]
    return pl.Series([str(r) if r else None for r in found], dtype=pl.String)


def _effect(row: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> tuple[object, ...]:
    """Value before and after, their difference with its interval, and the verdict."""
    told = (row["value_before"], row["value_after"])
    reference = Reference.parse(row["effect_reference"])
    closed_on = row["closed_on"]
    if reference is None or row["status_code"] != DONE or not isinstance(closed_on, date):
        return _unmeasured(*told)
    before = find_cell(reference, tables)
    after = find_next_cell(reference, tables, after_on=closed_on)
    if before.value is None or after.value is None:
        return _unmeasured(before.value if before.value is not None else told[0], told[1])
    change = after.value - before.value
    if not _is_same_question(before, after):
        return (before.value, after.value, None, None, None, "not_comparable")
    ends = interval_of_change(before, after)
    if ends is None:
        return (before.value, after.value, change, None, None, "not_measured")
    return (before.value, after.value, change, *ends, _verdict(reference.column, *ends))


def _unmeasured(before: float | None, after: float | None) -> tuple[object, ...]:
    change = after - before if before is not None and after is not None else None
    return (before, after, change, None, None, "not_measured")


def _is_same_question(before: Cell, after: Cell) -> bool:
    old, new = before.row or {}, after.row or {}
    return all(old[name] == new[name] for name in _SAME if name in old and name in new)


def _verdict(column: str, low: float, high: float) -> str:
    if low <= 0 <= high:
        return "no_evidence"
    return "better" if (low > 0) != (column in LESS_IS_BETTER) else "worse"
