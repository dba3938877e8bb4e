"""Naive Bayes of counted features as weights of a linear model. Which heads are such: models.

scikit-learn has both; importing it costs three seconds, these lines nothing, and the weights are
the same to the last digits (tests/unit/text/test_bayes.py holds them side by side).
"""

from typing import TYPE_CHECKING

import numpy as np

from transforms.text.models import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def fit_multinomial(
    texts: "csr_matrix", memberships: Floats, *, smoothing: float
) -> tuple[Floats, Floats]:
    """Log-probabilities of features (n_features, n_classes) and of classes.

    Args:
        texts: Counts, sparse rows.
        memberships: Weight of each text in each class, (n_texts, n_classes).
        smoothing: Added to every count.
    """
    counts = np.asarray(texts.T @ memberships) + smoothing
    return np.log(counts / counts.sum(axis=0)), np.log(memberships.sum(axis=0) / memberships.sum())


def fit_complement(texts: "csr_matrix", memberships: Floats, *, smoothing: float) -> Floats:
    """Weights (n_features, n_classes): how little a feature belongs to the other classes.

    Arguments as ``fit_multinomial``. Rennie et al. (2003), without the normalisation of weights.
    """
    counts = np.asarray(texts.T @ memberships)
    others = counts.sum(axis=1, keepdims=True) + smoothing - counts
    weights: Floats = -np.log(others / others.sum(axis=0))
    return weights
