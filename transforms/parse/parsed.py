"""What every parser hands on: frames of text, the rows it could not read, and its refusal.

Belongs here: the shapes shared by all parsers. Does not: anything that knows a format.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

REJECT_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "table_name": pl.String,
    "line_no": pl.Int64,
    "reason_code": pl.String,
    "column_name": pl.String,
    "found_shape": pl.String,
    "expected": pl.String,
}

SHAPE_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file, read: its tables as text, and what was left out.

    Attributes:
        frames: Text frames by core table: every column a string (null = absent), and ``line_no``.
        rejects: One row per row that could not be read, in ``REJECT_SCHEMA``.
        rows_in: Rows seen by table: ``frames[t].height`` plus the rejects of ``t``.
        encoding_name: Character encoding found; null for binary formats.
    """

    frames: Mapping[str, pl.DataFrame]
    rejects: pl.DataFrame
    rows_in: Mapping[str, int]
    encoding_name: str | None


class RefusedFileError(Exception):
    """A whole file is refused; the text says what was found, what was expected, what to do.

    The file's name is left to the caller, who knows it.
    """


def empty_rejects() -> pl.DataFrame:
    """No rejected rows, in ``REJECT_SCHEMA``."""
    return pl.DataFrame(schema=dict(REJECT_SCHEMA))


def reject_rows(
    line_nos: Sequence[int],
    *,
    reason_code: str,
    expected: str,
    table_name: str | None = None,
    column_name: str | None = None,
    found_shapes: Sequence[str | None] | None = None,
) -> pl.DataFrame:
    """One rejected row per line number, all for the same reason, in ``REJECT_SCHEMA``.

    Args:
        line_nos: Lines of the source, from 1.
        reason_code: Short English name of the reason.
        expected: What was expected, as part of a sentence.
        table_name: Core table; null when the reader of the file does not know it yet.
        column_name: The source's column at fault; null when the whole row is.
        found_shapes: What was found in each row, already made safe by ``found_shape``.
    """
    n = len(line_nos)
    columns = {
        "table_name": [table_name] * n,
        "line_no": list(line_nos),
        "reason_code": [reason_code] * n,
        "column_name": [column_name] * n,
        "found_shape": [None] * n if found_shapes is None else list(found_shapes),
        "expected": [expected] * n,
    }
    return pl.DataFrame(columns, schema=dict(REJECT_SCHEMA))


def name_rejects(rejects: pl.DataFrame, table_name: str) -> pl.DataFrame:
    """The same rejects with the core table they belong to, in the order of ``REJECT_SCHEMA``."""
    return rejects.with_columns(table_name=pl.lit(table_name, dtype=pl.String)).select(
        list(REJECT_SCHEMA)
    )


def found_shape(text: str) -> str:
    """The form of a value without its content: letters a or A, digits 9, cut at 24 characters."""
    return "".join(_shape_of(character) for character in text)[:SHAPE_LENGTH]


def _shape_of(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Lu":
        return "A"
    return {"L": "a", "N": "9", "C": " ", "Z": " ", "M": ""}.get(category[0], character)
