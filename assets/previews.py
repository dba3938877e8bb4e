"""Small pictures of a table for Dagster's metadata: never a resident's word, never a small count.

Internal tables are shown by their shape alone (rows by month as bars without numbers); published
ones, already suppressed, by their first rows; rows left out of lists kept by hand by line, column
and shape, as their clerks need them.
"""

import polars as pl

from data_contracts.contract import REJECTED_SUFFIX, Table
from data_contracts.templates import hand_filled_tables, told_slip

_BARS = "▁▂▃▄▅▆▇█"
_MONTHS = 36
_PREVIEW_ROWS = 8
_PREVIEW_COLUMNS = 12
_SLIPS = 20


def rows_by_month(table: Table, frame: pl.DataFrame) -> str | None:
    """Bars of rows by month over the last three years, by the table's first date or moment."""
    dated = [c.name for c in table.columns if c.dtype.is_temporal()]
    if not dated or frame.is_empty():
        return None
    months = frame.select(pl.col(dated[0]).dt.date().dt.truncate("1mo").alias("month"))
    counts = months.drop_nulls().group_by("month").len().sort("month").tail(_MONTHS)
    if counts.is_empty():
        return None
    return f"`{sparkline(counts['len'].to_list())}` {dated[0]}, {counts.height} months"


def sparkline(values: list[int]) -> str:
    """Numbers as a line of bars, the greatest a full one."""
    top = max(values) or 1
    return "".join(_BARS[(len(_BARS) - 1) * value // top] for value in values)


def first_rows(table: Table, frame: pl.DataFrame) -> str | None:
    """The first rows of a published table as a Markdown table; None for other layers."""
    if table.layer != "public":
        return None
    shown = [c.name for c in table.columns if c.classification == "open"][:_PREVIEW_COLUMNS]
    rows = frame.select(shown).head(_PREVIEW_ROWS).rows()
    lines = ["| " + " | ".join(shown) + " |", "|" + "---|" * len(shown)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def slips(table: Table, frame: pl.DataFrame) -> str | None:
    """Slips in a list kept by hand, row by row; None for other tables and where all is well."""
    by_hand = {found.name + REJECTED_SUFFIX for found in hand_filled_tables()}
    if table.name not in by_hand or frame.is_empty():
        return None
    named = frame.sort("file_name", "line_no").select(
        "file_name", "line_no", "column_name", "found_shape", "expected"
    )
    lines = [
        f"- `{file}`: {told_slip(line=line, column=column, found=found, expected=expected)}"
        for file, line, column, found, expected in named.head(_SLIPS).iter_rows()
    ]
    if frame.height > _SLIPS:
        lines.append(f"- and {frame.height - _SLIPS} more")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")[:60]
