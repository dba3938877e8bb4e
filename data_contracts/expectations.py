"""Rules → Great Expectations configurations, as plain data (the gate at rest).

Great Expectations is not imported here: a configuration is a type and its arguments. Rules over
several columns are evaluated by their row rule into a boolean column named after the rule, so that
both gates ask the very same question.
"""

import re
from dataclasses import dataclass
from typing import Any

import polars as pl

from data_contracts.contract import Table, code_values
from data_contracts.row_rules import breaks_rule
from data_contracts.rules import CROSS_KINDS, Rule, RuleKind, rules_of


@dataclass(frozen=True, slots=True)
class Expectation:
    """One Great Expectations expectation: snake-case type, arguments, and the rule's words."""

    type: str
    arguments: dict[str, Any]
    notes: str


def expectations_of(table: Table) -> tuple[Expectation, ...]:
    """The suite of one table: its columns in order, then one expectation a rule."""
    names = [column.name for column in table.columns]
    names += [rule.name for rule in _cross_rules(table)]
    columns = Expectation(
        "expect_table_columns_to_match_ordered_list",
        {"column_list": names},
        "Columns in contract order.",
    )
    return (columns, *(_expectation(rule) for rule in rules_of(table)))


def with_rule_columns(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """``frame`` with one boolean column per rule over several columns, true where it holds."""
    return frame.with_columns((~breaks_rule(rule)).alias(rule.name) for rule in _cross_rules(table))


def _cross_rules(table: Table) -> list[Rule]:
    return [rule for rule in rules_of(table) if rule.kind in CROSS_KINDS]


def _expectation(rule: Rule) -> Expectation:
    if rule.kind is RuleKind.UNIQUE:
        return _unique(rule)
    if rule.kind in CROSS_KINDS:
        kept: dict[str, Any] = {"column": rule.name, "value_set": [True]}
        return Expectation("expect_column_values_to_be_in_set", kept, rule.expected)
    kind, arguments = _of_one_column(rule)
    return Expectation(kind, {"column": rule.columns[0], **arguments}, rule.expected)


def _of_one_column(rule: Rule) -> tuple[str, dict[str, Any]]:
    """Type and arguments, the column aside."""
    given = rule.arguments
    found: tuple[str, dict[str, Any]] = ("expect_column_values_to_not_be_null", {})  # REQUIRED
    match rule.kind:
        case RuleKind.IN_CODE_LIST:
            found = (
                "expect_column_values_to_be_in_set",
                {"value_set": code_values(given["code_list"])},
            )
        case RuleKind.ALL_IN_CODE_LIST:
            one = "|".join(map(re.escape, code_values(given["code_list"])))
            regex = f"^(?:{one})(?:{re.escape(given['separator'])}(?:{one}))*$"
            found = "expect_column_values_to_match_regex", {"regex": regex}
        case RuleKind.MATCHES:
            found = "expect_column_values_to_match_regex", {"regex": given["form"]}
        case RuleKind.AT_LEAST:
            found = "expect_column_values_to_be_between", {"min_value": given["bound"]}
        case RuleKind.AT_MOST:
            found = "expect_column_values_to_be_between", {"max_value": given["bound"]}
    return found


def _unique(rule: Rule) -> Expectation:
    if len(rule.columns) == 1:
        arguments: dict[str, Any] = {"column": rule.columns[0]}
        return Expectation("expect_column_values_to_be_unique", arguments, rule.expected)
    arguments = {"column_list": list(rule.columns)}
    return Expectation("expect_compound_columns_to_be_unique", arguments, rule.expected)
