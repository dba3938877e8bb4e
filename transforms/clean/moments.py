"""Columns of written time to moments, each column read once.

Belongs here: reading many rows at a price in proportion. Does not: the ways in which time is
written (``transforms.clean.times``).
"""

from collections.abc import Sequence

import polars as pl

from transforms.clean.times import read_moments


def with_moments(
    frame: pl.DataFrame, columns: Sequence[str], *, formats: Sequence[str] = ()
) -> pl.DataFrame:
    """``frame`` with each text column as a moment, and what was written beside it.

    Each column is read in one pass over its distinct texts (``times.read_moments``).

    Args:
        frame: Rows with text ``columns``.
        columns: Names of the columns.
        formats: As in ``transforms.clean.times.read_moments``.

    Returns:
        The same rows; for each column ``c`` the moment in city time as ``c``, the text as
        ``written_c``, and ``is_bad_c`` (never null).
    """
    for column in columns:
        read = read_moments(frame.get_column(column), formats=formats)
        frame = frame.with_columns(
            pl.col(column).alias(f"written_{column}"),
            read.get_column("value").alias(column),
            read.get_column("is_bad").alias(f"is_bad_{column}"),
        )
    return frame
