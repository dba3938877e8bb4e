"""D02 measure_review: how far each measure (toimenpide) of the model has come, year by year.

The computed columns of a closed year hold as of its 31.12.: they are counted again from cases dated
up to that day, so that a rebuilt house gives the same rows. What a unit judges stands beside what
is computed and never replaces it. See ``docs/methods/measure_review.md``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

CITY: Final = "all"
_SHARE: Final = "share"
_FIRST_YEAR: Final = 2020
FIGURES: Final = (
    "measure_id",
    "review_year",
    "department_id",
    "model_version",
    "status_code",
    "status_source_code",
    "status_computed_code",
    "status_judged_code",
    "is_disagreement",
    "indicator_id",
    "indicator_value",
    "target_value",
    "target_unit_code",
    "target_share",
    "days_to_deadline",
    "n_evidence",
    "has_data",
    "is_blind_spot",
    "last_evidence_on",
    "next_step",
    "reviewed_on",
    "reviewed_by_unit_name",
    "figures_on",
    "is_closed_year",
    "is_from_residents_acts",
)
_KEY: Final = ("measure_id", "review_year", "department_id")
_YEAR_KEY: Final = ("measure_id", "review_year")


@dataclass(frozen=True, slots=True)
class ReviewFrames:
    """What a review is made of.

    Attributes:
        measures: core_reference__measures.
        evidence: ``EVIDENCE_SCHEMA`` of ``measure_evidence``.
        sources: ``measure_id``, ``source_from_on``.
        reviews: core_reference__measure_reviews.
        rules_of_acts: Rules of evidence that count acts of residents.
    """

    measures: pl.DataFrame
    evidence: pl.DataFrame
    sources: pl.DataFrame
    reviews: pl.DataFrame
    rules_of_acts: tuple[str, ...] = ()


def compute_measure_review(frames: ReviewFrames, *, as_of: date) -> pl.DataFrame:
    """One row per measure, year and department, and one for the city.

    Years run from the first with evidence or a review to that of ``as_of``; a measure begins with
    its version of the model. A department has rows from the first year in which evidence or a
    review names it.

    Args:
        frames: Measures, evidence and reviews.
        as_of: Snapshot day.

    Returns:
        The columns of mart_measure__review without lineage, sorted by key.
    """
    reviews = frames.reviews.filter(pl.col("reviewed_on") <= as_of)
    years = _years(frames, reviews, as_of=as_of)
    dated = _dated(frames, years)
    measured = _measured(dated)
    rows = (
        _rows(frames, measured, reviews, years)
        .join(measured, on=list(_KEY), how="left", validate="1:1")
        .join(_judged(reviews), on=list(_KEY), how="left", validate="1:1")
    )
    return _with_status(_described(rows, frames, as_of=as_of)).select(FIGURES).sort(_KEY)


def _years(frames: ReviewFrames, reviews: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Every measure in every year of the review, with the day that its figures hold on."""
    first_case = frames.evidence["began_on"].min()
    begun = [first_case.year] if isinstance(first_case, date) else []
    begun += reviews["review_year"].to_list()
    first = max(_FIRST_YEAR, min([*begun, as_of.year]))
    calendar = pl.DataFrame(
        {"review_year": range(first, as_of.year + 1)}, schema={"review_year": pl.Int64}
    )
    year_end = pl.date(pl.col("review_year"), 12, 31)
    start = pl.coalesce("starts_on", "valid_from")
    cycle = (pl.col("review_year") - start.dt.year()) % 2
    opened = (
        pl.when(pl.col("cadence_code") == "once")
        .then(start)
        .when(pl.col("cadence_code") == "every_two_years")
        .then(pl.date(pl.col("review_year") - cycle, 1, 1))
        .otherwise(pl.date(pl.col("review_year"), 1, 1))
    )
    return (
        frames.measures.join(calendar, how="cross")
        .filter(pl.col("review_year") >= pl.col("valid_from").dt.year())
        .with_columns(
            figures_on=pl.min_horizontal(year_end, pl.lit(as_of)),
            year_from_on=pl.date(pl.col("review_year"), 1, 1),
            counted_from_on=opened,
        )
    )


def _dated(frames: ReviewFrames, years: pl.DataFrame) -> pl.DataFrame:
    """Cases as they stood on each year's day: what came later is not there."""
    columns = ["review_year", "figures_on", "year_from_on", "counted_from_on", "target_unit_code"]
    on = pl.col("figures_on")
    in_year = pl.col("began_on") >= pl.col("year_from_on")
    return (
        frames.evidence.join(years.select("measure_id", *columns), on="measure_id", how="inner")
        .filter(pl.col("began_on") <= on)
        .with_columns(
            is_met=(pl.col("met_on") <= on).fill_null(value=False),
            is_this_year=in_year & pl.col("is_evidence"),
            is_asked=in_year & pl.col("is_case"),
            is_counted=pl.col("is_case")
            & pl.col("met_on").is_between("counted_from_on", "figures_on").fill_null(value=False),
        )
    )


def _measured(dated: pl.DataFrame) -> pl.DataFrame:
    """Value, evidence and its last day, by department and for the city."""
    by_department = _aggregated(dated.filter(pl.col("department_id").is_not_null()))
    city = _aggregated(dated.with_columns(department_id=pl.lit(CITY)))
    worst = by_department.group_by(_YEAR_KEY).agg(worst=pl.min("share"))
    city = city.join(worst, on=list(_YEAR_KEY), how="left", validate="1:1").with_columns(
        share=pl.coalesce("worst", "share")
    )
    both = pl.concat([by_department, city.select(by_department.columns)])
    is_share = pl.col("target_unit_code") == _SHARE
    return both.select(
        *_KEY,
        "n_evidence",
        "last_evidence_on",
        value=pl.when(is_share).then("share").otherwise("count"),
    )


def _aggregated(dated: pl.DataFrame) -> pl.DataFrame:
    """One case of several rows counts once."""
    counted = (
        dated.filter("is_counted")
        .unique([*_KEY, "case_id"])
        .group_by(_KEY)
        .agg(count=pl.sum("amount"))
    )
    n_cases = pl.col("n_cases")
    asked = (
        dated.filter("is_asked")
        .unique([*_KEY, "case_id"])
        .group_by(_KEY)
        .agg(share=n_cases.filter("is_met").sum() / n_cases.sum())
    )
    shown = (
        dated.filter("is_this_year")
        .unique([*_KEY, "case_id"])
        .group_by(_KEY)
        .agg(n_evidence=n_cases.sum())
    )
    return (
        dated.group_by(_KEY)
        .agg(
            pl.first("target_unit_code"),
            last_evidence_on=pl.col("began_on").filter("is_evidence").max(),
        )
        .join(shown, on=list(_KEY), how="left", validate="1:1")
        .with_columns(pl.col("n_evidence").fill_null(0))
        .join(counted, on=list(_KEY), how="left", validate="1:1")
        .join(asked, on=list(_KEY), how="left", validate="1:1")
    )


def _rows(
    frames: ReviewFrames, measured: pl.DataFrame, reviews: pl.DataFrame, years: pl.DataFrame
) -> pl.DataFrame:
    """Measures by year, for the city and for each department once something has named it."""
    named = pl.concat([measured.select(_KEY), reviews.select(_KEY)])
    since = named.group_by("measure_id", "department_id").agg(since=pl.min("review_year"))
    city = frames.measures.select("measure_id", department_id=pl.lit(CITY), since=pl.lit(0))
    every = pl.concat(
        [since.filter(pl.col("department_id") != CITY), city.cast({"since": pl.Int64})]
    )
    return years.join(every, on="measure_id", how="inner").filter(
        pl.col("review_year") >= pl.col("since")
    )


def _judged(reviews: pl.DataFrame) -> pl.DataFrame:
    """The latest review of each row."""
    return (
        reviews.sort("reviewed_on", "line_no")
        .unique(_KEY, keep="last", maintain_order=True)
        .select(
            *_KEY,
            "next_step",
            "reviewed_on",
            "reviewed_by_unit_name",
            status_judged_code="status_code",
        )
    )


def _described(rows: pl.DataFrame, frames: ReviewFrames, *, as_of: date) -> pl.DataFrame:
    """Rows with the value against its target, and whether there is anything to see."""
    has_data = (pl.col("source_from_on") <= pl.col("figures_on")).fill_null(value=False)
    # A source that has nothing of the measure says none; a share of no cases says nothing.
    is_count = pl.col("target_unit_code") != _SHARE
    value = pl.when(is_count).then(pl.col("value").fill_null(0.0)).otherwise("value")
    return (
        rows.join(frames.sources, on="measure_id", how="left", validate="m:1")
        .with_columns(n_evidence=pl.col("n_evidence").fill_null(0), has_data=has_data)
        .with_columns(indicator_value=pl.when("has_data").then(value))
        .with_columns(
            indicator_id=pl.col("indicator_ids").str.split(";").list.first(),
            target_share=(pl.col("indicator_value") / pl.col("target_value")).clip(0.0, 1.0),
            days_to_deadline=(pl.col("ends_on") - pl.col("figures_on")).dt.total_days(),
            is_blind_spot=pl.col("n_evidence") == 0,
            is_closed_year=pl.date(pl.col("review_year"), 12, 31) <= as_of,
            is_from_residents_acts=pl.col("evidence_rule_code").is_in(frames.rules_of_acts),
        )
    )


def _with_status(rows: pl.DataFrame) -> pl.DataFrame:
    """Computed by the formula of DATASETS D02, judged beside it, and whether they agree."""
    is_over = (pl.col("valid_to") < pl.col("figures_on")).fill_null(value=False)
    is_reached = (pl.col("indicator_value") >= pl.col("target_value")).fill_null(value=False)
    is_late = (pl.col("days_to_deadline") < 0).fill_null(value=False)
    computed = (
        pl.when(is_over & pl.col("successor_ids").is_not_null())
        .then(pl.lit("replaced"))
        .when(is_over)
        .then(pl.lit("lapsed"))
        .when(is_reached)
        .then(pl.lit("reached"))
        .when(is_late & pl.col("has_data"))
        .then(pl.lit("late"))
        .when((pl.col("n_evidence") > 0) | (pl.col("indicator_value") > 0))
        .then(pl.lit("under_way"))
        .when("has_data")
        .then(pl.lit("not_started"))
    )
    judged = pl.col("status_judged_code")
    source = (
        pl.when(pl.col("status_computed_code").is_not_null())
        .then(pl.lit("computed"))
        .when(judged.is_not_null())
        .then(pl.lit("judged"))
    )
    return rows.with_columns(status_computed_code=computed).with_columns(
        status_code=pl.coalesce("status_computed_code", judged),
        status_source_code=source,
        is_disagreement=(pl.col("status_computed_code") != judged).fill_null(value=False),
    )
