"""A small corpus from a CSV file: read, learnt from its train part, measured on its test part."""

from pathlib import Path

import polars as pl
import pytest

from data_contracts.labelled import read_lexicon
from evals.corpus import CorpusError, measure_corpus, read_corpus, render_corpus

_TRAIN = {
    "kirjat; lehdet": ("Kirja oli lainassa", "Lehti jäi hyllyyn", "Lainaan kirjoja", "Luen lehteä"),
    "und": ("Kuoppa tiessä", "Tie on jäässä", "Aura ei käynyt", "Kadulla on kuoppia"),
}
_TEST = (("Kirjan laina-aika", "kirjat; lehdet"), ("Jäinen katu ja kuoppa", "und"))


def _write(path: Path, rows: list[tuple[str | None, ...]], *names: str) -> Path:
    pl.DataFrame(rows, schema=list(names), orient="row").write_csv(path)
    return path


def _corpus(path: Path) -> Path:
    rows: list[tuple[str | None, ...]] = [
        (text, label, "train") for label, texts in _TRAIN.items() for text in texts
    ]
    rows += [(text, label, "test") for text, label in _TEST]
    return _write(path / "own.csv", rows, "text", "label", "split")


def test_the_test_part_is_measured_by_models_of_the_train_part(tmp_path: Path) -> None:
    figures = measure_corpus(read_corpus(_corpus(tmp_path)), read_lexicon())

    assert (figures["n_train"], figures["n_test"], figures["n_labels"]) == (8, 2, 2)
    assert (figures["accuracy"], figures["macro_f1"]) == (1.0, 1.0)


def test_shares_are_printed_in_percent() -> None:
    lines = render_corpus({"n_test": 2.0, "accuracy": 0.5}).split("\n")

    assert [line.split() for line in lines] == [["n_test", "2"], ["accuracy", "50.0"]]


def test_rows_without_text_or_label_are_left_out(tmp_path: Path) -> None:
    rows: list[tuple[str | None, ...]] = [
        ("a", "x", "train"),
        (None, "x", "train"),
        ("b", None, "test"),
        ("c", "x", "test"),
    ]

    corpus = read_corpus(_write(tmp_path / "own.csv", rows, "text", "label", "split"))

    assert corpus["text"].to_list() == ["a", "c"]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = _write(tmp_path / "own.csv", [("a", "x")], "text", "luokka")

    with pytest.raises(
        CorpusError, match=r"lacks the columns label, split \(found: text, luokka\)"
    ):
        read_corpus(path)


def test_a_corpus_without_a_test_part_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "own.csv", [("a", "x", "train")], "text", "label", "split")

    with pytest.raises(CorpusError, match="expected both train and test"):
        read_corpus(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="There is no file"):
        read_corpus(tmp_path / "none.csv")
