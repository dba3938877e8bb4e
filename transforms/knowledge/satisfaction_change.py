"""D04 satisfaction_change: whether satisfaction changed from wave to wave, or cannot be told.

Nothing is compared when the question's text, its scale, the mode, the population or the weighting
changed: *not comparable* wins over everything. See ``docs/methods/change.md``.
"""

from typing import Final

import polars as pl

from transforms.statistics.change import mean_difference, share_difference, verdict
from transforms.statistics.multiple import adjust_within

WAVE: Final = ("survey_id", "wave_code")
KEY: Final = (*WAVE, "question_id")
#: Break → columns of which a difference makes it; in the order of codes/comparison_break.csv.
BREAKS: Final = {
    "question_text": ("asked_text",),
    "scale": ("question_type_code", "scale_min", "scale_max", "is_scale_reversed"),
    "mode": ("mode_code",),
    "population": ("design_code", "frame_code", "frame_least_age", "service_id"),
    "weighting": ("is_weighted",),
}
COLUMNS: Final = (
    *KEY,
    "previous_wave_code",
    "service_id",
    "department_id",
    "survey_title",
    "question_fi",
    "closed_on",
    "is_preliminary",
    "is_open_survey",
    "is_weighted",
    "break_codes",
    "n_previous",
    "n",
    "mean_previous",
    "mean",
    "mean_difference",
    "mean_difference_low",
    "mean_difference_high",
    "top2_share_previous",
    "top2_share",
    "top2_difference",
    "top2_difference_low",
    "top2_difference_high",
    "p_value",
    "p_value_bh",
    "verdict_code",
)


def compute_satisfaction_change(
    *, satisfaction: pl.DataFrame, waves: pl.DataFrame, questions: pl.DataFrame
) -> pl.DataFrame:
    """One row per survey, wave and question that an earlier wave of the survey asked too.

    Args:
        satisfaction: mart_service__satisfaction; only the totals are compared.
        waves: core_surveys__waves; wave codes sort in time.
        questions: core_surveys__questions.

    Returns:
        The columns of mart_satisfaction__change without lineage, sorted by key. The wave compared
        with is the latest earlier one that asked the question. p is adjusted over all questions of
        all services in the survey's wave; those not compared do not count.
    """
    pairs = _pairs(_totals(satisfaction, waves, questions))
    is_comparable = pl.col("break_codes").is_null()
    compared = _with_differences(pairs.filter(is_comparable))
    unlike = pairs.filter(~is_comparable)
    both = pl.concat([compared, unlike], how="diagonal")
    return (
        both.with_columns(p_value_bh=adjust_within("p_value", WAVE))
        .with_columns(
            verdict_code=verdict(
                difference=pl.col("mean_difference"),
                p_adjusted=pl.col("p_value_bh"),
                is_comparable=is_comparable,
            ),
            is_open_survey=pl.col("is_open_survey") | pl.col("is_open_survey_previous"),
            is_weighted=pl.col("is_weighted") & pl.col("is_weighted_previous"),
        )
        .select(COLUMNS)
        .sort(KEY)
    )


def _totals(
    satisfaction: pl.DataFrame, waves: pl.DataFrame, questions: pl.DataFrame
) -> pl.DataFrame:
    """One row per survey, wave and question: its figures and how it was asked."""
    of_wave = waves.select(*WAVE, "mode_code", "design_code", "frame_code", "frame_least_age")
    words = pl.col("question_fi").str.to_lowercase().str.extract_all(r"[\p{L}\p{N}]+")
    of_question = questions.select(
        *KEY, "question_type_code", "is_scale_reversed", asked_text=words.list.join(" ")
    )
    return (
        satisfaction.filter(pl.col("breakdown_code") == "total")
        .join(of_wave, on=list(WAVE), how="left", validate="m:1")
        .join(of_question, on=list(KEY), how="left", validate="1:1")
    )


def _pairs(totals: pl.DataFrame) -> pl.DataFrame:
    """Each question beside the wave before, with the breaks between them."""
    figures = ("n", "n_eff", "mean", "mean_se", "top2_share", "is_open_survey")
    compared = dict.fromkeys(c for columns in BREAKS.values() for c in columns)
    before = [
        pl.col(name).shift(1).over("survey_id", "question_id").alias(f"{name}_previous")
        for name in (*figures, *compared)
    ]
    previous = pl.col("wave_code").shift(1).over("survey_id", "question_id")
    breaks = [
        pl.when(
            pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_previous")) for c in columns)
        ).then(pl.lit(code))
        for code, columns in BREAKS.items()
    ]
    joined = pl.concat_str(breaks, separator=";", ignore_nulls=True)
    return (
        totals.sort(KEY)
        .with_columns(*before, previous_wave_code=previous)
        .filter(pl.col("previous_wave_code").is_not_null())
        .with_columns(break_codes=pl.when(joined != "").then(joined))
    )


def _with_differences(pairs: pl.DataFrame) -> pl.DataFrame:
    def column(name: str) -> pl.Series:
        return pairs[name].cast(pl.Float64).fill_null(float("nan"))

    now, before = (
        [column(f"{name}{end}").to_numpy() for name in ("mean", "mean_se", "n_eff")]
        for end in ("", "_previous")
    )
    mean, mean_low, mean_high, p_value = mean_difference(*now, *before)
    shares = [column(f"top2_share{end}").to_numpy() for end in ("", "_previous")]
    share, share_low, share_high = share_difference(shares[0], now[2], shares[1], before[2])
    figures = {
        "mean_difference": mean,
        "mean_difference_low": mean_low,
        "mean_difference_high": mean_high,
        "top2_difference": share,
        "top2_difference_low": share_low,
        "top2_difference_high": share_high,
        "p_value": p_value,
    }
    return pairs.with_columns(
        pl.Series(name, values, dtype=pl.Float64).fill_nan(None) for name, values in figures.items()
    )
