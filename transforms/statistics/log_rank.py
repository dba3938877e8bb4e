"""The log-rank test: whether two or more groups wait differently, for many cells at once.

Groups are compared within a cell, any set of observations. See ``docs/methods/log_rank.md``.
"""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.statistics.survival import refuse_bad_durations

Floats = NDArray[np.float64]

RESULT_SCHEMA: Final = pl.Schema(
    {
        "n_groups": pl.Int64,
        "chi_square": pl.Float64,
        "degrees_of_freedom": pl.Int64,
        "p_value": pl.Float64,
    }
)


def log_rank(observations: pl.DataFrame) -> pl.DataFrame:
    """One row per cell: groups, chi-square, degrees of freedom and p.

    At each distinct duration with d events among n at risk, a group with n_g at risk expects
    d n_g / n; variances are hypergeometric. A group never at risk of an event takes no part.

    Args:
        observations: ``cell`` and ``group`` (any keys), ``duration`` (≥ 0, no nulls), ``is_event``
            (false: right-censored; one censored at t is at risk at t).

    Returns:
        ``cell``, ``n_groups`` (groups that take part), ``chi_square``, ``degrees_of_freedom``
        (one less), ``p_value``; the last three null below two groups. Sorted by cell.

    Raises:
        NegativeDurationError: If a duration is negative, NaN or null.

    Reference:
        Mantel (1966), Cancer Chemother. Rep. 50, 163–170; Peto & Peto (1972); the estimator of R's
        ``survdiff`` with rho = 0.
    """
    refuse_bad_durations(observations["duration"])
    groups = observations["group"].unique().sort()
    codes = pl.DataFrame({"group": groups}).with_row_index("g")
    steps = _steps(observations.join(codes, on="group", how="left", validate="m:1"), len(groups))
    moments = _moments(steps, len(groups))
    cells = moments["cell"]
    observed_less_expected = _stacked(moments, [f"u_{g}" for g in range(len(groups))])
    pairs = [f"v_{g}_{h}" for g in range(len(groups)) for h in range(len(groups))]
    variance = _stacked(moments, pairs).reshape(len(cells), len(groups), len(groups))
    expected = _stacked(moments, [f"e_{g}" for g in range(len(groups))])
    figures = _tests(observed_less_expected, variance, n_groups=(expected > 0).sum(axis=1))
    return pl.DataFrame({"cell": cells, **figures}).cast(RESULT_SCHEMA).sort("cell")


def _steps(observations: pl.DataFrame, n_groups: int) -> pl.DataFrame:
    """One row per cell and duration: events and those at risk, in all and in each group."""
    is_event = pl.col("is_event").cast(pl.Int64)
    members = {g: (pl.col("g") == g).cast(pl.Int64) for g in range(n_groups)}
    leaving = observations.group_by("cell", "duration").agg(
        d=is_event.sum(),
        leave=pl.len().cast(pl.Int64),
        **{f"d_{g}": (is_event * member).sum() for g, member in members.items()},
        **{f"leave_{g}": member.sum() for g, member in members.items()},
    )
    names = ["leave", *(f"leave_{g}" for g in range(n_groups))]
    at_risk = [
        pl.col(name).cum_sum(reverse=True).over("cell").alias(name.replace("leave", "n"))
        for name in names
    ]
    return leaving.sort("cell", "duration").with_columns(at_risk)


def _moments(steps: pl.DataFrame, n_groups: int) -> pl.DataFrame:
    """One row per cell: observed less expected, expected, and the variances, over all durations."""
    d, n = pl.col("d"), pl.col("n")
    spread = pl.when(n > 1).then(d * (n - d) / (n - 1)).otherwise(0.0)
    share = [pl.col(f"n_{g}") / n for g in range(n_groups)]
    sums = {f"u_{g}": (pl.col(f"d_{g}") - d * share[g]).sum() for g in range(n_groups)}
    sums |= {f"e_{g}": (d * share[g]).sum() for g in range(n_groups)}
    for g in range(n_groups):
        for h in range(n_groups):
            own = share[g] if g == h else pl.lit(0.0)
            sums[f"v_{g}_{h}"] = (spread * (own - share[g] * share[h])).sum()
    return steps.group_by("cell", maintain_order=True).agg(**sums)


def _tests(
    gaps: Floats, variance: Floats, *, n_groups: NDArray[np.int64]
) -> dict[str, list[float | None] | NDArray[np.int64] | list[int | None]]:
    """Chi-square by the pseudo-inverse: the variances of all groups sum to nothing."""
    from scipy import stats

    inverse = np.linalg.pinv(variance, rcond=1e-9, hermitian=True)
    chi_square = np.einsum("cg,cgh,ch->c", gaps, inverse, gaps)
    degrees = np.maximum(n_groups - 1, 1)
    p_value = stats.chi2.sf(chi_square, degrees)
    is_told = n_groups > 1
    return {
        "n_groups": n_groups.astype(np.int64),
        "chi_square": [float(v) if t else None for v, t in zip(chi_square, is_told, strict=True)],
        "degrees_of_freedom": [
            int(v) if t else None for v, t in zip(degrees, is_told, strict=True)
        ],
        "p_value": [float(v) if t else None for v, t in zip(p_value, is_told, strict=True)],
    }


def _stacked(frame: pl.DataFrame, names: list[str]) -> Floats:
    return frame.select(names).to_numpy().astype(np.float64).reshape(frame.height, len(names))
