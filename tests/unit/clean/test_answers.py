"""An answer becomes its value, or the way in which it is missing; never one for the other."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.contract import load_contracts
from tests.support.library_survey import library_questionnaire, response, webropol_file
from transforms.clean.answers import clean_answers
from transforms.clean.cleaned import Cleaned
from transforms.clean.surveys import clean_questions
from transforms.parse.questionnaire_rows import (
    QUESTIONS,
    codelist_rows,
    empty_codelists,
    questionnaire_rows,
)
from transforms.parse.survey_frames import ANSWER_SCHEMA, ANSWERS
from transforms.parse.webropol import parse_webropol_responses

QUESTIONNAIRE = library_questionnaire()
KNOWN = clean_questions(questionnaire_rows(QUESTIONNAIRE)[QUESTIONS]).frame
CODELISTS = codelist_rows(QUESTIONNAIRE)


def _frame(*answers: tuple[str, str | None], line_nos: list[int] | None = None) -> pl.DataFrame:
    lines = line_nos or [1] * len(answers)
    rows = [
        {
            "survey_id": "kirjasto",
            "wave_code": "2025-1",
            "response_id": f"v{line}",
            "question_id": question,
            "answer": answer,
            "line_no": line,
        }
        for (question, answer), line in zip(answers, lines, strict=True)
    ]
    return pl.DataFrame(rows, schema=dict(ANSWER_SCHEMA))


def _clean(*answers: tuple[str, str | None], **options: Any) -> Cleaned:
    return clean_answers(_frame(*answers, **options), questions=KNOWN, codelists=CODELISTS)


def _one(question: str, answer: str) -> dict[str, Any]:
    cleaned = _clean((question, answer))
    assert cleaned.rejects.is_empty(), cleaned.rejects
    return cleaned.frame.row(0, named=True)


def _reason(question: str, answer: str | None) -> str:
    cleaned = _clean((question, answer))
    assert cleaned.frame.is_empty()
    return str(cleaned.rejects.item(0, "reason_code"))


def test_columns_are_those_of_the_contract() -> None:
    promised = load_contracts()[ANSWERS].schema
    added = ("delivery_sha256", "text_id", "n_masked")

    schema = dict(_clean(("yleisarvio", "5")).frame.schema)

    assert schema == {name: dtype for name, dtype in promised.items() if name not in added}


def test_the_key_names_survey_wave_and_response() -> None:
    assert _one("yleisarvio", "5")["respondent_id"] == "kirjasto|2025-1|v1"


@pytest.mark.parametrize(
    "cell",
    ["5", " 5 ", "5.0", "5,0", "Erittäin tyytyväinen", "ERITTÄIN  TYYTYVÄINEN", "very satisfied",
     "5 - erittäin tyytyväinen", "5 – Erittäin tyytyväinen", "5 = hyvä", "5) hyvä", "5 (hyvä)",
     "Eritta\u0308in tyytyva\u0308inen", "ErittÃ¤in tyytyvÃ¤inen"],
)  # fmt: skip
def test_a_value_of_a_scale_is_found_however_it_is_written(cell: str) -> None:
    row = _one("yleisarvio", cell)

    assert (row["answer_num"], row["answer_kind_code"]) == (5.0, "valid")
    assert (row["answer_code"], row["text"], row["item_code"]) == (None, None, "")


@pytest.mark.parametrize("cell", ["9", "9.0", "En osaa sanoa", "EOS", "vaikea sanoa", "Vet ej",
                                  "9 - en osaa sanoa"])  # fmt: skip
def test_a_dont_know_is_never_a_value(cell: str) -> None:
    row = _one("yleisarvio", cell)

    assert (row["answer_num"], row["answer_kind_code"]) == (None, "dont_know")


def test_a_codelist_that_calls_a_dont_know_valid_is_not_believed() -> None:
    unflagged = CODELISTS.with_columns(kind=pl.lit("valid"))
    frame = _frame(("yleisarvio", "9"), ("tilat", "0"), ("yleisarvio", "5"), line_nos=[1, 1, 2])

    cleaned = clean_answers(frame, questions=KNOWN, codelists=unflagged).frame

    assert cleaned.get_column("answer_kind_code").to_list() == [
        "dont_know",
        "not_applicable",
        "valid",
    ]
    assert cleaned.get_column("answer_num").to_list() == [None, None, 5.0]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("En halua vastata", "refused"),
        ("Ei koske minua", "not_applicable"),
        ("HIDDEN", "not_asked"),
    ],
)
def test_other_ways_of_being_missing_are_told_apart(cell: str, kind: str) -> None:
    row = _one("yleisarvio", cell)

    assert (row["answer_num"], row["answer_kind_code"]) == (None, kind)


def test_steps_between_labelled_ends_count() -> None:
    assert _one("aukioloajat", "3")["answer_num"] == 3.0


def test_a_reversed_scale_is_kept_as_answered() -> None:
    assert _one("aukioloajat", "Täysin samaa mieltä")["answer_num"] == 1.0


@pytest.mark.parametrize(
    ("question", "cell", "reason"),
    [
        ("yleisarvio", "6", "off_scale"),
        ("yleisarvio", "0", "off_scale"),
        ("yleisarvio", "10", "off_scale"),
        ("yleisarvio", "3,5", "answer_not_in_codelist"),
        ("yleisarvio", "hyvä", "answer_not_in_codelist"),
        ("yleisarvio", "5 - erittäin tyytymätön", "answer_contradicts_itself"),
        ("suosittelu", "11", "off_scale"),
        ("kaynnit", "joskus", "answer_not_in_codelist"),
        ("kaynnit", "2", "answer_not_in_codelist"),
        ("palvelut", "Elokuvat", "answer_not_in_codelist"),
        ("matka", "kaukana", "not_a_number"),
        ("viimeksi", "31.2.2025", "not_a_date"),
        ("ika", "2", "not_substantive"),
        ("olematon", "2", "unknown_question"),
        ("avoin", None, "empty_answer"),
    ],
)
def test_what_fits_nothing_is_rejected(question: str, cell: str | None, reason: str) -> None:
    assert _reason(question, cell) == reason


def test_a_reject_shows_the_shape_and_not_the_words() -> None:
    rejects = _clean(("kaynnit", "Matti 040")).rejects

    assert rejects.item(0, "found_shape") == "Aaaaa 999"


@pytest.mark.parametrize(("cell", "value"), [("0", 0.0), ("10", 10.0), ("7.0", 7.0),
                                             ("10 - erittäin todennäköisesti", 10.0)])  # fmt: skip
def test_a_recommendation_runs_from_zero_to_ten(cell: str, value: float) -> None:
    assert _one("suosittelu", cell)["answer_num"] == value


def test_a_choice_is_a_code_and_no_value() -> None:
    row = _one("kaynnit", "2-3 kertaa viikossa")

    assert (row["answer_code"], row["answer_num"], row["item_code"]) == ("a", None, "")


def test_options_of_a_multi_select_stand_side_by_side() -> None:
    cleaned = _clean(("palvelut", "Kirjat"), ("palvelut", "lehdet"), ("palvelut", "en osaa sanoa"))

    assert cleaned.frame.select("item_code", "answer_code", "answer_kind_code").rows() == [
        ("kirjat", "kirjat", "valid"),
        ("lehdet", "lehdet", "valid"),
        ("dont_know", None, "dont_know"),
    ]


def test_a_second_answer_to_one_item_is_rejected() -> None:
    cleaned = _clean(("yleisarvio", "5"), ("yleisarvio", "4"), ("palvelut", "Kirjat"))

    assert cleaned.frame.get_column("answer_num").to_list() == [5.0, None]
    assert cleaned.rejects.get_column("reason_code").to_list() == ["answered_again"]


def test_the_same_response_on_two_lines_is_left_to_the_versions() -> None:
    frame = _frame(("yleisarvio", "5"), ("yleisarvio", "4"), line_nos=[1, 2])
    twice = frame.with_columns(response_id=pl.lit("v1"))

    cleaned = clean_answers(twice, questions=KNOWN, codelists=CODELISTS)

    assert cleaned.frame.height == 2


@pytest.mark.parametrize(
    ("cell", "value", "kind"),
    [("3,5", 3.5, "valid"), ("0", 0.0, "valid"), ("EOS", None, "dont_know"),
     ("1 200", 1200.0, "valid")],
)  # fmt: skip
def test_a_number_is_a_number(cell: str, value: float | None, kind: str) -> None:
    row = _one("matka", cell)

    assert (row["answer_num"], row["answer_kind_code"]) == (value, kind)


def test_a_date_is_kept_as_a_day() -> None:
    assert _one("viimeksi", "9.11.2020 13:00")["answer_code"] == "2020-11-09"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Enemmän äänikirjoja, kiitos!", "valid"),
        ("En osaa sanoa", "dont_know"),
        ("-", "valid"),
        ("ei", "valid"),
        ("En osaa sanoa, mutta parkkipaikkoja on vähän.", "valid"),
        ("9", "valid"),
        ("ä" * 100_000, "valid"),
    ],
)
def test_an_open_answer_keeps_its_words(text: str, kind: str) -> None:
    row = _one("avoin", text)

    assert (row["text"], row["answer_kind_code"]) == (text, kind)
    assert (row["answer_num"], row["answer_code"]) == (None, None)


def test_no_answers_give_no_rows_and_the_same_columns() -> None:
    empty = _clean()

    assert empty.frame.is_empty()
    assert empty.frame.columns == _clean(("yleisarvio", "5")).frame.columns


def test_answers_without_a_questionnaire_are_open_unless_they_are_clearly_not() -> None:
    content = webropol_file(
        response(("q1", "7", "Not at all likely - Extremely likely"), ("q2", "Kiitos"))
    )
    frames = parse_webropol_responses(content, questionnaire=None).frames
    questions = clean_questions(frames[QUESTIONS]).frame

    cleaned = clean_answers(frames[ANSWERS], questions=questions, codelists=empty_codelists())

    assert cleaned.rejects.is_empty()
    assert cleaned.frame.select("question_id", "answer_num", "text").rows() == [
        ("q1", 7.0, None),
        ("q2", None, "Kiitos"),
    ]


_CELLS = st.tuples(
    st.sampled_from([*KNOWN.get_column("question_id").to_list(), "olematon"]),
    st.one_of(
        st.sampled_from(["5", "9", "EOS", "Kirjat", "-", "1.2.2025", "5 - erittäin tyytymätön"]),
        st.text(max_size=12),
        st.none(),
    ),
)


@settings(max_examples=60, deadline=None)
@given(answers=st.lists(_CELLS, max_size=8))
def test_every_row_is_kept_or_rejected_once(answers: list[tuple[str, str | None]]) -> None:
    cleaned = _clean(*answers)

    assert cleaned.frame.height + cleaned.rejects.height == len(answers)
    keys = ("respondent_id", "question_id", "item_code")
    assert cleaned.frame.select(keys).is_unique().all()


@settings(max_examples=40, deadline=None)
@given(answers=st.lists(_CELLS, max_size=8), seed=st.integers(0, 99))
def test_the_order_of_responses_makes_no_difference(
    answers: list[tuple[str, str | None]], seed: int
) -> None:
    frame = _frame(*answers, line_nos=list(range(1, len(answers) + 1)))
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=seed)

    first = clean_answers(frame, questions=KNOWN, codelists=CODELISTS)
    second = clean_answers(shuffled, questions=KNOWN, codelists=CODELISTS)

    assert first.frame.sort("line_no").equals(second.frame.sort("line_no"))
    assert first.rejects.sort("line_no").equals(second.rejects.sort("line_no"))
