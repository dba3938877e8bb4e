"""The client waits, tries again, stops at its limits, and tells what is wrong without secrets."""

from collections.abc import Callable

import httpx
import pytest

from assets.connectors.http import AnswerError, PoliteClient, Politeness

ADDRESS = "https://esimerkki.fi/api/requests.json"
Handler = Callable[[httpx.Request], httpx.Response]


class _Time:
    """A clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def _client(handler: Handler, time: _Time, **limits: float) -> PoliteClient:
    politeness = Politeness(**{"requests_per_second": 1000.0, **limits})  # type: ignore[arg-type]
    return PoliteClient(
        politeness=politeness,
        headers={"X-Api-Key": "salainen-avain"},
        transport=httpx.MockTransport(handler),
        sleep=time.sleep,
        clock=lambda: time.now,
    )


def _in_turn(*answers: httpx.Response | Exception) -> Handler:
    left = list(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return handler


def _json(status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=["ä"], headers=headers)


def _waits(time: _Time) -> list[float]:
    return [seconds for seconds in time.slept if seconds > 0.01]


def test_a_good_answer_comes_with_its_type_and_place() -> None:
    time = _Time()

    with _client(_in_turn(_json()), time) as client:
        answer = client.get(ADDRESS, params={"page": 2, "api_key": "salainen"})

    assert answer.content == '["ä"]'.encode()
    assert (answer.status, answer.media_type) == (200, "application/json")
    assert answer.address == ADDRESS
    assert time.slept == []


def test_requests_keep_their_distance() -> None:
    time = _Time()
    client = _client(_in_turn(_json(), _json(), _json()), time, requests_per_second=2.0)

    for _ in range(3):
        client.get(ADDRESS)

    assert time.slept == [0.5, 0.5]


def test_a_busy_or_silent_source_is_asked_again_with_growing_waits() -> None:
    time = _Time()
    answers = _in_turn(_json(503), httpx.ReadTimeout("slow"), _json(500), _json())

    answer = _client(answers, time).get(ADDRESS)

    assert answer.status == 200
    assert _waits(time) == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "17"},
        {
            "Retry-After": "Sun, 01 Mar 2026 04:00:17 GMT",
            "Date": "Sun, 01 Mar 2026 04:00:00 GMT",
        },
    ],
)
def test_the_source_says_how_long_to_wait(headers: dict[str, str]) -> None:
    time = _Time()

    _client(_in_turn(_json(429, **headers), _json()), time).get(ADDRESS)

    assert _waits(time) == [17.0]


def test_a_wait_beyond_the_limit_is_given_up_at_once() -> None:
    time = _Time()

    with pytest.raises(AnswerError, match=r"answered 429.*Lower requests_per_second"):
        _client(_in_turn(_json(429, **{"Retry-After": "86400"})), time).get(ADDRESS)

    assert _waits(time) == []


def test_after_the_last_attempt_nobody_waits() -> None:
    time = _Time()

    with pytest.raises(AnswerError, match=r"did not answer .ConnectError.") as caught:
        _client(_in_turn(*[httpx.ConnectError("no")] * 3), time, attempts=3).get(ADDRESS)

    assert caught.value.status is None
    assert _waits(time) == [1.0, 2.0]


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_plain_refusal_is_not_asked_again(status: int) -> None:
    time = _Time()

    with pytest.raises(AnswerError, match=f"answered {status}") as caught:
        _client(_in_turn(_json(status)), time).get(ADDRESS)

    assert caught.value.status == status
    assert _waits(time) == []


def test_a_status_may_be_an_answer() -> None:
    gone = httpx.Response(404, html="<p>poissa</p>")

    assert _client(_in_turn(gone), _Time()).get(ADDRESS, also_status=(404,)).status == 404


def test_an_html_page_is_an_error_that_says_where_and_what_to_do() -> None:
    page = httpx.Response(200, html="<h1>Kirjaudu</h1>")

    with pytest.raises(AnswerError) as caught:
        _client(_in_turn(page), _Time()).get(ADDRESS)

    assert str(caught.value) == (
        "Source https://esimerkki.fi/api/requests.json answered 200 with an HTML page, expected"
        " application/json. Check the address in the settings; it may be an error or log-in page."
    )


def test_errors_hold_no_secrets() -> None:
    address = "https://tunnus:salasana@esimerkki.fi/api"

    with pytest.raises(AnswerError) as caught:
        _client(_in_turn(_json(403)), _Time()).get(address, params={"api_key": "salainen"})

    assert "sala" not in str(caught.value)
    assert "tunnus" not in str(caught.value)
    assert "https://esimerkki.fi/api" in str(caught.value)


def test_an_answer_beyond_the_limit_is_cut_short() -> None:
    big = httpx.Response(
        200, content=b"[" + b" " * 5000, headers={"Content-Type": "application/json"}
    )

    with pytest.raises(AnswerError, match=r"more than 1000 bytes.*shorter windows"):
        _client(_in_turn(big), _Time(), max_bytes=1000).get(ADDRESS)


def test_a_form_is_posted_and_its_answer_returned() -> None:
    seen: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return _json()

    _client(handler, _Time()).post(ADDRESS, data={"grant_type": "password"})

    assert seen == [b"grant_type=password"]
