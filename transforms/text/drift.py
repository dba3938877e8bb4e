"""Drift (ajautuma): whether what residents write now still looks like what the models knew.

Method: population stability index over services and kinds, shares of texts with an unsure service
and of words that Voikko does not know. Page: docs/methods/text_upkeep.md.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import polars as pl

#: Days up to the snapshot day, and days before these.
RECENT_DAYS, EARLIER_DAYS = 30, 365
#: Below it neither window is judged: under no drift at all the index of k classes averages
#: (k - 1)(1/n + 1/m) (Yurdakul & Naranjo 2020, "Statistical properties of the population stability
#: index", Journal of Risk Model Validation 14(4)); of 28 services and 200 texts 0.14 at least.
LEAST_N = 200
#: The usual rule: below 0.1 stable, from 0.25 shifted (Siddiqi 2006, *Credit Risk Scorecards*).
PSI_WATCH, PSI_SHIFTED = 0.1, 0.25
#: Rise of a share, of 1: the project's own bound, three standard errors of a share of a third in
#: 200 texts; at half of it watch. No source gives one.
RISE_SHIFTED = 0.10
RISE_WATCH = RISE_SHIFTED / 2
_LEAST_COUNT = 0.5  # a class that one window lacks counts as half a text there


class Verdict(StrEnum):
    """What a measure says; ``too_few`` is no verdict."""

    STABLE = "stable"
    WATCH = "watch"
    SHIFTED = "shifted"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Drift:
    """One measure: its value, the texts behind it in both windows, and the verdict.

    ``value`` is the index, or the rise of a share; null where a window is empty.
    """

    measure: str
    value: float | None
    n_recent: int
    n_earlier: int
    verdict: Verdict


def mark_windows(acts: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Acts of both windows with ``is_recent``; undated and other ones are left out.

    Args:
        acts: With ``acted_on``.
        as_of: Last day of the recent window of ``RECENT_DAYS``; the earlier one ends before it.
    """
    recent_from = as_of - timedelta(days=RECENT_DAYS - 1)
    earlier_from = recent_from - timedelta(days=EARLIER_DAYS)
    return acts.filter(pl.col("acted_on").is_between(earlier_from, as_of)).with_columns(
        is_recent=pl.col("acted_on") >= recent_from
    )


def stability_index(recent: pl.Series, earlier: pl.Series) -> float | None:
    """Population stability index of the classes of two samples; null when either is empty.

    The sum of (p - q) ln(p / q) over classes, p and q the shares of the class (Siddiqi 2006); 0 for
    equal shares.
    """
    if not (len(recent) and len(earlier)):
        return None
    counts = [dict(sample.value_counts().rows()) for sample in (recent, earlier)]
    index = 0.0
    for code in sorted({*counts[0], *counts[1]}):
        p, q = (
            max(found.get(code, 0), _LEAST_COUNT) / len(sample)
            for found, sample in zip(counts, (recent, earlier), strict=True)
        )
        index += (p - q) * math.log(p / q)
    return round(index, 4)


def measure_index(texts: pl.DataFrame, column: str) -> Drift:
    """Stability index of a column of codes between the windows of ``mark_windows``."""
    recent, earlier = _split(texts, column)
    value = stability_index(recent, earlier)
    verdict = _judge(value, recent, earlier, watch=PSI_WATCH, shifted=PSI_SHIFTED)
    return Drift(f"{column}_psi", value, len(recent), len(earlier), verdict)


def measure_rise(rows: pl.DataFrame, column: str, *, measure: str) -> Drift:
    """Rise of a share: of texts for which a Boolean is true, or the mean of shares of texts; a fall
    is no drift.
    """
    recent, earlier = _split(rows, column)
    value = None
    if len(recent) and len(earlier):
        value = round(float(recent.sum()) / len(recent) - float(earlier.sum()) / len(earlier), 4)
    verdict = _judge(value, recent, earlier, watch=RISE_WATCH, shifted=RISE_SHIFTED)
    return Drift(measure, value, len(recent), len(earlier), verdict)


def _split(rows: pl.DataFrame, column: str) -> tuple[pl.Series, pl.Series]:
    known = rows.drop_nulls(column)
    return known.filter("is_recent")[column], known.filter(~pl.col("is_recent"))[column]


def _judge(
    value: float | None, recent: pl.Series, earlier: pl.Series, *, watch: float, shifted: float
) -> Verdict:
    if value is None or min(len(recent), len(earlier)) < LEAST_N:
        return Verdict.TOO_FEW
    if value >= shifted:
        return Verdict.SHIFTED
    return Verdict.WATCH if value >= watch else Verdict.STABLE
