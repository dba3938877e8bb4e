"""Ridge regression of all labels at once over few texts and many sparse features.

scikit-learn's sparse solvers take one class after another; here every label of every task in a
space shares each product with the texts. Which heads are ridges belongs to models.
"""

from typing import TYPE_CHECKING

import numpy as np

from transforms.text.models import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

TOLERANCE = 3e-2  # of the gradients' lengths: ten times finer moves no figure by 0.1 points
_MOST_STEPS = 100  # far above the twenty that heads need
_TINY = 1e-30  # a label that is solved exactly has nothing left to divide


def fit_ridge(
    texts: "csr_matrix", targets: Floats, weight: Floats, *, strength: float
) -> tuple[Floats, Floats]:
    """Weights (n_features, n_labels) and biases with least squared error.

    Method: conjugate gradients (Hestenes & Stiefel 1952) on the dual of ridge regression (Saunders
    et al. 1998), whose unknowns are one number per text and label, not one per feature. The bias
    is the mean of the targets and has no penalty. Single precision: scores need three digits.

    Args:
        texts: Sparse rows.
        targets: 1 and -1, (n_texts, n_labels).
        weight: Weight of each text in each label's error, not below 0; same shape.
        strength: Penalty on the squared weights.
    """
    from scipy.sparse import csr_matrix

    root = np.sqrt(weight).astype(np.float32)
    rows = csr_matrix(texts, dtype=np.float32)
    columns = rows.T.tocsr()
    bias = (weight * targets).sum(axis=0) / np.maximum(weight.sum(axis=0), _TINY)
    rest = root * (targets - bias).astype(np.float32)
    dual = np.zeros_like(rest)
    direction = rest.copy()
    length = (rest * rest).sum(axis=0)
    enough = TOLERANCE**2 * length
    for _ in range(_MOST_STEPS):
        if (length <= enough).all():
            break
        image = root * (rows @ (columns @ (root * direction))) + np.float32(strength) * direction
        step = length / np.maximum((direction * image).sum(axis=0), _TINY)
        dual += step * direction
        rest -= step * image
        before, length = length, (rest * rest).sum(axis=0)
        direction = rest + length / np.maximum(before, _TINY) * direction
    return np.asarray(columns @ (root * dual), dtype=np.float64), bias
