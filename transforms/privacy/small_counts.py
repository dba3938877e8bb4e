"""A single count withheld by threshold, in a table whose counts add up to nothing."""

import polars as pl

from transforms.privacy.ledger import NOT_SUPPRESSED, PRIMARY


def withhold_small(frame: pl.DataFrame, name: str, *, threshold: int) -> pl.DataFrame:
    """The frame with counts of 1…threshold − 1 null, ``is_suppressed`` and its reason."""
    small = ((pl.col(name) > 0) & (pl.col(name) < threshold)).fill_null(value=False)
    return frame.with_columns(
        pl.when(~small).then(name).alias(name),
        is_suppressed=small,
        suppress_reason_code=pl.when(small).then(pl.lit(PRIMARY)).otherwise(pl.lit(NOT_SUPPRESSED)),
    )
