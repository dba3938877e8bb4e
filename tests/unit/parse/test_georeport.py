"""GeoReport requests become text frames; what is no list of requests is refused."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from transforms.clean.ticket_events import RAW_SCHEMA
from transforms.parse.georeport import (
    EVENTS,
    RAW_EVENT_SCHEMA,
    TICKET_SCHEMA,
    TICKETS,
    parse_georeport_requests,
    parse_georeport_services,
)
from transforms.parse.parsed import RefusedFileError

SHARED = Path(__file__).resolve().parents[3] / "../shared/sources/data/open311"


def _request(**changes: Any) -> dict[str, Any]:
    return {
        "service_request_id": "t-1",
        "status": "open",
        "service_code": "101",
        "description": "Tiessä on kuoppa.",
        "requested_datetime": "2024-03-01T10:00:00+02:00",
        "updated_datetime": "2024-03-01T10:00:00+02:00",
        **changes,
    }


def _parse(loaded: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    parsed = parse_georeport_requests(json.dumps(loaded).encode())
    return parsed.frames[TICKETS], parsed.frames[EVENTS]


@pytest.mark.parametrize(
    "loaded",
    [[_request()], _request(), {"data": [_request()]}, {"data": _request()}],
    ids=["array", "object", "envelope", "envelope of one"],
)
def test_an_array_an_object_and_an_envelope_are_read_alike(loaded: Any) -> None:
    tickets, events = _parse(loaded)

    assert tickets.schema == pl.Schema(TICKET_SCHEMA)
    assert tickets.select("service_request_id", "status", "line_no").rows() == [("t-1", "open", 1)]
    assert events.schema == pl.Schema(RAW_EVENT_SCHEMA)
    assert events.is_empty()


def test_the_cleaner_expects_the_events_that_the_parser_gives() -> None:
    assert RAW_SCHEMA == RAW_EVENT_SCHEMA


def test_numbers_stand_as_the_text_they_were_sent_as() -> None:
    sent = b'[{"service_request_id": 7, "service_code": 0171, "lat": 62.7900, "long": "22,84"}]'
    sent = sent.replace(b"0171", b"171")

    tickets = parse_georeport_requests(sent).frames[TICKETS]

    assert tickets.select("service_request_id", "service_code", "lat", "long").rows() == [
        ("7", "171", "62.7900", "22,84")
    ]


def test_the_spellings_of_tampere_are_known() -> None:
    tickets, _ = _parse([_request(zip_code=60100, address_string="Koulukatu 1", zipcode="")])

    assert tickets.select("zipcode", "address").rows() == [("60100", "Koulukatu 1")]


def test_null_and_empty_reply_are_kept_apart_as_sent() -> None:
    tickets, _ = _parse([_request(status_notes=None), _request(status_notes="")])

    assert tickets.get_column("status_notes").to_list() == [None, ""]


def test_events_carry_the_line_of_their_request_in_the_order_sent() -> None:
    task = {"task_type": "assigned", "task_state": "re_assigned", "owner_name": "Kadut"}
    task |= {"task_created": "2024-03-01T10:00:00+02:00", "task_modified": "2024-03-02"}
    log = [
        {"time": "2024-03-03", "status": "handling", "note": "-", "handler": "h17"},
        {"time": "2024-03-04", "status": "done", "note": "Kuoppa on paikattu."},
    ]
    extended = {"title": "Kuoppa", "tasks": [task], "log": log, "detailed_status": "PROCESSED"}

    at = "2024-03-01T10:00:00+02:00"

    tickets, events = _parse([_request(), _request(extended_attributes=extended)])

    assert tickets.get_column("title").to_list() == [None, "Kuoppa"]
    assert events.rows() == [
        ("task", "assigned", "re_assigned", at, "2024-03-02", "Kadut", None, 2),
        ("log", "handling", None, "2024-03-03", None, "h17", "-", 2),
        ("note", None, None, "2024-03-04", None, None, None, 2),
        ("log", "done", None, "2024-03-04", None, None, "Kuoppa on paikattu.", 2),
        ("status", "PROCESSED", None, None, None, None, None, 2),
    ]


@pytest.mark.parametrize(
    ("note", "is_reply"),
    [
        ("Kuoppa on paikattu.", True),
        ("Vastattu asukkaalle", True),
        ("Siirretty kunnossapidon jonoon, kuoppa paikataan viikolla kahdeksan ellei sada.", True),
        ("Ohjattu käsittelijälle", False),
        ("Otettu käsittelyyn", False),
        ("Valmis", False),
        ("Ei toimenpiteitä", False),
        ("Siirretty toiselle viranomaiselle: Etelä-Pohjanmaan hyvinvointialue", False),
        ("-", False),
        ("12.3.", False),
        (None, False),
    ],
)
def test_a_note_is_a_reply_when_it_does_more_than_name_the_status(
    note: str | None, *, is_reply: bool
) -> None:
    log = [{"time": "2024-03-03", "status": "handling", "note": note}]

    _, events = _parse(_request(extended_attributes={"log": log}))

    assert ("note" in events.get_column("origin").to_list()) is is_reply


def test_entries_that_are_no_objects_are_rejected_and_counted() -> None:
    parsed = parse_georeport_requests(json.dumps([_request(), "x", None, _request()]).encode())

    assert parsed.frames[TICKETS].get_column("line_no").to_list() == [1, 4]
    assert parsed.rejects.select("table_name", "line_no", "reason_code").rows() == [
        (TICKETS, 2, "not_an_object"),
        (TICKETS, 3, "not_an_object"),
    ]
    assert parsed.rows_in == {TICKETS: 4, EVENTS: 0}


def test_an_empty_array_is_a_file_without_rows() -> None:
    parsed = parse_georeport_requests(b"[]")

    assert parsed.rows_in == {TICKETS: 0, EVENTS: 0}


def test_unexpected_shapes_inside_a_request_do_not_stop_the_file() -> None:
    odd = _request(extended_attributes=["x"], description={"a": 1}, lat=True, status_notes=[1])
    tickets, events = _parse([odd, _request(extended_attributes={"tasks": "x", "log": [1]})])

    assert tickets.height == 2
    assert tickets.get_column("description").to_list() == [None, "Tiessä on kuoppa."]
    assert events.is_empty()


def test_half_a_surrogate_pair_is_replaced() -> None:
    sent = b'[{"service_request_id": "1", "description": "ok \\ud83d"}]'

    tickets = parse_georeport_requests(sent).frames[TICKETS]

    assert tickets.get_column("description").to_list() == ["ok \ufffd"]


@pytest.mark.parametrize("cut", [1, 2, 3, 30, 120])
def test_cut_off_json_is_refused_as_cut_off(cut: int) -> None:
    whole = json.dumps([_request(), _request()]).encode()

    with pytest.raises(RefusedFileError, match="cut off"):
        parse_georeport_requests(whole[:-cut])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty file"),
        (b"  \n", "empty file"),
        (b"<html><body>502 Bad Gateway</body></html>", "HTML"),
        (b'[{"code": 404, "description": "service_request_id not found"}]', "code 404"),
        (b'{"errors": [{"code": "500", "description": "x"}]}', "code 500"),
        (b'{"error": {"code": 403}}', "code 403"),
        (b'[{"a": 1},, {"b": 2}]', "line 1, column 11"),
        (b"[]]", "line 1, column 3"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_list_of_requests_is_refused(content: bytes, what: str) -> None:
    with pytest.raises(RefusedFileError, match=what):
        parse_georeport_requests(content)


def test_a_request_with_a_field_called_code_is_no_error_message() -> None:
    tickets, _ = _parse([_request(code="x")])

    assert tickets.height == 1


def test_services_are_recognised_and_give_no_rows() -> None:
    parsed = parse_georeport_services(b'[{"service_code": "101", "service_name": "Kadut"}]')

    assert parsed.rows_in == {TICKETS: 0, EVENTS: 0}
    assert all(frame.is_empty() for frame in parsed.frames.values())


def test_fifteen_thousand_requests_are_read_with_all_their_tasks() -> None:
    task = {"task_type": "assigned", "task_created": "2024-03-01T10:00:00+02:00"}
    request = _request(extended_attributes={"tasks": [task] * 5}, status_notes="Kiitos. " * 50)
    content = json.dumps([request] * 15_000).encode()

    parsed = parse_georeport_requests(content)

    assert parsed.rows_in == {TICKETS: 15_000, EVENTS: 75_000}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real examples are not here")
def test_the_real_request_of_helsinki_is_read() -> None:
    parsed = parse_georeport_requests((SHARED / "helsinki_taskful_request.json").read_bytes())

    assert parsed.rows_in == {TICKETS: 1, EVENTS: 8}
    assert parsed.frames[EVENTS].get_column("origin").to_list() == ["task"] * 7 + ["status"]
    assert parsed.frames[TICKETS].get_column("title").null_count() == 0


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real examples are not here")
def test_the_real_services_of_helsinki_are_recognised() -> None:
    content = (SHARED / "helsinki-open311-services_fi.json").read_bytes()

    assert parse_georeport_services(content).rows_in == {TICKETS: 0, EVENTS: 0}
