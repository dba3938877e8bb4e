"""A questionnaire as text frames: its wave, its questions, and its answer alternatives.

Belongs here: nothing but the change of shape.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from transforms.parse.questionnaire import (
    Item,
    Questionnaire,
    Variable,
    scale_value,
)

WAVES = "core_surveys__waves"
QUESTIONS = "core_surveys__questions"

WAVE_COLUMNS = (
    "survey_id", "wave_code", "title", "mode_code", "design_code", "opened_on", "closed_on",
    "frame_code", "frame_least_age", "n_frame", "n_invited", "is_staff_involved",
    "use_budget_year",
)  # fmt: skip
QUESTION_COLUMNS = (
    "survey_id", "wave_code", "question_id", "matrix_id", "position", "question_fi", "question_sv",
    "question_en", "question_type_code", "role_code", "scale_min", "scale_max",
    "is_scale_reversed", "service_id",
)  # fmt: skip
#: One row per question and answer alternative; ``background`` is what the question tells of the
#: respondent, null for substantive questions.
CODELIST_SCHEMA: Mapping[str, pl.DataType] = {
    "survey_id": pl.String(),
    "wave_code": pl.String(),
    "question_id": pl.String(),
    "background": pl.String(),
    "code": pl.String(),
    "value": pl.Float64(),
    "kind": pl.String(),
    "maps_to": pl.String(),
    "label_fi": pl.String(),
    "label_sv": pl.String(),
    "label_en": pl.String(),
}
NPS_BOUNDS = (0.0, 10.0)


def questionnaire_rows(questionnaire: Questionnaire) -> dict[str, pl.DataFrame]:
    """Text frames of ``WAVES`` (one row) and ``QUESTIONS`` (one row per variable, in order).

    ``line_no`` is the variable's place in the file, from 1. Bounds of a scale are those of its
    valid alternatives.
    """
    return {
        WAVES: text_frame([_wave(questionnaire)], WAVE_COLUMNS, [1]),
        QUESTIONS: text_frame(
            [_question(questionnaire, v, n) for n, v in enumerate(questionnaire.variables, 1)],
            QUESTION_COLUMNS,
            list(range(1, len(questionnaire.variables) + 1)),
        ),
    }


def codelist_rows(questionnaire: Questionnaire) -> pl.DataFrame:
    """Answer alternatives of every variable that has a codelist, in ``CODELIST_SCHEMA``."""
    survey = questionnaire.survey
    rows = [
        {
            "survey_id": survey.id,
            "wave_code": survey.wave,
            "question_id": variable.name,
            "background": variable.background,
            "code": item.code,
            "value": scale_value(item),
            "kind": item.kind,
            "maps_to": item.maps_to,
            "label_fi": item.label.fi,
            "label_sv": item.label.sv,
            "label_en": item.label.en,
        }
        for variable in questionnaire.variables
        for item in _items(questionnaire, variable)
    ]
    return pl.DataFrame(rows, schema=dict(CODELIST_SCHEMA))


def empty_codelists() -> pl.DataFrame:
    """No answer alternatives, for answers that come without a questionnaire."""
    return pl.DataFrame(schema=dict(CODELIST_SCHEMA))


def text_frame(
    rows: Sequence[Mapping[str, str | None]], columns: Sequence[str], line_nos: Sequence[int]
) -> pl.DataFrame:
    """A text frame with ``columns`` and ``line_no``; absent keys are null."""
    series = [
        pl.Series(column, [row.get(column) for row in rows], dtype=pl.String) for column in columns
    ]
    return pl.DataFrame([*series, pl.Series("line_no", line_nos, dtype=pl.Int64)])


def _items(questionnaire: Questionnaire, variable: Variable) -> Sequence[Item]:
    return () if variable.codelist is None else questionnaire.codelists[variable.codelist].items


def _wave(questionnaire: Questionnaire) -> dict[str, str | None]:
    survey = questionnaire.survey
    return {
        "survey_id": survey.id,
        "wave_code": survey.wave,
        "title": survey.title.fi,
        "mode_code": survey.mode,
        "design_code": survey.design,
        "opened_on": _text(survey.opened),
        "closed_on": _text(survey.closed),
        "frame_code": survey.frame,
        "frame_least_age": _text(survey.frame_age_from),
        "n_frame": _text(survey.frame_n),
        "n_invited": _text(survey.invited_n),
        "is_staff_involved": _text(survey.staff_involved),
        "use_budget_year": _text(survey.use_budget_year),
    }


def _question(
    questionnaire: Questionnaire, variable: Variable, place: int
) -> dict[str, str | None]:
    low, high = _bounds(questionnaire, variable)
    return {
        "survey_id": questionnaire.survey.id,
        "wave_code": questionnaire.survey.wave,
        "question_id": variable.name,
        "matrix_id": variable.matrix,
        "position": str(place),
        "question_fi": variable.qtext.fi,
        "question_sv": variable.qtext.sv,
        "question_en": variable.qtext.en,
        "question_type_code": variable.type,
        "role_code": variable.role,
        "scale_min": _text(low),
        "scale_max": _text(high),
        "is_scale_reversed": _text(variable.is_reversed),
        "service_id": variable.service,
    }


def _bounds(
    questionnaire: Questionnaire, variable: Variable
) -> tuple[float, float] | tuple[None, None]:
    if variable.type == "nps":
        return NPS_BOUNDS
    if variable.type != "scale":
        return None, None
    items = _items(questionnaire, variable)
    values = [v for item in items if item.kind == "valid" and (v := scale_value(item)) is not None]
    return (min(values), max(values)) if values else (None, None)


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
