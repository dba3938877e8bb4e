"""Columns of written time to moments, each column read once.

Belongs here: reading many rows at a price in proportion. Does not: the ways in which time is
written (``transforms.clean.times``).
"""

from collections.abc import Sequence

import polars as pl

from transforms.clean.times import parse_moment


def with_moments(
    frame: pl.DataFrame, columns: Sequence[str], *, formats: Sequence[str] = ()
) -> pl.DataFrame:
    """``frame`` with each text column as a moment, and what was written beside it.

    An expression that uses a moment twice would read the text twice, so the moments are
    materialised first, and whether an unread text is bad or a way to write "none" is asked only of
    the rows without a moment.

    Args:
        frame: Rows with text ``columns``.
        columns: Names of the columns.
        formats: As in ``transforms.clean.times.parse_moment``.

    Returns:
        The same rows; for each column ``c`` the moment in city time as ``c``, the text as
        ``written_c``, and ``is_bad_c`` (never null).
    """
    for column in columns:
        written = f"written_{column}"
        read = frame.with_columns(
            pl.col(column).alias(written),
            parse_moment(column, formats=formats).value.alias(column),
        )
        is_unread = pl.col(column).is_null() & pl.col(written).is_not_null()
        unread = read.filter(is_unread).get_column(written).unique()
        bad = _bad_ones(unread, formats)
        is_bad = is_unread & pl.col(written).is_in(bad.implode())
        frame = read.with_columns(is_bad.fill_null(value=False).alias(f"is_bad_{column}"))
    return frame


def _bad_ones(unread: pl.Series, formats: Sequence[str]) -> pl.Series:
    if unread.is_empty():
        return unread
    return unread.to_frame("text").filter(parse_moment("text", formats=formats).is_bad)["text"]
