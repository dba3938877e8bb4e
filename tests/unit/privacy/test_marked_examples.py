"""Marked texts are read as the guideline says, and masking keeps what it reached on them."""

from data_contracts.contract import code_values
from data_contracts.marked import HARD_NEGATIVE, PLACE, Mark, parse_marked, read_marked_examples
from transforms.privacy.mask import find_personal_data


def test_marks_become_spans_of_the_text_without_them() -> None:
    text, marks, batch = parse_marked("Terv. ⟦nimi|Maija M.⟧ ja ⟦not|Kivi⟧", batch="m_00")

    assert (text, batch) == ("Terv. Maija M. ja Kivi", "m_00")
    assert marks == [Mark(6, 14, "nimi"), Mark(18, 22, "not")]


def test_labels_are_codes_hard_negatives_or_places() -> None:
    labels = {mark.label for found in read_marked_examples() for mark in found.marks}

    unknown = {label for label in labels if not label.startswith(PLACE)} - {HARD_NEGATIVE}
    assert unknown <= set(code_values("pii"))


def test_masking_keeps_what_it_reached_on_the_texts_it_was_made_with() -> None:
    n_private = n_found = n_hard = n_touched = 0
    for text, marks, batch in read_marked_examples():
        if not batch.startswith("m_"):
            continue
        spans = find_personal_data(text)
        for mark in marks:
            is_found = any(s.start < mark.end and mark.start < s.end for s in spans)
            if mark.label == HARD_NEGATIVE:
                n_hard, n_touched = n_hard + 1, n_touched + is_found
            else:
                n_private, n_found = n_private + 1, n_found + is_found

    assert n_found / n_private >= 0.97
    assert n_touched / n_hard <= 0.1
