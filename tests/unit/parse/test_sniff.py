"""Formats are found by looking into the content; what has none is told why."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from data_contracts.contract import code_values
from transforms.parse.column_map import ColumnMap
from transforms.parse.sniff import TABLE, UNRECOGNISED, find_format, read_header, table_format
from transforms.parse.table_kind import TableKind
from transforms.parse.unrecognised import why_unrecognised

SHARED = Path(__file__).resolve().parents[3] / "../shared/sources/data"
KUA_LIST = (
    b'[{"collaborative":true,"id":"https://www.kuntalaisaloite.fi/api/v1/initiatives/99001",'
    b'"municipality":{"active":true,"id":"https://x/743","nameFi":"Sein\xc3\xa4joki"},"name":"Latu"}]'
)
KUA_DETAIL = (
    b'{"authors":{"privateNames":1,"publicNames":0},"collaborative":true,"id":"https://x/1",'
    b'"participantCount":{"total":1},"proposal":"Valoja."}'
)
MUNICIPALITIES = b'[{"active":false,"id":"https://x/municipalities/20","nameFi":"Akaa"}]'
REQUESTS = b'[{"service_request_id":"1","status":"open","service_code":"2","description":"Kuoppa"}]'
SERVICES = b'[{"service_code":"172","service_name":"Ilkivalta","description":"Onko rikottu?"}]'
RESPONSES = b'{"SurveyId":"1","Paging":{"ItemsPerPage":500},"SurveyAnswers":[{"ResponseId":"2"}]}'
QUESTIONS = b'{"Questions":[{"QuestionId":"d","QuestionText":"Arvosana"}]}'
QUESTIONNAIRE = b'# Kirjasto\n[survey]\nid = "kirjasto"\n[table]\n[[variable]]\nname = "a"\n'
COLUMN_MAP = b'[table]\nkind = "notes"\n[columns]\ntext = "Teksti"\n'
SERVICE_MAP = b'[services]\n"101" = "kadut"\n'


def a_zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def a_workbook() -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        workbook.add_worksheet().write_column(0, 0, ["Palaute", "Kuoppa"])
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (KUA_LIST, "kuntalaisaloite_list"),
        (KUA_DETAIL, "kuntalaisaloite_detail"),
        (MUNICIPALITIES, "kuntalaisaloite_municipalities"),
        (REQUESTS, "georeport_requests"),
        (REQUESTS[1:-1], "georeport_requests"),
        (b'{"data":' + REQUESTS + b"}", "georeport_requests"),
        (b'[{"code":404,"description":"service_request_id not found"}]', "georeport_requests"),
        (SERVICES, "georeport_services"),
        (RESPONSES, "webropol_responses"),
        (QUESTIONS, "webropol_questions"),
        (QUESTIONNAIRE, "questionnaire"),
        (COLUMN_MAP, "column_map"),
        (SERVICE_MAP, "service_map"),
        ("Tunnus;Palaute\n1;Hyvä\n".encode(), TABLE),
        ("Tunnus;Palaute\n1;Hyvä\n".encode("cp1252"), TABLE),
        ("Tunnus;Palaute\n1;Hyvä\n".encode("utf-16"), TABLE),
        ('\ufeff"Tunnus","Palaute"\n1,Hyvä\n'.encode(), TABLE),
        (a_workbook(), TABLE),
        (a_zip("a.csv"), UNRECOGNISED),
        (b"", UNRECOGNISED),
        (b'{"ok": true}', UNRECOGNISED),
        (b"<html></html>", UNRECOGNISED),
        (b"\x89PNG\r\n\x1a\n\x00\x00", UNRECOGNISED),
    ],
)
def test_the_format_is_found_whatever_the_name(content: bytes, code: str) -> None:
    assert find_format("tiedosto", content) == code
    assert code == TABLE or code in code_values("delivery_format")


@pytest.mark.parametrize(
    ("content", "code", "shortest"),
    [
        (KUA_LIST, "kuntalaisaloite_list", 20),
        (KUA_DETAIL, "kuntalaisaloite_detail", 30),
        (MUNICIPALITIES, "kuntalaisaloite_municipalities", 15),
        (REQUESTS, "georeport_requests", 30),
        (RESPONSES, "webropol_responses", 45),
        (QUESTIONS, "webropol_questions", 20),
        (QUESTIONNAIRE, "questionnaire", 25),
    ],
)
def test_a_file_that_is_cut_off_is_still_what_it_began_as(
    content: bytes, code: str, shortest: int
) -> None:
    found = {find_format("tiedosto", content[:n]) for n in range(shortest, len(content))}

    assert found == {code}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("kuntalaisaloite/list_2026-02-04T010000Z_0.json", "kuntalaisaloite_list"),
        ("requests_2026-02-01_2026-02-07_p1.json", "georeport_requests"),
        ("tyhja.json", UNRECOGNISED),
    ],
)
def test_an_empty_array_is_told_by_its_name_alone(name: str, code: str) -> None:
    assert find_format(name, b" [ ] ") == code


def test_words_of_a_resident_do_not_pass_for_keys() -> None:
    text = json.dumps({"name": 'he kysyivät: "SurveyAnswers": 3, {"publishDate": 1}'})

    assert find_format("viesti.json", text.encode()) == UNRECOGNISED


def test_a_table_is_what_its_sidecar_says() -> None:
    found = {
        table_format("survey_tables/k.csv", ["k.csv", "k.questionnaire.toml"], ["a"], []),
        table_format("tables/k.xlsx", ["tables/k.columns.toml"], ["a"], []),
        table_format("k.csv", ["toinen.columns.toml"], ["a"], []),
    }

    assert found == {"survey_table", "column_mapped_table", UNRECOGNISED}


def test_a_table_without_a_sidecar_is_told_by_its_header() -> None:
    column_map = ColumnMap("m", TableKind.NOTES, "s", ("a",), {}, match_columns=("a", "b"))

    assert table_format("k.csv", [], ["b", "a"], [column_map]) == "column_mapped_table"
    assert table_format("k.csv", [], ["b"], [column_map]) == UNRECOGNISED


def test_the_header_is_read_from_text_and_workbook_and_empty_when_unreadable() -> None:
    assert read_header("t.csv", "Tunnus;Päivä\n1;2\n".encode("cp1252")) == ("Tunnus", "Päivä")
    assert read_header("t.xlsx", a_workbook()) == ("Palaute",)
    assert read_header("t.csv", b"Tunnus\n") == ()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b" \n", "empty file"),
        ("a.zip", a_zip("a.csv", "b.csv"), "zip archive of 2 files"),
        ("a.zip", b"PK\x03\x04rikki", "damaged zip"),
        ("a.docx", a_zip("word/document.xml"), "Word document"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG picture"),
        ("a.xml", b"<?xml version='1.0'?><codeBook xml:lang='fi'></codeBook>", "DDI codebook"),
        ("a.xml", b"<service_requests><request/></service_requests>", "GeoReport requests as XML"),
        ("a.lss", b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType>", "LimeSurvey"),
        ("a.html", b"<!DOCTYPE html>\n<html><body>401</body></html>", "an HTML page"),
        ("a.xml", b"<oma:juuri/>", "XML that begins with <juuri>"),
        ("a.yaml", b"---\nswagger: '2.0'\n", "description of an interface"),
        ("a.yaml", b"---\navain: 1\n", "a YAML file"),
        ("a.json", b'[{"model":"issues.issue","pk":1,"fields":{}}]', "Django fixture"),
        ("a.json", b'[{"name":"asteikko","min_value":1,"max_value":5}]', "answer scales"),
        ("a.json", b'{"b":1,"a":2}', "JSON with the keys 'a', 'b'"),
        ("a.json", b"[]", "JSON without any objects"),
        ("a.toml", b"[asetukset]\na = 1\n", "none of the known sections"),
        ("a.txt", b"", "empty file"),
        ("muistio", b"Hei! Kaikki on hyvin.", "text that is neither a table nor"),
        ("t.csv", b"a;b\n1;2\n", "the columns 'a', 'b'"),
        ("t.csv", b"a;b\n", "no rows"),
    ],
)
def test_what_has_no_format_is_told_why_and_what_to_do(
    name: str, content: bytes, words: str
) -> None:
    told = why_unrecognised(name, content)

    assert told.startswith("Found ")
    assert words in told
    assert "expected" in told
    assert told.endswith(".")


EXAMPLES = {
    "ddi/FSD1050.xml": UNRECOGNISED,
    "ddi/FSD2358.xml": UNRECOGNISED,
    "ddi/FSD2428.xml": UNRECOGNISED,
    "ddi/FSD2503.xml": UNRECOGNISED,
    "ideas/omastadi_rounds_1_2.csv": TABLE,
    "kuntalaisaloite/initiative_detail_from_JsonTest.json": "kuntalaisaloite_detail",
    "kuntalaisaloite/initiatives_list_from_ApiTest.json": "kuntalaisaloite_list",
    "kuntalaisaloite/municipalities_response.json": "kuntalaisaloite_municipalities",
    "open311/6aika_insert_requests_fixture.json": UNRECOGNISED,
    "open311/6aika_palaute.swagger.yaml": UNRECOGNISED,
    "open311/helsinki-open311-services_fi.json": "georeport_services",
    "open311/helsinki_taskful_request.json": "georeport_requests",
    "reference/organisation_tree.csv": TABLE,
    "reference/paavo_population_2022.csv": TABLE,
    "reference/places.csv": TABLE,
    "surveys/survey.lss": UNRECOGNISED,
    "surveys/valssi_likert_scales_fi_sv_en.json": UNRECOGNISED,
    "surveys/webropol_survey_answers_example.json": "webropol_responses",
    "surveys/webropol_survey_questions_example.json": "webropol_questions",
    "surveys/webropol_survey_responses_example.json": "webropol_responses",
    "README.md": UNRECOGNISED,
}


@pytest.mark.skipif(not SHARED.exists(), reason="the example files are not here")
@pytest.mark.parametrize(("name", "code"), EXAMPLES.items())
def test_every_example_file_has_its_format_or_its_reason(name: str, code: str) -> None:
    content = (SHARED / name).read_bytes()

    assert find_format(name, content) == code
    if code == UNRECOGNISED:
        assert why_unrecognised(name, content).startswith("Found ")


@pytest.mark.skipif(not SHARED.exists(), reason="the example files are not here")
def test_no_example_file_is_forgotten() -> None:
    found = {str(path.relative_to(SHARED)) for path in SHARED.rglob("*") if path.is_file()}

    assert found <= set(EXAMPLES)
