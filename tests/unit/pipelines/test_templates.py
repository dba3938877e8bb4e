"""The templates' files, and what is said of filled ones before they are delivered."""

import io
from pathlib import Path

import polars as pl
import pytest

from data_contracts.contract import Table, load_contracts
from data_contracts.templates import filled_columns, hand_filled_tables
from pipelines.templates import README, check_template, render_columns, write_templates

every_table = pytest.mark.parametrize("table", hand_filled_tables(), ids=lambda t: t.name)
ACTIONS = load_contracts()["core_actions__actions"]


def headers(table: Table) -> list[str]:
    return [column.label_fi for column in filled_columns(table)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mallit")
    write_templates(folder)
    return folder


def filled(folder: Path, *rows: str) -> Path:
    path = folder / "omat.csv"
    path.write_text("\n".join([";".join(headers(ACTIONS)), *rows]) + "\n", encoding="utf-8")
    return path


@every_table
def test_a_csv_template_holds_the_contract_s_labels_alone(table: Table, written: Path) -> None:
    text = (written / f"{table.template_name}.csv").read_text(encoding="utf-8-sig")

    assert text.splitlines() == [";".join(headers(table))]


@every_table
def test_an_xlsx_template_has_the_same_header_and_explains_each_column(
    table: Table, written: Path
) -> None:
    import python_calamine

    content = (written / f"{table.template_name}.xlsx").read_bytes()
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]

    assert book.sheet_names[1:] == ["Ohje", "Sallitut arvot"]
    assert sheets[0][0] == headers(table)
    assert [row[0] for row in sheets[1][1:]] == headers(table)
    assert all(row[3] for row in sheets[1])  # every column is explained


@every_table
def test_an_example_row_of_the_guide_is_a_row_that_the_night_accepts(
    table: Table, tmp_path: Path
) -> None:
    examples = {c.label_fi: c.example or "" for c in filled_columns(table)}
    path = tmp_path / "esimerkki.csv"
    frame = pl.DataFrame([examples])
    frame.write_csv(path, separator=";")

    report = check_template(path)

    assert not report.has_faults, report.text


def test_written_twice_the_templates_are_the_same_bytes(written: Path, tmp_path: Path) -> None:
    again = write_templates(tmp_path)

    assert [p.read_bytes() for p in again] == [(written / p.name).read_bytes() for p in again]


def test_the_page_beside_them_names_every_template_and_column(written: Path) -> None:
    text = (written / README).read_text(encoding="utf-8")

    for table in hand_filled_tables():
        assert f"## {table.title_fi}: {table.template_name}" in text
        assert render_columns(table) in text


def test_a_filled_list_is_looked_over_row_by_row(tmp_path: Path) -> None:
    wrong = ["A-1", "Konsernipalvelut", "", "", "Tehdään", "", "1.2.2026", "31.2.2026", "Käynnissä"]

    report = check_template(filled(tmp_path, ";".join(wrong) + ";" * 13))

    assert report.has_faults
    assert report.text.splitlines() == [
        "omat.csv: malli toimenpiteet, 1 riviä, 1 hylättäisiin.",
        (
            "  rivi 2, sarake ”Määräaika”: löytyi 99.9.9999,"
            " odotettiin: päivä muodossa 31.12.2026, tai tyhjä."
        ),
    ]


def test_columns_that_are_not_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "omat.csv"
    path.write_text(
        "Tunnus;Toimiala;Toimenpide;Päätetty;Tila;Huom\nA-1;Konsernipalvelut;Teko;1.2.2026;"
        "Käynnissä;soita\n",
        encoding="utf-8",
    )

    report = check_template(path)

    assert not report.has_faults
    assert report.text.splitlines()[1:] == ["  Sarakkeita, joita ei lueta: Huom."]


def test_a_file_that_is_no_template_is_told_what_it_looks_like(written: Path) -> None:
    report = check_template(written / README)

    assert report.has_faults
    assert report.text.startswith(f"{README}: Found text that is neither a table nor ")


def test_an_empty_template_is_told_to_be_filled(written: Path) -> None:
    report = check_template(written / "toimenpiteet.xlsx")

    assert report.has_faults
    assert "without rows" in report.text
