"""D14 budget_goal_evidence: which goals of the budget stand on what residents have said.

A goal without evidence is listed as such. The evidence is the published cell as it stood when it
was first referred to, kept ever after. See ``docs/methods/evidence.md``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.published_cells import (
    FOUND,
    LESS_IS_BETTER,
    NO_REFERENCE,
    Reference,
    find_cell,
    find_next_cell,
)

STRONG_N: Final = 100  # the sample size from which a share's interval is within ten points
NARROW_SHARE: Final = 0.1  # half-width of a narrow interval, of the value's own size or of 1
CONTENT_SHARE: Final = 0.8  # four of five: who are content do not ask for a goal
_COLUMNS: Final = (
    "goal_id",
    "department_id",
    "service_id",
    "topic_id",
    "budget_year",
    "goal_text",
    "budget_eur",
    "measure_id",
    "n_residents_affected",
    "groups",
    "priority_rank",
    "decided_on",
    "evidence_reference",
    "evidence_snapshot_on",
)
FROZEN_SCHEMA: Final = pl.Schema(
    {
        "evidence_reference": pl.String,
        "evidence_snapshot_on": pl.Date,
        "evidence_state_code": pl.String,
        "evidence_value": pl.Float64,
        "evidence_low": pl.Float64,
        "evidence_high": pl.Float64,
        "n_evidence": pl.Int64,
        "frozen_on": pl.Date,
    }
)
_FROZEN_KEY: Final = ["evidence_reference", "evidence_snapshot_on"]


def compute_goals(goals: pl.DataFrame) -> pl.DataFrame:
    """One row per goal with the cell it names: mart_budget__goal_evidence without lineage."""
    named = goals.select("evidence_dataset", "evidence_column", "evidence_key").iter_rows()
    found = [Reference.read(*parts) for parts in named]
    references = pl.Series([str(r) if r else None for r in found], dtype=pl.String)
    return goals.with_columns(evidence_reference=references).select(_COLUMNS).sort("goal_id")


def freeze_evidence(
    goals: pl.DataFrame,
    *,
    frozen: pl.DataFrame,
    publications: Mapping[date, Mapping[str, pl.DataFrame]],
    as_of: date,
) -> pl.DataFrame:
    """The frozen cells with those that are referred to for the first time.

    Args:
        goals: mart_budget__goal_evidence.
        frozen: What was frozen before (``FROZEN_SCHEMA``); a cell that was found is never changed,
            one that was not is looked for again.
        publications: Published tables by snapshot day and file name; that of ``as_of`` among them.
        as_of: Snapshot of the run.

    Returns:
        One row per reference and snapshot, sorted; a reference without a snapshot is given that
        of ``as_of``, once. A snapshot that is not at hand is taken from the publication of
        ``as_of``, as ``frozen_on`` tells.
    """
    done = frozen.filter(pl.col("evidence_state_code") == FOUND).select(list(FROZEN_SCHEMA))
    seen = set(done.select(_FROZEN_KEY).rows())
    known = {reference for reference, _ in seen}
    fresh = {}
    for text, told in goals.select(_FROZEN_KEY).unique().iter_rows():
        reference, snapshot = Reference.parse(text), told or as_of
        if reference is None or (text, snapshot) in seen or (told is None and text in known):
            continue
        taken_on = snapshot if snapshot in publications else as_of
        cell = find_cell(reference, publications[taken_on])
        fresh[text, snapshot] = (text, snapshot, cell.state, *cell.figures(), taken_on)
    added = pl.DataFrame(list(fresh.values()), schema=FROZEN_SCHEMA, orient="row")
    return pl.concat([done, added]).sort(_FROZEN_KEY)


def judge_goals(
    goals: pl.DataFrame, *, frozen: pl.DataFrame, tables: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """One row per goal with its evidence, how strong it is, and what became of it.

    Args:
        goals: mart_budget__goal_evidence.
        frozen: ``freeze_evidence``.
        tables: Published tables of this run by file name, for the value of the next year.

    Returns:
        The columns of public_budget__goal_evidence but for suppression, sorted by ``goal_id``.
        ``strength_code`` is none without a published cell; contrary when people are content
        (a share of satisfied with its whole interval at four of five or above, or a change for
        the better); strong with a base of 100 and an interval within a tenth; else some.
    """
    references = [Reference.parse(text) for text in goals["evidence_reference"]]
    later = [
        find_next_cell(reference, tables, after_on=date(year, 1, 1)).value if reference else None
        for reference, year in zip(references, goals["budget_year"], strict=True)
    ]
    rows = goals.with_columns(
        value_next=pl.Series(later, dtype=pl.Float64),
        column=pl.Series([r.column if r else None for r in references], dtype=pl.String),
    )
    return (
        _with_frozen(rows, frozen)
        .with_columns(
            pl.col("evidence_state_code").fill_null(NO_REFERENCE), strength_code=_strength()
        )
        .sort("goal_id")
    )


def _with_frozen(rows: pl.DataFrame, frozen: pl.DataFrame) -> pl.DataFrame:
    """The frozen cell of each goal; of a goal that names no snapshot, the earliest."""
    earliest = frozen.sort("evidence_snapshot_on").unique("evidence_reference", keep="first")
    dated = rows.with_columns(told_on="evidence_snapshot_on").join(
        earliest.select("evidence_reference", first_on="evidence_snapshot_on"),
        on="evidence_reference",
        how="left",
    )
    return (
        dated.with_columns(evidence_snapshot_on=pl.coalesce("told_on", "first_on"))
        .join(frozen, on=_FROZEN_KEY, how="left", validate="m:1")
        .drop("told_on", "first_on")
    )


def _strength() -> pl.Expr:
    value, low, high = (pl.col(f"evidence_{name}") for name in ("value", "low", "high"))
    half = (high - low) / 2
    is_narrow = half <= NARROW_SHARE * pl.max_horizontal(value.abs(), pl.lit(1.0))
    is_content = (pl.col("column") == "top2_share") & (low >= CONTENT_SHARE)
    is_less = pl.col("column").is_in(sorted(LESS_IS_BETTER))
    is_change = pl.col("column").str.ends_with("_difference")
    is_mended = is_change & pl.when(is_less).then(high < 0).otherwise(low > 0)
    return (
        pl.when(value.is_null())
        .then(pl.lit("none"))
        .when(is_content | is_mended)
        .then(pl.lit("contrary"))
        .when(is_narrow & (pl.col("n_evidence") >= STRONG_N))
        .then(pl.lit("strong"))
        .otherwise(pl.lit("some"))
    )
