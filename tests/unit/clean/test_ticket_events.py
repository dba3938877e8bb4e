"""Histories of service requests, told or inferred, in order."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.contract import code_values, load_contracts
from transforms.clean.cleaned import Cleaned
from transforms.clean.ticket_events import RAW_SCHEMA, clean_ticket_events, no_raw_events
from transforms.clean.tickets import clean_tickets
from transforms.parse.georeport import EVENTS, TICKETS, parse_georeport_requests

CITY = ZoneInfo("Europe/Helsinki")
SHARED = Path(__file__).resolve().parents[3] / "../shared/sources/data/open311"
MOMENT = pl.Datetime("us", "Europe/Helsinki")
SCHEMA: dict[str, Any] = {
    "ticket_id": pl.String,
    "received_at": MOMENT,
    "updated_at": MOMENT,
    "closed_at": MOMENT,
    "status_code": pl.String,
    "agency_name": pl.String,
    "reply_text": pl.String,
    "service_reported_id": pl.String,
    "line_no": pl.Int64,
}


def _at(day: int, hour: int = 12, second: int = 0, microsecond: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, 0, second, microsecond, tzinfo=CITY)


def _tickets(*changes: dict[str, Any]) -> pl.DataFrame:
    honest = {"status_code": "open", "received_at": _at(1)}
    rows = [
        {"ticket_id": f"g|{n}", "line_no": n} | honest | change
        for n, change in enumerate(changes, 1)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _closed(day: int, **changes: Any) -> dict[str, Any]:
    return {"status_code": "closed", "closed_at": _at(day), "updated_at": _at(day)} | changes


def _log(status: str | None, at: str | None, line_no: int = 1) -> dict[str, Any]:
    return {"origin": "log", "what": status, "at": at, "line_no": line_no}


def _task(what: str, at: str, unit: str | None = None, **more: Any) -> dict[str, Any]:
    return {"origin": "task", "what": what, "at": at, "unit_name": unit, "line_no": 1} | more


def _status(text: str) -> dict[str, Any]:
    return {"origin": "status", "what": text, "line_no": 1}


def _clean(raw: list[dict[str, Any]], *tickets: dict[str, Any]) -> Cleaned:
    events = pl.DataFrame(raw, schema=dict(RAW_SCHEMA))
    return clean_ticket_events(events, _tickets(*tickets), source_code="g")


def _told(raw: list[dict[str, Any]], ticket: dict[str, Any]) -> list[tuple[str, int, bool]]:
    """Code, day of March and whether inferred, in order."""
    frame = _clean(raw, ticket).frame
    day = pl.col("event_at").dt.day().cast(pl.Int64)
    return frame.select("event_code", day, "is_inferred").rows()


def test_the_columns_are_those_of_the_contract() -> None:
    table = load_contracts()["core_feedback__events"]

    frame = _clean([], {}).frame

    assert set(frame.columns) == {c.name for c in table.columns} - {"delivery_sha256"}


def test_an_open_request_without_history_was_received() -> None:
    assert _told([], {}) == [("received", 1, True)]


def test_a_closed_request_without_history_was_done_when_closed() -> None:
    assert _told([], _closed(5)) == [("received", 1, True), ("done", 5, True)]


def test_a_reply_at_closing_comes_before_the_end() -> None:
    assert _told([], _closed(5, reply_text="Kiitos, korjattu.")) == [
        ("received", 1, True),
        ("replied", 5, True),
        ("done", 5, True),
    ]


def test_a_closing_that_the_source_does_not_date_stays_unsaid() -> None:
    assert _told([], {"status_code": "closed", "reply_text": "Kiitos"}) == [("received", 1, True)]


def test_a_log_is_told_as_it_is_and_ends_by_itself() -> None:
    raw = [
        _log("allocated", "2024-03-02T08:00:00+02:00"),
        _log("HANDLING ", "2024-03-03T08:00:00+02:00"),
        {"origin": "note", "at": "2024-03-04T08:00:00+02:00", "line_no": 1},
        _log("done", "2024-03-04T08:00:00+02:00"),
    ]

    assert _told(raw, _closed(6, reply_text="Kiitos")) == [
        ("received", 1, True),
        ("allocated", 2, False),
        ("handling", 3, False),
        ("replied", 4, False),
        ("done", 4, False),
    ]


def test_tasks_allocate_ask_and_answer() -> None:
    raw = [
        _task("assigned", "2024-03-02", "Kadut", state="re_assigned"),
        _task("wait_for_answer", "2024-03-03", "Kadut", state="re_assigned"),
        _task("wait_for_answer", "2024-03-04", "Puistot", state="completed", until="2024-03-06"),
        _task("wait_for_comment", "2024-03-05", "Maija Esimerkki"),
    ]

    frame = _clean(raw, {}).frame

    assert frame.select("seq", "event_code", "unit_name").rows() == [
        (1, "received", None),
        (2, "allocated", "Kadut"),
        (3, "handling", "Kadut"),
        (4, "handling", None),
        (5, "replied", "Puistot"),
    ]


@pytest.mark.parametrize(
    ("status", "note", "code"),
    [
        ("done", "Ei toimenpiteitä", "rejected"),
        ("done", "Siirretty toiselle viranomaiselle: Poliisi", "forwarded"),
        ("handling", "Avattu uudelleen", "reopened"),
        ("handling", "Otettu käsittelyyn", "handling"),
        ("done", "Siirretty kesäkaudelle", "done"),
        ("done", None, "done"),
    ],
)
def test_a_note_says_more_closely_what_a_log_entry_is(
    status: str, note: str | None, code: str
) -> None:
    assert _told([_log(status, "2024-03-02") | {"note": note}], {})[1] == (code, 2, False)


def test_a_handler_is_kept_only_as_a_unit() -> None:
    at = "2024-03-02"
    names = ["Kunnossapitoyksikkö", "Maija Esimerkki", "h17", "maija esimerkki"]
    raw = [_log("handling", at) | {"unit_name": name} for name in names]

    kept = _clean(raw, {}).frame.get_column("unit_name").to_list()

    assert kept == [None, "Kunnossapitoyksikkö", None, None, None]


def test_work_after_an_end_reopens() -> None:
    raw = [_log("done", "2024-03-02"), _log("handling", "2024-03-04"), _log("done", "2024-03-05")]

    assert _told(raw, _closed(5)) == [
        ("received", 1, True),
        ("done", 2, False),
        ("reopened", 4, True),
        ("handling", 4, False),
        ("done", 5, False),
    ]


def test_a_reopening_that_the_source_tells_is_not_told_twice() -> None:
    raw = [
        _log("done", "2024-03-02"),
        _log("reopened", "2024-03-03"),
        _log("allocated", "2024-03-04"),
    ]

    assert [code for code, _, _ in _told(raw, {})] == ["received", "done", "reopened", "allocated"]


def test_a_reopened_request_that_is_closed_is_done_again() -> None:
    raw = [_log("done", "2024-03-02"), _log("allocated", "2024-03-04")]

    assert _told(raw, _closed(6))[-1] == ("done", 6, True)


def test_being_informed_opens_nothing() -> None:
    raw = [_log("done", "2024-03-02"), _task("informed", "2024-03-04", "Kadut", state="closed")]

    assert [code for code, _, _ in _told(raw, _closed(5))] == ["received", "done", "handling"]


def test_allocation_to_another_authority_is_forwarding() -> None:
    raw = [_task("assigned", "2024-03-02", "ELY-keskus")]

    assert _told(raw, _closed(6)) == [("received", 1, True), ("forwarded", 2, False)]


@pytest.mark.parametrize(
    ("ticket", "raw"),
    [
        ({"agency_name": "Etelä-Pohjanmaan hyvinvointialue"}, []),
        ({"service_reported_id": "ei_kaupunki"}, []),
        ({}, [_status("Siirretty toiselle viranomaiselle")]),
        ({}, [_status("FORWARDED")]),
    ],
)
def test_a_matter_of_another_authority_ends_by_forwarding(
    ticket: dict[str, Any], raw: list[dict[str, Any]]
) -> None:
    assert _told(raw, _closed(5, **ticket))[-1] == ("forwarded", 5, True)


def test_an_open_matter_of_another_authoritys_unit_was_forwarded_when_updated() -> None:
    assert _told([], {"agency_name": "Poliisi", "updated_at": _at(3)})[-1] == ("forwarded", 3, True)


def test_an_open_matter_of_a_foreign_service_is_not_yet_forwarded() -> None:
    ticket = {"service_reported_id": "ei_kaupunki", "updated_at": _at(3)}

    assert _told([], ticket) == [("received", 1, True)]


@pytest.mark.parametrize(
    "status", ["NO_ACTION", "Rejected", "Ei toimenpiteitä", "ei aiheuta toimia"]
)
def test_a_status_of_no_action_rejects(status: str) -> None:
    assert _told([_status(status)], _closed(5))[-1] == ("rejected", 5, True)


@pytest.mark.parametrize("status", ["PROCESSED", "Käsitelty", "jotain muuta"])
def test_any_other_status_of_a_closed_request_is_done(status: str) -> None:
    assert _told([_status(status)], _closed(5))[-1] == ("done", 5, True)


def test_an_open_request_in_process_is_in_handling_since_its_update() -> None:
    raw = [_status("IN_PROCESS")]

    assert _told(raw, {"updated_at": _at(3)}) == [("received", 1, True), ("handling", 3, True)]


def test_a_told_history_wins_over_the_status_in_process() -> None:
    raw = [_log("allocated", "2024-03-02"), _status("IN_PROCESS")]

    assert [code for code, _, _ in _told(raw, {"updated_at": _at(3)})] == ["received", "allocated"]


def test_a_told_receipt_replaces_the_inferred_one_and_takes_its_time() -> None:
    raw = [_log("received", "2024-03-03"), _log("allocated", "2024-03-02")]

    assert _told(raw, {}) == [("received", 1, False), ("allocated", 2, False)]


def test_events_of_one_moment_stand_as_sent_after_the_receipt() -> None:
    at = "2024-03-01T12:00:00+02:00"

    codes = [c for c, _, _ in _told([_log("handling", at), _log("allocated", at)], {})]

    assert codes == ["received", "handling", "allocated"]


def test_a_history_without_fractions_of_a_second_is_not_before_the_receipt() -> None:
    ticket = {"received_at": _at(1, second=16, microsecond=700_000)}

    frame = _clean([_log("allocated", "2024-03-01T12:00:16+02:00")], ticket).frame

    assert frame.get_column("event_at").to_list() == [ticket["received_at"]] * 2


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (_log("allocated", "2024-02-28"), "event_before_received"),
        (_log("allocated", "2024-03-01T11:59:59+02:00"), "event_before_received"),
        (_log("allocated", "huomenna"), "unreadable_event_at"),
        (_log("allocated", None), "missing_event_at"),
        (_log("jumissa", "2024-03-02"), "unknown_event"),
        (_log(None, "2024-03-02"), "unknown_event"),
        (_task("tuntematon", "2024-03-02"), "unknown_event"),
        (_log("allocated", "2024-03-02", line_no=9), "request_rejected"),
    ],
)
def test_lines_that_cannot_be_true_are_rejected_with_their_reason(
    raw: dict[str, Any], reason: str
) -> None:
    cleaned = _clean([raw], {})

    assert cleaned.rejects.get_column("reason_code").to_list() == [reason]
    assert cleaned.frame.get_column("event_code").to_list() == ["received"]


def test_a_second_receipt_is_rejected() -> None:
    cleaned = _clean([_log("received", "2024-03-01"), _log("received", "2024-03-02")], {})

    assert cleaned.rejects.get_column("reason_code").to_list() == ["received_twice"]


def test_requests_do_not_mix() -> None:
    raw = [_log("done", "2024-03-02", 2), _log("allocated", "2024-03-03", 1)]

    frame = _clean(raw, {}, _closed(4)).frame

    assert frame.select("line_no", "seq", "event_code").rows() == [
        (1, 1, "received"),
        (1, 2, "allocated"),
        (2, 1, "received"),
        (2, 2, "done"),
    ]


def test_no_requests_give_no_events() -> None:
    cleaned = clean_ticket_events(no_raw_events(), _tickets(), source_code="g")

    assert cleaned.frame.is_empty()
    assert cleaned.frame.schema == _clean([], {}).frame.schema


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real examples are not here")
def test_the_real_request_of_helsinki_tells_its_way_through_the_city() -> None:
    parsed = parse_georeport_requests((SHARED / "helsinki_taskful_request.json").read_bytes())
    areas = pl.DataFrame(schema={"postcode": pl.String, "area_code": pl.String})
    tickets = clean_tickets(
        parsed.frames[TICKETS], source_code="g", service_map={}, postal_areas=areas
    )

    cleaned = clean_ticket_events(parsed.frames[EVENTS], tickets.frame, source_code="g")

    # Its coordinates are swapped, and in Turku: outside Seinäjoki either way.
    assert tickets.frame.get_column("location_quality_code").to_list() == ["outside"]
    assert cleaned.rejects.is_empty()
    clock = pl.col("event_at").dt.to_string("%d. %H:%M:%S")
    assert cleaned.frame.select("event_code", clock, "unit_name").rows() == [
        ("received", "22. 13:27:16", None),
        ("allocated", "22. 13:27:16", "Kaupunginkanslia"),
        ("allocated", "22. 15:32:04", "Rakennusvirasto"),
        ("handling", "23. 09:53:06", "Rakennusvirasto"),
        ("allocated", "23. 09:53:36", "Kaupunkisuunnitteluvirasto"),
        ("handling", "23. 11:00:32", "Kaupunkisuunnitteluvirasto"),
        ("replied", "23. 15:19:41", "Kaupunkisuunnitteluvirasto"),
        ("handling", "23. 15:20:08", "Kaupunkisuunnitteluvirasto"),
        ("done", "24. 16:06:40", "Kaupunkisuunnitteluvirasto"),
    ]


_RAW = st.fixed_dictionaries(
    {
        "origin": st.sampled_from(["log", "task", "note"]),
        "what": st.sampled_from(["allocated", "handling", "done", "assigned", "informed", "x"]),
        "at": st.sampled_from(["2024-02-28", "2024-03-02", "2024-03-03", "2024-03-04", None, "x"]),
        "line_no": st.integers(1, 3),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(_RAW, max_size=8), st.lists(st.sampled_from([{}, _closed(5)]), max_size=2))
def test_every_line_is_told_or_rejected_and_every_history_is_in_order(
    raw: list[dict[str, Any]], tickets: list[dict[str, Any]]
) -> None:
    cleaned = _clean(raw, *tickets)

    told = cleaned.frame.filter(~pl.col("is_inferred"))
    assert told.height + cleaned.rejects.height == len(raw)
    assert set(cleaned.frame.get_column("event_code")) <= set(code_values("ticket_event"))
    for _, history in cleaned.frame.group_by("line_no"):
        assert history.get_column("seq").to_list() == list(range(1, history.height + 1))
        assert history.get_column("event_code").to_list()[0] == "received"
        assert all(a <= b for a, b in pairwise(history.get_column("event_at").to_list()))


@settings(max_examples=20, deadline=None)
@given(st.lists(_RAW, max_size=8))
def test_the_order_of_requests_in_the_file_makes_no_difference(raw: list[dict[str, Any]]) -> None:
    turned = {1: 3, 2: 1, 3: 2}
    ids = ["g|1", "g|2", "g|3"]
    first = _clean(raw, *({"ticket_id": i} for i in ids)).frame
    moved_raw = sorted(raw, key=lambda row: turned[row["line_no"]])
    moved = [row | {"line_no": turned[row["line_no"]]} for row in moved_raw]

    second = _clean(moved, *({"ticket_id": i} for i in ("g|2", "g|3", "g|1"))).frame

    assert first.drop("line_no").equals(second.sort("ticket_id", "seq").drop("line_no"))
