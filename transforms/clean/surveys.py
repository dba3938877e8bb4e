"""Waves and questions of surveys: text to typed rows.

Belongs here: ``core_surveys__waves`` and ``core_surveys__questions``. Does not: who answered
(``transforms.clean.respondents``) and what (``transforms.clean.answers``).
"""

from collections.abc import Sequence

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.numbers import parse_number
from transforms.clean.times import parse_date
from transforms.parse.encoding import repair_mojibake

_WAVE_COLUMNS = (
    "survey_id", "wave_code", "title", "mode_code", "design_code", "opened_on", "closed_on",
    "frame_code", "frame_least_age", "n_frame", "n_invited", "is_staff_involved",
    "use_budget_year", "line_no",
)  # fmt: skip
_QUESTION_COLUMNS = (
    "survey_id", "wave_code", "question_id", "matrix_id", "position", "question_fi", "question_sv",
    "question_en", "question_type_code", "role_code", "scale_min", "scale_max",
    "is_scale_reversed", "service_id", "line_no",
)  # fmt: skip
_TRUTH = {"true": True, "false": False}


def clean_waves(frame: pl.DataFrame) -> Cleaned:
    """Rows of ``core_surveys__waves``; rejected without survey, wave or title, or with a bad value.

    Args:
        frame: Text frame of ``transforms.parse.questionnaire_rows``.
    """
    days = ("opened_on", "closed_on")
    numbers = ("frame_least_age", "n_frame", "n_invited", "use_budget_year")
    readable = _readable(frame, ("title",))
    parsed_days = {name: parse_date(name) for name in days}
    rules = [
        *_required("survey_id", "wave_code", "title"),
        *(RejectRule(parsed_days[n].is_bad, "unreadable_date", n, "a day") for n in days),
        *(_bad_number(n) for n in numbers),
    ]
    split = split_rows(readable, rules)
    typed = split.frame.with_columns(
        *(parsed_days[name].value.alias(name) for name in days),
        *(parse_number(name).value.cast(pl.Int64).alias(name) for name in numbers),
        _truth("is_staff_involved"),
    )
    return Cleaned(typed.select(_WAVE_COLUMNS), split.rejects)


def clean_questions(frame: pl.DataFrame) -> Cleaned:
    """Rows of ``core_surveys__questions``; rejected without key, wording, type or role.

    A question without a direction of its scale counts as not reversed.

    Args:
        frame: Text frame of ``questionnaire_rows`` or of Webropol's own questions.
    """
    numbers = ("position", "scale_min", "scale_max")
    readable = _readable(frame, ("question_fi", "question_sv", "question_en"))
    required = ("survey_id", "wave_code", "question_id", "position", "question_fi")
    rules = [
        *_required(*required, "question_type_code", "role_code"),
        *(_bad_number(name) for name in numbers),
    ]
    split = split_rows(readable, rules)
    typed = split.frame.with_columns(
        *(parse_number(name, decimal=".").value.alias(name) for name in numbers),
        _truth("is_scale_reversed").fill_null(value=False),
    ).with_columns(pl.col("position").cast(pl.Int64))
    return Cleaned(typed.select(_QUESTION_COLUMNS), split.rejects)


def _readable(frame: pl.DataFrame, written: Sequence[str]) -> pl.DataFrame:
    repaired = repair_mojibake(frame, written).drop("is_mojibake_repaired")
    stripped = pl.col(pl.String).str.strip_chars()
    return repaired.with_columns(pl.when(stripped != "").then(stripped).name.keep())


def _required(*columns: str) -> list[RejectRule]:
    return [
        RejectRule(pl.col(name).is_null(), f"missing_{name}", name, "a value") for name in columns
    ]


def _bad_number(name: str) -> RejectRule:
    return RejectRule(parse_number(name, decimal=".").is_bad, "not_a_number", name, "a number")


def _truth(name: str) -> pl.Expr:
    return pl.col(name).replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)
