"""Weights of one wave of a survey that speaks for residents: which categories, which targets.

Puts the steps of ``weights`` together by the written rules of ``docs/methods/weights.md``; a weight
belongs to a combination of background, since all who share it weigh alike.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.statistics.weights import Raking, collapse_categories, rake, trim_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNKNOWN: Final = "unknown"
#: Weighting variables, and whether their neighbours are alike. The language of the questionnaire
#: is not the mother tongue of the statistics, and no variable.
VARIABLES: Final[Mapping[str, bool]] = {"age_band": True, "gender": False, "area": False}
_LEAST_CATEGORIES: Final = 2


@dataclass(frozen=True, slots=True)
class WaveWeights:
    """Weights by combination of background.

    ``combinations``: of each variable ``{variable}_code`` (``unknown`` when not told) and
    ``{variable}_margin`` (null when it is no weighting variable); ``n_respondents``,
    ``raked_weight``, ``weight`` (after trimming; 0 outside the frame) and ``is_trimmed``.
    ``collapsed``: for each variable used the category that each one was merged into.
    """

    combinations: pl.DataFrame
    collapsed: Mapping[str, Mapping[str, str]]
    raking: Raking


def weigh_wave(
    respondents: pl.DataFrame, margins: pl.DataFrame, *, outside_ages: Collection[str] = ()
) -> WaveWeights | None:
    """Weights of the respondents; null when there is nothing to weigh by.

    Args:
        respondents: One row each with ``{variable}_code``, null when not told.
        margins: ``variable``, ``category``, ``n_residents`` (``population.population_margins``), in
            the order of the code lists within a variable.
        outside_ages: Age bands that do not belong to the frame: their respondents weigh nothing.

    Returns:
        Weights that sum to the population. Those who did not tell a variable, or told a category
        that no statistic knows, keep their share of the respondents in it: they are neither spread
        nor raised nor lowered by it.
    """
    codes = [f"{variable}_code" for variable in VARIABLES]
    combinations = (
        respondents.select(pl.col(codes).fill_null(UNKNOWN))
        .group_by(codes)
        .agg(n_respondents=pl.len().cast(pl.Int64))
        .sort(codes)
    )
    is_outside = pl.col("age_band_code").is_in(list(outside_ages))
    inside = combinations.filter(~is_outside)
    named, collapsed = _with_margins(inside, margins)
    if not collapsed:
        return None
    raking = _raked(named, margins, collapsed)
    weights, is_trimmed = _trimmed(named["n_respondents"].to_numpy(), raking.weights)
    weighted = named.with_columns(
        raked_weight=pl.Series(raking.weights), weight=weights, is_trimmed=is_trimmed
    )
    nobody = combinations.filter(is_outside).with_columns(
        raked_weight=0.0, weight=0.0, is_trimmed=False
    )
    both = pl.concat([weighted, nobody], how="diagonal").sort(codes)
    return WaveWeights(both, collapsed, raking)


def _with_margins(
    combinations: pl.DataFrame, margins: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, dict[str, str]]]:
    """The combinations with the category that each variable is raked to."""
    collapsed: dict[str, dict[str, str]] = {}
    columns = []
    for variable, is_ordered in VARIABLES.items():
        code = pl.col(f"{variable}_code")
        known = margins.filter(pl.col("variable") == variable)["category"].to_list()
        counts = {
            name: int(combinations.filter(code == name)["n_respondents"].sum()) for name in known
        }
        merged = collapse_categories(counts, is_ordered=is_ordered) if counts else {}
        margin = pl.lit(None, dtype=pl.String)
        if len(set(merged.values())) >= _LEAST_CATEGORIES:
            collapsed[variable] = merged
            margin = code.replace_strict(merged, default=UNKNOWN, return_dtype=pl.String)
        columns.append(margin.alias(f"{variable}_margin"))
    return combinations.with_columns(columns), collapsed


def _raked(
    named: pl.DataFrame, margins: pl.DataFrame, collapsed: Mapping[str, Mapping[str, str]]
) -> Raking:
    """Weights a respondent, by combination: whole combinations are raked, then divided."""
    n = named["n_respondents"].to_numpy().astype(np.float64)
    residents = float(
        margins.filter(pl.col("variable") == next(iter(collapsed)))["n_residents"].sum()
    )
    codes, totals = [], []
    for variable, merged in collapsed.items():
        categories = [*dict.fromkeys(merged.values()), UNKNOWN]
        place = {name: k for k, name in enumerate(categories)}
        position = named[f"{variable}_margin"].replace_strict(place, return_dtype=pl.Int64)
        wanted = _targets(margins, variable, merged, place)
        unknown = n[position.to_numpy() == len(categories) - 1].sum() / n.sum()
        targets = residents * (1.0 - unknown) * wanted / wanted.sum()
        if unknown > 0:
            targets = np.append(targets, residents * unknown)
        codes.append(position.to_numpy())
        totals.append(targets)
    raking = rake(codes, totals, base=n)
    return Raking(raking.weights / n, raking.n_iterations, raking.is_converged)


def _targets(
    margins: pl.DataFrame, variable: str, merged: Mapping[str, str], place: Mapping[str, int]
) -> Floats:
    rows = margins.filter(pl.col("variable") == variable)
    wanted = np.zeros(len(place) - 1)
    for category, residents in rows.select("category", "n_residents").iter_rows():
        wanted[place[merged[category]]] += residents
    return wanted


def _trimmed(n_respondents: Ints, weights: Floats) -> tuple[pl.Series, pl.Series]:
    """Trimmed by the median of the respondents, not of the combinations."""
    trimmed, is_cut = trim_weights(np.repeat(weights, n_respondents))
    first = np.cumsum(n_respondents) - n_respondents
    return pl.Series(trimmed[first]), pl.Series(is_cut[first])
