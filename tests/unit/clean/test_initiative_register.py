"""Entries of the case register become typed rows."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from transforms.clean.initiative_register import clean_register

AN_ENTRY = {
    "source_id": "SJK/123/2026",
    "register_number": "SJK/123/2026",
    "initiative_number": None,
    "title": "Aloite valaistusta ladusta",
    "channel_code": "web",
    "filed_on": "3.2.2026",
    "registered_on": "4.2.2026",
    "n_residents_confirmed": "1 340",
    "department_id": None,
    "decision_on": None,
    "decision_code": None,
    "told_author_on": None,
    "progress_published_on": None,
    "progress_channels": "verkkosivu; lehti",
    "line_no": 2,
}
SCHEMA = {name: pl.Int64 if name == "line_no" else pl.String for name in AN_ENTRY}


def entries(*changes: dict[str, str | None]) -> pl.DataFrame:
    return pl.DataFrame([AN_ENTRY | change for change in changes], schema=SCHEMA)


def test_an_entry_is_typed() -> None:
    row = clean_register(entries({})).frame.row(0, named=True)

    assert row["filed_on"] == date(2026, 2, 3)
    assert row["registered_on"] == date(2026, 2, 4)
    assert row["n_residents_confirmed"] == 1340
    assert row["decision_on"] is None


@pytest.mark.parametrize(
    ("written", "initiative_id"),
    [
        ("99001", "kuntalaisaloite-99001"),
        ("kuntalaisaloite-99001", "kuntalaisaloite-99001"),
        ("https://www.kuntalaisaloite.fi/fi/aloite/99001", "kuntalaisaloite-99001"),
        ("https://www.kuntalaisaloite.fi/sv/initiativ/99001/", "kuntalaisaloite-99001"),
        ("https:////www.kuntalaisaloite.fi/api/v1/initiatives/0099001", "kuntalaisaloite-99001"),
        ("jätetty paperilla", None),
        ("-", None),
        (None, None),
    ],
)
def test_the_initiative_is_found_by_number_or_address(
    written: str | None, initiative_id: str | None
) -> None:
    cleaned = clean_register(entries({"initiative_number": written}))

    assert cleaned.frame["initiative_id"].to_list() == [initiative_id]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"register_number": " "}, "id_missing"),
        ({"title": None}, "title_missing"),
        ({"filed_on": None}, "filed_date_unreadable"),
        ({"decision_on": "31.2.2026"}, "date_unreadable"),
        ({"n_residents_confirmed": "noin tuhat"}, "count_unreadable"),
        ({"initiative_number": "aloite 12 tai 13"}, "initiative_number_unreadable"),
    ],
)
def test_a_broken_entry_is_rejected(change: dict[str, str | None], reason: str) -> None:
    cleaned = clean_register(entries({}, change))

    assert cleaned.frame.height == 1
    assert cleaned.rejects["reason_code"].to_list() == [reason]


def test_the_columns_are_those_of_the_contract_but_for_what_the_intake_adds() -> None:
    contract = load_contracts()["core_initiatives__register"]

    cleaned = clean_register(entries({}))

    promised = {column.name for column in contract.columns}
    assert set(cleaned.frame.columns) == promised - {"delivery_sha256", "text_id", "n_masked"}
