"""D03 service_satisfaction: what customers answered to each scale question, with its uncertainty.

Unweighted here: n_eff = n and deff = 1. A don't-know is never a value of the scale; a reversed
scale is turned so that the greatest value is the best. See ``docs/methods/satisfaction.md``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.calendars import end_of_day
from transforms.statistics.cells import ALL, UNKNOWN, date_limit
from transforms.statistics.intervals import (
    NPS_MINIMUM_N,
    net_promoter_score,
    t_interval,
    wilson_interval,
)

SCALE_TYPES: Final = ("scale", "nps")
# A response of these kinds answers the question; refusing it, or not being asked it, does not.
ANSWERED: Final = ("valid", "dont_know", "not_applicable")
BREAKDOWNS: Final = {
    "area": "area_code",
    "age_band": "age_band_code",
    "gender": "gender_code",
    "language": "language_code",
}
WAVE: Final = ("survey_id", "wave_code")
KEY: Final = (*WAVE, "question_id", "breakdown_code", "breakdown_value")
FIGURES: Final = (
    "service_id",
    "department_id",
    "survey_title",
    "question_fi",
    "closed_on",
    "is_preliminary",
    "is_open_survey",
    "scale_min",
    "scale_max",
    "n",
    "n_eff",
    "deff",
    "mean",
    "mean_se",
    "mean_low",
    "mean_high",
    "top2_share",
    "top2_low",
    "top2_high",
    "bottom2_share",
    "nps",
    "nps_se",
    "nps_low",
    "nps_high",
    "dont_know_share",
    "item_nonresponse_share",
    "is_weighted",
)
_ELEVEN_POINTS: Final = 10.0  # width of a 0–10 scale: two best 9–10, worst 0–6
_LEAST_WIDTH: Final = 3.0  # below four points the two best and the two worst values overlap


@dataclass(frozen=True, slots=True)
class SurveyFrames:
    """The four tables of core_surveys, as their contracts describe them."""

    waves: pl.DataFrame
    questions: pl.DataFrame
    respondents: pl.DataFrame
    answers: pl.DataFrame


def compute_satisfaction(
    *, surveys: SurveyFrames, services: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """One row per survey, wave, substantive scale question, background variable and category.

    Args:
        surveys: Answers dated after the end of ``as_of`` and waves opened after it are left out;
            answers without a time stay.
        services: Dated code list: ``service_id``, ``department_id``, ``valid_from``, ``valid_to``,
            ``forwarded_to_service_id``.
        as_of: City day at whose end the answers stand.

    Returns:
        The columns of mart_service__satisfaction without lineage, sorted by key. Categories are
        those of the wave's respondents, with ``unknown``; a variable that nobody of the wave told
        is left out. Means and intervals need two answers, the recommendation 50; shares of the two
        best and worst values need a scale of four points or more. Ends of intervals of means are
        cut at the ends of the scale.
    """
    questions = _scale_questions(surveys, services=services, as_of=as_of)
    respondents = _respondents(surveys.respondents, as_of=as_of)
    categories = _categories(respondents)
    sizes = categories.group_by(*WAVE, "breakdown_code", "breakdown_value").agg(
        n_respondents=pl.len().cast(pl.Int64)
    )
    grid = questions.join(sizes, on=list(WAVE), how="inner", validate="m:m")
    counts = _counts(_turned_answers(surveys.answers, questions), categories)
    figures = grid.join(counts, on=list(KEY), how="left", validate="1:1").with_columns(
        pl.col("n", "n_answered", "n_dont_know", "n_not_asked").fill_null(0)
    )
    return _with_intervals(figures).select(*KEY, *FIGURES).sort(*KEY)


def _scale_questions(surveys: SurveyFrames, *, services: pl.DataFrame, as_of: date) -> pl.DataFrame:
    waves = surveys.waves.filter(pl.col("opened_on").is_null() | (pl.col("opened_on") <= as_of))
    is_scale = pl.col("question_type_code").is_in(SCALE_TYPES)
    questions = (
        surveys.questions.filter(is_scale & (pl.col("role_code") == "substantive"))
        .join(
            waves.select(*WAVE, "title", "design_code", "closed_on"),
            on=list(WAVE),
            how="inner",
            validate="m:1",
        )
        .with_columns(
            survey_title="title",
            is_preliminary=pl.col("closed_on").is_null() | (pl.col("closed_on") > as_of),
            # Without a word about the design the figures must not pass for a sample's.
            is_open_survey=pl.col("design_code").fill_null("open_link") == "open_link",
            asked_on=pl.min_horizontal(pl.col("closed_on").fill_null(as_of), pl.lit(as_of)),
        )
    )
    return _with_department(questions, services)


def _with_department(questions: pl.DataFrame, services: pl.DataFrame) -> pl.DataFrame:
    """The department in force on ``asked_on``; of a service that has left, its successor's."""
    dated = services.select(
        "service_id",
        dated_department_id="department_id",
        valid_from=date_limit(services, "valid_from"),
        valid_to=date_limit(services, "valid_to"),
        successor_id="forwarded_to_service_id",
    )
    successors = services.select(
        successor_id="service_id", successor_department_id="department_id"
    ).unique("successor_id", keep="last", maintain_order=True)
    day = pl.col("asked_on")
    is_in_force = (pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)) & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= day)
    )
    candidates = (
        questions.select("service_id", "asked_on")
        .unique()
        .join(dated, on="service_id", how="inner", validate="m:m")
        .join(successors, on="successor_id", how="left", validate="m:1")
        .with_columns(is_in_force=is_in_force)
        .sort("service_id", "asked_on", "is_in_force", "valid_from", nulls_last=False)
        .unique(["service_id", "asked_on"], keep="last", maintain_order=True)
        .with_columns(
            department_id=pl.when("is_in_force")
            .then("dated_department_id")
            .otherwise(pl.coalesce("successor_department_id", "dated_department_id"))
        )
    )
    return questions.join(
        candidates.select("service_id", "asked_on", "department_id"),
        on=["service_id", "asked_on"],
        how="left",
        validate="m:1",
    )


def _respondents(respondents: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    is_known = pl.col("answered_at").is_null() | (pl.col("answered_at") < end_of_day(as_of))
    return respondents.filter(is_known)


def _categories(respondents: pl.DataFrame) -> pl.DataFrame:
    """One row per respondent and category: keys of the wave, ``breakdown_code`` and its value."""
    identity = ["respondent_id", *WAVE]
    parts = [
        respondents.select(*identity, breakdown_code=pl.lit("total"), breakdown_value=pl.lit(ALL))
    ]
    for breakdown, column in BREAKDOWNS.items():
        told = respondents.filter(pl.col(column).is_not_null().any().over(*WAVE))
        value = pl.col(column).fill_null(UNKNOWN)
        parts.append(
            told.select(*identity, breakdown_code=pl.lit(breakdown), breakdown_value=value)
        )
    told = respondents.filter(pl.col("groups").is_not_null().any().over(*WAVE))
    parts.append(
        told.select(
            *identity,
            breakdown_code=pl.lit("group"),
            breakdown_value=pl.col("groups").fill_null(UNKNOWN).str.split(";"),
        )
        .explode("breakdown_value")
        .filter(pl.col("breakdown_value") != "")
    )
    return pl.concat(parts)


def _turned_answers(answers: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """Answers to scale questions; ``value`` turned so that the greatest is the best."""
    scales = questions.select(*WAVE, "question_id", "scale_min", "scale_max", "is_scale_reversed")
    turned = pl.col("scale_min") + pl.col("scale_max") - pl.col("answer_num")
    is_valid = (pl.col("answer_kind_code") == "valid") & pl.col("answer_num").is_not_null()
    return answers.join(scales, on=[*WAVE, "question_id"], how="inner", validate="m:1").select(
        "respondent_id",
        *WAVE,
        "question_id",
        "answer_kind_code",
        "scale_min",
        "scale_max",
        value=pl.when(is_valid).then(
            pl.when("is_scale_reversed").then(turned).otherwise("answer_num")
        ),
        is_valid=is_valid,
    )


def _counts(answers: pl.DataFrame, categories: pl.DataFrame) -> pl.DataFrame:
    value, low, high = pl.col("value"), pl.col("scale_min"), pl.col("scale_max")
    is_wide = high - low >= _LEAST_WIDTH
    is_eleven = high - low == _ELEVEN_POINTS
    worst = pl.when(is_eleven).then(low + 6).otherwise(low + 1)
    flagged = answers.with_columns(
        is_top=pl.when(is_wide).then(value >= high - 1),
        is_bottom=pl.when(is_wide).then(value <= worst),
        is_answered=pl.col("answer_kind_code").is_in(ANSWERED),
    )
    # One variable at a time: all at once would hold every answer six times in memory.
    return pl.concat(
        [
            _counts_by_category(flagged, part)
            for part in categories.partition_by("breakdown_code", maintain_order=True)
        ]
        or [_counts_by_category(flagged, categories)]
    )


def _counts_by_category(flagged: pl.DataFrame, categories: pl.DataFrame) -> pl.DataFrame:
    value, kind = pl.col("value"), pl.col("answer_kind_code")
    return (
        flagged.join(categories, on=["respondent_id", *WAVE], how="inner", validate="m:m")
        .group_by(KEY)
        .agg(
            n=pl.col("is_valid").sum().cast(pl.Int64),
            n_answered=pl.col("is_answered").sum().cast(pl.Int64),
            n_dont_know=(kind == "dont_know").sum().cast(pl.Int64),
            n_not_asked=(kind == "not_asked").sum().cast(pl.Int64),
            mean=value.mean(),
            # From sums of whole numbers, exact in any order of rows: the same bytes on any machine.
            spread=(
                (value.count() * (value**2).sum() - value.sum() ** 2).clip(lower_bound=0.0)
                / (value.count() * (value.count() - 1.0))
            ).sqrt(),
            n_top=pl.when(pl.col("is_top").is_not_null().any()).then(pl.col("is_top").sum()),
            n_bottom=pl.when(pl.col("is_bottom").is_not_null().any()).then(
                pl.col("is_bottom").sum()
            ),
        )
    )


def _with_intervals(figures: pl.DataFrame) -> pl.DataFrame:
    asked = pl.col("n_respondents") - pl.col("n_not_asked")
    answered = pl.col("n_answered")
    count = pl.col("n")
    return (
        _with_ends(figures)
        .with_columns(
            n_eff=count.cast(pl.Float64),
            deff=pl.lit(1.0),
            is_weighted=pl.lit(value=False),
            top2_share=pl.when(count > 0).then(pl.col("n_top") / count),
            bottom2_share=pl.when(count > 0).then(pl.col("n_bottom") / count),
            dont_know_share=pl.when(answered > 0).then(pl.col("n_dont_know") / answered),
            item_nonresponse_share=pl.when(asked > 0).then(1 - answered / asked),
        )
        .with_columns(
            pl.max_horizontal("mean_low", "scale_min").alias("_low"),
            pl.min_horizontal("mean_high", "scale_max").alias("_high"),
        )
        .with_columns(
            mean_low=pl.when(pl.col("mean_low").is_not_null()).then("_low"),
            mean_high=pl.when(pl.col("mean_high").is_not_null()).then("_high"),
        )
    )


def _with_ends(figures: pl.DataFrame) -> pl.DataFrame:
    """Standard errors and intervals of mean and share; the recommendation where it may stand."""
    n = figures["n"].cast(pl.Float64).to_numpy()
    se = (figures["spread"] / figures["n"].cast(pl.Float64).sqrt()).cast(pl.Float64)
    top = figures["n_top"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    bottom = figures["n_bottom"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    mean = figures["mean"].fill_null(float("nan")).to_numpy()
    low, high = t_interval(mean, se.fill_null(float("nan")).to_numpy(), n)
    top_low, top_high = wilson_interval(top, n)
    nps, nps_se, nps_low, nps_high = net_promoter_score(top, bottom, n)
    is_nps = (pl.col("question_type_code") == "nps") & (pl.col("n") >= NPS_MINIMUM_N)
    columns = {
        "mean_low": low,
        "mean_high": high,
        "top2_low": top_low,
        "top2_high": top_high,
        "nps": nps,
        "nps_se": nps_se,
        "nps_low": nps_low,
        "nps_high": nps_high,
    }
    return figures.with_columns(
        *(pl.Series(name, values).fill_nan(None) for name, values in columns.items()),
        mean_se=se.fill_nan(None),
    ).with_columns(pl.when(is_nps).then(pl.col("nps", "nps_se", "nps_low", "nps_high")))
