"""Figures of a scale question's cells: mean, two best and worst, recommendation, with intervals.

Beside the answers stands either their plain summary or the weighted one; which of them speaks is
decided here, cell by cell. See ``docs/methods/satisfaction.md``.
"""

import numpy as np
import polars as pl

from transforms.statistics.intervals import (
    NPS_MINIMUM_N,
    net_promoter_score,
    share_interval,
    t_interval,
    wilson_interval,
)


def with_points(figures: pl.DataFrame, *, is_weighted: pl.Expr) -> pl.DataFrame:
    """The cells with their effective number, mean and shares of the two best and worst values.

    Args:
        figures: ``n``, ``mean``, ``spread`` (standard deviation), ``n_top``, ``n_bottom`` of all
            cells, and of the weighted ones the figures of ``wave_cells`` with ``w_`` before them.
        is_weighted: Which ones are.
    """
    count = pl.col("n").cast(pl.Float64)
    plain = {
        "n_eff": count,
        "mean": pl.col("mean"),
        "mean_se": pl.col("spread") / count.sqrt(),
        "top2_share": pl.when(count > 0).then(pl.col("n_top") / count),
        "bottom2_share": pl.when(count > 0).then(pl.col("n_bottom") / count),
        "top2_se": pl.lit(None, dtype=pl.Float64),
    }
    weighted = {
        "top2_share": "w_top_share",
        "bottom2_share": "w_bottom_share",
        "top2_se": "w_top_se",
    }
    return figures.with_columns(
        pl.when(is_weighted)
        .then(weighted.get(name, f"w_{name}"))
        .otherwise(value)
        .cast(pl.Float64)
        .fill_nan(None)
        .alias(name)
        for name, value in plain.items()
    )


def with_intervals(figures: pl.DataFrame, *, is_weighted: pl.Expr) -> pl.DataFrame:
    """The cells with intervals of mean and share, and the recommendation where it may stand.

    Args:
        figures: What ``with_points`` gives, and ``question_type_code``.
        is_weighted: Which cells are weighted: their shares have logit intervals (Wilson's on
            ``n_eff`` below 40 answers), the others Wilson's on the counts.
    """
    names = ("n", "n_eff", "mean", "mean_se", "top2_share", "top2_se", "bottom2_share", "n_top")
    n, n_eff, mean, se, top, top_se, bottom, n_top = (
        figures[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in names
    )
    low, high = t_interval(mean, se, n)
    few_low, few_high = wilson_interval(n_top, n)
    top_low, top_high = share_interval(top, top_se, n, n_eff)
    # Shares times numbers may pass the number by a rounding; counts are exact.
    weighs = figures.select(is_weighted).to_series().to_numpy()
    promoters = np.where(weighs, np.minimum(top * n_eff, n_eff), n_top)
    n_bottom = figures["n_bottom"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    detractors = np.where(weighs, np.minimum(bottom * n_eff, n_eff), n_bottom)
    nps, nps_se, nps_low, nps_high = net_promoter_score(promoters, detractors, n_eff)
    is_nps = (pl.col("question_type_code") == "nps") & (pl.col("n") >= NPS_MINIMUM_N)
    columns = {
        "mean_low": low,
        "mean_high": high,
        "top2_low": np.where(weighs, top_low, few_low),
        "top2_high": np.where(weighs, top_high, few_high),
        "nps": nps,
        "nps_se": nps_se,
        "nps_low": nps_low,
        "nps_high": nps_high,
    }
    return figures.with_columns(
        pl.Series(name, values).fill_nan(None) for name, values in columns.items()
    ).with_columns(pl.when(is_nps).then(pl.col("nps", "nps_se", "nps_low", "nps_high")))
