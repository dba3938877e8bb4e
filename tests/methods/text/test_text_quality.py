"""Labels of a writer's texts by models that never saw the writer: bars well under the floors of
the evals, so that a broken feature shows in the ordinary tests."""

import polars as pl
import pytest

from data_contracts.labelled import read_examples, read_lexicon
from evals.crossing import label_by_models, measure
from evals.metrics import measure_calibration, measure_macro_f1, measure_micro_f1
from transforms.text.lemmas import empty_type_table, find_analyser
from transforms.text.training import fit_models


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    if find_analyser() is None:
        pytest.skip("libvoikko is not installed")
    examples = read_examples()
    others, theirs = (
        examples.filter(pl.col("batch").is_in(hands)) for hands in (list("abeg"), ["f"])
    )
    types = empty_type_table()
    models = fit_models(others, None, types, lexicon=read_lexicon(), seed=1)
    return measure(label_by_models(theirs, models, types))


def test_services_of_a_stranger_s_texts_are_mostly_right(figures: dict[str, float]) -> None:
    assert figures["service_accuracy"] > 0.69  # 28 services; the commonest is 4 % of the texts


def test_texts_that_are_not_abstained_are_more_often_right(figures: dict[str, float]) -> None:
    assert figures["sure_service_accuracy"] > figures["service_accuracy"] + 0.02
    assert figures["unsure_share"] < 0.4


def test_probabilities_hold_within_ten_points(figures: dict[str, float]) -> None:
    assert figures["service_calibration_error"] < 0.12


def test_kind_sentiment_and_language_beat_the_commonest_class_by_far(
    figures: dict[str, float],
) -> None:
    assert figures["kind_macro_f1"] > 0.68
    assert figures["sentiment_macro_f1"] > 0.65
    assert figures["language_accuracy"] > 0.98


def test_topics_and_groups_are_found_more_often_than_not(figures: dict[str, float]) -> None:
    assert figures["topics_micro_f1"] > 0.66
    assert figures["groups_micro_f1"] > 0.68


def test_micro_f1_counts_every_label_of_every_text() -> None:
    # Right: a of the first, c of the third. Answers 4, given 3: 2 * 2 / (4 + 3).
    answers, given = pl.Series(["a;b", "b", "c"]), pl.Series(["a", None, "c;d"])

    assert measure_micro_f1(answers, given) == pytest.approx(4 / 7)


def test_calibration_error_is_the_weighted_gap_of_the_bins() -> None:
    # Half of the texts at 0.9, half of them right: gap 0.4; half at 0.1, none right: gap 0.1.
    error = measure_calibration(
        pl.Series([0.9, 0.9, 0.1, 0.1]).to_numpy(), pl.Series([1, 0, 0, 0]).to_numpy()
    )

    assert error == pytest.approx(0.5 * 0.4 + 0.5 * 0.1)


def test_macro_f1_weighs_classes_alike() -> None:
    # a: precision 1, recall 1/2 → 2/3; b: precision 1/2, recall 1 → 2/3.
    answers, given = pl.Series(["a", "a", "b"]), pl.Series(["a", "b", "b"])

    assert measure_macro_f1(answers, given) == pytest.approx(2 / 3)
