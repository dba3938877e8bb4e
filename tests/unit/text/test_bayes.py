"""Naive Bayes against scikit-learn's, which the programme does not import."""

import numpy as np
from scipy.sparse import csr_matrix

from transforms.text.bayes import fit_complement, fit_multinomial

CHANCE = np.random.default_rng(3)
COUNTS = csr_matrix(CHANCE.poisson(0.7, (30, 12)).astype(np.float64))
ANSWERS = np.arange(30) % 3
WEIGHT = np.where(ANSWERS == 1, 0.5, 1.0)
MEMBERS = np.eye(3)[ANSWERS] * WEIGHT[:, None]


def test_multinomial_weights_are_those_of_scikit_learn() -> None:
    from sklearn.naive_bayes import MultinomialNB

    expected = MultinomialNB(alpha=0.1).fit(COUNTS, ANSWERS, sample_weight=WEIGHT)

    weights, bias = fit_multinomial(COUNTS, MEMBERS, smoothing=0.1)

    assert np.allclose(weights, expected.feature_log_prob_.T)
    assert np.allclose(bias, expected.class_log_prior_)


def test_complement_weights_are_those_of_scikit_learn() -> None:
    from sklearn.naive_bayes import ComplementNB

    expected = ComplementNB(alpha=1.0).fit(COUNTS, ANSWERS, sample_weight=WEIGHT)

    weights = fit_complement(COUNTS, MEMBERS, smoothing=1.0)

    assert np.allclose(weights, expected.feature_log_prob_.T)
