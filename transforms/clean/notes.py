"""Notes of what customers said to staff in daily work: text to typed rows.

Belongs here: notes as a column-mapped table.
"""

from collections.abc import Sequence

import polars as pl

from data_contracts.contract import Table
from transforms.clean.by_contract import Writing, clean_by_contract
from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.initiatives import A_DATE
from transforms.clean.times import parse_date

CLEANED_COLUMNS = (
    "note_id", "source_code", "noted_on", "unit_name", "kind_reported_code", "service_reported_id",
    "area_code", "text", "line_no",
)  # fmt: skip


def clean_notes(
    frame: pl.DataFrame, *, source_code: str, date_formats: Sequence[str] = ()
) -> Cleaned:
    """Notes of a column-mapped table.

    Args:
        frame: The text frame of kind ``notes``.
        source_code: Name of the source; with ``source_id`` it makes the natural key.
        date_formats: The column map's own formats.

    Returns:
        The contract's columns but for those that the intake adds; ``note_id`` in clear. A note
        without words, or without a day, is rejected.
    """
    noted = parse_date("noted_on", formats=date_formats)
    is_wordless = pl.col("text").str.strip_chars().fill_null("") == ""
    split = split_rows(
        frame,
        [
            RejectRule(pl.col("source_id").is_null(), "key_missing", "source_id", "a key"),
            RejectRule(is_wordless, "text_missing", "text", "a note in words"),
            RejectRule(noted.value.is_null(), "noted_date_unreadable", "noted_on", A_DATE),
        ],
    )
    accepted = split.frame.with_columns(
        noted_on=noted.value,
        text=pl.col("text").str.strip_chars(),
    )
    return Cleaned(_named(accepted, source_code), split.rejects)


def clean_template_notes(
    frame: pl.DataFrame, *, table: Table, source_code: str, writing: Writing
) -> Cleaned:
    """Notes of the project's own template, where codes are written as their labels.

    Args:
        frame: The text frame of kind ``notes``.
        table: The contract of notes.
        source_code: Name of the source.
        writing: How the rows are written.

    Returns:
        As ``clean_notes``.
    """
    cleaned = clean_by_contract(frame, table=table, writing=writing, keep=["source_id"])
    return Cleaned(_named(cleaned.frame, source_code), cleaned.rejects)


def _named(frame: pl.DataFrame, source_code: str) -> pl.DataFrame:
    source = pl.lit(source_code, dtype=pl.String)
    named = frame.with_columns(
        note_id=pl.concat_str(source, pl.lit("|"), pl.col("source_id")), source_code=source
    )
    return named.select(CLEANED_COLUMNS)
