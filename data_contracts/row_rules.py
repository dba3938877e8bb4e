"""Rules → Polars expressions: which rows break which rule (the gate in flight)."""

from functools import reduce
from operator import add

import polars as pl

from data_contracts.contract import Table, code_values
from data_contracts.rules import CROSS_KINDS, Rule, RuleKind, rules_of


def breaks_rule(rule: Rule) -> pl.Expr:
    """True for the rows that break ``rule``; null cells break only rules that ask for a value.

    Args:
        rule: Any rule but uniqueness, which is a promise of the table and not of one row.

    Raises:
        ValueError: For a rule of uniqueness.
    """
    if rule.kind is RuleKind.UNIQUE:
        raise ValueError("Uniqueness is checked at rest, not row by row.")
    broken = _breaks_cross_rule(rule) if rule.kind in CROSS_KINDS else _breaks_column_rule(rule)
    return broken.fill_null(value=False)


def row_rules_of(table: Table) -> tuple[Rule, ...]:
    """The rules of ``table`` that one row can break by itself."""
    return tuple(rule for rule in rules_of(table) if rule.kind is not RuleKind.UNIQUE)


def first_broken_rule(table: Table, *, present: set[str]) -> pl.Expr:
    """Name of the first rule that a row breaks, null for a good row.

    Args:
        table: The contract.
        present: Columns that the frame has at this stage; rules on others are left out.
    """
    rules = [rule for rule in row_rules_of(table) if set(rule.columns) <= present]
    if not rules:
        return pl.lit(None, dtype=pl.String)
    branches = [pl.when(breaks_rule(rule)).then(pl.lit(rule.name)) for rule in rules]
    return pl.coalesce(branches)


def _breaks_column_rule(rule: Rule) -> pl.Expr:
    column, arguments = pl.col(rule.columns[0]), rule.arguments
    broken = column.is_null()  # REQUIRED
    match rule.kind:
        case RuleKind.IN_CODE_LIST:
            broken = ~column.is_in(code_values(arguments["code_list"]))
        case RuleKind.ALL_IN_CODE_LIST:
            known = pl.element().is_in(code_values(arguments["code_list"]))
            broken = ~column.str.split(arguments["separator"]).list.eval(known).list.all()
        case RuleKind.MATCHES:
            broken = ~column.str.contains(arguments["form"])
        case RuleKind.AT_LEAST:
            broken = column < arguments["bound"]
        case RuleKind.AT_MOST:
            broken = column > arguments["bound"]
    return broken


def _breaks_cross_rule(rule: Rule) -> pl.Expr:
    column, others = pl.col(rule.columns[0]), [pl.col(name) for name in rule.columns[1:]]
    match rule.kind:
        case RuleKind.NOT_BEFORE:
            return column < others[0]
        case RuleKind.GIVEN_WHEN:
            return column.is_null() & _asks(rule)
        case RuleKind.ONE_GIVEN:
            return column.is_null() & others[0].is_null()
        case _:
            return column != reduce(add, others)  # SUM_EQUALS


def _asks(rule: Rule) -> pl.Expr:
    """Whether the other column's value asks for one in the first; without values any does."""
    other = pl.col(rule.columns[1])
    values = rule.arguments.get("values")
    return other.is_not_null() if values is None else other.is_in(values)
