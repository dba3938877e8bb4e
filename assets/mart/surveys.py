"""Marts of surveys and groups from stored tables: reading, and one call into knowledge."""

import polars as pl

from assets.house import House
from data_contracts.contract import code_values, load_codes
from transforms.knowledge.heard_groups import HeardFrames, compute_heard_groups
from transforms.knowledge.heard_processes import ProcessFrames, compute_heard_processes
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
PROCESS_INPUTS = ("core_participation__events", "core_reference__measures", POPULATION)


def survey_weights(house: House) -> pl.DataFrame:
    """Weights of the waves that speak for residents."""
    return compute_survey_weights(_sample(house), as_of=house.as_of)


def representativeness(house: House) -> pl.DataFrame:
    """D05 by wave, variable and category."""
    return compute_representativeness(_sample(house), as_of=house.as_of)


def satisfaction(house: House) -> pl.DataFrame:
    """D03 by question and background, weighted where the wave is."""
    waves, questions = (house.store.read(name) for name in (WAVES, QUESTIONS))
    respondents, answers = (house.store.scan(name) for name in (RESPONDENTS, ANSWERS))
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
    read, scan = house.store.read, house.store.scan
    acts, labels = (scan(name) for name in _ACTS)
    tickets, events = (scan(name) for name in _FEEDBACK)
    occasions, actions = (read(name) for name in _BY_HAND)
    frames = HeardFrames(
        waves=read(WAVES),
        questions=read(QUESTIONS),
        respondents=scan(RESPONDENTS),
        answers=scan(ANSWERS),
        acts=acts,
        labels=labels,
        tickets=tickets,
        events=events,
        occasions=occasions,
        actions=actions,
        population=read(POPULATION),
    )
    return compute_heard_groups(frames, groups=code_values("group"), as_of=house.as_of)


def heard_processes(house: House) -> pl.DataFrame:
    """D13 by process and group."""
    frames = ProcessFrames(*(house.store.read(name) for name in PROCESS_INPUTS))
    return compute_heard_processes(frames, groups=code_values("group"), as_of=house.as_of)


def _sample(house: House) -> Sample:
    return Sample(
        waves=house.store.read(WAVES),
        questions=house.store.read(QUESTIONS),
        respondents=house.store.scan(RESPONDENTS),
        answers=house.store.scan(ANSWERS),
        population=house.store.read(POPULATION),
    )
