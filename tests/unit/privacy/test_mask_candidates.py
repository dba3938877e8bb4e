"""The fast look before the detectors passes over nothing, and lines are looked at as texts are.

All names, numbers and addresses in the sentences are invented.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.privacy.mask import finders, mask_text, mask_texts
from transforms.privacy.spans import Finder

_ROOT = Path(__file__).resolve().parents[3]
_EXAMPLES = _ROOT / "data_contracts" / "labelled_examples"
_IDEAS = _ROOT / "../shared/sources/data/ideas/omastadi_rounds_1_2.csv"

# For each detector texts of which it finds something; hard ones for the look before it.
_FOUND = {
    "find_identity_codes": ["131052-308T", "hetu 131052 u 308 t"],
    "find_accounts": ["FI21 1234 5600 0007 85", "fi2112345600000785", "DE89370400440532013000"],
    "find_emails": [
        "maija@esimerkki.fi",
        "maija (at) esimerkki.fi",
        "maija_at_esimerkki.fi",
        "maija.m M\u0130UMAU esimerkki.fi",
    ],
    "find_phones": [
        "0401234567",
        "+ (358) 40 123 4567",
        "+358 (0)40 123 4567",
        "358-40-123 4567",
        "(06) 4 1 6 2 1 1 1",
        "soita minulle 416 211",
        "KÄNNYKKÄ: 416211",
        "Mob\u0131le 416211",
    ],
    "find_plates": [
        "ABC-123",
        "rekkari abc 12",
        "REK\u0130STERI\nXBC 1",
        "XB-12 oli auto",
        "CD-1234",
    ],
    "find_addresses": [
        "asun Koulukatu 5 B 12:ssa",
        "Törnäväntie 14 as 3",
        "kotiosoite Kirkkokatu 5",
        "asumme Kivistönmäki 3",
        "Alvar Aallon katu 5 A 7",
        "Skolgatan 3 B 4",
        "Rengastie 31, 60120 Seinäjoki",
        "postiosoitteeni on PL 12",
    ],
    "find_signatures": [
        "Terveisin Maija",
        "asia.t maija",
        "TERVE\u0130S\u0130N\x1dMaija\nYstävällisin terveisin\n\nsihteeri\nMaija Mallikas",
        "terv.\nMATTI MEIKÄLÄINEN",
        "Med vänlig hälsning\nGunilla Exempel",
    ],
    "find_introductions": ["N\u0131meni on Ylermi", "ilmoittaja:\nmaija", "JAG HETER Gunilla"],
    "find_persons": [
        "Olen Maija",
        "katupäällikkö Xerxes Mallikas",
        "opettaja Esimerkkistä ei näkynyt",
        "rehtori koskela",
        "rouva Petäjä lupasi",
        "Maija Mallikas",
        "Maijalle\u00a0Virtaselle",
        "Virtanen Pekka.",
        "Juha-Pekka von Mallikas",
        "Maija M.",
        "(pekka virtanen)",
        "*PEKKA VIRTANEN",
        "Kaisa-ope auttoi",
        "J. Virtanen kävi",
    ],
}
_FRAGMENTS = st.sampled_from(
    [text for texts in _FOUND.values() for text in texts]
    + ["[nimi]", "[puhelin]", "terv.", "puh", "hetu", "rehtori", "Matti", "virtanen", "(0)", "+"]
    + ["040", "1234567", "12.3.2024", "\u0131", "²", "a\u0308", "\x1c", "@", " at ", "\t", ",", "-"]
)


def finds_in_lines(finder: Finder, text: str) -> Iterator[tuple[int, int]]:
    """Borders in ``text`` of what the detector finds in each of its lines."""
    start = 0
    for line in text.split("\n"):
        yield from ((start + span.start, start + span.end) for span in finder.find(line))
        start += len(line) + 1


def test_every_detector_has_sentences_of_its_own() -> None:
    assert [finder.find.__name__ for finder in finders()] == list(_FOUND)


@pytest.mark.parametrize("finder", finders(), ids=lambda finder: finder.find.__name__)
def test_the_look_before_a_detector_lets_through_what_it_finds(finder: Finder) -> None:
    texts = _FOUND[finder.find.__name__]

    found = [text for text in texts if any(finder.find(text))]

    assert found == texts
    assert finder.candidates(pl.Series(texts)).to_list() == texts


@pytest.mark.parametrize("finder", finders(), ids=lambda finder: finder.find.__name__)
def test_the_look_before_a_detector_refuses_an_everyday_sentence(finder: Finder) -> None:
    text = "Katuvalo on ollut pimeänä jo viikon. Saisiko sen kuntoon ennen kuin koulu alkaa?"

    assert finder.candidates(pl.Series([text])).is_empty()


@settings(max_examples=300, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=7), st.sampled_from([" ", "", "\n", ", "]))
def test_no_detector_finds_what_the_look_before_it_refuses(
    fragments: list[str], between: str
) -> None:
    text = between.join(fragments)

    for finder in finders():
        parts = text.split("\n") if finder.is_by_line else [text]
        found = {part for part in parts if any(finder.find(part))}
        assert found <= set(finder.candidates(pl.Series(parts, dtype=pl.String)))


@settings(max_examples=300, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=7), st.sampled_from([" ", "", "\n", "\n\n"]))
def test_a_detector_by_line_finds_in_lines_what_it_finds_in_the_text(
    fragments: list[str], between: str
) -> None:
    text = between.join(fragments)

    for finder in finders():
        if finder.is_by_line:
            in_text = sorted((span.start, span.end) for span in finder.find(text))
            assert sorted(finds_in_lines(finder, text)) == in_text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(_FRAGMENTS, max_size=6).map("\n".join), max_size=6))
def test_many_texts_are_masked_as_each_by_itself(texts: list[str]) -> None:
    masked = mask_texts(pl.Series("t", texts, dtype=pl.String))

    assert masked.rows() == [mask_text(text) for text in texts]


@pytest.mark.parametrize("folder", [_EXAMPLES], ids=["labelled examples"])
def test_labelled_examples_are_masked_as_each_by_itself(folder: Path) -> None:
    texts = [row["text"] for path in sorted(folder.glob("*.csv")) for row in read_rows(path)]

    masked = mask_texts(pl.Series("t", texts, dtype=pl.String))

    assert len(texts) > 2_000
    assert masked.rows() == [mask_text(text) for text in texts]


@pytest.mark.skipif(not _IDEAS.exists(), reason="the real ideas are not part of the project")
def test_real_ideas_are_masked_as_each_by_itself() -> None:
    texts = [f"{row['title']}\n{row['texts']}" for row in read_rows(_IDEAS)]

    masked = mask_texts(pl.Series("t", texts, dtype=pl.String))

    # Counted and not compared: a failure must not print a resident's words.
    n_different = sum(a != b for a, b in zip(masked.rows(), map(mask_text, texts), strict=True))
    assert n_different == 0


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
