"""Marts of an invented city's acts, additive by construction, for tests of disclosure control."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

AS_OF = date(2025, 3, 31)
SERVICES = pl.DataFrame(
    {
        "service_id": ["kadut", "puistot", "kirjasto", "museo"],
        "department_id": ["ymparisto", "ymparisto", "sivistys", "sivistys"],
    }
)
HEARD = "public_heard__acts"
TIMES = "public_feedback__response_times"
KINDS = ("praise", "complaint", "question", "proposal", "fault")
TONES = ("positive", "neutral", "negative")
_MONTHS = [date(y, m, 1) for y in (2024, 2025) for m in range(1, 13)][:15]
_LEVELS: Mapping[str, str | None] = {
    "city": None,
    "department": "department_id",
    "service": "service_id",
    "area": "area_code",
    "channel": "channel_code",
}


def acts_of(seed: int, *, n: int = 1_500) -> pl.DataFrame:
    """Acts at random: some services, ways and areas common, some rare."""
    rng = np.random.default_rng(seed)

    def pick(values: list[str], weights: list[float]) -> list[str]:
        return [values[i] for i in rng.choice(len(values), size=n, p=weights)]

    return pl.DataFrame(
        {
            "month": [_MONTHS[i] for i in rng.integers(0, len(_MONTHS), size=n)],
            "service_id": pick(["kadut", "puistot", "kirjasto", "museo"], [0.6, 0.2, 0.17, 0.03]),
            "area_code": pick(["itainen", "lantinen", "unknown"], [0.55, 0.41, 0.04]),
            "channel_code": pick(["web", "phone", "desk"], [0.8, 0.17, 0.03]),
            "act_type_code": pick(["ticket", "answer", "idea"], [0.7, 0.25, 0.05]),
            "kind": pick(list(KINDS), [0.1, 0.3, 0.2, 0.1, 0.3]),
            "tone": pick(list(TONES), [0.2, 0.4, 0.4]),
            "has_text": rng.random(n) < 0.9,
            "is_forwarded": rng.random(n) < 0.03,
            "is_done": rng.random(n) < 0.9,
        }
    ).join(SERVICES, on="service_id", how="left")


def marts_of(acts: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The cube of acts and the response times of its service requests, by public table."""
    return {HEARD: _heard(acts), TIMES: _times(acts.filter(act_type_code="ticket"))}


def _heard(acts: pl.DataFrame) -> pl.DataFrame:
    says = pl.col("has_text")
    counts = [
        pl.len().cast(pl.Int64).alias("n_acts"),
        says.sum().cast(pl.Int64).alias("n_texts"),
        *((says & (pl.col("kind") == k)).sum().cast(pl.Int64).alias(f"n_{k}") for k in KINDS),
        *((says & (pl.col("tone") == t)).sum().cast(pl.Int64).alias(f"n_{t}") for t in TONES),
        pl.lit(0.1).alias("unsure_share"),
        pl.col("is_forwarded").sum().cast(pl.Int64).alias("n_forwarded"),
    ]
    by_type = pl.concat([acts, acts.with_columns(act_type_code=pl.lit("all"))])
    return _cube(by_type, ["act_type_code"], counts).sort(pl.all())


def _times(tickets: pl.DataFrame) -> pl.DataFrame:
    counts = [
        pl.len().cast(pl.Int64).alias("n_tickets"),
        pl.col("is_done").sum().cast(pl.Int64).alias("n_events"),
        (~pl.col("is_done")).sum().cast(pl.Int64).alias("n_censored"),
        pl.lit(48.0).alias("km_median_hours"),
        pl.lit(24.0).alias("km_median_low_hours"),
        pl.lit(72.0).alias("km_median_high_hours"),
        *(pl.lit(0.5).alias(f"share_within_{d}_days") for d in (1, 5, 14, 30)),
        pl.lit(3.25).alias("rmst_30_days"),
        pl.lit(0.31).alias("rmst_30_days_se"),
        pl.lit(None, dtype=pl.Float64).alias("sla_hours"),
        pl.lit(None, dtype=pl.Float64).alias("share_within_sla"),
        pl.lit(0.02).alias("reopened_share"),
        pl.col("is_forwarded").sum().cast(pl.Int64).alias("n_forwarded"),
    ]
    cells = _cube(tickets, [], counts).filter(pl.col("period_kind_code") != "all")
    clocks = pl.DataFrame({"milestone_code": ["done"], "clock_code": ["calendar"]})
    return cells.join(clocks, how="cross").sort(pl.all())


def _cube(acts: pl.DataFrame, extra: list[str], counts: list[pl.Expr]) -> pl.DataFrame:
    """Counts of every level and period: months, quarters, years, the last twelve months, all."""
    month = pl.col("month")
    twelve = month.is_between(date(2024, 4, 1), date(2025, 3, 1))
    periods = [
        ("month", month, pl.lit(value=True)),
        ("quarter", month.dt.truncate("1q"), pl.lit(value=True)),
        ("year", month.dt.truncate("1y"), pl.lit(value=True)),
        ("last_12_months", pl.lit(date(2024, 4, 1)), twelve),
        ("all", pl.lit(date(2024, 1, 1)), pl.lit(value=True)),
    ]
    parts = [
        acts.filter(condition)
        .with_columns(
            dimension_code=pl.lit(level),
            dimension_value=pl.lit("all") if column is None else pl.col(column),
            period_kind_code=pl.lit(kind),
            period_start_on=start,
        )
        .group_by(
            "dimension_code", "dimension_value", "period_kind_code", "period_start_on", *extra
        )
        .agg(counts)
        for level, column in _LEVELS.items()
        for kind, start, condition in periods
    ]
    return pl.concat(parts)
