"""Delimited text (CSV and its kin) to a frame of text, saving every row that can be saved.

Belongs here: the choice between the strict reader and the salvaging one, delimiter and header.
The salvaging reader itself is ``transforms.parse.salvage``.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from transforms.parse.header import LINE_NUMBER, name_columns
from transforms.parse.parsed import RefusedFileError, empty_rejects, reject_rows
from transforms.parse.salvage import UNBALANCED_QUOTE, Record, salvage_records

DELIMITERS = (";", ",", "\t", "|")

_SNIFF_RECORDS = 50
_SEP_LINE = re.compile(r"[ \t]*sep=(.)[ \t]*\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """A delimited file as text.

    Attributes:
        frame: Every column of the header as strings (empty = null), and ``line_no``: the line of
            the file, from 1, on which the row begins.
        rejects: Rows that could not be read, in ``REJECT_SCHEMA`` with ``table_name`` null.
        header: Names of the columns in the order of the file.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame
    header: tuple[str, ...]


def read_delimited(
    text: str, *, delimiter: str = "auto", expected_columns: Sequence[str] = ()
) -> DelimitedTable:
    """The rows of a delimited text; what is broken costs only the rows it touches.

    Quoting is that of RFC 4180, with line breaks inside quotes. Rows whose cells are all empty are
    no rows. A stray carriage return inside a row becomes a line break of that cell.

    Args:
        text: The whole file, decoded.
        delimiter: One character, or ``auto``.
        expected_columns: Names that help to find the delimiter; none of them is demanded.

    Raises:
        RefusedFileError: If there is nothing in the file, only a header, no column names, or the
            same name twice.
    """
    text = _with_newlines(text.removeprefix("\ufeff"))
    first_line = 1
    if declared := _SEP_LINE.match(text):
        delimiter = declared.group(1) if delimiter == "auto" else delimiter
        text, first_line = text[declared.end() :], 2
    if not text.strip():
        raise RefusedFileError(
            "Found an empty file, expected a header and rows. Fetch or export the file again."
        )
    if delimiter == "auto":
        delimiter = sniff_delimiter(text, expected_columns)
    records = _read_strictly(text, delimiter)
    if records is None:
        records = list(salvage_records(text, delimiter))
    return _as_table(records, first_line=first_line)


def _with_newlines(text: str) -> str:
    r"""Old Macintosh files have carriage returns only; everywhere else ``\n`` ends a line."""
    return text if "\n" in text else text.replace("\r", "\n")


def sniff_delimiter(text: str, expected_columns: Sequence[str] = ()) -> str:
    """The delimiter under which the start of ``text`` looks most like a table.

    Names of ``expected_columns`` found in the header count first, then rows as wide as it.
    """
    expected = set(expected_columns)

    def merit(delimiter: str) -> tuple[int, int, int]:
        records = islice(_lenient(text, delimiter), _SNIFF_RECORDS)
        widths = [len(record) for record in records if record]
        header = next((record for record in _lenient(text, delimiter) if record), [])
        names = {" ".join(cell.split()) for cell in header}
        n_alike = widths.count(len(header)) if len(header) > 1 else 0
        return len(expected & names), n_alike, len(header)

    return max(DELIMITERS, key=merit)


def _lenient(text: str, delimiter: str) -> Iterator[list[str]]:
    start = text[:1_000_000]
    try:
        yield from csv.reader(io.StringIO(start, newline="\n"), delimiter=delimiter)
    except csv.Error:
        return


def _read_strictly(text: str, delimiter: str) -> list[Record] | None:
    """All records when nothing about the file is doubtful, else null."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    records: list[Record] = []
    width, line_no = 0, 1
    try:
        for cells in reader:
            n_lines = reader.line_num - line_no + 1
            if any(cells):
                width = width or len(cells)
                # Several lines: perhaps two unbalanced quotes that swallowed rows between.
                is_doubtful = n_lines > 1 and _looks_swallowed(cells, width, delimiter)
                if len(cells) != width or is_doubtful:
                    return None
                records.append(Record(line_no, cells, None))
            line_no = reader.line_num + 1
    except csv.Error:
        return None
    return records


def _looks_swallowed(cells: list[str], width: int, delimiter: str) -> bool:
    lines = delimiter.join(cells).split("\n")
    return width > 1 and all(line.count(delimiter) == width - 1 for line in lines)


def _as_table(records: list[Record], *, first_line: int) -> DelimitedTable:
    if not records or records[0].fault is not None:
        raise RefusedFileError(
            "Found a header that cannot be read (its quotes do not match), expected column names"
            " in the first row. Export the file again."
        )
    head, rows = records[0], records[1:]
    header = name_columns(head.cells)
    if not rows:
        raise RefusedFileError(
            f"Found a header of {len(header)} columns and no rows, expected rows."
            " Fetch or export the file again; yesterday's data stay in use."
        )
    shift = first_line - 1
    good = [row for row in rows if row.fault is None and len(row.cells) == len(header)]
    columns = {
        name: pl.Series(name, [row.cells[place] or None for row in good], dtype=pl.String)
        for place, name in enumerate(header)
    }
    line_nos = pl.Series(LINE_NUMBER, [row.line_no + shift for row in good], dtype=pl.Int64)
    rejects = _rejects(rows, width=len(header), shift=shift) if len(good) < len(rows) else None
    return DelimitedTable(
        frame=pl.DataFrame([*columns.values(), line_nos]),
        rejects=empty_rejects() if rejects is None else rejects,
        header=tuple(header),
    )


def _rejects(rows: list[Record], *, width: int, shift: int) -> pl.DataFrame:
    unbalanced = [row for row in rows if row.fault == UNBALANCED_QUOTE]
    ragged = [row for row in rows if row.fault is None and len(row.cells) != width]
    parts = [
        reject_rows(
            [row.line_no + shift for row in unbalanced],
            reason_code=UNBALANCED_QUOTE,
            expected="a closing quotation mark before the next delimiter or line end",
        ),
        reject_rows(
            [row.line_no + shift for row in ragged],
            reason_code="wrong_column_count",
            expected=f"{width} columns",
            found_shapes=[f"{len(row.cells)} columns" for row in ragged],
        ),
    ]
    return pl.concat(parts).sort("line_no", maintain_order=True)
