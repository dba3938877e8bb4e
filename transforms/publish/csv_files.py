"""Public tables as CSV: one flavour for machines and one for Excel in Finnish."""

from collections.abc import Mapping

import polars as pl
import polars.selectors as cs

from transforms.publish.formula_safety import safe_expr, safe_text

_BOM = b"\xef\xbb\xbf"


def to_csv_machine(frame: pl.DataFrame) -> bytes:
    """UTF-8, commas, ISO dates, decimal points, ``true``/``false``; empty where null."""
    return _write(_safe(frame), separator=",", line_end="\n")


def to_csv_excel_fi(frame: pl.DataFrame, *, labels: Mapping[str, str] | None = None) -> bytes:
    """UTF-8 with a byte order mark, semicolons, decimal commas, ``d.m.yyyy``, ``kyllä``/``ei``.

    Args:
        frame: A public table.
        labels: Heading of each column in Finnish; a column without one keeps its name.
    """
    finnish = frame.with_columns(
        cs.float().fill_nan(None).cast(pl.String).str.replace(".", ",", literal=True),
        cs.date().dt.strftime("%-d.%-m.%Y"),
        cs.datetime().dt.strftime("%-d.%-m.%Y %H:%M"),
        cs.boolean().replace_strict({True: "kyllä", False: "ei"}, return_dtype=pl.String),
    )
    numbers = frame.select(cs.float()).columns
    safe = finnish.with_columns(
        [safe_expr(name) for name in _texts(finnish) if name not in numbers]
    )
    return _BOM + _write(safe.rename(headings(frame, labels or {})), separator=";", line_end="\r\n")


def headings(frame: pl.DataFrame, labels: Mapping[str, str]) -> dict[str, str]:
    """A heading for each column; where two labels are equal, the name stands behind them."""
    wanted = {name: labels.get(name, name) for name in frame.columns}
    counts = list(wanted.values())
    return {
        name: safe_text(label if counts.count(label) == 1 else f"{label} ({name})")
        for name, label in wanted.items()
    }


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    whole = frame.with_columns(cs.float().fill_nan(None))
    safe = whole.with_columns([safe_expr(name) for name in _texts(whole)])
    return safe.rename({name: safe_text(name) for name in frame.columns})


def _texts(frame: pl.DataFrame) -> list[str]:
    return frame.select(cs.string()).columns


def _write(frame: pl.DataFrame, *, separator: str, line_end: str) -> bytes:
    text = frame.write_csv(
        separator=separator,
        line_terminator=line_end,
        datetime_format="%Y-%m-%dT%H:%M:%S%:z",
        quote_style="necessary",
    )
    return text.encode()
