"""Ideas and notes of column-mapped tables become typed rows."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from transforms.clean.ideas import clean_ideas
from transforms.clean.notes import clean_notes

AN_IDEA = {
    "source_id": "2|17",
    "round_code": "2",
    "proposed_on": "2020-10-01",
    "text": "Penkkejä rantaraitille. Lisää istuimia joen varteen.",
    "area_name": "Eteläinen alue",
    "area_code": "etelainen",
    "state_name": "accepted",
    "cost_eur": "21428.57",
    "lat": "62.79012",
    "lon": "22.84034",
    "service_reported_id": None,
    "line_no": 2,
}
A_NOTE = {
    "source_id": "1",
    "noted_on": "3.2.2026",
    "unit_name": "Pääkirjasto",
    "kind_reported_code": "kiitos",
    "service_reported_id": "kirjasto",
    "area_code": None,
    "text": " Asiakas kiitti aukioloajoista. ",
    "line_no": 2,
}
BY_INTAKE = {"delivery_sha256", "text_id", "n_masked"}


def as_frame(honest: dict[str, object], *changes: dict[str, object]) -> pl.DataFrame:
    schema = {name: pl.Int64 if name == "line_no" else pl.String for name in honest}
    return pl.DataFrame([honest | change for change in changes], schema=schema)


def test_an_idea_is_typed() -> None:
    cleaned = clean_ideas(as_frame(AN_IDEA, {}), source_code="asukasbudjetti", decimal=".")

    row = cleaned.frame.row(0, named=True)
    assert row["idea_id"] == "asukasbudjetti|2|17"
    assert row["proposed_on"] == date(2020, 10, 1)
    assert row["cost_eur"] == 21428.57
    assert (row["lat"], row["lon"], row["location_quality_code"]) == (62.79, 22.84, "ok")


def test_an_idea_of_another_city_keeps_its_words_and_loses_its_place() -> None:
    frame = as_frame(AN_IDEA, {"lat": "60.175373", "lon": "25.05398"})

    row = clean_ideas(frame, source_code="omastadi", decimal=".").frame.row(0, named=True)

    assert (row["lat"], row["lon"], row["location_quality_code"]) == (None, None, "outside")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"source_id": None}, "key_missing"),
        ({"text": "  "}, "text_missing"),
        ({"proposed_on": "syksyllä"}, "proposed_date_unreadable"),
        ({"cost_eur": "-5"}, "cost_unreadable"),
        ({"cost_eur": "paljon"}, "cost_unreadable"),
    ],
)
def test_a_broken_idea_is_rejected(change: dict[str, object], reason: str) -> None:
    cleaned = clean_ideas(as_frame(AN_IDEA, {}, change), source_code="ideat", decimal=".")

    assert cleaned.frame.height == 1
    assert cleaned.rejects["reason_code"].to_list() == [reason]


def test_a_note_is_typed() -> None:
    row = clean_notes(as_frame(A_NOTE, {}), source_code="havainnot").frame.row(0, named=True)

    assert row["note_id"] == "havainnot|1"
    assert row["noted_on"] == date(2026, 2, 3)
    assert row["text"] == "Asiakas kiitti aukioloajoista."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"source_id": None}, "key_missing"),
        ({"text": None}, "text_missing"),
        ({"noted_on": None}, "noted_date_unreadable"),
        ({"noted_on": "eilen"}, "noted_date_unreadable"),
    ],
)
def test_a_broken_note_is_rejected(change: dict[str, object], reason: str) -> None:
    cleaned = clean_notes(as_frame(A_NOTE, {}, change), source_code="havainnot")

    assert cleaned.frame.height == 1
    assert cleaned.rejects["reason_code"].to_list() == [reason]


def test_the_columns_are_those_of_the_contracts_but_for_what_the_intake_adds() -> None:
    tables = load_contracts()

    ideas = clean_ideas(as_frame(AN_IDEA), source_code="ideat")
    notes = clean_notes(as_frame(A_NOTE), source_code="havainnot")

    for name, cleaned in (("core_ideas__ideas", ideas), ("core_notes__notes", notes)):
        assert set(cleaned.frame.columns) == {c.name for c in tables[name].columns} - BY_INTAKE
