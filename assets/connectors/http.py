"""A polite client for the interfaces of all sources: slow enough, patient, bounded and discreet.

Belongs here: what holds for every interface. Paging, windows and shapes are the connectors'.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx

from assets.errors import SourceDownError

JSON_TYPES = ("application/json", "text/json", "application/geo+json")

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Politeness:
    """How much is asked of a source.

    Attributes:
        requests_per_second: Upper limit, failed attempts included.
        attempts: Tries for one answer, the first included.
        timeout_seconds: For connecting, and for each silence while reading.
        max_bytes: Unpacked size of one answer.
        first_wait_seconds: Before the second try; doubled each time up to ``longest_wait_seconds``.
        longest_wait_seconds: Also the longest ``Retry-After`` that is waited for.
    """

    requests_per_second: float = 2.0
    attempts: int = 5
    timeout_seconds: float = 30.0
    max_bytes: int = 100_000_000
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A source's answer: body, status, headers, and its address without query and secrets."""

    content: bytes
    status: int
    headers: httpx.Headers
    media_type: str
    address: str


class AnswerError(SourceDownError):
    """A source did not answer as it should.

    Attributes:
        status: HTTP status, or null when there was no answer.
        retry_after_seconds: What the source asks to wait, or null.
        is_passing: Whether another try may succeed.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after_seconds: float | None = None,
        is_passing: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_seconds = retry_after_seconds
        self.is_passing = is_passing


class PoliteClient:
    """A client for one source. Close it, or use it in a ``with`` statement."""

    def __init__(
        self,
        *,
        politeness: Politeness = Politeness(),
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the client.

        Args:
            politeness: Limits.
            headers: Sent with each request, a key of the interface for one.
            transport: Another way to the network; tests give ``httpx.MockTransport``.
            sleep: Waits so many seconds.
            clock: Seconds that never run backwards.
        """
        self._politeness = politeness
        self._sleep = sleep
        self._clock = clock
        self._free_at = float("-inf")
        self._http = httpx.Client(
            transport=transport,
            timeout=politeness.timeout_seconds,
            follow_redirects=True,
            headers={"User-Agent": "kuulolla/1 (municipal feedback pipeline)", **(headers or {})},
        )

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(
        self,
        address: str,
        *,
        params: Mapping[str, str | int] | None = None,
        media_types: tuple[str, ...] = JSON_TYPES,
        also_status: tuple[int, ...] = (),
    ) -> Answer:
        """The answer to a GET, tried again while the source is busy or silent.

        Args:
            address: Without query.
            params: The query; never shown in errors.
            media_types: What the body of a good answer may be.
            also_status: Statuses that are answers and no errors, 404 of something gone for one;
                their body may be of any type.

        Raises:
            AnswerError: If it does not answer so within the attempts, or the answer is too large.
        """
        request = self._http.build_request("GET", address, params=params)
        request.headers["Accept"] = ", ".join(media_types)
        return self._ask(request, media_types, also_status)

    def post(
        self,
        address: str,
        *,
        data: Mapping[str, str],
        media_types: tuple[str, ...] = JSON_TYPES,
    ) -> Answer:
        """The answer to a form that may be sent twice, as for a token; raises as ``get``."""
        request = self._http.build_request("POST", address, data=data)
        request.headers["Accept"] = ", ".join(media_types)
        return self._ask(request, media_types, ())

    def post_json(
        self,
        address: str,
        *,
        body: Mapping[str, object],
        media_types: tuple[str, ...] = JSON_TYPES,
    ) -> Answer:
        """The answer to a question asked as JSON, which may be sent twice; raises as ``get``."""
        request = self._http.build_request("POST", address, json=body)
        request.headers["Accept"] = ", ".join(media_types)
        return self._ask(request, media_types, ())

    def _ask(
        self, request: httpx.Request, media_types: tuple[str, ...], also_status: tuple[int, ...]
    ) -> Answer:
        import stamina

        n_failed = 0

        def wait_before_next(error: Exception) -> bool | float:
            nonlocal n_failed
            n_failed += 1
            if not isinstance(error, AnswerError) or not error.is_passing:
                return False
            if n_failed >= self._politeness.attempts:
                return False
            wait = self._wait_after(n_failed, error.retry_after_seconds)
            if wait is None:
                return False
            self._sleep(wait)
            return 0.0

        for attempt in stamina.retry_context(
            on=wait_before_next, attempts=self._politeness.attempts, timeout=None
        ):
            with attempt:
                return self._ask_once(request, media_types, also_status)
        raise AssertionError("stamina gives at least one attempt")

    def _wait_after(self, n_failed: int, asked: float | None) -> float | None:
        """Seconds to wait; null when the source asks for more than we have."""
        longest = self._politeness.longest_wait_seconds
        if asked is not None:
            return asked if asked <= longest else None
        return min(longest, self._politeness.first_wait_seconds * 2.0 ** (n_failed - 1))

    def _ask_once(
        self, request: httpx.Request, media_types: tuple[str, ...], also_status: tuple[int, ...]
    ) -> Answer:
        self._take_turn()
        where = _place(request.url)
        try:
            response = self._http.send(request, stream=True)
            try:
                _check_status(response, where, also_status)
                if response.status_code in _OK:
                    _check_media_type(response, where, media_types)
                content = self._read(response, where)
            finally:
                response.close()
        except httpx.TooManyRedirects as error:
            raise AnswerError(
                f"Source {where} redirects in a circle, expected an answer."
                " Check the address in the settings."
            ) from error
        except httpx.TransportError as error:
            raise AnswerError(
                f"Source {where} did not answer ({type(error).__name__}), expected an answer within"
                f" {self._politeness.timeout_seconds:g} seconds. Check the network and the source;"
                " the next run tries again.",
                is_passing=True,
            ) from error
        return Answer(content, response.status_code, response.headers, _media_type(response), where)

    def _take_turn(self) -> None:
        now = self._clock()
        if now < self._free_at:
            self._sleep(self._free_at - now)
        self._free_at = max(now, self._free_at) + 1.0 / self._politeness.requests_per_second

    def _read(self, response: httpx.Response, where: str) -> bytes:
        parts, n_bytes = [], 0
        for part in response.iter_bytes():
            n_bytes += len(part)
            if n_bytes > self._politeness.max_bytes:
                raise AnswerError(
                    f"Source {where} sent more than {self._politeness.max_bytes} bytes, expected a"
                    " smaller answer. Ask for shorter windows or smaller pages.",
                    status=response.status_code,
                )
            parts.append(part)
        return b"".join(parts)


def _place(url: httpx.URL) -> str:
    """Scheme, host and path: no query, no user, no password."""
    host = f"{url.host}:{url.port}" if url.port else url.host
    return f"{url.scheme}://{host}{url.path}"


def _media_type(response: httpx.Response) -> str:
    written: str = response.headers.get("Content-Type", "")
    return written.partition(";")[0].strip().lower()


def _check_status(response: httpx.Response, where: str, also_status: tuple[int, ...]) -> None:
    status = response.status_code
    if status in _OK or status in also_status:
        return
    advice = {
        401: "Check the key or password in the settings.",
        403: "Check the key or password in the settings.",
        404: "Check the address in the settings.",
        429: "Lower requests_per_second in the settings.",
    }.get(status, "Ask the owner of the source; the next run tries again.")
    raise AnswerError(
        f"Source {where} answered {status} ({_media_type(response) or 'no type'}), expected 200."
        f" {advice}",
        status=status,
        retry_after_seconds=_retry_after(response),
        is_passing=status in _PASSING,
    )


def _check_media_type(response: httpx.Response, where: str, media_types: tuple[str, ...]) -> None:
    found = _media_type(response)
    if found in media_types or (found.endswith("+json") and "application/json" in media_types):
        return
    what = "an HTML page" if found in ("text/html", "application/xhtml+xml") else found or "no type"
    raise AnswerError(
        f"Source {where} answered {response.status_code} with {what}, expected"
        f" {media_types[0]}. Check the address in the settings; it may be an error or log-in page.",
        status=response.status_code,
    )


def _retry_after(response: httpx.Response) -> float | None:
    written = response.headers.get("Retry-After", "").strip()
    if written.isdigit():
        return float(written)
    try:
        moment = parsedate_to_datetime(written)
        sent = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - sent).total_seconds())
