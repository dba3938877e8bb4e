"""The frozen sets, labelled by models of all examples: no figure below its last accepted one."""

import pytest

from evals.__main__ import FLOORS
from evals.bars import BARS
from evals.frozen import HANDS, fit_all, measure_second_annotator, measure_sets
from evals.report import find_falls, read_floors
from transforms.text.lemmas import find_analyser


def test_no_figure_has_fallen_below_its_floor() -> None:
    if find_analyser() is None:
        pytest.skip("libvoikko is not installed")

    assert find_falls(measure_sets(fit_all()), read_floors(FLOORS)) == []


def test_every_bar_has_a_floor_in_every_set() -> None:
    floors = read_floors(FLOORS)

    assert set(floors) == set(HANDS)
    assert all(set(figures) == {bar.figure for bar in BARS} for figures in floors.values())


def test_a_fall_is_told_with_what_was_found_and_expected() -> None:
    falls = find_falls(
        {"fresh": {"kind_macro_f1": 0.70, "service_calibration_error": 0.08}},
        {"fresh": {"kind_macro_f1": 0.72, "service_calibration_error": 0.05}},
    )

    assert falls[0].startswith("kind_macro_f1 of the fresh set is 0.700, expected 0.720 or better")
    assert falls[1].startswith(
        "service_calibration_error of the fresh set is 0.080, expected 0.050"
    )


@pytest.mark.parametrize("hand", [labelled for labelled, _ in HANDS.values()])
def test_a_second_annotator_shows_that_the_labels_can_be_reached(hand: str) -> None:
    assert measure_second_annotator(hand)["service_or_also_accuracy"] > 0.9
