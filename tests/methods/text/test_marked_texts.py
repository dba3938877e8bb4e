"""How masking and places are measured on texts that a person has marked."""

import pytest

from data_contracts.marked import parse_marked
from evals.marked import measure_masking, measure_places


def test_masking_is_measured_by_overlap() -> None:
    texts = [parse_marked("⟦nimi|Aku Ankka⟧ ja ⟦puhelin|040 1⟧, ⟦not|Satu⟧ ja ⟦not|Kivi⟧")]
    found = {texts[0].text: [(4, 9, "nimi"), (20, 24, "nimi"), (10, 12, "nimi")]}

    figures = measure_masking(texts, lambda text: found[text])

    # One of two marked spans is reached; one of three found spans reaches a mark; "Satu" at 20.
    assert figures["pii_recall"] == pytest.approx(1 / 2)
    assert figures["pii_precision"] == pytest.approx(1 / 3)
    assert figures["hard_negatives_touched"] == pytest.approx(1 / 2)


def test_places_are_counted_once_a_text_and_micro_averaged() -> None:
    texts = [
        parse_marked("⟦place:Nurmo|Nurmossa⟧ ja ⟦place:Nurmo|Nurmosta⟧ ⟦place:Pohja|Pohjaan⟧"),
        parse_marked("ei mitään"),
    ]

    figures = measure_places(texts, ["Nurmo", "Kärki"])

    # Right 1; named 2; given 2: F1 = 2·1 / (2 + 2).
    assert figures["places_micro_f1"] == pytest.approx(1 / 2)
