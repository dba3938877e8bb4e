"""Workbooks are read as text by what their cells hold, and bombs are refused before opening."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from transforms.parse.parsed import RefusedFileError
from transforms.parse.workbook import read_workbook


def _workbook(fill: Callable[[Any], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        fill(workbook)
    return file.getvalue()


def _table(rows: list[list[object]], *, top: int = 0, sheet: str = "Taul1") -> bytes:
    def fill(workbook: Any) -> None:
        page = workbook.add_worksheet(sheet)
        for place, row in enumerate(rows):
            page.write_row(top + place, 0, row)

    return _workbook(fill)


def _rezip(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return file.getvalue()


def test_cells_become_text_without_losing_what_they_are() -> None:
    def fill(workbook: Any) -> None:
        page = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "d.m.yyyy"})
        moment = workbook.add_format({"num_format": "d.m.yyyy hh:mm"})
        page.write_row(0, 0, ["kokonais", "desimaali", "pvm", "hetki", "totuus", "virhe", "teksti"])
        page.write(1, 0, 5)
        page.write(1, 1, 3.25)
        page.write_datetime(1, 2, datetime(2024, 3, 1), day)
        page.write_datetime(1, 3, datetime(2024, 3, 1, 13, 45, 10), moment)
        page.write_boolean(1, 4, True)
        page.write_formula(1, 5, "=1/0", None, "#DIV/0!")
        page.write_string(1, 6, "00123")

    frame = read_workbook(_workbook(fill))

    assert frame.row(0, named=True) == {
        "kokonais": "5",
        "desimaali": "3.25",
        "pvm": "2024-03-01",
        "hetki": "2024-03-01T13:45:10",
        "totuus": "TRUE",
        "virhe": None,
        "teksti": "00123",
        "line_no": 2,
    }


def test_line_numbers_are_rows_of_the_sheet_and_empty_rows_are_no_rows() -> None:
    content = _table([["a", "b"], ["1", "ä"], [], ["2", None]], top=3)

    assert read_workbook(content).rows() == [("1", "ä", 5), ("2", None, 7)]


def test_a_merged_title_above_the_header_is_passed_over() -> None:
    def fill(workbook: Any) -> None:
        page = workbook.add_worksheet()
        page.merge_range(0, 0, 0, 2, "Asukaskysely 2025")
        page.write_row(1, 0, ["a", "b", "c"])
        page.write_row(2, 0, ["1", "2", "3"])

    assert read_workbook(_workbook(fill)).rows() == [("1", "2", "3", 3)]


def test_a_merged_data_cell_holds_its_value_once() -> None:
    def fill(workbook: Any) -> None:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        page.merge_range(1, 0, 2, 0, "yhteinen")
        page.write(1, 1, "x")
        page.write(2, 1, "y")

    assert read_workbook(_workbook(fill)).rows() == [("yhteinen", "x", 2), (None, "y", 3)]


def test_hidden_sheets_are_read_only_by_name() -> None:
    def fill(workbook: Any) -> None:
        hidden, shown = workbook.add_worksheet("Piilo"), workbook.add_worksheet("Data")
        hidden.hide()
        shown.activate()
        shown.set_first_sheet()
        for page, word in ((hidden, "piilossa"), (shown, "näkyvissä")):
            page.write(0, 0, "a")
            page.write(1, 0, word)

    content = _workbook(fill)

    assert read_workbook(content)["a"].to_list() == ["näkyvissä"]
    assert read_workbook(content, sheet="Piilo")["a"].to_list() == ["piilossa"]


def test_a_missing_sheet_is_named_with_those_found() -> None:
    with pytest.raises(RefusedFileError, match=r"Found the sheets 'Taul1', expected 'Vastaukset'"):
        read_workbook(_table([["a"], ["1"]]), sheet="Vastaukset")


@pytest.mark.parametrize("rows", [[], [["a", "b"]]])
def test_a_workbook_without_rows_is_refused(rows: list[list[object]]) -> None:
    with pytest.raises(RefusedFileError, match="without rows below a header"):
        read_workbook(_table(rows))


def test_repeated_column_names_are_refused() -> None:
    with pytest.raises(RefusedFileError, match="more than once"):
        read_workbook(_table([["a", "a"], ["1", "2"]]))


def test_a_workbook_beyond_the_limit_is_refused_before_it_is_opened() -> None:
    content = _table([["a"], ["1"]])

    with pytest.raises(RefusedFileError, match=r"unpacks to .* bytes, expected at most 1000"):
        read_workbook(content, max_uncompressed=1000)


def test_a_bomb_is_refused_by_its_ratio() -> None:
    padding = b" " * 30_000_000
    content = _rezip(_table([["a"], ["1"]]), "xl/styles.xml", lambda data: data + padding)

    with pytest.raises(RefusedFileError, match="times its size, expected at most 100 times"):
        read_workbook(content)


def test_a_stray_cell_at_the_far_corner_is_refused() -> None:
    content = _rezip(
        _table([["a"], ["1"]]),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b'r="A2"', b'r="XFD1048576"').replace(
            b'row r="2"', b'row r="1048576"'
        ),
    )

    with pytest.raises(RefusedFileError, match="reaches to row 1048576 and column 16384"):
        read_workbook(content)


def test_xml_entities_are_refused() -> None:
    entity = b'?>\n<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    content = _rezip(
        _table([["a"], ["1"]]), "xl/sharedStrings.xml", lambda data: data.replace(b"?>", entity, 1)
    )

    with pytest.raises(RefusedFileError, match="XML entities"):
        read_workbook(content)


@pytest.mark.parametrize("cut", [0, 10, 0.5, 0.99])
def test_a_torn_workbook_is_refused(cut: float) -> None:
    content = _table([["a"], ["1"]])
    end = int(cut * len(content)) if cut < 1 else int(cut)

    with pytest.raises(RefusedFileError, match=r"no whole .xlsx workbook"):
        read_workbook(content[:end])


def test_a_zip_of_something_else_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../etc/x", "y")

    with pytest.raises(RefusedFileError, match="no Excel workbook"):
        read_workbook(file.getvalue())


def test_links_and_formulas_in_cells_are_their_text() -> None:
    content = _table([["a"], ["http://esimerkki.fi"], ["- parempi valaistus"]])

    assert read_workbook(content)["a"].to_list() == ["http://esimerkki.fi", "- parempi valaistus"]
