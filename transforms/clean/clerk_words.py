"""What was expected in a cell, said to the person who filled it.

Belongs here: sentences put together from a contract and ``data_contracts/template_words.toml``.
"""

from collections.abc import Mapping

import polars as pl

from data_contracts.contract import Column, Table, load_codes
from data_contracts.rules import Rule, RuleKind
from data_contracts.templates import labels_fi, template_words

#: A list longer than this is told by examples; the whole of it stands in the template.
_MOST_LABELS = 12
_FEW = 3


def said(name: str, **values: str) -> str:
    """A sentence of the section ``expected``, its blanks filled."""
    return template_words()[f"expected.{name}"].format(**values)


def expected_in(column: Column) -> str:
    """What a column's cell may hold."""
    what = _kind(column)
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        what = said("between", what=what, low=f"{low:g}", high=f"{high:g}")
    elif low is not None:
        what = f"{what}, {said('at_least', bound=f'{low:g}')}"
    elif high is not None:
        what = f"{what}, {said('at_most', bound=f'{high:g}')}"
    return what if column.is_required else said("or_empty", what=what)


def expected_of_rule(rule: Rule, table: Table, headers: Mapping[str, str]) -> str:
    """What a rule over several columns asks, by the headers that the clerk sees."""
    first, second = (headers[name] for name in rule.columns[:2])
    columns = {column.name: column for column in table.columns}
    match rule.kind:
        case RuleKind.NOT_BEFORE:
            is_day = columns[rule.columns[0]].dtype == pl.Date
            return said("not_before" if is_day else "not_less", column=first, other=second)
        case RuleKind.ONE_GIVEN:
            return said("one_given", column=first, other=second)
        case RuleKind.GIVEN_WHEN if "values" in rule.arguments:
            values = _labels(columns[rule.columns[1]], rule.arguments["values"])
            return said("given_when", column=first, other=second, values=values)
        case RuleKind.GIVEN_WHEN:
            return said("given_with", column=first, other=second)
        case _:
            return rule.expected


def _kind(column: Column) -> str:
    if column.code_list:
        labels = labels_fi(column.code_list)
        if len(labels) > _MOST_LABELS:
            return said("code_of_many", values=", ".join(labels[:_FEW]))
        return said("codes" if column.separator else "code", values=", ".join(labels))
    if column.pattern and column.example:
        return said("form", example=column.example)
    names = {pl.Date(): "date", pl.Boolean(): "yes_no", pl.Int64(): "whole", pl.Float64(): "number"}
    return said(names.get(column.dtype, "text"))


def _labels(column: Column, codes: list[str]) -> str:
    if not column.code_list:
        return f" {said('or')} ".join(codes)
    frame = load_codes()[column.code_list]
    names = dict(zip(frame.to_series(0), frame["name_fi"], strict=True))
    return f" {said('or')} ".join(names[code] for code in codes)
