"""What files hold, out of their compression: for tests that look for words in them."""

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl


def parts_of(path: Path) -> Iterator[bytes]:
    """What a file holds, out of its compression."""
    content = path.read_bytes()
    yield content
    if path.suffix == ".parquet":
        yield pl.read_parquet(io.BytesIO(content)).write_json().encode()
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            yield from (book.read(name) for name in book.namelist())
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield connection.table(name).pl().write_json().encode()
    elif path.suffix == ".db":
        with sqlite3.connect(path) as connection:
            yield "\n".join(connection.iterdump()).encode()
