"""Cubes over the table of acts: the counts of public_heard__acts before anything is withheld.
Suppression, rounding and lineage belong to those who publish.
"""

from datetime import date, timedelta
from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]

DIMENSIONS = {
    "city": None,
    "department": "department_id",
    "service": "service_id",
    "area": "area_code",
    "channel": "channel_code",
}
ALL = "all"
UNKNOWN = "unknown"
_BY_TYPE = "by_type"
_ALL_TYPES = "all_types"
_KEYS = (
    "dimension_code",
    "dimension_value",
    "period_kind_code",
    "period_start_on",
    "act_type_code",
)
_KINDS = {
    "n_praise": "kiitos",
    "n_complaint": "moite",
    "n_question": "kysymys",
    "n_proposal": "ehdotus",
    "n_fault": "vika",
}
_SENTIMENTS = {
    "n_positive": "positiivinen",
    "n_neutral": "neutraali",
    "n_negative": "negatiivinen",
}
_COUNTS = ("n_acts", "n_texts", *_KINDS, *_SENTIMENTS, "n_model", "n_unsure", "n_forwarded")


def count_acts(acts: Frame, *, as_of: date) -> Frame:
    """One row per dimension, value, period and act type (``all`` for their sum), in no order.

    Args:
        acts: Rows of core_acts__acts.
        as_of: Later acts are left out. ``last_12_months`` ends with the last whole month.

    Returns:
        Keys and counts of public_heard__acts, ``unsure_share`` (null without a text classified by
        the model) and its denominator ``n_model``. Acts without a date are in period ``all`` only,
        which starts with the first month of any act (the month of ``as_of`` without a dated one).
    """
    counted = acts.filter(nw.col("acted_on").is_null() | (nw.col("acted_on") <= nw.lit(as_of)))
    finest = _sum_finest(_mark(counted))
    cells = [
        _sum_cells(period, dimension=dimension, column=column, by_type=by_type)
        for period in _periods(finest, as_of=as_of)
        for dimension, column in DIMENSIONS.items()
        for by_type in (_BY_TYPE, _ALL_TYPES)
    ]
    return nw.concat(cells, how="vertical")


def last_whole_months(as_of: date) -> tuple[date, date]:
    """First days of the first and of the last of the 12 whole months that end by ``as_of``."""
    following = as_of + timedelta(days=1)
    last = (following.replace(day=1) - timedelta(days=1)).replace(day=1)
    year, month = divmod(last.year * 12 + last.month - 1 - 11, 12)
    return date(year, month + 1, 1), last


def _mark(acts: Frame) -> Frame:
    """Ones and zeros to be summed: sums are the one aggregate that every engine agrees on."""
    is_model = nw.col("service_basis_code") == "model"
    return acts.with_columns(
        nw.lit(1).alias("n_acts"),
        _flag(~nw.col("kind_code").is_null()).alias("n_texts"),
        *[_flag(nw.col("kind_code") == code).alias(name) for name, code in _KINDS.items()],
        *[
            _flag(nw.col("sentiment_code") == code).alias(name)
            for name, code in _SENTIMENTS.items()
        ],
        _flag(is_model).alias("n_model"),
        _flag(is_model & nw.col("is_service_unsure")).alias("n_unsure"),
        _flag(nw.col("is_forwarded")).alias("n_forwarded"),
    )


def _sum_finest(marked: Frame) -> Frame:
    """One row per month, act type and all values at once, computed where the acts are.

    The one pass over the acts; what follows is small, and local whatever the engine.
    """
    values = [column for column in DIMENSIONS.values() if column is not None]
    known = [nw.coalesce(nw.col(column), nw.lit(UNKNOWN)).alias(column) for column in values]
    return (
        marked.with_columns(*known)
        .group_by("month_on", "act_type_code", *values)
        .agg(*[nw.col(name).sum() for name in _COUNTS])
        .with_columns(*[nw.col(name).cast(nw.Int64) for name in _COUNTS])
        .collect(backend="polars")
        .lazy()
    )


def _periods(acts: Frame, *, as_of: date) -> list[Frame]:
    first, last = last_whole_months(as_of)
    month = nw.col("month_on")
    dated = acts.filter(~month.is_null())
    quarter = month.dt.truncate("1q").cast(nw.Date)
    year = month.dt.truncate("1y").cast(nw.Date)
    start = acts.select(
        nw.coalesce(month.min(), nw.lit(as_of.replace(day=1))).alias("period_start_on")
    )
    periods = {
        "month": dated.with_columns(month.alias("period_start_on")),
        "quarter": dated.with_columns(quarter.alias("period_start_on")),
        "year": dated.with_columns(year.alias("period_start_on")),
        "last_12_months": dated.filter(
            (month >= nw.lit(first)) & (month <= nw.lit(last))
        ).with_columns(nw.lit(first).alias("period_start_on")),
        "all": acts.join(start, how="cross"),
    }
    return [
        period.with_columns(nw.lit(kind).alias("period_kind_code"))
        for kind, period in periods.items()
    ]


def _sum_cells(period: Frame, *, dimension: str, column: str | None, by_type: str) -> Frame:
    value = nw.lit(ALL) if column is None else nw.col(column)
    keyed = period.with_columns(
        nw.lit(dimension).alias("dimension_code"), value.alias("dimension_value")
    )
    if by_type == _ALL_TYPES:
        keyed = keyed.with_columns(nw.lit(ALL).alias("act_type_code"))
    n_model, n_unsure = nw.col("n_model"), nw.col("n_unsure")
    share = nw.when(n_model > 0).then(n_unsure.cast(nw.Float64) / n_model.cast(nw.Float64))
    return (
        keyed.group_by(*_KEYS)
        .agg(*[nw.col(name).sum() for name in _COUNTS])
        .with_columns(share.alias("unsure_share"))
        .select(*_KEYS, *[c for c in _COUNTS if c != "n_unsure"], "unsure_share")
    )


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))
