"""Surveys come whole from a server that misbehaves, and only what is new comes again."""

import json
import traceback
from pathlib import Path
from typing import Any

import pytest

from assets.connectors.checkpoint import FileCheckpoint
from assets.connectors.delivery import Delivery
from assets.connectors.door import drop_personal_fields
from assets.connectors.http import Politeness
from assets.connectors.webropol import fetch_webropol
from assets.connectors.webropol_session import WebropolSession, WebropolSource
from assets.errors import SettingsError, SourceDownError
from tests.support.webropol_server import (
    PASSWORD,
    USERNAME,
    WebropolServer,
    response,
    webropol_server,
)

KIRJASTO = "1a4d811b-3386-4c2d-3373-8df43b5a4594"
LIIKUNTA = "53c5b1ca-5d4e-4146-90df-a85bb7a8094a"
WRONG = "väärä " + "sana"
FIVE = [response(f"v{n}") for n in range(1, 6)]


class _Time:
    """A clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def _session(
    server: WebropolServer, *, time: _Time | None = None, **changes: Any
) -> WebropolSession:
    time = time or _Time()
    account = {"username": USERNAME, "password": PASSWORD, "address": server.address}
    return WebropolSession(
        WebropolSource(**{**account, **changes}),
        politeness=Politeness(requests_per_second=1000.0),
        sleep=time.sleep,
        clock=lambda: time.now,
    )


def _fetch(server: WebropolServer, path: Path, **changes: Any) -> list[Delivery]:
    with _session(server, **changes) as session:
        return list(fetch_webropol(session, checkpoint=FileCheckpoint(path)))


def _land(server: WebropolServer, path: Path, landed: list[Delivery]) -> None:
    with _session(server) as session:
        for delivery in fetch_webropol(session, checkpoint=FileCheckpoint(path)):
            landed.append(delivery)  # noqa: PERF402 - an error must not lose those before it


def _names(deliveries: list[Delivery]) -> list[str]:
    return [delivery.name.removeprefix(f"{KIRJASTO}/") for delivery in deliveries]


def _ids(deliveries: list[Delivery]) -> list[str]:
    pages = [json.loads(d.content) for d in deliveries if "responses" in d.name]
    return [row["ResponseId"] for page in pages for row in page["SurveyAnswers"]]


def test_questions_and_every_page_of_responses_come(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        deliveries = _fetch(server, tmp_path / "c.json")

    assert _names(deliveries) == [
        "questions.json",
        "responses_p1.json",
        "responses_p2.json",
        "responses_p3.json",
    ]
    assert _ids(deliveries) == ["v1", "v2", "v3", "v4", "v5"]


def test_the_e_mail_address_of_a_respondent_is_dropped_at_the_door(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        page = _fetch(server, tmp_path / "c.json")[1]

    content, dropped = drop_personal_fields(page.content)

    assert dropped == ["RespondentEmail"]
    assert b"esimerkki" not in content


def test_a_second_fetch_of_an_unchanged_survey_delivers_nothing(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        _fetch(server, tmp_path / "c.json")
        server.seen.clear()
        deliveries = _fetch(server, tmp_path / "c.json")

    assert deliveries == []
    assert server.seen[-1] == f"surveys/{KIRJASTO}/responses?paging=3"


def test_a_closed_and_whole_survey_is_asked_once_and_not_for_its_questions(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        server.closed = {KIRJASTO}
        _fetch(server, tmp_path / "c.json")
        server.seen.clear()
        _fetch(server, tmp_path / "c.json")

    assert server.seen == ["surveys", f"surveys/{KIRJASTO}/responses?paging=3"]


def test_new_responses_come_from_the_last_page_on(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        _fetch(server, tmp_path / "c.json")
        server.surveys[KIRJASTO] = [*FIVE, response("v6"), response("v7")]
        deliveries = _fetch(server, tmp_path / "c.json")

    assert _names(deliveries) == ["responses_p3.json", "responses_p4.json"]
    assert _ids(deliveries) == ["v5", "v6", "v7"]


def test_a_survey_is_read_anew_when_a_response_was_erased(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        _fetch(server, tmp_path / "c.json")
        server.surveys[KIRJASTO] = FIVE[1:]
        deliveries = _fetch(server, tmp_path / "c.json")

    assert _ids(deliveries) == ["v2", "v3", "v4", "v5"]


def test_a_survey_is_read_anew_when_new_responses_stand_first(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        _fetch(server, tmp_path / "c.json")
        server.surveys[KIRJASTO] = [response("v6"), *FIVE]
        deliveries = _fetch(server, tmp_path / "c.json")

    assert _ids(deliveries) == ["v6", "v1", "v2", "v3", "v4", "v5"]


def test_a_killed_fetch_goes_on_after_the_last_page_that_landed(tmp_path: Path) -> None:
    checkpoint = FileCheckpoint(tmp_path / "c.json")
    with webropol_server({KIRJASTO: FIVE}) as server:
        with _session(server) as session:
            pages = iter(fetch_webropol(session, checkpoint=checkpoint))
            landed = [next(pages), next(pages)]
            next(pages)  # on its way when the process is killed
        rest = _fetch(server, tmp_path / "c.json")

    assert _ids(landed) + _ids(rest) == ["v1", "v2", "v3", "v4", "v5"]


@pytest.mark.parametrize("fault", ["429", "html", "short", "cut", "dropped"])
def test_a_passing_fault_costs_no_response(tmp_path: Path, fault: str) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        server.faults = ["ok", fault, fault]
        deliveries = _fetch(server, tmp_path / "c.json")

    assert _ids(deliveries) == ["v1", "v2", "v3", "v4", "v5"]


def test_a_page_that_stays_short_is_an_error_and_the_pages_before_it_stay(tmp_path: Path) -> None:
    landed: list[Delivery] = []
    with webropol_server({KIRJASTO: FIVE}) as server:
        server.faults = ["ok", *["short"] * 3]
        with pytest.raises(SourceDownError, match="Found 1 responses, expected 2"):
            _land(server, tmp_path / "c.json", landed)
        before = _ids(landed)
        _land(server, tmp_path / "c.json", landed)

    assert before == ["v1", "v2"]
    assert _ids(landed) == ["v1", "v2", "v3", "v4", "v5"]


def test_one_broken_survey_does_not_keep_the_others_away(tmp_path: Path) -> None:
    landed: list[Delivery] = []
    with webropol_server({KIRJASTO: FIVE, LIIKUNTA: [response("a1")]}) as server:
        server.faults = ["cut"] * 3
        with pytest.raises(SourceDownError, match=f"survey {KIRJASTO}"):
            _land(server, tmp_path / "c.json", landed)

    assert _ids(landed) == ["a1"]


def test_a_survey_that_shrinks_while_it_is_read_is_begun_again(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        server.after_page = {1: FIVE[1:]}
        deliveries = _fetch(server, tmp_path / "c.json")

    assert _ids(deliveries) == ["v1", "v2", "v2", "v3", "v4", "v5"]


def test_responses_that_come_while_pages_are_read_are_read_too(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        server.after_page = {2: [*FIVE, response("v6"), response("v7")]}
        deliveries = _fetch(server, tmp_path / "c.json")

    assert _ids(deliveries) == ["v1", "v2", "v3", "v4", "v5", "v6", "v7"]


def test_a_refused_token_is_renewed_once(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        server.revoked = {"t1"}
        deliveries = _fetch(server, tmp_path / "c.json")

    assert server.n_tokens == 2
    assert len(_ids(deliveries)) == 5


def test_a_token_that_is_refused_again_is_an_error(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        server.revoked = {"t1", "t2"}
        with pytest.raises(SourceDownError, match="answered 401"):
            _fetch(server, tmp_path / "c.json")

    assert server.n_tokens == 2


def test_a_token_is_renewed_before_it_expires(tmp_path: Path) -> None:
    time = _Time()
    with webropol_server({KIRJASTO: FIVE}) as server:
        server.expires_in = 300
        with _session(server, time=time) as session:
            session.get("surveys")
            time.sleep(239)
            session.get("surveys")
            time.sleep(2)
            session.get("surveys")

    assert server.n_tokens == 2


def test_a_wrong_password_is_told_without_showing_it(tmp_path: Path) -> None:
    with (
        webropol_server({KIRJASTO: FIVE}) as server,
        pytest.raises(SourceDownError, match="refused the log-in") as caught,
    ):
        _fetch(server, tmp_path / "c.json", password=WRONG)

    shown = "".join(traceback.format_exception(caught.value))
    assert WRONG not in shown
    assert USERNAME not in shown


def test_the_password_does_not_follow_a_redirect_to_another_host(tmp_path: Path) -> None:
    with webropol_server({}) as stranger, webropol_server({KIRJASTO: FIVE}) as server:
        server.token_redirect = stranger.address.replace("/api/v1", "/Token")
        with pytest.raises(SourceDownError, match="421"):
            _fetch(server, tmp_path / "c.json")

    assert stranger.n_tokens == 0


def test_a_password_does_not_travel_without_encryption() -> None:
    source = WebropolSource(USERNAME, PASSWORD, address="http://rest.esimerkki.fi/api/v1")

    with pytest.raises(SettingsError, match="https"):
        WebropolSession(source)


def test_secrets_are_shown_nowhere(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE}) as server:
        deliveries = _fetch(server, tmp_path / "c.json")

    source = WebropolSource(USERNAME, PASSWORD)
    shown = f"{source!r} {deliveries!r} {(tmp_path / 'c.json').read_text()}"
    assert PASSWORD not in shown
    assert USERNAME not in shown
    assert '"v' not in (tmp_path / "c.json").read_text()
    assert "?" not in deliveries[1].address


def test_only_the_surveys_of_the_settings_are_fetched(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: FIVE, LIIKUNTA: [response("a1")]}) as server:
        deliveries = _fetch(server, tmp_path / "c.json", survey_ids=frozenset({LIIKUNTA.upper()}))

    assert _ids(deliveries) == ["a1"]


def test_a_survey_of_the_settings_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with (
        webropol_server({KIRJASTO: FIVE}) as server,
        pytest.raises(SourceDownError, match=r"webropol\.survey_ids"),
    ):
        _fetch(server, tmp_path / "c.json", survey_ids=frozenset({LIIKUNTA}))


def test_a_survey_without_responses_delivers_an_empty_page(tmp_path: Path) -> None:
    with webropol_server({KIRJASTO: []}) as server:
        deliveries = _fetch(server, tmp_path / "c.json")

    assert _names(deliveries) == ["questions.json", "responses_p1.json"]
    assert _ids(deliveries) == []


def test_a_survey_id_that_is_a_path_is_refused(tmp_path: Path) -> None:
    with (
        webropol_server({"../../etc": []}) as server,
        pytest.raises(SourceDownError, match="GUID"),
    ):
        _fetch(server, tmp_path / "c.json")
