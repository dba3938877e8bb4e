"""What every cleaner hands on: typed rows, rejected rows, and the split between the two.

Belongs here: the shape shared by all cleaners. Does not: rules of any one subject.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

# As transforms.parse.parsed.REJECT_SCHEMA without the table; a unit test holds the two together.
CLEAN_REJECT_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "line_no": pl.Int64,
    "reason_code": pl.String,
    "column_name": pl.String,
    "found_shape": pl.String,
    "expected": pl.String,
}

SHAPE_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Rows of one table: ``frame`` accepted, ``rejects`` in ``CLEAN_REJECT_SCHEMA``.

    ``frame.height + rejects.height`` is the number of rows that went in.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame


class RejectRule(NamedTuple):
    """A condition under which a row is rejected, and what to say about it.

    Attributes:
        condition: True rejects; false and null let pass.
        reason_code: Short English name of the reason.
        column_name: Column at fault, or null when it is the row as a whole.
        expected: What was expected, as part of a sentence.
        found: What to show the shape of; the column at fault when left out.
    """

    condition: pl.Expr
    reason_code: str
    column_name: str | None
    expected: str
    found: pl.Expr | None = None


def empty_clean_rejects() -> pl.DataFrame:
    """No rejected rows, in ``CLEAN_REJECT_SCHEMA``."""
    return pl.DataFrame(schema=dict(CLEAN_REJECT_SCHEMA))


def split_rows(frame: pl.DataFrame, rules: Sequence[RejectRule]) -> Cleaned:
    """Accepted and rejected rows of ``frame``; the first rule that holds gives the reason.

    Args:
        frame: Rows with ``line_no``; every column a rule names.
        rules: In order of precedence.

    Returns:
        The accepted rows with the columns of ``frame`` unchanged and in order, and one reject
        for each of the others.
    """
    if not rules:
        return Cleaned(frame, empty_clean_rejects())
    first = pl.coalesce(
        pl.when(rule.condition.fill_null(value=False)).then(pl.lit(place, dtype=pl.Int32))
        for place, rule in enumerate(rules)
    )
    broken = frame.select(first).to_series()
    accepted = frame.filter(broken.is_null())
    if accepted.height == frame.height:
        return Cleaned(frame, empty_clean_rejects())
    parts = [
        frame.filter((broken == place).fill_null(value=False)).select(_reject(rule, frame.columns))
        for place, rule in enumerate(rules)
    ]
    rejects = pl.concat(parts).sort("line_no", "reason_code", maintain_order=True)
    return Cleaned(accepted, rejects)


def found_shape_expr(found: pl.Expr) -> pl.Expr:
    """The form of a value without its content: letters a or A, digits 9, cut at 24 characters."""
    return (
        found.cast(pl.String)
        .str.replace_all(r"\p{M}", "")
        .str.replace_all(r"\p{Lu}", "A")
        .str.replace_all(r"[\p{L}--\p{Lu}]", "a")
        .str.replace_all(r"\p{N}", "9")
        .str.replace_all(r"[\p{C}\p{Z}]", " ")
        .str.slice(0, SHAPE_LENGTH)
    )


def _reject(rule: RejectRule, columns: Sequence[str]) -> list[pl.Expr]:
    found = rule.found
    if found is None and rule.column_name in columns:
        found = pl.col(str(rule.column_name))
    shape = pl.lit(None, dtype=pl.String) if found is None else found_shape_expr(found)
    return [
        pl.col("line_no").cast(pl.Int64),
        pl.lit(rule.reason_code, dtype=pl.String).alias("reason_code"),
        pl.lit(rule.column_name, dtype=pl.String).alias("column_name"),
        shape.alias("found_shape"),
        pl.lit(rule.expected, dtype=pl.String).alias("expected"),
    ]
