"""Answers of kuntalaisaloite.fi become text frames; their values here are invented."""

import json
from pathlib import Path
from typing import Any

import pytest

from transforms.parse.kuntalaisaloite import (
    INITIATIVES,
    parse_initiative_detail,
    parse_initiative_list,
    parse_municipalities,
)
from transforms.parse.parsed import RefusedFileError

SHARED = Path(__file__).resolve().parents[3] / "../shared/sources/data/kuntalaisaloite"
BASE = "https://www.kuntalaisaloite.fi/api/v1"


def an_item(**changes: Any) -> dict[str, Any]:
    return {
        "collaborative": True,
        "id": f"{BASE}/initiatives/99001",
        "municipality": {
            "active": True,
            "id": f"{BASE}/municipalities/743",
            "nameFi": "Seinäjoki",
            "nameSv": "Seinäjoki",
        },
        "name": "Valaistu latu Kasperin ja Pajuluoman välille",
        "participantCount": 312,
        "publishDate": "2026-02-03",
        "sentTime": None,
        "type": "COLLABORATIVE",
    } | changes


def as_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def test_a_list_item_gives_its_fields_as_text() -> None:
    parsed = parse_initiative_list(as_bytes([an_item()]))

    assert parsed.frames[INITIATIVES].rows(named=True) == [
        {
            "source_number": "99001",
            "municipality_code": "743",
            "title": "Valaistu latu Kasperin ja Pajuluoman välille",
            "proposal": None,
            "type": "COLLABORATIVE",
            "publishDate": "2026-02-03",
            "sentTime": None,
            "participantCount": "312",
            "is_detail": "false",
            "line_no": 1,
        }
    ]
    assert parsed.rows_in == {INITIATIVES: 1}


def test_a_detail_gives_its_proposal_and_the_total_of_its_participants() -> None:
    detail = an_item(
        proposal="Ensimmäinen kappale.\r\n\r\nToinen kappale.",
        participantCount={
            "externalNames": 40,
            "privateNames": 200,
            "publicNames": 72,
            "total": 312,
        },
        authors={"privateNames": 1, "publicAuthors": [{"name": "Nimi Tekaistu"}]},
    )

    row = parse_initiative_detail(as_bytes(detail)).frames[INITIATIVES].row(0, named=True)

    assert row["participantCount"] == "312"
    assert row["proposal"] == "Ensimmäinen kappale.\n\nToinen kappale."
    assert row["is_detail"] == "true"
    assert "Tekaistu" not in str(row)


def test_the_number_is_read_from_an_address_with_four_slashes_and_a_leading_zero() -> None:
    item = an_item(
        id="https:////testi.kuntalaisaloite.fi/api/v1/initiatives/0017",
        municipality={"id": "https:////testi.kuntalaisaloite.fi/api/v1/municipalities/005"},
    )

    row = parse_initiative_list(as_bytes([item])).frames[INITIATIVES].row(0, named=True)

    assert (row["source_number"], row["municipality_code"]) == ("17", "5")


def test_entries_that_are_no_initiatives_are_rejected_and_counted() -> None:
    parsed = parse_initiative_list(as_bytes(["merkki", an_item(), an_item(id=None), None]))

    assert parsed.rows_in == {INITIATIVES: 4}
    assert parsed.frames[INITIATIVES]["line_no"].to_list() == [2]
    assert parsed.rejects.select("line_no", "reason_code").rows() == [
        (1, "not_an_object"),
        (3, "id_missing"),
        (4, "not_an_object"),
    ]


def test_an_empty_page_is_a_page_without_rows() -> None:
    parsed = parse_initiative_list(b"[]")

    assert parsed.frames[INITIATIVES].is_empty()
    assert parsed.rejects.is_empty()


def test_an_absent_municipality_is_null() -> None:
    parsed = parse_initiative_list(as_bytes([an_item(municipality=None)]))

    assert parsed.frames[INITIATIVES]["municipality_code"].to_list() == [None]


@pytest.mark.parametrize("n_cut", [1, 30, 200])
def test_a_list_that_is_cut_off_is_refused(n_cut: int) -> None:
    content = as_bytes([an_item(), an_item()])[:-n_cut]

    with pytest.raises(RefusedFileError, match="cut off"):
        parse_initiative_list(content)


def test_an_error_page_is_refused() -> None:
    with pytest.raises(RefusedFileError, match="HTML"):
        parse_initiative_list(b"<!DOCTYPE html><html><body>404</body></html>")


def test_a_detail_in_place_of_a_list_is_refused_and_the_other_way_round() -> None:
    with pytest.raises(RefusedFileError, match="bare array"):
        parse_initiative_list(as_bytes(an_item()))
    with pytest.raises(RefusedFileError, match="one initiative"):
        parse_initiative_detail(as_bytes([an_item()]))


def test_municipalities_are_recognised_and_hold_no_row_of_ours() -> None:
    parsed = parse_municipalities(as_bytes([an_item()["municipality"]]))

    assert parsed.rows_in == {INITIATIVES: 0}


def test_half_a_character_from_json_does_not_stop_the_page() -> None:
    content = as_bytes([an_item(name="Latu?")]).replace(b"Latu?", rb"Latu\ud83d")

    parsed = parse_initiative_list(content)

    assert parsed.frames[INITIATIVES]["title"].to_list() == ["Latu\ufffd"]


@pytest.mark.skipif(not SHARED.exists(), reason="the example files are not here")
def test_the_examples_of_the_service_are_read() -> None:
    listed = parse_initiative_list((SHARED / "initiatives_list_from_ApiTest.json").read_bytes())
    detail = parse_initiative_detail((SHARED / "initiative_detail_from_JsonTest.json").read_bytes())
    parse_municipalities((SHARED / "municipalities_response.json").read_bytes())

    assert listed.frames[INITIATIVES]["municipality_code"].to_list() == ["2"]
    assert detail.frames[INITIATIVES]["participantCount"].to_list() == ["11"]
