"""Resident initiatives (kuntalaisaloite), one file at a time: text to typed rows.

Belongs here: kuntalaisaloite.fi's answers, and initiatives from a column-mapped table. Does not:
what many files together say of an initiative (``transforms.clean.initiative_versions``).
"""

from collections.abc import Sequence
from typing import Literal

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.numbers import parse_number
from transforms.clean.times import FIRST_YEAR, LAST_YEAR, parse_date

#: What a cleaned row holds; the contract's columns but for those that the intake adds, and
#: ``is_detail``: whether the row carries the proposal, not the title alone.
CLEANED_COLUMNS = (
    "initiative_id", "source_code", "source_number", "title", "text", "initiative_type_code",
    "published_on", "state_changed_on", "sent_on", "n_supporters", "is_vanished", "vanished_on",
    "service_reported_id", "is_detail", "line_no",
)  # fmt: skip

A_DATE = "a date between 1990 and 2100"
_NUMBER_IN_ADDRESS = r"^(?:https?:.*/)?0*(\d+)/?$"


def clean_initiatives(frame: pl.DataFrame, *, source_code: str, municipality_code: str) -> Cleaned:
    """Initiatives of one answer of kuntalaisaloite.fi.

    Args:
        frame: The text frame of ``transforms.parse.kuntalaisaloite``.
        source_code: Name of the source; with the number it makes ``initiative_id``.
        municipality_code: The city's number (Seinäjoki 743), leading zeros or not.

    Returns:
        ``CLEANED_COLUMNS``. ``published_on`` and ``state_changed_on`` are both this file's
        ``publishDate``; ``text`` is title and proposal, or the title alone in a list. An
        initiative of another municipality is rejected.
    """
    ours = municipality_code.lstrip("0")
    read = frame.with_columns(
        published_on=_read_dates(frame.get_column("publishDate")),
        sent_on=_read_dates(frame.get_column("sentTime")),
        n_supporters=pl.col("participantCount").cast(pl.Int64, strict=False),
    )
    split = split_rows(read, _rules(ours))
    typed = split.frame.with_columns(
        source_number=pl.col("source_number").str.strip_chars_start("0"),
        body=pl.col("proposal"),
        initiative_type_code=pl.col("type").str.strip_chars(),
        state_changed_on=pl.col("published_on"),
        service_reported_id=pl.lit(None, dtype=pl.String),
        is_detail=pl.col("is_detail") == "true",
    )
    return Cleaned(_finished(typed, source_code), split.rejects)


def clean_mapped_initiatives(
    frame: pl.DataFrame,
    *,
    source_code: str,
    date_formats: Sequence[str] = (),
    decimal: Literal[",", "."] = ",",
) -> Cleaned:
    """Initiatives of a column-mapped table.

    Args:
        frame: The text frame of kind ``initiatives``; ``source_number`` may be an address that
            ends with the number.
        source_code: Name of the source; with the number it makes ``initiative_id``.
        date_formats: The column map's own formats.
        decimal: The column map's decimal mark.

    Returns:
        ``CLEANED_COLUMNS``. Without ``state_changed_on`` it is ``published_on``; without a type it
        is ``UNDEFINED``.
    """
    published = parse_date("published_on", formats=date_formats)
    changed = parse_date("state_changed_on", formats=date_formats)
    sent = parse_date("sent_on", formats=date_formats)
    count = parse_number("n_supporters", decimal=decimal)
    number = pl.col("source_number").str.strip_chars()
    split = split_rows(
        frame,
        [
            RejectRule(_is_blank("source_number"), "id_missing", "source_number", "a number"),
            RejectRule(_is_blank("title"), "title_missing", "title", "a title"),
            RejectRule(
                published.value.is_null(), "publish_date_unreadable", "published_on", A_DATE
            ),
            RejectRule(
                changed.is_bad, "state_date_unreadable", "state_changed_on", f"{A_DATE}, or nothing"
            ),
            RejectRule(sent.is_bad, "sent_time_unreadable", "sent_on", f"{A_DATE}, or nothing"),
            _not_a_count(count.value, count.is_bad, "n_supporters"),
        ],
    )
    typed = split.frame.with_columns(
        source_number=pl.coalesce(number.str.extract(_NUMBER_IN_ADDRESS), number),
        body=pl.col("text"),
        initiative_type_code=pl.col("initiative_type_code").fill_null("UNDEFINED"),
        published_on=published.value,
        state_changed_on=pl.coalesce(changed.value, published.value),
        sent_on=sent.value,
        n_supporters=count.value.cast(pl.Int64),
        is_detail=~_is_blank("text"),
    )
    return Cleaned(_finished(typed, source_code), split.rejects)


def _rules(ours: str) -> list[RejectRule]:
    count = pl.col("n_supporters")
    return [
        RejectRule(
            pl.col("municipality_code").is_null(),
            "municipality_missing",
            "municipality_code",
            "an address that ends with the municipality's number",
        ),
        RejectRule(
            pl.col("municipality_code").str.strip_chars_start("0") != ours,
            "other_municipality",
            "municipality_code",
            f"municipality {ours}",
        ),
        RejectRule(_is_blank("title"), "title_missing", "title", "a title"),
        RejectRule(
            pl.col("published_on").is_null(), "publish_date_unreadable", "publishDate", A_DATE
        ),
        RejectRule(
            pl.col("sent_on").is_null() & pl.col("sentTime").is_not_null(),
            "sent_time_unreadable",
            "sentTime",
            f"{A_DATE}, or nothing",
        ),
        _not_a_count(
            count,
            count.is_null() & pl.col("participantCount").is_not_null(),
            "participantCount",
        ),
    ]


def _read_dates(texts: pl.Series) -> pl.Series:
    """Dates in the service's own form, and only if one is not, in any form that sources write.

    A detail is a file of one row: the many grammars would cost ten times the rest of its reading.
    """
    dates = texts.str.to_date("%Y-%m-%d", strict=False)
    is_likely = dates.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    if int(is_likely.sum()) == texts.len() - texts.null_count():
        return dates
    return texts.to_frame("written").select(parse_date("written").value).to_series()


def _finished(typed: pl.DataFrame, source_code: str) -> pl.DataFrame:
    source = pl.lit(source_code, dtype=pl.String)
    title, body = pl.col("title").str.strip_chars(), pl.col("body").str.strip_chars()
    gap = pl.when(title.str.contains(r"[.!?…:]$")).then(pl.lit(" ")).otherwise(pl.lit(". "))
    with_body = pl.concat_str(title, gap, body)
    return typed.with_columns(
        initiative_id=pl.concat_str(source, pl.lit("-"), pl.col("source_number")),
        source_code=source,
        text=pl.when(_is_blank("body")).then(title).otherwise(with_body),
        title=title,
        is_vanished=pl.lit(value=False),
        vanished_on=pl.lit(None, dtype=pl.Date),
    ).select(CLEANED_COLUMNS)


def _is_blank(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().fill_null("") == ""


def _not_a_count(value: pl.Expr, is_bad: pl.Expr, column: str) -> RejectRule:
    is_odd = (value < 0) | (value != value.round(0))
    return RejectRule(
        is_bad | is_odd.fill_null(value=False),
        "count_unreadable",
        column,
        "a whole number from 0, or nothing",
    )
