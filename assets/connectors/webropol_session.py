"""A logged-in conversation with Webropol: token, its renewal, and nothing said to other hosts.

Belongs here: OAuth 2 password grant (RFC 6749 §4.3) as Webropol wants it. Does not: which addresses
are asked for (``assets.connectors.webropol``).
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from assets.connectors.http import Answer, AnswerError, PoliteClient, Politeness
from assets.errors import SettingsError, SourceDownError

ADDRESS = "https://rest.webropolsurveys.com/api/v1"
#: A token is renewed so long before it expires: a page may take its time.
EARLY_SECONDS = 60.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class WebropolSource:
    """An account of Webropol's REST interface.

    Attributes:
        username: Of the account.
        password: Of the account; never shown.
        address: What stands before ``/surveys``.
        token_address: Where tokens are given; ``/Token`` of the same host when left out.
        source_code: Name of the source.
        survey_ids: Only these surveys; every readable one when empty.
        licence: Licence of the answers, or null.
    """

    username: str = field(repr=False)
    password: str = field(repr=False)
    address: str = ADDRESS
    token_address: str | None = None
    source_code: str = "webropol"
    survey_ids: frozenset[str] = frozenset()
    licence: str | None = None


class WebropolSession:
    """Asks as the account; use it in a ``with`` statement."""

    def __init__(
        self,
        source: WebropolSource,
        *,
        politeness: Politeness = Politeness(),  # noqa: B008 - frozen
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the session; nothing is asked yet.

        Args:
            source: The account.
            politeness: Limits.
            transport: Another way to the network.
            sleep: Waits so many seconds.
            clock: Seconds that never run backwards.

        Raises:
            SettingsError: If a password would travel unencrypted.
        """
        self.source = source
        parts = urlsplit(source.address)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise SettingsError(
                "Found a Webropol address without https, expected one with it: the password would"
                " travel in the open. Correct webropol.address."
            )
        self._token_address = source.token_address or f"{parts.scheme}://{parts.netloc}/Token"
        self._bearer = _Bearer(
            transport or httpx.HTTPTransport(),
            hosts=frozenset({parts.netloc, urlsplit(self._token_address).netloc}),
        )
        self._http = PoliteClient(
            politeness=politeness, transport=self._bearer, sleep=sleep, clock=clock
        )
        self._clock = clock
        self._valid_until = float("-inf")

    def __enter__(self) -> Self:
        """The session itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections and forget the token."""
        self._bearer.token = None
        self._http.close()

    def get(self, path: str, *, params: Mapping[str, str | int] | None = None) -> Answer:
        """The answer to ``path`` below the source's address; a refused token is renewed once.

        Raises:
            SourceDownError: If it does not answer as it should, or refuses the account.
        """
        address = f"{self.source.address.rstrip('/')}/{path}"
        if self._bearer.token is None or self._clock() >= self._valid_until:
            self._log_in()
        try:
            return self._http.get(address, params=params)
        except AnswerError as error:
            if error.status != HTTPStatus.UNAUTHORIZED:
                raise
        self._log_in()
        return self._http.get(address, params=params)

    def _log_in(self) -> None:
        self._bearer.token = None
        try:
            answer = self._http.post(
                self._token_address,
                data={
                    "grant_type": "password",
                    "username": self.source.username,
                    "password": self.source.password,
                },
            )
        except AnswerError as error:
            if error.status not in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
                raise
            raise SourceDownError(
                f"Source {self._token_place()} refused the log-in ({error.status}), expected a"
                " token. Check webropol.username and webropol.password in the settings."
            ) from None
        token, seconds = _token_of(answer.content)
        if token is None:
            raise SourceDownError(
                f"Source {self._token_place()} answered without access_token, expected one."
                " Check webropol.token_address in the settings."
            )
        self._bearer.token = token
        self._valid_until = self._clock() + seconds - min(EARLY_SECONDS, seconds / 2)

    def _token_place(self) -> str:
        parts = urlsplit(self._token_address)
        return f"{parts.scheme}://{parts.hostname}{parts.path}"


class _Bearer(httpx.BaseTransport):
    """Adds the token to each request, and lets none leave for another host.

    A redirect repeats a form, with the password in it, wherever it is told to.
    """

    def __init__(self, inner: httpx.BaseTransport, *, hosts: frozenset[str]) -> None:
        self._inner = inner
        self._hosts = hosts
        self.token: str | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.netloc.decode("ascii") not in self._hosts:
            return httpx.Response(HTTPStatus.MISDIRECTED_REQUEST, request=request)
        if self.token is not None:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def _token_of(content: bytes) -> tuple[str | None, float]:
    """Token and the seconds it is valid; without a term it is used until it is refused."""
    try:
        loaded = json.loads(content)
    except ValueError:
        return None, 0.0
    if not isinstance(loaded, dict) or not isinstance(loaded.get("access_token"), str):
        return None, 0.0
    try:
        seconds = float(loaded.get("expires_in", "inf"))
    except (TypeError, ValueError):
        seconds = float("inf")
    return loaded["access_token"] or None, seconds
