"""The frozen examples: known codes, and no text that models could have learnt."""

import pytest

from data_contracts.contract import code_values
from data_contracts.labelled import read_examples, read_frozen_examples, read_lexicon
from evals.held_out_hand import words_alone


def test_no_frozen_text_stands_among_the_examples_or_the_lexicon() -> None:
    learnt = {*words_alone(read_examples()["text"]), *words_alone(read_lexicon()["term"])}

    frozen = words_alone(read_frozen_examples()["text"])

    assert [place for place, words in enumerate(frozen) if words and words in learnt] == []


@pytest.mark.parametrize(
    ("column", "code_list"),
    [("service_id", "services"), ("kind", "kind"), ("sentiment", "sentiment")],
)
def test_labels_of_frozen_texts_are_codes_that_exist(column: str, code_list: str) -> None:
    found = set(read_frozen_examples()[column])

    assert found - set(code_values(code_list)) == set()
