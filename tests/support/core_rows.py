"""Frames of core tables with the columns of their contracts, null where a test says nothing."""

import polars as pl

from data_contracts.contract import load_contracts


def core_rows(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    """A frame of ``table`` with these rows."""
    schema = load_contracts()[table].schema
    unknown = {name for row in rows for name in row} - set(schema)
    if unknown:
        raise KeyError(f"{table} has no columns {sorted(unknown)}.")
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)
