"""Templates of lists kept by hand: their files, and a look at filled ones before delivery.

Belongs here: the files of ``./run templates``. What stands in them is the contracts'
(``data_contracts.templates``); filled ones are read by the very functions that the night uses.
"""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assets import atomic
from data_contracts.contract import Column, Table, load_contracts
from data_contracts.templates import (
    filled_columns,
    hand_filled_tables,
    help_rows,
    listed_columns,
    template_words,
    told_slip,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

README = "OHJE.md"
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)  # a clock of its own would make every copy differ
_ROWS_TO_FILL = 2_000
_WIDEST = 60
_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class Report:
    """What a filled template gives, in words, and whether anything is wrong with it."""

    text: str
    has_faults: bool


def write_templates(folder: Path) -> list[Path]:
    """Write every template as CSV and XLSX, and the page that explains them; gives the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, bytes] = {README: _readme().encode()}
    for table in hand_filled_tables():
        files[f"{table.template_name}.csv"] = _as_csv(table)
        files[f"{table.template_name}.xlsx"] = _as_workbook(table)
    for name, content in files.items():
        atomic.write_bytes(folder / name, content)
    return [folder / name for name in sorted(files)]


def render_columns(table: Table) -> str:
    """The columns of one template as a table of Markdown."""
    from transforms.clean.clerk_words import expected_in

    header, *rows = help_rows(table, kind_of=expected_in)
    cells = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in cells)


def check_template(path: Path) -> Report:
    """What the night would say of a filled template, without what stands in its cells."""
    from transforms.clean.by_contract import Writing, clean_by_contract
    from transforms.parse.column_map import matching_map
    from transforms.parse.mapped_table import parse_column_mapped
    from transforms.parse.parsed import RefusedFileError
    from transforms.parse.sniff import read_header
    from transforms.parse.template_map import headers_of, template_maps
    from transforms.parse.unrecognised import why_unrecognised

    words, content = template_words(), path.read_bytes()
    header = read_header(path.name, content)
    column_map = matching_map(header, list(template_maps().values()))
    if column_map is None:
        why = why_unrecognised(path.name, content)
        return Report(words["check.unknown"].format(file=path.name, why=why), has_faults=True)
    column_map = column_map.fitted(header)
    table = load_contracts()[column_map.kind.table]
    try:
        parsed = parse_column_mapped(content, name=path.name, column_map=column_map)
    except RefusedFileError as error:
        return Report(words["check.unknown"].format(file=path.name, why=error), has_faults=True)
    cleaned = clean_by_contract(
        parsed.frames[table.name], table=table, writing=Writing(headers_of(column_map))
    )
    rejects = [*parsed.rejects.drop("table_name").rows(), *cleaned.rejects.rows()]
    counted = words["check.counted"].format(
        file=path.name,
        template=table.template_name,
        n_rows=parsed.rows_in[table.name],
        n_rejected=len(rejects),
    )
    unread = [name for name in header if name not in column_map.needed_columns]
    slips = [
        told_slip(line=line, column=column, found=found, expected=expected)
        for line, _, column, found, expected in sorted(rejects, key=lambda row: row[0])
    ]
    if unread:
        slips.append(words["check.unread"].format(columns=", ".join(unread)))
    return Report("\n  ".join([counted, *slips]), has_faults=bool(rejects))


def _readme() -> str:
    words = template_words()
    parts = [f"# {words['readme.title']}", words["readme.intro"].strip()]
    for table in hand_filled_tables():
        parts += [f"## {table.title_fi}: {table.template_name}", render_columns(table)]
        values = [f"- {name}: {', '.join(labels)}" for name, labels in _lists(table)]
        parts += [f"### {words['sheet.values']}", "\n".join(values)] if values else []
    return "\n\n".join(parts) + "\n"


def _lists(table: Table) -> list[tuple[str, list[str]]]:
    return sorted(listed_columns(table).items())


def _as_csv(table: Table) -> bytes:
    """The header alone, as Excel in Finland reads it: UTF-8 with its mark, semicolons."""
    text = io.StringIO()
    headers = [column.label_fi for column in filled_columns(table)]
    csv.writer(text, delimiter=";").writerow(headers)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _as_workbook(table: Table) -> bytes:
    import xlsxwriter

    words, kept = template_words(), io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    book.set_properties({"created": _CREATED, "title": table.title_fi})
    sheet = book.add_worksheet(table.title_fi[:_SHEET_NAME])
    guide, values = (book.add_worksheet(words[f"sheet.{name}"]) for name in ("help", "values"))
    _write_guide(book, guide, table)
    lists = _write_values(book, values, table)
    _write_header(book, sheet, table, lists)
    book.close()
    return kept.getvalue()


def _write_guide(book: "Workbook", sheet: "Worksheet", table: Table) -> None:
    from transforms.clean.clerk_words import expected_in

    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    rows = help_rows(table, kind_of=expected_in)
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(line, place, cell, _bold(book) if line == 0 else wrapped)
    for place in range(len(rows[0])):
        longest = max(len(row[place]) for row in rows)
        sheet.set_column(place, place, min(longest + 2, _WIDEST))
    sheet.freeze_panes(1, 1)


def _write_values(book: "Workbook", sheet: "Worksheet", table: Table) -> dict[str, str]:
    """A column of allowed values per header; gives the range of each."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    ranges = {}
    for place, (header, labels) in enumerate(listed_columns(table).items()):
        sheet.write_string(0, place, header, _bold(book))
        sheet.write_column(1, place, labels)
        sheet.set_column(place, place, min(max(map(len, [header, *labels])) + 2, _WIDEST))
        ends = (
            xl_rowcol_to_cell(row, place, row_abs=True, col_abs=True) for row in (1, len(labels))
        )
        ranges[header] = f"='{sheet.get_name()}'!" + ":".join(ends)
    return ranges


def _write_header(
    book: "Workbook", sheet: "Worksheet", table: Table, lists: dict[str, str]
) -> None:
    """The header, and help for those who fill: dates as dates, lists to choose from."""
    day, text = book.add_format({"num_format": "d.m.yyyy"}), book.add_format({"num_format": "@"})
    for place, column in enumerate(filled_columns(table)):
        sheet.write_string(0, place, column.label_fi, _bold(book))
        is_text = not (column.dtype.is_temporal() or column.dtype.is_numeric())
        form = day if column.dtype.is_temporal() else text if is_text else None
        sheet.set_column(place, place, max(12, len(column.label_fi) + 2), form)
        choices = _choices(column, lists)
        if choices:
            sheet.data_validation(1, place, _ROWS_TO_FILL, place, choices)
    sheet.freeze_panes(1, 1)


def _choices(column: Column, lists: dict[str, str]) -> dict[str, object] | None:
    """A list to choose one value from; cells with several values are typed."""
    words = template_words()
    if column.separator:
        return None
    if column.code_list:
        return {"validate": "list", "source": lists[column.label_fi]}
    if str(column.dtype) == "Boolean":
        return {"validate": "list", "source": [words["sheet.yes"], words["sheet.no"]]}
    return None


def _bold(book: "Workbook") -> object:
    return book.add_format({"bold": True})
