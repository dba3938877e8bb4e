"""Where a number stands in the files of a publication, in whatever form a file may hold it."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

_SPACES = re.compile("(?<=[0-9])(?:[ \u00a0\u202f\u2009]|&nbsp;|&#160;|\\\\u00a0)(?=[0-9])")


def files_with(files: Mapping[str, bytes], number: int, *, folder: Path) -> set[str]:
    """Paths of the files in which the number stands: as text, in a workbook's parts, in tables.

    Args:
        files: Contents by path.
        number: A number of so many digits that it stands nowhere by chance.
        folder: Where a warehouse may be written to be read.
    """
    return {path for path, data in files.items() if str(number) in _text(path, data, folder)}


def _text(path: str, data: bytes, folder: Path) -> str:
    match path.rsplit(".", 1)[-1]:
        case "xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                found = "\n".join(
                    parts.read(n).decode("utf-8", "replace") for n in parts.namelist()
                )
        case "parquet":
            found = pl.read_parquet(io.BytesIO(data)).write_csv()
        case "duckdb":
            found = _warehouse(data, folder)
        case _:
            found = data.decode("utf-8", "replace")
    return _SPACES.sub("", found)


def _warehouse(data: bytes, folder: Path) -> str:
    target = folder / "scanned.duckdb"
    target.write_bytes(data)
    with duckdb.connect(str(target), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        tables = [str(connection.execute(f'SELECT * FROM "{n}"').fetchall()) for n in names]
        words = connection.execute("SELECT comment FROM duckdb_columns()").fetchall()
    return "\n".join([*tables, *(str(row[0]) for row in words)])
