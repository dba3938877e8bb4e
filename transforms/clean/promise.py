"""The gate in flight: rows that break their table's contract are kept out, with the rule's name."""

import polars as pl

from data_contracts.contract import Table
from data_contracts.row_rules import first_broken_rule, row_rules_of
from transforms.clean.cleaned import Cleaned, empty_clean_rejects, found_shape_expr


def keep_promise(frame: pl.DataFrame, table: Table) -> Cleaned:
    """Accepted and rejected rows of ``frame`` by the row rules of ``table``.

    Args:
        frame: Typed rows with ``line_no``; rules on columns that it lacks are left out.
        table: The contract.

    Returns:
        The accepted rows unchanged, and one reject for each of the others with the first rule
        that it breaks.
    """
    broken = frame.select(first_broken_rule(table, present=set(frame.columns)).alias("rule"))
    rule_names = broken.to_series()
    if rule_names.null_count() == frame.height:
        return Cleaned(frame, empty_clean_rejects())
    parts = []
    for rule in row_rules_of(table):
        hit = frame.filter((rule_names == rule.name).fill_null(value=False))
        if hit.height:
            parts.append(
                hit.select(
                    pl.col("line_no").cast(pl.Int64),
                    pl.lit(rule.name).alias("reason_code"),
                    pl.lit(rule.columns[0]).alias("column_name"),
                    found_shape_expr(pl.col(rule.columns[0])).alias("found_shape"),
                    pl.lit(rule.expected).alias("expected"),
                )
            )
    return Cleaned(frame.filter(rule_names.is_null()), pl.concat(parts).sort("line_no"))
