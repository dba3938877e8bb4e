"""Reference tables: the model's measures as its text has them, and dated lists."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data_contracts.contract import load_codes, load_contracts
from data_contracts.row_rules import first_broken_rule
from transforms.clean.reference import REFERENCE_TABLES, reference_table

MODEL = Path(__file__).resolve().parents[3] / "../shared/model"
FIVE = "lapset;nuoret;vammaiset;vanhukset;maahanmuuttajat"
FOUR = "lapset;vammaiset;vanhukset;maahanmuuttajat"
#: Typed by hand from MEASURES.md §2; a year range ends with the last day of its last year.
DEADLINES = {
    "2020-3.1.2": (date(2020, 1, 1), date(2021, 12, 31)),
    "2020-3.1.3": (date(2020, 1, 1), date(2022, 12, 31)),
    "2020-3.2.3": (date(2021, 1, 1), date(2023, 12, 31)),
    "2020-3.3.3": (date(2020, 1, 1), date(2021, 12, 31)),
    "2020-3.4.2": (date(2020, 1, 1), date(2021, 12, 31)),
    "2023-2.1.2": (date(2024, 1, 1), date(2025, 12, 31)),
    "2023-2.1.3": (date(2024, 1, 1), date(2025, 12, 31)),
    "2023-2.1.4": (date(2024, 1, 1), date(2024, 12, 31)),
    "2023-2.1.5": (date(2023, 1, 1), date(2026, 12, 31)),
    "2023-2.2.1": (date(2023, 1, 1), date(2025, 12, 31)),
    "2023-2.2.2": (date(2024, 1, 1), date(2025, 12, 31)),
}
SUCCESSORS = {
    "2020-3.1.1": "2023-2.1.1", "2020-3.1.2": "2023-2.1.2", "2020-3.1.3": "2023-2.1.5",
    "2020-3.1.4": "2023-2.1.6", "2020-3.2.1": None, "2020-3.2.2": "2023-2.4.1",
    "2020-3.2.3": "2023-2.2.1", "2020-3.2.4": "2023-2.2.3", "2020-3.3.1": "2023-2.3.1",
    "2020-3.3.2": "2023-2.3.2", "2020-3.3.3": "2023-2.4.1", "2020-3.3.4": "2023-2.3.3",
    "2020-3.3.5": "2023-2.2.4", "2020-3.4.1": "2023-2.4.2", "2020-3.4.2": "2023-2.2.2",
    "2020-3.4.3": "2023-2.4.3", "2020-3.4.4": "2023-2.4.5", "2020-3.4.5": "2023-2.4.6",
}  # fmt: skip


def table(name: str) -> pl.DataFrame:
    return reference_table(name, codes=load_codes(), schema=load_contracts()[name].schema)


@pytest.fixture
def measures() -> pl.DataFrame:
    return table("core_reference__measures")


@pytest.mark.parametrize("name", REFERENCE_TABLES)
def test_reference_tables_keep_their_contract(name: str) -> None:
    contract, frame = load_contracts()[name], table(name)

    broken = frame.select(first_broken_rule(contract, present=set(frame.columns)).alias("rule"))

    assert frame.schema == contract.schema
    assert broken["rule"].drop_nulls().to_list() == []
    assert frame.select(contract.key).is_duplicated().sum() == 0


def test_there_are_eighteen_measures_of_2020_and_nineteen_of_2023(measures: pl.DataFrame) -> None:
    counts = dict(measures["model_version"].value_counts().iter_rows())

    assert measures.height == 37
    assert counts == {"2020": 18, "2023": 19}


def test_deadlines_are_those_of_the_model(measures: pl.DataFrame) -> None:
    dated = measures.filter(pl.col("starts_on").is_not_null() | pl.col("ends_on").is_not_null())

    found = {r["measure_id"]: (r["starts_on"], r["ends_on"]) for r in dated.rows(named=True)}

    assert found == DEADLINES


def test_every_measure_of_2020_has_its_successor_or_was_dropped(measures: pl.DataFrame) -> None:
    old = measures.filter(model_version="2020")

    assert dict(old.select("measure_id", "successor_ids").iter_rows()) == SUCCESSORS
    orphans = old.filter(pl.col("successor_ids").is_null())
    assert orphans.select("measure_id", "change_kind_code").rows() == [("2020-3.2.1", "dropped")]


def test_measures_without_predecessor_are_new(measures: pl.DataFrame) -> None:
    new = measures.filter(pl.col("predecessor_ids").is_null(), model_version="2023")

    assert set(new["measure_id"]) == {"2023-2.1.3", "2023-2.1.4", "2023-2.4.4"}
    assert set(new["change_kind_code"]) == {"new"}


def test_two_measures_of_feedback_became_one(measures: pl.DataFrame) -> None:
    row = measures.row(by_predicate=pl.col("measure_id") == "2023-2.4.1", named=True)

    assert row["predecessor_ids"] == "2020-3.2.2;2020-3.3.3"
    assert row["change_kind_code"] == "merged"


@pytest.mark.parametrize(
    ("measure_id", "groups"),
    [
        ("2020-3.2.3", FIVE),
        ("2023-2.2.1", FIVE),
        ("2020-3.3.1", FOUR),
        ("2023-2.3.1", FOUR),
    ],
)
def test_planning_names_five_groups_and_services_four_without_the_young(
    measures: pl.DataFrame, measure_id: str, groups: str
) -> None:
    assert measures.filter(measure_id=measure_id)["groups"].to_list() == [groups]


def test_measures_without_a_goal_sentence_say_so(measures: pl.DataFrame) -> None:
    without = measures.filter(~pl.col("has_goal_sentence"))

    assert set(without["measure_id"]) == {"2023-2.1.3", "2023-2.1.6"}
    assert measures["goal_fi"].null_count() == 0


def test_a_measure_is_named_by_version_and_section_and_lies_in_its_part(
    measures: pl.DataFrame,
) -> None:
    for row in measures.rows(named=True):
        assert row["measure_id"] == f"{row['model_version']}-{row['section']}"
        assert row["section"].split(".")[1] == row["part_code"]


def test_a_target_has_a_unit_and_a_share_is_at_most_one(measures: pl.DataFrame) -> None:
    targets = measures.filter(pl.col("target_value").is_not_null())

    assert targets["target_unit_code"].null_count() == 0
    assert targets.filter(pl.col("target_unit_code") == "share")["target_value"].max() == 1.0


def test_indicators_are_columns_that_the_house_has(measures: pl.DataFrame) -> None:
    named = measures["indicator_ids"].drop_nulls().str.split(";").explode()
    contracts = load_contracts()

    lost = [i for i in named if (p := i.split("."))[1] not in contracts[p[0]].schema]

    assert lost == []


def test_a_measure_without_a_source_has_no_indicator(measures: pl.DataFrame) -> None:
    no_source = measures["evidence_rule_code"] == "none"

    assert (measures["indicator_ids"].is_null() == no_source).all()


@pytest.mark.skipif(not MODEL.exists(), reason="the model's texts are not beside the project")
@pytest.mark.parametrize("version", ["2020", "2023"])
def test_titles_and_goals_stand_in_the_model_word_for_word(
    measures: pl.DataFrame, version: str
) -> None:
    text = (MODEL / f"osallisuusmalli-{version}.txt").read_text(encoding="utf-8")
    plain = re.sub(r"\s+", " ", text)

    rows = measures.filter(model_version=version).select("title_fi", "goal_fi").rows()

    assert [words for row in rows for words in row if words not in plain] == []


def test_reviewed_departments_are_those_of_the_city(measures: pl.DataFrame) -> None:
    reviewed = set(load_codes()["reviewed_department"]["code"]) - {"all"}

    assert reviewed == set(load_codes()["departments"]["department_id"]) - {"ulkopuolinen"}


def test_health_services_left_at_the_end_of_2022() -> None:
    services = table("core_reference__services")

    left = services.filter(pl.col("valid_to").is_not_null())

    assert set(left["service_id"]) == {"terveys", "sosiaali", "vanhus", "vammais"}
    assert set(left["valid_to"]) == {date(2022, 12, 31)}
