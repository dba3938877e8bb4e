"""Lemmas and compound parts, with Voikko and without."""

import threading
from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from transforms.text.lemmas import Analyse, empty_type_table, extend_type_table, find_analyser


@pytest.fixture
def analyse() -> Analyse:
    found = find_analyser()
    if found is None:
        pytest.skip("libvoikko is not installed")
    return found


def _row(token: str, analyse: Analyse | None) -> tuple[str, str, str, str, bool]:
    table = extend_type_table(empty_type_table(), pl.Series([token]), analyse=analyse)
    return table.row(0)


def test_compound_gives_its_lemma_and_parts(analyse: Analyse) -> None:
    token, lemma, parts, classes, is_known = _row("katuvalaistuksesta", analyse)

    assert (token, lemma, parts) == ("katuvalaistuksesta", "katuvalaistus", "katu;valaistus")
    assert (classes, is_known) == ("nimisana", True)


@pytest.mark.parametrize(
    ("written", "lemma"), [("meirän", "me"), ("tehrä", "tehdä"), ("pyorasta", "pyörä")]
)
def test_dialect_and_missing_dots_find_a_lemma_but_stay_unknown(
    written: str, lemma: str, analyse: Analyse
) -> None:
    found = _row(written, analyse)

    assert (found[1], found[4]) == (lemma, False)


def test_without_voikko_a_word_is_its_own_unknown_lemma() -> None:
    assert _row("katuvalaistuksesta", None) == (
        "katuvalaistuksesta",
        "katuvalaistuksesta",
        "",
        "",
        False,
    )


def test_each_distinct_token_is_analysed_once() -> None:
    asked: list[str] = []

    def count(word: str) -> Sequence[Mapping[str, str]]:
        asked.append(word)
        return [{"BASEFORM": word, "WORDBASES": f"+{word}({word})", "CLASS": "nimisana"}]

    first = extend_type_table(
        empty_type_table(), pl.Series(["valo", "valo", "katu"]), analyse=count
    )
    second = extend_type_table(first, pl.Series(["katu", "tie"]), analyse=count)

    assert asked == ["katu", "valo", "tie"]
    assert second["token"].to_list() == ["katu", "valo", "tie"]


def test_punctuation_is_not_analysed(analyse: Analyse) -> None:
    assert _row("!!!", analyse) == ("!!!", "!!!", "", "", False)


def test_overlong_words_are_left_unknown(analyse: Analyse) -> None:
    assert _row("a" * 300, analyse)[4] is False


def test_each_thread_has_its_own_analyser(analyse: Analyse) -> None:
    others: list[Analyse | None] = []
    thread = threading.Thread(target=lambda: others.append(find_analyser()))
    thread.start()
    thread.join()

    assert others[0] is not analyse
    assert find_analyser() == analyse
