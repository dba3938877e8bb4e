"""What drives satisfaction: each attribute's share of the explained variance, averaged over orders.

Refused where answers are too few or explain too little. No dataset publishes it yet (D17);
``notebooks/drivers.py`` shows it of one survey. See ``docs/methods/drivers.md``.
"""

from itertools import combinations
from math import factorial
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_ANSWERS: Final = 100
LEAST_R2: Final = 0.1
MOST_ATTRIBUTES: Final = 12  # 2 to the 12th fits; more would take hours and say nothing


class DriversRefusedError(ValueError):
    """Drivers are asked for of data that cannot tell them."""


def driver_shares(satisfaction: Floats, attributes: Floats) -> Floats:
    """Share of the variance of ``satisfaction`` that each attribute explains (LMG); they sum to R².

    Args:
        satisfaction: Of shape (n,): the overall answer; NaN where none.
        attributes: Of shape (n, k), k ≤ 12: answers on the attributes, NaN where none. Rows with a
            gap take no part.

    Raises:
        DriversRefusedError: If fewer than 100 rows are whole, an attribute does not vary or is a
            sum of others, there are more than 12, or together they explain less than a tenth.

    Reference:
        Lindeman, Merenda & Gold (1980), p. 119; Grömping (2006), J. Statist. Software 17(1).
    """
    rows = np.column_stack([satisfaction, attributes])
    whole = rows[~np.isnan(rows).any(axis=1)]
    if len(whole) < LEAST_ANSWERS:
        raise DriversRefusedError(
            f"Drivers were asked for of {len(whole)} whole answers, expected {LEAST_ANSWERS} or "
            "more. Ask more people, or leave attributes out that few answer."
        )
    if attributes.shape[1] > MOST_ATTRIBUTES:
        raise DriversRefusedError(
            f"Drivers were asked for of {attributes.shape[1]} attributes, expected "
            f"{MOST_ATTRIBUTES} or fewer. Put those together that ask the same."
        )
    shares = lmg_shares(np.cov(whole, rowvar=False))
    if shares.sum() < LEAST_R2:
        raise DriversRefusedError(
            f"The attributes explain {shares.sum():.2f} of satisfaction, expected {LEAST_R2} or "
            "more. What drives it was not asked."
        )
    return shares


def lmg_shares(covariance: Floats) -> Floats:
    """Shares of R² from the covariance matrix of the answer (first) and its k attributes.

    Raises:
        DriversRefusedError: If an attribute does not vary or is a sum of others.
    """
    k = len(covariance) - 1
    scale = np.sqrt(np.diag(covariance)[1:])
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = covariance[1:, 1:] / np.outer(scale, scale)
    if not np.isfinite(correlation).all() or np.linalg.matrix_rank(correlation, tol=1e-9) < k:
        raise DriversRefusedError(
            f"Of {k} attributes at least one does not vary or is a sum of others; expected each to "
            "say something of its own. Leave it out."
        )
    explained = {
        chosen: _explained(covariance, chosen)
        for size in range(k + 1)
        for chosen in combinations(range(1, k + 1), size)
    }
    shares = np.zeros(k)
    for chosen, r2 in explained.items():
        weight = factorial(len(chosen)) * factorial(k - len(chosen) - 1) if len(chosen) < k else 0
        for attribute in set(range(1, k + 1)) - set(chosen):
            gain = explained[tuple(sorted((*chosen, attribute)))] - r2
            shares[attribute - 1] += weight * gain / factorial(k)
    return shares


def _explained(covariance: Floats, chosen: tuple[int, ...]) -> float:
    """R² of the answer on the chosen attributes."""
    if not chosen:
        return 0.0
    index = list(chosen)
    own = covariance[0, index]
    return float(own @ np.linalg.solve(covariance[np.ix_(index, index)], own) / covariance[0, 0])
