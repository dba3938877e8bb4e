"""Confidence in a service: from how likely, how far ahead, how long and in which language."""

import numpy as np
import pytest

from transforms.text.confidence import confidence_inputs, confidence_of, fit_confidence
from transforms.text.models import Floats


def _inputs(*rows: list[float], n_words: int = 20, language: str = "fi") -> Floats:
    n = len(rows)
    return confidence_inputs(np.array(rows), np.full(n, n_words), np.full(n, language))


def test_inputs_are_logit_probability_lead_length_and_language() -> None:
    [row] = _inputs([0.8, 0.1, 0.1], n_words=20, language="en")

    # logit of 0.8 is ln 4, lead is ln 8; ln 20 stands 0.0043 below the usual 3.
    assert row == pytest.approx([1, np.log(4), 0.8, np.log(8), np.log(20) - 3, 0, 1, 0])


def test_beyond_the_bounds_certainty_tells_no_more() -> None:
    [sure, surer] = _inputs([0.9999, 0.0001, 0.0], [1.0, 0.0, 0.0])

    assert sure[1] == surer[1]
    assert sure[3] == surer[3] == 6


def test_a_text_without_a_word_counts_as_one_word() -> None:
    assert _inputs([0.6, 0.4], n_words=0)[0, 4] == _inputs([0.6, 0.4], n_words=1)[0, 4] == -3


def test_a_stacker_that_is_too_bold_is_taken_at_its_record() -> None:
    # A hundred texts at 0.95 of which seven in ten are right, a hundred at 0.4 of which three are.
    inputs = _inputs(*[[0.95, 0.05]] * 100, *[[0.4, 0.3]] * 100)
    is_right = np.concatenate([np.arange(100) < 70, np.arange(100) < 30])

    found = confidence_of(inputs, fit_confidence(inputs, is_right))

    assert found[0] == pytest.approx(0.7, abs=0.02)
    assert found[-1] == pytest.approx(0.3, abs=0.02)


def test_a_language_of_few_examples_gets_less_than_finnish() -> None:
    inputs = np.vstack([_inputs(*[[0.9, 0.1]] * 50), _inputs(*[[0.9, 0.1]] * 50, language="en")])
    is_right = np.concatenate([np.arange(50) < 45, np.arange(50) < 30])

    found = confidence_of(inputs, fit_confidence(inputs, is_right))

    assert found[0] - found[-1] == pytest.approx(0.3, abs=0.05)


def test_a_row_does_not_depend_on_the_other_rows() -> None:
    rows = np.random.default_rng(1).dirichlet(np.ones(5), size=40)
    inputs = confidence_inputs(rows, np.arange(40), np.full(40, "sv"))
    weights: Floats = np.random.default_rng(2).normal(size=8)

    alone = [confidence_of(inputs[n : n + 1], weights)[0] for n in range(40)]

    assert confidence_of(inputs, weights).tolist() == alone
