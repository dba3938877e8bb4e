"""The council's yearly list of residents' initiatives: each stands once in every year it was open.

Kuntalaki 410/2015 § 23: the council is told at least once a year of the initiatives and of what was
done about them. See ``docs/methods/initiative_clock.md``.
"""

from datetime import date
from typing import Final

import polars as pl

KEY: Final = ("report_year", "initiative_id")


def compute_council_list(initiatives: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """One row per year and initiative pending on any day of it, as things stood at the year's end.

    Args:
        initiatives: public_initiative__status; those not yet filed are left out.
        as_of: Snapshot; it ends the running year.

    Returns:
        The columns of public_initiative__council_list without lineage, sorted by key.
    """
    filed = initiatives.filter(pl.col("filed_on") <= as_of)
    years = pl.int_ranges(pl.col("filed_on").dt.year(), pl.lit(as_of.year + 1), dtype=pl.Int64)
    opened = pl.date("report_year", 1, 1)
    end = pl.min_horizontal(pl.date("report_year", 12, 31), pl.lit(as_of))
    is_decided = pl.col("decision_on") <= pl.col("end")
    due = pl.col("six_month_due_on")
    until = pl.when(is_decided).then("decision_on").otherwise("end")
    return (
        filed.with_columns(report_year=years)
        .explode("report_year")
        .filter(pl.col("decision_on").is_null() | (pl.col("decision_on") >= opened))
        .with_columns(end=end)
        .with_columns(
            is_new=pl.col("filed_on") >= opened,
            days_pending=(until - pl.col("filed_on")).dt.total_days(),
            is_overdue=pl.when(due.is_not_null()).then(until > due),
            told_author_on=pl.when(pl.col("told_author_on") <= pl.col("end")).then(
                "told_author_on"
            ),
            decision_code=pl.when(is_decided).then("decision_code"),
            decision_on=pl.when(is_decided).then("decision_on"),
        )
        .sort(KEY)
    )
