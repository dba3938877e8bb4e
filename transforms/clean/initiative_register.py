"""The case register's (asianhallinta) entries of initiatives: text to typed rows.

Belongs here: the register as a column-mapped table. Does not: whether a deadline was kept
(``transforms.knowledge``).
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.initiatives import A_DATE
from transforms.clean.numbers import ParsedNumber, parse_number
from transforms.clean.times import ParsedDate, parse_date

CLEANED_COLUMNS = (
    "register_number", "initiative_id", "title", "channel_code", "filed_on", "registered_on",
    "n_residents_confirmed", "department_id", "decision_on", "decision_code", "told_author_on",
    "progress_published_on", "progress_channels", "line_no",
)  # fmt: skip

_OPTIONAL_DATES = ("registered_on", "decision_on", "told_author_on", "progress_published_on")
# 99001, kuntalaisaloite-99001, …/aloite/99001, …/initiativ/99001, …/api/v1/initiatives/99001
_NUMBER = r"^(?:\S*[/-])?0*(\d+)/?(?:[?#]\S*)?$"


def clean_register(
    frame: pl.DataFrame,
    *,
    initiative_source: str = "kuntalaisaloite",
    date_formats: Sequence[str] = (),
    decimal: Literal[",", "."] = ",",
) -> Cleaned:
    """Entries of the case register.

    Args:
        frame: The text frame of kind ``register``.
        initiative_source: Source of the initiatives that ``initiative_number`` points to.
        date_formats: The column map's own formats.
        decimal: The column map's decimal mark.

    Returns:
        The contract's columns but for those that the intake adds. ``initiative_id`` is built from
        the service's number or address; null where none is written (filed on paper or by e-mail).
        Something with digits that is neither is rejected rather than losing the link in silence.
    """
    filed = parse_date("filed_on", formats=date_formats)
    dates = {name: parse_date(name, formats=date_formats) for name in _OPTIONAL_DATES}
    residents = parse_number("n_residents_confirmed", decimal=decimal)
    number = pl.col("initiative_number").str.strip_chars().str.extract(_NUMBER)
    split = split_rows(frame, _rules(filed, dates, residents, number))
    accepted = split.frame.with_columns(
        initiative_id=pl.concat_str(pl.lit(f"{initiative_source}-"), number),
        register_number=pl.col("register_number").str.strip_chars(),
        title=pl.col("title").str.strip_chars(),
        filed_on=filed.value,
        n_residents_confirmed=residents.value.cast(pl.Int64),
        **{name: date.value for name, date in dates.items()},
    )
    return Cleaned(accepted.select(CLEANED_COLUMNS), split.rejects)


def _rules(
    filed: ParsedDate, dates: Mapping[str, ParsedDate], residents: ParsedNumber, number: pl.Expr
) -> list[RejectRule]:
    is_odd = (residents.value < 0) | (residents.value != residents.value.round(0))
    return [
        RejectRule(_is_blank("register_number"), "id_missing", "register_number", "a case number"),
        RejectRule(_is_blank("title"), "title_missing", "title", "a title"),
        RejectRule(filed.value.is_null(), "filed_date_unreadable", "filed_on", A_DATE),
        *(
            RejectRule(date.is_bad, "date_unreadable", name, f"{A_DATE}, or nothing")
            for name, date in dates.items()
        ),
        RejectRule(
            residents.is_bad | is_odd.fill_null(value=False),
            "count_unreadable",
            "n_residents_confirmed",
            "a whole number from 0, or nothing",
        ),
        RejectRule(
            pl.col("initiative_number").str.contains(r"\d") & number.is_null(),
            "initiative_number_unreadable",
            "initiative_number",
            "the service's number or address of the initiative, or nothing",
        ),
    ]


def _is_blank(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().fill_null("") == ""
