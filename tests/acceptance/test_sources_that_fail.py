"""A source down, half a file, an empty one: yesterday's figures stand and every page says so."""

import json
import socket
from collections.abc import Callable

import pytest

from assets.connectors import http
from tests.support.tiny import RESIDENTS_WORDS, Ran, Town, hashes, run_job

REQUESTS = "georeport/requests_2026-03-25_2026-03-31_p1.json"
WHOLE = json.dumps(
    [
        {
            "service_request_id": "tiny-t30",
            "service_code": "999",
            "description": "Tuhkakuppi on kaatunut torilla.",
            "requested_datetime": "2026-03-26T10:00:00+02:00",
            "updated_datetime": "2026-03-26T10:00:00+02:00",
            "status": "open",
        }
    ]
).encode()


def free_port() -> int:
    """A port of the loopback on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def figures(town: Town) -> dict[str, str]:
    """Hashes of every published file that holds figures; pages are for people."""
    return {
        path: sha256
        for path, sha256 in hashes(town.current).items()
        if path.split("/")[0] in {"csv", "csv_fi", "parquet", "kuulolla.duckdb"}
    }


def assert_yesterday_stands(ran: Ran, town: Town, finished: Town, *, says: str) -> None:
    (alert,) = town.alerts()

    assert ran.code == 1
    assert "Traceback" not in ran.err + ran.out
    assert says in ran.out
    assert says in alert
    assert "The last publication stands." in alert
    assert not [word for word in RESIDENTS_WORDS if word in alert.lower()]
    assert figures(town) == figures(finished)
    assert town.current.name != finished.current.name


def assert_well_again(town: Town, *, tickets: int) -> None:
    ran = run_job(town)

    assert ran.code == 0, ran.err + ran.out
    assert list((town.folders.state / "troubles").glob("*.json")) == []
    assert town.table("core_feedback__tickets").height == tickets


@pytest.fixture
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries follow at once."""
    polite = http.Politeness
    monkeypatch.setattr(http, "Politeness", lambda rate: polite(rate, first_wait_seconds=0.0))


def test_a_source_that_is_down_leaves_yesterdays_figures_and_says_so(
    finished: Town, again: Town, without_waiting: None
) -> None:
    settings = again.settings.read_text("utf-8")
    address = f"http://127.0.0.1:{free_port()}/open311/v2"
    again.add_settings(f'[sources.georeport]\naddress = "{address}"\nrequests_per_second = 1000\n')

    ran = run_job(again)

    assert_yesterday_stands(ran, again, finished, says="127.0.0.1")
    assert "Palautejärjestelmä" in again.page() or "GeoReport" in again.page()
    assert "raw_feedback__georeport" not in again.page()
    again.settings.write_text(settings, "utf-8")
    assert_well_again(again, tickets=31)
    assert again.current.name == finished.current.name
    assert hashes(again.current) == hashes(finished.current)


@pytest.mark.parametrize(
    "cut", [lambda whole: whole[: len(whole) // 2], lambda _: b""], ids=["half", "empty"]
)
def test_half_a_file_is_refused_by_name_until_the_whole_one_comes(
    finished: Town, again: Town, cut: Callable[[bytes], bytes]
) -> None:
    again.deliver(REQUESTS, cut(WHOLE))

    ran = run_job(again)

    assert_yesterday_stands(ran, again, finished, says="requests_2026-03-25_2026-03-31_p1.json")
    again.deliver(REQUESTS, WHOLE, hours_later=2)
    assert_well_again(again, tickets=32)


def test_damage_ends_when_the_very_same_whole_file_is_put_back(again: Town) -> None:
    again.deliver(REQUESTS, WHOLE)
    before = run_job(again)
    again.deliver(REQUESTS, WHOLE[:-40], hours_later=2)
    refused = run_job(again)

    again.deliver(REQUESTS, WHOLE, hours_later=3)

    assert (before.code, refused.code) == (0, 1)
    assert_well_again(again, tickets=32)


def test_a_damaged_file_that_never_comes_again_can_be_passed_over(again: Town) -> None:
    again.deliver(REQUESTS, WHOLE[:-40])
    refused = run_job(again)
    (damaged,) = [s for s in again.raw().slips() if s.name in REQUESTS]

    again.settings.write_text(
        again.settings.read_text("utf-8") + f'accepted_damage = ["{damaged.sha256}"]\n', "utf-8"
    )

    assert refused.code == 1
    assert damaged.sha256 in refused.out
    assert_well_again(again, tickets=31)
    row = again.table("core_deliveries__files").filter(delivery_sha256=damaged.sha256)
    assert row["verdict_code"].to_list() == ["refused"]
    assert "cut off" in row["refusal"][0]


def test_a_first_run_that_fails_says_that_there_is_nothing_to_show(untouched: Town) -> None:
    untouched.deliver(REQUESTS, WHOLE[:-40])

    ran = run_job(untouched)

    assert ran.code == 1
    assert "There is no earlier publication." in ran.out
    assert "Traceback" not in ran.err
    assert not untouched.folders.current.exists()


def test_settings_that_are_wrong_are_told_before_anything_is_done(again: Town) -> None:
    before = hashes(again.data)
    again.add_settings("[sources.georapport]\naddress = 1\n")

    ran = run_job(again)

    assert ran.code == 2
    assert ran.err.startswith("✗ Settings have the unknown key 'sources.georapport'")
    assert hashes(again.data) == before
