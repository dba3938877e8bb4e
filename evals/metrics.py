"""Measures of classification and calibration, from frames of answers and labels."""

from typing import Any

import numpy as np
import polars as pl

N_BINS = 15


def likeliest_services(labels: pl.DataFrame) -> pl.Series:
    """The likeliest service of each text, abstained or not."""
    return labels.select(
        pl.when("labelled_is_service_unsure")
        .then("labelled_service_2_id")
        .otherwise("labelled_service_id")
    ).to_series()


def measure_calibration(probability: np.ndarray[Any, Any], is_right: np.ndarray[Any, Any]) -> float:
    """Expected calibration error over ``N_BINS`` equal bins (Guo et al. 2017, formula 3)."""
    bins = np.minimum((probability * N_BINS).astype(int), N_BINS - 1)
    error = 0.0
    for number in np.unique(bins):
        inside = bins == number
        error += inside.mean() * abs(probability[inside].mean() - is_right[inside].mean())
    return float(error)


def measure_macro_f1(answers: pl.Series, given: pl.Series) -> float:
    """Mean of the classes' F1 over the classes that occur in the answers."""
    scores = []
    for code in answers.unique():
        n_both = ((answers == code) & (given == code)).sum()
        n_either = (answers == code).sum() + (given == code).sum()
        scores.append(2 * n_both / n_either)
    return float(np.mean(scores))


def measure_micro_f1(answers: pl.Series, given: pl.Series) -> float:
    """F1 of all labels of all texts together; both are codes joined by ``;``, null or empty where
    a text has none.
    """
    n_right = n_answers = n_given = 0
    for wanted, found in zip(answers, given, strict=True):
        right, mine = ({*filter(None, (codes or "").split(";"))} for codes in (wanted, found))
        n_right += len(right & mine)
        n_answers += len(right)
        n_given += len(mine)
    return 2 * n_right / (n_answers + n_given) if n_answers + n_given else 1.0
