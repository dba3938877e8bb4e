"""Who is to be told of what, by the version of the participation model in force; dated."""

from importlib.resources import files

import polars as pl


def read_told_audiences() -> pl.DataFrame:
    """One row per kind of promise and version: ``audiences`` joined by ;, dates of validity."""
    content = (files("data_contracts") / "told_audiences.csv").read_bytes()
    frame = pl.read_csv(content, infer_schema=False)
    return frame.with_columns(pl.col("valid_from", "valid_to").str.to_date("%Y-%m-%d"))
