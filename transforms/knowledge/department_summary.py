"""D09 department_feedback_summary: what a department has heard and done, from published cells.

Figures only; the sentences are made of them by ``transforms.publish.summary``. Nothing is counted
anew: a figure is a cell of another public table, or counts that table's rows.
See ``docs/methods/department_summary.md``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.published_cells import Reference

KEY: Final = ("department_id", "period_kind_code", "period_start_on")
_PERIOD: Final = ["period_kind_code", "period_start_on"]
_ACTS: Final = {
    "n_tickets": "ticket",
    "n_answers": "answer",
    "n_notes": "note",
    "n_initiatives": "initiative",
    "n_ideas": "idea",
}
_SAID: Final = ("n_praise", "n_complaint", "n_proposal")
_VERDICTS: Final = {
    "n_better": "better",
    "n_worse": "worse",
    "n_no_evidence": "no_evidence",
    "n_not_comparable": "not_comparable",
}
N_TOPICS: Final = 5
_HOURS: Final = 24.0
_RECOMMENDATION: Final = 10.0  # width of the scale of recommending

Tables = Mapping[str, pl.DataFrame]


def compute_department_summary(
    tables: Tables, *, departments: list[str], as_of: date
) -> pl.DataFrame:
    """One row per department and whole quarter or year of the cube of acts.

    Args:
        tables: Published tables by file name.
        departments: Departments in force.
        as_of: Snapshot; a period that ends after it is left out.

    Returns:
        The key and figures of public_department__feedback_summary, sorted by key. A count is null
        when it is withheld; a department that was silent has zeros.
    """
    heard = _of_departments(tables["heard_acts"])
    grid = _grid(heard, departments, as_of=as_of)
    parts = [
        _acts(heard),
        _topics(_of_departments(tables["feedback_topics"])),
        _times(_of_departments(tables["feedback_response_times"])),
        _open(_of_departments(tables["feedback_backlog"])),
        _satisfaction(grid, tables["service_satisfaction"]),
        _verdicts(grid, tables["satisfaction_change"]),
        _actions(grid, tables["action_plan_status"]),
        _told(tables["told_back"]),
    ]
    for part in parts:
        on = [name for name in (*KEY, "period_end_on") if name in part.columns]
        grid = grid.join(part, on=on, how="left", validate="m:1")
    counted = [*_VERDICTS, "n_actions_new", "n_actions_done"]
    return (
        grid.join(_groups(tables["group_heard_index"]), on="calendar_year", how="left")
        .with_columns(pl.col(counted).fill_null(0))
        .drop("period_end_on", "calendar_year")
        .sort(KEY)
    )


def _of_departments(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("dimension_code") == "department").rename(
        {"dimension_value": "department_id"}
    )


def _grid(heard: pl.DataFrame, departments: list[str], *, as_of: date) -> pl.DataFrame:
    """Departments and whole periods, with the last day of each and its year."""
    start = pl.col("period_start_on")
    is_quarter = pl.col("period_kind_code") == "quarter"
    end = pl.when(is_quarter).then(start.dt.offset_by("3mo")).otherwise(start.dt.offset_by("1y"))
    periods = (
        heard.filter(pl.col("period_kind_code").is_in(["quarter", "year"]))
        .select(_PERIOD)
        .unique()
        .with_columns(
            period_end_on=end.dt.offset_by("-1d"), calendar_year=start.dt.year().cast(pl.Int64)
        )
        .filter(pl.col("period_end_on") <= as_of)
    )
    names = pl.DataFrame({"department_id": departments}, schema={"department_id": pl.String})
    return names.join(periods, how="cross")


def _acts(heard: pl.DataFrame) -> pl.DataFrame:
    """Counts by kind of act, and praise, complaints and proposals of all of them."""
    count = pl.col("n_acts")
    return heard.group_by(KEY).agg(
        *(
            count.filter(pl.col("act_type_code") == code).first().alias(name)
            for name, code in _ACTS.items()
        ),
        *(pl.col(name).filter(pl.col("act_type_code") == "all").first() for name in _SAID),
    )


def _topics(topics: pl.DataFrame) -> pl.DataFrame:
    told = topics.filter((pl.col("act_type_code") == "all") & (pl.col("n_documents") > 0))
    return (
        told.sort([*KEY, "n_documents", "topic_id"], descending=[False] * 3 + [True, False])
        .group_by(KEY, maintain_order=True)
        .agg(top_topics=pl.col("topic_id").head(N_TOPICS).str.join(";"))
    )


def _times(times: pl.DataFrame) -> pl.DataFrame:
    done = times.filter((pl.col("milestone_code") == "done") & (pl.col("clock_code") == "calendar"))
    return done.select(*KEY, km_median_days=pl.col("km_median_hours") / _HOURS)


def _open(backlog: pl.DataFrame) -> pl.DataFrame:
    return backlog.select("department_id", "n_open", "n_open_over_30_days", period_end_on="day_on")


def _satisfaction(grid: pl.DataFrame, satisfaction: pl.DataFrame) -> pl.DataFrame:
    """The total of the question with most answers among the waves that closed in the period.

    A recommendation (0–10) is left out: its two best values are not the satisfied.
    """
    key = ("survey_id", "wave_code", "question_id", "breakdown_code", "breakdown_value")
    totals = satisfaction.filter(
        (pl.col("breakdown_code") == "total")
        & pl.col("top2_share").is_not_null()
        & (pl.col("scale_max") - pl.col("scale_min") < _RECOMMENDATION)
    )
    chosen = (
        _closed_in(grid, totals)
        .sort([*KEY, "n", *key], descending=[False] * 3 + [True] + [False] * len(key))
        .unique(KEY, keep="first", maintain_order=True)
    )
    references = [
        str(Reference("service_satisfaction", "top2_share", dict(zip(key, row, strict=True))))
        for row in chosen.select(key).iter_rows()
    ]
    return chosen.select(
        *KEY,
        satisfaction_reference=pl.Series(references, dtype=pl.String),
        satisfaction_title="survey_title",
        satisfied_share="top2_share",
    )


def _verdicts(grid: pl.DataFrame, change: pl.DataFrame) -> pl.DataFrame:
    verdict = pl.col("verdict_code")
    return (
        _closed_in(grid, change)
        .group_by(KEY)
        .agg((verdict == code).sum().cast(pl.Int64).alias(name) for name, code in _VERDICTS.items())
    )


def _closed_in(grid: pl.DataFrame, surveys: pl.DataFrame) -> pl.DataFrame:
    """Rows of each department's surveys by the period in which the wave closed."""
    rows = surveys.filter(pl.col("closed_on").is_not_null())
    is_within = pl.col("closed_on").is_between("period_start_on", "period_end_on")
    return grid.join(rows, on="department_id", how="inner").filter(is_within)


def _actions(grid: pl.DataFrame, actions: pl.DataFrame) -> pl.DataFrame:
    start, end = pl.col("period_start_on"), pl.col("period_end_on")
    is_done = pl.col("status_code") == "done"
    return (
        grid.join(actions, on="department_id", how="inner")
        .group_by(KEY)
        .agg(
            n_actions_new=pl.col("created_on").is_between(start, end).sum().cast(pl.Int64),
            n_actions_done=(is_done & pl.col("closed_on").is_between(start, end))
            .sum()
            .cast(pl.Int64),
        )
    )


def _told(told: pl.DataFrame) -> pl.DataFrame:
    return told.filter(
        (pl.col("promise_kind_code") == "all") & (pl.col("audience_code") == "all")
    ).select(
        "department_id",
        "n_promises",
        "n_told",
        period_kind_code=pl.lit("quarter"),
        period_start_on="quarter_start_on",
    )


def _groups(index: pl.DataFrame) -> pl.DataFrame:
    """Groups of each year whose ratio is surely below 1 in some way of being heard."""
    below = index.filter((pl.col("ratio_high") < 1) & (pl.col("group_code") != "unknown"))
    return below.group_by("calendar_year").agg(
        groups_not_heard=pl.col("group_code").unique().sort().str.join(";")
    )
