"""Themes of a made-up city: what is planted is found, and nothing else is."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from transforms.text.lemmas import empty_type_table, find_analyser
from transforms.text.themes import (
    THEME_SCHEMA,
    ThemeSettings,
    count_topic_coverage,
    find_themes,
)

MONTHS = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(13)]
NOW = MONTHS[-1]
MASK = "[nimi]"
PER_MONTH = 60
#: Ordinary nouns that no dictionary of names holds.
WORDS = (
    "koulu kirjasto pysäkki lamppu ojitus kuoppa jäte penkki leikkikenttä uimahalli latu "
    "suojatie rengas aukioloaika asiakas jono hinta lippu kello ovi ikkuna katto seinä lattia "
    "roska astia kaivo putki vesi lumi"
).split()
FILLERS = "ihan taas aivan nyt siis vain myös kovin tosi aina".split()

needs_voikko = pytest.mark.skipif(find_analyser() is None, reason="libvoikko is not installed")


def ordinary_month(month: date, rng: np.random.Generator, *, n: int = PER_MONTH) -> pl.DataFrame:
    """Texts of three ordinary words each, drawn alike in every month."""
    said = [
        " ".join([*rng.choice(WORDS, 3, replace=False), *rng.choice(FILLERS, 4)]) for _ in range(n)
    ]
    return spoken(said, month=month)


def spoken(said: list[str], *, month: date, voices: list[str] | None = None) -> pl.DataFrame:
    """Acts of one month, a voice each unless told."""
    ids = [f"{month}|{number}|{len(said)}" for number in range(len(said))]
    return pl.DataFrame(
        {
            "text_id": [f"{text}|{month}" for text in said],
            "text": said,
            "month_on": [month] * len(said),
            "language_code": ["fi"] * len(said),
            "voice": voices or [f"{text}|{i}" for text, i in zip(said, ids, strict=True)],
            "stratum": ["ticket"] * len(said),
            "has_topic": [True] * len(said),
        }
    )


def city(seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.concat([ordinary_month(month, rng) for month in MONTHS])


def planted(n: int, *, word: str = "sähköpotkulauta", seed: int = 7) -> pl.DataFrame:
    """``n`` texts of this month with a word that nobody said before, each otherwise different."""
    rng = np.random.default_rng(seed)
    said = [
        " ".join([rng.choice(WORDS), word, *rng.choice(FILLERS, 3), *rng.choice(WORDS, 3)])
        for _ in range(n)
    ]
    return spoken(said, month=NOW)


def themes(texts: pl.DataFrame, **changes: object) -> pl.DataFrame:
    return find_themes(
        texts,
        months=[NOW],
        types=empty_type_table(),
        masks=[MASK],
        settings=ThemeSettings(**changes),  # type: ignore[arg-type]
    )


def emerging(texts: pl.DataFrame) -> pl.DataFrame:
    return themes(texts).filter(pl.col("theme_kind_code") == "term")


def words_of(found: pl.DataFrame) -> set[str]:
    return {word for terms in found["terms"] for part in terms.split(";") for word in part.split()}


@needs_voikko
def test_a_word_that_nobody_said_before_is_found_with_its_parts_in_one_row() -> None:
    found = emerging(pl.concat([city(), planted(15)]))

    assert found.height == 1
    assert {"sähköpotkulauta", "potku", "lauta"} <= set(found["terms"][0].split(";"))
    assert found.select("n_texts", "n_texts_before", "n_without_topic").row(0) == (15, 0, 0)
    # 75 voices of the month against 720 before: half a text of prior is 0.5 · 75 / 720.
    assert found["n_expected"][0] == pytest.approx(0.5 * 75 / 720)


@needs_voikko
def test_a_city_that_speaks_as_ever_has_nothing_new() -> None:
    n_cities_with_a_find = sum(emerging(city(seed)).height > 0 for seed in range(20))

    # At five per cent false discoveries one city in twenty would be usual; three would be rare.
    assert n_cities_with_a_find <= 2


@needs_voikko
@pytest.mark.parametrize(("n_voices", "is_shown"), [(9, False), (10, True), (11, True)])
def test_fewer_than_ten_voices_are_never_shown(n_voices: int, is_shown: bool) -> None:
    found = themes(pl.concat([city(), planted(n_voices)]))

    assert ("potku" in words_of(found)) is is_shown


@needs_voikko
def test_a_campaign_is_one_text_however_often_and_under_whatever_name_it_is_sent() -> None:
    letter = (
        "Vaadimme että kaupunki poistaa jokaisen sähköpotkulaudan kävelyteiltä heti tänään, "
        "koska niihin kompastutaan. Terveisin {} {}"
    )
    signed = [letter.format(word, number) for number, word in enumerate(WORDS)]

    found = themes(pl.concat([city(), spoken(signed, month=NOW)]))

    assert "potku" not in words_of(found)


@needs_voikko
def test_a_respondent_with_many_answers_is_one_voice() -> None:
    answers = planted(20).with_columns(voice=pl.lit("yksi vastaaja"))

    found = themes(pl.concat([city(), answers]))

    assert "potku" not in words_of(found)


@needs_voikko
def test_masks_names_places_numbers_and_unknown_words_are_never_shown() -> None:
    hidden = ("[nimi]", "Matti", "Virtanen", "Törnävä", "0401234567", "hörpsäkkä", "ilma")
    secret = [
        f"{word} {filler} {other} {MASK} {' '.join(hidden)}"
        for word, filler, other in zip(WORDS, FILLERS * 3, reversed(WORDS), strict=True)
    ]
    texts = pl.concat([city(), spoken(secret, month=NOW)]).with_columns(has_topic=pl.lit(False))

    shown = words_of(themes(texts, least=2, least_ratio=0.0, false_discovery_rate=1.0))

    assert shown
    assert (
        shown & {"nimi", "matti", "virtanen", "törnävä", "0401234567", "hörpsäkkä", "ilma"} == set()
    )


@needs_voikko
def test_a_pair_of_words_does_not_reach_over_a_mask() -> None:
    said = [
        f"{filler} punainen {MASK} lauta {word}"
        for filler, word in zip(FILLERS * 3, WORDS, strict=True)
    ]

    found = themes(pl.concat([city(), spoken(said, month=NOW)]))

    assert {"punainen", "lauta"} <= words_of(found)
    assert not any("punainen lauta" in terms for terms in found["terms"])


@needs_voikko
def test_a_word_of_every_winter_is_not_new() -> None:
    usual = city()
    last_winter = planted(25, word="liukas").with_columns(month_on=pl.lit(MONTHS[0]))
    winters = [last_winter, last_winter.with_columns(month_on=pl.lit(MONTHS[1]))]

    found = emerging(pl.concat([usual, *winters, planted(25, word="liukas", seed=8)]))

    assert "liukas" not in words_of(found)


@needs_voikko
def test_a_survey_that_was_not_asked_before_makes_nothing_new() -> None:
    answers = planted(25).with_columns(stratum=pl.lit("uusi kysely|avoin"))

    found = emerging(pl.concat([city(), answers]))

    assert "potku" not in words_of(found)


@needs_voikko
@pytest.mark.parametrize(("n_months", "is_compared"), [(5, False), (6, True), (7, True)])
def test_less_than_half_a_year_is_nothing_to_compare_with(n_months: int, is_compared: bool) -> None:
    young = city().filter(pl.col("month_on") >= MONTHS[-1 - n_months])

    found = emerging(pl.concat([young, planted(15)]))

    assert ("potku" in words_of(found)) is is_compared


@needs_voikko
def test_other_languages_are_left_out() -> None:
    swedish = planted(25).with_columns(language_code=pl.lit("sv"))

    assert "potku" not in words_of(themes(pl.concat([city(), swedish])))


@needs_voikko
def test_texts_that_no_topic_fits_are_grouped_by_their_words() -> None:
    subjects = {"koirapuisto": "aitaus", "pysäköinti": "maksu"}
    unfitted = [
        spoken(
            [f"{subject} {other} {word} {filler}" for word in WORDS for filler in FILLERS[:2]],
            month=NOW,
        )
        for subject, other in subjects.items()
    ]
    texts = [city(), *(text.with_columns(has_topic=pl.lit(False)) for text in unfitted)]

    found = themes(pl.concat(texts), per_cluster=60)
    clusters = found.filter(pl.col("theme_kind_code") == "cluster")

    assert clusters["rank"].to_list() == [1, 2]
    assert clusters["n_texts"].to_list() == [60, 60]
    assert {
        tuple(word in terms.split(";") for word in ("koirapuisto", "aitaus", "pysäköinti", "maksu"))
        for terms in clusters["terms"]
    } == {(True, True, False, False), (False, False, True, True)}


@needs_voikko
def test_the_same_texts_in_any_order_give_the_same_themes() -> None:
    texts = pl.concat([city(), planted(15)]).with_columns(has_topic=pl.lit(False))

    shuffled = texts.sample(fraction=1.0, shuffle=True, seed=3)

    assert themes(texts).equals(themes(shuffled))


def test_without_a_text_there_is_no_theme() -> None:
    found = themes(city().clear())

    assert found.height == 0
    assert found.schema == THEME_SCHEMA


def test_the_share_that_no_topic_fits_is_told_for_every_month() -> None:
    texts = pl.DataFrame(
        {
            "month_on": [MONTHS[0]] * 4 + [MONTHS[2]],
            "has_topic": [True, False, False, False, True],
        }
    )

    coverage = count_topic_coverage(texts)

    assert coverage.rows() == [
        (MONTHS[0], 4, 3, 0.75),
        (MONTHS[1], 0, 0, None),
        (MONTHS[2], 1, 0, 0.0),
    ]


def test_without_a_text_the_share_has_no_month() -> None:
    empty = pl.DataFrame(schema={"month_on": pl.Date, "has_topic": pl.Boolean})

    coverage = count_topic_coverage(empty)

    assert coverage.columns == ["month_on", "n_texts", "n_without_topic", "without_topic_share"]
    assert coverage.height == 0
