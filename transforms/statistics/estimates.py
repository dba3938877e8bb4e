"""Weighted means and shares of many cells at once, with linearised standard errors.

The one door to survey estimation: what calls it does not know whether our own engine or the library
svy answers. A cell is a column: values of those in it, NaN for all others, so that every standard
error knows the whole design. See ``docs/methods/weights.md``.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Engine = Literal["own", "svy"]

_LEAST_ANSWERS: Final = 2  # one answer has no error to estimate
_RANK: Final = 1e-9  # eigenvalues below this share of the greatest are zero


class CountedDesignError(ValueError):
    """Alike respondents were put together in a design that has to tell them apart."""


@dataclass(frozen=True, slots=True)
class Design:
    """How the respondents came and what they were calibrated to, one entry a respondent.

    ``weights`` are final. ``margins``: categories (from 0) of the variables that the weights were
    raked or post-stratified to; their residuals make the error. ``base_weights``: before that, all
    alike when not given. ``strata`` and ``clusters`` (from 0; a cluster lies in one stratum), and
    ``population_sizes``: clusters in the respondent's stratum of the population, for the finite-
    population correction. ``counts``: an entry stands for so many alike respondents, for one when
    not given; only without strata, clusters and population sizes.
    """

    weights: Floats
    margins: tuple[Ints, ...] = ()
    base_weights: Floats | None = None
    strata: Ints | None = None
    clusters: Ints | None = None
    population_sizes: Floats | None = None
    counts: Floats | None = None

    def __post_init__(self) -> None:
        others = (self.strata, self.clusters, self.population_sizes)
        if self.counts is not None and any(part is not None for part in others):
            raise CountedDesignError(
                "A design has counts beside strata, clusters or population sizes; expected one "
                "entry a respondent there. Repeat the entries by their counts."
            )


@dataclass(frozen=True, slots=True)
class Estimates:
    """Figures of each cell, in order: answers, mean, its error, and Kish's effective number.

    ``mean`` is NaN without an answer, ``se`` below two.
    """

    n: Ints
    mean: Floats
    se: Floats
    n_eff: Floats
    deff: Floats


def estimate_means(values: Floats, design: Design, *, engine: Engine = "own") -> Estimates:
    """Weighted mean of each column; a share where the values are 0 and 1.

    Args:
        values: Of shape (n_respondents, n_cells); NaN for those outside a cell or without answer.
        design: How they came.
        engine: ``own`` computes all cells together, ``svy`` cell by cell with the library (a
            second opinion: ten to twenty times slower, the same to 1e-9; every cell needs an
            answer, and the weights must be what raking gives, not trimmed).

    Reference:
        Särndal, Swensson & Wretman (1992) §5.5 (ratio), §6.6 (residuals of calibration);
        Lumley (2010) §7; ``docs/methods/weights.md``.
    """
    is_in = ~np.isnan(values)
    weights, counts = design.weights, _counts(design)
    total = (counts * weights) @ is_in
    n = (counts @ is_in).astype(np.int64)
    mean = weighted_means(values, counts * weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = total**2 / ((counts * weights**2) @ is_in)
        deff = n / n_eff
    if engine == "svy":
        mean, se = _by_svy(values, design)
    else:
        scores = np.where(is_in, (values - mean) / np.where(total > 0, total, 1.0), 0.0)
        se = np.sqrt(_variance(weights[:, None] * _residuals(scores, design), design))
    return Estimates(n, mean, np.where(n >= _LEAST_ANSWERS, se, np.nan), n_eff, deff)


def weighted_means(values: Floats, weights: Floats) -> Floats:
    """Weighted mean of each column without its error; NaN without an answer."""
    is_in = ~np.isnan(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        means: Floats = (weights @ np.where(is_in, values, 0.0)) / (weights @ is_in)
    return means


def _by_svy(values: Floats, design: Design) -> tuple[Floats, Floats]:
    from transforms.statistics.svy_engine import means_with_errors

    if design.counts is not None:
        raise CountedDesignError(
            "A design has counts; the library svy expects one entry a respondent. Repeat the "
            "entries by their counts."
        )
    parts: dict[str, Floats | Ints] = {
        "wgt": _base_weights(design) if design.margins else design.weights
    }
    named = {
        "stratum": design.strata,
        "psu": design.clusters,
        "pop_size": design.population_sizes,
    }
    parts |= {part: column for part, column in named.items() if column is not None}
    totals: list[Floats] = [
        np.bincount(codes, weights=design.weights).astype(np.float64) for codes in design.margins
    ]
    return means_with_errors(values, parts, margins=design.margins, totals=totals)


def _residuals(scores: Floats, design: Design) -> Floats:
    """What calibration leaves of the scores: nothing of them that the margins explain."""
    if not design.margins:
        return scores
    root = np.sqrt(_base_weights(design) * _counts(design))[:, None]
    dummies = np.column_stack([_dummies(codes) for codes in design.margins]) * root
    # Dummies of two variables are dependent: an orthonormal basis of what they span.
    values, vectors = np.linalg.eigh(dummies.T @ dummies)
    kept = values > _RANK * values.max()
    basis = dummies @ vectors[:, kept] / np.sqrt(values[kept])
    residuals: Floats = scores - basis @ (basis.T @ (scores * root)) / root
    return residuals


def _variance(contributions: Floats, design: Design) -> Floats:
    """Variance between clusters within strata, of shape (n_cells,)."""
    if design.clusters is None and design.strata is None and design.population_sizes is None:
        # Scores are centred already: the square of their sum takes no digits away.
        counts = _counts(design)
        number = float(counts.sum())
        squares = (counts @ contributions**2) * number - (counts @ contributions) ** 2
        plain: Floats = np.maximum(squares, 0.0) / max(number - 1.0, 1.0)
        return plain
    n = len(contributions)
    clusters = np.arange(n) if design.clusters is None else design.clusters
    strata = np.zeros(n, dtype=np.int64) if design.strata is None else design.strata
    sums = _sums(contributions, clusters)
    stratum_of = np.zeros(len(sums), dtype=np.int64)
    stratum_of[clusters] = strata
    sizes = np.bincount(stratum_of)
    centred = sums - (_sums(sums, stratum_of) / sizes[:, None])[stratum_of]
    factor = sizes / np.maximum(sizes - 1, 1)
    if design.population_sizes is not None:
        population = np.ones(len(sizes))
        population[strata] = design.population_sizes
        factor = factor * (1.0 - sizes / population)
    variance: Floats = (factor[stratum_of][:, None] * centred**2).sum(axis=0)
    return variance


def _sums(rows: Floats, groups: Ints) -> Floats:
    """Sums of rows by group, of shape (n_groups, n_columns)."""
    if len(groups) == 0:
        return np.zeros((0, rows.shape[1]))
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    sums: Floats = np.add.reduceat(rows[order], starts, axis=0)
    return sums


def _dummies(codes: Ints) -> Floats:
    categories = np.arange(int(codes.max(initial=-1)) + 1)
    dummies: Floats = (codes[:, None] == categories).astype(np.float64)
    return dummies


def _counts(design: Design) -> Floats:
    return np.ones(len(design.weights)) if design.counts is None else design.counts


def _base_weights(design: Design) -> Floats:
    if design.base_weights is None:
        return np.ones(len(design.weights))
    return design.base_weights
