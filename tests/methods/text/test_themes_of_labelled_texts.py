"""Topics hidden from the past of the labelled examples and put into the last month: how often the
method finds them, and how often it finds what is not there. Figures: docs/methods/themes.md."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from data_contracts.labelled import read_examples
from transforms.text.lemmas import empty_type_table, extend_type_table, find_analyser
from transforms.text.theme_terms import find_sayings
from transforms.text.themes import ThemeSettings, find_themes
from transforms.text.tokens import tokenize_texts

MONTHS = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(13)]
NOW = MONTHS[-1]
Mask = npt.NDArray[np.bool_]


class Written:
    """The Finnish examples with made-up months."""

    def __init__(self) -> None:
        examples = read_examples().filter(
            pl.col("language") == "fi", pl.col("text").str.len_chars() > 10
        )
        self.examples = examples.unique("text", keep="first", maintain_order=True)
        tokens = tokenize_texts(self.examples["text"])["token"]
        self.types = extend_type_table(empty_type_table(), tokens, analyse=find_analyser())

    def about(self, topic: str) -> Mask:
        return self.examples["topics"].str.split(";").list.contains(topic).to_numpy()

    def naming(self, term: str) -> Mask:
        rows = self.terms.filter(pl.col("term") == term)["place"].to_numpy()
        return np.isin(np.arange(self.examples.height), rows)

    @property
    def terms(self) -> pl.DataFrame:
        """Single nouns of each example."""
        texts = self.city(np.zeros(self.examples.height, dtype=np.bool_), n=0, seed=0)
        sayings = find_sayings(texts, types=self.types, masks=[], least=12)
        places = sayings.texts.select("row", place=pl.col("text_id").cast(pl.Int64))
        return sayings.terms.filter("is_noun").join(places, on="row")

    def city(self, hidden: Mask, *, n: int, seed: int) -> pl.DataFrame:
        """The others over thirteen months by chance, and ``n`` of the hidden in the last."""
        rng = np.random.default_rng(seed)
        others = np.flatnonzero(~hidden)
        chosen = rng.permutation(np.flatnonzero(hidden))[:n]
        rows = np.concatenate([others, chosen])
        months = np.concatenate([rng.integers(0, 13, len(others)), np.full(len(chosen), 12)])
        return self.examples[rows].select(
            pl.Series("text_id", rows).cast(pl.String),
            "text",
            pl.Series("month_on", [MONTHS[month] for month in months]),
            language_code=pl.lit("fi"),
            voice=pl.Series(rows).cast(pl.String),
            stratum=pl.lit("ticket"),
            has_topic=(pl.col("topics") != "") & ~pl.Series(hidden[rows]),
        )

    def found(self, city: pl.DataFrame) -> list[str]:
        themes = find_themes(
            city, months=[NOW], types=self.types, masks=[], settings=ThemeSettings()
        )
        return themes.filter(pl.col("theme_kind_code") == "term")["terms"].to_list()

    def right(self, city: pl.DataFrame, hidden: Mask) -> Iterator[bool]:
        """Whether at least half of the month's texts behind each find are of the hidden topic."""
        this_month = city.filter(pl.col("month_on") == NOW)
        sayings = find_sayings(this_month, types=self.types, masks=[], least=1)
        places = sayings.texts.select("row", place=pl.col("text_id").cast(pl.Int64))
        said = sayings.terms.join(places, on="row")
        for terms in self.found(city):
            behind = said.filter(pl.col("term") == terms.split(";", maxsplit=1)[0])["place"]
            yield bool(hidden[behind.to_numpy()].mean() >= 0.5)


@pytest.fixture(scope="module")
def written() -> Written:
    if find_analyser() is None:
        pytest.skip("libvoikko is not installed")
    return Written()


def test_months_drawn_by_chance_have_hardly_anything_new(written: Written) -> None:
    nothing = np.zeros(written.examples.height, dtype=np.bool_)

    found = [written.found(written.city(nothing, n=0, seed=seed)) for seed in range(6)]

    assert sum(map(len, found)) <= 1


@pytest.mark.parametrize("term", ["kirjasto", "parkkipaikka", "latu"])
def test_a_word_that_twelve_texts_say_and_none_said_before_is_found(
    written: Written, term: str
) -> None:
    hidden = written.naming(term)
    assert hidden.sum() >= 12

    found = written.found(written.city(hidden, n=12, seed=1))

    assert any(term in terms.split(";") for terms in found)


def test_broad_topics_of_a_quarter_of_the_month_are_mostly_found(written: Written) -> None:
    topics = ("valaistus", "joukkoliikenne", "pysakointi", "pyoraily", "kaavoitus")
    cities = [(written.city(written.about(t), n=80, seed=2), written.about(t)) for t in topics]

    verdicts = [list(written.right(city, hidden)) for city, hidden in cities]

    assert sum(any(verdict) for verdict in verdicts) >= 4
    assert np.mean([is_right for verdict in verdicts for is_right in verdict]) >= 0.8
