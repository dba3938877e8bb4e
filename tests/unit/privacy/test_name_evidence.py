"""Evidence for names beyond the neighbouring words: lemmas, spelling, the rest of the text.

All names in the sentences are invented.
"""

from math import log

import pytest

from transforms.privacy.mask import mask_text
from transforms.privacy.name_acts import acts
from transforms.privacy.name_letters import likeness_class, triples
from transforms.privacy.name_training import fit_letters
from transforms.privacy.name_words import describe, is_bare, is_common, is_rare


def test_a_deed_is_known_in_every_form_of_the_third_person() -> None:
    assert "act" in acts("hoitivat")
    assert "act" in acts("opastaisi")
    assert "act" in acts("auttanut")
    assert "act" not in acts("autoin")


def test_a_deed_in_another_form_is_the_stem_of_a_denial() -> None:
    assert "stem" in acts("asu")


def test_kin_is_known_with_its_ending_and_owner() -> None:
    assert "kin" in acts("veljenpojalleni")


def test_letters_that_only_names_have_speak_for_a_name() -> None:
    odds = fit_letters([f"ab{n}" for n in "efghijkl"], [f"xy{n}" for n in "efghijkl"])

    # "^ab" stands 8 times among 24 of the names, never among 24 of the words; 3 are added to both.
    assert list(triples("ab")) == ["^ab", "ab$"]
    assert odds == {"^ab": round(log(11 / 3), 2), "^xy": round(log(3 / 11), 2)}


def test_foreign_names_are_spelt_like_names_and_misspelt_words_are_not() -> None:
    assert likeness_class("Oleksandr") == "like"
    assert likeness_class("osotteeni") == "unlike"


def test_a_name_in_a_local_case_is_no_subject() -> None:
    assert is_bare("Kivi")
    assert not is_bare("Torille")


def test_a_word_of_many_messages_is_common_and_another_rare() -> None:
    assert is_common("aamu")
    assert not is_rare("Aamu")
    assert is_rare("Säde")


def test_a_genitive_in_a_compound_of_land_makes_a_place_of_it() -> None:
    assert describe("Töölönlahti").land == "genitive"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sukkula oli rikki, ja Kivelä oli ystävällinen.", 1),
        ("Kerroin asiasta Kivistölle, mutta mitään ei tapahtunut.", 1),
        ("kiitos Sannille ja abdulqadir sanoi samaa", 2),
        ("Pyysin apua Salmelta ja sain sitä.", 1),
        ("Меня зовут Оксана Примерова.", 1),
        ("Minu nimi on Kadri Näidis, elan Nurmos.", 1),
        ("اسمي خالد الحسن وأسكن في", 1),
        ("Kirje jäi lokeroon. MT", 1),
        ("Vika korjattu. Kirjasi EK.", 1),
    ],
)
def test_persons_are_found_by_what_is_told_of_them(text: str, expected: int) -> None:
    assert mask_text(text)[1] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Torille voisi tuoda lisää penkkejä.",
        "Toria voisi käyttää konserttiin.",
        "Konkreettinen ehdotus: lisää roskakoreja.",
        "Rata kulkee Lauttaniemestä Salmelaan.",
        "Satu ja Simo -teatteri esiintyy.",
        "Kaikki toimii. OK",
        "Virtasen Sora Oy kaivoi tien auki.",
        "Sipilänlahti kaipaa laituria, ja Sipilänlahdella uidaan.",
    ],
)
def test_places_works_and_firms_stay_readable(text: str) -> None:
    assert mask_text(text) == (text, 0)
