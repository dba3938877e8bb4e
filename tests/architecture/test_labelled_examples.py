"""Labelled examples: enough of each, in known codes, each text once."""

import csv
import io
from importlib.resources import files

import polars as pl
import pytest

from data_contracts.contract import code_values
from data_contracts.labelled import read_examples, read_lexicon

HEADER = [
    "text",
    "service_id",
    "service_also",
    "kind",
    "sentiment",
    "language",
    "source_type",
    "topics",
    "groups",
]
SOURCE_TYPES = ["ticket", "survey", "initiative", "idea", "note"]
LEAST_IN_ALL = 1500
LEAST_PER_SERVICE = 40
LETTER = r"\p{L}"


def test_every_file_has_the_columns_of_the_guideline_in_its_order() -> None:
    folder = files("data_contracts") / "labelled_examples"
    headers = {
        entry.name: next(csv.reader(io.StringIO(entry.read_text(encoding="utf-8"))))
        for entry in folder.iterdir()
        if entry.name.endswith(".csv")
    }

    assert {name: found for name, found in headers.items() if found != HEADER} == {}


@pytest.mark.parametrize(
    ("column", "allowed"),
    [
        ("service_id", code_values("services")),
        ("kind", code_values("kind")),
        ("sentiment", code_values("sentiment")),
        ("language", code_values("language")),
        ("source_type", SOURCE_TYPES),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_labels_are_codes_that_exist(column: str, allowed: list[str]) -> None:
    unknown = read_examples().filter(~pl.col(column).is_in(allowed))

    assert unknown.select("file_name", column).rows() == []


@pytest.mark.parametrize(
    ("column", "code_list"),
    [("service_also", "services"), ("topics", "topics"), ("groups", "group")],
)
def test_lists_of_labels_hold_codes_that_exist(column: str, code_list: str) -> None:
    labels = read_examples().select("file_name", pl.col(column).str.split(";")).explode(column)

    unknown = labels.filter(~pl.col(column).is_in(["", *code_values(code_list)]))

    assert unknown.rows() == []


def test_no_second_service_is_the_first_one() -> None:
    twice = read_examples().filter(
        pl.col("service_also").str.split(";").list.contains(pl.col("service_id"))
    )

    assert twice["file_name"].to_list() == []


def test_there_are_enough_examples_in_all_and_of_every_service() -> None:
    counts = dict(read_examples().group_by("service_id").len().rows())

    short = {s: counts.get(s, 0) for s in code_values("services")}

    assert sum(counts.values()) >= LEAST_IN_ALL
    assert {s: n for s, n in short.items() if n < LEAST_PER_SERVICE} == {}


@pytest.mark.parametrize("column", ["kind", "sentiment", "source_type"])
def test_examples_are_spread_over_kinds_sentiments_and_sources(column: str) -> None:
    shares = read_examples()[column].value_counts(normalize=True)["proportion"]

    assert shares.min() >= 0.05


@pytest.mark.parametrize("batch", ["a", "b", "c"])
def test_every_writer_has_written_of_every_service(batch: str) -> None:
    written = read_examples().filter(batch=batch)["service_id"].unique().to_list()

    assert set(code_values("services")) <= set(written)


def test_a_text_that_says_something_stands_in_the_examples_once() -> None:
    saying = read_examples().filter(pl.col("text").str.contains(LETTER))

    doubled = saying.filter(pl.col("text").is_duplicated())

    assert doubled["file_name"].to_list() == []


def test_no_example_is_empty() -> None:
    assert read_examples().filter(pl.col("text").str.strip_chars() == "").height == 0


def test_every_term_of_the_lexicon_stands_once_for_a_known_code() -> None:
    lexicon = read_lexicon()
    known = {
        "service": code_values("services"),
        "kind": code_values("kind"),
        "sentiment": code_values("sentiment"),
        "language": code_values("language"),
        "topics": code_values("topics"),
        "groups": code_values("group"),
        "says_nothing": ["says_nothing"],
    }

    unknown = [
        (task, code)
        for task, code in lexicon.select("task", "code").unique().rows()
        if task != "translation" and code not in known[task]
    ]

    assert unknown == []
    assert lexicon.select("task", "code", "language", "term").is_duplicated().sum() == 0
    assert lexicon.filter(pl.col("term").str.strip_chars() != pl.col("term")).rows() == []


def test_translations_are_lower_case_words_or_stems_of_three_letters_and_more() -> None:
    words = read_lexicon().filter(task="translation")["code"]

    odd = words.filter(
        ~words.str.contains(r"^[\p{L}\p{M}'’-]+\*?$") | words.str.contains(r"^.{1,2}\*")
    )

    assert odd.to_list() == []
    assert words.to_list() == words.str.to_lowercase().to_list()
