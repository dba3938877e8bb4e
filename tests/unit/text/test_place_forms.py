"""Forms of names: gradation, cases, speech; Voikko agrees where it knows the name."""

import pytest

from transforms.text.lemmas import find_analyser
from transforms.text.place_forms import fold_letters, inflect, strip_clitic


def keys(nominative: str, genitive: str, case: str) -> set[str]:
    return {f.key for f in inflect(nominative, genitive) if f.case == case}


@pytest.mark.parametrize(
    ("nominative", "genitive", "case", "form"),
    [
        ("Kärki", "Kärjen", "ine", "kärjessä"),
        ("Kärki", "Kärjen", "ill", "kärkeen"),
        ("Kärki", "Kärjen", "par", "kärkeä"),
        ("Uppa", "Upan", "ela", "upasta"),
        ("Peräseinäjoki", "Peräseinäjoen", "ill", "peräseinäjokeen"),
        ("Halkosaari", "Halkosaaren", "par", "halkosaarta"),
        ("Vuolle", "Vuolteen", "all", "vuolteelle"),
        ("Vuolle", "Vuolteen", "ill", "vuolteeseen"),
        ("Vuolle", "Vuolteen", "par", "vuolletta"),
        ("Eskoo", "Eskoon", "ill", "eskooseen"),
        ("Kylänpää", "Kylänpään", "ill", "kylänpäähän"),
        ("pohjoinen", "pohjoisen", "par", "pohjoista"),
        ("Louko", "Louon/Loukon", "ine", "louossa"),
        ("Louko", "Louon/Loukon", "ine", "loukossa"),
    ],
)
def test_two_principal_parts_give_the_other_cases(
    nominative: str, genitive: str, case: str, form: str
) -> None:
    assert fold_letters(form) in keys(nominative, genitive, case)


@pytest.mark.parametrize(
    ("nominative", "genitive", "case", "form"),
    [
        ("Nurmo", "Nurmon", "ine", "nurmos"),
        ("Nurmo", "Nurmon", "ill", "nurmohon"),
        ("Törnävä", "Törnävän", "ade", "törnäväl"),
        ("Pohja", "Pohjan", "ine", "pohojas"),
        ("Pajuluoma", "Pajuluoman", "ine", "pajuluamas"),
        ("Isorehto", "Isorehdon", "gen", "isorehron"),
        ("pohjoinen", "pohjoisen", "ade", "pohjosella"),
    ],
)
def test_speech_and_dialect_have_forms_of_their_own(
    nominative: str, genitive: str, case: str, form: str
) -> None:
    assert fold_letters(form) in keys(nominative, genitive, case)


def test_a_word_that_is_not_inflected_has_one_form() -> None:
    assert [form.key for form in inflect("As", "As")] == ["as"]


@pytest.mark.parametrize(
    ("word", "short"),
    [("nurmossakin", "nurmossa"), ("nurmostako", "nurmosta"), ("joupiskaan", None)],
)
def test_enclitics_are_taken_off_but_not_from_another_name(word: str, short: str | None) -> None:
    assert strip_clitic(word) == short


@pytest.mark.parametrize(
    ("nominative", "genitive"),
    [("Kärki", "Kärjen"), ("Pohja", "Pohjan"), ("Koura", "Kouran"), ("Nurmo", "Nurmon")],
)
def test_voikko_reads_the_standard_forms_back_to_the_name(nominative: str, genitive: str) -> None:
    analyse = find_analyser()
    if analyse is None:
        pytest.skip("libvoikko is not installed")
    weak = genitive.removesuffix("n")
    back = weak.endswith(("a", "o"))
    written = [weak + ("ssa" if back else "ssä"), weak + ("lle"), genitive]

    for word in written:
        bases = {a.get("BASEFORM", "").lower() for a in analyse(word)}
        assert nominative.lower() in bases
        assert fold_letters(word.lower()) in {f.key for f in inflect(nominative, genitive)}
