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

    Who has the same background weighs alike, and who gave the same answer as well is in the same
    cells with the same value: they are one entry of the design, so that it does not grow with them.

    Args:
        answers: Answers to one question, a row per background, value and cell: ``background``,
            ``value``, ``k`` (how many gave it), the columns ``cell``, and ``is_top`` and
            ``is_bottom`` (null where the scale has none). Those who weigh nothing take no part.
        people: One row per background of the wave: ``background``, ``n``, ``weight``, ``margins``.
        cell: Key of a cell.
        margins: Columns of the categories raked to; null throughout where not.

    Returns:
        Figures to 12 significant digits; null where they cannot be told.
    """
    inside = people.filter(pl.col("weight") > 0)
    told = answers.join(inside.select("background"), on="background", how="semi")
    entries = _entries(told, inside)
    cells = told.select(cell).unique().sort(cell).with_row_index("cell")
    placed = told.join(cells, on=list(cell), how="left", validate="m:1", nulls_equal=True).join(
        entries.drop_nulls("value").select("background", "value", "entry"),
        on=["background", "value"],
        how="left",
        validate="m:1",
    )
    design = _design(entries, margins)
    shape = (entries.height, cells.height)
    mean = estimate_means(_matrix(placed, "value", shape), design)
    top = estimate_means(_matrix(placed, "is_top", shape), design)
    weighs = entries["weight"].to_numpy() * entries["k"].to_numpy()
    bottom = weighted_means(_matrix(placed, "is_bottom", shape), weighs)
    figures = (mean.n_eff, mean.deff, mean.mean, mean.se, top.mean, top.se, bottom)
    columns = [
        pl.Series(name, values, dtype=pl.Float64).fill_nan(None).round_sig_figs(SIGNIFICANT_DIGITS)
        for name, values in zip(FIGURES, figures, strict=True)
    ]
    return cells.drop("cell").with_columns(columns)


def _entries(told: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    """One row per background and value, and per background for those who gave none, in order."""
    given = told.select("background", "value", "k").unique(["background", "value"])
    silent = (
        inside.select("background", "n")
        .join(given.group_by("background").agg(pl.col("k").sum()), on="background", how="left")
        .select(
            "background",
            value=pl.lit(None, dtype=pl.Float64),
            k=pl.col("n") - pl.col("k").fill_null(0),
        )
        .filter(pl.col("k") > 0)
    )
    both = pl.concat([given, silent]).join(inside.drop("n"), on="background", how="left")
    # Sorted, so that sums do not hang on the order in which files were read.
    return both.sort("background", "value").with_row_index("entry")


def _design(entries: pl.DataFrame, margins: Sequence[str]) -> Design:
    used = [name for name in margins if entries[name].null_count() < entries.height]
    codes = [np.unique(entries[name].to_list(), return_inverse=True)[1] for name in used]
    weights, counts = (entries[name].to_numpy().astype(np.float64) for name in ("weight", "k"))
    return Design(weights, margins=tuple(codes), counts=counts)


def _matrix(placed: pl.DataFrame, column: str, shape: tuple[int, int]) -> Floats:
    values = np.full(shape, np.nan)
    rows, cells = placed["entry"].to_numpy(), placed["cell"].to_numpy()
    values[rows, cells] = placed[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return values
