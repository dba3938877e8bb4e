"""A loopback server that answers as kuntalaisaloite.fi's API v1 does, quirks included.

Default limit 20, silent cap 50, numbers descending, ``participantCount`` an integer in the list
and an object in the detail, every error an HTML page. Faults are set by the test: see ``Faults``.
All initiatives are invented.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.loopback import listening

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 50
AUTHOR = "Tekaistu Tekijä"

_ORDERS = {
    "oldestSent", "latestSent", "id", "mostParticipants", "leastParticipants", "oldest", "latest",
}  # fmt: skip


@dataclass
class Initiative:
    """One published initiative."""

    number: int
    municipality: int = 743
    n_supporters: int = 10
    published: str = "2026-02-03"
    sent: str | None = None


@dataclass
class Faults:
    """What goes wrong.

    Attributes:
        statuses: Answered in turn, one per request, before anything else; 200 is no fault.
        before: Called with each request's path and number of requests so far, before answering:
            there a test lets initiatives appear or vanish, or is slow.
        cut_bodies: So many next answers are cut in the middle, their length told as if whole.
        half_bodies: So many next answers are cut in the middle, with their true length.
        cap: The largest limit, when the service lowers it.
        same_page: The offset is not heeded.
        types: Content types answered in turn in place of JSON's.
    """

    statuses: list[int] = field(default_factory=list)
    before: Callable[[str, int], None] = lambda _path, _n: None
    cut_bodies: int = 0
    half_bodies: int = 0
    cap: int = LARGEST_LIMIT
    same_page: bool = False
    types: list[str] = field(default_factory=list)


class KuntalaisaloiteServer:
    """The service's state, its faults, and the requests it has had."""

    def __init__(self) -> None:
        self.initiatives: dict[int, Initiative] = {}
        self.faults = Faults()
        self.requests: list[str] = []
        self.address = ""

    def publish(self, *numbers: int, **fields: Any) -> None:
        """Publish initiatives, or publish them again with other fields."""
        for number in numbers:
            self.initiatives[number] = Initiative(number, **fields)

    def hide(self, *numbers: int) -> None:
        """What the service does when it takes back a published initiative."""
        for number in numbers:
            del self.initiatives[number]

    def asked(self, part: str) -> list[str]:
        """Requests whose address holds ``part``."""
        return [request for request in self.requests if part in request]

    def item(self, initiative: Initiative) -> dict[str, Any]:
        """As in the list."""
        api = f"{self.address}/api/v1"
        number, place = initiative.number, initiative.municipality
        return {
            "collaborative": True,
            "id": f"{api}/initiatives/{number}",
            "municipality": {
                "active": True,
                "id": f"{api}/municipalities/{place}",
                "nameFi": "Seinäjoki",
                "nameSv": "Seinäjoki",
            },
            "name": f"Aloite numero {number}",
            "participantCount": initiative.n_supporters,
            "publishDate": initiative.published,
            "sentTime": initiative.sent,
            "type": "COLLABORATIVE",
            "url": {
                "fi": f"{self.address}/fi/aloite/{number}",
                "sv": f"{self.address}/sv/initiativ/{number}",
            },
        }

    def detail(self, initiative: Initiative) -> dict[str, Any]:
        """As when asked for alone; with the name of an author, as the service gives it."""
        n = initiative.n_supporters
        count = {"externalNames": 0, "privateNames": n - 1, "publicNames": 1, "total": n}
        author = {"municipality": None, "name": AUTHOR}
        return {
            "authors": {"privateNames": 0, "publicAuthors": [author], "publicNames": 1},
            **self.item(initiative),
            "participantCount": count,
            "proposal": f"Ehdotus {initiative.number}.\n\nToinen kappale.",
        }

    def answer(self, address: str) -> tuple[int, Any]:
        """Status and JSON; null for an HTML page."""
        split = urlsplit(address)
        if found := re.fullmatch(r"/api/v1/initiatives/(\d+)", split.path):
            initiative = self.initiatives.get(int(found.group(1)))
            return (200, self.detail(initiative)) if initiative else (404, None)
        if split.path != "/api/v1/initiatives":
            return 404, None
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        try:
            offset = 0 if self.faults.same_page else int(query.get("offset", 0))
            limit = min(int(query.get("limit", DEFAULT_LIMIT)), self.faults.cap)
            wanted = int(query["municipality"]) if "municipality" in query else None
        except ValueError:
            return 500, None
        if query.get("orderBy", "id") not in _ORDERS:
            return 500, None
        shown = sorted(
            (i for i in self.initiatives.values() if wanted in (None, i.municipality)),
            key=lambda initiative: -initiative.number,
        )
        return 200, [self.item(initiative) for initiative in shown[offset : offset + limit]]


@contextmanager
def serving() -> Iterator[KuntalaisaloiteServer]:
    """The server on a free port of the loopback interface, until the block ends."""
    state = KuntalaisaloiteServer()
    with listening(_handler_of(state)) as address:
        state.address = address
        yield state


def _handler_of(state: KuntalaisaloiteServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """Answer, with the next fault if there is one."""
            state.requests.append(self.path)
            state.faults.before(self.path, len(state.requests))
            fault = state.faults.statuses.pop(0) if state.faults.statuses else 200
            status, value = state.answer(self.path) if fault == 200 else (fault, None)
            self._send(status, value)

        def _send(self, status: int, value: Any) -> None:
            body = json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
            media_type = "application/json;charset=UTF-8"
            if value is None:
                body = f"<!DOCTYPE html><html><body>{status}</body></html>".encode()
                media_type = "text/html;charset=UTF-8"
            elif state.faults.types:
                media_type = state.faults.types.pop(0)
            told = len(body)
            if value is not None and state.faults.cut_bodies:
                state.faults.cut_bodies -= 1
                body = body[: len(body) // 2]
            elif value is not None and state.faults.half_bodies:
                state.faults.half_bodies -= 1
                body = body[: len(body) // 2]
                told = len(body)
            self.close_connection = told != len(body)
            with suppress(ConnectionError):  # a client that did not wait
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(told))
                if status == 429:
                    self.send_header("Retry-After", "3")
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            """Keep still."""

    return Handler
