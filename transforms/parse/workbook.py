"""Excel workbooks (.xlsx) to a frame of text, with limits that are checked before opening.

Belongs here: one sheet as a table. Does not: what its columns mean.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import polars as pl

from transforms.parse.header import LINE_NUMBER, name_columns
from transforms.parse.parsed import RefusedFileError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MAX_UNCOMPRESSED = 400_000_000
MAX_RATIO = 100.0
MAX_CELLS = 20_000_000

# A small sheet of like rows packs well beyond any honest ratio and harms nobody.
_RATIO_MATTERS_FROM = 20_000_000
_CHUNK = 1 << 20
_EXACT_INTEGERS = 1e15
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def read_workbook(
    content: bytes,
    *,
    sheet: str | None = None,
    max_uncompressed: int = MAX_UNCOMPRESSED,
    max_ratio: float = MAX_RATIO,
) -> pl.DataFrame:
    """The rows of one sheet as text: every column a string, and ``line_no``, the sheet's row.

    The header is the first row that is not empty; a title merged across columns above it is passed
    over. Numbers are written without a trailing ``.0``, dates and times in ISO 8601, truth values
    as ``TRUE`` and ``FALSE``; formulas give their last value, errors and empty cells null. Of
    merged cells the first holds the value. Rows without a filled cell are no rows.

    Args:
        content: The workbook.
        sheet: Name of the sheet; without it the first visible one that holds anything.
        max_uncompressed: Bytes all parts of the workbook may unpack to.
        max_ratio: Unpacked bytes for one packed byte, looked at from 20 MB on.

    Raises:
        RefusedFileError: If it is no .xlsx, damaged, locked, larger than the limits, carries
            XML entities, or has no such sheet, no rows, no or repeated column names.
    """
    _check_container(content, max_uncompressed=max_uncompressed, max_ratio=max_ratio)
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows, title_rows = _sheet_rows(workbook, sheet)
    except calamine.PasswordError as error:
        raise RefusedFileError(
            "Found a workbook locked with a password, expected an open one. Remove the password."
        ) from error
    except calamine.CalamineError as error:
        raise RefusedFileError(
            "Found a damaged workbook, expected a readable .xlsx. Save it again in Excel."
        ) from error
    return _as_frame(rows, title_rows)


def _check_container(content: bytes, *, max_uncompressed: int, max_ratio: float) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if total > max_uncompressed:
                raise RefusedFileError(
                    f"Found a workbook that unpacks to {total} bytes, expected at most"
                    f" {max_uncompressed}. Deliver it as CSV or in parts."
                )
            if total > _RATIO_MATTERS_FROM and total > max_ratio * len(content):
                raise RefusedFileError(
                    f"Found a workbook that unpacks to {total // max(1, len(content))} times its"
                    f" size, expected at most {max_ratio:g} times. Deliver it as CSV."
                )
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise RefusedFileError(
                    "Found a zip that is no Excel workbook, expected .xlsx."
                    " Save the table as .xlsx or CSV."
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise RefusedFileError(
            "Found a file that is no whole .xlsx workbook, expected one."
            " Save the table as .xlsx or CSV, or fetch the file again."
        ) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack one part chunk by chunk: its check sum, no XML entities, no boundless sheet."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    letters: set[bytes] = set()
    last_row = 0
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            if _ENTITY.search(text):
                raise RefusedFileError(
                    "Found XML entities in a workbook, expected plain cells."
                    " Save the table again in Excel."
                )
            if is_sheet:
                references = _REFERENCE.findall(text)
                letters.update(column for column, _ in references)
                last_row = max(last_row, max((int(row) for _, row in references), default=0))
            rest = text[-32:]
    n_columns = max((_column_number(column) for column in letters), default=0)
    if last_row * n_columns > MAX_CELLS:
        raise RefusedFileError(
            f"Found a sheet that reaches to row {last_row} and column {n_columns}, expected at most"
            f" {MAX_CELLS} cells. Delete the stray cells far from the table."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_rows(
    workbook: "CalamineWorkbook", sheet: str | None
) -> tuple[list[list[Any]], frozenset[int]]:
    """All rows of the sheet from its first, and those with a cell merged across columns."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    tables = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    if sheet is not None and sheet not in [m.name for m in tables]:
        found = ", ".join(f"'{m.name}'" for m in tables) or "none"
        raise RefusedFileError(
            f"Found the sheets {found}, expected '{sheet}'. Rename the sheet or set its name."
        )
    visible = [m.name for m in tables if m.visible == SheetVisibleEnum.Visible]
    for name in [sheet] if sheet is not None else visible:
        found_sheet = workbook.get_sheet_by_name(name)
        rows = found_sheet.to_python(skip_empty_area=False)
        if rows:
            return rows, _title_rows(found_sheet)
    return [], frozenset()


def _title_rows(sheet: "CalamineSheet") -> frozenset[int]:
    merged = sheet.merged_cell_ranges or []
    return frozenset(top for (top, left), (_, right) in merged if right > left)


def _as_frame(rows: Sequence[Sequence[Any]], title_rows: frozenset[int]) -> pl.DataFrame:
    texts = [[_as_text(cell) for cell in row] for row in rows]
    filled = [place for place, row in enumerate(texts) if any(row)]
    while filled and filled[0] in title_rows and sum(map(bool, texts[filled[0]])) == 1:
        filled = filled[1:]
    if len(filled) < 2:  # noqa: PLR2004 - a header and one row
        raise RefusedFileError(
            "Found a workbook without rows below a header, expected a table."
            " Fetch or export the file again."
        )
    used = [c for c in range(len(texts[0])) if any(texts[place][c] for place in filled)]
    header = name_columns([texts[filled[0]][column] for column in used])
    body = filled[1:]
    columns = [
        pl.Series(name, [texts[place][column] for place in body], dtype=pl.String)
        for name, column in zip(header, used, strict=True)
    ]
    line_nos = pl.Series(LINE_NUMBER, [place + 1 for place in body], dtype=pl.Int64)
    return pl.DataFrame([*columns, line_nos])


def _as_text(cell: object) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        is_whole = cell.is_integer() and abs(cell) < _EXACT_INTEGERS
        return str(int(cell)) if is_whole else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)
