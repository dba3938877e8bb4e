"""The weights of name candidates, learnt from marked texts and pulled towards weights set by hand.

Belongs here: the fit. A logistic model over the features of ``name_features`` whose prior is a
normal distribution about hand-set weights, so that a feature seen twice keeps what experience says
of it. Method: ``docs/methods/masking.md``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

import numpy as np

from transforms.privacy.name_candidates import find_candidates
from transforms.privacy.name_features import features_of
from transforms.privacy.name_letters import triples
from transforms.privacy.name_tokens import Tokens

#: Variance of a weight about its prior.
VARIANCE = 1.0
#: Times that a feature without a prior must be seen to be given a weight.
LEAST_SEEN = 2
#: Times that three letters must stand in names and words together to be given odds.
LEAST_LETTERS_SEEN = 8
#: Added to both counts of three letters.
_SMOOTHING = 3.0


class Example(NamedTuple):
    """A candidate's features, whether it is a person's name, and how much it counts."""

    features: list[str]
    is_person: bool
    weight: float


def examples_of(
    text: str, names: Iterable[tuple[int, int]], *, weight: float = 1.0
) -> list[Example]:
    """The candidates of one text; ``names`` are the spans of the persons' names in it."""
    tokens = Tokens(text)
    spans = list(names)
    found = []
    for candidate in find_candidates(text, tokens):
        start, end = tokens[candidate.first].start, tokens[candidate.last].end
        is_person = any(start < other_end and begin < end for begin, other_end in spans)
        found.append(Example(features_of(text, tokens, candidate), is_person, weight))
    return found


def fit_weights(
    examples: Sequence[Example], priors: Mapping[str, float], *, variance: float = VARIANCE
) -> dict[str, float]:
    """Weights that make the examples likeliest, given that they lie about ``priors``.

    Returns:
        A weight for every feature of ``priors`` and every other one seen ``LEAST_SEEN`` times.
    """
    from scipy.optimize import minimize

    seen = Counter(feature for example in examples for feature in example.features)
    names = sorted(set(priors) | {name for name, n in seen.items() if n >= LEAST_SEEN})
    place = {name: n for n, name in enumerate(names)}
    table = np.zeros((len(examples), len(names)))
    for row, example in enumerate(examples):
        table[row, [place[name] for name in example.features if name in place]] = 1.0
    y = np.array([example.is_person for example in examples], dtype=float)
    weight = np.array([example.weight for example in examples])
    prior = np.array([priors.get(name, 0.0) for name in names])

    def loss(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> tuple[float, object]:
        score = table @ values
        off = values - prior
        share = 1.0 / (1.0 + np.exp(-score))
        total = np.sum(weight * (np.logaddexp(0.0, score) - y * score))
        return float(total + off @ off / (2 * variance)), table.T @ (
            weight * (share - y)
        ) + off / variance

    fitted = minimize(loss, prior, jac=True, method="L-BFGS-B").x
    return {name: round(float(value), 3) for name, value in zip(names, fitted, strict=True)}


def fit_letters(names: Iterable[str], words: Iterable[str]) -> dict[str, float]:
    """Log-odds of three letters in names against words, both once each and in small letters."""
    in_names = Counter(letters for name in names for letters in triples(name))
    in_words = Counter(letters for word in words for letters in triples(word))
    n_names, n_words = in_names.total(), in_words.total()
    return {
        letters: round(
            log((in_names[letters] + _SMOOTHING) / n_names)
            - log((in_words[letters] + _SMOOTHING) / n_words),
            2,
        )
        for letters in sorted(set(in_names) | set(in_words))
        if in_names[letters] + in_words[letters] >= LEAST_LETTERS_SEEN
    }
