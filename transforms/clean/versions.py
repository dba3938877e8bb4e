"""The latest version of each row over all files, whatever the order in which they came.

Belongs here: the generic choice by key. A subject with a merge of its own keeps it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

DELIVERY = "delivery_sha256"
LINE = "line_no"


@dataclass(frozen=True, slots=True)
class LatestVersions:
    """The rows that stand, and how many did not.

    Attributes:
        frame: One row per key, sorted by key, with the columns of the input in their order.
        duplicates: One row per ``delivery_sha256``, sorted: ``n_duplicate``, its rows that repeat
            or are replaced by another row of the same key (0 where none).
    """

    frame: pl.DataFrame
    duplicates: pl.DataFrame


def latest_versions(
    versions: pl.LazyFrame | pl.DataFrame, *, key: Sequence[str], order_by: Sequence[str]
) -> LatestVersions:
    """For each key the row with the greatest ``order_by``; null is older than any value.

    Among equals the greatest content stands (all other columns by name), among equal contents the
    row of the smallest ``delivery_sha256`` and then ``line_no``, so that the order of files and of
    rows makes no difference.

    Args:
        versions: Rows with ``delivery_sha256``, ``line_no`` and the columns below.
        key: Columns that identify a row.
        order_by: Columns that order its versions, the weightiest first.
    """
    rows = versions.lazy().collect()
    newest = rows
    for column in order_by:
        newest = newest.filter(pl.col(column).eq_missing(pl.col(column).max().over(key)))
    is_alone = pl.len().over(key) == 1
    alone = newest.filter(is_alone)
    tied = newest.filter(~is_alone)
    content = sorted(set(rows.columns) - {*key, *order_by, DELIVERY, LINE})
    chosen = tied.sort(
        *content,
        DELIVERY,
        LINE,
        descending=[True] * len(content) + [False, False],
        nulls_last=True,
    ).unique(subset=list(key), keep="first", maintain_order=True)
    frame = pl.concat([alone, chosen]).sort(*key, nulls_last=False)
    return LatestVersions(frame=frame, duplicates=_duplicates(rows, frame))


def _duplicates(rows: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    seen = rows.group_by(DELIVERY).agg(n_seen=pl.len().cast(pl.Int64))
    stand = frame.group_by(DELIVERY).agg(n_stand=pl.len().cast(pl.Int64))
    return (
        seen.join(stand, on=DELIVERY, how="left", validate="1:1")
        .select(DELIVERY, n_duplicate=pl.col("n_seen") - pl.col("n_stand").fill_null(0))
        .sort(DELIVERY)
    )
