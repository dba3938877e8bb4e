"""Stackers and the threshold to abstain, on scores made by hand."""

import numpy as np

from transforms.text.calibration import (
    choose_label_thresholds,
    choose_threshold,
    fit_shared,
    fit_small,
)
from transforms.text.stacking import logistic, softmax


def test_softmax_rows_sum_to_one_even_for_huge_scores() -> None:
    shares = softmax(np.array([[1000.0, 1000.0], [0.0, np.log(3.0)]]))

    assert np.allclose(shares, [[0.5, 0.5], [0.25, 0.75]])


def test_shared_stacker_trusts_the_head_that_is_right() -> None:
    answers = np.arange(60) % 3
    right = np.eye(3)[answers] * 2 + np.random.default_rng(1).normal(size=(60, 3))
    noise = np.random.default_rng(2).normal(size=(60, 3))

    weights, bias = fit_shared(np.hstack([right, noise]), answers, n_classes=3)

    assert weights.shape == (6, 3)
    assert bias.shape == (3,)
    assert weights[0, 0] > 5 * weights[3, 0] >= 0


def test_small_stacker_of_two_classes_has_a_column_for_each() -> None:
    inputs = np.array([[-1.0], [-2.0], [1.0], [2.0]])
    truth = np.eye(2, dtype=np.bool_)[[0, 0, 1, 1]]

    weights, bias = fit_small(inputs, truth, is_multiple=False)

    shares = softmax(inputs @ weights + bias)
    assert weights.shape == (1, 2)
    assert (shares.argmax(axis=1) == [0, 0, 1, 1]).all()


def test_small_stacker_of_several_labels_gives_each_a_regression_of_its_own() -> None:
    inputs = np.array([[-1.0, 1.0], [-2.0, -1.0], [1.0, 1.0], [2.0, -1.0]])
    truth = np.array([[0, 1], [0, 0], [1, 1], [1, 0]], dtype=np.bool_)

    weights, bias = fit_small(inputs, truth, is_multiple=True)

    assert ((logistic(inputs @ weights + bias) > 0.5) == truth).all()


def test_labels_of_lists_share_the_threshold_of_the_best_micro_f1() -> None:
    probability = np.array([[0.9, 0.1, 0.5], [0.8, 0.2, 0.1], [0.3, 0.3, 0.1], [0.2, 0.4, 0.1]])
    truth = np.array([[1, 0, 1], [1, 0, 0], [0, 0, 0], [1, 0, 0]], dtype=np.bool_)

    thresholds = choose_label_thresholds(probability, truth)

    # From 0.2: 4 of 5 given and of 4 right, F1 8/9; from 0.5: 3 of 3 and of 4, 6/7. No text: never.
    assert thresholds.tolist() == [0.2, 1.0, 0.2]


def test_threshold_leaves_out_the_least_sure_until_eight_in_ten_are_right() -> None:
    # Ten texts in falling order of certainty, right but for the last two: all ten reach 0.8.
    threshold = choose_threshold(np.linspace(0.95, 0.768, 10), np.arange(10) < 8)

    assert threshold == 0.76  # 0.768, rounded down


def test_threshold_never_leaves_more_than_four_in_ten_unsure() -> None:
    probability = np.linspace(0.95, 0.5, 10)

    threshold = choose_threshold(probability, np.zeros(10, dtype=np.bool_))

    assert (probability >= threshold).sum() == 7
