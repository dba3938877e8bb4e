"""Marts of surveys, areas and groups have the columns of their contracts, also when empty."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data_contracts.contract import load_contracts
from tests.support.core_rows import core_rows
from transforms.knowledge.heard_groups import HeardFrames, compute_heard_groups
from transforms.knowledge.heard_processes import ProcessFrames, compute_heard_processes
from transforms.knowledge.representativeness import (
    Sample,
    compute_representativeness,
    compute_survey_weights,
)
from transforms.knowledge.response_times import compute_area_differences
from transforms.knowledge.satisfaction import SurveyFrames, Weighting, compute_satisfaction
from transforms.knowledge.satisfaction_change import compute_satisfaction_change

AS_OF = date(2025, 12, 31)
LINEAGE = 4
Row = dict[str, object]
KEY: Row = {"survey_id": "asukkaat", "wave_code": "2025"}
ROWS: dict[str, list[Row]] = {
    "core_surveys__waves": [
        KEY | {"title": "Asukaskysely", "frame_code": "residents", "opened_on": date(2025, 1, 7)}
    ],
    "core_surveys__questions": [
        KEY
        | {"question_id": "q", "question_type_code": "scale", "role_code": "substantive"}
        | {"question_fi": "?", "scale_min": 1.0, "scale_max": 5.0, "is_scale_reversed": False}
    ],
    "core_surveys__respondents": [
        KEY | {"respondent_id": f"r{k}", "gender_code": "female" if k < 6 else "male"}
        for k in range(12)
    ],
    "core_surveys__answers": [
        KEY
        | {"respondent_id": f"r{k}", "question_id": "q", "item_code": ""}
        | {"answer_kind_code": "valid", "answer_num": float(1 + k % 5)}
        for k in range(12)
    ],
    "core_participation__events": [
        {"event_id": "T-1", "held_on": date(2025, 3, 1), "process_id": "P-1"}
        | {"department_id": "elinvoima", "n_attendees": 20, "n_nuoret": 4}
    ],
    "core_reference__population": [
        {"population_year": 2024, "area_code": "all", "age_band_code": "all"}
        | {"language_code": "all", "gender_code": gender, "n_residents": 100}
        for gender in ("female", "male")
    ],
}


def marts(*, is_empty: bool = False, seed: int | None = None) -> dict[str, pl.DataFrame]:
    """Every mart of an honest house; shuffled when there is a seed."""

    def table(name: str) -> pl.DataFrame:
        rows = core_rows(name, *([] if is_empty else ROWS.get(name, [])))
        return rows if seed is None else rows.sample(fraction=1.0, shuffle=True, seed=seed)

    surveys = [
        table(f"core_surveys__{t}") for t in ("waves", "questions", "respondents", "answers")
    ]
    population = table("core_reference__population")
    sample = Sample(*surveys, population)
    weights = compute_survey_weights(sample, as_of=AS_OF)
    found = compute_representativeness(sample, as_of=AS_OF)
    schemes = found.filter(pl.col("breakdown_code") == "total").select(
        "survey_id", "wave_code", "weight_scheme_code", "warning_code"
    )
    satisfaction = compute_satisfaction(
        surveys=SurveyFrames(*surveys),
        services=core_rows("core_reference__services"),
        as_of=AS_OF,
        weighting=Weighting(schemes, weights),
    )
    tickets, events = table("core_feedback__tickets"), table("core_feedback__events")
    acts = table("core_acts__acts")
    others = ("core_participation__events", "core_actions__actions")
    heard = HeardFrames(
        *surveys, acts, table("core_text__labels"), tickets, events, *map(table, others), population
    )
    places = acts.select("service_id", "department_id", "area_code", "channel_code", "is_forwarded")
    return {
        "mart_survey__weights": weights,
        "mart_survey__representativeness": found,
        "mart_service__satisfaction": satisfaction,
        "mart_satisfaction__change": compute_satisfaction_change(
            satisfaction=satisfaction, waves=surveys[0], questions=surveys[1]
        ),
        "mart_group__heard_index": compute_heard_groups(heard, groups=("nuoret",), as_of=AS_OF),
        "mart_group__heard_processes": compute_heard_processes(
            ProcessFrames(
                table("core_participation__events"), table("core_reference__measures"), population
            ),
            groups=("nuoret",),
            as_of=AS_OF,
        ),
        "mart_feedback__area_differences": compute_area_differences(
            tickets=tickets,
            events=events,
            places=places.with_columns(ticket_id=pl.lit("")),
            as_of=AS_OF,
        ),
    }


@pytest.mark.parametrize("is_empty", [False, True], ids=["with rows", "without rows"])
def test_marts_have_the_columns_and_types_of_their_contracts(*, is_empty: bool) -> None:
    for name, frame in marts(is_empty=is_empty).items():
        promised = dict(list(load_contracts()[name].schema.items())[:-LINEAGE])
        assert dict(frame.schema) == promised, name


def test_required_columns_hold_no_null_and_keys_are_unique() -> None:
    for name, frame in marts().items():
        table = load_contracts()[name]
        required = [c.name for c in table.columns[:-LINEAGE] if c.is_required]
        assert frame.select(required).null_count().sum_horizontal().sum() == 0, name
        assert frame.select(table.key).is_duplicated().sum() == 0, name


def test_weights_reach_the_satisfaction() -> None:
    found = marts()

    assert found["mart_service__satisfaction"]["weight_scheme_code"].unique().to_list() == ["raked"]
    assert found["mart_survey__weights"].height == 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_the_rows_read_does_not_matter(seed: int) -> None:
    shuffled = marts(seed=seed)

    for name, frame in marts().items():
        assert_frame_equal(shuffled[name], frame, check_exact=True)
