"""The client against a server that behaves as kuntalaisaloite.fi, over loopback."""

import json
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from assets.connectors.checkpoint import FileCheckpoint
from assets.connectors.delivery import Delivery
from assets.connectors.http import PoliteClient, Politeness
from assets.connectors.kuntalaisaloite import (
    InitiativeFetch,
    InitiativeService,
    fetch_initiatives,
)
from assets.errors import SourceDownError
from assets.raw_store import RawStore
from tests.support.kuntalaisaloite_server import AUTHOR, KuntalaisaloiteServer, serving

RUN_AT = datetime(2026, 2, 4, 1, 0, tzinfo=UTC)


class KilledError(Exception):
    """The consumer dies in the middle of a fetch."""


@pytest.fixture
def server() -> Iterator[KuntalaisaloiteServer]:
    with serving() as state:
        yield state


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(waits: list[float]) -> Iterator[PoliteClient]:
    politeness = Politeness(requests_per_second=1000, attempts=3, timeout_seconds=5)
    with PoliteClient(politeness=politeness, sleep=waits.append) as polite:
        yield polite


@pytest.fixture
def checkpoint(tmp_path: Path) -> FileCheckpoint:
    return FileCheckpoint(tmp_path / "checkpoint.json")


def a_fetch(
    server: KuntalaisaloiteServer,
    client: PoliteClient,
    checkpoint: FileCheckpoint,
    *,
    run_at: datetime = RUN_AT,
) -> InitiativeFetch:
    service = InitiativeService(municipality_code="743", address=server.address)
    return fetch_initiatives(client, service, run_at=run_at, checkpoint=checkpoint)


def names(deliveries: Iterable[Delivery]) -> list[str]:
    return [delivery.name for delivery in deliveries]


def listed_numbers(deliveries: Iterable[Delivery]) -> set[int]:
    pages = (d.content for d in deliveries if d.name.startswith("list_"))
    return {int(item["id"].rsplit("/", 1)[-1]) for page in pages for item in json.loads(page)}


def detailed_numbers(deliveries: Iterable[Delivery]) -> list[int]:
    found = (d.name for d in deliveries if d.name.startswith("initiative_"))
    return [int(name.removeprefix("initiative_").removesuffix(".json")) for name in found]


def test_every_page_and_then_every_detail_is_delivered(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(*range(1, 121))
    server.publish(500, municipality=91)

    deliveries = list(a_fetch(server, client, checkpoint))

    assert names(deliveries)[:3] == [
        "list_2026-02-04T010000Z_0.json",
        "list_2026-02-04T010000Z_45.json",
        "list_2026-02-04T010000Z_90.json",
    ]
    assert listed_numbers(deliveries) == set(range(1, 121))
    assert detailed_numbers(deliveries) == list(range(120, 0, -1))
    assert {delivery.source_code for delivery in deliveries} == {"kuntalaisaloite"}
    assert server.requests[0] == "/api/v1/initiatives?municipality=743&limit=50&offset=0"
    assert not server.asked("jsonp")


@pytest.mark.parametrize("n", [0, 1, 2, 5, 6, 45, 49, 50, 51, 95, 100])
def test_a_list_of_any_length_is_read_to_its_end(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint, n: int
) -> None:
    server.publish(*range(1, n + 1))

    deliveries = list(a_fetch(server, client, checkpoint))

    assert listed_numbers(deliveries) == set(range(1, n + 1))
    pages = [json.loads(d.content) for d in deliveries if d.name.startswith("list_")]
    assert len(pages[-1]) < max(1, *(len(page) for page in pages))


def test_a_cap_that_the_service_lowers_in_silence_leaves_nothing_out(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(*range(1, 91))
    server.faults.cap = 20

    deliveries = list(a_fetch(server, client, checkpoint))

    assert listed_numbers(deliveries) == set(range(1, 91))


def test_what_appears_between_pages_shifts_no_one_out(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(*range(1, 121))

    def publish_more(path: str, n_requests: int) -> None:
        if n_requests == 2:
            server.publish(*range(201, 211))

    server.faults.before = publish_more

    deliveries = list(a_fetch(server, client, checkpoint))

    assert listed_numbers(deliveries) >= set(range(1, 121))
    assert len(detailed_numbers(deliveries)) == len(set(detailed_numbers(deliveries)))


@pytest.mark.parametrize("n_vanishing", [1, 5, 6, 30])
def test_what_vanishes_between_pages_takes_no_one_with_it(
    server: KuntalaisaloiteServer,
    client: PoliteClient,
    checkpoint: FileCheckpoint,
    n_vanishing: int,
) -> None:
    server.publish(*range(1, 121))
    vanishing = range(121 - n_vanishing, 121)

    def hide_some(path: str, n_requests: int) -> None:
        if n_requests == 2:
            server.hide(*vanishing)

    server.faults.before = hide_some
    fetch = a_fetch(server, client, checkpoint)

    deliveries = list(fetch)

    assert listed_numbers(deliveries) >= set(range(1, 121 - n_vanishing))
    assert set(map(int, fetch.vanished)) == set(vanishing)
    assert set(detailed_numbers(deliveries)) == set(range(1, 121 - n_vanishing))


def test_only_what_is_new_or_changed_is_asked_for_again(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(*range(1, 11))
    list(a_fetch(server, client, checkpoint))
    server.publish(2, n_supporters=11)
    server.publish(3, published="2026-03-01")
    server.publish(4, sent="2026-03-01")
    server.publish(11)

    again = list(a_fetch(server, client, checkpoint, run_at=RUN_AT + timedelta(days=1)))
    unchanged = list(a_fetch(server, client, checkpoint, run_at=RUN_AT + timedelta(days=2)))

    assert detailed_numbers(again) == [11, 4, 3, 2]
    assert detailed_numbers(unchanged) == []
    assert names(unchanged)[0] == "list_2026-02-06T010000Z_0.json"


def test_one_that_is_listed_and_yet_gone_is_noted_and_not_asked_for_every_night(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(1, 2, 3)

    def hide_one(path: str, n_requests: int) -> None:
        if path.endswith("/initiatives/2"):
            server.initiatives.pop(2, None)

    server.faults.before = hide_one
    fetch = a_fetch(server, client, checkpoint)

    deliveries = list(fetch)
    server.publish(2)
    server.requests.clear()
    list(a_fetch(server, client, checkpoint, run_at=RUN_AT + timedelta(days=1)))

    assert detailed_numbers(deliveries) == [3, 1]
    assert fetch.vanished == ["2"]
    assert not server.asked("initiatives/2")


@pytest.mark.parametrize("n_landed", range(1, 5))
def test_a_killed_fetch_goes_on_without_asking_for_what_was_landed(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint, n_landed: int
) -> None:
    server.publish(*range(1, 4))
    whole = ["list_2026-02-04T010000Z_0.json", "list_2026-02-04T010000Z_1.json"]
    whole += ["initiative_3.json", "initiative_2.json", "initiative_1.json"]
    landed: list[str] = []

    with pytest.raises(KilledError):
        land_and_die(a_fetch(server, client, checkpoint), landed, n_landed)
    later = RUN_AT + timedelta(hours=1)
    rest = names(a_fetch(server, client, checkpoint, run_at=later))

    assert landed == whole[:n_landed]
    assert landed + rest == whole
    assert len(server.requests) == len(whole) + 1  # the one that was under way, twice


def land_and_die(deliveries: Iterable[Delivery], landed: list[str], n: int) -> None:
    for delivery in deliveries:
        if len(landed) == n:
            raise KilledError
        landed.append(delivery.name)


def test_a_listing_that_was_interrupted_long_ago_is_begun_anew_and_details_are_kept(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(*range(1, 4))
    list(islice(a_fetch(server, client, checkpoint), 4))  # two pages, two details; one landed

    rest = names(a_fetch(server, client, checkpoint, run_at=RUN_AT + timedelta(hours=7)))

    assert rest[0] == "list_2026-02-04T080000Z_0.json"
    assert [name for name in rest if name.startswith("initiative_")] == [
        "initiative_2.json",
        "initiative_1.json",
    ]


def test_a_checkpoint_of_another_city_is_not_heeded(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(1)
    server.publish(2, municipality=91)
    list(a_fetch(server, client, checkpoint))
    other = InitiativeService(municipality_code="091", address=server.address)

    deliveries = list(fetch_initiatives(client, other, run_at=RUN_AT, checkpoint=checkpoint))

    assert detailed_numbers(deliveries) == [2]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_error_is_waited_for(
    server: KuntalaisaloiteServer,
    client: PoliteClient,
    checkpoint: FileCheckpoint,
    waits: list[float],
    status: int,
) -> None:
    server.publish(1)
    server.faults.statuses = [status, status, 200, status]

    deliveries = list(a_fetch(server, client, checkpoint))

    assert detailed_numbers(deliveries) == [1]
    if status == 429:
        assert waits.count(3.0) == 3  # as Retry-After says


def test_an_error_that_stays_is_told_as_a_sentence(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.faults.statuses = [500] * 3

    with pytest.raises(SourceDownError, match=r"answered 500 \(text/html\), expected 200"):
        list(a_fetch(server, client, checkpoint))


def test_an_html_page_with_status_200_is_told(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(1)
    server.faults.types = ["text/html;charset=UTF-8"]

    with pytest.raises(SourceDownError, match="an HTML page, expected application/json"):
        list(a_fetch(server, client, checkpoint))


def test_javascript_in_place_of_json_is_refused(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(1)
    server.faults.types = ["application/javascript"]

    with pytest.raises(SourceDownError, match="expected application/json"):
        list(a_fetch(server, client, checkpoint))


def test_a_body_that_breaks_off_is_asked_for_again(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(1)
    server.faults.cut_bodies = 1

    assert detailed_numbers(a_fetch(server, client, checkpoint)) == [1]


def test_half_a_body_that_passes_for_whole_is_asked_for_again_and_then_refused(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(1)
    server.faults.half_bodies = 1
    assert detailed_numbers(a_fetch(server, client, checkpoint)) == [1]
    server.faults.half_bodies = 2

    with pytest.raises(SourceDownError, match=r"cut off or broken \(\d+ bytes\)"):
        list(a_fetch(server, client, checkpoint, run_at=RUN_AT + timedelta(days=1)))


def test_a_server_that_does_not_answer_in_time_is_told(
    server: KuntalaisaloiteServer, checkpoint: FileCheckpoint
) -> None:
    answered = threading.Event()
    server.faults.before = lambda _path, _n: (answered.wait(5), None)[1]
    politeness = Politeness(requests_per_second=1000, attempts=1, timeout_seconds=0.05)

    with (
        PoliteClient(politeness=politeness, sleep=lambda _seconds: None) as hurried,
        pytest.raises(SourceDownError, match=r"did not answer \(ReadTimeout\)"),
    ):
        list(a_fetch(server, hurried, checkpoint))
    answered.set()


def test_a_server_that_does_not_heed_the_offset_ends_in_an_error_and_not_in_a_circle(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint
) -> None:
    server.publish(*range(1, 80))
    server.faults.same_page = True

    with pytest.raises(SourceDownError, match="gives the same page again"):
        list(a_fetch(server, client, checkpoint))


def test_no_author_is_landed(
    server: KuntalaisaloiteServer, client: PoliteClient, checkpoint: FileCheckpoint, tmp_path: Path
) -> None:
    server.publish(1, 2)
    store = RawStore(tmp_path / "raw")

    for delivery in a_fetch(server, client, checkpoint):
        store.land(delivery)

    kept = [path.read_text() for path in (tmp_path / "raw").rglob("*") if path.is_file()]
    assert any("Ehdotus 1." in text for text in kept)
    assert not any(part in text for text in kept for part in AUTHOR.split())
    assert AUTHOR.split()[0] not in (tmp_path / "checkpoint.json").read_text()


@pytest.mark.parametrize(
    "address",
    [
        "https://testi.kuntalaisaloite.fi",
        "https:////testi.kuntalaisaloite.fi/",
        "https:////testi.kuntalaisaloite.fi/api",
        "https://testi.kuntalaisaloite.fi/api/v1/",
        "https://testi.kuntalaisaloite.fi/api/v1/initiatives",
    ],
)
def test_the_address_may_be_written_as_the_service_prints_it(address: str) -> None:
    service = InitiativeService(municipality_code="743", address=address)

    assert service.api == "https://testi.kuntalaisaloite.fi/api/v1/initiatives"
