"""Tokens: words, numbers and runs of punctuation."""

import polars as pl

from transforms.text.tokens import count_words, tokenize_texts


def _tokens_of(text: str) -> list[str]:
    return tokenize_texts(pl.Series([text]))["token"].to_list()


def test_words_numbers_and_punctuation_are_tokens_in_order() -> None:
    assert _tokens_of("Linja-auto 12.30 myöhässä!!!") == ["linja-auto", "12.30", "myöhässä", "!!!"]


def test_composed_and_decomposed_letters_are_one_token() -> None:
    assert _tokens_of("a\u0308iti") == _tokens_of("\u00e4iti") == ["äiti"]


def test_texts_without_a_token_have_no_row_and_no_words() -> None:
    texts = pl.Series(["", "   ", None, "kiitos"], dtype=pl.String)

    tokens = tokenize_texts(texts)

    assert tokens.rows() == [(3, "kiitos")]
    assert count_words(tokens, n_texts=4).to_list() == [0, 0, 0, 1]


def test_only_words_of_letters_are_counted() -> None:
    tokens = tokenize_texts(pl.Series(["3 kuoppaa ?? 👍", "1.2.2024"]))

    assert count_words(tokens, n_texts=2).to_list() == [1, 0]


def test_other_scripts_are_words() -> None:
    assert count_words(tokenize_texts(pl.Series(["Дякую за допомогу"])), n_texts=1).to_list() == [3]
