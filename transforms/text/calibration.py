"""Scores to probabilities that hold: stackers and the threshold to abstain, fitted on scores of
texts that the heads had not seen. Measures of calibration belong to evals.
"""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from transforms.text.models import Floats

Labels = npt.NDArray[np.int64]

TARGET_ACCURACY = 0.8  # of the texts that are given a service, at least so many are right
MOST_UNSURE = 0.4  # but no more than this share may be left unsure to reach it
_PENALTY = 0.01

# Out-of-fold texts are by the hands that wrote the training texts; residents are strangers. Fitted
# to one hand and tested on one other, for all six pairs (so for any pair without the hand that the
# evals hold out), services were likeliest with logits divided by 1.1; kinds and sentiments by 0.9
# to 1.5, without a pattern.
STRANGER_TEMPERATURE = 1.1


def fit_shared(inputs: Floats, answers: Labels) -> tuple[Floats, Floats]:
    """One weight per head and one bias per class: what many classes and few texts can bear.

    Args:
        inputs: Of shape (n_texts, n_heads * n_classes), heads side by side.
        answers: Class numbers.

    Returns:
        Weights of shape (n_heads * n_classes, n_classes), each head's block a multiple of the
        identity, and biases of shape (n_classes,), by penalised likelihood.
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    n_classes = _count_classes(inputs, answers)
    blocks = inputs.reshape(len(inputs), -1, n_classes)
    n_heads = blocks.shape[1]
    spread = np.maximum(blocks.std(axis=(0, 2)), 1e-9)
    blocks = blocks / spread[None, :, None]
    truth = np.eye(n_classes)[answers]

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, bias = parameters[:n_heads], parameters[n_heads:]
        logits = np.einsum("thc,h->tc", blocks, weights) + bias
        norm = logsumexp(logits, axis=1)
        error = np.exp(logits - norm[:, None]) - truth
        value = np.mean(norm - (logits * truth).sum(axis=1)) + _PENALTY * bias @ bias
        slope = np.einsum("thc,tc->h", blocks, error) / len(inputs)
        return value, np.concatenate([slope, error.mean(axis=0) + 2 * _PENALTY * bias])

    start = np.concatenate([np.full(n_heads, 1 / n_heads), np.zeros(n_classes)])
    limits = [(0.0, None)] * n_heads + [(None, None)] * n_classes
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits).x
    weights = np.vstack([np.eye(n_classes) * w for w in found[:n_heads] / spread])
    return weights, found[n_heads:]


def fit_small(inputs: Floats, answers: Labels) -> tuple[Floats, Floats]:
    """A logistic regression of few inputs, for tasks of few classes; shapes as ``fit_shared``."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0, max_iter=500).fit(inputs, answers)
    if len(model.classes_) == 2:  # noqa: PLR2004 - scikit-learn gives one column for two classes
        return np.hstack([-model.coef_.T / 2, model.coef_.T / 2]), np.concatenate(
            [-model.intercept_ / 2, model.intercept_ / 2]
        )
    return model.coef_.T, model.intercept_


def choose_threshold(inputs: Floats, answers: Labels, stackers: Mapping[str, Floats]) -> float:
    """Least probability from which ``TARGET_ACCURACY`` of the texts is right, and no higher than
    leaves ``MOST_UNSURE`` of them unsure; rounded down to 0.01.
    """
    logits = inputs @ stackers["service_weights"] + stackers["service_bias"]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    best = (powers / powers.sum(axis=1, keepdims=True)).max(axis=1)
    is_right = logits.argmax(axis=1) == answers
    order = np.argsort(-best)
    accuracy = np.cumsum(is_right[order]) / np.arange(1, len(best) + 1)
    reaching = np.flatnonzero(accuracy >= TARGET_ACCURACY)
    kept = int(reaching.max()) if len(reaching) else 0
    least_kept = int((1 - MOST_UNSURE) * len(best))
    last = min(max(kept, least_kept), len(best) - 1)
    return math.floor(100 * float(best[order][last])) / 100


def _count_classes(inputs: Floats, answers: Labels) -> int:
    """Classes are as many as one head has columns: the least divisor above every answer."""
    least = int(answers.max()) + 1
    return next(n for n in range(least, inputs.shape[1] + 1) if inputs.shape[1] % n == 0)
