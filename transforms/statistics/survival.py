"""Kaplan–Meier survival of many cells at once: medians, shares reached, restricted means.

A cell is any group of observations; all cells go through one sort and a few window sums, so that a
thousand cells cost as much as one. See ``docs/methods/kaplan_meier.md``.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

CONFIDENCE: Final = 0.95
# A product of fractions that is ½ on paper may be ½ + 1e-16 in floats; R survival allows as much.
_HALF: Final = 0.5 + 1e-9


class NegativeDurationError(ValueError):
    """An observation ends before it begins, or has no duration."""


def survival_table(observations: pl.DataFrame, *, confidence: float = CONFIDENCE) -> pl.DataFrame:
    """One row per cell and distinct duration: those at risk, events, S(t) and its interval.

    Args:
        observations: ``cell`` (any key), ``duration`` (≥ 0, no nulls), ``is_event`` (false: right-
            censored at ``duration``). One censored at t is at risk at t.
        confidence: Coverage of the interval, between 0 and 1.

    Returns:
        ``cell``, ``duration``, ``n_at_risk``, ``n_events``, ``survival``, ``greenwood`` (the sum
        of d / (n (n − d)); infinite once S = 0), ``survival_low``, ``survival_high`` (log-log;
        1 and 1 before the first event, 0 and null once S = 0). Sorted by cell and duration.

    Raises:
        NegativeDurationError: If a duration is negative, NaN or null.

    Reference:
        Kaplan & Meier (1958); Greenwood (1926); Kalbfleisch & Prentice (2002) §1.4.
    """
    refuse_bad_durations(observations["duration"])
    d, n = pl.col("n_events"), pl.col("n_at_risk")
    steps = (
        observations.group_by("cell", "duration")
        .agg(n_events=pl.col("is_event").sum().cast(pl.Int64), n_leaving=pl.len().cast(pl.Int64))
        .sort("cell", "duration")
        .with_columns(n_at_risk=pl.col("n_leaving").cum_sum(reverse=True).over("cell"))
        .with_columns(
            survival=((n - d) / n).cum_prod().over("cell"),
            greenwood=pl.when(d == 0).then(0.0).otherwise(d / (n * (n - d))).cum_sum().over("cell"),
        )
    )
    return steps.with_columns(*_log_log_ends(confidence)).drop("n_leaving")


def kaplan_meier(
    observations: pl.DataFrame, *, horizons: Mapping[str, float], restriction: float
) -> pl.DataFrame:
    """One row per cell: how many, the median with its interval, shares reached, restricted mean.

    Args:
        observations: As for ``survival_table``.
        horizons: Output column → duration t of the share reached by then, 1 − S(t).
        restriction: τ of the restricted mean E[min(T, τ)].

    Returns:
        ``cell``, ``n``, ``n_events``, ``median`` (the least t with S(t) ≤ ½), ``median_low`` and
        ``median_high`` (least t at which the lower and the upper log-log limit is ≤ ½; null when
        it never is), a column per horizon, ``rmst`` and ``rmst_se``. A share or a restricted mean
        is null when nobody has been followed to its horizon and S is still above 0: the data do
        not tell. Sorted by cell.

    Reference:
        Brookmeyer & Crowley (1982) for the median; ``docs/methods/kaplan_meier.md``.
    """
    table = survival_table(observations)
    time, followed = pl.col("duration"), pl.col("duration").max()
    is_complete = pl.col("survival").last() == 0.0

    def share_reached(horizon: float) -> pl.Expr:
        survival = pl.col("survival").filter(time <= horizon).last().fill_null(1.0)
        return pl.when((followed >= horizon) | is_complete).then(1.0 - survival)

    summary = table.group_by("cell", maintain_order=True).agg(
        n=pl.col("n_at_risk").first(),
        n_events=pl.col("n_events").sum(),
        median=time.filter(pl.col("survival") <= _HALF).first(),
        median_low=time.filter(pl.col("survival_low") <= _HALF).first(),
        median_high=time.filter(pl.col("survival_high") <= _HALF).first(),
        **{name: share_reached(horizon) for name, horizon in horizons.items()},
    )
    means = restricted_means(table, restriction=restriction)
    return summary.join(means, on="cell", how="left", validate="1:1", maintain_order="left")


def restricted_means(table: pl.DataFrame, *, restriction: float) -> pl.DataFrame:
    """One row per cell: area under S from 0 to τ and its standard error.

    Var = Σ over events t ≤ τ of (∫ₜ^τ S)² d / (n (n − d)): the variance of the estimate. It is not
    the variance of min(T, τ), which lifelines returns under a similar name.
    """
    time = pl.col("duration").clip(upper_bound=restriction)
    d, n = pl.col("n_events"), pl.col("n_at_risk")
    area = pl.col("survival") * (time.shift(-1).over("cell").fill_null(restriction) - time)
    has_term = (pl.col("duration") <= restriction) & (n > d)
    term = pl.when(has_term).then(pl.col("area_after") ** 2 * d / (n * (n - d))).otherwise(0.0)
    is_told = (pl.col("duration").last() >= restriction) | (pl.col("survival").last() == 0.0)
    return (
        table.with_columns(area=area)
        .with_columns(area_after=pl.col("area").cum_sum(reverse=True).over("cell"))
        .group_by("cell", maintain_order=True)
        .agg(
            rmst=pl.when(is_told).then(time.first() + pl.col("area").sum()),
            rmst_se=pl.when(is_told).then(term.sum().sqrt()),
        )
    )


def shares_within(table: pl.DataFrame, *, limits: pl.DataFrame) -> pl.DataFrame:
    """One row per cell of ``limits`` (``cell``, ``limit``): ``share_within``, 1 − S(its own limit).

    Null beyond follow-up, as in ``kaplan_meier``.
    """
    limit = pl.col("limit").first()
    survival = pl.col("survival").filter(pl.col("duration") <= pl.col("limit")).last()
    is_told = (pl.col("duration").max() >= limit) | (pl.col("survival").last() == 0.0)
    return (
        table.join(limits, on="cell", how="inner", validate="m:1", maintain_order="left")
        .group_by("cell", maintain_order=True)
        .agg(share_within=pl.when(is_told).then(1.0 - survival.fill_null(1.0)))
    )


def refuse_bad_durations(durations: pl.Series) -> None:
    """Raise when a duration is negative, NaN or null."""
    is_good = (durations >= 0) & durations.is_not_nan()
    bad = len(durations) - int(is_good.fill_null(value=False).sum())
    if bad:
        raise NegativeDurationError(
            f"{bad} of {len(durations)} durations are negative or missing; expected 0 or more. "
            "Reject events that precede their receipt in cleaning."
        )


def _log_log_ends(confidence: float) -> tuple[pl.Expr, pl.Expr]:
    from scipy import special

    z = float(special.ndtri(0.5 + confidence / 2))
    s = pl.col("survival")
    spread = z * pl.col("greenwood").sqrt() / s.log().abs()
    low = pl.when(s >= 1.0).then(1.0).when(s <= 0.0).then(0.0).otherwise(s ** spread.exp())
    high = pl.when(s >= 1.0).then(1.0).when(s > 0.0).then(s ** (-spread).exp())
    return low.alias("survival_low"), high.alias("survival_high")
