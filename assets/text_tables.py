"""Tables of texts that a person names on the command line, read in batches of bounded memory.

Belongs here: CSV, XLSX and Parquet with the columns ``id`` and ``text``, and what is wrong with
them in words. What is done with the texts belongs to the classifier.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import polars as pl

from assets.errors import TextTableError
from transforms.parse.delimited import sniff_delimiter
from transforms.parse.encoding import decode_text
from transforms.parse.parsed import RefusedFileError

NEEDED = ("id", "text")
OPTIONAL = ("source", "received_on", "question")
COLUMNS = (*NEEDED, *OPTIONAL)
SUFFIXES = (".csv", ".xlsx", ".parquet")

_SAMPLE_BYTES = 1 << 20
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of texts, looked through once: its rows are as many and as wide as they should be.

    Attributes:
        path: The file.
        columns: Those of ``COLUMNS`` that it has; further columns are left unread.
        n_rows: Rows below the header.
    """

    path: Path
    columns: tuple[str, ...]
    n_rows: int

    def batches(self, *, size: int) -> Iterator[pl.DataFrame]:
        """Frames of ``size`` rows in the order of the file: ``COLUMNS`` as strings, null = absent.

        An empty ``text`` stays an empty string; nothing is dropped.
        """
        suffix = self.path.suffix.lower()
        read = {".csv": _csv_batches, ".xlsx": _xlsx_batches, ".parquet": _parquet_batches}[suffix]
        for frame in read(self, size):
            absent = [pl.lit(None, dtype=pl.String).alias(c) for c in COLUMNS if c not in frame]
            yield frame.with_columns(absent).select(pl.col(COLUMNS).cast(pl.String))


def open_text_table(path: Path) -> TextTable:
    """The table at ``path``, after one look at all of it.

    Raises:
        TextTableError: If the file is missing, of another kind, damaged, lacks a needed column, or
            has a row that is wider or narrower than its header.
    """
    if not path.is_file():
        raise TextTableError(f"There is no file {path}. Name a CSV, XLSX or Parquet file.")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TextTableError(
            f"{path.name} ends in '{suffix}', expected {', '.join(SUFFIXES)}. "
            "Save the table in one of these formats."
        )
    look = {".csv": _look_at_csv, ".xlsx": _look_at_xlsx, ".parquet": _look_at_parquet}[suffix]
    try:
        header, n_rows = look(path)
    except RefusedFileError as error:
        raise TextTableError(f"{path.name}: {error}") from error
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise TextTableError(
            f"{path.name} lacks the column {' and '.join(missing)} (found: {', '.join(header)}). "
            "Name the column of row ids 'id' and the column of texts 'text'."
        )
    if repeated := sorted({name for name in header if header.count(name) > 1} & set(COLUMNS)):
        raise TextTableError(f"{path.name} has the column {repeated[0]} twice. Rename one of them.")
    return TextTable(path, tuple(name for name in COLUMNS if name in header), n_rows)


def _look_at_csv(path: Path) -> tuple[list[str], int]:
    with _open_csv(path) as handle:
        rows = _records(path, handle)
        header = _header(path, rows)
        n_rows = 0
        for line_no, cells in rows:
            if len(cells) != len(header):
                raise TextTableError(
                    f"{path.name} line {line_no} has {len(cells)} cells, expected the "
                    f"{len(header)} of the header. Put texts that hold the delimiter or a line "
                    "break in double quotes."
                )
            n_rows += 1
    return header, n_rows


def _header(path: Path, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    _, cells = next(rows, (0, []))
    if not cells:
        raise TextTableError(f"{path.name} is empty, expected a header. Save the table again.")
    return [cell.strip() for cell in cells]


def _records(path: Path, handle: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Line on which a record begins, and its cells; blank lines are no records."""
    start = handle.read(_SAMPLE_BYTES)
    handle.seek(0)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_without_bom(handle), delimiter=sniff_delimiter(start, COLUMNS))
    line_no = 1
    try:
        for cells in reader:
            if any(cells):
                yield line_no, cells
            line_no = reader.line_num + 1
    except csv.Error as error:
        raise TextTableError(
            f"{path.name} cannot be read from line {line_no} on: a quote that is opened there is "
            "not closed, or a cell is longer than a million characters. Mend that row."
        ) from error


def _without_bom(handle: TextIO) -> Iterator[str]:
    for number, line in enumerate(handle):
        clean = line.replace("\0", "")
        yield clean.removeprefix("\ufeff") if number == 0 else clean


def _open_csv(path: Path) -> TextIO:
    """The file as text, by the encoding that its start shows.

    What later turns out not to be UTF-8 becomes U+FFFD: one byte must not stop a million rows.
    """
    with path.open("rb") as handle:
        sample = handle.read(_SAMPLE_BYTES)
    if len(sample) == _SAMPLE_BYTES:  # not in the middle of a character
        end = sample.rfind(b"\n") + 1
        sample = sample[: end + 1 if sample[end : end + 1] == b"\0" else end]
    encoding = decode_text(sample).encoding_name if sample else "utf-8"
    return io.TextIOWrapper(path.open("rb"), encoding, errors="replace", newline="")


def _csv_batches(table: TextTable, size: int) -> Iterator[pl.DataFrame]:
    with _open_csv(table.path) as handle:
        rows = _records(table.path, handle)
        header = _header(table.path, rows)
        places = [header.index(name) for name in table.columns]
        batch: list[list[str]] = []
        for _, cells in rows:
            batch.append([cells[place] for place in places])
            if len(batch) == size:
                yield _frame(batch, table.columns)
                batch = []
        if batch:
            yield _frame(batch, table.columns)


def _frame(rows: list[list[str]], columns: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _sheet(path: Path) -> pl.DataFrame:
    from transforms.parse.workbook import read_workbook

    return read_workbook(path.read_bytes())


def _look_at_xlsx(path: Path) -> tuple[list[str], int]:
    sheet = _sheet(path)
    return [name for name in sheet.columns if name != "line_no"], sheet.height


def _xlsx_batches(table: TextTable, size: int) -> Iterator[pl.DataFrame]:
    yield from _sheet(table.path).select(table.columns).iter_slices(size)


def _look_at_parquet(path: Path) -> tuple[list[str], int]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            return list(file.schema_arrow.names), file.metadata.num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise TextTableError(
            f"{path.name} is not a readable Parquet file. Write it again."
        ) from error


def _parquet_batches(table: TextTable, size: int) -> Iterator[pl.DataFrame]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(table.path) as file:
        for batch in file.iter_batches(batch_size=size, columns=list(table.columns)):
            yield pl.DataFrame(batch)
