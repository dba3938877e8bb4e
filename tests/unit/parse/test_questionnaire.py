"""A questionnaire file is read whole, or refused with words that help its writer."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from tests.support.library_survey import CODELISTS, SURVEY, TOML, VARIABLES, library_questionnaire
from transforms.clean.surveys import clean_questions, clean_waves
from transforms.parse.parsed import RefusedFileError
from transforms.parse.questionnaire import parse_questionnaire
from transforms.parse.questionnaire_rows import (
    CODELIST_SCHEMA,
    QUESTIONS,
    WAVES,
    codelist_rows,
    empty_codelists,
    questionnaire_rows,
)


def test_the_wave_is_typed_as_the_contract_promises() -> None:
    wave = clean_waves(questionnaire_rows(library_questionnaire())[WAVES])

    promised = load_contracts()[WAVES].schema
    assert wave.rejects.is_empty()
    assert dict(wave.frame.schema) == {
        name: dtype for name, dtype in promised.items() if name != "delivery_sha256"
    }
    assert wave.frame.row(0, named=True) == {
        "survey_id": "kirjasto",
        "wave_code": "2025-1",
        "title": "Kirjaston asiakaskysely 2025",
        "mode_code": "web",
        "design_code": "open_link",
        "opened_on": date(2025, 3, 1),
        "closed_on": date(2025, 3, 31),
        "frame_code": None,
        "frame_least_age": None,
        "n_frame": None,
        "n_invited": 800,
        "is_staff_involved": True,
        "use_budget_year": 2026,
        "line_no": 1,
    }


def test_questions_are_typed_as_the_contract_promises() -> None:
    questions = clean_questions(questionnaire_rows(library_questionnaire())[QUESTIONS])

    promised = load_contracts()[QUESTIONS].schema
    assert questions.rejects.is_empty()
    assert dict(questions.frame.schema) == {
        name: dtype for name, dtype in promised.items() if name != "delivery_sha256"
    }
    assert questions.frame.get_column("position").to_list() == list(range(1, 15))


def test_a_scale_that_starts_with_the_best_is_reversed() -> None:
    questions = clean_questions(questionnaire_rows(library_questionnaire())[QUESTIONS]).frame

    reversed_ones = questions.filter("is_scale_reversed").get_column("question_id").to_list()
    assert reversed_ones == ["aukioloajat"]


def test_bounds_of_a_scale_leave_out_the_dont_know() -> None:
    questions = clean_questions(questionnaire_rows(library_questionnaire())[QUESTIONS]).frame

    bounds = questions.select("question_id", "scale_min", "scale_max").drop_nulls().rows()
    assert bounds == [
        ("yleisarvio", 1.0, 5.0),
        ("aukioloajat", 1.0, 4.0),
        ("tilat", 1.0, 4.0),
        ("suosittelu", 0.0, 10.0),
    ]


def test_the_label_decides_the_kind_when_the_writer_does_not() -> None:
    items = codelist_rows(library_questionnaire()).filter(pl.col("kind") != "valid")

    assert items.select("question_id", "code", "kind").rows() == [
        ("yleisarvio", "9", "dont_know"),
        ("aukioloajat", "0", "not_applicable"),
        ("tilat", "0", "not_applicable"),
        ("kaynnit", "c", "dont_know"),
        ("ika", "9", "refused"),
        ("sukupuoli", "4", "refused"),
    ]
    assert items.schema == pl.Schema(dict(CODELIST_SCHEMA)) == empty_codelists().schema


def test_a_question_without_a_service_has_that_of_the_survey() -> None:
    named = VARIABLES.replace('type = "nps"', 'type = "nps"\nservice = "liikunta"')

    found = parse_questionnaire((SURVEY + named + CODELISTS).encode())

    services = {v.name: v.service for v in found.variables}
    assert services["suosittelu"] == "liikunta"
    assert services["avoin"] == "kirjasto"


def test_a_wave_says_whom_it_should_speak_for_and_from_which_age() -> None:
    named = SURVEY.replace('mode = "web"', 'mode = "web"\nframe = "residents"\nframe_age_from = 15')

    questionnaire = parse_questionnaire((named + VARIABLES + CODELISTS).encode())

    wave = clean_waves(questionnaire_rows(questionnaire)[WAVES]).frame
    assert wave.select("frame_code", "frame_least_age").row(0) == ("residents", 15)


def test_windows_line_ends_and_encoding_are_read() -> None:
    assert parse_questionnaire(TOML.replace("\n", "\r\n").encode("cp1252")) == (
        library_questionnaire()
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('type = "nps"', 'typ = "nps"', r"\[4\]\.typ' and no key 'variable\[4\]\.type'.*Rename"),
        ('type = "nps"', 'type = "nps"\ntpye = 1', r"unknown key 'variable\[4\]\.tpye'.*'type'"),
        ('type = "nps"', 'type = "asteikko"', r"'asteikko' at 'variable\[4\]\.type'.*one of"),
        ("opened = 2025-03-01", 'opened = "1.3.2025"', r"'survey\.opened'.*2025-03-01"),
        ("opened = 2025-03-01", "opened = 1.3.2025", r"no TOML.*line"),
        ("closed = 2025-03-31", "closed = 2025-02-01", r"'survey\.closed'.*from 2025-03-01 on"),
        ('wave = "2025-1"', 'wave = "2025|1"', r"'survey\.wave'.*without the character \|"),
        ('mode = "web"', 'mode = "netti"', r"'survey\.mode'.*one of web"),
        ('mode = "web"', 'frame = "kaikki"', r"'survey\.frame'.*one of residents"),
        ("invited_n = 800", 'invited_n = "800"', r"'survey\.invited_n'.*whole number"),
        ('codelist = "usein"', 'codelist = "usien"', r"\[5\]\.codelist'.*a \[\[codelist\]\]: iat"),
        ('codelist = "usein"\n', "", r"no key 'variable\[5\]\.codelist'"),
        ('source_question_id = "q-nps"', "", r"no key 'variable\[4\]\.source_question_id'"),
        ('name = "tilat"', 'name = "aukioloajat"', r"'variable\[3\]\.name'.*only once"),
        ('source_label = "Tilat"', 'source_label = "Aukioloajat"', "only once"),
        ('background = "postcode"', 'background = "gender"', "only once"),
        ('maps_to = "25_44"', 'maps_to = "25-44"', "maps_to out of 0_14"),
        ('{code = "b"', '{code = "a"', r"'codelist\[3\]\.items\[1\]\.code'.*once"),
        ('label = "Harvemmin"', 'label = "2-3 kertaa viikossa"', r"label\.fi'.*once"),
        ('{code = "4", label = "Täysin', '{code = "x", label = "Täysin', "code 'x' of a scale"),
        ('id = "usein"', 'id = "iat"', r"'codelist\[5\]\.id'.*once"),
        ("[survey]", "[kysely]", "no key 'survey'"),
    ],
)
def test_a_fault_is_told_with_its_place(old: str, new: str, message: str) -> None:
    assert old in TOML

    with pytest.raises(RefusedFileError, match=message):
        parse_questionnaire(TOML.replace(old, new, 1).encode())


def test_a_questionnaire_without_questions_is_refused() -> None:
    with pytest.raises(RefusedFileError, match="at least one"):
        parse_questionnaire((SURVEY + CODELISTS).encode())


def test_a_question_of_a_table_names_its_column() -> None:
    table = SURVEY.replace('"webropol"', '"table"')

    with pytest.raises(RefusedFileError, match="either source_column or source_columns"):
        parse_questionnaire((table + VARIABLES + CODELISTS).encode())


def test_rows_without_what_the_contract_needs_are_rejected_once() -> None:
    rows = questionnaire_rows(library_questionnaire())
    waves = rows[WAVES].with_columns(opened_on=pl.lit("31.2.2025"), title=pl.lit(" "))
    questions = rows[QUESTIONS].with_columns(scale_min=pl.lit("yksi"))

    assert clean_waves(waves).rejects.get_column("reason_code").to_list() == ["missing_title"]
    assert clean_questions(questions).rejects.height == 14
