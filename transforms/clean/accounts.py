"""The account of deliveries: what became of every row of every file (D15's foundation)."""

from collections.abc import Sequence

import polars as pl

_CITY_TIME = pl.Datetime("us", "Europe/Helsinki")


def account_for_files(
    files: pl.DataFrame, accepted: pl.DataFrame, *, columns: Sequence[str]
) -> pl.DataFrame:
    """One row per delivery and table, with accepted, rejected and duplicate rows.

    A row is a duplicate when it passed every rule and yet does not stand in the table on account
    of this file: the same key came again, here or in another file, in a version that won.

    Args:
        files: The intake's account: rows in and rejected per delivery and table, refusals.
        accepted: ``delivery_sha256``, ``table_name`` and ``n_accepted`` rows in force.
        columns: Contract columns in order.

    Returns:
        The columns of ``core_deliveries__files``, sorted by key.
    """
    known = files.join(
        accepted,
        on=["delivery_sha256", "table_name"],
        how="left",
        validate="1:1",
        maintain_order="left",
    ).with_columns(pl.col("n_accepted").fill_null(0))
    duplicate = pl.col("n_rows_in") - pl.col("n_rejected") - pl.col("n_accepted")
    verdict = (
        pl.when(pl.col("refusal").is_not_null())
        .then(pl.lit("refused"))
        .when(pl.col("n_rejected") > 0)
        .then(pl.lit("degraded"))
        .otherwise(pl.lit("ok"))
    )
    return (
        known.with_columns(
            n_duplicate=duplicate,
            verdict_code=verdict,
            first_seen_at=pl.col("delivered_at")
            .str.to_datetime(time_unit="us", time_zone="UTC")
            .dt.convert_time_zone("Europe/Helsinki")
            .cast(_CITY_TIME),
        )
        .select(columns)
        .sort("delivery_sha256", "table_name")
    )
