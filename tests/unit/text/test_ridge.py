"""Ridges of all classes at once against the textbook's equations."""

import numpy as np
from scipy.sparse import csr_matrix

from transforms.text.ridge import fit_ridge

CHANCE = np.random.default_rng(7)
TEXTS = CHANCE.random((40, 90)) * (CHANCE.random((40, 90)) < 0.2)
ANSWERS = np.arange(40) % 3
WEIGHT = np.where(np.arange(40) < 20, 1.0, 0.5)
TARGETS = np.where(ANSWERS[:, None] == np.arange(4), 1.0, -1.0)
WEIGHTS = np.repeat(WEIGHT[:, None], 4, axis=1)


def test_scores_are_those_of_the_weighted_normal_equations() -> None:
    mean = (WEIGHT[:, None] * TARGETS).sum(axis=0) / WEIGHT.sum()
    squares = TEXTS.T @ (WEIGHT[:, None] * TEXTS) + 2.0 * np.eye(90)
    expected = np.linalg.solve(squares, TEXTS.T @ (WEIGHT[:, None] * (TARGETS - mean)))

    weights, bias = fit_ridge(csr_matrix(TEXTS), TARGETS, WEIGHTS, strength=2.0)

    assert np.abs(TEXTS @ (weights - expected)).max() < 0.05  # scores lie between -1 and 1
    assert np.allclose(bias, mean)


def test_a_class_without_a_text_is_never_likely() -> None:
    weights, bias = fit_ridge(csr_matrix(TEXTS), TARGETS, WEIGHTS, strength=2.0)

    assert np.all(weights[:, 3] == 0.0)
    assert bias[3] == -1.0


def test_same_texts_give_the_same_bytes() -> None:
    once, twice = (
        fit_ridge(csr_matrix(TEXTS), TARGETS, WEIGHTS, strength=2.0)[0].tobytes() for _ in range(2)
    )

    assert once == twice


def test_each_label_has_weights_of_its_own() -> None:
    without_first = WEIGHTS.copy()
    without_first[:20, 0] = 0.0

    alone, _ = fit_ridge(csr_matrix(TEXTS[20:]), TARGETS[20:], WEIGHTS[20:], strength=2.0)
    together, _ = fit_ridge(csr_matrix(TEXTS), TARGETS, without_first, strength=2.0)

    assert np.abs(TEXTS @ (together[:, 0] - alone[:, 0])).max() < 0.05
