"""Webropol REST v1 JSON to text frames: questions, respondents and answers.

Belongs here: the ``responses`` envelope and the older ``answers`` shape, untyped. Does not: what an
answer means (``transforms.clean.answers``). Respondents' e-mail addresses, attached files and
keywords are never read.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from transforms.parse.answer_kinds import DASHES, EMPTY_CELLS, fold
from transforms.parse.encoding import decode_text, mend_surrogates
from transforms.parse.parsed import Parsed, RefusedFileError, reject_rows
from transforms.parse.questionnaire import Questionnaire
from transforms.parse.questionnaire_rows import (
    NPS_BOUNDS,
    QUESTION_COLUMNS,
    QUESTIONS,
    WAVE_COLUMNS,
    WAVES,
    text_frame,
)
from transforms.parse.survey_frames import (
    ANSWER_SCHEMA,
    ANSWERS,
    CHOSEN_MARKS,
    OPTION_SEPARATOR,
    RESPONDENTS,
    UNCHOSEN_MARKS,
    respondent_frame,
)
from transforms.parse.webropol_targets import DeclaredTargets, FoundQuestion, FoundTargets, Target

_NO_ID = "00000000-0000-0000-0000-000000000000"
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_YEAR = re.compile(r"^(199\d|20\d\d)-")
_WAVE_WITHOUT_DATE = "1"
_AS_OPEN: dict[str, str | None] = {
    "question_type_code": "text",
    "role_code": "substantive",
    "is_scale_reversed": "false",
}
_READ_AGAIN = "Fetch the file again."


def parse_webropol_questions(
    content: bytes, *, survey_id: str | None = None, wave_code: str | None = None
) -> Parsed:
    """Questions as Webropol lists them, one row per question id; wordings may repeat.

    The file names neither survey nor wave: give them where no questionnaire does, else it is a
    reference. Types and scales are not told; every question stands as open.

    Raises:
        RefusedFileError: If the file is cut off, no JSON, or holds no list ``Questions``.
    """
    text, encoding_name = _decoded(content)
    entries = _list_of(_loaded(text), "Questions")
    mend = _mender(text)
    rows: list[dict[str, str | None]] = []
    lines, bad, seen = [], [], set[str]()
    for place, entry in enumerate(entries, start=1):
        question_id = _text(entry.get("QuestionId")) if isinstance(entry, dict) else ""
        if not question_id or question_id in seen:
            bad.append(place)
            continue
        seen.add(question_id)
        wording = mend(_text(entry.get("QuestionText"))) or question_id
        position = _text(entry.get("QuestionOrderNumber")) or str(place)
        head: dict[str, str | None] = {
            "survey_id": survey_id,
            "wave_code": wave_code,
            "position": position,
        }
        rows.append(head | {"question_id": question_id, "question_fi": wording} | _AS_OPEN)
        lines.append(place)
    rejects = reject_rows(
        bad,
        reason_code="question_id_missing_or_repeated",
        expected="a QuestionId, each once",
        table_name=QUESTIONS,
        column_name="QuestionId",
    )
    frame = text_frame(rows, QUESTION_COLUMNS, lines)
    return Parsed({QUESTIONS: frame}, rejects, {QUESTIONS: len(entries)}, encoding_name)


def parse_webropol_responses(content: bytes, *, questionnaire: Questionnaire | None) -> Parsed:
    """Respondents and their answers to substantive questions; ``line_no`` is the response's place.

    Args:
        content: A page of ``responses``, or the older ``answers``.
        questionnaire: Says what each question is: background goes to the respondent's row, ids and
            paradata are dropped, answers to questions that it does not know are rejected. Without
            one the survey is Webropol's own, the wave is the year of the response, and the
            questions are made from the answers; the frames then hold ``WAVES`` and ``QUESTIONS``.

    Returns:
        ``RESPONDENTS`` with one row per response, ``ANSWERS`` with one row per filled-in answer. A
        response without id is rejected with its answers. Empty answers and attachments are none.

    Raises:
        RefusedFileError: If the file is cut off, no JSON, of another shape or another survey.
    """
    text, encoding_name = _decoded(content)
    loaded = _loaded(text)
    responses = _list_of(loaded, "SurveyAnswers")
    source_id = _text(loaded.get("SurveyId"))
    _refuse_other_survey(source_id, questionnaire)
    reading = _Reading(
        survey_id=questionnaire.survey.id if questionnaire else source_id,
        wave=questionnaire.survey.wave if questionnaire else None,
        declared=DeclaredTargets(questionnaire) if questionnaire else None,
        mend=_mender(text),
    )
    for line_no, response in enumerate(responses, start=1):
        reading.read_response(response, line_no)
    return reading.parsed(n_responses=len(responses), encoding_name=encoding_name)


@dataclass(slots=True)
class _Reading:
    """Rows gathered from one file; ``wave`` is null when each response's year is its wave."""

    survey_id: str
    wave: str | None
    declared: DeclaredTargets | None
    mend: Callable[[str], str]
    found: FoundTargets = field(default_factory=FoundTargets)
    respondents: list[dict[str, str | None]] = field(default_factory=list)
    respondent_lines: list[int] = field(default_factory=list)
    answers: list[tuple[str, str, str, str, int]] = field(default_factory=list)
    bad_responses: list[int] = field(default_factory=list)
    bad_answers: dict[str, list[int]] = field(default_factory=dict)
    known_answers: dict[tuple[str, str, str], tuple[Target | None, str]] = field(
        default_factory=dict
    )

    def read_response(self, response: object, line_no: int) -> None:
        """Take in one response."""
        record: Mapping[str, Any] = response if isinstance(response, dict) else {}
        response_id = _text(record.get("ResponseId"))
        has_id = bool(response_id) and response_id != _NO_ID
        answered_at = _text(record.get("ResponseDate"))
        wave = self.wave or _wave_of(answered_at)
        background: dict[str, list[str]] = {}
        entries = record.get("RespondentAnswers")
        for place, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
            if not isinstance(entry, dict):
                self._reject("not_an_object", line_no)
                continue
            target, answer = self._read_entry(entry, wave=wave, line_no=line_no, place=place)
            if answer == "":
                continue
            if target is None:
                self._reject("question_not_in_questionnaire", line_no)
            elif target.background is not None:
                background.setdefault(target.background, []).append(answer)
            elif target.is_kept and has_id:
                self.answers.append((response_id, wave, target.question_id, answer, line_no))
            elif target.is_kept:
                self._reject("missing_response_id", line_no)
        if not has_id:
            self.bad_responses.append(line_no)
            return
        head = {"wave_code": wave, "response_id": response_id, "answered_at": answered_at or None}
        self.respondents.append({**head, **_background_row(background)})
        self.respondent_lines.append(line_no)

    def parsed(self, *, n_responses: int, encoding_name: str) -> Parsed:
        """Everything gathered, as frames."""
        asked = self.declared.backgrounds() if self.declared else frozenset[str]()
        frames = {
            RESPONDENTS: respondent_frame(
                self.respondents, self.respondent_lines, survey_id=self.survey_id, asked=asked
            ),
            ANSWERS: self._answer_frame(),
        }
        n_bad = sum(len(lines) for lines in self.bad_answers.values())
        rows_in = {RESPONDENTS: n_responses, ANSWERS: len(self.answers) + n_bad}
        if self.declared is None:
            frames.update(_found_frames(self.survey_id, self.found, self.respondents))
            rows_in.update({name: frames[name].height for name in (WAVES, QUESTIONS)})
        return Parsed(frames, self._rejects(), rows_in, encoding_name)

    def _read_entry(
        self, entry: Mapping[str, Any], *, wave: str, line_no: int, place: int
    ) -> tuple[Target | None, str]:
        """The question that an entry belongs to, and its answer; '' when there is none."""
        answer = self.mend(_text(entry.get("Answer")))
        if not answer.strip() or answer in EMPTY_CELLS:
            return None, ""
        key = (_text(entry.get("QuestionId")), _text(entry.get("Label")), answer)
        if self.declared is None:
            target = self._see_entry(entry, answer, wave=wave, line_no=line_no, place=place)
            return target, "" if entry.get("AnswerFile") else _given(target, key[1], answer)
        if entry.get("AnswerFile"):
            return None, ""
        known = self.known_answers.get(key)  # thousands of respondents tick the same box
        if known is None:
            target = self.declared.find(key[0], key[1])
            known = self.known_answers[key] = (target, _given(target, key[1], answer))
        return known

    def _see_entry(
        self, entry: Mapping[str, Any], answer: str, *, wave: str, line_no: int, place: int
    ) -> Target | None:
        """Take note of a question that only its answers tell of."""
        names = ("QuestionId", "QuestionOptionId", "Label", "Question")
        question_id, option_id, label, wording = (_text(entry.get(name)) for name in names)
        words = {"QuestionId": question_id, "QuestionOptionId": option_id, "Answer": answer}
        words |= {"Label": self.mend(label), "Question": self.mend(wording)}
        if question_id:
            has_file = bool(entry.get("AnswerFile"))
            self.found.see(words, wave=wave, line_no=line_no, place=place, has_file=has_file)
        return self.found.find(question_id, words["Label"], option_id)

    def _reject(self, reason_code: str, line_no: int) -> None:
        self.bad_answers.setdefault(reason_code, []).append(line_no)

    def _answer_frame(self) -> pl.DataFrame:
        names = ("response_id", "wave_code", "question_id", "answer", "line_no")
        columns = list(zip(*self.answers, strict=True)) or [()] * len(names)
        schema = {name: ANSWER_SCHEMA[name] for name in names}
        frame = pl.DataFrame(dict(zip(names, columns, strict=True)), schema=schema)
        # Several answers to one found question: nothing tells options apart but their order.
        group = ("line_no", "question_id")
        several = (pl.len().over(group) > 1) & pl.lit(self.declared is None)
        order = (pl.int_range(pl.len()).over(group) + 1).cast(pl.String)
        return frame.with_columns(
            survey_id=pl.lit(self.survey_id), item_code=pl.when(several).then(order)
        ).select(list(ANSWER_SCHEMA))

    def _rejects(self) -> pl.DataFrame:
        expected = {
            "not_an_object": ("RespondentAnswers", "an answer as a JSON object"),
            "missing_response_id": ("ResponseId", "a response id that is not zero"),
            "question_not_in_questionnaire": (
                "QuestionId",
                "a question of questionnaire.toml; role paradata or id leaves it out on purpose",
            ),
        }
        parts = [
            reject_rows(
                self.bad_responses,
                reason_code="missing_response_id",
                expected="a response id that is not zero",
                table_name=RESPONDENTS,
                column_name="ResponseId",
            )
        ]
        for reason, lines in self.bad_answers.items():
            column_name, words = expected[reason]
            parts.append(
                reject_rows(
                    lines,
                    reason_code=reason,
                    expected=words,
                    table_name=ANSWERS,
                    column_name=column_name,
                )
            )
        return pl.concat(parts).sort("table_name", "line_no", maintain_order=True)


def _given(target: Target | None, label: str, answer: str) -> str:
    """The answer as it counts: a dash is none where nothing may be written.

    A ticked option whose text is the row's label gives that label; an unticked one nothing.
    """
    if target is not None and not target.is_open and answer.strip() in DASHES:
        return ""
    if target is not None and target.options and fold(label) in target.options:
        mark = fold(answer)
        if mark in CHOSEN_MARKS:
            return label
        if mark in UNCHOSEN_MARKS:
            return ""
    return answer


def _background_row(background: Mapping[str, list[str]]) -> dict[str, str | None]:
    row: dict[str, str | None] = {name: values[0] for name, values in background.items()}
    if "groups" in background:
        told = (" ".join(value.split()) for value in background["groups"])
        row["groups"] = OPTION_SEPARATOR.join(told)
    return row


def _found_frames(
    survey_id: str, found: FoundTargets, respondents: Sequence[Mapping[str, str | None]]
) -> dict[str, pl.DataFrame]:
    waves = sorted({str(row["wave_code"]) for row in respondents})
    wave_rows = [{"survey_id": survey_id, "wave_code": w, "title": survey_id} for w in waves]
    ordered = sorted(found.questions.values(), key=lambda q: (q.position, q.question_id))
    rows, lines = [], []
    for wave in waves:
        for position, question in enumerate(ordered, start=1):
            if wave in question.first_lines:
                rows.append(_found_row(question, survey_id, wave, position))
                lines.append(question.first_lines[wave])
    return {
        WAVES: text_frame(wave_rows, WAVE_COLUMNS, [1] * len(waves)),
        QUESTIONS: text_frame(rows, QUESTION_COLUMNS, lines),
    }


def _found_row(
    question: FoundQuestion, survey_id: str, wave: str, position: int
) -> dict[str, str | None]:
    bounds = [str(bound) for bound in NPS_BOUNDS] if question.is_nps else [None, None]
    return {
        "survey_id": survey_id,
        "wave_code": wave,
        "question_id": question.question_id,
        "matrix_id": question.matrix_id,
        "position": str(position),
        "question_fi": question.wording,
        "question_type_code": question.question_type,
        "role_code": "paradata" if question.is_attachment else "substantive",
        "scale_min": bounds[0],
        "scale_max": bounds[1],
        "is_scale_reversed": "false",
    }


def _wave_of(answered_at: str) -> str:
    year = _YEAR.match(answered_at)
    return year.group(1) if year else _WAVE_WITHOUT_DATE


def _refuse_other_survey(source_id: str, questionnaire: Questionnaire | None) -> None:
    if questionnaire is None:
        if not source_id:
            raise RefusedFileError(
                f"Found responses without SurveyId, expected it beside SurveyAnswers. {_READ_AGAIN}"
            )
        return
    declared = questionnaire.survey.source_survey_id
    if declared and source_id and declared.lower() != source_id.lower():
        raise RefusedFileError(
            f"Found responses of survey {source_id[:36]}, expected {declared} as its questionnaire"
            " says. Put the file beside its own questionnaire, or correct survey.source_survey_id."
        )


def _decoded(content: bytes) -> tuple[str, str]:
    decoded = decode_text(content)
    text = decoded.text.strip()
    if not text.startswith("{"):
        what = "an HTML page" if text.startswith("<") else "a file that is no JSON object"
        raise RefusedFileError(f"Found {what}, expected Webropol's JSON. {_READ_AGAIN}")
    return text, decoded.encoding_name


def _loaded(text: str) -> dict[str, Any]:
    try:
        loaded = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, strict=False)
    except json.JSONDecodeError as error:
        raise RefusedFileError(
            f"Found JSON that breaks off or is broken at character {error.pos} of {len(text)},"
            f" expected it whole. {_READ_AGAIN}"
        ) from error
    except RecursionError as error:
        raise RefusedFileError(
            f"Found JSON nested too deep, expected Webropol's three levels. {_READ_AGAIN}"
        ) from error
    return dict(loaded)


def _list_of(loaded: Mapping[str, Any], key: str) -> list[Any]:
    entries = loaded.get(key)
    if isinstance(entries, list):
        return entries
    if "QuestionAnswers" in loaded:
        raise RefusedFileError(
            "Found the answers of one question, which cannot be joined to respondents, expected"
            " the survey's responses. Fetch /responses instead."
        )
    raise RefusedFileError(f"Found JSON without the list {key}, expected it. {_READ_AGAIN}")


def _mender(text: str) -> Callable[[str], str]:
    return mend_surrogates if _SURROGATE_ESCAPE.search(text) else str


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else ""
