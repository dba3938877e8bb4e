"""Marts of surveys and groups from stored tables: reading, and one call into knowledge."""

import polars as pl

from assets.house import House
from data_contracts.contract import code_values, load_codes
from transforms.knowledge.heard_groups import HeardFrames, compute_heard_groups
from transforms.knowledge.representativeness import (
    Sample,
    compute_representativeness,
    compute_survey_weights,
)
from transforms.knowledge.satisfaction import SurveyFrames, Weighting, compute_satisfaction
from transforms.knowledge.satisfaction_change import compute_satisfaction_change

WAVES, QUESTIONS = "core_surveys__waves", "core_surveys__questions"
RESPONDENTS, ANSWERS = "core_surveys__respondents", "core_surveys__answers"
POPULATION = "core_reference__population"
WEIGHTS, REPRESENTATIVENESS = "mart_survey__weights", "mart_survey__representativeness"
SATISFACTION = "mart_service__satisfaction"
SURVEYS = (WAVES, QUESTIONS, RESPONDENTS, ANSWERS)
_ACTS = ("core_acts__acts", "core_text__labels")
_FEEDBACK = ("core_feedback__tickets", "core_feedback__events")
_BY_HAND = ("core_participation__events", "core_actions__actions")
HEARD_INPUTS = (*SURVEYS, *_ACTS, *_FEEDBACK, *_BY_HAND, POPULATION)


def survey_weights(house: House) -> pl.DataFrame:
    """Weights of the waves that speak for residents."""
    return compute_survey_weights(_sample(house), as_of=house.as_of)


def representativeness(house: House) -> pl.DataFrame:
    """D05 by wave, variable and category."""
    return compute_representativeness(_sample(house), as_of=house.as_of)


def satisfaction(house: House) -> pl.DataFrame:
    """D03 by question and background, weighted where the wave is."""
    waves, questions, respondents, answers = (house.store.read(name) for name in SURVEYS)
    schemes = house.store.read(REPRESENTATIVENESS).filter(pl.col("breakdown_code") == "total")
    return compute_satisfaction(
        surveys=SurveyFrames(waves, questions, respondents, answers),
        services=load_codes()["services"],
        as_of=house.as_of,
        weighting=Weighting(
            schemes.select("survey_id", "wave_code", "weight_scheme_code", "warning_code"),
            house.store.read(WEIGHTS),
        ),
    )


def satisfaction_change(house: House) -> pl.DataFrame:
    """D04 from wave to wave."""
    return compute_satisfaction_change(
        satisfaction=house.store.read(SATISFACTION),
        waves=house.store.read(WAVES),
        questions=house.store.read(QUESTIONS),
    )


def heard_groups(house: House) -> pl.DataFrame:
    """D13 by group, way of being heard and year."""
    frames = HeardFrames(*(house.store.read(name) for name in HEARD_INPUTS))
    return compute_heard_groups(frames, groups=code_values("group"), as_of=house.as_of)


def _sample(house: House) -> Sample:
    return Sample(*(house.store.read(name) for name in (*SURVEYS, POPULATION)))
