"""How masking and places are measured on texts that a person has marked."""

import pytest

from evals.marked import measure_masking, measure_places, take_marks


def test_marks_are_taken_out_and_their_places_kept() -> None:
    marked = take_marks("Hei ⟦nimi|Aku⟧, ⟦place:Törnävä|Törnävällä⟧ on ⟦not|Satu⟧.")

    assert marked.text == "Hei Aku, Törnävällä on Satu."
    assert marked.personal == ((4, 7, "nimi"),)
    assert marked.places == {"Törnävä"}
    assert marked.left_alone == ((23, 27),)


def test_masking_is_measured_by_overlap() -> None:
    texts = [take_marks("⟦nimi|Aku Ankka⟧ ja ⟦puhelin|040 1⟧, ⟦not|Satu⟧ ja ⟦not|Kivi⟧")]
    found = {texts[0].text: [(4, 9, "nimi"), (20, 24, "nimi"), (10, 12, "nimi")]}

    figures = measure_masking(texts, lambda text: found[text])

    # One of two marked spans is reached; one of three found spans reaches a mark; "Satu" at 20.
    assert figures["pii_recall"] == pytest.approx(1 / 2)
    assert figures["pii_precision"] == pytest.approx(1 / 3)
    assert figures["hard_negatives_touched"] == pytest.approx(1 / 2)


def test_places_are_counted_once_a_text_and_micro_averaged() -> None:
    texts = [
        take_marks("⟦place:Nurmo|Nurmossa⟧ ja ⟦place:Nurmo|Nurmosta⟧ ⟦place:Pohja|Pohjaan⟧"),
        take_marks("ei mitään"),
    ]

    figures = measure_places(texts, ["Nurmo", "Kärki"])

    # Right 1; named 2; given 2: F1 = 2·1 / (2 + 2).
    assert figures["places_micro_f1"] == pytest.approx(1 / 2)
