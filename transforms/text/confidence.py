"""How often a service is right that is as likely, as far ahead of the next, in a text as long and
in such a language: the probability that is told of it.

A stacker alone is too bold at the top, where texts unlike any example lie among clear ones, and in
languages of few examples. Stackers belong to calibration. Page: docs/methods/text.md.
"""

import numpy as np
import numpy.typing as npt

from transforms.text.models import Floats
from transforms.text.stacking import DECIMALS, logistic

Flags = npt.NDArray[np.bool_]
FOREIGN = ("sv", "en", "other")  # each with a bias of its own against Finnish
CONFIDENCE_PENALTY = 0.001  # on squared weights
_USUAL_LOG_WORDS = 3.0  # twenty words
_LEAST, _MOST = 0.05, 0.9933  # beyond them a logit grows and the share that is right does not
_FARTHEST = 6.0  # of the logarithm of the likeliest to the next


def confidence_inputs(
    probability: Floats, n_words: npt.NDArray[np.int64], languages: npt.NDArray[np.str_]
) -> Floats:
    """Of shape (n_texts, 4 + languages): a constant, the likeliest class's logit and probability,
    its lead, length and language.

    Args:
        probability: Of each class, rows that sum to one, at least two classes.
        n_words: Of each text.
        languages: Of each text.
    """
    top = np.partition(probability, -2, axis=1)[:, -2:]
    second, first = top[:, 0], top[:, 1]
    bounded = np.clip(first, _LEAST, _MOST)
    lead = np.log(np.maximum(first, 1e-5) / np.maximum(second, 1e-5))
    return np.column_stack(
        [
            np.ones(len(first)),
            np.log(bounded / (1 - bounded)),
            first,
            np.minimum(lead, _FARTHEST),
            np.log(np.maximum(n_words, 1)) - _USUAL_LOG_WORDS,
            *[languages == language for language in FOREIGN],
        ]
    ).astype(np.float64)


def fit_confidence(inputs: Floats, is_right: Flags) -> Floats:
    """Weights of a logistic regression of being right (Platt 1999), by penalised likelihood."""
    from scipy.optimize import minimize

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = inputs @ weights
        value = float(np.mean(np.logaddexp(0, logits) - logits * is_right))
        slope = inputs.T @ (logistic(logits) - is_right) / len(inputs)
        slope[1:] += 2 * CONFIDENCE_PENALTY * weights[1:]
        return value + CONFIDENCE_PENALTY * float(weights[1:] @ weights[1:]), slope

    start = np.zeros(inputs.shape[1])
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def confidence_of(inputs: Floats, weights: Floats) -> Floats:
    """Probability that the likeliest class is the right one, of shape (n_texts,)."""
    # Not BLAS: its sums depend on how many rows a batch has, and labels must not.
    return logistic(np.einsum("ti,i->t", inputs, weights, optimize=False)).round(DECIMALS)
