"""Rules → Polars expressions: which rows break which rule (the gate in flight)."""

from functools import reduce
from operator import add

import polars as pl

from data_contracts.contract import Table, code_values
from data_contracts.rules import Rule, RuleKind, rules_of


def breaks_rule(rule: Rule) -> pl.Expr:
    """True for the rows that break ``rule``; null cells break only ``required``.

    Args:
        rule: Any rule but uniqueness, which is a promise of the table and not of one row.

    Raises:
        ValueError: For a rule of uniqueness.
    """
    column = pl.col(rule.columns[0])
    match rule.kind:
        case RuleKind.REQUIRED:
            broken = column.is_null()
        case RuleKind.IN_CODE_LIST:
            broken = ~column.is_in(code_values(rule.arguments["code_list"]))
        case RuleKind.AT_LEAST:
            broken = column < rule.arguments["bound"]
        case RuleKind.AT_MOST:
            broken = column > rule.arguments["bound"]
        case RuleKind.NOT_BEFORE:
            broken = column < pl.col(rule.columns[1])
        case RuleKind.SUM_EQUALS:
            broken = column != reduce(add, (pl.col(part) for part in rule.columns[1:]))
        case RuleKind.UNIQUE:
            raise ValueError("Uniqueness is checked at rest, not row by row.")
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
