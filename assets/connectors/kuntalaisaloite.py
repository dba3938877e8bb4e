"""Client of kuntalaisaloite.fi's API v1: the list of a municipality, and what is new or changed.

Belongs here: paging over a list that shifts, and which details to ask for. Does not: transport,
patience and retries (``assets.connectors.http``), the authors' names (the door drops them on
landing), what an answer means.

The list has no envelope, no total and no next link; it runs from the newest number down, and gives
fewer items than asked without saying so. Pages therefore overlap, so that items which vanish
between two pages take none with them, and reading goes on until a page is shorter than the ones
before. An error is an HTML page; of an initiative that is unknown or no longer published it is 404.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from assets.connectors.checkpoint import Checkpoint
from assets.connectors.delivery import Delivery
from assets.connectors.http import Answer, PoliteClient
from assets.errors import SourceDownError

#: A listing that was interrupted longer ago than this is begun anew: too much may have shifted.
RESUME_WITHIN = timedelta(hours=6)

_GONE = 404
_TOKEN = "%Y-%m-%dT%H%M%SZ"  # noqa: S105 - a form of time
_MOST_STEPS_BACK = 5
_BODY_ATTEMPTS = 2
_NUMBER = re.compile(r"/0*(\d+)/?$")

#: What tells that a detail has changed, from the list.
_SIGNS = ("publishDate", "sentTime", "participantCount")


@dataclass(frozen=True, slots=True)
class InitiativeService:
    """The service and the city in it.

    Attributes:
        municipality_code: Official number, leading zeros or not.
        address: Of the service or its API.
        source_code: Name of the source.
        page_size: Items asked for; the service gives 50 at most.
        overlap: Items of a page that are asked for again with the next.
        licence: Licence of the answers, or null.
    """

    municipality_code: str
    address: str = "https://www.kuntalaisaloite.fi"
    source_code: str = "kuntalaisaloite"
    page_size: int = 50
    overlap: int = 5
    licence: str | None = None

    @property
    def api(self) -> str:
        """Address of the list, without the four slashes that the service's own pages print."""
        address = re.sub(r"^(https?:)/{2,}", r"\1//", self.address.strip()).rstrip("/")
        return f"{re.sub(r'/api(/v1(/initiatives)?)?$', '', address)}/api/v1/initiatives"


@dataclass
class _State:
    """What the checkpoint keeps: the listing under way, and what was landed of each initiative."""

    run: str | None = None
    offset: int = 0
    largest: int = 0
    is_listed: bool = False
    listed: dict[str, list[str]] = field(default_factory=dict)
    landed: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Page:
    answer: Answer
    signs: dict[str, list[str]]
    n_items: int


@dataclass
class InitiativeFetch:
    """Pages and details as received, one after the other; iterate once.

    A delivery counts as landed when the next one is asked for; a fetch that was killed goes on
    from there, under the name of the run that began.

    Attributes:
        client: The transport.
        service: What is asked.
        run_at: Moment of the run, with zone; names the listing.
        checkpoint: Where it stands.
        clock: Gives the moment of fetching, with zone.
        vanished: After iterating, numbers in the list whose detail was gone when asked for.
    """

    client: PoliteClient
    service: InitiativeService
    run_at: datetime
    checkpoint: Checkpoint
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    vanished: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Delivery]:
        """Every page of the list, then every detail that is new or changed.

        Raises:
            SourceDownError: If the service does not answer as it should.
        """
        state = self._resumed()
        if not state.is_listed:
            yield from self._pages(state)
        for number in sorted(state.listed, key=int, reverse=True):
            if state.landed.get(number) != state.listed[number]:
                yield from self._detail(number)
                state.landed[number] = state.listed[number]
                self._save(state)
        self._save(_State(landed=state.landed))

    def _resumed(self) -> _State:
        kept = self.checkpoint.load()
        if kept.get("errand") != self._errand():
            kept = {}
        fields = {name: kept[name] for name in _State.__dataclass_fields__ if name in kept}
        state = _State(**fields)
        if state.run and self.run_at - _moment(state.run) <= RESUME_WITHIN:
            return state
        return _State(run=self.run_at.astimezone(UTC).strftime(_TOKEN), landed=state.landed)

    def _errand(self) -> str:
        return f"{self.service.api}?municipality={self._municipality}"

    @property
    def _municipality(self) -> str:
        return self.service.municipality_code.lstrip("0")

    def _save(self, state: _State) -> None:
        self.checkpoint.save({"errand": self._errand(), **vars(state)})

    def _pages(self, state: _State) -> Iterator[Delivery]:
        n_back = 0
        while not state.is_listed:
            page = self._page(state.offset)
            has_gap = state.offset > 0 and page.n_items > 0 and not page.signs.keys() & state.listed
            if has_gap:
                # So many vanished that the overlap did not catch it: something may be left out.
                n_back += 1
                if n_back > _MOST_STEPS_BACK:
                    raise self._shifting("shifts faster than it can be read")
                state.offset = max(0, state.offset - self.service.page_size)
                continue
            yield self._delivery(page.answer, f"list_{state.run}_{state.offset}.json")
            self._step(state, page)
            self._save(state)

    def _step(self, state: _State, page: _Page) -> None:
        is_last = page.n_items == 0 or page.n_items < state.largest
        if not is_last and not page.signs.keys() - state.listed.keys():
            raise self._shifting("gives the same page again")
        state.listed.update(page.signs)
        state.largest = max(state.largest, page.n_items)
        state.is_listed = is_last
        state.offset += max(1, page.n_items - self.service.overlap)

    def _page(self, offset: int) -> _Page:
        query: dict[str, str | int] = {
            "municipality": self._municipality,
            "limit": self.service.page_size,
            "offset": offset,
        }
        answer, items = self._asked(self.service.api, query)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise SourceDownError(
                f"Found JSON that is no array of initiatives, expected the list of"
                f" {answer.address}. Check the address in the settings."
            )
        signs = {
            number: [str(item.get(name)) for name in _SIGNS]
            for item in items
            if (number := _number_of(item)) is not None
        }
        return _Page(answer, signs, len(items))

    def _detail(self, number: str) -> Iterator[Delivery]:
        answer, initiative = self._asked(f"{self.service.api}/{number}", {})
        if answer.status == _GONE:
            self.vanished.append(number)
        elif isinstance(initiative, dict):
            yield self._delivery(answer, f"initiative_{number}.json")
        else:
            raise SourceDownError(
                f"Found JSON that is no object, expected the initiative of {answer.address}."
                " Ask the keeper of the service; the next run goes on here."
            )

    def _asked(self, address: str, query: dict[str, str | int]) -> tuple[Answer, Any]:
        """An answer and its JSON; a body that is cut off is asked for once more."""
        is_detail = not query
        for _ in range(_BODY_ATTEMPTS):
            answer = self.client.get(
                address, params=query or None, also_status=(_GONE,) if is_detail else ()
            )
            if answer.status == _GONE:
                return answer, None
            try:
                return answer, json.loads(answer.content)
            except (ValueError, RecursionError):
                continue
        raise SourceDownError(
            f"Found JSON that is cut off or broken ({len(answer.content)} bytes), expected it whole"
            f" from {answer.address}. Ask the keeper of the service; the next run goes on here."
        )

    def _delivery(self, answer: Answer, name: str) -> Delivery:
        return Delivery(
            source_code=self.service.source_code,
            name=name,
            address=answer.address,
            content=answer.content,
            fetched_at=self.clock(),
            media_type=answer.media_type,
            licence=self.service.licence,
        )

    def _shifting(self, what: str) -> SourceDownError:
        return SourceDownError(
            f"Found that the list of {self.service.api} {what}, expected pages that follow each"
            " other. Run again; ask the keeper of the service if it stays so."
        )


def fetch_initiatives(
    client: PoliteClient,
    service: InitiativeService,
    *,
    run_at: datetime,
    checkpoint: Checkpoint,
) -> InitiativeFetch:
    """The fetch of one run: iterate it and land each delivery, then look at ``vanished``."""
    return InitiativeFetch(client, service, run_at, checkpoint)


def _number_of(item: dict[str, Any]) -> str | None:
    found = _NUMBER.search(str(item.get("id", "")))
    return found.group(1) if found else None


def _moment(token: str) -> datetime:
    return datetime.strptime(token, _TOKEN).replace(tzinfo=UTC)
