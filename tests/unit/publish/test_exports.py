"""CSV, workbook and datapackage: safe to open, the same bytes, and as the contracts say."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from data_contracts.contract import load_codes, load_contracts
from tests.support.public_tables import HOSTILE_TITLE
from transforms.publish.csv_files import to_csv_excel_fi, to_csv_machine
from transforms.publish.datapackage import PublishedFile, build_datapackage, published_name
from transforms.publish.formula_safety import safe_expr, safe_text
from transforms.publish.workbook import build_workbook, sheet_name

_FORMULAS = [
    "=1+1",
    "+358 40",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "-2+3",
    "-cmd|' /C calc'!A0",
    "-SUMMA(A1:A9)",
    "- HYPERLINK(A1)",
    "-(1+1)",
]
_SENTENCES = [
    "- parempi valaistus",
    "-parempi valaistus",
    "- Älä aja (liian) kovaa!",
    "-5",
    "-3,5",
    "Tavallinen = merkki keskellä",
    "a+b",
    "",
    "'=jo suojattu",
]


@pytest.mark.parametrize("text", _FORMULAS)
def test_a_formula_gets_an_apostrophe(text):
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", _SENTENCES)
def test_a_sentence_stays_readable(text):
    assert safe_text(text) == text


def test_the_column_and_the_single_text_are_treated_alike():
    frame = pl.DataFrame({"text": [*_FORMULAS, *_SENTENCES, None]})

    found = frame.select(safe_expr("text")).to_series().to_list()

    assert found == [*(safe_text(t) for t in _FORMULAS + _SENTENCES), None]


def test_machine_csv_has_commas_points_iso_dates_and_untouched_numbers():
    frame = pl.DataFrame(
        {
            "=name": ["=x", "ä;ö"],
            "n": [-5, None],
            "share": [0.25, float("nan")],
            "day_on": [date(2026, 10, 31), None],
            "is_open": [True, False],
        }
    )

    assert to_csv_machine(frame).decode() == (
        "'=name,n,share,day_on,is_open\n'=x,-5,0.25,2026-10-31,true\nä;ö,,,,false\n"
    )


def test_finnish_csv_has_a_mark_semicolons_commas_and_finnish_dates():
    frame = pl.DataFrame(
        {
            "title": ["=x", "ä;ö"],
            "n": [-5, None],
            "share": [-0.25, None],
            "day_on": [date(2026, 1, 5), None],
            "is_open": [True, False],
        }
    )

    content = to_csv_excel_fi(frame, labels={"title": "Otsikko", "n": "Määrä", "share": "Määrä"})

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == (
        "Otsikko;Määrä (n);Määrä (share);day_on;is_open\r\n"
        "'=x;-5;-0,25;5.1.2026;kyllä\r\n"
        '"ä;ö";;;;ei\r\n'
    )


def test_every_public_table_survives_both_flavours(tables):
    for frame in tables.values():
        machine = to_csv_machine(frame).decode()
        assert len(list(csv.reader(io.StringIO(machine)))) == frame.height + 1
        finnish = to_csv_excel_fi(frame).decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(finnish), delimiter=";"))) == frame.height + 1


def test_the_workbook_has_a_guide_and_a_sheet_per_table(workbook, tables):
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    contracts = load_contracts()

    assert book.sheet_names == ["Lue tämä", *(sheet_name(contracts[n]) for n in sorted(tables))]
    guide = book.get_sheet_by_name("Lue tämä").to_python()
    assert any("alle 5 tapausta" in str(cell) for row in guide for cell in row)


def test_titles_are_texts_in_the_workbook_and_never_links_or_formulas(workbook):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    sheet = rows.get_sheet_by_name("Kuntalaisaloitteiden tila").to_python()
    titles = {row[sheet[0].index("Otsikko")] for row in sheet[1:]}

    assert HOSTILE_TITLE in titles
    assert '=HYPERLINK("http://example.invalid")' in titles
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "<hyperlink" not in text
    assert "<f>" not in text
    assert "externalLink" not in text


def test_withheld_figures_are_empty_cells_in_the_workbook(workbook, tables):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_name(
        "Tyytyväisyys palveluihin"
    )
    rows = sheet.to_python()
    heads = rows[0]
    withheld = [r for r in rows[1:] if r[heads.index("Peitetty")] == "kyllä"]

    assert len(withheld) == tables["public_service__satisfaction"]["is_suppressed"].sum()
    assert {r[heads.index("Vastauksia")] for r in withheld} == {""}


def test_codes_are_labels_in_the_workbook_when_the_lists_are_given(workbook):
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook))
        .get_sheet_by_name("Avoimet palautteet")
        .to_python()
    )

    assert {"Koko kaupunki", "Toimiala", "Palvelu"} <= {r[0] for r in rows}
    assert "Kadut ja kunnossapito" in {r[1] for r in rows}


def test_the_workbook_has_named_tables_and_the_same_bytes_each_time(tables, about, workbook):
    small = {n: f.head(20) for n, f in tables.items()}

    first = build_workbook(small, load_contracts(), about=about)

    assert first == build_workbook(small, load_contracts(), about=about)
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        tables_xml = [n for n in archive.namelist() if n.startswith("xl/tables/")]
        assert len(tables_xml) == len(tables)
        assert 'name="action_plan_status"' in archive.read("xl/tables/table1.xml").decode()


def test_a_long_table_keeps_its_newest_rows_and_the_guide_says_so(tables, about):
    backlog = {"public_feedback__backlog": tables["public_feedback__backlog"]}

    content = build_workbook(backlog, load_contracts(), about=about, max_rows=10)

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_name("Avoimet palautteet").to_python()
    assert len(rows) == 11
    assert {r[2] for r in rows[1:]} == {date(2026, 10, 31)}
    guide = str(book.get_sheet_by_name("Lue tämä").to_python())
    assert "tässä uusimmat 10; kaikki: feedback_backlog.csv" in guide


def test_an_empty_table_still_makes_a_sheet(tables, about):
    name = "public_feedback__backlog"

    content = build_workbook({name: tables[name].clear()}, load_contracts(), about=about)

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(
        "Avoimet palautteet"
    )
    assert sheet.to_python()[0][0] == "Taso"


def test_the_datapackage_describes_each_file_with_its_hash_and_fields(tables, about):
    name = "public_feedback__backlog"
    content = to_csv_machine(tables[name])

    package = build_datapackage(
        tables,
        load_contracts(),
        [PublishedFile(name, "csv/feedback_backlog.csv", content)],
        about=about,
    )

    (resource,) = package["resources"]
    assert resource["name"] == "feedback-backlog-csv"
    assert resource["bytes"] == len(content)
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert [f["name"] for f in resource["schema"]["fields"]] == tables[name].columns
    assert resource["schema"]["primaryKey"] == ["dimension_code", "dimension_value", "day_on"]
    types = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
    assert types["day_on"] == "date"
    assert types["n_open"] == "integer"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert [s["title"] for s in package["sources"]] == ["georeport", "kuntalaisaloite", "webropol"]
    assert json.loads(json.dumps(package)) == package


def test_finnish_csv_is_described_with_its_own_headings_and_decimal_comma(tables, about):
    name = "public_feedback__backlog"
    file = PublishedFile(name, "excel/feedback_backlog.csv", b"x", is_finnish=True)

    package = build_datapackage(tables, load_contracts(), [file], about=about)

    (resource,) = package["resources"]
    fields = {f["name"]: f for f in resource["schema"]["fields"]}
    assert resource["dialect"] == {"delimiter": ";", "header": True}
    assert fields["Purkuaika, vrk"]["decimalChar"] == ","


def test_published_names_have_no_layer():
    assert published_name("public_feedback__response_times") == "feedback_response_times"


@pytest.fixture(scope="module")
def workbook(tables, about) -> bytes:
    return build_workbook(tables, load_contracts(), about=about, codes=load_codes(), max_rows=800)


def test_codes_joined_by_semicolons_are_labels_too_and_years_are_plain(workbook):
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook))
        .get_sheet_by_name("Toimenpidesuunnitelmien")
        .to_python()
    )
    groups = {row[rows[0].index("Ryhmät")] for row in rows[1:]}

    assert groups == {"", "Nuoret; Vanhukset"}


def test_codes_that_stand_with_all_are_labels_by_the_name_of_their_column(workbook):
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook))
        .get_sheet_by_name("Kerrottu takaisin")
        .to_python()
    )

    assert {"Kaikki", "Konsernipalvelut"} <= {row[0] for row in rows[1:]}
    assert {row[rows[0].index("Kohderyhmä")] for row in rows[1:]} == {
        "Kaikki", "Henkilöstö", "Asukkaat", "Sidosryhmät",
    }  # fmt: skip


def test_measures_of_two_versions_with_one_title_stay_apart(workbook):
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook))
        .get_sheet_by_name("Osallisuusmallin toimenpiteet")
        .to_python()
    )
    names = [row[0] for row in rows[1:]]

    assert "2023-2.4.6 Hallinnon avoimuus" in names
    assert "2020-3.4.5 Hallinnon avoimuus" in names
    assert len(set(names)) == 37


@pytest.mark.parametrize(
    ("table", "column", "form"),
    [
        ("public_satisfaction__change", "p_value_bh", "0.000"),
        ("public_satisfaction__change", "top2_difference", "0.0%"),
        ("public_group__heard_index", "heard_index", "#,##0.00"),
        ("public_group__heard_index", "heard_share", "0.0%"),
        ("public_told__back", "median_days_to_tell", "#,##0.0"),
        ("public_measure__review", "review_year", None),
    ],
)
def test_numbers_have_the_format_of_their_unit(tables, about, table, column, form):
    content = build_workbook({table: tables[table].head(3)}, load_contracts(), about=about)

    position = tables[table].drop("snapshot_on").columns.index(column)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    columns = re.findall(r'<col min="(\d+)" max="(\d+)"([^/]*)/>', sheet)
    told = next(rest for low, high, rest in columns if int(low) <= position + 1 <= int(high))
    style = re.search(r'style="(\d+)"', told)
    formats = {"4": "#,##0.00"}  # Excel's own, which a file need not declare
    formats |= dict(re.findall(r'numFmtId="(\d+)" formatCode="([^"]+)"', styles))
    cell_formats = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
    number = cell_formats[int(style.group(1))] if style else "0"
    assert formats.get(number) == form
