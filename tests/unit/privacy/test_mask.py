"""Personal data that rules can find are masked, in Finnish as people write it, and only those.

All names, numbers and addresses are invented.
"""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.privacy.mask import Span, find_personal_data, mask_text, mask_texts

# 131052-308T is the example of the Digital and Population Data Services Agency: 131052308 leaves
# 25 when divided by 31, and the check characters' 25th (from 0) is T.
IDENTITY_CODES = [
    "131052-308T",
    "131052–308T",
    "131052Y308T",
    "131052u308t",
    "131052A308T",
    "131052F308T",
    "131052+308T",
]
PHONES = [
    "040 123 4567",
    "0401234567",
    "040-1234567",
    "040-123 4567",
    "040 12 34 567",
    "040.123.4567",
    "+358 40 123 4567",
    "+358401234567",
    "+358 (0)40 123 4567",
    "00358 40 1234567",
    "358401234567",
    "(06) 416 2111",
    "06-4162111",
    "06 414 2222",
    "050 5123456",
    "+46 70 123 45 67",
]
EMAILS = [
    "maija.mallikas@esimerkki.fi",
    "Maija_M+koti@posti.esimerkki.com",
    "maija @ esimerkki.fi",
    "maija.mallikas (at) esimerkki.fi",
    "maija[at]esimerkki[dot]fi",
    "maija.mallikas at esimerkki.fi",
    "maija miumau esimerkki piste fi",
]
ACCOUNTS = ["FI21 1234 5600 0007 85", "FI2112345600000785", "fi21 1234 5600 0007 85"]


@pytest.mark.parametrize(
    ("written", "mask"),
    [
        *((written, "[henkilötunnus]") for written in IDENTITY_CODES),
        *((written, "[puhelin]") for written in PHONES),
        *((written, "[sähköposti]") for written in EMAILS),
        *((written, "[tilinumero]") for written in ACCOUNTS),
        ("ABC-123", "[rekisterinumero]"),
    ],
)
def test_each_hard_identifier_is_masked_whole(written: str, mask: str) -> None:
    assert mask_text(f"Tieto on {written}, kiitos vastauksesta.") == (
        f"Tieto on {mask}, kiitos vastauksesta.",
        1,
    )


def test_an_identity_code_with_a_wrong_check_needs_its_word_near() -> None:
    assert mask_text("Hetuni on 131052-308A, soittakaa.")[0] == (
        "Hetuni on [henkilötunnus], soittakaa."
    )
    assert mask_text("Henkilötunnus 131052308A")[0] == "Henkilötunnus [henkilötunnus]"
    assert mask_text("Laitteen sarjanumero on 131052-308A.")[1] == 0


def test_numbers_in_a_row_are_masked_one_by_one() -> None:
    assert mask_text("040 123 4567 / 050 765 4321 tai 06 414 2222") == (
        "[puhelin] / [puhelin] tai [puhelin]",
        3,
    )


def test_a_local_number_is_masked_after_its_word() -> None:
    assert mask_text("Puh. 416 2111, ovi 4162111")[0] == "Puh. [puhelin], ovi 4162111"
    assert mask_text("Soittakaa numeroon 4162111!")[0] == "Soittakaa numeroon [puhelin]!"
    assert mask_text("p.0401234567")[0] == "p.[puhelin]"


def test_a_plate_written_loosely_is_masked_near_its_word() -> None:
    text = "Hylätty auto, rekkari abc 12, seisonut viikkoja."

    assert mask_text(text)[0] == "Hylätty auto, rekkari [rekisterinumero], seisonut viikkoja."


@pytest.mark.parametrize(
    "text",
    [
        "Avoinna 08-16 ja 10.00-18.00, lauantaisin 08.30-16.00.",
        "Kuoppa on ollut 01.02.2024 alkaen, siis 1.2.2024–31.3.2024.",
        "Vuosina 2023-2024 tai 06/2024 – 08/2024 ei tehty mitään.",
        "Piste 62.790312, 22.840987 tai 62,7903 22,8409.",
        "60100 Seinäjoki, 60320 Seinäjoki ja 61400 Ylistaro",
        "Maksoi 0,50 €, 1 234 567 € ja 050 000 000 euroa.",
        "Y-tunnus 0208852-1, asia 044/10.02.03/2024, palaute SJK-0401234567.",
        "Putki on 0,5 x 12 m ja lava 120x80 cm, pinta-ala 1200 m2.",
        "Hätänumero 112, linja 5 lähtee klo 8.15 ja 16:45.",
        "Talo A-123, COVID-19, LED-100, ISO-900, linjat SK-12 ja 4B, EU-27.",
        "Katso at seinajoki.fi tai twitter @kaupunki.",
    ],
)
def test_what_only_looks_like_an_identifier_stays(text: str) -> None:
    assert mask_text(text) == (text, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Korjaamme asian.\n\nYstävällisin terveisin\nMatti Meikäläinen\nkunnossapitopäällikkö",
            "Korjaamme asian.\n\nYstävällisin terveisin\n[nimi]\nkunnossapitopäällikkö",
        ),
        (
            "Kiitos!\nYstävällisin terveisin\n \nLiikennesuunnittelija\nMaija Mallikas",
            "Kiitos!\nYstävällisin terveisin\n \nLiikennesuunnittelija\n[nimi]",
        ),
        ("Penkit pois. T: Maija", "Penkit pois. T: [nimi]"),
        ("Kiitos! terv. Maija K.", "Kiitos! terv. [nimi]"),
        ("Lisää valoa. t. maija", "Lisää valoa. t. [nimi]"),
        ("Hälsningar, Gunilla Exempel", "Hälsningar, [nimi]"),
        ("Best regards,\nJohn Example", "Best regards,\n[nimi]"),
        ("Hei, nimeni on Ylermi Xylander ja asun täällä.", "Hei, nimeni on [nimi] ja asun täällä."),
        ("Naapurini Pekka Esimerkkiselle sattui.", "Naapurini [nimi] sattui."),
        ("Liukastuin, todistajana Anna-Liisa von Mallikas.", "Liukastuin, todistajana [nimi]."),
        ("Soittakaa Mallikas Oy tai Toivo Esimerkkinen.", "Soittakaa Mallikas Oy tai [nimi]."),
        ("ilmoittaja Esimerkkinen Pekka", "ilmoittaja [nimi]"),
        ("pihan omistaa pekka esimerkkinen", "pihan omistaa [nimi]"),
        ("ilmoittaja Esimerkkinen, Pekka", "ilmoittaja [nimi]"),
        ("Palaute koskee opettaja Esimerkkistä.", "Palaute koskee opettaja [nimi]."),
        ("Asian hoiti katupäällikkö Xerxes Mallikas.", "Asian hoiti katupäällikkö [nimi]."),
        ("Kiitos Marja Mallikkaalle avusta!", "Kiitos [nimi] avusta!"),
        ("MATTI MEIKÄLÄINEN pysäköi väärin", "[nimi] pysäköi väärin"),
        ("Opettaja Juha-Pekka K. Mallikas kävi.", "Opettaja [nimi] kävi."),
    ],
)
def test_names_in_signatures_introductions_and_pairs_are_masked(text: str, expected: str) -> None:
    assert mask_text(text) == (expected, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Kirja-Matti kävi Törnävällä ja Nurmossa.",
        "Matti Visannin katu on auraamatta, samoin Aino Acktén puisto.",
        "Alvar Aallon suunnittelema kirjasto Aalto-keskuksessa.",
        "Toivon Seinäjoen parantavan valaistusta. Onneksi Kirkkokatu on kunnossa.",
        "Kai Seinäjoella saa uida? Aina Nurmossa sataa.",
        "Ville Viinikainen Oy aurasi pihan.",
        "Terveisin Törnävän asukkaat",
        "Terveisin\nSeinäjoen kaupunki\nKaupunkiympäristö",
        "t. huolestunut äiti",
        "Terv. Nurmolainen",
        "Lempi Paikka ja Pilvi Palvelu ovat sovelluksia.",
        "Terveisiä Kasperista!",
        "Kaupunginjohtaja Seinäjoella ja rehtori Lakeuden koulussa",
        "Marja on kypsä. Kai Nurmossa jo tiedetään?",
        "Avoimet ovet Jouppilanvuorella, Törnävänsaaressa ja Seinäjoki Areenassa.",
    ],
)
def test_places_streets_companies_and_roles_stay(text: str) -> None:
    assert mask_text(text) == (text, 0)


def test_spans_say_where_and_what() -> None:
    assert find_personal_data("T: Maija, 040 123 4567") == [
        Span(3, 8, "nimi"),
        Span(10, 22, "puhelin"),
    ]


def test_a_series_is_masked_in_its_order_with_counts() -> None:
    texts = pl.Series(
        "palaute", ["Soita 040 123 4567", None, "Kuoppa tiessä", "Soita 040 123 4567"]
    )

    masked = mask_texts(texts)

    assert masked.rows() == [("Soita [puhelin]", 1), (None, 0), ("Kuoppa tiessä", 0),
                             ("Soita [puhelin]", 1)]  # fmt: skip
    assert masked.schema == {"text": pl.String, "n_masked": pl.Int64}


def test_no_texts_give_no_rows() -> None:
    masked = mask_texts(pl.Series("t", [], dtype=pl.String))

    assert masked.schema == {"text": pl.String, "n_masked": pl.Int64}
    assert masked.is_empty()


def test_long_runs_of_digits_and_letters_take_little_time() -> None:
    text = "1 " * 20_000 + "0" * 20_000 + " a." * 20_000 + "A-" * 20_000

    assert mask_text(text)[1] == 0


_FRAGMENTS = st.sampled_from(
    [*IDENTITY_CODES, *PHONES, *EMAILS, *ACCOUNTS, "ABC-123", "Pekka Esimerkkinen", "T: Maija",
     "Ystävällisin terveisin\n", "nimeni on", "Matti", "Virtanen", "hetu", "rekisteri", "puh",
     "tili", "[nimi]", "[puhelin]", "12.3.2024", "60100 Seinäjoki", "kissa", "0", "416 2111", "a",
     ".", ",", "\n", "(", ")", "-", "at", "@", "Äiti", "terv.",
     "Esimerkkinen, Pekka", "PEKKA ESIMERKKINEN", "rehtori", " ja ", "Liisa"],
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=9), st.sampled_from([" ", "", "\n"]))
def test_masking_twice_changes_nothing_more(fragments: list[str], between: str) -> None:
    once = mask_texts(pl.Series("t", [between.join(fragments)]))

    twice = mask_texts(once.get_column("text"))

    assert_frame_equal(twice, once.with_columns(n_masked=pl.lit(0, dtype=pl.Int64)))


@settings(max_examples=300, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=9), st.sampled_from([" ", "", "\n"]))
def test_the_fast_look_passes_over_nothing_that_is_found(
    fragments: list[str], between: str
) -> None:
    text = between.join(fragments)

    masked = mask_texts(pl.Series("t", [text]))

    assert masked.row(0) == mask_text(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_spans_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    spans = find_personal_data(text)

    borders = [border for span in spans for border in (span.start, span.end)]
    assert borders == sorted(borders)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
