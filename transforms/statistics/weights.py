"""Weights that make respondents stand for a population: raking, merging, trimming, diagnostics.

Arrays in and out; what the categories are is decided elsewhere. See ``docs/methods/weights.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TOLERANCE: Final = (
    1e-10  # greatest relative misfit of a margin; looser defaults move the 4th decimal
)
MOST_ROUNDS: Final = 1000
LEAST_RESPONDENTS: Final = 5
TRIM_BELOW: Final = 0.3  # times the median
TRIM_ABOVE: Final = 3.0


class EmptyCategoryError(ValueError):
    """A category of the population has nobody who could stand for it."""


@dataclass(frozen=True, slots=True)
class Raking:
    """Weights after raking: how many rounds it took, and whether every margin held in the end."""

    weights: Floats
    n_iterations: int
    is_converged: bool


@dataclass(frozen=True, slots=True)
class WeightDiagnostics:
    """What weighting costs: least and greatest weight by the mean, and Kish's design effect.

    ``deff`` = n Σw² / (Σw)² = 1 + cv², ``n_eff`` = (Σw)² / Σw²; all NaN without a positive weight.
    """

    weight_min: float
    weight_max: float
    weight_cv: float
    deff: float
    n_eff: float


def rake(
    margins: Sequence[Ints],
    totals: Sequence[Floats],
    *,
    base: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> Raking:
    """Weights whose sums agree with every margin: iterative proportional fitting.

    With one margin this is post-stratification, done in one round.

    Args:
        margins: For each variable the category of each respondent, from 0.
        totals: For each variable the population of each category, > 0; their sums agree.
        base: Weights to start from; 1 for all when not given.
        tolerance: Greatest relative misfit |achieved − wanted| / wanted over all categories.

    Raises:
        EmptyCategoryError: If a category has a population and no respondent: merge it first.

    Reference:
        Deming & Stephan (1940), Ann. Math. Statist. 11, 427–444.
    """
    n = len(margins[0]) if margins else 0
    weights = np.ones(n) if base is None else np.array(base, dtype=np.float64)
    for codes, wanted in zip(margins, totals, strict=True):
        _refuse_empty(codes, wanted)
    for n_rounds in range(1, MOST_ROUNDS + 1):
        for codes, wanted in zip(margins, totals, strict=True):
            achieved = np.bincount(codes, weights=weights, minlength=len(wanted))
            weights = weights * (wanted / achieved)[codes]
        if _misfit(margins, totals, weights) <= tolerance:
            return Raking(weights, n_rounds, is_converged=True)
    return Raking(weights, MOST_ROUNDS, is_converged=False)


def collapse_categories(
    counts: Mapping[str, int], *, is_ordered: bool, least: int = LEAST_RESPONDENTS
) -> dict[str, str]:
    """Which category each one is merged into, so that none has fewer than ``least`` respondents.

    The rule: as long as one is too small, the smallest (of equals the first) is merged, of an
    ordered variable with the smaller of its neighbours, else with the smallest other one (of equals
    the first). Merged ones bear the name of their first. A variable may end as one category.

    Args:
        counts: Respondents of each category, in the order of the code list; 0 counts.
        is_ordered: Whether neighbours are alike, as of age bands.
        least: Respondents that a category needs.
    """
    groups: list[list[str]] = [[name] for name in counts]
    size = dict(counts)
    while len(groups) > 1:
        totals = [sum(size[name] for name in group) for group in groups]
        smallest = min(range(len(groups)), key=lambda i: (totals[i], i))
        if totals[smallest] >= least:
            break
        near = [smallest - 1, smallest + 1] if is_ordered else range(len(groups))
        others = [i for i in near if 0 <= i < len(groups) and i != smallest]
        other = min(others, key=lambda i: (totals[i], i))
        first, second = sorted((smallest, other))
        groups[first] += groups.pop(second)
    return {name: group[0] for group in groups for name in group}


def trim_weights(
    weights: Floats, *, below: float = TRIM_BELOW, above: float = TRIM_ABOVE
) -> tuple[Floats, Flags]:
    """Weights cut to ``below``–``above`` times their median, and which ones were cut.

    What is cut off is shared evenly among the others, so that the sum stays; they may pass a bound
    by it (the rule of ``trimWeights`` of R survey, not strict).
    """
    median = float(np.median(weights)) if len(weights) else np.nan
    cut = np.clip(weights, below * median, above * median)
    is_cut: Flags = cut != weights
    if not is_cut.any() or is_cut.all():
        return cut, is_cut
    surplus = (weights - cut).sum() / (~is_cut).sum()
    return np.where(is_cut, cut, cut + surplus), is_cut


def describe_weights(weights: Floats) -> WeightDiagnostics:
    """Diagnostics of weights; those of 0 (outside the population) are left out.

    Reference:
        Kish (1965), Survey Sampling, §11.7; Kish (1992), J. Official Statist. 8, 183–200.
    """
    positive = weights[weights > 0]
    if not len(positive):
        return WeightDiagnostics(np.nan, np.nan, np.nan, np.nan, np.nan)
    mean = positive.mean()
    n_eff = float(positive.sum() ** 2 / (positive**2).sum())
    deff = len(positive) / n_eff
    return WeightDiagnostics(
        weight_min=float(positive.min() / mean),
        weight_max=float(positive.max() / mean),
        weight_cv=float(np.sqrt(max(deff - 1.0, 0.0))),
        deff=max(deff, 1.0),
        n_eff=n_eff,
    )


def _misfit(margins: Sequence[Ints], totals: Sequence[Floats], weights: Floats) -> float:
    worst = 0.0
    for codes, wanted in zip(margins, totals, strict=True):
        achieved = np.bincount(codes, weights=weights, minlength=len(wanted))
        worst = max(worst, float(np.abs(achieved / wanted - 1.0).max()))
    return worst


def _refuse_empty(codes: Ints, wanted: Floats) -> None:
    empty = int((np.bincount(codes, minlength=len(wanted)) == 0).sum())
    if empty:
        raise EmptyCategoryError(
            f"{empty} of {len(wanted)} categories of a margin have no respondent; expected at "
            "least one in each. Merge them with collapse_categories."
        )
