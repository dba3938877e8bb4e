"""GeoReport v2 client with the CitySDK and 6Aika extensions: service requests as JSON pages.

Belongs here: what is asked, in which windows, and how a server's quirks are lived with. Does not:
transport, patience and retries (``assets.connectors.http``), the meaning of a request.

A window of time is asked page by page. A window that the server answers with an error is halved,
down to a minute, so that one bad record costs its own minute; so is a window that comes back full
from a server without pages. What cannot be had is named in ``RequestFetch.skipped``.
"""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from assets.connectors.checkpoint import Checkpoint
from assets.connectors.delivery import Delivery
from assets.connectors.http import JSON_TYPES, PoliteClient
from assets.connectors.windows import CITY_ZONE, Window, midnight, windows_between
from assets.errors import SourceDownError

#: The specification allows 90 days; with a clock change 90 city days are an hour longer.
WINDOW_DAYS = 89
#: An increment asks again for what changed shortly before the last one: servers' clocks differ,
#: and a change may show later than it is dated.
OVERLAP = timedelta(days=1)
#: A bad record costs about 20 refusals; so many without a single request between them are no bad
#: records but a server that does not answer.
MOST_REFUSALS_IN_A_ROW = 200
#: Errors that say something about the question; others are the transport's.
ANSWERED_ERRORS = (400, 404, 500)
MEDIA_TYPES = (*JSON_TYPES, "text/plain")
#: Servers without pages cap their answers at a round number of rows (200, 500, 1,000).
ROUND = 50


@dataclass(frozen=True, slots=True)
class GeoReportSource:
    """A GeoReport service: ``address`` is what stands before ``/requests.json``."""

    address: str
    source_code: str = "georeport"
    jurisdiction_id: str | None = None
    page_size: int = 200
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class SkippedSpan:
    """A span of which requests are missing.

    Reason ``refused``: the server fails whenever it is asked for it. Reason ``cut``: it sends only
    its first rows and cannot be asked more finely. Times are ISO with offset.
    """

    start: str
    end: str
    reason: str

    def __str__(self) -> str:
        """A sentence for the run's report."""
        why = "refuses to answer" if self.reason == "refused" else "sends only a part"
        return f"The server {why} for requests received from {self.start} to {self.end}."


def _now() -> datetime:
    return datetime.now(CITY_ZONE)


_Fate = Literal["whole", "refused", "cut"]


@dataclass(frozen=True, slots=True)
class _Page:
    delivery: Delivery
    ids: frozenset[str]
    has_strays: bool
    next_address: str | None
    n_pages: int | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a window gave; strays are requests received before it, which were not asked for."""

    ids: frozenset[str]
    fate: _Fate
    has_strays: bool = False


class _RefusedWindowError(Exception):
    """The server answered a window with an error of its own."""


class _DeafToTimesError(Exception):
    """The server sent requests received before the hours that were asked for."""


@dataclass
class RequestFetch:
    """Pages as received, one after the other; iterate once, then look at ``skipped``."""

    client: PoliteClient
    source: GeoReportSource
    since: date
    until: date
    updated_after: datetime | None
    checkpoint: Checkpoint
    now: Callable[[], datetime] = _now
    skipped: list[SkippedSpan] = field(default_factory=list)
    _n_refusals_in_a_row: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[Delivery]:
        """Every page that holds requests; the checkpoint moves on when a window has landed.

        Raises:
            SourceDownError: If the server does not answer, or refuses the question as such.
        """
        errand = self._errand()
        before = self.checkpoint.load().get("complete_until")
        kept = {"complete_until": before} if before else {}
        first = self._resumed_from(errand)
        for window in windows_between(first, self.until, n_days=WINDOW_DAYS):
            yield from self._window(window)
            landed = {"landed_until": window.end.date().isoformat()}
            self.checkpoint.save(
                {**kept, **errand, **landed, "skipped": list(map(asdict, self.skipped))}
            )
        self.checkpoint.save({"complete_until": self.until.isoformat()})

    def _errand(self) -> dict[str, Any]:
        after = self.updated_after
        return {
            "address": self.source.address,
            "since": self.since.isoformat(),
            "updated_after": after.isoformat() if after else None,
        }

    def _resumed_from(self, errand: Mapping[str, Any]) -> date:
        state = self.checkpoint.load()
        if any(state.get(key) != value for key, value in errand.items()):
            return self.since
        self.skipped.extend(SkippedSpan(**span) for span in state.get("skipped", []))
        return date.fromisoformat(state.get("landed_until", errand["since"]))

    def _window(self, window: Window) -> Iterator[Delivery]:
        outcome = yield from self._pages(window)
        if outcome.fate != "whole":
            yield from self._halves(window, outcome.fate)

    def _halves(self, window: Window, fate: _Fate) -> Generator[Delivery, None, int]:
        """What the halves of a refused or cut window give, and their halves; counts its requests.

        Some servers take every time of day for midnight. Halving a day then finds nothing, or the
        requests of the whole day over and over: the day as a whole is what is missing.
        """
        skipped_before = list(self.skipped)
        try:
            n_found = yield from self._split(window, fate)
        except _DeafToTimesError:  # told to the day, of which this window may be a part
            if not window.is_whole_day:
                raise
            n_found = 0
        if window.is_whole_day and n_found == 0:
            self.skipped[:] = skipped_before
            self._skip(window, fate)
        return n_found

    def _split(self, window: Window, fate: _Fate) -> Generator[Delivery, None, int]:
        if window.is_shortest:
            self._skip(window, fate)
            return 0
        n_found = 0
        for half in window.halves():
            outcome = yield from self._pages(half)
            if outcome.has_strays and window.is_within_a_day:
                raise _DeafToTimesError
            n_found += len(outcome.ids)
            if outcome.fate != "whole":
                n_found += yield from self._halves(half, outcome.fate)
        return n_found

    def _skip(self, window: Window, fate: _Fate) -> None:
        """Name a span as missing; one with its neighbour where they touch."""
        start, end = window.start.isoformat(), window.end.isoformat()
        last = self.skipped[-1] if self.skipped else None
        if last is not None and (last.end, last.reason) == (start, fate):
            start = self.skipped.pop().start
        self.skipped.append(SkippedSpan(start, end, fate))

    def _count_refusal(self) -> None:
        self._n_refusals_in_a_row += 1
        if self._n_refusals_in_a_row > MOST_REFUSALS_IN_A_ROW:
            raise SourceDownError(
                f"Found {self._n_refusals_in_a_row} errors in a row, expected requests from"
                f" {self.source.address}. Ask the keeper of the server, then run again: the fetch"
                " goes on where it stopped."
            )

    def _pages(self, window: Window) -> Generator[Delivery, None, _Outcome]:
        """Pages of one window until one is empty, was seen before, or is said to be the last."""
        seen: frozenset[str] = frozenset()
        number, address, has_strays = 1, None, False
        while True:
            try:
                page = self._page(window, number=number, address=address)
            except _RefusedWindowError:
                self._count_refusal()
                return _Outcome(seen, "refused", has_strays)
            if page is None or not page.ids:
                return _Outcome(seen, "whole", has_strays)
            if page.ids <= seen:  # the server knows no pages
                is_round = len(seen) >= ROUND and len(seen) % ROUND == 0
                return _Outcome(seen, "cut" if is_round else "whole", has_strays)
            self._n_refusals_in_a_row = 0
            seen, has_strays = seen | page.ids, has_strays or page.has_strays
            yield page.delivery
            if page.n_pages is not None and number >= page.n_pages:
                return _Outcome(seen, "whole", has_strays)
            number, address = number + 1, page.next_address

    def _page(self, window: Window, *, number: int, address: str | None) -> _Page | None:
        """One page; null for a page past the end that the server answers with 404."""
        query = None if address else self._query(window, number)
        asked = address or f"{self.source.address.rstrip('/')}/requests.json"
        answer = self.client.get(
            asked, params=query, media_types=MEDIA_TYPES, also_status=ANSWERED_ERRORS
        )
        records = _records(answer.content)
        code = _error_code(records, answer.status)
        if code == HTTPStatus.NOT_FOUND and number > 1:
            return None
        if code is not None and code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _RefusedWindowError
        if code is not None or records is None:
            what = f"error {code}" if code else "an answer that is no JSON"
            raise SourceDownError(
                f"Found {what} at {answer.address}, expected requests as JSON."
                " Check the address and jurisdiction_id in the settings."
            )
        return _Page(
            delivery=Delivery(
                source_code=self.source.source_code,
                name=f"requests_{window.label}_p{number}.json",
                address=answer.address,
                content=answer.content,
                fetched_at=self.now(),
                media_type=answer.media_type,
                licence=self.source.licence,
            ),
            ids=frozenset(_id_of(record) for record in records),
            has_strays=any(_is_before(record, window.start) for record in records),
            next_address=_same_host(answer.headers.get("X-Next-Page-URL"), asked),
            n_pages=_count(answer.headers.get("X-Page-Count")),
        )

    def _query(self, window: Window, number: int) -> dict[str, str]:
        query = {
            "extensions": "true",
            "start_date": _moment(window.start),
            "end_date": _moment(window.end),
            "page": str(number),
            "page_size": str(self.source.page_size),
        }
        if self.source.jurisdiction_id:  # an empty one is an error to some servers
            query["jurisdiction_id"] = self.source.jurisdiction_id
        if self.updated_after is not None:
            query["updated_after"] = _moment(self.updated_after - OVERLAP)
        return query


def fetch_requests(
    client: PoliteClient,
    source: GeoReportSource,
    *,
    since: date,
    until: date,
    updated_after: datetime | None = None,
    checkpoint: Checkpoint,
) -> RequestFetch:
    """Service requests received from ``since`` to ``until``, both days included.

    Args:
        client: Transport with its patience.
        source: The server.
        since: First day of receipt.
        until: Last day of receipt.
        updated_after: For an increment: only what has changed since then, less ``OVERLAP``; null
            fetches everything.
        checkpoint: A killed fetch of the same errand goes on after the last window that landed.
    """
    return RequestFetch(client, source, since, until, updated_after, checkpoint)


def complete_until(checkpoint: Checkpoint) -> datetime | None:
    """Begin of the last day of the last fetch that came to its end: the next ``updated_after``."""
    day = checkpoint.load().get("complete_until")
    return midnight(date.fromisoformat(day)) if day else None


def _records(content: bytes) -> list[Any] | None:
    """The requests or errors of an answer, whatever they are wrapped in; null for no JSON."""
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError):
        return None
    for envelope in ("data", "errors"):
        if isinstance(loaded, dict) and isinstance(loaded.get(envelope), list | dict):
            loaded = loaded[envelope]
    return loaded if isinstance(loaded, list) else [loaded]


def _error_code(records: list[Any] | None, status: int) -> int | None:
    """Code of an error, also of one inside status 200; null for an answer with requests."""
    for record in records or []:
        if isinstance(record, dict) and "code" in record and "service_request_id" not in record:
            code = str(record["code"])
            is_status = code.isdecimal() and len(code) == 3  # noqa: PLR2004 - as in HTTP
            return int(code) if is_status else max(status, HTTPStatus.INTERNAL_SERVER_ERROR)
    return status if status >= HTTPStatus.BAD_REQUEST else None


def _id_of(record: object) -> str:
    """The request's own id, or its content where it has none yet."""
    if isinstance(record, dict) and record.get("service_request_id") not in (None, ""):
        return str(record["service_request_id"])
    return json.dumps(record, sort_keys=True)


def _is_before(record: object, start: datetime) -> bool:
    written = record.get("requested_datetime") if isinstance(record, dict) else None
    try:
        received_at = datetime.fromisoformat(str(written))
    except ValueError:
        return False
    # A second of grace for servers that cut fractions off.
    return received_at.tzinfo is not None and received_at < start - timedelta(seconds=1)


def _same_host(address: str | None, asked: str) -> str | None:
    """The next page's address if it is on the server that was asked; else pages are counted."""
    if not address:
        return None
    whole = urljoin(asked, address)
    return whole if urlsplit(whole)[:2] == urlsplit(asked)[:2] else None


def _count(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() else None


def _moment(moment: datetime) -> str:
    return moment.astimezone(CITY_ZONE).isoformat(timespec="seconds")
