"""The held-out hands: known codes, every service, and no text that models could have learnt."""

import polars as pl
import pytest

from data_contracts.contract import code_values
from data_contracts.labelled import read_examples, read_lexicon
from evals.frozen import HANDS
from evals.held_out_hand import read_held_out, words_alone

each_hand = pytest.mark.parametrize("hand", [labelled for labelled, _ in HANDS.values()])


def test_texts_are_one_when_they_differ_in_case_and_punctuation_only() -> None:
    assert words_alone(["Kuoppa, Keskuskadulla!!", "  KUOPPA keskuskadulla 😡"]) == [
        "kuoppa keskuskadulla",
        "kuoppa keskuskadulla",
    ]


@each_hand
def test_no_held_out_text_stands_among_the_examples_or_the_lexicon(hand: str) -> None:
    learnt = {*words_alone(read_examples()["text"]), *words_alone(read_lexicon()["term"])}
    held_out = words_alone(read_held_out(hand)["text"])

    common = [place for place, words in enumerate(held_out) if words and words in learnt]

    assert common == []


@each_hand
@pytest.mark.parametrize(
    ("column", "code_list"),
    [
        ("service_id", "services"),
        ("kind", "kind"),
        ("sentiment", "sentiment"),
        ("language", "language"),
    ],
)
def test_held_out_labels_are_codes_that_exist(column: str, code_list: str, hand: str) -> None:
    unknown = read_held_out(hand).filter(~pl.col(column).is_in(code_values(code_list)))

    assert unknown[column].to_list() == []


@each_hand
def test_held_out_texts_stand_once_and_speak_of_every_service(hand: str) -> None:
    texts = read_held_out(hand)
    words = [text for text in words_alone(texts["text"]) if text]

    assert len(set(words)) == len(words)
    assert set(texts["service_id"]) == set(code_values("services"))
