"""Ideas for participatory budgeting (asukasbudjetti): text to typed rows.

Belongs here: ideas as a column-mapped table. Does not: which of several rows of one idea stands
(``transforms.clean.versions``).
"""

from collections.abc import Sequence
from typing import Literal

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.coordinates import clean_coordinates
from transforms.clean.initiatives import A_DATE
from transforms.clean.numbers import parse_number
from transforms.clean.times import parse_date

CLEANED_COLUMNS = (
    "idea_id", "source_code", "round_code", "proposed_on", "text", "area_name", "area_code",
    "state_name", "cost_eur", "lat", "lon", "location_quality_code", "service_reported_id",
    "line_no",
)  # fmt: skip


def clean_ideas(
    frame: pl.DataFrame,
    *,
    source_code: str,
    date_formats: Sequence[str] = (),
    decimal: Literal[",", "."] = ",",
) -> Cleaned:
    """Ideas of a column-mapped table.

    Args:
        frame: The text frame of kind ``ideas``.
        source_code: Name of the source; with ``source_id`` it makes the natural key.
        date_formats: The column map's own formats.
        decimal: The column map's decimal mark; coordinates are read with either.

    Returns:
        The contract's columns but for those that the intake adds; ``idea_id`` in clear. An idea
        without words is rejected, one with coordinates outside the city keeps its words alone.
    """
    proposed = parse_date("proposed_on", formats=date_formats)
    cost = parse_number("cost_eur", decimal=decimal)
    is_wordless = pl.col("text").str.strip_chars().fill_null("") == ""
    split = split_rows(
        frame,
        [
            RejectRule(pl.col("source_id").is_null(), "key_missing", "source_id", "a key"),
            RejectRule(is_wordless, "text_missing", "text", "an idea in words"),
            RejectRule(
                proposed.is_bad, "proposed_date_unreadable", "proposed_on", f"{A_DATE}, or nothing"
            ),
            RejectRule(
                cost.is_bad | (cost.value < 0).fill_null(value=False),
                "cost_unreadable",
                "cost_eur",
                "euros from 0, or nothing",
            ),
        ],
    )
    source = pl.lit(source_code, dtype=pl.String)
    accepted = clean_coordinates(split.frame, lat="lat", lon="lon").with_columns(
        idea_id=pl.concat_str(source, pl.lit("|"), pl.col("source_id")),
        source_code=source,
        proposed_on=proposed.value,
        text=pl.col("text").str.strip_chars(),
        cost_eur=cost.value,
    )
    return Cleaned(accepted.select(CLEANED_COLUMNS), split.rejects)
