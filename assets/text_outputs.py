"""Labelled texts written as they come: CSV, XLSX or Parquet, whole or not there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from assets.atomic import flush
from assets.errors import TextTableError
from assets.text_tables import SUFFIXES

Append = Callable[[pl.DataFrame], None]
# Excel's own limits: rows below the header, characters of a cell.
MOST_SHEET_ROWS = 1_048_575
LONGEST_SHEET_CELL = 32_767
_TOO_LONG = -2  # what XlsxWriter answers then


def check_output(path: Path, *, n_rows: int) -> None:
    """Refuse what cannot be written before any work is done.

    Raises:
        TextTableError: If the ending is unknown, the folder is missing, or a sheet is too short.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise TextTableError(
            f"{path.name} ends in '{path.suffix}', expected {', '.join(SUFFIXES)}. "
            "Give the output one of these endings."
        )
    if not path.parent.is_dir():
        raise TextTableError(f"There is no folder {path.parent}. Make it, or name another.")
    if path.suffix.lower() == ".xlsx" and n_rows > MOST_SHEET_ROWS:
        raise TextTableError(
            f"The input has {n_rows} rows, a sheet holds {MOST_SHEET_ROWS}. "
            "Write CSV or Parquet instead."
        )


@contextmanager
def written_beside(path: Path) -> Iterator[Append]:
    """A function that appends a frame; ``path`` appears when the block ends without an error."""
    beside = path.with_name(f".{path.name}.part")
    write = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}[path.suffix.lower()]
    try:
        with write(beside) as append:
            yield append
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    flush([beside])
    beside.replace(path)


@contextmanager
def _csv(path: Path) -> Iterator[Append]:
    with path.open("wb") as handle:

        def append(frame: pl.DataFrame) -> None:
            frame.write_csv(handle, include_header=handle.tell() == 0)

        yield append


@contextmanager
def _parquet(path: Path) -> Iterator[Append]:
    import pyarrow.parquet as pq

    writers: list[pq.ParquetWriter] = []

    def append(frame: pl.DataFrame) -> None:
        table = frame.to_arrow()
        if not writers:
            writers.append(pq.ParquetWriter(path, table.schema, compression="zstd"))
        writers[0].write_table(table)

    try:
        yield append
    finally:
        for writer in writers:
            writer.close()


@contextmanager
def _xlsx(path: Path) -> Iterator[Append]:
    from xlsxwriter import Workbook

    # Texts of residents are never formulas or links; rows leave memory as they are written.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    n_written = 0
    with Workbook(path, options) as book:
        sheet = book.add_worksheet("kuulolla")

        def append(frame: pl.DataFrame) -> None:
            nonlocal n_written
            rows = frame.rows() if n_written else [tuple(frame.columns), *frame.rows()]
            for cells in rows:
                for column, cell in enumerate(cells):
                    # A text that is a number stays a text; -2 says that it does not fit.
                    is_text = isinstance(cell, str)
                    write = sheet.write_string if is_text else sheet.write
                    if write(n_written, column, cell) == _TOO_LONG:
                        raise TextTableError(
                            f"A text of row {n_written} is longer than the {LONGEST_SHEET_CELL} "
                            "characters that a cell of a sheet holds. Write CSV or Parquet instead."
                        )
                n_written += 1

        yield append
