"""How the demo city's departments write the lists that they keep by hand: CSV and XLSX."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

CREATED = datetime(2026, 11, 1, 6, 0, 0)
Cell = str | int | float | date | None
Row = list[Cell]


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Row], *, encoding: str) -> None:
    """Semicolons, decimal commas and d.m.yyyy, as Excel in Finland saves them."""
    lines = [header, *([_written(cell) for cell in row] for row in rows)]
    text = "\r\n".join(";".join(_quoted(cell) for cell in line) for line in lines) + "\r\n"
    path.write_bytes(text.encode(encoding))


def write_xlsx(path: Path, header: Sequence[str], rows: Sequence[Row], *, sheet: str) -> None:
    """Dates as dates and numbers as numbers; what a clerk has typed as text stays text."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": CREATED})
    page, day = book.add_worksheet(sheet), book.add_format({"num_format": "d.m.yyyy"})
    page.write_row(0, 0, header)
    for line, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(line, place, cell, day)
            elif isinstance(cell, str) and cell:
                page.write_string(line, place, cell)
            elif isinstance(cell, int | float):
                page.write_number(line, place, cell)
    book.close()


def _written(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    return "" if cell is None else str(cell)


def _quoted(cell: str) -> str:
    if any(mark in cell for mark in ';"\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
