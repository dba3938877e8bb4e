"""Ridge regression of all classes at once over few texts and many sparse features.

scikit-learn's sparse solvers take one class after another; here every class shares each product
with the texts. Which heads are ridges belongs to models.
"""

from typing import TYPE_CHECKING

import numpy as np

from transforms.text.calibration import Labels
from transforms.text.models import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

TOLERANCE = 1e-2  # of the gradients' lengths: ten times finer changes no label in a thousand
_MOST_STEPS = 100  # far above the twenty that heads need
_TINY = 1e-30  # a class that is solved exactly has nothing left to divide


def fit_ridge(
    texts: "csr_matrix", answers: Labels, weight: Floats, *, n_classes: int, strength: float
) -> tuple[Floats, Floats]:
    """Weights (n_features, n_classes) and biases that tell 1 from -1 with least squared error.

    Method: conjugate gradients (Hestenes & Stiefel 1952) on the dual of ridge regression (Saunders
    et al. 1998), whose unknowns are one number per text and class, not one per feature. The bias
    is the mean of the targets and has no penalty. Single precision: scores need three digits.

    Args:
        texts: Sparse rows.
        answers: Class number of each row.
        weight: Weight of each row in the error, above 0.
        n_classes: Also of classes without a row.
        strength: Penalty on the squared weights.
    """
    from scipy.sparse import csr_matrix

    root = np.sqrt(weight)
    values = (texts.data * np.repeat(root, np.diff(texts.indptr))).astype(np.float32)
    rows = csr_matrix((values, texts.indices, texts.indptr), shape=texts.shape)
    targets = np.where(answers[:, None] == np.arange(n_classes), 1.0, -1.0)
    bias = weight @ targets / weight.sum()
    rest = (root[:, None] * (targets - bias)).astype(np.float32)
    dual = np.zeros_like(rest)
    direction = rest.copy()
    length = (rest * rest).sum(axis=0)
    enough = TOLERANCE**2 * length
    for _ in range(_MOST_STEPS):
        if (length <= enough).all():
            break
        image = rows @ (rows.T @ direction) + strength * direction
        step = length / np.maximum((direction * image).sum(axis=0), _TINY)
        dual += step * direction
        rest -= step * image
        before, length = length, (rest * rest).sum(axis=0)
        direction = rest + length / np.maximum(before, _TINY) * direction
    return np.asarray(rows.T @ dual, dtype=np.float64), bias
