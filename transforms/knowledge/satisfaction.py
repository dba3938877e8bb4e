"""D03 service_satisfaction: what customers answered to each scale question, with its uncertainty.

A wave that speaks for residents is weighted to them; elsewhere n_eff = n and deff = 1. A don't-know
is never a value of the scale; a reversed scale is turned so that the greatest value is the best.
See ``docs/methods/satisfaction.md``.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.calendars import end_of_day
from transforms.statistics.cells import ALL, UNKNOWN, date_limit
from transforms.statistics.rows import Rows
from transforms.statistics.scores import with_intervals, with_points
from transforms.statistics.wave_cells import FIGURES as WEIGHTED_FIGURES
from transforms.statistics.wave_cells import estimate_wave_cells

SCALE_TYPES: Final = ("scale", "nps")
# A response of these kinds answers the question; refusing it, or not being asked it, does not.
ANSWERED: Final = ("valid", "dont_know", "not_applicable")
BREAKDOWNS: Final = {
    "area": "area_code",
    "age_band": "age_band_code",
    "gender": "gender_code",
    "language": "language_code",
}
_TOLD: Final = (*BREAKDOWNS.values(), "groups")
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
    "weight_scheme_code",
    "warning_code",
)
RAKED: Final = "raked"
UNWEIGHTED: Final = "frame_unknown"
WEIGHT_CODES: Final = ("age_band_code", "gender_code", "area_code")
WEIGHT_MARGINS: Final = ("age_band_margin", "gender_margin", "area_margin")
_ELEVEN_POINTS: Final = 10.0  # width of a 0–10 scale: two best 9–10, worst 0–6
_LEAST_WIDTH: Final = 3.0  # below four points the two best and the two worst values overlap


@dataclass(frozen=True, slots=True)
class SurveyFrames:
    """The four tables of core_surveys, as their contracts describe them."""

    waves: pl.DataFrame
    questions: pl.DataFrame
    respondents: Rows
    answers: Rows


@dataclass(frozen=True, slots=True)
class Weighting:
    """How each wave is weighted: none where nothing is given.

    ``schemes``: the wave's rows of mart_survey__representativeness (``survey_id``, ``wave_code``,
    ``weight_scheme_code``, ``warning_code``). ``weights``: mart_survey__weights.
    """

    schemes: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema=dict.fromkeys((*WAVE, "weight_scheme_code", "warning_code"), pl.String)
        )
    )
    weights: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema=dict.fromkeys((*WAVE, *WEIGHT_CODES, *WEIGHT_MARGINS), pl.String)
            | {"weight": pl.Float64}
        )
    )


def compute_satisfaction(
    *,
    surveys: SurveyFrames,
    services: pl.DataFrame,
    as_of: date,
    weighting: Weighting | None = None,
) -> pl.DataFrame:
    """One row per survey, wave, substantive scale question, background variable and category.

    Args:
        surveys: Respondents and answers may be lazy. Answers dated after the end of ``as_of`` and
            waves opened after it are left out; answers without a time stay.
        services: Dated code list: ``service_id``, ``department_id``, ``valid_from``, ``valid_to``,
            ``forwarded_to_service_id``.
        as_of: City day at whose end the answers stand.
        weighting: Weights of the waves that have them; ``n`` counts answers whether they weigh or
            not, and those outside the frame weigh nothing.

    Returns:
        The columns of mart_service__satisfaction without lineage, sorted by key. Categories are
        those of the wave's respondents, with ``unknown``; a variable that nobody of the wave told
        is left out. Means and intervals need two answers, the recommendation 50; shares of the two
        best and worst values need a scale of four points or more. Ends of intervals of means are
        cut at the ends of the scale.
    """
    questions = _scale_questions(surveys, services=services, as_of=as_of)
    people = _people(surveys.respondents, as_of=as_of)
    backgrounds = _backgrounds(people)
    categories = _categories(backgrounds)
    sizes = categories.group_by(*WAVE, "breakdown_code", "breakdown_value").agg(
        n_respondents=pl.col("n").sum()
    )
    grid = questions.join(sizes, on=list(WAVE), how="inner", validate="m:m")
    answers = _placed_answers(surveys.answers, questions, people=people, backgrounds=backgrounds)
    flagged = _flagged(_counted(answers))
    counts = _counts(flagged, categories)
    how = weighting or Weighting()
    weighted = _weighted_cells(flagged, categories, backgrounds=backgrounds, how=how)
    figures = (
        grid.join(counts, on=list(KEY), how="left", validate="1:1")
        .join(weighted, on=list(KEY), how="left", validate="1:1")
        .join(how.schemes, on=list(WAVE), how="left", validate="m:1")
        .with_columns(
            pl.col("n", "n_answered", "n_dont_know", "n_not_asked").fill_null(0),
            pl.col("weight_scheme_code").fill_null(UNWEIGHTED),
            warning_code=pl.coalesce(
                "warning_code",
                pl.when("is_open_survey").then(pl.lit("self_selected")).otherwise(pl.lit("none")),
            ),
        )
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


def _people(respondents: Rows, *, as_of: date) -> pl.LazyFrame:
    """Respondents who had answered by then, with what tells their background."""
    is_known = pl.col("answered_at").is_null() | (pl.col("answered_at") < end_of_day(as_of))
    return respondents.lazy().filter(is_known).select("respondent_id", *WAVE, *_TOLD)


def _backgrounds(people: pl.LazyFrame) -> pl.DataFrame:
    """One row per wave and combination of background, numbered, with its respondents."""
    counted = people.group_by(*WAVE, *_TOLD).agg(n=pl.len().cast(pl.Int64))
    return counted.collect(engine="streaming").sort(*WAVE, *_TOLD).with_row_index("background")


def _categories(backgrounds: pl.DataFrame) -> pl.DataFrame:
    """One row per background and category: wave, ``n``, ``breakdown_code`` and its value."""
    identity = ["background", *WAVE, "n"]
    parts = [
        backgrounds.select(*identity, breakdown_code=pl.lit("total"), breakdown_value=pl.lit(ALL))
    ]
    for breakdown, column in BREAKDOWNS.items():
        told = backgrounds.filter(pl.col(column).is_not_null().any().over(*WAVE))
        value = pl.col(column).fill_null(UNKNOWN)
        parts.append(
            told.select(*identity, breakdown_code=pl.lit(breakdown), breakdown_value=value)
        )
    told = backgrounds.filter(pl.col("groups").is_not_null().any().over(*WAVE))
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


def _placed_answers(
    answers: Rows, questions: pl.DataFrame, *, people: pl.LazyFrame, backgrounds: pl.DataFrame
) -> pl.LazyFrame:
    """Answers to scale questions with their respondents' background; ``value`` is turned so that
    the greatest is the best.
    """
    scales = questions.select(*WAVE, "question_id", "scale_min", "scale_max", "is_scale_reversed")
    turned = pl.col("scale_min") + pl.col("scale_max") - pl.col("answer_num")
    is_valid = (pl.col("answer_kind_code") == "valid") & pl.col("answer_num").is_not_null()
    numbered = people.join(
        backgrounds.lazy().drop("n"), on=[*WAVE, *_TOLD], how="inner", nulls_equal=True
    ).select("respondent_id", *WAVE, "background")
    return (
        answers.lazy()
        .join(scales.lazy(), on=[*WAVE, "question_id"], how="inner")
        .select(
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
        .join(numbered, on=["respondent_id", *WAVE], how="inner")
    )


def _counted(answers: pl.LazyFrame) -> pl.DataFrame:
    """How many answers are alike: of one question, background and value."""
    alike = [*WAVE, "question_id", "background", "answer_kind_code", "value"]
    more = ["scale_min", "scale_max", "is_valid"]
    counted = answers.group_by(*alike, *more).agg(k=pl.len().cast(pl.Int64))
    return counted.collect(engine="streaming").sort(alike)


def _flagged(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers with whether they are among the two best or worst, and whether they are answers."""
    value, low, high = pl.col("value"), pl.col("scale_min"), pl.col("scale_max")
    is_wide = high - low >= _LEAST_WIDTH
    is_eleven = high - low == _ELEVEN_POINTS
    worst = pl.when(is_eleven).then(low + 6).otherwise(low + 1)
    return answers.with_columns(
        is_top=pl.when(is_wide).then(value >= high - 1),
        is_bottom=pl.when(is_wide).then(value <= worst),
        is_answered=pl.col("answer_kind_code").is_in(ANSWERED),
    )


def _counts(flagged: pl.DataFrame, categories: pl.DataFrame) -> pl.DataFrame:
    kind, k = pl.col("answer_kind_code"), pl.col("k")
    n = k.filter("is_valid").sum()
    total = (pl.col("value") * k).sum()
    return (
        flagged.join(categories.drop(*WAVE, "n"), on="background", how="inner", validate="m:m")
        .group_by(KEY)
        .agg(
            n=n,
            n_answered=k.filter("is_answered").sum(),
            n_dont_know=k.filter(kind == "dont_know").sum(),
            n_not_asked=k.filter(kind == "not_asked").sum(),
            mean=pl.when(n > 0).then(total / n),
            # From sums of whole numbers, exact in any order of rows: the same bytes on any machine.
            spread=(
                (n * (pl.col("value") ** 2 * k).sum() - total**2).clip(lower_bound=0.0)
                / (n * (n - 1.0))
            ).sqrt(),
            n_top=pl.when(pl.col("is_top").is_not_null().any()).then(k.filter("is_top").sum()),
            n_bottom=pl.when(pl.col("is_bottom").is_not_null().any()).then(
                k.filter("is_bottom").sum()
            ),
        )
    )


def _weighted_cells(
    flagged: pl.DataFrame, categories: pl.DataFrame, *, backgrounds: pl.DataFrame, how: Weighting
) -> pl.DataFrame:
    """One row per cell of the weighted waves: ``KEY`` and weighted figures, ``w_`` before each."""
    names = {name: f"w_{name}" for name in WEIGHTED_FIGURES}
    schema = dict.fromkeys(KEY, pl.String) | dict.fromkeys(names.values(), pl.Float64)
    raked = how.schemes.filter(pl.col("weight_scheme_code") == RAKED)
    places = categories.drop(*WAVE, "n")
    parts = [pl.DataFrame(schema=schema)]
    for wave in raked.select(WAVE).sort(WAVE).iter_rows(named=True):
        here = [pl.col(name) == code for name, code in wave.items()]
        people = (
            backgrounds.filter(here)
            .with_columns(pl.col(WEIGHT_CODES).fill_null(UNKNOWN))
            .join(how.weights.filter(here), on=list(WEIGHT_CODES), how="inner", validate="m:1")
            .select("background", "n", "weight", *WEIGHT_MARGINS)
        )
        valid = flagged.filter(here, pl.col("is_valid")).sort("question_id")
        for asked in valid.partition_by("question_id", maintain_order=True):
            told = asked.join(places, on="background", how="inner", validate="m:m")
            cells = estimate_wave_cells(told, people, cell=KEY, margins=WEIGHT_MARGINS)
            parts.append(cells.rename(names).select(list(schema)))
    return pl.concat(parts)


def _with_intervals(figures: pl.DataFrame) -> pl.DataFrame:
    is_weighted = pl.col("weight_scheme_code") == RAKED
    asked = pl.col("n_respondents") - pl.col("n_not_asked")
    answered = pl.col("n_answered")
    return (
        with_intervals(with_points(figures, is_weighted=is_weighted), is_weighted=is_weighted)
        .with_columns(
            is_weighted=is_weighted,
            deff=pl.when(is_weighted).then("w_deff").otherwise(1.0),
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
