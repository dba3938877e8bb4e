"""Writes a survey wave as the Webropol REST v1 API sends it: questions and pages of responses."""

import json
from datetime import datetime
from pathlib import Path

import numpy as np

from demo_city.chance import Chance, guids
from demo_city.questionnaire import write_questionnaire
from demo_city.survey_answers import Answers
from demo_city.survey_plan import LANGUAGES, Question, Survey, Wave

PAGE = 500
NPS_LABEL = "Not at all likely - Extremely likely"
DONT_KNOW_SPELLINGS = {
    "fi": ("En osaa sanoa", "en osaa sanoa", "EOS", "eos", "Eos", "Ei osaa sanoa", "vaikea sanoa"),
    "sv": ("Kan inte säga", "kan inte säga"),
    "en": ("I don't know", "Don't know"),
}
Frame = tuple[str, str]


def write_webropol(
    folder: Path, survey: Survey, wave: Wave, answers: Answers, *, seed: int
) -> dict[str, int]:
    """Write one wave's folder; returns the counts of respondents and answer rows."""
    order = sum((place + 1) * ord(letter) for place, letter in enumerate(survey.id))
    chance = Chance(seed, stream=300_000 + order * 10 + wave.step)
    names = list(dict.fromkeys(q.matrix or q.name for q in survey.questions))
    survey_id, *question_ids = guids(chance.rng, 1 + len(names))
    source = dict(zip(names, question_ids, strict=True)) | {"survey": survey_id}
    folder = folder / survey_id
    folder.mkdir(parents=True, exist_ok=True)
    _write_questions(folder / "questions.json", survey, source)
    write_questionnaire(folder / "questionnaire.toml", survey, wave, source=source, table={})
    builder = _Rows(survey, wave, answers, source, chance)
    rows = 0
    pages = max(1, -(-answers.n // PAGE))
    for page in range(pages):
        first, last = page * PAGE, min((page + 1) * PAGE, answers.n)
        responses, made = builder.page(first, last)
        rows += made
        envelope = json.dumps({
            "ItemsPerPage": PAGE, "TotalCount": answers.n, "TotalPages": pages,
            "CurrentPage": page + 1, "IsLastItemFetched": page + 1 == pages,
            "ItemCount": last - first,
        })  # fmt: skip
        text = f'{{"SurveyId":"{survey_id}","Paging":{envelope},"SurveyAnswers":[{responses}]}}'
        (folder / f"responses_p{page + 1}.json").write_text(text, encoding="utf-8")
    return {"respondents": answers.n, "answer_rows": rows}


def _write_questions(path: Path, survey: Survey, source: dict[str, str]) -> None:
    questions: list[dict[str, str | int]] = []
    seen: set[str] = set()
    for question in survey.questions:
        name = question.matrix or question.name
        if name in seen:
            continue
        seen.add(name)
        text = _stem(question, 0)
        questions.append({"QuestionId": source[name], "QuestionText": text,
                          "QuestionOrderNumber": len(questions) + 1})  # fmt: skip
    path.write_text(json.dumps({"Questions": questions}, ensure_ascii=False, indent=1), "utf-8")


def _stem(question: Question, language: int) -> str:
    if question.matrix:
        return ("Arvioi palvelun osia", "Bedöm delar av tjänsten", "Rate parts of the service")[
            language
        ]
    return question.labels[language]


class _Rows:
    """Builds answer rows by joining prepared pieces of JSON."""

    def __init__(
        self, survey: Survey, wave: Wave, answers: Answers, source: dict[str, str], chance: Chance
    ) -> None:
        self._survey, self._answers, self._source, self._chance = survey, answers, source, chance
        self._options = {
            (q.name, item.code): guid
            for q in survey.questions
            for item, guid in zip(q.items, guids(chance.rng, len(q.items)), strict=True)
        }
        self._option = dict(
            zip((q.name for q in survey.questions),
                guids(chance.rng, len(survey.questions)), strict=True)
        )  # fmt: skip
        self._ids = guids(chance.rng, answers.n)
        self._frames: dict[tuple[str, str, str | None], Frame] = {}
        self._writes_number = chance.yes(0.4)
        self._fractions = (
            np.random.default_rng([7, len(wave.code)]).integers(0, 4, answers.n).tolist()
        )

    def page(self, first: int, last: int) -> tuple[str, int]:
        """Responses from ``first`` up to ``last`` as JSON, and the number of answer rows."""
        made, responses = 0, []
        for number in range(first, last):
            rows = self._respondent(number)
            made += len(rows)
            head = (
                f'{{"RespondentId":null,"ResponseId":"{self._ids[number]}",'
                f'"RespondentEmail":null,"ResponseDate":"{self._date(number)}",'
            )
            responses.append(f'{head}"RespondentAnswers":[{",".join(rows)}]}}')
        return ",".join(responses), made

    def _date(self, number: int) -> str:
        moment: datetime = self._answers.times[number]
        digits = self._fractions[number]
        text = moment.strftime("%Y-%m-%dT%H:%M:%S")
        return f"{text}.{moment.microsecond // 1000:03d}"[: 20 + digits] if digits else text

    def _respondent(self, number: int) -> list[str]:
        answers = self._answers
        language = answers.languages[number]
        rows: list[str] = []
        for question in self._survey.questions:
            if question.name in answers.multi:
                codes = answers.multi[question.name][number]
                rows += [self._coded(question, language, code) for code in codes or ()]
                continue
            value = answers.single[question.name][number]
            if value is None:
                continue
            if question.items:
                rows.append(self._coded(question, language, value))
            else:
                before, after = self._frame(question, language, None)
                rows.append(f"{before}{json.dumps(value, ensure_ascii=False)}{after}")
        return rows

    def _coded(self, question: Question, language: str, code: str) -> str:
        if code == "9" and question.type == "scale":
            before, after = self._frame(question, language, code)
            spelling = self._chance.pick(DONT_KNOW_SPELLINGS[language])
            return f'{before}"{spelling}"{after}'
        frame = self._frames.get((question.name, language, code))
        if frame is None:
            before, after = self._frame(question, language, code)
            answer = json.dumps(self._words(question, language, code), ensure_ascii=False)
            frame = (f"{before}{answer}{after}", "")
            self._frames[(question.name, language, code)] = frame
        return frame[0]

    def _words(self, question: Question, language: str, code: str) -> str:
        item = next(item for item in question.items if item.code == code)
        label = item.labels[LANGUAGES.index(language)]
        if question.type == "scale" and item.value is not None and self._writes_number:
            return f"{item.value} - {label}" if question.name == "yleisarvio" else str(item.value)
        return label

    def _frame(self, question: Question, language: str, code: str | None) -> Frame:
        label: str | None = question.labels[0] if question.matrix else ""
        if question.type == "nps":
            label = NPS_LABEL
        if question.type == "text":
            label = None
        answer_option = self._options.get((question.name, code or ""), self._option[question.name])
        head = {
            "QuestionId": self._source[question.matrix or question.name],
            "Question": _stem(question, LANGUAGES.index(language)),
            "QuestionOptionId": self._option[question.name],
            "AnswerOptionId": answer_option,
            "Label": label,
        }
        before = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
        after = (
            ',"Keywords":"","AnswerKeywords":"","AnswerFile":null,"AttachedTextFieldValue":null}'
        )
        return f'{before},"Answer":', after
