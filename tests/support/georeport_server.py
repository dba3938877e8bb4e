"""A GeoReport server on the loopback that behaves, and misbehaves, as real ones do.

Its faults are switches of ``Behaviour``; every query it has seen is in ``GeoReportServer.seen``.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Europe/Helsinki")
LONGEST_WINDOW = timedelta(days=90)


@dataclass
class Behaviour:
    """How this server differs from the specification.

    Attributes:
        paging: ``query`` obeys page and page_size; ``headers`` obeys them and says where the next
            page is; ``count`` says only how many pages there are; ``ignored`` sends the first rows
            whatever page is asked.
        max_rows: Most rows in an answer.
        poison_ids: Records that turn every answer they would be part of into 500.
        errors_in_200: Errors are sent with status 200.
        past_the_end: What is sent for a page that does not exist.
        faults: One-time answers to the next calls: ``429``, ``502``, ``html``, ``dropped``
            (no answer at all), ``truncated`` (fewer bytes than announced).
        chops_times: The time of day in start_date and end_date is taken for midnight.
        next_page_host: Host of the next page in headers, when another than the server's own.
        has_envelope: The array is sent inside ``data``.
        is_broken: Every answer is 500.
    """

    paging: Literal["query", "headers", "count", "ignored"] = "query"
    max_rows: int = 1000
    poison_ids: frozenset[str] = frozenset()
    errors_in_200: bool = False
    past_the_end: Literal["empty", "404"] = "empty"
    faults: list[str] = field(default_factory=list)
    chops_times: bool = False
    next_page_host: str | None = None
    has_envelope: bool = False
    is_broken: bool = False


@dataclass
class GeoReportServer:
    """A running server: its address, records, behaviour and the queries it has seen."""

    address: str
    records: list[dict[str, Any]]
    behaviour: Behaviour
    seen: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def georeport_server(
    records: Sequence[dict[str, Any]], behaviour: Behaviour | None = None
) -> Iterator[GeoReportServer]:
    """A server for the length of a ``with``, on a free port of the loopback."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    address = f"http://127.0.0.1:{httpd.server_address[1]}/open311/v2"
    server = GeoReportServer(address, list(records), behaviour or Behaviour())
    httpd.georeport = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


class _RefusalError(Exception):
    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Quiet."""

    def do_GET(self) -> None:
        server: GeoReportServer = self.server.georeport  # type: ignore[attr-defined]
        url = urlsplit(self.path)
        query = {k: v[-1] for k, v in parse_qs(url.query, keep_blank_values=True).items()}
        server.seen.append(query)
        if server.behaviour.faults:
            self._misbehave(server.behaviour.faults.pop(0))
            return
        try:
            self._answer(server, url.path, query)
        except _RefusalError as refusal:
            body = json.dumps([{"code": refusal.code, "description": str(refusal)}]).encode()
            self._send(200 if server.behaviour.errors_in_200 else refusal.code, body)

    def _answer(self, server: GeoReportServer, path: str, query: dict[str, str]) -> None:
        if path == "/open311/v2/services.json":
            self._send(200, b'[{"service_code": "101", "service_name": "Kadut"}]')
            return
        if path != "/open311/v2/requests.json":
            raise _RefusalError(404, "no such address")
        found = _selected(server, query)
        rows, headers = _page(server, found, query)
        if server.behaviour.is_broken or any(
            row["service_request_id"] in server.behaviour.poison_ids for row in rows
        ):
            raise _RefusalError(500, "internal error")
        loaded: Any = {"data": rows} if server.behaviour.has_envelope else rows
        self._send(200, json.dumps(loaded).encode(), headers)

    def _misbehave(self, fault: str) -> None:
        if fault == "429":
            self._send(429, b"slow down", {"Retry-After": "0"})
        elif fault == "502":
            page = b"<html><body>502 Bad Gateway</body></html>"
            self._send(502, page, {"Content-Type": "text/html"})
        elif fault == "html":
            page = b"<html><body>Huoltokatko</body></html>"
            self._send(200, page, {"Content-Type": "text/html"})
        elif fault == "dropped":
            self.close_connection = True
        else:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'[{"service_request_id": "')
            self.close_connection = True

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        all_headers = {"Content-Type": "application/json", **(headers or {})}
        for name, value in all_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _selected(server: GeoReportServer, query: dict[str, str]) -> list[dict[str, Any]]:
    """Records between start and end, newest first; the server's own complaints as real ones."""
    if query.get("jurisdiction_id") == "":
        raise _RefusalError(500, "empty jurisdiction_id")
    start, end = (_moment(server, query[name]) for name in ("start_date", "end_date"))
    if end.date() - start.date() > LONGEST_WINDOW:
        raise _RefusalError(400, "the window spans more than 90 days")
    after = _moment(server, query["updated_after"]) if "updated_after" in query else None
    found = [
        record
        for record in server.records
        if start <= datetime.fromisoformat(record["requested_datetime"]) <= end
        and (after is None or datetime.fromisoformat(record["updated_datetime"]) >= after)
    ]
    found.sort(key=lambda record: str(record["requested_datetime"]), reverse=True)
    if query.get("extensions") == "true":
        return found
    return [{k: v for k, v in r.items() if k != "extended_attributes"} for r in found]


def _moment(server: GeoReportServer, text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if "." in text:
        raise _RefusalError(500, "fractions of a second")
    if moment.tzinfo is None:
        raise _RefusalError(400, "a time without zone")
    if server.behaviour.chops_times:
        moment = moment.astimezone(CITY).replace(hour=0, minute=0, second=0)
    return moment


def _page(
    server: GeoReportServer, found: list[dict[str, Any]], query: dict[str, str]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    behaviour = server.behaviour
    if behaviour.paging == "ignored":
        return found[: behaviour.max_rows], {}
    size = min(int(query.get("page_size", behaviour.max_rows)), behaviour.max_rows)
    page = int(query.get("page", "1"))
    n_pages = -(-len(found) // size)
    rows = found[(page - 1) * size : page * size]
    if not rows and page > 1 and behaviour.past_the_end == "404":
        raise _RefusalError(404, "no such page")
    headers = {}
    if behaviour.paging in ("headers", "count"):
        headers = {"X-Page-Count": str(n_pages), "X-Result-Count": str(len(found))}
    if behaviour.paging == "headers" and page < n_pages:
        base = behaviour.next_page_host or server.address.removesuffix("/open311/v2")
        following = urlencode({**query, "page": page + 1})
        headers["X-Next-Page-URL"] = f"{base}/open311/v2/requests.json?{following}"
    return rows, headers
