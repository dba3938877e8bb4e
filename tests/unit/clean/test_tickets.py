"""Service requests become typed rows; what cannot be true is rejected with its reason."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.contract import load_contracts
from transforms.clean.cleaned import Cleaned
from transforms.clean.tickets import clean_mapped_tickets, clean_tickets
from transforms.parse.georeport import TICKET_SCHEMA

CITY = ZoneInfo("Europe/Helsinki")
AREAS = pl.DataFrame({"postcode": ["60100", "61400"], "area_code": ["lantinen", "pohjoinen"]})
SERVICES = {"101": "kadut", "900": "ei_kaupunki"}


def _frame(*requests: dict[str, Any]) -> pl.DataFrame:
    honest = {
        "service_request_id": "t-1",
        "status": "open",
        "service_code": "101",
        "description": "Tiessä on kuoppa.",
        "requested_datetime": "2024-03-01T10:00:00+02:00",
        "updated_datetime": "2024-03-02T11:30:00+02:00",
    }
    rows = [honest | request | {"line_no": n} for n, request in enumerate(requests, 1)]
    return pl.DataFrame(rows, schema=dict(TICKET_SCHEMA))


def _clean(*requests: dict[str, Any]) -> Cleaned:
    return clean_tickets(
        _frame(*requests), source_code="georeport", service_map=SERVICES, postal_areas=AREAS
    )


def _one(**changes: Any) -> dict[str, Any]:
    cleaned = _clean(changes)
    assert cleaned.rejects.is_empty()
    return cleaned.frame.row(0, named=True)


def test_the_columns_are_those_of_the_contract() -> None:
    table = load_contracts()["core_feedback__tickets"]
    added = {"delivery_sha256", "text_id", "n_masked"}

    frame = _clean({}).frame

    assert set(frame.columns) == {column.name for column in table.columns} - added


def test_an_honest_request_is_typed() -> None:
    row = _one(zipcode="61400", lat="62.94", long="22.51", agency_responsible="Kadut")

    assert row["ticket_id"] == "georeport|t-1"
    assert row["received_at"] == datetime(2024, 3, 1, 10, tzinfo=CITY)
    assert (row["service_source_code"], row["service_reported_id"]) == ("101", "kadut")
    assert (row["status_code"], row["closed_at"], row["channel_code"]) == ("open", None, None)
    assert (row["postcode"], row["area_code"]) == ("61400", "pohjoinen")
    assert (row["lat"], row["lon"], row["location_quality_code"]) == (62.94, 22.51, "ok")
    assert row["agency_name"] == "Kadut"


def test_a_closed_request_was_closed_when_last_updated() -> None:
    assert _one(status="closed")["closed_at"] == datetime(2024, 3, 2, 11, 30, tzinfo=CITY)


def test_a_closed_request_without_update_has_no_closing_time() -> None:
    assert _one(status="closed", updated_datetime=None)["closed_at"] is None


@pytest.mark.parametrize(
    ("title", "description", "text"),
    [
        ("Kuoppa tiessä", "Iso kuoppa.", "Kuoppa tiessä\nIso kuoppa."),
        ("Kuoppa tiessä", "kuoppa tiessä, iso", "kuoppa tiessä, iso"),
        ("Kuoppa tiessä ja...", "Kuoppa tiessä ja ojassa", "Kuoppa tiessä ja ojassa"),
        ("Kuoppa", None, "Kuoppa"),
        (None, "Iso kuoppa.", "Iso kuoppa."),
        ("", "  ", ""),
        (None, "Hei\n> Lähettäjä: x\n> Aihe: y", "Hei\n> Lähettäjä: x\n> Aihe: y"),
    ],
)
def test_title_and_message_are_joined_without_saying_it_twice(
    title: str | None, description: str | None, text: str
) -> None:
    assert _one(title=title, description=description)["text"] == text


@pytest.mark.parametrize("notes", [None, "", " \n"])
def test_an_empty_reply_is_no_reply(notes: str | None) -> None:
    assert _one(status_notes=notes)["reply_text"] is None


@pytest.mark.parametrize(
    ("fields", "postcode", "area"),
    [
        ({"zipcode": "FI-60100"}, "60100", "lantinen"),
        ({"zipcode": "00100"}, "00100", None),
        ({"zipcode": "100"}, "00100", None),
        ({"zipcode": "60100.0"}, "60100", "lantinen"),
        ({"address": "Koulukatu 1, 61400 Ylistaro"}, "61400", "pohjoinen"),
        ({"address": "Koulukatu 12345"}, None, None),
        ({"zipcode": "ei tiedossa"}, None, None),
        ({}, None, None),
    ],
)
def test_the_postcode_is_found_in_its_field_or_in_the_address(
    fields: dict[str, str], postcode: str | None, area: str | None
) -> None:
    row = _one(**fields)

    assert (row["postcode"], row["area_code"]) == (postcode, area)


def test_swapped_coordinates_are_put_right_and_foreign_ones_kept_out() -> None:
    swapped = _one(lat="22.84", long="62.79")
    foreign = _one(lat="22.266944", long="60.451667")

    assert (swapped["lat"], swapped["lon"]) == (62.79, 22.84)
    assert swapped["location_quality_code"] == "swapped"
    assert (foreign["lat"], foreign["location_quality_code"]) == (None, "outside")


def test_an_unmapped_service_keeps_the_sources_code_only() -> None:
    row = _one(service_code="999")

    assert (row["service_source_code"], row["service_reported_id"]) == ("999", None)


def test_without_a_map_no_service_is_reported() -> None:
    cleaned = clean_tickets(_frame({}), source_code="g", service_map={}, postal_areas=AREAS)

    assert cleaned.frame.get_column("service_reported_id").to_list() == [None]


def test_a_person_is_no_agency() -> None:
    assert _one(agency_responsible="Maija Esimerkki")["agency_name"] is None


def test_double_encoded_text_is_put_right_and_marked() -> None:
    row = _one(description="TiessÃ¤ on kuoppa")

    assert (row["text"], row["is_mojibake_repaired"]) == ("Tiessä on kuoppa", True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"service_request_id": None}, "missing_id"),
        ({"service_request_id": " "}, "missing_id"),
        ({"status": "hukassa"}, "unknown_status"),
        ({"status": None}, "unknown_status"),
        ({"requested_datetime": None}, "missing_received_at"),
        ({"requested_datetime": "eilen"}, "unreadable_received_at"),
        ({"requested_datetime": "0024-03-01T10:00:00+02:00"}, "unreadable_received_at"),
        ({"updated_datetime": "31.2.2024"}, "unreadable_updated_at"),
        ({"status": "closed", "updated_datetime": "2024-03-01T09:59:59+02:00"},
         "closed_before_received"),
        ({"updated_datetime": "2024-03-01T07:59:59Z"}, "updated_before_received"),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_rejected_with_its_reason(
    changes: dict[str, Any], reason: str
) -> None:
    cleaned = _clean(changes, {})

    assert cleaned.rejects.select("line_no", "reason_code").rows() == [(1, reason)]
    assert cleaned.frame.get_column("line_no").to_list() == [2]


def test_a_closing_in_the_very_moment_of_receipt_stands() -> None:
    row = _one(status="closed", updated_datetime="2024-03-01T08:00:00Z")

    assert row["closed_at"] == row["received_at"]


def test_the_clock_change_does_not_turn_times_around() -> None:
    row = _one(
        status="closed",
        requested_datetime="2024-10-27T03:50:00+03:00",
        updated_datetime="2024-10-27T03:10:00+02:00",
    )

    assert (row["closed_at"].timestamp() - row["received_at"].timestamp()) == 20 * 60


def test_an_empty_frame_gives_an_empty_frame_of_the_same_columns() -> None:
    assert _clean().frame.schema == _clean({}).frame.schema


def _mapped(**columns: str | None) -> Cleaned:
    honest = {"source_id": "7", "received_at": "1.3.2024 10:00", "text": "Kuoppa"}
    rows = [honest | columns | {"line_no": 2}]
    schema = dict.fromkeys([*honest, *columns], pl.String) | {"line_no": pl.Int64}
    return clean_mapped_tickets(
        pl.DataFrame(rows, schema=schema),
        source_code="palvelupiste",
        date_formats=["%d.%m.%Y %H:%M", "%d.%m.%Y"],
        service_map=SERVICES,
        postal_areas=AREAS,
    )


def test_a_mapped_row_with_few_columns_is_open_and_typed() -> None:
    row = _mapped(channel_code="desk", lat="62,79", lon="22,84").frame.row(0, named=True)

    assert row["ticket_id"] == "palvelupiste|7"
    assert row["received_at"] == datetime(2024, 3, 1, 10, tzinfo=CITY)
    assert (row["status_code"], row["channel_code"]) == ("open", "desk")
    assert (row["lat"], row["lon"]) == (62.79, 22.84)


def test_a_mapped_row_with_a_closing_time_is_closed() -> None:
    row = _mapped(closed_at="4.3.2024", reply_text="Kiitos!").frame.row(0, named=True)

    assert (row["status_code"], row["reply_text"]) == ("closed", "Kiitos!")
    assert row["closed_at"] == datetime(2024, 3, 4, tzinfo=CITY)


@pytest.mark.parametrize(
    ("name", "area"), [("Läntinen alue", "lantinen"), ("pohjoinen", "pohjoinen"), ("Kärki", None)]
)
def test_a_named_area_is_taken_where_there_is_no_postcode(name: str, area: str | None) -> None:
    assert _mapped(area_name=name).frame.get_column("area_code").to_list() == [area]


def test_a_mapped_service_wins_over_the_map_of_codes() -> None:
    row = _mapped(service_source_code="101", service_reported_id="puistot").frame.row(0, named=True)

    assert row["service_reported_id"] == "puistot"


def test_a_dash_in_place_of_a_closing_time_means_open() -> None:
    row = _mapped(closed_at="-", status_code="open").frame.row(0, named=True)

    assert (row["status_code"], row["closed_at"]) == ("open", None)


_TIMES = st.sampled_from(
    [None, "", "-", "2024-03-01T10:00:00+02:00", "2024-02-01", "1.3.2024", "31.2.2024", "x"]
)
_REQUESTS = st.fixed_dictionaries(
    {
        "service_request_id": st.sampled_from([None, "1", "2", "ä"]),
        "status": st.sampled_from(["open", "closed", "CLOSED", "x", None]),
        "requested_datetime": _TIMES,
        "updated_datetime": _TIMES,
        "title": st.sampled_from([None, "Kuoppa", ".", "Ã¤"]),
        "description": st.text(max_size=8) | st.none(),
        "lat": st.sampled_from(["62.8", "x", None, "0"]),
        "long": st.sampled_from(["22.8", None, "0"]),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_REQUESTS, max_size=6), st.randoms(use_true_random=False))
def test_every_row_is_accepted_or_rejected_whatever_the_order(
    requests: list[dict[str, Any]], chance: Any
) -> None:
    shuffled = list(enumerate(requests, 1))
    chance.shuffle(shuffled)
    frame = _frame(*requests)
    turned = pl.DataFrame([frame.row(n - 1) for n, _ in shuffled], frame.schema, orient="row")
    options: Any = {"source_code": "g", "service_map": SERVICES, "postal_areas": AREAS}

    cleaned = clean_tickets(frame, **options)
    again = clean_tickets(turned, **options)

    assert cleaned.frame.height + cleaned.rejects.height == len(requests)
    assert cleaned.frame.equals(again.frame.sort("line_no"))
    assert cleaned.rejects.equals(again.rejects.sort("line_no"))
