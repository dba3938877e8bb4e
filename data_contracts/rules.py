"""Contracts → one neutral list of rules per table.

Renderers (``row_rules``, ``expectations``) know every kind listed here; a kind that is not listed
is an error when the contract is read, not a check that silently never runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from data_contracts.contract import Column, Table
from data_contracts.errors import UnknownRuleError


class RuleKind(StrEnum):
    """Kinds of rules, each rendered in both gates."""

    REQUIRED = "required"
    UNIQUE = "unique"
    IN_CODE_LIST = "in_code_list"
    ALL_IN_CODE_LIST = "all_in_code_list"
    MATCHES = "matches"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    NOT_BEFORE = "not_before"
    SUM_EQUALS = "sum_equals"
    GIVEN_WHEN = "given_when"
    ONE_GIVEN = "one_given"


CROSS_KINDS = frozenset(
    {RuleKind.NOT_BEFORE, RuleKind.SUM_EQUALS, RuleKind.GIVEN_WHEN, RuleKind.ONE_GIVEN}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one table; ``name`` is what a rejected row is given as its reason."""

    name: str
    kind: RuleKind
    columns: tuple[str, ...]
    expected: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def rules_of(table: Table) -> tuple[Rule, ...]:
    """Every rule that a row, or the table as a whole, must keep; in contract order.

    Raises:
        UnknownRuleError: If a cross rule is of a kind that no renderer knows.
    """
    rules: list[Rule] = []
    for column in table.columns:
        name = column.name
        if column.is_required:
            rules.append(
                Rule(f"{name}_is_given", RuleKind.REQUIRED, (name,), f"A value in {name}.")
            )
        if column.code_list:
            rules.append(_code_rule(column))
        if column.pattern is not None:
            expected = f"A text of the form {column.pattern}."
            arguments: dict[str, Any] = {"form": column.pattern}
            kind = RuleKind.MATCHES
            rules.append(Rule(f"{name}_has_its_form", kind, (name,), expected, arguments))
        if column.minimum is not None:
            expected, arguments = f"At least {column.minimum:g}.", {"bound": column.minimum}
            kind = RuleKind.AT_LEAST
            rules.append(Rule(f"{name}_is_large_enough", kind, (name,), expected, arguments))
        if column.maximum is not None:
            expected, arguments = f"At most {column.maximum:g}.", {"bound": column.maximum}
            kind = RuleKind.AT_MOST
            rules.append(Rule(f"{name}_is_small_enough", kind, (name,), expected, arguments))
    rules.extend(_cross_rules(table))
    if table.key:
        expected = f"One row per {', '.join(table.key)}."
        rules.append(Rule("key_is_unique", RuleKind.UNIQUE, table.key, expected))
    return tuple(rules)


def _code_rule(column: Column) -> Rule:
    arguments: dict[str, Any] = {"code_list": column.code_list}
    if column.separator is None:
        name, expected = (
            f"{column.name}_is_a_known_code",
            f"A code of codes/{column.code_list}.csv.",
        )
        return Rule(name, RuleKind.IN_CODE_LIST, (column.name,), expected, arguments)
    name = f"{column.name}_are_known_codes"
    expected = f"Codes of codes/{column.code_list}.csv joined by {column.separator}."
    arguments["separator"] = column.separator
    return Rule(name, RuleKind.ALL_IN_CODE_LIST, (column.name,), expected, arguments)


def _cross_rules(table: Table) -> list[Rule]:
    rendered = []
    for rule in table.cross_rules:
        if rule.kind not in CROSS_KINDS:
            raise UnknownRuleError(
                f"Table '{table.name}' asks for rule '{rule.kind}' ({rule.name}), "
                f"known are {sorted(CROSS_KINDS)}."
            )
        kind = RuleKind(rule.kind)
        if kind is RuleKind.SUM_EQUALS:
            columns = (rule.arguments["column"], *rule.arguments["parts"])
        else:
            columns = (rule.arguments["column"], rule.arguments["other"])
        values = {"values": rule.arguments["values"]} if "values" in rule.arguments else {}
        rendered.append(Rule(rule.name, kind, columns, rule.description, values))
    return rendered
