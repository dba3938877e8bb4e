"""From live addresses to pages: the sources' servers on loopback, and only what is new again."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support import kuntalaisaloite_server, webropol_server
from tests.support.georeport_server import GeoReportServer, georeport_server
from tests.support.kuntalaisaloite_server import KuntalaisaloiteServer
from tests.support.tiny import Town, run_job
from tests.support.webropol_server import WebropolServer

SURVEY = "7d9c2f4e-1b1a-4c55-9a39-3c1f0a2b6d10"


@dataclass(frozen=True, slots=True)
class Sources:
    """The servers of the three sources."""

    georeport: GeoReportServer
    webropol: WebropolServer
    kuntalaisaloite: KuntalaisaloiteServer

    def asked(self) -> tuple[list[dict[str, str]], list[str], list[str]]:
        """What each was asked since it was last looked at."""
        seen = (
            list(self.georeport.seen), list(self.webropol.seen), list(self.kuntalaisaloite.requests)
        )  # fmt: skip
        self.georeport.seen.clear()
        self.webropol.seen.clear()
        self.kuntalaisaloite.requests.clear()
        return seen


@pytest.fixture
def live(untouched: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Town, Sources]]:
    """The tiny city's requests and answers behind live addresses, the rest in the folder."""
    records: list[dict[str, Any]] = []
    for path in sorted((untouched.exports / "georeport").glob("requests_*_p1.json")):
        if "2026-03-02_" not in path.name:
            records += json.loads(path.read_bytes())
        path.unlink()
    answers: list[dict[str, Any]] = []
    for path in sorted((untouched.exports / "webropol" / SURVEY).glob("responses_*.json")):
        answers += json.loads(path.read_bytes())["SurveyAnswers"]
        path.unlink()
    for path in (untouched.exports / "kuntalaisaloite").glob("*.json"):
        path.unlink()
    monkeypatch.setenv("KUULOLLA_WEBROPOL_USERNAME", webropol_server.USERNAME)
    monkeypatch.setenv("KUULOLLA_WEBROPOL_PASSWORD", webropol_server.PASSWORD)
    with ExitStack() as stack:
        sources = Sources(
            stack.enter_context(georeport_server(records)),
            stack.enter_context(webropol_server.webropol_server({SURVEY: answers})),
            stack.enter_context(kuntalaisaloite_server.serving()),
        )
        sources.kuntalaisaloite.publish(99101, 99102, 99103, n_supporters=120)
        untouched.add_settings(settings_of(sources))
        yield untouched, sources


def settings_of(sources: Sources) -> str:
    """The settings' tables of live addresses."""
    addresses = {
        "georeport": sources.georeport.address,
        "webropol": sources.webropol.address,
        "kuntalaisaloite": sources.kuntalaisaloite.address,
    }
    tables = [
        f'[sources.{name}]\naddress = "{address}"\nrequests_per_second = 10000\n'
        for name, address in addresses.items()
    ]
    return "\n".join(tables).replace(
        "[sources.georeport]\n", "[sources.georeport]\nsince = 2026-01-01\n"
    )


def test_live_addresses_give_what_files_give_and_the_next_run_asks_only_for_what_is_new(
    finished: Town, live: tuple[Town, Sources], unchecked: None
) -> None:
    town, sources = live

    first = run_job(town)
    asked_first = sources.asked()
    sources.georeport.records.append(
        {
            "service_request_id": "tiny-t40",
            "description": "Roskis on täynnä.",
            "requested_datetime": "2026-03-30T10:00:00+03:00",
            "updated_datetime": "2026-03-31T12:00:00+03:00",
            "status": "open",
        }
    )
    sources.kuntalaisaloite.publish(99104)
    second = run_job(town)
    asked_second = sources.asked()

    assert (first.code, second.code) == (0, 0), first.err + second.err + second.out
    # The first run: windows of requests, all seven pages of answers, every initiative.
    assert all("updated_after" not in query for query in asked_first[0])
    assert len([path for path in asked_first[1] if "paging" in path]) == 7
    assert len([path for path in asked_first[2] if "/initiatives/" in path]) == 3
    # The second: what has changed, the last page, the new initiative.
    assert asked_second[0]
    assert all("updated_after" in query for query in asked_second[0])
    assert len([path for path in asked_second[1] if "paging" in path]) <= 1
    assert [path for path in asked_second[2] if "/initiatives/" in path] == [
        "/api/v1/initiatives/99104"
    ]
    # t25 came after the snapshot day and is not asked for; t40 is new.
    tickets = town.table("core_feedback__tickets").filter(source_code="georeport")
    assert tickets.height == 25
    assert town.table("core_initiatives__initiatives").height == 4
    grades = "public_service__satisfaction"
    assert (
        town.table(grades).filter(question_id="yleisarvio")["mean"].to_list()
        == finished.table(grades).filter(question_id="yleisarvio")["mean"].to_list()
    )
    assert "Tiedot 31.3.2026 asti" in town.page()
