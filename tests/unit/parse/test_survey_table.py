"""A wide table becomes long by its questionnaire; columns that it does not name stay out."""

import io
from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.parse.parsed import Parsed, RefusedFileError
from transforms.parse.questionnaire import Questionnaire, parse_questionnaire
from transforms.parse.survey_frames import ANSWERS, RESPONDENTS
from transforms.parse.survey_table import parse_survey_table

TOML = """
[survey]
id = "puistot"
wave = "2025"
title = "Puistokysely"
instrument = "table"
[table]
sheet = "Vastaukset"
response_id_column = "Vastaaja-id"
answered_at_column = "Vastausaika"
[[variable]]
name = "yleisarvio"
qtext = "Arvosana"
type = "scale"
source_column = "Minkä arvosanan annat?"
codelist = "viisi"
[[variable]]
name = "kaytto"
qtext = "Mitä teet puistossa?"
type = "multi_item"
source_columns = [
  {column = "Kävelen", code = "kavely"}, {column = "Muu: mitä?", code = "muu"},
]
codelist = "kaytto"
[[variable]]
name = "puutteet"
qtext = "Mitä puuttuu?"
type = "multi_item"
source_column = "Mitä puuttuu?"
separator = ";"
codelist = "puutteet"
[[variable]]
name = "avoin"
qtext = "Muuta?"
type = "text"
source_column = "Muuta?"
[[variable]]
name = "sukupuoli"
qtext = "Sukupuoli"
type = "single"
role = "background"
background = "gender"
source_column = "Sukupuoli"
[[variable]]
name = "ryhmat"
qtext = "Ryhmät"
type = "multi_item"
role = "background"
background = "groups"
source_column = "Ryhmät"
separator = ";"
[[codelist]]
id = "viisi"
items = [{code = "1", label = "Huono"}, {code = "5", label = "Hyvä"}]
[[codelist]]
id = "kaytto"
items = [{code = "kavely", label = "Kävelen tai juoksen"}, {code = "muu", label = "Muuta"}]
[[codelist]]
id = "puutteet"
items = [{code = "penkit", label = "Penkit"}, {code = "valot", label = "Valot"}]
"""
QUESTIONNAIRE = parse_questionnaire(TOML.encode())
COLUMNS = (
    "Vastaaja-id", "Vastausaika", "Nimi", "Minkä arvosanan annat?", "Kävelen", "Muu: mitä?",
    "Mitä puuttuu?", "Muuta?", "Sukupuoli", "Ryhmät",
)  # fmt: skip
EMPTY = dict.fromkeys(COLUMNS, "")


def _csv(*rows: Mapping[str, str], columns: Sequence[str] = COLUMNS) -> bytes:
    lines = [columns, *([{**EMPTY, **row}[c] for c in columns] for row in rows)]
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
    return "\n".join(quoted).encode()


def _parse(*rows: Mapping[str, str], questionnaire: Questionnaire = QUESTIONNAIRE) -> Parsed:
    named = [{"Vastaaja-id": f"v{n}", **row} for n, row in enumerate(rows, start=1)]
    return parse_survey_table(_csv(*named), name="puistot.csv", questionnaire=questionnaire)


def _answers(parsed: Parsed) -> list[tuple[object, ...]]:
    return parsed.frames[ANSWERS].select("question_id", "answer").rows()


def test_a_column_per_question_gives_a_row_per_answer() -> None:
    parsed = _parse({"Minkä arvosanan annat?": "5", "Muuta?": "Lisää puita"}, {"Muuta?": "-"})

    columns = ("response_id", "question_id", "answer", "line_no")
    assert parsed.frames[ANSWERS].select(columns).rows() == [
        ("v1", "yleisarvio", "5", 2),
        ("v1", "avoin", "Lisää puita", 2),
        ("v2", "avoin", "-", 3),
    ]  # fmt: skip
    assert parsed.rows_in == {RESPONDENTS: 2, ANSWERS: 3}


@pytest.mark.parametrize(
    "mark", ["1", "x", "X", "Kyllä", "TRUE", "Kävelen", "kävelen tai juoksen", "kavely", "1.0"]
)
def test_a_ticked_option_is_its_code(mark: str) -> None:
    assert _answers(_parse({"Kävelen": mark})) == [("kaytto", "kavely")]


@pytest.mark.parametrize("mark", ["", " ", "0", "0.0", "Ei", "FALSE", "-", "NULL"])
def test_an_option_that_is_not_ticked_is_no_row(mark: str) -> None:
    assert _answers(_parse({"Kävelen": mark})) == []


def test_what_stands_in_an_option_column_besides_goes_on_to_be_judged() -> None:
    assert _answers(_parse({"Muu: mitä?": "Ruokin lintuja"})) == [("kaytto", "Ruokin lintuja")]


@pytest.mark.parametrize("cell", ["Penkit;Valot", "Penkit;Valot;", " Penkit ; Valot ;; "])
def test_several_options_in_one_cell_are_several_rows(cell: str) -> None:
    parsed = _parse({"Mitä puuttuu?": cell})

    assert _answers(parsed) == [("puutteet", "Penkit"), ("puutteet", "Valot")]


def test_background_goes_to_the_respondent() -> None:
    parsed = _parse({"Sukupuoli": "Nainen", "Ryhmät": "nuoret;lapset;", "Vastausaika": "1.3.2025"})

    row = parsed.frames[RESPONDENTS].row(0, named=True)
    assert row["gender"] == "Nainen"
    assert row["groups"].split("\n") == ["nuoret", "lapset", ""]
    assert row["answered_at"] == "1.3.2025"
    assert parsed.rows_in[ANSWERS] == 0


def test_columns_that_are_not_named_are_not_kept() -> None:
    parsed = _parse({"Nimi": "Maija Mehiläinen", "Muuta?": "Hyvä"})

    assert not any("Maija" in str(frame.rows()) for frame in parsed.frames.values())


def test_the_line_is_the_id_when_no_column_is_named() -> None:
    plain = parse_questionnaire(TOML.replace('response_id_column = "Vastaaja-id"\n', "").encode())

    parsed = _parse({"Muuta?": "a"}, {"Muuta?": "a"}, questionnaire=plain)

    assert parsed.frames[RESPONDENTS].get_column("response_id").to_list() == ["2", "3"]


def test_a_missing_column_is_told_with_those_that_are_there() -> None:
    columns = ["Vastaaja-id", "Vastausaika", "Arvosana", *COLUMNS[4:]]
    content = _csv({"Arvosana": "5"}, columns=columns)

    with pytest.raises(RefusedFileError, match=r"no column 'Minkä arvosanan annat\?'.*'Arvosana'"):
        parse_survey_table(content, name="puistot.csv", questionnaire=QUESTIONNAIRE)


def test_a_table_without_a_header_shows_no_answer_in_its_refusal() -> None:
    content = b"v1;10.3.2025;Maija;5\nv2;11.3.2025;Matti;4\n"

    with pytest.raises(RefusedFileError) as caught:
        parse_survey_table(content, name="puistot.csv", questionnaire=QUESTIONNAIRE)

    assert "Maija" not in str(caught.value)


def test_rows_without_or_with_a_contested_id_are_rejected_with_their_answers() -> None:
    parsed = _parse(
        {"Vastaaja-id": "", "Muuta?": "a"},
        {"Vastaaja-id": "sama", "Muuta?": "b"},
        {"Vastaaja-id": "sama", "Muuta?": "c"},
        {"Muuta?": "d"},
    )

    assert _answers(parsed) == [("avoin", "d")]
    assert parsed.rejects.select("table_name", "line_no", "reason_code").rows() == [
        (ANSWERS, 2, "missing_response_id"),
        (ANSWERS, 3, "response_id_repeated"),
        (ANSWERS, 4, "response_id_repeated"),
        (RESPONDENTS, 2, "missing_response_id"),
        (RESPONDENTS, 3, "response_id_repeated"),
        (RESPONDENTS, 4, "response_id_repeated"),
    ]


def test_a_row_that_stands_twice_is_left_to_the_versions() -> None:
    row = {"Vastaaja-id": "sama", "Muuta?": "b"}

    assert _parse(row, row).rejects.is_empty()


def test_a_workbook_is_read_like_a_delimited_file() -> None:
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        book.add_worksheet("Ohje").write_row(0, 0, ["Lue tämä"])
        sheet = book.add_worksheet("Vastaukset")
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, ["v1", "2025-03-01", "Maija", 5, 1, 0, "Penkit;", "Hyvä", "", ""])

    parsed = parse_survey_table(buffer.getvalue(), name="puistot.xlsx", questionnaire=QUESTIONNAIRE)

    assert parsed.encoding_name is None
    assert _answers(parsed) == [
        ("yleisarvio", "5"),
        ("kaytto", "kavely"),
        ("puutteet", "Penkit"),
        ("avoin", "Hyvä"),
    ]


def test_a_broken_row_counts_as_a_respondent() -> None:
    content = _csv({"Vastaaja-id": "v1", "Muuta?": "a"}) + b"\nv2;liian;lyhyt"

    parsed = parse_survey_table(content, name="puistot.csv", questionnaire=QUESTIONNAIRE)

    assert parsed.rows_in[RESPONDENTS] == 2
    assert parsed.rejects.get_column("reason_code").to_list() == ["wrong_column_count"]


_ROWS = st.lists(
    st.fixed_dictionaries(
        {"Vastaaja-id": st.sampled_from(["a", "b", "", "c"])},
        optional={
            name: st.sampled_from(["", "1", "x", "Penkit;Valot", "muu", "-", "ä"])
            for name in COLUMNS[3:]
        },
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=50, deadline=None)
@given(rows=_ROWS)
def test_every_row_is_kept_or_rejected(rows: list[dict[str, str]]) -> None:
    # A row whose cells are all empty is none; the time keeps it one.
    parsed = _parse(*({**row, "Vastausaika": "1.3.2025"} for row in rows))

    assert parsed.rows_in[RESPONDENTS] == len(rows)
    for table, frame in parsed.frames.items():
        n_rejected = parsed.rejects.filter(pl.col("table_name") == table).height
        assert parsed.rows_in[table] == frame.height + n_rejected
