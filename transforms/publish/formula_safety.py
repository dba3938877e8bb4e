"""Texts that no spreadsheet takes for a formula, and that a person can still read.

A text that begins as a formula gets an apostrophe in front. ``- parempi valaistus`` is a sentence
and stays as it is; ``-2+3``, ``-cmd|…`` and ``-SUMMA(…)`` are not. Numbers are never touched.

Reference: OWASP, *CSV Injection*.
"""

import re

import polars as pl

_STARTS = "^[=+@\\t\\r\\n＝＋＠]"
_MINUS = "^[-－]"
_SENTENCE = "^-[ \\u00a0]?[^\\W\\d_]"
_NUMBER = "^-[0-9]+([.,][0-9]+)?$"
_OPERATORS = "[|=]|[^\\W\\d_]\\("


def safe_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would read a formula."""
    return f"'{text}" if _is_formula(text) else text


def safe_expr(column: str) -> pl.Expr:
    """``safe_text`` over a text column; nulls stay null."""
    text = pl.col(column)
    sentence = text.str.contains(_SENTENCE) & ~text.str.contains(_OPERATORS)
    minus = text.str.contains(_MINUS) & ~sentence & ~text.str.contains(_NUMBER)
    return (
        pl.when(text.str.contains(_STARTS) | minus)
        .then(pl.concat_str(pl.lit("'"), text))
        .otherwise(text)
        .alias(column)
    )


def _is_formula(text: str) -> bool:
    if re.search(_STARTS, text):
        return True
    if not re.search(_MINUS, text) or re.search(_NUMBER, text):
        return False
    return not re.search(_SENTENCE, text) or re.search(_OPERATORS, text) is not None
