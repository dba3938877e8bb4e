"""A Webropol server on the loopback that behaves, and misbehaves, as the real one may.

Its faults are switches of ``WebropolServer``; every path it was asked for is in ``seen``.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USERNAME, PASSWORD = "kysely@esimerkki.fi", "salainen sana"


@dataclass
class WebropolServer:
    """A running server.

    Attributes:
        address: What stands before ``/surveys``.
        surveys: Responses by survey id, in the order in which pages hold them.
        closed: Surveys whose status is Closed.
        per_page: ``ItemsPerPage``.
        expires_in: Seconds that tokens are said to be valid.
        revoked: Tokens that are refused although their time has not run out.
        faults: Answers to the next calls for responses, one each: ``429``, ``html``, ``short``,
            ``cut`` (JSON broken off), ``dropped`` (fewer bytes than announced), ``ok``.
        after_page: What happens after a page was sent: page number to new responses of the survey.
        seen: Paths with query, as asked.
        n_tokens: Tokens given.
    """

    address: str
    surveys: dict[str, list[dict[str, Any]]]
    closed: set[str] = field(default_factory=set)
    per_page: int = 2
    expires_in: int = 3600
    revoked: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    after_page: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    n_tokens: int = 0
    token_redirect: str | None = None


@contextmanager
def webropol_server(surveys: dict[str, list[dict[str, Any]]]) -> Iterator[WebropolServer]:
    """A server for the length of a ``with``, on a free port of the loopback."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    server = WebropolServer(f"http://127.0.0.1:{httpd.server_address[1]}/api/v1", surveys)
    httpd.webropol = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def response(response_id: str, answer: str = "5") -> dict[str, Any]:
    """One response to one question, in the shape of Webropol's own example."""
    return {
        "RespondentId": None,
        "ResponseId": response_id,
        "RespondentEmail": "vastaaja@esimerkki.fi",
        "ResponseDate": "2025-03-02T09:37:09.593",
        "RespondentAnswers": [{"QuestionId": "q1", "Label": None, "Answer": answer}],
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Quiet."""

    def do_POST(self) -> None:
        server: WebropolServer = self.server.webropol  # type: ignore[attr-defined]
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if server.token_redirect is not None:
            self._send(307, b"", {"Location": server.token_redirect})
            return
        given = [form.get(name, [""])[0] for name in ("grant_type", "username", "password")]
        if urlsplit(self.path).path != "/Token" or given != ["password", USERNAME, PASSWORD]:
            self._send(400, b'{"error": "invalid_grant"}')
            return
        server.n_tokens += 1
        token = {"access_token": f"t{server.n_tokens}", "expires_in": server.expires_in}
        self._send(200, json.dumps({**token, "token_type": "bearer"}).encode())

    def do_GET(self) -> None:
        server: WebropolServer = self.server.webropol  # type: ignore[attr-defined]
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        known = {f"t{n}" for n in range(1, server.n_tokens + 1)} - server.revoked
        if token not in known:
            self._send(401, b'{"Message": "Authorization has been denied"}')
            return
        server.seen.append(self.path.removeprefix("/api/v1/"))
        parts = urlsplit(self.path)
        steps = parts.path.removeprefix("/api/v1/").split("/")
        if steps == ["surveys"]:
            self._send(200, json.dumps([_listed(server, key) for key in server.surveys]).encode())
        elif steps[2] == "questions":
            question = {"QuestionId": "q1", "QuestionText": "Arvosana?", "QuestionOrderNumber": 1}
            self._send(200, json.dumps({"Questions": [question]}).encode())
        else:
            number = int(parse_qs(parts.query)["paging"][0])
            self._send_page(server, steps[1], number)

    def _send_page(self, server: WebropolServer, survey_id: str, number: int) -> None:
        fault = server.faults.pop(0) if server.faults else "ok"
        page = _page(server, survey_id, number)
        if number in server.after_page:
            server.surveys[survey_id] = server.after_page.pop(number)
        if fault == "short":
            page["SurveyAnswers"] = page["SurveyAnswers"][:-1]
        body = json.dumps(page).encode()
        if fault == "429":
            self._send(429, b"slow down", {"Retry-After": "0"})
        elif fault == "html":
            self._send(503, b"<html>Huoltokatko</html>", {"Content-Type": "text/html"})
        elif fault == "dropped":
            self._send(200, body[:-10], {"Content-Length": str(len(body))})
            self.close_connection = True
        else:
            self._send(200, body[: len(body) // 2] if fault == "cut" else body)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        length = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        for name, value in {**length, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _listed(server: WebropolServer, survey_id: str) -> dict[str, Any]:
    return {
        "SurveyId": survey_id,
        "SurveyTitle": "Asiakaskysely",
        "Status": "Closed" if survey_id in server.closed else "Open",
        "ReadAccess": True,
    }


def _page(server: WebropolServer, survey_id: str, number: int) -> dict[str, Any]:
    responses = server.surveys[survey_id]
    n_pages = -(-len(responses) // server.per_page)
    rows = responses[(number - 1) * server.per_page : number * server.per_page]
    return {
        "SurveyId": survey_id,
        "Paging": {
            "ItemsPerPage": server.per_page,
            "TotalCount": len(responses),
            "TotalPages": n_pages,
            "CurrentPage": number,
            "IsLastItemFetched": number >= n_pages,
            "ItemCount": len(rows),
        },
        "SurveyAnswers": rows,
    }
