"""Goals of the budget and the published cells that they stand on, frozen."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from transforms.knowledge.goal_evidence import (
    FROZEN_SCHEMA,
    compute_goals,
    freeze_evidence,
    judge_goals,
)

SEEN, LATER = date(2026, 3, 31), date(2027, 3, 31)
ROW = "survey_id=kirjasto;wave_code=2025"
NOTHING = pl.DataFrame(schema=FROZEN_SCHEMA)


def goals(*rows: dict[str, object]) -> pl.DataFrame:
    schema = load_contracts()["core_budget__goals"].schema
    honest = {"goal_id": "SIV-1", "budget_year": 2027, "department_id": "sivistys_hyvinvointi"}
    return compute_goals(
        pl.DataFrame([dict.fromkeys(schema) | honest | row for row in rows], schema=schema)
    )


def named(**changes: object) -> dict[str, object]:
    return {
        "evidence_dataset": "service_satisfaction",
        "evidence_column": "mean",
        "evidence_key": ROW,
        "evidence_snapshot_on": SEEN,
    } | changes


def satisfaction(mean: float | None, **changes: object) -> dict[str, pl.DataFrame]:
    row = {
        "survey_id": "kirjasto",
        "wave_code": "2025",
        "closed_on": date(2025, 10, 31),
        "n": 240,
        "mean": mean,
        "mean_low": None if mean is None else mean - 0.2,
        "mean_high": None if mean is None else mean + 0.2,
        "is_suppressed": mean is None,
    }
    return {"service_satisfaction": pl.DataFrame([row | changes])}


def frozen(frame: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return freeze_evidence(frame, frozen=NOTHING, publications={SEEN: tables}, as_of=SEEN)


def judged(frame: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> dict[str, object]:
    kept = frozen(frame, tables)
    return judge_goals(frame, frozen=kept, tables=tables).row(0, named=True)


def test_goal_without_evidence_is_listed_as_none() -> None:
    found = judged(goals({}), satisfaction(3.1))

    assert (found["evidence_state_code"], found["strength_code"]) == ("none", "none")
    assert found["evidence_reference"] is None


def test_cell_is_frozen_with_its_interval_and_base() -> None:
    found = judged(goals(named()), satisfaction(3.1))

    assert found["evidence_reference"] == f"service_satisfaction.mean[{ROW}]"
    assert (found["evidence_value"], found["evidence_low"]) == (3.1, pytest.approx(2.9))
    assert (found["n_evidence"], found["frozen_on"]) == (240, SEEN)
    assert found["strength_code"] == "strong"


def test_frozen_cell_is_the_same_a_year_later_whatever_is_published_then() -> None:
    frame = goals(named())
    before = frozen(frame, satisfaction(3.1))

    after = freeze_evidence(
        frame, frozen=before, publications={LATER: satisfaction(4.4)}, as_of=LATER
    )

    assert after.equals(before)
    found = judge_goals(frame, frozen=after, tables=satisfaction(4.4)).row(0, named=True)
    assert (found["evidence_value"], found["frozen_on"]) == (3.1, SEEN)


def test_named_snapshot_is_taken_from_its_own_publication() -> None:
    kept = freeze_evidence(
        goals(named()),
        frozen=NOTHING,
        publications={SEEN: satisfaction(3.1), LATER: satisfaction(4.4)},
        as_of=LATER,
    )

    assert kept.select("evidence_value", "frozen_on").row(0) == (3.1, SEEN)


def test_snapshot_that_is_gone_is_taken_today_and_says_so() -> None:
    kept = freeze_evidence(
        goals(named()), frozen=NOTHING, publications={LATER: satisfaction(4.4)}, as_of=LATER
    )

    row = kept.row(0, named=True)
    assert (row["evidence_snapshot_on"], row["frozen_on"]) == (SEEN, LATER)


def test_reference_without_a_snapshot_is_frozen_once() -> None:
    frame = goals(named(evidence_snapshot_on=None))
    before = frozen(frame, satisfaction(3.1))

    after = freeze_evidence(
        frame, frozen=before, publications={LATER: satisfaction(4.4)}, as_of=LATER
    )

    assert after.equals(before)
    found = judge_goals(frame, frozen=after, tables={}).row(0, named=True)
    assert (found["evidence_value"], found["evidence_snapshot_on"]) == (3.1, SEEN)


def test_cell_that_was_not_found_is_looked_for_again() -> None:
    frame = goals(named())
    before = frozen(frame, {})

    after = freeze_evidence(
        frame, frozen=before, publications={LATER: satisfaction(4.4)}, as_of=LATER
    )

    assert before["evidence_state_code"].to_list() == ["not_found"]
    assert after["evidence_state_code"].to_list() == ["found"]


def test_withheld_cell_is_no_evidence_and_gives_no_number() -> None:
    found = judged(goals(named()), satisfaction(None))

    assert (found["evidence_state_code"], found["strength_code"]) == ("withheld", "none")
    assert found["evidence_value"] is None


@pytest.mark.parametrize(
    ("changes", "column", "strength"),
    [
        ({"n": 99}, "mean", "some"),
        ({"mean_low": 1.0}, "mean", "some"),
        ({"top2_share": 0.9, "top2_low": 0.85, "top2_high": 0.95}, "top2_share", "contrary"),
        ({"top2_share": 0.82, "top2_low": 0.75, "top2_high": 0.9}, "top2_share", "strong"),
    ],
    ids=["few answers", "wide interval", "people are content", "not surely content"],
)
def test_strength_follows_base_interval_and_direction(
    changes: dict[str, object], column: str, strength: str
) -> None:
    found = judged(goals(named(evidence_column=column)), satisfaction(3.1, **changes))

    assert found["strength_code"] == strength


def test_outcome_is_the_same_cell_of_the_first_wave_of_the_budget_year() -> None:
    tables = satisfaction(3.1)
    next_waves = pl.concat(
        [
            satisfaction(3.3, wave_code="2026", closed_on=date(2026, 10, 31))[
                "service_satisfaction"
            ],
            satisfaction(3.8, wave_code="2027", closed_on=date(2027, 10, 31))[
                "service_satisfaction"
            ],
        ]
    )
    later = {"service_satisfaction": pl.concat([tables["service_satisfaction"], next_waves])}
    frame = goals(named())

    found = judge_goals(frame, frozen=frozen(frame, tables), tables=later).row(0, named=True)

    assert found["value_next"] == 3.8


def test_columns_are_those_of_the_contracts() -> None:
    contracts, frame = load_contracts(), goals(named())
    kept = frozen(frame, satisfaction(3.1))
    made = {
        "mart_budget__goal_evidence": (frame, 4),
        "public_budget__evidence_snapshots": (kept, 4),
        "public_budget__goal_evidence": (judge_goals(frame, frozen=kept, tables={}), 6),
    }

    for name, (found, n_later) in made.items():
        wanted = dict(list(contracts[name].schema.items())[:-n_later])
        assert {column: found.schema[column] for column in wanted} == wanted
