"""Texts are whole in three languages; numbers, days and durations are written as people do."""

import string
from datetime import date

import pytest

from transforms.publish.words import LANGUAGES, NBSP, load_words


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_the_same_names_in_them(language):
    finnish, other = load_words("fi"), load_words(language)

    assert set(other.texts) == set(finnish.texts)
    for key, text in finnish.texts.items():
        assert _names(other.texts[key]) == _names(text), key
    assert len(other.months) == len(other.months_short) == 12


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0.0, "0 min"),
        (0.75, "45 min"),
        (1.0, "1 h"),
        (23.4, "23 h"),
        (23.6, "1 vrk"),
        (24.0, "1 vrk"),
        (76.0, "3 vrk 4 h"),
        (239.4, "9 vrk 23 h"),
        (240.0, "10 vrk"),
        (300.0, "12 vrk"),
    ],
)
def test_durations_have_the_unit_that_suits_their_size(hours, expected):
    assert load_words("fi").duration(hours) == expected.replace(" ", NBSP)


def test_finnish_numbers_have_a_decimal_comma_and_an_unbreakable_space():
    words = load_words("fi")

    assert words.number(1234567) == f"1{NBSP}234{NBSP}567"
    assert words.number(1234.56, decimals=1) == f"1{NBSP}234,6"
    assert words.number(-3.2, decimals=1) == "\u22123,2"
    assert words.number(-0.04, decimals=1) == "0,0"
    assert words.share(0.64) == f"64{NBSP}%"
    assert words.day(date(2026, 10, 31)) == "31.10.2026"


def test_english_numbers_are_english():
    words = load_words("en")

    assert words.number(1234.5, decimals=1) == "1,234.5"
    assert words.share(0.5) == "50%"
    assert words.day(date(2026, 10, 31)) == "31 October 2026"


def test_a_language_without_texts_is_refused():
    with pytest.raises(ValueError, match="choose one of"):
        load_words("de")
