"""Every "I don't know" of real Finnish codebooks is recognised, and no real answer is."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse.answer_kinds import fold, folded, kind_of_label, kind_of_open_answer

SHARED = Path(__file__).resolve().parents[3] / "../shared/sources/data"
VALSSI = SHARED / "surveys/valssi_likert_scales_fi_sv_en.json"
CODEBOOKS = sorted(SHARED.glob("ddi/*.xml"))

# Python and Polars may know different versions of Unicode far out.
_LETTERS = st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs", "Cn"])

#: SOURCES §3.4, case-folded.
DONT_KNOWS = {"en osaa sanoa", "ei osaa sanoa", "eos", "vaikea sanoa"}
#: Of the four codebooks, by hand: everything else there that is no answer.
OTHERS = {
    "ei halua sanoa": "refused",
    "en halua sanoa": "refused",
    "ei vastausta": "refused",
    "kysymys ei koske minua": "not_applicable",
    "ei saunaa, kysymys ei koske minua": "not_applicable",
    "ei kunnostustöitä / kysymys ei koske minua": "not_applicable",
    "ei ole käytetty / kysymys ei koske kotitalouttamme": "not_applicable",
}


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("En osaa sanoa", "dont_know"),
        ("EOS", "dont_know"),
        ("e.o.s.", "dont_know"),
        ("  en  osaa\u00a0sanoa. ", "dont_know"),
        ("9 - En osaa sanoa", "dont_know"),
        ("0 = EOS", "dont_know"),
        ("En tiedä / en osaa sanoa", "dont_know"),
        ("Vaikea sanoa (ei kokemusta)", "dont_know"),
        ("Kan inte säga", "dont_know"),
        ("Vet ej", "dont_know"),
        ("I can’t say", "dont_know"),
        ("Don't know", "dont_know"),
        ("Ei koske minua", "not_applicable"),
        ("Gäller inte mig", "not_applicable"),
        ("Does not apply to our municipality", "not_applicable"),
        ("En halua vastata", "refused"),
        ("Vill inte svara", "refused"),
        ("Prefer not to say", "refused"),
    ],
)
def test_a_label_that_is_no_answer_is_recognised(label: str, kind: str) -> None:
    assert kind_of_label(label) == kind


@pytest.mark.parametrize(
    "label",
    [
        "En samaa enkä eri mieltä", "Ei lainkaan varma", "Ei kovin merkittävä", "Ei", "En koskaan",
        "Nej", "No", "Ei koskaan", "Eos-tuotteet", "Osaan sanoa", "Ei merkitystä", "Ehkä",
        "En halua etätyöhön", "Keos", "Nytt", "5", "",
    ],
)  # fmt: skip
def test_an_answer_is_left_alone(label: str) -> None:
    assert kind_of_label(label) is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("En osaa sanoa.", "dont_know"),
        ("EOS", "dont_know"),
        ("en tiedä, vaikea sanoa", "dont_know"),
        ("En osaa sanoa, mutta aukioloajat ovat lyhyet", None),
        ("Vet inte!", "dont_know"),
        ("-", None),
        ("ei", None),
        ("Kirjat / en osaa sanoa", None),
        ("en tiedä " * 20, None),
    ],
)
def test_an_open_answer_must_say_nothing_else(answer: str, kind: str | None) -> None:
    assert kind_of_open_answer(answer) == kind


@pytest.mark.skipif(not VALSSI.exists(), reason="the shared examples are not here")
def test_the_dont_knows_of_valssi_are_recognised_in_three_languages() -> None:
    scales = json.loads(VALSSI.read_text(encoding="utf-8"))

    missed = [
        scale["eos_value"][language]
        for scale in scales
        for language in ("fi", "sv", "en")
        if kind_of_label(scale["eos_value"][language]) not in ("dont_know", "not_applicable")
    ]

    assert len(scales) == 10
    assert missed == []


@pytest.mark.skipif(not VALSSI.exists(), reason="the shared examples are not here")
def test_of_valssis_scale_values_only_the_one_that_does_not_apply_is_recognised() -> None:
    scales = json.loads(VALSSI.read_text(encoding="utf-8"))

    found = {
        step[language]: kind_of_label(step[language])
        for scale in scales
        for step in scale["scale"]
        for language in ("fi", "sv", "en")
        if kind_of_label(step[language]) is not None
    }

    # Value 4 of the scale "toteutuminen" is no step of it.
    assert found == {
        "ei koske kuntaamme": "not_applicable",
        "gäller inte vår kommun": "not_applicable",
        "does not apply to our municipality": "not_applicable",
    }


@pytest.mark.skipif(not CODEBOOKS, reason="the shared examples are not here")
def test_in_real_codebooks_every_dont_know_is_found_and_no_answer_is_taken_for_one() -> None:
    labels = [
        "".join(label.itertext()).strip()
        for path in CODEBOOKS
        for category in ET.parse(path).iter()
        if category.tag.rpartition("}")[2] == "catgry"
        for label in category
        if label.tag.rpartition("}")[2] == "labl"
    ]
    expected = {**dict.fromkeys(DONT_KNOWS, "dont_know"), **OTHERS}

    wrong = {text for text in labels if kind_of_label(text) != expected.get(text.lower())}

    assert len(labels) > 2000
    # By hand from the codebooks: EOS 73, En osaa sanoa 44, Eos 14, Ei osaa sanoa 8, Vaikea sanoa
    # 55, ei osaa sanoa 46, en osaa sanoa 38, eos 10.
    assert sum(text.lower() in DONT_KNOWS for text in labels) == 288
    assert wrong == set()


@given(
    text=st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs", "Cn"]), max_size=30)
)
def test_text_is_folded_alike_in_python_and_polars(text: str) -> None:
    plain = text.replace("\x00", "")

    assert pl.select(folded(pl.lit(plain))).item() == fold(plain)


@given(text=st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
