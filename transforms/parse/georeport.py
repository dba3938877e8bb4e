"""GeoReport v2 JSON with the CitySDK and 6Aika extensions, to text frames.

Belongs here: the shapes that servers wrap requests in, the spellings of their fields, and the
history of each request, untyped. Does not: what statuses and times mean
(``transforms.clean.tickets``, ``transforms.clean.ticket_events``), XML.

A raw event is one line of a request's history: an entry of ``log[]`` (origin ``log``), a reply in
its note (``note``), an entry of ``tasks[]`` (``task``), or the request's ``detailed_status``
(``status``). A note is a reply when it is in words and does not merely name the status.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from transforms.parse.encoding import decode_text, mend_surrogates
from transforms.parse.parsed import Parsed, RefusedFileError, empty_rejects, reject_rows

TICKETS = "core_feedback__tickets"
EVENTS = "core_feedback__events"

#: Columns of the tickets' text frame, each with the spellings that servers use for it.
TICKET_FIELDS: Mapping[str, tuple[str, ...]] = {
    "service_request_id": ("service_request_id",),
    "status": ("status",),
    "status_notes": ("status_notes",),
    "service_code": ("service_code",),
    "description": ("description",),
    "title": ("title",),
    "agency_responsible": ("agency_responsible",),
    "requested_datetime": ("requested_datetime",),
    "updated_datetime": ("updated_datetime",),
    "expected_datetime": ("expected_datetime",),
    "address": ("address", "address_string"),
    "zipcode": ("zipcode", "zip_code"),
    "lat": ("lat",),
    "long": ("long", "lon", "lng"),
}
TICKET_SCHEMA: Mapping[str, pl.DataType] = {
    **dict.fromkeys(TICKET_FIELDS, pl.String()),
    "line_no": pl.Int64(),
}
#: ``at`` is when it began (``task_created``, ``time``), ``until`` when it ended. ``note`` is
#: whatever the source wrote, for reading and not for keeping.
RAW_EVENT_SCHEMA: Mapping[str, pl.DataType] = {
    "origin": pl.String(),
    "what": pl.String(),
    "state": pl.String(),
    "at": pl.String(),
    "until": pl.String(),
    "unit_name": pl.String(),
    "note": pl.String(),
    "line_no": pl.Int64(),
}

_IN_WORDS = re.compile(r"[^\W\d_]{2}")
# Notes that only name the status ("Ohjattu käsittelijälle", "Valmis"): such a word and few others.
_LABEL = re.compile(
    r"(?:ohjattu|otettu|siirretty|välitetty|avattu|suljettu|valmis|käsit|kuitattu|vastaanotettu|"
    r"merkitty|lisätty|ei toimenpi|hylätty|peruttu|tiedoksi|done|closed|opened|reopened|received|"
    r"assigned|allocated|forwarded|handling|in progress)\w*\b(?:\W+\w[\w-]*){0,5}\W*",
    re.IGNORECASE,
)
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_CLOSERS = {"[": "]", "{": "}"}
_SCALARS = {True: "true", False: "false"}


def parse_georeport_requests(content: bytes) -> Parsed:
    """Requests and their raw events, as sent; ``line_no`` is the place in the array, from 1.

    Read are a JSON array, a single request, and either inside a ``data`` envelope. A number stands
    as the text it was sent as. An entry that is no object is rejected; an empty array is a file
    without rows.

    Args:
        content: The whole file.

    Returns:
        ``TICKETS`` in ``TICKET_SCHEMA`` and ``EVENTS`` in ``RAW_EVENT_SCHEMA``, in order as sent;
        a raw event has the ``line_no`` of its request.

    Raises:
        RefusedFileError: If the file is cut off, is no JSON, or is a server's error message.
    """
    text, encoding_name = _decoded(content)
    records = _records(_loaded(text))
    _refuse_errors(records)
    mend = mend_surrogates if _LONE_SURROGATE.search(text) else str
    places = [place for place, record in enumerate(records, 1) if isinstance(record, dict)]
    requests = [records[place - 1] for place in places]
    tickets = _ticket_frame(requests, places, mend)
    events = _event_frame(requests, places, mend)
    strays = sorted(set(range(1, len(records) + 1)) - set(places))
    rejects = reject_rows(
        strays,
        reason_code="not_an_object",
        expected="a request as a JSON object",
        table_name=TICKETS,
    )
    return Parsed(
        frames={TICKETS: tickets, EVENTS: events},
        rejects=rejects,
        rows_in={TICKETS: len(records), EVENTS: events.height},
        encoding_name=encoding_name,
    )


def parse_georeport_services(content: bytes) -> Parsed:
    """A list of service types (``/services.json``): recognised, and without rows of ours.

    Raises:
        RefusedFileError: If the file is cut off, is no JSON, or is a server's error message.
    """
    text, encoding_name = _decoded(content)
    _refuse_errors(_records(_loaded(text)))
    return Parsed(
        frames={
            TICKETS: pl.DataFrame(schema=dict(TICKET_SCHEMA)),
            EVENTS: pl.DataFrame(schema=dict(RAW_EVENT_SCHEMA)),
        },
        rejects=empty_rejects(),
        rows_in={TICKETS: 0, EVENTS: 0},
        encoding_name=encoding_name,
    )


def _decoded(content: bytes) -> tuple[str, str]:
    decoded = decode_text(content)
    text = decoded.text.strip()
    if not text:
        raise RefusedFileError(
            "Found an empty file, expected GeoReport requests as JSON. Fetch the file again."
        )
    if text[0] not in _CLOSERS:
        what = "an HTML or XML page" if text[0] == "<" else "text that is no JSON array or object"
        raise RefusedFileError(
            f"Found {what}, expected GeoReport requests as JSON. Ask the server for .json."
        )
    return text, decoded.encoding_name


def _loaded(text: str) -> object:
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, strict=False)
    except json.JSONDecodeError as error:
        if _is_cut_off(text, error):
            raise RefusedFileError(
                f"Found JSON that is cut off after {len(text)} characters, expected it whole."
                " Fetch the file again."
            ) from error
        raise RefusedFileError(
            f"Found JSON that breaks at line {error.lineno}, column {error.colno}, expected"
            " well-formed JSON. Fetch the file again, or tell the server's keeper."
        ) from error
    except RecursionError as error:
        raise RefusedFileError(
            "Found JSON nested too deep to be requests, expected a flat array. Fetch the file"
            " again."
        ) from error


def _is_cut_off(text: str, error: json.JSONDecodeError) -> bool:
    if error.msg.startswith("Extra data"):
        return False
    at_end = error.pos >= len(text) or error.msg.startswith("Unterminated string")
    return at_end or text[-1] != _CLOSERS[text[0]]


def _records(loaded: object) -> list[Any]:
    for envelope in ("data", "errors"):
        if isinstance(loaded, dict) and isinstance(loaded.get(envelope), list | dict):
            loaded = loaded[envelope]
    return loaded if isinstance(loaded, list) else [loaded]


def _refuse_errors(records: list[Any]) -> None:
    """GeoReport's ``[{"code": …, "description": …}]`` comes with status 200 from some servers."""
    entries = [record for record in records if isinstance(record, dict)]
    inner = [e["error"] if isinstance(e.get("error"), dict) else e for e in entries]
    errors = [e for e in inner if "code" in e and "service_request_id" not in e]
    if errors and len(errors) == len(records):
        code = re.sub(r"\D", "", str(errors[0]["code"]))[:5]
        raise RefusedFileError(
            f"Found a server's error message (code {code or 'unknown'}), expected requests."
            " Fetch the file again."
        )


def _ticket_frame(
    requests: list[dict[str, Any]], places: list[int], mend: Callable[[str], str]
) -> pl.DataFrame:
    extended = [_object(request.get("extended_attributes")) for request in requests]
    columns: dict[str, list[str | None] | list[int]] = {}
    for name, spellings in TICKET_FIELDS.items():
        columns[name] = [
            _first(request, more, spellings, mend)
            for request, more in zip(requests, extended, strict=True)
        ]
    columns["line_no"] = places
    return pl.DataFrame(columns, schema=dict(TICKET_SCHEMA))


def _first(
    request: Mapping[str, Any],
    more: Mapping[str, Any],
    spellings: tuple[str, ...],
    mend: Callable[[str], str],
) -> str | None:
    """The first spelling with something written, in the request or its extension; '' last."""
    usual = request.get(spellings[0])
    if isinstance(usual, str) and usual:
        return mend(usual)
    found = None
    for spelling in spellings:
        for source in (request, more):
            text = _text(source.get(spelling), mend)
            if text:
                return text
            found = text if found is None else found
    return found


def _event_frame(
    requests: list[dict[str, Any]], places: list[int], mend: Callable[[str], str]
) -> pl.DataFrame:
    rows: list[tuple[str | int | None, ...]] = []
    for request, place in zip(requests, places, strict=True):
        rows.extend((*event, place) for event in _events_of(request, mend))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(RAW_EVENT_SCHEMA)
    named = dict(zip(RAW_EVENT_SCHEMA, columns, strict=True))
    return pl.DataFrame(named, schema=dict(RAW_EVENT_SCHEMA))


def _events_of(
    request: Mapping[str, Any], mend: Callable[[str], str]
) -> Iterator[tuple[str | None, ...]]:
    more = _object(request.get("extended_attributes"))
    for task in _objects(more.get("tasks") or request.get("tasks")):
        what, state, at, until, unit = (
            _text(task.get(key), mend)
            for key in ("task_type", "task_state", "task_created", "task_modified", "owner_name")
        )
        yield "task", what, state, at, until, unit, None
    for entry in _objects(more.get("log") or request.get("log")):
        at = _text(entry.get("time"), mend)
        unit, note = (_text(entry.get(key), mend) for key in ("handler", "note"))
        if note and _IN_WORDS.search(note) and not _LABEL.fullmatch(note.strip()):
            yield "note", None, None, at, None, unit, None
        yield "log", _text(entry.get("status"), mend), None, at, None, unit, note
    detailed = _text(more.get("detailed_status") or request.get("detailed_status"), mend)
    if detailed is not None and detailed.strip():
        yield "status", detailed, None, None, None, None, None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(value: object, mend: Callable[[str], str]) -> str | None:
    """A scalar as text; null for null, and for objects and arrays, which no field of ours is."""
    if isinstance(value, str):
        return mend(value)
    return _SCALARS.get(value) if isinstance(value, bool) else None
