"""A failed night publishes last night's tables again, which may lack a contract's new column."""

from pathlib import Path

import duckdb

from assets.public.warehouse import warehouse_bytes
from tests.support.core_rows import core_rows

TABLE = "public_group__heard_index"


def test_a_table_from_before_a_column_keeps_the_words_of_the_others(tmp_path: Path) -> None:
    older = core_rows(TABLE, {"group_code": "lapset", "n_heard": 12}).drop("n_heard_all")
    path = tmp_path / "kuulolla.duckdb"

    path.write_bytes(warehouse_bytes({TABLE: older}))

    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?",
            ["group_heard_index"],
        ).fetchall()
    words = dict(found)
    assert "n_heard_all" not in words
    assert words["n_heard"]
