"""Service requests are fetched whole from servers that behave and from servers that do not."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assets.connectors.checkpoint import FileCheckpoint
from assets.connectors.delivery import Delivery
from assets.connectors.georeport import (
    OVERLAP,
    GeoReportSource,
    RequestFetch,
    SkippedSpan,
    complete_until,
    fetch_requests,
)
from assets.connectors.http import PoliteClient, Politeness
from assets.errors import SourceDownError
from tests.support.georeport_server import Behaviour, GeoReportServer, georeport_server

CITY = ZoneInfo("Europe/Helsinki")
SINCE, UNTIL = date(2024, 1, 1), date(2024, 6, 30)


class _Memory:
    """A checkpoint that lives as long as a test."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}

    def load(self) -> dict[str, Any]:
        return dict(self.state)

    def save(self, state: Mapping[str, Any]) -> None:
        self.state = json.loads(json.dumps(dict(state)))


def _record(number: int, at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "service_request_id": f"t-{number}",
        "status": "open",
        "service_code": "101",
        "description": "Tiessä on kuoppa.",
        "requested_datetime": at.isoformat(timespec="seconds"),
        "updated_datetime": at.isoformat(timespec="seconds"),
        "extended_attributes": {"title": "Kuoppa"},
        **changes,
    }


def _half_year(n: int) -> list[dict[str, Any]]:
    """Requests from the midnight of New Year on, evenly to the end of June."""
    begin = datetime(2024, 1, 1, tzinfo=CITY)
    step = timedelta(days=181) / n
    return [_record(k, begin + k * step) for k in range(n)]


@contextmanager
def _client() -> Iterator[PoliteClient]:
    politeness = Politeness(requests_per_second=1e6, timeout_seconds=5, first_wait_seconds=0)
    with PoliteClient(politeness=politeness, sleep=lambda _: None) as client:
        yield client


def _fetch(
    server: GeoReportServer, client: PoliteClient, checkpoint: Any = None, **options: Any
) -> RequestFetch:
    source = GeoReportSource(server.address, **options.pop("source", {}))
    errand: dict[str, Any] = {"since": SINCE, "until": UNTIL, **options}
    return fetch_requests(client, source, checkpoint=checkpoint or _Memory(), **errand)


def _ids(deliveries: list[Delivery]) -> set[str]:
    loaded = [json.loads(delivery.content) for delivery in deliveries]
    pages = [page["data"] if isinstance(page, dict) else page for page in loaded]
    return {record["service_request_id"] for page in pages for record in page}


def _all_ids(server: GeoReportServer) -> set[str]:
    return {record["service_request_id"] for record in server.records}


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(),
        Behaviour(paging="headers", max_rows=50),
        Behaviour(paging="count", max_rows=50),
        Behaviour(paging="headers", max_rows=50, next_page_host="http://127.0.0.1:9"),
        Behaviour(paging="ignored", max_rows=100),
        Behaviour(max_rows=70),
        Behaviour(past_the_end="404"),
        Behaviour(past_the_end="404", errors_in_200=True),
        Behaviour(chops_times=True, max_rows=70),
        Behaviour(has_envelope=True),
    ],
    ids=lambda b: f"{b.paging}-{b.max_rows}-{b.past_the_end}-{b.chops_times}-{b.has_envelope}",
)
def test_every_request_is_fetched_whatever_the_server_does_about_pages(
    behaviour: Behaviour,
) -> None:
    with georeport_server(_half_year(400), behaviour) as server, _client() as client:
        fetch = _fetch(server, client)

        deliveries = list(fetch)

        assert _ids(deliveries) == _all_ids(server)
        assert fetch.skipped == []


def test_a_page_is_delivered_as_received_with_its_window_in_the_name() -> None:
    with georeport_server(_half_year(3)) as server, _client() as client:
        deliveries = list(_fetch(server, client, until=date(2024, 3, 1)))

        (delivery,) = deliveries
        assert delivery.name == "requests_2024-01-01_2024-03-02_p1.json"
        assert delivery.source_code == "georeport"
        assert delivery.address == f"{server.address}/requests.json"
        assert json.loads(delivery.content) == [server.records[1], server.records[0]]


def test_questions_are_asked_as_servers_can_bear_them() -> None:
    with georeport_server(_half_year(3)) as server, _client() as client:
        list(_fetch(server, client))

        assert all(query["extensions"] == "true" for query in server.seen)
        assert all("jurisdiction_id" not in query for query in server.seen)
        times = {query[name] for query in server.seen for name in ("start_date", "end_date")}
        assert times == {
            "2024-01-01T00:00:00+02:00",
            "2024-03-30T00:00:00+02:00",
            "2024-06-27T00:00:00+03:00",
            "2024-07-01T00:00:00+03:00",
        }


def test_a_jurisdiction_is_named_when_there_is_one() -> None:
    with georeport_server([]) as server, _client() as client:
        list(_fetch(server, client, source={"jurisdiction_id": "seinajoki.fi"}))

        assert {query["jurisdiction_id"] for query in server.seen} == {"seinajoki.fi"}


def test_a_source_without_requests_gives_no_pages() -> None:
    with georeport_server([]) as server, _client() as client:
        assert list(_fetch(server, client)) == []


def test_an_increment_asks_for_changes_with_an_overlap() -> None:
    after = datetime(2024, 6, 1, tzinfo=CITY)
    records = [
        _record(1, datetime(2024, 1, 5, tzinfo=CITY)),
        _record(2, datetime(2024, 1, 5, tzinfo=CITY), updated_datetime="2024-06-02T08:00:00+03:00"),
        _record(3, datetime(2024, 1, 6, tzinfo=CITY), updated_datetime="2024-05-31T12:00:00+03:00"),
    ]
    with georeport_server(records) as server, _client() as client:
        deliveries = list(_fetch(server, client, updated_after=after))

        assert _ids(deliveries) == {"t-2", "t-3"}
        assert {q["updated_after"] for q in server.seen} == {(after - OVERLAP).isoformat()}


def test_fractions_of_a_second_and_an_empty_jurisdiction_are_never_sent() -> None:
    after = datetime(2024, 6, 1, 12, 0, 0, 500_000, tzinfo=CITY)
    with georeport_server(_half_year(181)) as server, _client() as client:
        source = {"jurisdiction_id": ""}

        deliveries = list(_fetch(server, client, updated_after=after, source=source))

        assert (
            len(_ids(deliveries)) == 29
        )  # one a day from 1 to 29 June; that of 31 May came at midnight
        assert {q["updated_after"] for q in server.seen} == {"2024-05-31T12:00:00+03:00"}


def _busy_day(n: int) -> list[dict[str, Any]]:
    """Requests of 10 May, one a minute from six in the morning on."""
    begin = datetime(2024, 5, 10, 6, tzinfo=CITY)
    return [_record(k, begin + k * timedelta(minutes=1)) for k in range(n)]


@pytest.mark.parametrize("errors_in_200", [False, True])
def test_one_bad_record_costs_its_own_minute(*, errors_in_200: bool) -> None:
    behaviour = Behaviour(poison_ids=frozenset({"t-77"}), errors_in_200=errors_in_200)
    with georeport_server(_half_year(200), behaviour) as server, _client() as client:
        server.records.extend(_record(1000 + k, at) for k, at in enumerate(_around("t-77", server)))
        fetch = _fetch(server, client)

        deliveries = list(fetch)

        assert _ids(deliveries) == _all_ids(server) - {"t-77"}
        (span,) = fetch.skipped
        poisoned = datetime.fromisoformat(server.records[77]["requested_datetime"])
        start, end = datetime.fromisoformat(span.start), datetime.fromisoformat(span.end)
        assert start <= poisoned <= end
        assert end - start <= timedelta(minutes=1)
        assert str(span).startswith("The server refuses to answer for requests received from 2024")


def _around(poison_id: str, server: GeoReportServer) -> list[datetime]:
    moments = {r["service_request_id"]: r["requested_datetime"] for r in server.records}
    moment = datetime.fromisoformat(moments[poison_id])
    return [moment - timedelta(minutes=2), moment + timedelta(minutes=2)]


def test_where_times_of_day_mean_nothing_the_whole_day_is_named() -> None:
    behaviour = Behaviour(poison_ids=frozenset({"t-30"}), chops_times=True)
    with georeport_server(_busy_day(60), behaviour) as server, _client() as client:
        server.records.append(_record(500, datetime(2024, 5, 9, 12, tzinfo=CITY)))
        fetch = _fetch(server, client)

        assert _ids(list(fetch)) == {"t-500"}
        assert fetch.skipped == [
            SkippedSpan("2024-05-10T00:00:00+03:00", "2024-05-11T00:00:00+03:00", "refused")
        ]


def test_a_full_day_without_pages_is_asked_in_hours() -> None:
    behaviour = Behaviour(paging="ignored", max_rows=100)
    with georeport_server(_busy_day(420), behaviour) as server, _client() as client:
        fetch = _fetch(server, client)

        assert _ids(list(fetch)) == _all_ids(server)
        assert fetch.skipped == []


def test_a_full_day_that_cannot_be_asked_in_hours_is_named_as_cut() -> None:
    behaviour = Behaviour(paging="ignored", max_rows=100, chops_times=True)
    with georeport_server(_busy_day(420), behaviour) as server, _client() as client:
        fetch = _fetch(server, client)

        assert len(_ids(list(fetch))) == 100
        assert fetch.skipped == [
            SkippedSpan("2024-05-10T00:00:00+03:00", "2024-05-11T00:00:00+03:00", "cut")
        ]


def test_a_server_that_fails_for_everything_is_down() -> None:
    with georeport_server(_half_year(4), Behaviour(is_broken=True)) as server, _client() as client:
        with pytest.raises(SourceDownError, match="201 errors in a row"):
            list(_fetch(server, client))

        assert len(server.seen) == 201


@pytest.mark.parametrize("fault", ["429", "502", "dropped", "truncated"])
def test_a_passing_fault_is_waited_out(fault: str) -> None:
    behaviour = Behaviour(faults=[fault, fault])
    with georeport_server(_half_year(40), behaviour) as server, _client() as client:
        assert _ids(list(_fetch(server, client))) == _all_ids(server)


def test_a_page_of_words_in_place_of_requests_stops_the_fetch() -> None:
    behaviour = Behaviour(faults=["html"])
    with georeport_server(_half_year(4), behaviour) as server, _client() as client:
        fetch = _fetch(server, client)

        with pytest.raises(SourceDownError, match="HTML"):
            list(fetch)


@pytest.mark.parametrize("errors_in_200", [False, True])
def test_a_wrong_address_stops_the_fetch(*, errors_in_200: bool) -> None:
    behaviour = Behaviour(errors_in_200=errors_in_200)
    with georeport_server([], behaviour) as server, _client() as client:
        server.address += "/wrong"
        with pytest.raises(SourceDownError, match=r"error 404 at .*Check the address"):
            list(_fetch(server, client))


def test_a_killed_fetch_goes_on_after_the_last_window_that_landed(tmp_path: Path) -> None:
    checkpoint = FileCheckpoint(tmp_path / "state" / "georeport.json")
    with georeport_server(_half_year(181)) as server, _client() as client:
        killed = iter(_fetch(server, client, checkpoint))
        landed = [next(killed), next(killed)]  # asking for the second says that the first landed
        server.seen.clear()

        rest = list(_fetch(server, client, checkpoint))

        assert _ids(landed) | _ids(rest) == _all_ids(server)
        assert min(query["start_date"] for query in server.seen) == "2024-03-30T00:00:00+02:00"
        assert complete_until(checkpoint) == datetime(2024, 6, 30, tzinfo=CITY)


def test_another_errand_begins_at_its_own_beginning(tmp_path: Path) -> None:
    checkpoint = FileCheckpoint(tmp_path / "georeport.json")
    with georeport_server(_half_year(181)) as server, _client() as client:
        killed = iter(_fetch(server, client, checkpoint))
        assert [next(killed), next(killed)]

        rest = list(_fetch(server, client, checkpoint, since=date(2023, 12, 31)))

        assert _ids(rest) == _all_ids(server)


def test_what_a_killed_fetch_skipped_is_still_told_when_it_goes_on(tmp_path: Path) -> None:
    checkpoint = FileCheckpoint(tmp_path / "georeport.json")
    behaviour = Behaviour(poison_ids=frozenset({"t-3"}))
    with georeport_server(_half_year(181), behaviour) as server, _client() as client:
        killed = iter(_fetch(server, client, checkpoint))
        for delivery in killed:
            if delivery.name.startswith("requests_2024-03-30"):
                break

        fetch = _fetch(server, client, checkpoint)
        list(fetch)

        assert len(fetch.skipped) == 1


def test_a_complete_fetch_is_remembered_while_the_next_is_under_way(tmp_path: Path) -> None:
    checkpoint = FileCheckpoint(tmp_path / "georeport.json")
    with georeport_server(_half_year(181)) as server, _client() as client:
        list(_fetch(server, client, checkpoint, until=date(2024, 5, 31)))
        after = complete_until(checkpoint)
        killed = iter(_fetch(server, client, checkpoint, updated_after=after - timedelta(days=150)))
        assert [next(killed), next(killed)]

        assert after == complete_until(checkpoint) == datetime(2024, 5, 31, tzinfo=CITY)


def test_before_the_first_fetch_nothing_is_complete(tmp_path: Path) -> None:
    assert complete_until(FileCheckpoint(tmp_path / "georeport.json")) is None


@pytest.mark.parametrize("content", [b"", b'{"since": ', b"[1]"])
def test_a_damaged_checkpoint_counts_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "georeport.json"
    path.write_bytes(content)

    assert FileCheckpoint(path).load() == {}
