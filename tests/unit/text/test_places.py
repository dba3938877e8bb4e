"""Places named in texts: inflection, dialect, homonyms, persons, other names."""

import pickle
import re
import unicodedata
from importlib.resources import files

import polars as pl
import pytest

from data_contracts.place_lists import read_place_cues, read_places
from transforms.text.gazetteer import Gazetteer, compile_gazetteer
from transforms.text.places import PlaceSpan, find_place_spans, find_places

MARK = re.compile(r"⟦([^|⟧]+)\|([^⟧]*)⟧")
FLOOR = 0.95


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return compile_gazetteer(read_places(), read_place_cues())


def places_of(text: str, gazetteer: Gazetteer) -> list[str]:
    found = find_places(pl.Series([text]), gazetteer)[0]
    return found.split(";") if found else []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Valot ovat rikki Kärjessä.", ["Kärki"]),
        ("Bussi Törnävältä Ylistaroon on aina myöhässä.", ["Törnävä", "Ylistaro"]),
        ("Muutimme Pajuluomaan.", ["Pajuluoma"]),
        ("Ladut Hallilanvuorella ovat hyvät.", ["Hallilanvuori"]),
        ("Lintuviidan ja Linnunradan päiväkodit", ["Lintuviita", "Linnunrata"]),
        ("Nurmossakin tarvitaan kirjasto.", ["Nurmo"]),
    ],
)
def test_inflected_names_give_the_gazetteer_s_name_in_order_of_mention(
    text: str, expected: list[str], gazetteer: Gazetteer
) -> None:
    assert places_of(text, gazetteer) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ylistaros on hyvä olla", ["Ylistaro"]),
        ("törnäväl ja peräseinäjoel ei oo vessaa", ["Törnävä", "Peräseinäjoki"]),
        ("tornavalla ei nay mitaan", ["Törnävä"]),
        ("Jouppihin menöö tiä poikki", ["Jouppi"]),
        ("Isorehron raitti on kuralla", ["Isorehto"]),
        ("Halakosaares on komia uimaranta", ["Halkosaari"]),
        ("hyllykaliolla ei oo lamppua", ["Hyllykallio"]),
        ("Hallilan vuorella on laavu", ["Hallilanvuori"]),
        ("TÖRNÄVÄLLÄ ON PIMEÄÄ", ["Törnävä"]),
    ],
)
def test_dialect_missing_dots_small_letters_and_slips_are_understood(
    text: str, expected: list[str], gazetteer: Gazetteer
) -> None:
    assert places_of(text, gazetteer) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Odotin jonon kärjessä tunnin.",
        "Jään pohja on kuoppainen.",
        "Kauhan koura osui aitaan.",
        "Parkkipaikan pohjoinen alue on auraamatta.",
        "Koulun pihan eteläinen alue on aidattu.",
        "nurmi on leikkaamatta ja pöhjassä lukee jotain",
        "Asemalla on kylmä odottaa.",
        "Katselimme teltasta linnunrataa.",
        "Lapset leikkivät vanhassa kivistössä.",
    ],
)
def test_words_in_their_ordinary_meaning_are_no_places(text: str, gazetteer: Gazetteer) -> None:
    assert places_of(text, gazetteer) == []


@pytest.mark.parametrize(
    "text",
    [
        "Marttila soitti takaisin heti.",
        "Rehtori Niemistö vastasi kysymykseen.",
        "Kivistön Pekka teki aloitteen.",
        "Kerroin asiasta Kivistölle.",
        "Terveisin J. Marttila",
        "Marttila ei tervehdi ketään.",
        "Kuopukseni Kasperi odottaa paikkaa.",
        "Remontin teki Haapaluoma Oy.",
    ],
)
def test_surnames_and_first_names_are_no_places(text: str, gazetteer: Gazetteer) -> None:
    assert places_of(text, gazetteer) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Marttilan koulun piha on liukas.", ["Marttila"]),
        ("pohjan koulu ja kärjen päiväkoti ovat ahtaita", ["Pohja", "Kärki"]),
        ("Asiakas Vuolteelta kysyi aurauksesta.", ["Vuolle"]),
        ("Kasperissa ei ole valoja.", ["Kasperi"]),
        ("Kitinoja kaipaa valokuitua.", ["Kitinoja"]),
    ],
)
def test_names_that_are_surnames_too_are_places_where_only_places_stand(
    text: str, expected: list[str], gazetteer: Gazetteer
) -> None:
    assert places_of(text, gazetteer) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nurmontie on kuoppainen.",
        "Törnäväntien ja Kärkitien risteys",
        "Törnävänsaaressa soi musiikki.",
        "Jouppilan maja ja Jouppiskan rinne",
        "Ala-Nurmossa ei kuulu puhelin.",
        "Nurmo-Jymyn harjoitukset",
        "Seinäjoen lakeus",
    ],
)
def test_streets_neighbours_and_clubs_are_no_mention_of_the_place_in_their_name(
    text: str, gazetteer: Gazetteer
) -> None:
    assert places_of(text, gazetteer) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kärki-Pohja-alueelle nuorisotila!", ["Kärki", "Pohja"]),
        ("Ylistaro\u2013Nurmo-linja", ["Ylistaro", "Nurmo"]),
        ("Keski-Nurmossa tulvii.", ["Keski-Nurmo"]),
        ("Kirja Matin koulun katos", ["Kirja-Matti"]),
        ("Ylistaron asemanseudulla ei ole kauppaa", ["Ylistaro As"]),
        ("Ylistaron Aseman koulu on hyvä", ["Asema (Ylistaro)"]),
        ("pohjosella alueella ja koko kaupungissa", ["pohjoinen alue", "koko kaupunki"]),
        ("Rekitiellä on kuoppa", ["Rekitie"]),
        ("Nurmon keskustassa ei ole penkkejä", ["Nurmo"]),
        ("Seinäjoen keskustan penkit ovat rikki", ["Keskusta"]),
    ],
)
def test_compounds_and_names_of_several_words_give_the_longest_name(
    text: str, expected: list[str], gazetteer: Gazetteer
) -> None:
    assert places_of(text, gazetteer) == expected


def test_a_text_without_a_place_and_a_missing_text_give_null(gazetteer: Gazetteer) -> None:
    texts = pl.Series(["Kiitos.", "", None, "Nurmossa"], dtype=pl.String)

    assert find_places(texts, gazetteer).to_list() == [None, None, None, "Nurmo"]


def test_no_texts_give_no_rows(gazetteer: Gazetteer) -> None:
    found = find_places(pl.Series([], dtype=pl.String), gazetteer)

    assert found.len() == 0
    assert found.dtype == pl.String


def test_a_place_named_twice_is_given_once(gazetteer: Gazetteer) -> None:
    assert places_of("Nurmosta Kouraan ja Kourasta Nurmoon", gazetteer) == ["Nurmo", "Koura"]


def test_spans_are_code_points_of_the_text_as_given(gazetteer: Gazetteer) -> None:
    text = "😀 Bussi Törnävälle"
    apart = unicodedata.normalize("NFD", text)

    composed, decomposed = find_place_spans(text, gazetteer), find_place_spans(apart, gazetteer)

    assert composed == [PlaceSpan(8, 18, "Törnävä")]
    assert apart[decomposed[0].start : decomposed[0].end] == unicodedata.normalize(
        "NFD", "Törnävälle"
    )


def test_a_row_does_not_depend_on_the_others(gazetteer: Gazetteer) -> None:
    texts = marked_texts()["plain"]

    together = find_places(texts, gazetteer)
    alone = pl.concat([find_places(texts.slice(at, 1), gazetteer) for at in range(len(texts))])

    assert together.to_list() == alone.to_list()


def test_rows_and_spans_name_the_same_places(gazetteer: Gazetteer) -> None:
    texts = marked_texts()["plain"]

    by_span = [
        ";".join(dict.fromkeys(s.name for s in find_place_spans(text, gazetteer))) or None
        for text in texts
    ]

    assert find_places(texts, gazetteer).to_list() == by_span


def test_a_gazetteer_can_be_handed_to_another_process(gazetteer: Gazetteer) -> None:
    copied = pickle.loads(pickle.dumps(gazetteer))

    assert places_of("Nurmossa", copied) == ["Nurmo"]


def test_another_city_s_list_works_without_code() -> None:
    row = {
        "name_fi": "Hietalahti",
        "genitive": "Hietalahden",
        "local_series": "inner",
        "homonym": None,
        "homonym_words": None,
        "other_names": "Sandviken/Sandviken",
        "area_code": None,
    }
    places = pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))
    other = compile_gazetteer(places, read_place_cues())

    found = find_places(pl.Series(["Hietalahdessa tuulee", "Sandviken", "Nurmossa"]), other)

    assert found.to_list() == ["Hietalahti", "Hietalahti", None]


def test_marked_examples_are_read_as_their_writers_meant(gazetteer: Gazetteer) -> None:
    marked = marked_texts()
    found = find_places(marked["plain"], gazetteer).fill_null("")
    pairs = [
        ({m for m in meant.split(";") if m}, {f for f in given.split(";") if f})
        for meant, given in zip(marked["places"], found, strict=True)
    ]
    right = sum(len(meant & given) for meant, given in pairs)
    f1 = 2 * right / sum(len(meant) + len(given) for meant, given in pairs)

    assert f1 >= FLOOR


def marked_texts() -> pl.DataFrame:
    """``plain`` text and the ``places`` marked in it, of the files p_*."""
    folder = files("data_contracts") / "marked_examples"
    names = sorted(e.name for e in folder.iterdir() if re.fullmatch(r"p_\d+\.csv", e.name))
    texts = pl.concat([pl.read_csv((folder / n).read_bytes())["text"] for n in names])
    return pl.DataFrame(
        {
            "plain": [MARK.sub(r"\2", text) for text in texts],
            "places": [
                ";".join(
                    label.removeprefix("place:")
                    for label, _ in MARK.findall(text)
                    if label.startswith("place:")
                )
                for text in texts
            ],
        }
    )
