"""Scores to probabilities that hold: stackers, thresholds of labels and of abstaining, fitted on
scores of texts whose writers the heads had not seen. Measures of calibration belong to evals.
"""

import math

import numpy as np
import numpy.typing as npt

from transforms.text.models import Floats

Labels = npt.NDArray[np.int64]
Members = npt.NDArray[np.bool_]

TARGET_ACCURACY = 0.8  # of the texts that are given a service, at least so many are right
MOST_UNSURE = 0.4  # but no more than this share may be left unsure to reach it
SHARED_PENALTY = 0.01  # on squared biases of the shared stacker
PENALTY = 0.003  # on squared weights of the small ones
_ENOUGH = {"ftol": 1e-7, "gtol": 1e-4}  # a tenth of the steps to the last digit; no figure moves


def fit_shared(inputs: Floats, answers: Labels, *, n_classes: int) -> tuple[Floats, Floats]:
    """One weight per head and one bias per class: what many classes and few texts can bear.

    Args:
        inputs: Of shape (n_texts, n_heads * n_classes), heads side by side.
        answers: Class numbers.
        n_classes: Also of classes that no text has.

    Returns:
        Weights of shape (n_heads * n_classes, n_classes), each head's block a multiple of the
        identity, and biases of shape (n_classes,), by penalised likelihood.
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp

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
        value = np.mean(norm - (logits * truth).sum(axis=1)) + SHARED_PENALTY * bias @ bias
        slope = np.einsum("thc,tc->h", blocks, error) / len(inputs)
        return value, np.concatenate([slope, error.mean(axis=0) + 2 * SHARED_PENALTY * bias])

    start = np.concatenate([np.full(n_heads, 1 / n_heads), np.zeros(n_classes)])
    limits = [(0.0, None)] * n_heads + [(None, None)] * n_classes
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=_ENOUGH, bounds=limits).x
    weights = np.vstack([np.eye(n_classes) * w for w in found[:n_heads] / spread])
    return weights, found[n_heads:]


def fit_small(inputs: Floats, truth: Members, *, is_multiple: bool) -> tuple[Floats, Floats]:
    """Logistic regression of few inputs; inputs are brought to unit spread for the penalty.

    Args:
        inputs: Of shape (n_texts, n_inputs).
        truth: Classes of each text, (n_texts, n_classes): just one, or any number with
            ``is_multiple``, when every class is a regression of its own.
        is_multiple: Whether a text may have several classes.
    """
    from scipy.optimize import minimize
    from scipy.special import expit, logsumexp

    mean, spread = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-9)
    scaled = (inputs - mean) / spread
    shape = (inputs.shape[1] + 1, truth.shape[1])

    def loss(parameters: Floats) -> tuple[float, Floats]:
        table = parameters.reshape(shape)
        logits = scaled @ table[1:] + table[0]
        if is_multiple:
            value = (np.logaddexp(0, logits) - logits * truth).sum()
            error = expit(logits) - truth
        else:
            norm = logsumexp(logits, axis=1)
            value = (norm - (logits * truth).sum(axis=1)).sum()
            error = np.exp(logits - norm[:, None]) - truth
        slope = np.vstack([error.sum(axis=0), scaled.T @ error]) / len(inputs)
        slope[1:] += 2 * PENALTY * table[1:]
        return value / len(inputs) + PENALTY * (table[1:] ** 2).sum(), slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=_ENOUGH).x.reshape(shape)
    weights = found[1:] / spread[:, None]
    return weights, found[0] - mean @ weights


def choose_threshold(probability: Floats, is_right: npt.NDArray[np.bool_]) -> float:
    """Least probability from which ``TARGET_ACCURACY`` of the texts is right, and no higher than
    leaves ``MOST_UNSURE`` of them unsure; rounded down to 0.01.

    Args:
        probability: Of the likeliest class of each text.
        is_right: Whether it is the right one.
    """
    best = probability
    order = np.argsort(-best, kind="stable")
    accuracy = np.cumsum(is_right[order]) / np.arange(1, len(best) + 1)
    reaching = np.flatnonzero(accuracy >= TARGET_ACCURACY)
    kept = int(reaching.max()) if len(reaching) else 0
    least_kept = int((1 - MOST_UNSURE) * len(best))
    last = min(max(kept, least_kept), len(best) - 1)
    return math.floor(100 * float(best[order][last])) / 100


def choose_label_thresholds(probability: Floats, truth: Members) -> Floats:
    """One least probability for all labels of a task, that which gives the best micro-F1 (of ties
    the highest).

    With probabilities that hold, it is half of the best F1 whatever the label (Lipton et al. 2014);
    a threshold for each label fits the examples and not the next writer. A label that no text has
    gets 1, out of reach of every probability below it.
    """
    is_known = truth.any(axis=0)
    thresholds = np.ones(truth.shape[1])
    flat, hit = probability[:, is_known].ravel(), truth[:, is_known].ravel()
    if len(flat):
        order = np.argsort(-flat, kind="stable")
        hits = np.cumsum(hit[order])
        f1 = 2 * hits / (np.arange(1, len(order) + 1) + hits[-1])
        thresholds[is_known] = flat[order[f1.argmax()]]
    return thresholds
