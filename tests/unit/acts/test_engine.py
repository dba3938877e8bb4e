"""The embedded engine: batches in order, lazily read tables."""

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assets.engine import EmbeddedEngine


def _double(batch: pa.RecordBatch) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pc.multiply(batch.column("n"), 2)], names=["n"])


def _numbers(n: int) -> pa.Table:
    return pa.table({"n": pa.array(range(n), pa.int64())})


def test_batches_come_back_in_order() -> None:
    doubled = EmbeddedEngine(batch_rows=3).map_batches(_numbers(10), _double)

    assert doubled.column("n").to_pylist() == list(range(0, 20, 2))


def test_processes_give_the_same_as_one() -> None:
    pool = EmbeddedEngine(n_processes=2, batch_rows=4, least_pool_rows=1)

    assert pool.map_batches(_numbers(10), _double) == EmbeddedEngine().map_batches(
        _numbers(10), _double
    )


def test_an_empty_table_keeps_the_schema_of_the_result() -> None:
    empty = EmbeddedEngine().map_batches(_numbers(0), _double)

    assert (empty.num_rows, empty.column_names) == (0, ["n"])


def test_tables_are_read_lazily_from_memory_and_from_files(tmp_path: Path) -> None:
    engine, path = EmbeddedEngine(), tmp_path / "numbers.parquet"
    pl.DataFrame(_numbers(3)).write_parquet(path)

    for table in (path, _numbers(3), pl.DataFrame(_numbers(3))):
        assert engine.lazy(table).collect()["n"].to_list() == [0, 1, 2]
    assert engine.map_batches(path, _double).column("n").to_pylist() == [0, 2, 4]
