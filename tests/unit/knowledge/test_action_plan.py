"""The departments' actions: in time or late, and what changed in the published cells after them."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from transforms.knowledge.action_plan import compute_action_plan, measure_effects

AS_OF = date(2026, 6, 30)
ROW = "survey_id=kirjasto;wave_code=2024;question_id=aukiolo"


def plan(**changes: object) -> pl.DataFrame:
    schema = load_contracts()["core_actions__actions"].schema
    row = {
        "action_id": "KAU-1",
        "created_on": date(2025, 1, 10),
        "due_on": date(2025, 3, 31),
        "status_code": "done",
        "closed_on": date(2025, 4, 10),
        "effect_dataset": "service_satisfaction",
        "effect_column": "top2_share",
        "evidence_dataset": "service_satisfaction",
        "evidence_column": "mean",
        "evidence_key": ROW,
    }
    frame = pl.DataFrame([dict.fromkeys(schema) | row | changes], schema=schema)
    return compute_action_plan(frame, as_of=AS_OF)


def satisfaction(*waves: tuple[str, date, float | None, str]) -> pl.DataFrame:
    """Waves of one question: code, end, satisfied of 100, wording; intervals of ± 0.1."""
    return pl.DataFrame(
        [
            {
                "survey_id": "kirjasto",
                "wave_code": code,
                "question_id": "aukiolo",
                "closed_on": day,
                "question_fi": wording,
                "scale_min": 1.0,
                "scale_max": 5.0,
                "n": 100,
                "top2_share": share,
                "top2_low": None if share is None else share - 0.1,
                "top2_high": None if share is None else share + 0.1,
                "is_suppressed": share is None,
            }
            for code, day, share, wording in waves
        ]
    )


BEFORE = ("2024", date(2024, 10, 31), 0.4, "Riittävätkö aukioloajat?")
AFTER = ("2025", date(2025, 10, 31), 0.7, "Riittävätkö aukioloajat?")


def effect(plan: pl.DataFrame, *waves: tuple[str, date, float | None, str]) -> dict[str, object]:
    tables = {"service_satisfaction": satisfaction(*waves)} if waves else {}
    return measure_effects(plan, tables=tables).row(0, named=True)


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({}, 10),
        ({"closed_on": date(2025, 3, 1)}, 0),
        ({"status_code": "under_way", "closed_on": None}, 456),
        ({"status_code": "dropped"}, None),
        ({"due_on": None}, None),
    ],
    ids=["closed late", "closed in time", "open and late", "dropped", "without a due day"],
)
def test_lateness_runs_to_the_closing_or_to_the_snapshot(
    changes: dict[str, object], days: int | None
) -> None:
    assert plan(**changes)["days_late"].to_list() == [days]


def test_action_of_a_day_to_come_is_left_out() -> None:
    assert plan(created_on=date(2026, 7, 1)).height == 0


def test_effect_is_the_next_wave_after_the_action_minus_the_wave_of_the_evidence() -> None:
    found = effect(plan(), BEFORE, AFTER)

    assert (found["value_before"], found["value_after"]) == (0.4, 0.7)
    assert found["effect"] == pytest.approx(0.3)
    # Square and add: 0.3 ± √(0.1² + 0.1²).
    assert found["effect_low"] == pytest.approx(0.3 - 0.02**0.5)
    assert found["effect_high"] == pytest.approx(0.3 + 0.02**0.5)
    assert found["effect_verdict_code"] == "better"
    assert found["effect_reference"] == f"service_satisfaction.top2_share[{ROW}]"


def test_wave_before_the_action_was_done_shows_no_effect() -> None:
    early = ("2025a", date(2025, 4, 10), 0.9, "Riittävätkö aukioloajat?")

    assert effect(plan(), BEFORE, early)["effect_verdict_code"] == "not_measured"
    assert effect(plan(), BEFORE, early, AFTER)["value_after"] == 0.7


def test_interval_that_holds_zero_is_no_evidence() -> None:
    same = ("2025", date(2025, 10, 31), 0.45, "Riittävätkö aukioloajat?")

    assert effect(plan(), BEFORE, same)["effect_verdict_code"] == "no_evidence"


def test_fewer_content_is_worse() -> None:
    less = ("2025", date(2025, 10, 31), 0.15, "Riittävätkö aukioloajat?")

    assert effect(plan(), BEFORE, less)["effect_verdict_code"] == "worse"


def test_other_wording_is_not_comparable() -> None:
    other = ("2025", date(2025, 10, 31), 0.9, "Onko kirjasto auki tarpeeksi?")
    found = effect(plan(), BEFORE, other)

    assert found["effect_verdict_code"] == "not_comparable"
    assert found["effect"] is None


def test_withheld_cell_is_not_measured() -> None:
    withheld = ("2025", date(2025, 10, 31), None, "Riittävätkö aukioloajat?")
    found = effect(plan(), BEFORE, withheld)

    assert (found["value_after"], found["effect_verdict_code"]) == (None, "not_measured")


def test_what_the_department_entered_stands_without_a_cell() -> None:
    found = effect(plan(value_before=3.0, value_after=3.5))

    assert (found["value_before"], found["value_after"], found["effect"]) == (3.0, 3.5, 0.5)
    assert found["effect_verdict_code"] == "not_measured"


def test_columns_are_those_of_the_contracts() -> None:
    contracts = load_contracts()
    made = {
        "mart_action__plan_status": plan(),
        "public_action__plan_status": measure_effects(plan(), tables={}),
    }

    for name, frame in made.items():
        wanted = dict(list(contracts[name].schema.items())[:-4])
        assert {column: frame.schema[column] for column in wanted} == wanted
