"""Names of persons in running text are told from words, places and firms that equal them.

All persons are invented.
"""

import pytest

from transforms.privacy.inflection import name_forms
from transforms.privacy.mask import mask_text, mask_texts_with_spans, mask_with_spans
from transforms.privacy.name_training import Example, examples_of, fit_weights


@pytest.fixture(autouse=True)
def voikko() -> None:
    """Voikko's dictionary, without which the lists alone speak."""
    from transforms.text.lemmas import find_analyser

    if find_analyser() is None:
        pytest.skip("libvoikko is not installed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kirjaston Pirjo tiskiltä auttoi.", "Kirjaston [nimi] tiskiltä auttoi."),
        ("Kiitos Jarille avusta!", "Kiitos [nimi] avusta!"),
        ("Rehtori Koskela lupasi asian.", "Rehtori [nimi] lupasi asian."),
        ("Puhuin Liisa Mäellekin eilen.", "Puhuin [nimi] eilen."),
        ("Naapurini Kukkosen Pertti kolaa.", "Naapurini [nimi] kolaa."),
        ("Kaisa-ope on paras.", "[nimi]-ope on paras."),
        ("Mäkisen perhe kiittää.", "[nimi] perhe kiittää."),
        ("Edellinen virkamies oli J. Virtanen.", "Edellinen virkamies oli [nimi]."),
        ("kysykää vaikka ritva hautamäeltä", "kysykää vaikka [nimi]"),
        ("Kaverini Mohammed Ali muutti.", "Kaverini [nimi] muutti."),
        ("Näin sanoi Nguyen kokouksessa.", "Näin sanoi [nimi] kokouksessa."),
        ("Anna asiakaspalvelusta lupasi soittaa.", "[nimi] asiakaspalvelusta lupasi soittaa."),
    ],
)
def test_names_of_persons_are_masked(text: str, expected: str) -> None:
    assert mask_text(text) == (expected, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Satu oli hieno. Kivi putosi tielle.",
        "Mäki on liukas. Lumi sulaa. Ilma on tunkkainen. Onni onnettomuudessa!",
        "Tunnen rauhaa, suvi tuli ja kukka kukkii.",
        "Alvar Aallon katu, Aalto-keskus ja Lakeuden Risti.",
        "K-Market Pekka jätti roskat. Mikonkatu on auki.",
        "Provinssi, Väinölä, Simuna, Pasto ja Louko jäävät ilman bussia.",
        "Pekka Halosen akatemia ja Minna Canthin puisto.",
        "Helmi-asiakirjajärjestelmä ja Ilona-palvelu eivät toimi.",
        "Annan palautetta, toivon vastausta ja kai se siitä.",
    ],
)
def test_words_places_and_firms_stay(text: str) -> None:
    assert mask_text(text) == (text, 0)


def test_who_is_found_once_is_found_again() -> None:
    text = "Mulla on ystävä Lahja Ojala. Lahja on yksin."

    assert mask_text(text)[0] == "Mulla on ystävä [nimi]. [nimi] on yksin."


def test_spans_are_those_of_the_text_as_given() -> None:
    text = "😀 Soita Maija Virtaselle 040 123 4567, asun Koulukatu 5 B 12:ssa"

    masked, spans = mask_with_spans(text)

    assert masked == "😀 Soita [nimi] [puhelin], asun [osoite]:ssa"
    assert [(text[start:end], label) for start, end, label in spans] == [
        ("Maija Virtaselle", "nimi"),
        ("040 123 4567", "puhelin"),
        ("Koulukatu 5 B 12", "osoite"),
    ]


def test_a_column_gives_the_spans_of_each_text() -> None:
    import polars as pl

    texts = ["Kiitos Jarille!", None, "Kuoppa tiessä", "t: Maija, 040 123 4567"]

    found = mask_texts_with_spans(pl.Series(texts))

    expected = [[] if t is None else [s._asdict() for s in mask_with_spans(t)[1]] for t in texts]
    assert found["spans"].to_list() == expected
    assert found["n_masked"].to_list() == [1, 0, 0, 2]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Virtanen", "Virtaselle"),
        ("Virtanen", "Virtasta"),
        ("Mäki", "Mäen"),
        ("Pekka", "Pekan"),
        ("Pekka", "Pekkaa"),
        ("Pertti", "Pertiltä"),
        ("Lahti", "Lahden"),
        ("Rinne", "Rinteen"),
        ("Kangas", "Kangaalle"),
        ("Markus", "Markukselta"),
        ("Lindqvist", "Lindqvistin"),
        ("Ahmed", "Ahmedille"),
    ],
)
def test_names_bend_as_finnish_does(name: str, form: str) -> None:
    assert form in name_forms(name)


def test_weights_stay_at_their_prior_where_nothing_speaks_against_it() -> None:
    examples = examples_of("Kiitos Jarille", [(7, 14)])

    weights = fit_weights([Example(["seen"], True, 1.0)] * 2 + examples, {"unseen": 1.5})

    assert weights["unseen"] == 1.5
    assert weights["seen"] > 0
