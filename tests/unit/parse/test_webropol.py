"""Webropol's answers become rows: none lost, none doubled, nobody's address among them."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.library_survey import (
    library_questionnaire,
    response,
    webropol_file,
)
from transforms.parse.parsed import Parsed, RefusedFileError
from transforms.parse.questionnaire import Questionnaire
from transforms.parse.questionnaire_rows import QUESTIONS, WAVES
from transforms.parse.survey_frames import ANSWERS, RESPONDENTS
from transforms.parse.webropol import parse_webropol_questions, parse_webropol_responses

EXAMPLES = Path(__file__).resolve().parents[3] / "../shared/sources/data/surveys"
QUESTIONNAIRE = library_questionnaire()


def _parse(*responses: Any) -> Parsed:
    return parse_webropol_responses(webropol_file(*responses), questionnaire=QUESTIONNAIRE)


def _answers(parsed: Parsed) -> list[tuple[Any, ...]]:
    return parsed.frames[ANSWERS].select("question_id", "answer").rows()


def test_answers_come_by_our_own_question_names() -> None:
    parsed = _parse(response(("q-yleis", "5"), ("q-avoin", "Kiitos, hyvä näin.")))

    assert _answers(parsed) == [("yleisarvio", "5"), ("avoin", "Kiitos, hyvä näin.")]
    assert parsed.rows_in == {RESPONDENTS: 1, ANSWERS: 2}


def test_rows_of_a_matrix_are_told_apart_by_their_label() -> None:
    parsed = _parse(response(("q-matriisi", "1", "Tilat"), ("q-matriisi", "4", " AUKIOLOAJAT ")))

    assert _answers(parsed) == [("tilat", "1"), ("aukioloajat", "4")]


def test_a_matrix_row_in_another_language_is_found_by_its_wording() -> None:
    assert _answers(_parse(response(("q-matriisi", "1", "Öppettider")))) == [("aukioloajat", "1")]


def test_a_multi_select_is_a_row_for_each_option() -> None:
    parsed = _parse(response(("q-palvelut", "Kirjat"), ("q-palvelut", "Lehdet")))

    assert _answers(parsed) == [("palvelut", "Kirjat"), ("palvelut", "Lehdet")]


def test_a_ticked_option_with_its_text_in_the_label_is_that_option() -> None:
    parsed = _parse(response(("q-palvelut", "1", "Kirjat"), ("q-palvelut", "0", "Lehdet")))

    assert _answers(parsed) == [("palvelut", "Kirjat")]


def test_background_goes_to_the_respondent_and_not_to_the_answers() -> None:
    parsed = _parse(
        response(("q-ika", "2"), ("q-ryhmat", "Olen nuori"), ("q-ryhmat", "Olen lapsi"))
    )

    row = parsed.frames[RESPONDENTS].row(0, named=True)
    assert (row["age_band"], row["groups"]) == ("2", "Olen nuori\nOlen lapsi")
    assert parsed.rows_in[ANSWERS] == 0


def test_groups_that_were_asked_and_not_told_are_empty() -> None:
    assert _parse(response()).frames[RESPONDENTS].get_column("groups").to_list() == [""]


def test_ids_and_paradata_leave_no_trace() -> None:
    parsed = _parse(
        response(("q-sahkoposti", "joku@esimerkki.fi"), RespondentEmail="joku@esimerkki.fi")
    )

    assert parsed.rows_in == {RESPONDENTS: 1, ANSWERS: 0}
    assert not any("joku" in str(frame.rows()) for frame in parsed.frames.values())


def test_empty_answers_are_no_rows() -> None:
    parsed = _parse(
        response(
            ("q-yleis", ""), ("q-yleis", " - "), ("q-yleis", "NULL"), ("q-avoin", " "),
            ("q-avoin", "-"),
        )
    )  # fmt: skip

    assert _answers(parsed) == [("avoin", "-")]
    assert parsed.rows_in[ANSWERS] == 1


def test_an_attachment_is_no_answer() -> None:
    entry = {"QuestionId": "q-avoin", "Answer": "kuva.jpg", "AnswerFile": "https://esimerkki.fi/1"}

    assert _parse(response(RespondentAnswers=[entry])).rows_in[ANSWERS] == 0


def test_an_answer_to_a_question_that_is_not_described_is_rejected_without_its_words() -> None:
    parsed = _parse(response(("q-uusi", "Soittakaa 040 1234567"), ("q-yleis", "5")))

    assert parsed.rows_in[ANSWERS] == 2
    assert parsed.rejects.select("table_name", "line_no", "reason_code", "found_shape").rows() == [
        (ANSWERS, 1, "question_not_in_questionnaire", None)
    ]


@pytest.mark.parametrize("bad_id", [None, "", "00000000-0000-0000-0000-000000000000"])
def test_a_response_without_id_is_rejected_with_its_answers(bad_id: str | None) -> None:
    parsed = _parse(response(("q-yleis", "5"), ResponseId=bad_id), response(("q-yleis", "4")))

    assert parsed.rejects.select("table_name", "line_no").rows() == [(ANSWERS, 1), (RESPONDENTS, 1)]
    assert _answers(parsed) == [("yleisarvio", "4")]
    assert parsed.frames[ANSWERS].get_column("line_no").to_list() == [2]


def test_halves_of_characters_are_joined() -> None:
    content = webropol_file(response(("q-avoin", "@@"))).replace(b"@@", b"\\ud83d\\ude00 \\ud83d")

    parsed = parse_webropol_responses(content, questionnaire=QUESTIONNAIRE)

    assert _answers(parsed) == [("avoin", "😀 �")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (webropol_file(response())[:-30], "breaks off"),
        (b"<html>kirjaudu</html>", "HTML"),
        (b"", "no JSON object"),
        (b'{"SurveyAnswers": 5}', "without the list SurveyAnswers"),
        (b'{"QuestionAnswers": []}', "one question"),
        (webropol_file(survey_id="toinen-kysely"), "toinen-kysely"),
    ],
)
def test_a_file_of_another_shape_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(RefusedFileError, match=message):
        parse_webropol_responses(content, questionnaire=QUESTIONNAIRE)


def test_an_empty_page_has_frames_without_rows() -> None:
    parsed = _parse()

    assert parsed.rows_in == {RESPONDENTS: 0, ANSWERS: 0}
    assert parsed.frames[ANSWERS].is_empty()


def test_without_a_questionnaire_the_wave_is_the_year_of_the_response() -> None:
    content = webropol_file(
        response(("q1", "Hyvä")),
        response(("q1", "Huono"), ResponseId="b", ResponseDate="2024-12-31T23:59:59"),
        response(("q1", "Ei"), ResponseId="c", ResponseDate=None),
    )

    frames = parse_webropol_responses(content, questionnaire=None).frames

    assert frames[WAVES].get_column("wave_code").to_list() == ["1", "2024", "2025"]
    assert frames[RESPONDENTS].get_column("wave_code").to_list() == ["2025", "2024", "1"]
    assert frames[QUESTIONS].select("wave_code", "question_id").rows() == [
        ("1", "q1"),
        ("2024", "q1"),
        ("2025", "q1"),
    ]


def test_without_a_questionnaire_only_clear_facts_make_a_type() -> None:
    content = webropol_file(
        response(
            ("q1", "7", "Not at all likely - Extremely likely"),
            ("q2", "10"), ("q3", "0401234567"), ("q4", "Hyvä"), ("q4", "3"),
        )
    )  # fmt: skip

    parsed = parse_webropol_responses(content, questionnaire=None)

    types = parsed.frames[QUESTIONS].select("question_id", "question_type_code").rows()
    assert types == [("q1", "nps"), ("q2", "number"), ("q3", "text"), ("q4", "text")]
    assert parsed.frames[ANSWERS].get_column("item_code").to_list() == [None, None, None, "1", "2"]


def test_questions_are_told_apart_by_id_and_not_by_wording() -> None:
    entries = [
        {"QuestionId": key, "QuestionText": "Select your gender", "QuestionOrderNumber": n}
        for n, key in enumerate(("a", "b", "b"), start=1)
    ]

    parsed = parse_webropol_questions(json.dumps({"Questions": entries}).encode())

    assert parsed.frames[QUESTIONS].get_column("question_id").to_list() == ["a", "b"]
    assert parsed.rejects.get_column("line_no").to_list() == [3]
    assert parsed.rows_in == {QUESTIONS: 3}


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared examples are not here")
@pytest.mark.parametrize(
    ("name", "n_answers", "n_questions"),
    [("webropol_survey_answers_example", 4, 5), ("webropol_survey_responses_example", 2, 2)],
)
def test_the_vendors_own_examples_come_in(name: str, n_answers: int, n_questions: int) -> None:
    content = (EXAMPLES / f"{name}.json").read_bytes()

    parsed = parse_webropol_responses(content, questionnaire=None)

    assert parsed.rejects.is_empty()
    assert parsed.rows_in == {RESPONDENTS: 1, ANSWERS: n_answers, WAVES: 1, QUESTIONS: n_questions}
    assert "tester@" not in str([frame.rows() for frame in parsed.frames.values()])


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared examples are not here")
def test_the_vendors_two_questions_of_one_wording_stay_two() -> None:
    content = (EXAMPLES / "webropol_survey_questions_example.json").read_bytes()

    frame = parse_webropol_questions(content).frames[QUESTIONS]

    assert frame.height == 5
    assert frame.get_column("question_fi").n_unique() == 4


_QUESTION_IDS = st.sampled_from(["q-yleis", "q-matriisi", "q-palvelut", "q-ika", "q-uusi", ""])
_ENTRIES = st.one_of(
    st.none(),
    st.builds(
        lambda q, a, label: {"QuestionId": q, "Answer": a, "Label": label},
        _QUESTION_IDS,
        st.sampled_from(["5", "", "Kirjat", "ääkköset", "-"]),
        st.sampled_from([None, "Tilat", "Kirjat"]),
    ),
)
_RESPONSES = st.lists(
    st.one_of(
        st.integers(),
        st.builds(
            lambda key, entries: response(ResponseId=key, RespondentAnswers=entries),
            st.sampled_from(["a", "b", ""]),
            st.lists(_ENTRIES, max_size=4),
        ),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(responses=_RESPONSES, questionnaire=st.sampled_from([QUESTIONNAIRE, None]))
def test_every_row_is_kept_or_rejected(
    responses: list[Any], questionnaire: Questionnaire | None
) -> None:
    parsed = parse_webropol_responses(webropol_file(*responses), questionnaire=questionnaire)

    for table, frame in parsed.frames.items():
        n_rejected = parsed.rejects.filter(pl.col("table_name") == table).height
        assert parsed.rows_in[table] == frame.height + n_rejected
    assert parsed.rows_in[RESPONDENTS] == len(responses)
