"""Population statistics to figures: JSON-stat and Paavo, with their traps (SOURCES §5.2, §5.6)."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data_contracts.contract import code_values, load_codes
from transforms.parse.jsonstat import parse_jsonstat_population, read_cube
from transforms.parse.paavo import is_paavo_header, parse_paavo
from transforms.parse.parsed import Parsed, RefusedFileError
from transforms.parse.population_figures import POPULATION, City
from transforms.parse.sniff import find_format, read_header, table_format

SHARED = Path(__file__).resolve().parents[3] / "../shared/sources/data/reference"
#: Two postal areas in the north, one in the south.
CITY = City(
    {"60640": "pohjoinen", "61400": "pohjoinen", "61100": "etelainen"}, code_values("age_band")
)
KEY = ["population_year", "area_code", "age_band_code", "gender_code", "language_code"]


def cube(
    dimensions: dict[str, list[str]],
    value: list[Any] | dict[str, int],
    **changed: object,
) -> bytes:
    """A dataset as PxWeb writes it."""
    honest: dict[str, object] = {
        "class": "dataset",
        "id": list(dimensions),
        "size": [len(codes) for codes in dimensions.values()],
        "dimension": {
            name: {"category": {"index": {code: i for i, code in enumerate(codes)}}}
            for name, codes in dimensions.items()
        },
        "value": value,
        "version": "2.0",
    }
    return json.dumps(honest | changed, ensure_ascii=False).encode()


def read(content: bytes) -> Parsed:
    return parse_jsonstat_population(content, city=CITY)


def figures(parsed: Parsed) -> dict[tuple[str, ...], str | None]:
    frame = parsed.frames[POPULATION]
    return {tuple(row[:-1]): row[-1] for row in frame.select(*KEY, "n_residents").rows()}


def reasons(parsed: Parsed) -> list[tuple[int, str]]:
    return parsed.rejects.select("line_no", "reason_code").rows()


def paavo(text: str) -> Parsed:
    return parse_paavo(text.encode(), city=CITY)


def test_values_are_row_major_over_the_dimensions_in_their_order() -> None:
    # Two years by two genders: 2023 men 10, women 11; 2024 men 20, women 21.
    content = cube(
        {"Alue": ["KU743"], "Vuosi": ["2023", "2024"], "Sukupuoli": ["1", "2"]}, [10, 11, 20, 21]
    )

    parsed = read(content)

    assert figures(parsed) == {
        ("2023", "743", "all", "male", "all"): "10",
        ("2023", "743", "all", "female", "all"): "11",
        ("2024", "743", "all", "male", "all"): "20",
        ("2024", "743", "all", "female", "all"): "21",
    }
    assert parsed.rows_in == {POPULATION: 4}


def test_sparse_values_and_their_status_leave_protected_cells_null() -> None:
    content = cube(
        {"Alue": ["KU743"], "Kieli": ["SSS", "fi", "sv", "02"], "Vuosi": ["2024"]},
        {"0": 100, "1": 95},
        status={"2": "...", "3": "-"},
    )

    # The sign of nothing is a nought; three dots protect.
    assert figures(read(content)) == {
        ("2024", "743", "all", "all", "all"): "100",
        ("2024", "743", "all", "all", "fi"): "95",
        ("2024", "743", "all", "all", "sv"): None,
        ("2024", "743", "all", "all", "other"): "0",
    }


def test_single_years_of_age_make_our_bands_and_the_total_stays_the_source_s() -> None:
    ages = ["SSS", *(f"{age:03}" for age in range(100)), "100-"]
    # One resident of each age, and a total that is not their sum (101).
    content = cube({"Alue": ["KU743"], "Ikä": ages, "Vuosi": ["2024"]}, [102, *[1] * 101])

    found = {key[2]: n for key, n in figures(read(content)).items()}

    assert found == {
        "all": "102", "0_14": "15", "15_24": "10", "25_44": "20", "45_64": "20", "65_79": "15",
        "80_": "21",
    }  # fmt: skip


def test_a_band_that_lacks_an_age_is_rejected_and_not_summed_short() -> None:
    content = cube({"Alue": ["KU743"], "Ikä": ["0-13", "15-24"], "Vuosi": ["2024"]}, [50, 60])

    parsed = read(content)

    assert list(figures(parsed).values()) == ["60"]
    assert reasons(parsed) == [(1, "figure_incomplete")]


def test_classes_of_age_across_our_bands_are_rejected() -> None:
    content = cube({"Alue": ["KU743"], "Ikä": ["13-15", "x"], "Vuosi": ["2024"]}, [5, 6])

    assert reasons(read(content)) == [(1, "age_across_bands"), (2, "age_unknown")]


def test_overlapping_classes_of_age_refuse_the_file() -> None:
    content = cube({"Alue": ["KU743"], "Ikä": ["0-14", "014"], "Vuosi": ["2024"]}, [5, 6])

    with pytest.raises(RefusedFileError, match="overlap at 14, expected classes that count"):
        read(content)


def test_one_protected_cell_makes_its_sum_unknown_and_no_other() -> None:
    content = cube(
        {"Postinumeroalue": ["60640", "61400", "61100"], "Vuosi": ["2024"]}, [7, None, 9]
    )

    assert figures(read(content)) == {
        ("2024", "pohjoinen", "all", "all", "all"): None,
        ("2024", "etelainen", "all", "all", "all"): "9",
    }


def test_foreign_languages_come_as_one_figure_when_the_source_has_it() -> None:
    # 01 national languages and 02 foreign languages are subtotals of StatFin's table 11rm.
    codes = ["SSS", "01", "fi", "sv", "02", "en", "ru"]
    content = cube(
        {"Alue": ["KU743"], "Kieli": codes, "Vuosi": ["2024"]}, [100, 94, 93, 1, 6, 2, 3]
    )

    found = {key[4]: n for key, n in figures(read(content)).items()}

    assert found == {"all": "100", "fi": "93", "sv": "1", "other": "6"}


def test_without_that_figure_languages_are_summed_and_english_stands_alone() -> None:
    content = cube(
        {"Alue": ["KU743"], "Kieli": ["fi", "en", "ru", "so", "?"], "Vuosi": ["2024"]},
        [93, 2, 3, 4, 5],
    )

    parsed = read(content)

    assert {key[4]: n for key, n in figures(parsed).items()} == {
        "fi": "93", "en": "2", "other": "7",
    }  # fmt: skip
    assert reasons(parsed) == [(5, "language_unknown")]


def test_the_whole_country_is_not_the_city() -> None:
    content = cube({"Alue": ["SSS", "KU743", "MK14"], "Vuosi": ["2024"]}, [5_600_000, 66_556, 190])

    parsed = read(content)

    assert figures(parsed) == {("2024", "743", "all", "all", "all"): "66556"}
    assert reasons(parsed) == [(1, "other_municipality"), (3, "other_municipality")]


def test_new_dimension_names_of_statfin_are_known() -> None:
    content = cube(
        {
            "kunta_85_20190101": ["KU743"],
            "timeperiod_y": ["2024"],
            "sukupuoli_9_20180101": ["SSS"],
            "ikaryhma_10_20180101": ["SSS"],
            "contentscode": ["vaerak-vaesto"],
        },
        [66_556],
    )

    assert list(figures(read(content)).values()) == ["66556"]


def test_another_dimension_is_read_at_its_total() -> None:
    content = cube({"Alue": ["KU743"], "Siviilisääty": ["SSS", "1"], "Vuosi": ["2024"]}, [100, 40])

    assert list(figures(read(content)).values()) == ["100"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"class": "collection"}', "without class 'dataset'"),
        (cube({"Alue": ["KU743"], "Vuosi": ["2024"]}, [1, 2]), "Found 2 values, expected 1"),
        (cube({"Alue": ["KU743"], "Vuosi": ["2024"]}, {"1": 5}), "outside 0–0"),
        (cube({"Alue": ["KU743"], "Vuosi": ["2024"]}, [1], size=[1, 2]), "do not fit"),
        (cube({"Alue": ["KU743"]}, [1]), "Found 0 dimensions of year"),
        (
            cube({"Alue": ["KU743"], "Vuosi": ["2024"], "Tiedot": ["synt"]}, [1]),
            "counts something else",
        ),
        (
            cube({"Alue": ["KU743"], "Vuosi": ["2024"], "Tulokymmenys": ["1", "2"]}, [1, 2]),
            "2 classes without a total",
        ),
        (cube({"Alue": ["KU743"], "Vuosi": ["2024"]}, [1])[:-9], "cut off"),
    ],
)
def test_what_is_no_population_table_is_refused_with_a_reason(content: bytes, message: str) -> None:
    with pytest.raises(RefusedFileError, match=message):
        read(content)


def test_a_category_index_may_be_a_list_and_a_single_one_may_have_a_label_alone() -> None:
    dimension: dict[str, Any] = {
        "Alue": {"category": {"label": {"KU743": "Seinäjoki"}}},
        "Vuosi": {"category": {"index": ["2024", "2023"]}},
    }
    content = cube({"Alue": ["KU743"], "Vuosi": ["2024", "2023"]}, [2, 1], dimension=dimension)

    found = read_cube(content)

    assert found.codes == (("KU743",), ("2024", "2023"))
    assert found.values == ("2", "1")


def test_counts_that_cannot_be_read_take_their_figure_with_them() -> None:
    content = cube(
        {"Postinumeroalue": ["60640", "61400", "61100"], "Vuosi": ["2024"]},
        ["7", "paljon", "9"],
    )

    parsed = read(content)

    assert figures(parsed) == {("2024", "etelainen", "all", "all", "all"): "9"}
    assert reasons(parsed) == [(1, "figure_incomplete"), (2, "count_unreadable")]
    assert parsed.rejects["found_shape"].to_list() == [None, "aaaaaa"]


def test_paavo_is_summed_by_area_of_the_postcode_and_minus_one_is_protected() -> None:
    parsed = paavo(
        "postcode;population_2022;population_2023\n60640;703;-1\n61400;1910;1900\n61100;1897;1890\n"
    )

    assert figures(parsed) == {
        ("2022", "pohjoinen", "all", "all", "all"): "2613",
        ("2022", "etelainen", "all", "all", "all"): "1897",
        ("2023", "pohjoinen", "all", "all", "all"): None,
        ("2023", "etelainen", "all", "all", "all"): "1890",
    }


def test_postcodes_are_looked_up_and_never_cut() -> None:
    # 60800 is Ilmajoki although it begins like Seinäjoki's; 60060 belongs to a company.
    parsed = paavo(
        "postcode;population_2022\n60640;703\n61400;1910\n61100;1897\n60800;9000\n60060;0\n"
    )

    assert figures(parsed)[("2022", "pohjoinen", "all", "all", "all")] == "2613"
    assert reasons(parsed) == [(5, "postal_area_unknown"), (6, "postal_area_unknown")]


def test_an_area_that_lacks_a_postcode_is_not_given() -> None:
    parsed = paavo("postcode;population_2022\n60640;703\n61100;1897\n")

    assert figures(parsed) == {("2022", "etelainen", "all", "all", "all"): "1897"}
    assert reasons(parsed) == [(2, "figure_incomplete")]
    assert parsed.rows_in[POPULATION] == 2


def test_a_postcode_that_stands_twice_makes_its_area_unknown() -> None:
    parsed = paavo("postcode;population_2022\n60640;703\n61400;1910\n61400;1911\n61100;1897\n")

    assert figures(parsed) == {("2022", "etelainen", "all", "all", "all"): "1897"}
    assert sorted(reasons(parsed)) == [
        (2, "figure_incomplete"), (3, "figure_incomplete"), (4, "figure_repeated"),
    ]  # fmt: skip


def test_paavo_s_own_headers_are_known() -> None:
    parsed = paavo(
        '"Postinumeroalue","Asukkaat yhteensä, 2022 (HE)"\n"60640 Nurmon asemanseutu","703"\n'
        '"61400 Ylistaro Asema","1910"\n"61100 Peräseinäjoki Keskus","1897"\n'
    )
    long = paavo("pono;vuosi;he_vakiy\n60640;2022;703\n61400;2022;1910\n61100;2022;1897\n")

    assert figures(parsed) == figures(long)
    assert len(figures(long)) == 2


@pytest.mark.parametrize(
    "header",
    [["postcode", "x"], ["population_2022"], ["Postinumero", "Palaute"], ["pono", "he_vakiy"], []],
)
def test_other_tables_are_not_taken_for_paavo(header: list[str]) -> None:
    assert not is_paavo_header(header)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("vaesto.json", cube({"Alue": ["KU743"], "Vuosi": ["2024"]}, [1]), "jsonstat_population"),
        ("x.json", cube({"Toimiala": ["A"], "Vuosi": ["2024"]}, [1]), "unrecognised"),
        ("p.csv", b"postcode,population_2022\n60100,11333\n", "paavo_table"),
        ("p.csv", b"postcode,palaute\n60100,Kuoppa\n", "unrecognised"),
    ],
)
def test_population_files_are_found_by_their_content(
    name: str, content: bytes, expected: str
) -> None:
    code = find_format(name, content)
    if code == "table":
        code = table_format(name, [], read_header(name, content), [])

    assert code == expected


@pytest.mark.skipif(not SHARED.exists(), reason="reference data are not beside the project")
def test_the_real_paavo_file_adds_up_to_the_sum_of_its_postal_areas() -> None:
    areas = load_codes()["postal_areas"].select("postcode", "area_code")
    city = City(dict(areas.iter_rows()), code_values("age_band"))

    parsed = parse_paavo((SHARED / "paavo_population_2022.csv").read_bytes(), city=city)

    frame = parsed.frames[POPULATION]
    # SOURCES §5.2: 26 Paavo areas, sum 65,029.
    assert frame["n_residents"].cast(pl.Int64).sum() == 65_029
    assert sorted(frame["area_code"]) == ["etelainen", "itainen", "lantinen", "pohjoinen"]
    assert parsed.rejects.height == 0
