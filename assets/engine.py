"""Where the portable part is computed: the text stage, the table of acts and the cubes.

Two methods are all that another engine (Spark) has to offer. Tables of statistics, pages and
exports are small and never come here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import polars as pl
import pyarrow as pa

from assets.processes import worker_pool

BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]


class Engine(Protocol):
    """The embedded engine, or a cluster behind the same two methods."""

    def map_batches(self, table: pa.Table | Path, function: BatchFunction) -> pa.Table:
        """The function's batches in the order of the table's rows.

        The function must be pure and picklable and give the same schema for every batch.
        """

    def lazy(self, table: pa.Table | pl.DataFrame | pl.LazyFrame | Path) -> nw.LazyFrame[Any]:
        """The table, or the Parquet files at the path, as a lazy frame in city time."""


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """Polars, and processes for the text stage, on this machine.

    Attributes:
        n_processes: Processes of the text stage; 1 stays in this one.
        batch_rows: Rows of a batch.
        least_pool_rows: Smaller tables stay in this process, where starting others would cost more
            than it saves (about two seconds of imports each).
    """

    n_processes: int = 1
    batch_rows: int = 20_000
    least_pool_rows: int = 100_000

    def map_batches(self, table: pa.Table | Path, function: BatchFunction) -> pa.Table:
        """See ``Engine``; an empty table goes through the function once, for its schema."""
        rows = _read_table(table).combine_chunks()
        batches = rows.to_batches(max_chunksize=self.batch_rows)
        if not batches:
            batches = [pa.RecordBatch.from_pylist([], schema=rows.schema)]
        if self.n_processes == 1 or rows.num_rows < self.least_pool_rows:
            return pa.Table.from_batches([function(batch) for batch in batches])
        with worker_pool(self.n_processes) as pool:
            return pa.Table.from_batches(list(pool.map(function, batches)))

    def lazy(self, table: pa.Table | pl.DataFrame | pl.LazyFrame | Path) -> nw.LazyFrame[Any]:
        """See ``Engine``."""
        if isinstance(table, pl.DataFrame | pl.LazyFrame):
            return nw.from_native(table.lazy())
        if isinstance(table, pa.Table):
            return nw.from_native(pl.DataFrame(table).lazy())
        return nw.from_native(pl.scan_parquet(table))


def _read_table(table: pa.Table | Path) -> pa.Table:
    return table if isinstance(table, pa.Table) else pl.read_parquet(table).to_arrow()
