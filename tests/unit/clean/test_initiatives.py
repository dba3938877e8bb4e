"""One file's initiatives become typed rows."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from transforms.clean.initiatives import clean_initiatives, clean_mapped_initiatives

AN_INITIATIVE = {
    "source_number": "99001",
    "municipality_code": "743",
    "title": " Valaistu latu\n",
    "proposal": None,
    "type": "COLLABORATIVE",
    "publishDate": "2026-02-03",
    "sentTime": None,
    "participantCount": "312",
    "is_detail": "false",
    "line_no": 1,
}
SCHEMA = {name: pl.Int64 if name == "line_no" else pl.String for name in AN_INITIATIVE}
A_MAPPED_ONE = {
    "source_id": "12",
    "source_number": "12",
    "title": "Penkkejä torille",
    "text": None,
    "initiative_type_code": None,
    "published_on": "3.2.2026",
    "state_changed_on": None,
    "sent_on": None,
    "n_supporters": None,
    "service_reported_id": None,
    "line_no": 2,
}
MAPPED_SCHEMA = {name: pl.Int64 if name == "line_no" else pl.String for name in A_MAPPED_ONE}


def initiatives(*changes: dict[str, str | int | None]) -> pl.DataFrame:
    return pl.DataFrame([AN_INITIATIVE | change for change in changes], schema=SCHEMA)


def mapped(*changes: dict[str, str | int | None]) -> pl.DataFrame:
    return pl.DataFrame([A_MAPPED_ONE | change for change in changes], schema=MAPPED_SCHEMA)


def test_a_listed_initiative_has_its_title_for_text() -> None:
    cleaned = clean_initiatives(
        initiatives({}), source_code="kuntalaisaloite", municipality_code="743"
    )

    assert cleaned.frame.row(0, named=True) == {
        "initiative_id": "kuntalaisaloite-99001",
        "source_code": "kuntalaisaloite",
        "source_number": "99001",
        "title": "Valaistu latu",
        "text": "Valaistu latu",
        "initiative_type_code": "COLLABORATIVE",
        "published_on": date(2026, 2, 3),
        "state_changed_on": date(2026, 2, 3),
        "sent_on": None,
        "n_supporters": 312,
        "is_vanished": False,
        "vanished_on": None,
        "service_reported_id": None,
        "is_detail": False,
        "line_no": 1,
    }


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Valaistu latu", "Valaistu latu. Kasperista Pajuluomaan."),
        ("Valaistu latu!", "Valaistu latu! Kasperista Pajuluomaan."),
    ],
)
def test_a_detail_has_title_and_proposal_for_text(title: str, text: str) -> None:
    frame = initiatives(
        {"title": title, "proposal": "Kasperista Pajuluomaan.", "is_detail": "true"}
    )

    cleaned = clean_initiatives(frame, source_code="kuntalaisaloite", municipality_code="743")

    assert cleaned.frame["text"].to_list() == [text]
    assert cleaned.frame["is_detail"].to_list() == [True]


def test_zeros_before_the_municipality_number_make_no_difference() -> None:
    frame = initiatives({"municipality_code": "5"})

    cleaned = clean_initiatives(frame, source_code="kuntalaisaloite", municipality_code="005")

    assert cleaned.frame.height == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"municipality_code": "91"}, "other_municipality"),
        ({"municipality_code": None}, "municipality_missing"),
        ({"title": " \n"}, "title_missing"),
        ({"publishDate": None}, "publish_date_unreadable"),
        ({"publishDate": "2026-02-30"}, "publish_date_unreadable"),
        ({"sentTime": "pian"}, "sent_time_unreadable"),
        ({"participantCount": "-1"}, "count_unreadable"),
        ({"participantCount": "monta"}, "count_unreadable"),
    ],
)
def test_a_broken_initiative_is_rejected_with_its_reason(
    change: dict[str, str | int | None], reason: str
) -> None:
    frame = initiatives({}, change | {"line_no": 2})

    cleaned = clean_initiatives(frame, source_code="kuntalaisaloite", municipality_code="743")

    assert cleaned.frame["line_no"].to_list() == [1]
    assert cleaned.rejects.select("line_no", "reason_code").rows() == [(2, reason)]


def test_a_date_in_another_form_than_the_service_promises_is_read_in_city_time() -> None:
    frame = initiatives({"publishDate": "2026-02-03T22:30:00Z", "sentTime": "4.2.2026"})

    cleaned = clean_initiatives(frame, source_code="kuntalaisaloite", municipality_code="743")

    assert cleaned.frame.select("published_on", "sent_on").rows() == [
        (date(2026, 2, 4), date(2026, 2, 4))
    ]


def test_an_empty_page_keeps_the_columns() -> None:
    cleaned = clean_initiatives(
        initiatives(), source_code="kuntalaisaloite", municipality_code="743"
    )

    assert cleaned.frame.height == 0
    assert cleaned.frame.schema["published_on"] == pl.Date


def test_the_columns_are_those_of_the_contract_but_for_what_the_intake_adds() -> None:
    table = load_contracts()["core_initiatives__initiatives"]

    cleaned = clean_initiatives(
        initiatives({}), source_code="kuntalaisaloite", municipality_code="743"
    )

    by_intake = {"delivery_sha256", "text_id", "n_masked"}
    assert set(cleaned.frame.columns) - {"is_detail"} == {c.name for c in table.columns} - by_intake


def test_a_mapped_initiative_without_a_state_is_as_published() -> None:
    cleaned = clean_mapped_initiatives(mapped({}), source_code="aloitteet")

    row = cleaned.frame.row(0, named=True)
    assert row["initiative_id"] == "aloitteet-12"
    assert row["state_changed_on"] == row["published_on"] == date(2026, 2, 3)
    assert row["initiative_type_code"] == "UNDEFINED"
    assert row["n_supporters"] is None


def test_a_mapped_initiative_may_be_named_by_its_address() -> None:
    frame = mapped({"source_number": "https://www.kuntalaisaloite.fi/fi/aloite/0012"})

    cleaned = clean_mapped_initiatives(frame, source_code="kuntalaisaloite")

    assert cleaned.frame["initiative_id"].to_list() == ["kuntalaisaloite-12"]


def test_a_mapped_initiative_reads_numbers_with_thousands() -> None:
    cleaned = clean_mapped_initiatives(mapped({"n_supporters": "1 332"}), source_code="aloitteet")

    assert cleaned.frame["n_supporters"].to_list() == [1332]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"source_number": None}, "id_missing"),
        ({"title": None}, "title_missing"),
        ({"published_on": "keväällä"}, "publish_date_unreadable"),
        ({"state_changed_on": "keväällä"}, "state_date_unreadable"),
        ({"sent_on": "keväällä"}, "sent_time_unreadable"),
        ({"n_supporters": "3,5"}, "count_unreadable"),
    ],
)
def test_a_broken_mapped_initiative_is_rejected(
    change: dict[str, str | int | None], reason: str
) -> None:
    cleaned = clean_mapped_initiatives(mapped(change), source_code="aloitteet")

    assert cleaned.frame.is_empty()
    assert cleaned.rejects["reason_code"].to_list() == [reason]
