"""Weighted figures of all cells of one wave: means and shares with their errors, in one pass.

See ``docs/methods/weights.md``.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.statistics.estimates import Design, estimate_means, weighted_means

Floats = NDArray[np.float64]

SIGNIFICANT_DIGITS: Final = 12  # beyond them the order of a sum shows, and not the answers
FIGURES: Final = ("n_eff", "deff", "mean", "mean_se", "top_share", "top_se", "bottom_share")


def estimate_wave_cells(
    answers: pl.DataFrame, people: pl.DataFrame, *, cell: Sequence[str], margins: Sequence[str]
) -> pl.DataFrame:
    """One row per cell of ``answers``: the columns ``cell``, then ``FIGURES``.

    Args:
        answers: One row per respondent and cell: ``respondent_id``, the columns ``cell``,
            ``value``, and ``is_top`` and ``is_bottom`` (null where the scale has none). Rows
            without a value, and of those who weigh nothing, take no part.
        people: One row per respondent of the wave: ``respondent_id``, ``weight`` and ``margins``.
        cell: Key of a cell.
        margins: Columns of the categories raked to; null throughout where not.

    Returns:
        Figures to 12 significant digits; null where they cannot be told.
    """
    # Sorted, so that sums do not hang on the order in which files were read.
    inside = people.filter(pl.col("weight") > 0).sort("respondent_id").with_row_index("person")
    told = answers.filter(pl.col("value").is_not_null()).join(
        inside.select("respondent_id", "person"), on="respondent_id", how="inner", validate="m:1"
    )
    cells = told.select(cell).unique().sort(cell).with_row_index("cell")
    placed = told.join(cells, on=list(cell), how="left", validate="m:1", nulls_equal=True)
    design = _design(inside, margins)
    shape = (inside.height, cells.height)
    mean = estimate_means(_matrix(placed, "value", shape), design)
    top = estimate_means(_matrix(placed, "is_top", shape), design)
    bottom = weighted_means(_matrix(placed, "is_bottom", shape), design.weights)
    figures = (mean.n_eff, mean.deff, mean.mean, mean.se, top.mean, top.se, bottom)
    columns = [
        pl.Series(name, values, dtype=pl.Float64).fill_nan(None).round_sig_figs(SIGNIFICANT_DIGITS)
        for name, values in zip(FIGURES, figures, strict=True)
    ]
    return cells.drop("cell").with_columns(columns)


def _design(people: pl.DataFrame, margins: Sequence[str]) -> Design:
    used = [name for name in margins if people[name].null_count() < people.height]
    codes = [np.unique(people[name].to_list(), return_inverse=True)[1] for name in used]
    return Design(people["weight"].to_numpy().astype(np.float64), margins=tuple(codes))


def _matrix(placed: pl.DataFrame, column: str, shape: tuple[int, int]) -> Floats:
    values = np.full(shape, np.nan)
    rows, cells = placed["person"].to_numpy(), placed["cell"].to_numpy()
    values[rows, cells] = placed[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return values
