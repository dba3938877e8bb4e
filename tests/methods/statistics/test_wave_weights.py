"""Weights of a wave and the margins they are made from, worked out by hand."""

import polars as pl
import pytest

from transforms.statistics.population import population_margins
from transforms.statistics.wave_weights import WaveWeights, weigh_wave

COLUMNS = ["population_year", "area_code", "age_band_code", "gender_code", "language_code"]


def population(*rows: tuple[int, str, str, str, str, int | None]) -> pl.DataFrame:
    schema = {"population_year": pl.Int64, **dict.fromkeys(COLUMNS[1:], pl.String)}
    return pl.DataFrame(rows, schema=schema | {"n_residents": pl.Int64}, orient="row")


def margin(frame: pl.DataFrame, variable: str = "gender", **options: object) -> dict[str, int]:
    year = options.pop("year", 2025)
    found = population_margins(frame, year=year, **options)  # type: ignore[arg-type]
    rows = found.filter(pl.col("variable") == variable)
    return dict(rows.select("category", "n_residents").iter_rows())


def of_gender(year: int, female: int | None, male: int | None) -> list[tuple[object, ...]]:
    return [
        (year, "all", "all", "female", "all", female),
        (year, "all", "all", "male", "all", male),
    ]


def test_margin_of_the_last_year_s_end_before_the_fieldwork() -> None:
    frame = population(*of_gender(2022, 9, 9), *of_gender(2024, 30, 28), *of_gender(2025, 7, 7))

    assert margin(frame, year=2025) == {"female": 30, "male": 28}


def test_first_margin_known_where_there_is_none_before() -> None:
    frame = population(*of_gender(2026, 5, 6), *of_gender(2027, 7, 8))

    assert margin(frame, year=2025) == {"female": 5, "male": 6}


def test_margin_is_summed_over_a_cross_table_where_the_source_gives_no_other() -> None:
    frame = population(
        (2024, "all", "15_24", "female", "all", 3),
        (2024, "all", "25_44", "female", "all", 4),
        (2024, "all", "15_24", "male", "all", 2),
        (2024, "all", "25_44", "male", "all", 6),
    )

    assert margin(frame) == {"female": 7, "male": 8}
    assert margin(frame, "age_band") == {"15_24": 5, "25_44": 10}


def test_ages_outside_the_frame_are_taken_out_by_a_cross_table() -> None:
    frame = population(
        *of_gender(2024, 30, 30),
        (2024, "all", "0_14", "female", "all", 10),
        (2024, "all", "15_24", "female", "all", 20),
        (2024, "all", "0_14", "male", "all", 12),
        (2024, "all", "15_24", "male", "all", 18),
    )

    assert margin(frame, without_ages=["0_14"]) == {"female": 20, "male": 18}


def test_margin_of_all_ages_stands_in_without_a_cross_table() -> None:
    frame = population(*of_gender(2024, 30, 28))

    assert margin(frame, without_ages=["0_14"]) == {"female": 30, "male": 28}


def test_a_protected_category_leaves_the_variable_out() -> None:
    assert margin(population(*of_gender(2024, 30, None))) == {}


def test_a_protected_year_gives_way_to_an_earlier_one() -> None:
    frame = population(*of_gender(2024, None, 28), *of_gender(2023, 31, 29))

    assert margin(frame) == {"female": 31, "male": 29}


def test_no_population_has_no_margins() -> None:
    assert population_margins(population(), year=2025).is_empty()


def people(*rows: tuple[int, str | None, str | None, str | None]) -> pl.DataFrame:
    names = ["age_band_code", "gender_code", "area_code"]
    each = [row[1:] for row in rows for _ in range(row[0])]
    return pl.DataFrame(each, schema=dict.fromkeys(names, pl.String), orient="row")


def margins(**variables: dict[str, int]) -> pl.DataFrame:
    rows = [(v, c, n) for v, categories in variables.items() for c, n in categories.items()]
    names = {"variable": pl.String, "category": pl.String, "n_residents": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row")


def weights_by(found: WaveWeights, column: str) -> dict[str, float]:
    return dict(found.combinations.select(column, "weight").unique().iter_rows())


GENDERS = margins(gender={"female": 100, "male": 100})


def test_one_variable_is_post_stratified() -> None:
    found = weigh_wave(people((10, None, "female", None), (5, None, "male", None)), GENDERS)

    assert found is not None
    assert weights_by(found, "gender_code") == pytest.approx({"female": 10.0, "male": 20.0})
    assert found.combinations["gender_margin"].to_list() == ["female", "male"]
    assert found.combinations["area_margin"].null_count() == 2


def test_those_who_did_not_tell_keep_their_share() -> None:
    rows = people((10, None, "female", None), (5, None, "male", None), (5, None, None, None))

    found = weigh_wave(rows, GENDERS)

    # A quarter did not tell: they stand for 50 of 200; women and men for 75 each.
    assert found is not None
    expected = {"female": 7.5, "male": 15.0, "unknown": 10.0}
    assert weights_by(found, "gender_code") == pytest.approx(expected)


def test_a_category_that_no_statistic_knows_keeps_its_share_too() -> None:
    rows = people((10, None, "female", None), (5, None, "male", None), (5, None, "other", None))

    found = weigh_wave(rows, GENDERS)

    assert found is not None
    assert weights_by(found, "gender_code")["other"] == pytest.approx(10.0)


def test_small_categories_are_merged_before_weighting() -> None:
    rows = people((4, "15_24", None, None), (6, "25_44", None, None), (10, "45_64", None, None))

    found = weigh_wave(rows, margins(age_band={"15_24": 60, "25_44": 60, "45_64": 80}))

    assert found is not None
    assert found.collapsed["age_band"] == {"15_24": "15_24", "25_44": "15_24", "45_64": "45_64"}
    assert weights_by(found, "age_band_code") == pytest.approx(
        {"15_24": 12.0, "25_44": 12.0, "45_64": 8.0}
    )


def test_people_outside_the_frame_weigh_nothing() -> None:
    rows = people(
        (3, "0_14", "female", None), (10, "15_24", "female", None), (5, "15_24", "male", None)
    )

    found = weigh_wave(rows, GENDERS, outside_ages=["0_14"])

    assert found is not None
    assert weights_by(found, "age_band_code")["0_14"] == 0.0
    total = found.combinations.select(pl.col("weight") * pl.col("n_respondents")).sum().item()
    assert total == pytest.approx(200.0)


def test_weights_beyond_three_medians_are_cut() -> None:
    rows = people((95, None, "female", None), (5, None, "male", None))

    found = weigh_wave(rows, GENDERS)

    # Women 100/95 each, men 20 each: cut to 3 · 100/95, and 5 · (20 − 300/95) shared by the women.
    assert found is not None
    cut = 300 / 95
    expected = {"female": 100 / 95 + 5 * (20 - cut) / 95, "male": cut}
    assert weights_by(found, "gender_code") == pytest.approx(expected)
    assert found.combinations["is_trimmed"].to_list() == [False, True]


@pytest.mark.parametrize(
    "rows",
    [
        people(),
        people((9, None, None, None)),
        people((9, None, "female", None)),
        people((9, None, "female", None), (4, None, "male", None)),
    ],
)
def test_nothing_to_weigh_by_gives_no_weights(rows: pl.DataFrame) -> None:
    assert weigh_wave(rows, GENDERS) is None


def test_no_margins_give_no_weights() -> None:
    assert weigh_wave(people((9, None, "female", None)), margins()) is None


def test_two_variables_both_hold_afterwards() -> None:
    rows = people(
        (20, "15_24", "female", None), (10, "25_44", "female", None),
        (12, "15_24", "male", None), (18, "25_44", "male", None),
    )  # fmt: skip
    both = margins(gender={"female": 110, "male": 90}, age_band={"15_24": 70, "25_44": 130})

    found = weigh_wave(rows, both)

    assert found is not None
    for column, expected in (
        ("gender_code", {"female": 110.0, "male": 90.0}),
        ("age_band_code", {"15_24": 70.0, "25_44": 130.0}),
    ):
        sums = found.combinations.group_by(column).agg(
            (pl.col("weight") * pl.col("n_respondents")).sum()
        )
        assert dict(sums.iter_rows()) == pytest.approx(expected, rel=1e-9)
