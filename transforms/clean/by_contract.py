"""Tables kept by hand, cleaned as their contract says: types, codes, bounds, rules over columns.

One cleaner for every template: what a column may hold is read from the contract, and what was
expected is said in the words of ``transforms.clean.clerk_words``. Does not belong here: rules that
a contract cannot tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from data_contracts.contract import Column, Table, code_values
from data_contracts.row_rules import breaks_rule, row_rules_of
from data_contracts.rules import CROSS_KINDS
from data_contracts.templates import filled_columns, spellings
from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.clerk_words import expected_in, expected_of_rule, said
from transforms.clean.numbers import parse_number
from transforms.clean.times import parse_date

IS_REPEATED = "is_repeated"
YES, NO = ("kyllä", "k", "x", "ja", "yes", "true", "1"), ("ei", "e", "nej", "no", "false", "0")
_MANY = r"\s*[;,\n]\s*"


@dataclass(frozen=True, slots=True)
class Writing:
    """How the rows of one file are written.

    Attributes:
        headers: Our field to the column that a clerk sees.
        date_formats: The column map's own formats.
        decimal: The column map's decimal mark.
    """

    headers: Mapping[str, str]
    date_formats: Sequence[str] = ()
    decimal: Literal[",", "."] = ","


@dataclass(frozen=True, slots=True)
class _Read:
    """A column's typed value, and whether something is written that is none."""

    value: pl.Expr
    is_bad: pl.Expr
    reason_code: str


def clean_by_contract(
    frame: pl.DataFrame, *, table: Table, writing: Writing, keep: Sequence[str] = ()
) -> Cleaned:
    """Rows of a table kept by hand.

    Codes are read as code or as Finnish, Swedish or English label, several of them parted by
    commas or semicolons. A row whose key stands earlier in the same file is rejected: two rows of
    one id in a list kept by hand are a slip, and which of them is meant only its writer knows.

    Args:
        frame: Text frame of the columns that people fill; absent cells null or blank.
        table: The contract.
        writing: How the rows are written.
        keep: Further columns of ``frame`` to hand on untouched.

    Returns:
        The contract's columns that people fill, ``keep`` and ``line_no``; every rejected row with
        the clerk's own column and what was expected in it.
    """
    columns = filled_columns(table)
    read = {column.name: _read(column, writing) for column in columns}
    rules = [rule for c in columns for rule in _column_rules(c, read[c.name], writing)]
    if IS_REPEATED in frame.columns:
        rules.append(_repeated(table, writing))
    split = split_rows(frame, rules)
    typed = split.frame.with_columns(r.value.alias(name) for name, r in read.items())
    whole = split_rows(typed, _cross_rules(table, writing))
    names = [column.name for column in columns]
    rejects = pl.concat([split.rejects, whole.rejects]).sort("line_no", maintain_order=True)
    return Cleaned(whole.frame.select(*names, *keep, "line_no"), rejects)


def _read(column: Column, writing: Writing) -> _Read:
    text = _tidied(column.name)
    if column.separator is not None:
        return _read_codes(column, text)
    if column.code_list is not None:
        known = spellings(column.code_list)
        code = _plain(text).replace_strict(known, default=None, return_dtype=pl.String)
        return _Read(code, text.is_not_null() & code.is_null(), f"{column.name}_is_a_known_code")
    if column.dtype == pl.Date:
        day = parse_date(text, formats=writing.date_formats)
        return _Read(day.value, day.is_bad, "date_unreadable")
    if column.dtype == pl.Boolean:
        return _read_truth(text)
    if column.dtype.is_numeric():
        return _read_number(column, text, writing)
    form = column.pattern
    is_bad = ~text.str.contains(form).fill_null(value=True) if form else pl.lit(value=False)
    return _Read(text, is_bad, f"{column.name}_has_its_form")


def _read_codes(column: Column, text: pl.Expr) -> _Read:
    """Codes once each, in the list's order."""
    order = {code: place for place, code in enumerate(code_values(str(column.code_list)))}
    known = {written: order[code] for written, code in spellings(str(column.code_list)).items()}
    back = {place: code for code, place in order.items()}
    element = pl.element()
    written = _plain(text).str.replace_all(_MANY, ";").str.split(";")
    named = written.list.eval(element.filter(element.str.strip_chars() != "").str.strip_chars())
    places = named.list.eval(element.replace_strict(known, default=None, return_dtype=pl.Int64))
    is_bad = text.is_not_null() & (places.list.eval(element.is_null()).list.any())
    codes = (
        places.list.drop_nulls()
        .list.unique()
        .list.sort()
        .list.eval(element.replace_strict(back, default=None, return_dtype=pl.String))
        .list.join(str(column.separator))
    )
    value = pl.when(codes != "").then(codes)
    return _Read(value, is_bad, f"{column.name}_are_known_codes")


def _read_truth(text: pl.Expr) -> _Read:
    known = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
    truth = _plain(text).replace_strict(known, default=None, return_dtype=pl.Boolean)
    return _Read(truth, text.is_not_null() & truth.is_null(), "not_yes_or_no")


def _read_number(column: Column, text: pl.Expr, writing: Writing) -> _Read:
    number = parse_number(text, decimal=writing.decimal)
    if column.dtype != pl.Int64:
        return _Read(number.value, number.is_bad, "not_a_number")
    is_broken = (number.value != number.value.round(0)).fill_null(value=False)
    value = pl.when(~is_broken).then(number.value).cast(pl.Int64)
    return _Read(value, number.is_bad | is_broken, "not_a_whole_number")


def _column_rules(column: Column, read: _Read, writing: Writing) -> list[RejectRule]:
    name, header = column.name, writing.headers[column.name]
    expected = expected_in(column)
    rules = [RejectRule(read.is_bad, read.reason_code, header, expected, pl.col(name))]
    if column.is_required:
        given = said("given", column=header)
        rules.insert(0, RejectRule(read.value.is_null() & ~read.is_bad, f"{name}_is_given", header,
                                   given, pl.col(name)))  # fmt: skip
    if column.minimum is not None:
        is_small = read.value < column.minimum
        rules.append(
            RejectRule(is_small, f"{name}_is_large_enough", header, expected, pl.col(name))
        )
    if column.maximum is not None:
        is_large = read.value > column.maximum
        rules.append(
            RejectRule(is_large, f"{name}_is_small_enough", header, expected, pl.col(name))
        )
    return rules


def _repeated(table: Table, writing: Writing) -> RejectRule:
    headers = [writing.headers[name] for name in table.key if name in writing.headers]
    expected = said("once", key="” ja ”".join(headers))
    is_repeated = pl.col(IS_REPEATED) == "true"
    return RejectRule(is_repeated, "key_repeated", headers[0], expected, pl.col(table.key[0]))


def _cross_rules(table: Table, writing: Writing) -> list[RejectRule]:
    return [
        RejectRule(
            breaks_rule(rule),
            rule.name,
            writing.headers[rule.columns[0]],
            expected_of_rule(rule, table, writing.headers),
            pl.col(rule.columns[0]),
        )
        for rule in row_rules_of(table)
        if rule.kind in CROSS_KINDS
    ]


def _tidied(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def _plain(text: pl.Expr) -> pl.Expr:
    """As ``data_contracts.templates.spellings`` writes them."""
    return text.str.replace_all(r"[ \t\u{00A0}]+", " ").str.to_lowercase()
