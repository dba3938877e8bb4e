"""DuckDB files: the published warehouse with tables, and views over the house's own Parquet.

DuckDB has a single writer and stamps files of its newest format with chance; one thread and a
named storage version give the same bytes for the same tables, readable by 1.2 and later.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from assets.house import House
from data_contracts.contract import Table, load_contracts
from data_contracts.dictionary import comments_of

if TYPE_CHECKING:
    import duckdb

_STORAGE = "v1.2.0"
_CONFIG: Mapping[str, str | bool | int] = {
    "threads": 1,
    # Which compression wins depends on chance: two runs over the same tables gave other bytes.
    "force_compression": "uncompressed",
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def warehouse_bytes(tables: Mapping[str, pl.DataFrame]) -> bytes:
    """A DuckDB file with ``tables`` under their published names, contracts' words as comments."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        with _open(path) as connection:
            for name, frame in tables.items():
                table = load_contracts()[name]
                connection.register("frame", frame.to_arrow())
                target = f"w.{_quoted(table.published_name)}"
                connection.execute(f"CREATE TABLE {target} AS SELECT * FROM frame")  # noqa: S608 - quoted
                connection.unregister("frame")
                _comment(connection, "TABLE", table, target, columns=frame.columns)
            connection.execute("CHECKPOINT w")
            connection.execute("DETACH w")
        return path.read_bytes()


def write_views(house: House) -> Path:
    """The inner warehouse: a view per stored table over its Parquet, replaced as a whole."""
    target = house.folders.warehouse
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    with _open(beside) as connection:
        connection.execute("BEGIN")  # or each of a thousand comments would wait for the disk
        for name, table in load_contracts().items():
            manifest = house.store.manifest(name)
            if manifest:
                path = (house.store.root / name / manifest.file).resolve()
                view = f"w.{_quoted(name)}"
                source = str(path).replace("'", "''")
                select = f"SELECT * FROM read_parquet('{source}')"  # noqa: S608 - our own path, quoted
                connection.execute(f"CREATE VIEW {view} AS {select}")
                _comment(connection, "VIEW", table, view)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT w")
        connection.execute("DETACH w")
    beside.replace(target)
    return target


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(config=dict(_CONFIG))
    source = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{source}' AS w (STORAGE_VERSION '{_STORAGE}')")
    return connection


def _comment(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    table: Table,
    target: str,
    *,
    columns: Sequence[str] | None = None,
) -> None:
    """The contract's words; of ``columns`` alone: last night's table may lack a new column."""
    for column, words in comments_of(table):
        if columns is not None and column is not None and column not in columns:
            continue
        text = words.replace("'", "''")
        if column is None:
            connection.execute(f"COMMENT ON {kind} {target} IS '{text}'")
        else:
            connection.execute(f"COMMENT ON COLUMN {target}.{_quoted(column)} IS '{text}'")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
