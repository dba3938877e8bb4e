"""The columns by which a figure is traced back to what it was computed from."""

from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where the figures of one table come from; the same for each of its rows."""

    snapshot_on: date
    input_fingerprint: str
    code_version: str
    taxonomy_version: str


def with_lineage(frame: pl.DataFrame, lineage: Lineage) -> pl.DataFrame:
    """``frame`` with the four lineage columns at its end."""
    return frame.with_columns(
        snapshot_on=pl.lit(lineage.snapshot_on, dtype=pl.Date),
        input_fingerprint=pl.lit(lineage.input_fingerprint, dtype=pl.String),
        code_version=pl.lit(lineage.code_version, dtype=pl.String),
        taxonomy_version=pl.lit(lineage.taxonomy_version, dtype=pl.String),
    )
