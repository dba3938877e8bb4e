"""The frozen sets, labelled by models of all examples: no figure below its last accepted one."""

import pytest

from evals.__main__ import FLOORS
from evals.bars import BARS
from evals.crossing import measure
from evals.frozen import fit_all, label_held_out, measure_marked, measure_second_annotator
from evals.report import find_falls, read_floors
from transforms.text.lemmas import find_analyser


def test_no_figure_has_fallen_below_its_floor() -> None:
    if find_analyser() is None:
        pytest.skip("libvoikko is not installed")
    frozen = measure(label_held_out(fit_all())) | measure_marked()

    assert find_falls(frozen, read_floors(FLOORS)) == []


def test_every_bar_has_a_floor() -> None:
    assert set(read_floors(FLOORS)) == {bar.figure for bar in BARS}


def test_a_fall_is_told_with_what_was_found_and_expected() -> None:
    falls = find_falls(
        {"kind_macro_f1": 0.70, "service_calibration_error": 0.08},
        {"kind_macro_f1": 0.72, "service_calibration_error": 0.05},
    )

    assert falls[0].startswith("kind_macro_f1 is 0.700, expected 0.720 or better")
    assert falls[1].startswith("service_calibration_error is 0.080, expected 0.050")


def test_a_second_annotator_shows_that_the_labels_can_be_reached() -> None:
    assert measure_second_annotator()["service_or_also_accuracy"] > 0.95
