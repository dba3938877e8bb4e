"""Stackers and the threshold to abstain, on scores made by hand."""

import numpy as np

from transforms.text.calibration import choose_threshold, fit_shared, fit_small
from transforms.text.label import softmax


def test_softmax_rows_sum_to_one_even_for_huge_scores() -> None:
    shares = softmax(np.array([[1000.0, 1000.0], [0.0, np.log(3.0)]]))

    assert np.allclose(shares, [[0.5, 0.5], [0.25, 0.75]])


def test_shared_stacker_trusts_the_head_that_is_right() -> None:
    answers = np.arange(60) % 3
    right = np.eye(3)[answers] * 2 + np.random.default_rng(1).normal(size=(60, 3))
    noise = np.random.default_rng(2).normal(size=(60, 3))

    weights, bias = fit_shared(np.hstack([right, noise]), answers)

    assert weights.shape == (6, 3)
    assert bias.shape == (3,)
    assert weights[0, 0] > 5 * weights[3, 0] >= 0


def test_small_stacker_of_two_classes_has_a_column_for_each() -> None:
    inputs = np.array([[-1.0], [-2.0], [1.0], [2.0]])

    weights, bias = fit_small(inputs, np.array([0, 0, 1, 1]))

    shares = softmax(inputs @ weights + bias)
    assert weights.shape == (1, 2)
    assert (shares.argmax(axis=1) == [0, 0, 1, 1]).all()


def test_threshold_leaves_out_the_least_sure_until_eight_in_ten_are_right() -> None:
    # Ten texts in falling order of certainty, right but for the last two: all ten reach 0.8.
    margins = np.linspace(3.0, 1.2, 10)
    inputs = np.column_stack([margins, np.zeros(10)])
    answers = np.array([0] * 8 + [1] * 2)
    stackers = {"service_weights": np.eye(2), "service_bias": np.zeros(2)}

    threshold = choose_threshold(inputs, answers, stackers)

    assert threshold == 0.76  # 1 / (1 + exp(-1.2)) = 0.7685, rounded down


def test_threshold_never_leaves_more_than_four_in_ten_unsure() -> None:
    margins = np.linspace(3.0, 1.2, 10)
    inputs = np.column_stack([margins, np.zeros(10)])
    stackers = {"service_weights": np.eye(2), "service_bias": np.zeros(2)}

    threshold = choose_threshold(inputs, np.ones(10, dtype=np.int64), stackers)

    assert (softmax(inputs).max(axis=1) >= threshold).sum() >= 6
