"""The examples that are got most wrong: in a made-up world where one hand speaks otherwise."""

import polars as pl
import pytest

from evals.worst import find_worst, render_worst

LEXICON = pl.DataFrame(
    [("language", "fi", "fi", "ja"), ("language", "sv", "sv", "och")],
    schema=["task", "code", "language", "term"],
    orient="row",
)
TEXTS = {"kirjasto": "Kirjaston kirjat {}", "kadut": "Kadun kuoppa {}"}
FILLERS = ("aamulla", "illalla", "talvella", "kesällä")


def _examples() -> pl.DataFrame:
    rows = [
        (text.format(filler), service, "", hand, f"{hand}_01.csv")
        for hand in "abcd"
        for service, text in TEXTS.items()
        for filler in FILLERS
    ]
    rows[3] = ("Kirjaston\nkirjat", "kirjasto", "", "a", "a_01.csv")
    rows[5] = ("Kirjaston kirjat kadulla", "kadut", "", "a", "a_01.csv")
    rows[6] = ("Kirjaston kirjat pihalla", "kadut", "museo;kirjasto", "a", "a_01.csv")
    schema = ["text", "service_id", "service_also", "batch", "file_name"]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        kind=pl.Series(["vika", "moite"] * 16),
        sentiment=pl.Series(["neutraali", "negatiivinen"] * 16),
        language=pl.lit("fi"),
        topics=pl.lit(""),
        groups=pl.lit(""),
    )


@pytest.fixture(scope="module")
def worst() -> pl.DataFrame:
    return find_worst(_examples(), LEXICON, n_worst=3)


def test_the_surest_mistake_stands_first_with_its_file_and_line(worst: pl.DataFrame) -> None:
    # The fourth text of the file has two lines, so the sixth begins on line 8: 1 + 5 + 1 + 1.
    assert worst.row(0)[:4] == ("a_01.csv", 8, "kadut", "kirjasto")
    assert worst["p"].is_sorted(descending=True)


def test_a_service_that_a_clerk_would_accept_is_no_mistake(worst: pl.DataFrame) -> None:
    assert 9 not in worst.filter(file_name="a_01.csv")["line"].to_list()


def test_words_that_decided_are_named_with_their_weight(worst: pl.DataFrame) -> None:
    first = render_worst(worst).split("\n")[:2]

    assert first[0].startswith("a_01.csv:8  kadut taken for kirjasto (p ")
    assert "kirjaston +" in first[1]
