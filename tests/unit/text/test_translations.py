"""Words of other languages as Finnish words: which features they take over, and when."""

import polars as pl
import pytest

from transforms.text.features import features_of_types
from transforms.text.lemmas import TYPE_SCHEMA
from transforms.text.translations import find_translations, translate

KIRJASTO = ("l=kirjasto", "p=kirjasto", "x=service:kirjasto")
PIHA = ("l=piha", "p=piha")
KOULU = ("l=koulu", "p=koulu")
TRANSLATIONS = {
    "librar*": KIRJASTO,
    "skol*": KOULU,
    "gård*": PIHA,
    "skolbänk": ("l=pulpetti",),
    "مدرسة": KOULU,
}


def _types(*rows: tuple[str, str, str, str, bool]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TYPE_SCHEMA, orient="row")


def test_a_foreign_word_takes_over_lemma_parts_and_lexicon_of_its_finnish_words() -> None:
    rows = [("translation", "librar*", "Kirjasto"), ("service", "kirjasto", "book")]
    lexicon = pl.DataFrame(rows, schema=["task", "code", "term"], orient="row")
    features = {"kirjasto": ["w=kirjasto", *KIRJASTO, "c=nimisana", "n=<kir"]}

    assert find_translations(lexicon, features) == {"librar*": KIRJASTO}


@pytest.mark.parametrize("word", ["libraries", "librarian", "library-like"])
def test_a_stem_stands_for_every_word_that_begins_so(word: str) -> None:
    assert translate(word, TRANSLATIONS) == list(KIRJASTO)


@pytest.mark.parametrize("word", ["lib", "gymnasium", "g", "ä", "-"])
def test_a_word_that_nothing_translates_brings_nothing(word: str) -> None:
    assert translate(word, TRANSLATIONS) == []


@pytest.mark.parametrize("word", ["skolgården", "skolsgård", "skol-gård"])
def test_both_parts_of_a_compound_are_translated(word: str) -> None:
    assert translate(word, TRANSLATIONS) == sorted(KOULU + PIHA)


def test_a_whole_word_goes_before_a_stem() -> None:
    assert translate("skolbänk", TRANSLATIONS) == ["l=pulpetti"]


def test_a_word_is_found_inside_a_run_of_a_script_without_blanks() -> None:
    assert translate("والمدرسة", TRANSLATIONS) == list(KOULU)


def test_only_words_of_which_voikko_knows_no_form_are_translated() -> None:
    types = _types(
        ("skola", "skola", "", "", False),
        ("skolan", "skola", "skola", "nimisana", False),
        ("skolaa", "skola", "skola", "nimisana", True),
    )

    translated = ["l=koulu" in features for features in features_of_types(types, {}, TRANSLATIONS)]

    assert translated == [True, False, False]
