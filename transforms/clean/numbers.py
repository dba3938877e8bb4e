"""Written numbers to numbers.

Belongs here: decimal comma, thousands, the minus sign, the ways to write "no answer". Does not:
ranges and units of any one column.
"""

from functools import partial
from typing import Literal, NamedTuple

import polars as pl

# Spellings of "no answer" in Finnish exports and codebooks (SOURCES §3.3–3.4), case-folded.
ABSENT_NUMBERS = (
    "-", "–", "—", ".", "?", "n/a", "na", "#n/a", "nan", "null", "none", "hidden", "eos",
    "en osaa sanoa", "ei osaa sanoa", "vaikea sanoa", "ei koske minua", "ei tietoa", "ei vastausta",
)  # fmt: skip

_BLANKS = r"[\s\u{00A0}\u{2007}\u{2009}\u{202F}]"
_MINUS = r"^[\u{2212}\u{2012}\u{2013}\u{FE63}\u{FF0D}]"
_PLAIN = r"^[+-]?\d+$"
_POINT = r"^[+-]?\d*\.\d+$"
_COMMA = r"^[+-]?\d*,\d+$"
_EXPONENT = r"^[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,3}$"
_BLANK_THOUSANDS = r"^[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?$"
_POINT_THOUSANDS = r"^[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})$"
_COMMA_THOUSANDS = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"


class ParsedNumber(NamedTuple):
    """Expressions of one number column.

    Attributes:
        value: Float64, never NaN or infinite; null where absent or bad.
        is_bad: Something is written that is neither a number nor a spelling of "no answer";
            never null.
        is_absent: Null, empty or a spelling of "no answer" (``n/a``, ``EOS``, ``-``, NaN).
    """

    value: pl.Expr
    is_bad: pl.Expr
    is_absent: pl.Expr


def parse_number(column: str | pl.Expr, *, decimal: Literal[",", "."] = ",") -> ParsedNumber:
    """The number a text column writes; 0 is a number.

    With a decimal comma ``3,5``, ``1 234,50`` (any kind of blank), ``1.234,50`` and, as workbooks
    give it, ``3.5`` are read; with a decimal point ``3.5``, ``1,234.50`` and ``1 234.50``. Each
    distinct text is read once.

    Args:
        column: Text.
        decimal: The source's decimal mark.
    """
    text = pl.col(column) if isinstance(column, str) else column
    kind = pl.Struct({"value": pl.Float64, "is_bad": pl.Boolean, "is_absent": pl.Boolean})
    read = text.map_batches(
        partial(_read_numbers, decimal=decimal), return_dtype=kind, is_elementwise=True
    ).struct
    return ParsedNumber(
        value=read.field("value"),
        is_bad=read.field("is_bad"),
        is_absent=read.field("is_absent"),
    )


def _read_numbers(texts: pl.Series, *, decimal: Literal[",", "."]) -> pl.Series:
    written = texts.cast(pl.String).rename("written").to_frame()
    text = pl.col("written").str.replace_all(_BLANKS, " ").str.strip_chars(" ")
    distinct = (
        written.unique(maintain_order=True)
        .with_columns(text=text.str.replace(_MINUS, "-").str.replace(r"^([+-]) +", "${1}"))
        .with_columns(
            is_absent=pl.col("text").is_null()
            | (pl.col("text") == "")
            | pl.col("text").str.to_lowercase().is_in(ABSENT_NUMBERS),
            digits=_with_comma("text") if decimal == "," else _with_point("text"),
        )
        .with_columns(number=pl.col("digits").cast(pl.Float64, strict=False))
        .with_columns(value=pl.when(pl.col("number").is_finite()).then("number"))
        .select(
            "written",
            "value",
            is_bad=~pl.col("is_absent") & pl.col("value").is_null(),
            is_absent="is_absent",
        )
    )
    joined = written.join(
        distinct, on="written", how="left", nulls_equal=True, maintain_order="left", validate="m:1"
    )
    return joined.drop("written").to_struct(texts.name)


def _with_comma(column: str) -> pl.Expr:
    """The text as a number with a decimal point; null where a decimal comma makes none of it."""
    text = pl.col(column)
    solid = text.str.replace_all(" ", "", literal=True)
    comma = solid.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    fits = text.str.contains
    return (
        pl.when(fits(_PLAIN) | fits(_POINT) | fits(_EXPONENT))
        .then(solid)
        .when(fits(_COMMA) | fits(_POINT_THOUSANDS))
        .then(comma)
        .when(fits(_BLANK_THOUSANDS))
        .then(solid.str.replace(",", ".", literal=True))
    )


def _with_point(column: str) -> pl.Expr:
    """The text as a number with a decimal point; null where that makes none of it."""
    text = pl.col(column)
    solid = text.str.replace_all(r"[ ,]", "")
    fits = text.str.contains
    is_grouped = fits(_BLANK_THOUSANDS) & ~fits(",", literal=True)
    return pl.when(
        fits(_PLAIN) | fits(_POINT) | fits(_EXPONENT) | fits(_COMMA_THOUSANDS) | is_grouped
    ).then(solid)
