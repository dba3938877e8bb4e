"""Texts that no topic fits, grouped by the words that they share: themes without a name.

Non-negative matrix factorisation with multiplicative updates (Lee & Seung 2001) on TF-IDF, in
NumPy: importing scikit-learn costs more than the whole stage. Page: docs/methods/themes.md.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_N_UPDATES = 60
_TINY = 1e-9


@dataclass(frozen=True)
class Cluster:
    """Rows of one group, and its terms with the heaviest first: places in rows and columns."""

    rows: npt.NDArray[np.int64]
    terms: npt.NDArray[np.int64]


def find_clusters(presence: Floats, *, n_clusters: int, seed: int) -> list[Cluster]:
    """Groups of rows that share terms, the largest first; rows without a term are in none.

    Args:
        presence: 1 where a text has a term, else 0, of shape (n_texts, n_terms).
        n_clusters: How many to look for.
        seed: Start of the factors; the same seed gives the same groups.
    """
    held = presence.sum(axis=0)
    if not held.size or not held.any():
        return []
    weighted = presence * np.log((1.0 + len(presence)) / (1.0 + held))
    lengths = np.sqrt((weighted**2).sum(axis=1, keepdims=True))
    rows, terms = _factorise(weighted / np.maximum(lengths, _TINY), n_clusters, seed)
    scale = np.sqrt((terms**2).sum(axis=1))
    best = (rows * scale).argmax(axis=1)
    best[lengths.ravel() == 0] = -1
    found = [
        Cluster(np.flatnonzero(best == number), np.argsort(-terms[number], kind="stable"))
        for number in range(n_clusters)
    ]
    return sorted(found, key=lambda cluster: -len(cluster.rows))


def _factorise(matrix: Floats, n_clusters: int, seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    rows = 0.1 + rng.random((matrix.shape[0], n_clusters))
    terms = 0.1 + rng.random((n_clusters, matrix.shape[1]))
    for _ in range(_N_UPDATES):
        terms *= (rows.T @ matrix) / (rows.T @ rows @ terms + _TINY)
        rows *= (matrix @ terms.T) / (rows @ (terms @ terms.T) + _TINY)
    return rows, terms
