"""A loopback server that answers as PxWeb does: a table describes itself, and answers selections.

Residents are invented: each cell is its own position, from 1.
"""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.loopback import listening

Variable = dict[str, Any]


def by_age(years: list[str]) -> list[Variable]:
    """Variables of a table such as 11re, with those years."""
    ages = ["SSS", *(f"{age:03}" for age in range(100)), "100-"]
    return [
        {"code": "Alue", "values": ["SSS", "KU743", "KU301"]},
        {"code": "Ikä", "values": ages, "elimination": True},
        {"code": "Sukupuoli", "values": ["SSS", "1", "2"], "elimination": True},
        {"code": "Siviilisääty", "values": ["SSS", "1"], "elimination": True},
        {"code": "Vuosi", "values": years, "time": True},
        {"code": "Tiedot", "values": ["vaesto", "vaesto_osuus"]},
    ]


@dataclass
class PxWebServer:
    """Tables by name, what was asked, and faults.

    Attributes:
        tables: Variables of each table.
        selections: Every selection asked for, in order.
        statuses: Answered in turn before anything else.
        answer_with: Sent in place of the next dataset.
        address: Of the folder of tables.
    """

    tables: dict[str, list[Variable]] = field(default_factory=dict)
    selections: list[dict[str, list[str]]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer_with: list[bytes] = field(default_factory=list)
    address: str = ""

    def dataset(self, table: str, query: dict[str, Any]) -> bytes:
        """The cells of a selection, as JSON-stat 2.0."""
        asked = {part["code"]: part["selection"]["values"] for part in query["query"]}
        self.selections.append(asked)
        if self.answer_with:
            return self.answer_with.pop(0)
        kept = [v["code"] for v in self.tables[table] if v["code"] in asked]
        sizes = [len(asked[code]) for code in kept]
        dimension = {
            code: {"category": {"index": {value: i for i, value in enumerate(asked[code])}}}
            for code in kept
        }
        document = {
            "class": "dataset",
            "id": kept,
            "size": sizes,
            "dimension": dimension,
            "value": list(range(1, math.prod(sizes) + 1)),
            "version": "2.0",
        }
        return json.dumps(document, ensure_ascii=False).encode()


@contextmanager
def serving() -> Iterator[PxWebServer]:
    """The server on a free port of the loopback interface, until the block ends."""
    state = PxWebServer()
    with listening(_handler_of(state)) as address:
        state.address = f"{address}/PxWeb/api/v1/fi/StatFin/vaerak"
        yield state


def _handler_of(state: PxWebServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """The description of a table."""
            table = self.path.rsplit("/", 1)[-1]
            known = state.tables.get(table)
            body = json.dumps({"title": table, "variables": known}, ensure_ascii=False).encode()
            self._send(200 if known else 404, body)

        def do_POST(self) -> None:
            """The cells of a selection."""
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(200, state.dataset(self.path.rsplit("/", 1)[-1], asked))

        def _send(self, status: int, body: bytes) -> None:
            status = state.statuses.pop(0) if state.statuses else status
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            """Keep still."""

    return Handler
