"""Webropol REST v1 client: questions and responses of every readable survey, page by page.

Belongs here: what is asked and in which order, which pages are asked again, and when a page is
whole. Does not: the log-in (``assets.connectors.webropol_session``), what an answer means.

Responses come in pages that fill up. A survey is asked from its last page on; when that page no
longer begins as it did, or there are fewer responses than before, the pages have shifted and the
survey is asked from the beginning. A survey whose count has not changed delivers nothing.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from assets.connectors.checkpoint import Checkpoint
from assets.connectors.delivery import Delivery
from assets.connectors.http import Answer, AnswerError
from assets.connectors.webropol_session import WebropolSession
from assets.errors import SourceDownError

PAGE = "paging"
#: Times that a page is asked for before it counts as broken, and a survey before it counts as
#: changing faster than it can be read.
ATTEMPTS = 3

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class _Survey:
    survey_id: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a survey has been fetched.

    Attributes:
        page: The page to ask for next; the last one when all are here.
        total: Responses at the last count.
        is_complete: Whether all pages are here.
        first: Hash of the first response's id on ``page``, when it is here.
        questions: Hash of the questions last delivered.
    """

    page: int = 1
    total: int = 0
    is_complete: bool = False
    first: str = ""
    questions: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    answer: Answer
    total: int
    is_last: bool
    first: str


class _ShiftedError(Exception):
    """Responses do not stand on the pages on which they stood."""


class _BrokenSurveyError(SourceDownError):
    """One survey cannot be read; the others can."""


class _BrokenPageError(Exception):
    """A page is not whole; the text says what was found and what was expected."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class SurveyFetch:
    """Deliveries: ``<SurveyId>/questions.json``, ``<SurveyId>/responses_p<n>.json``.

    Their content is as received, respondents' e-mail addresses included: land them through
    ``assets.connectors.door``.
    """

    session: WebropolSession
    checkpoint: Checkpoint
    now: Callable[[], datetime] = _now
    _progress: dict[str, _Progress] = field(default_factory=dict, init=False)

    def __iter__(self) -> Iterator[Delivery]:
        """What is new; the checkpoint moves on when a page has landed.

        A survey that cannot be read does not keep the others from being fetched.

        Raises:
            SourceDownError: If Webropol does not answer, refuses the account, sends broken pages
                time after time, or a survey changes whenever it is read.
        """
        loaded = self.checkpoint.load().get("surveys", {})
        self._progress = {key: _Progress(**value) for key, value in loaded.items()}
        faults: list[str] = []
        for survey in self._surveys():
            try:
                yield from self._questions(survey)
                yield from self._responses(survey)
            except _BrokenSurveyError as error:
                faults.append(str(error))
        if faults:
            others = f" ({len(faults) - 1} other surveys are broken too)" if faults[1:] else ""
            raise SourceDownError(faults[0] + others)

    def _surveys(self) -> list[_Survey]:
        loaded = _loaded(self.session.get("surveys"))
        entries = loaded.get("Surveys") if isinstance(loaded, dict) else loaded
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            raise SourceDownError(
                "Found no list of surveys, expected one from Webropol. Check webropol.address in"
                " the settings."
            )
        wanted = {survey_id.lower() for survey_id in self.session.source.survey_ids}
        readable = [e for e in entries if e.get("ReadAccess") is not False]
        surveys = [
            _Survey(_survey_id(e), str(e.get("Status", "")).strip().lower() == _CLOSED)
            for e in readable
        ]
        missing = len(wanted - {survey.survey_id for survey in surveys})
        if missing:
            raise SourceDownError(
                f"Found {len(surveys)} readable surveys in Webropol, {missing} of the surveys in"
                " the settings not among them. Give the account the right to read them, or correct"
                " webropol.survey_ids."
            )
        return [survey for survey in surveys if not wanted or survey.survey_id in wanted]

    def _questions(self, survey: _Survey) -> Iterator[Delivery]:
        known = self._known(survey)
        if survey.is_closed and known.is_complete and known.questions:
            return
        answer = self.session.get(f"surveys/{survey.survey_id}/questions")
        loaded = _loaded(answer)
        if not isinstance(loaded, dict) or not isinstance(loaded.get("Questions"), list):
            raise _BrokenSurveyError(
                f"Found no list Questions for survey {survey.survey_id}, expected one from"
                " Webropol. The next run tries again."
            )
        sha256 = hashlib.sha256(answer.content).hexdigest()
        if sha256 != known.questions:
            yield self._delivery(answer, f"{survey.survey_id}/questions.json")
            self._keep(survey, replace(known, questions=sha256))

    def _responses(self, survey: _Survey) -> Iterator[Delivery]:
        for _ in range(ATTEMPTS):
            try:
                yield from self._pages(survey)
            except _ShiftedError:
                known = self._known(survey)
                self._keep(survey, _Progress(questions=known.questions))
            else:
                return
        raise _BrokenSurveyError(
            f"Found the pages of survey {survey.survey_id} shifted {ATTEMPTS} times while they were"
            " read, expected them to stay. The next run begins the survey again."
        )

    def _pages(self, survey: _Survey) -> Iterator[Delivery]:
        known = self._known(survey)
        number = known.page
        while True:
            page = self._page(survey, number)
            if page.total < known.total:
                raise _ShiftedError
            if known.is_complete and page.first != known.first:
                raise _ShiftedError
            if known.is_complete and page.total == known.total:
                return
            yield self._delivery(page.answer, f"{survey.survey_id}/responses_p{number}.json")
            number += 0 if page.is_last else 1
            known = replace(
                known,
                page=number,
                total=page.total,
                is_complete=page.is_last,
                first=page.first if page.is_last else "",
            )
            self._keep(survey, known)
            if page.is_last:
                return

    def _page(self, survey: _Survey, number: int) -> _Page:
        """One whole page; a broken one is asked for again."""
        for _ in range(ATTEMPTS):
            try:
                path = f"surveys/{survey.survey_id}/responses"
                answer = self.session.get(path, params={PAGE: number})
                return _read_page(answer, survey.survey_id, number)
            except _BrokenPageError as error:
                fault = str(error)
            except AnswerError as error:
                if error.status == HTTPStatus.NOT_FOUND and number > 1:
                    raise _ShiftedError from error
                raise
        raise _BrokenSurveyError(
            f"Found {fault} on page {number} of survey {survey.survey_id}, {ATTEMPTS} times."
            " The next run asks for the page again."
        )

    def _known(self, survey: _Survey) -> _Progress:
        return self._progress.get(survey.survey_id, _Progress())

    def _keep(self, survey: _Survey, progress: _Progress) -> None:
        self._progress[survey.survey_id] = progress
        surveys = {key: asdict(value) for key, value in sorted(self._progress.items())}
        self.checkpoint.save({"surveys": surveys})

    def _delivery(self, answer: Answer, name: str) -> Delivery:
        return Delivery(
            source_code=self.session.source.source_code,
            name=name,
            address=answer.address,
            content=answer.content,
            fetched_at=self.now(),
            media_type=answer.media_type,
            licence=self.session.source.licence,
        )


def fetch_webropol(session: WebropolSession, *, checkpoint: Checkpoint) -> SurveyFetch:
    """Questions and responses that are new since the fetch that ``checkpoint`` remembers.

    Args:
        session: The account.
        checkpoint: A killed fetch goes on after the last page that landed.
    """
    return SurveyFetch(session, checkpoint)


def _read_page(answer: Answer, survey_id: str, number: int) -> _Page:
    try:
        loaded = json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise _BrokenPageError("JSON that breaks off, expected it whole,") from error
    responses = loaded.get("SurveyAnswers") if isinstance(loaded, dict) else None
    paging = loaded.get("Paging") if isinstance(loaded, dict) else None
    if not isinstance(responses, list) or not isinstance(paging, dict):
        raise _BrokenPageError("no lists SurveyAnswers and Paging, expected both,")
    if str(loaded.get("SurveyId", survey_id)).lower() != survey_id:
        raise _BrokenPageError("the responses of another survey, expected those asked for,")
    n_said = _whole(paging, "ItemCount")
    if len(responses) != n_said:
        raise _BrokenPageError(f"{len(responses)} responses, expected {n_said} as ItemCount says,")
    if _whole(paging, "CurrentPage") != number:
        current = _whole(paging, "CurrentPage")
        raise _BrokenPageError(f"page {current}, expected the page asked for,")
    n_pages = _whole(paging, "TotalPages")
    # Of a survey without responses nobody has said which way the flag stands.
    is_last = paging.get("IsLastItemFetched") is True or n_pages == 0
    if is_last != (number >= n_pages):
        raise _BrokenPageError(
            f"IsLastItemFetched {str(is_last).lower()} with TotalPages {n_pages}, expected the two"
            " to agree,"
        )
    first = responses[0].get("ResponseId") if responses and isinstance(responses[0], dict) else ""
    return _Page(answer, _whole(paging, "TotalCount"), is_last, _hash(str(first or "")))


def _whole(paging: Mapping[str, Any], key: str) -> int:
    value = paging.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _BrokenPageError(f"no whole number {key} in Paging, expected one,")
    return value


def _survey_id(entry: Mapping[str, Any]) -> str:
    """The id in lower case; it becomes part of a file name, so it must be one."""
    found = str(entry.get("SurveyId", ""))
    if not _GUID.fullmatch(found):
        raise SourceDownError(
            "Found a survey without a GUID as SurveyId, expected one from Webropol. Ask Webropol's"
            " support, or name the surveys in webropol.survey_ids."
        )
    return found.lower()


def _loaded(answer: Answer) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise SourceDownError(
            f"Source {answer.address} sent JSON that breaks off, expected it whole. The next run"
            " tries again."
        ) from error


def _hash(response_id: str) -> str:
    """Ids of respondents stay out of the checkpoint."""
    return hashlib.sha256(response_id.encode()).hexdigest()[:16] if response_id else ""
