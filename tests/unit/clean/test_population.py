"""Population figures typed, and whose they are."""

import polars as pl

from data_contracts.contract import load_contracts
from transforms.clean.population import clean_population

TABLE = "core_reference__population"
TEXTS = (
    "population_year", "area_code", "age_band_code", "gender_code", "language_code", "n_residents",
)  # fmt: skip


def figures(*rows: tuple[str, str | None]) -> pl.DataFrame:
    """Figures of 2024 by area and number, of everybody."""
    return pl.DataFrame(
        {
            "population_year": ["2024"] * len(rows),
            "area_code": [area for area, _ in rows],
            "age_band_code": ["all"] * len(rows),
            "gender_code": ["all"] * len(rows),
            "language_code": ["all"] * len(rows),
            "n_residents": [n for _, n in rows],
            "line_no": range(1, len(rows) + 1),
        },
        schema=dict.fromkeys(TEXTS, pl.String) | {"line_no": pl.Int64},
    )


def test_the_own_municipality_is_the_whole_city_and_others_are_rejected() -> None:
    cleaned = clean_population(
        figures(("743", "66556"), ("301", "20000"), ("itainen", None)), municipality_code="743"
    )

    assert cleaned.frame.select("area_code", "n_residents").rows() == [
        ("all", 66_556), ("itainen", None),
    ]  # fmt: skip
    assert cleaned.rejects.select("line_no", "reason_code").rows() == [(2, "other_municipality")]


def test_a_municipality_may_be_written_without_its_leading_nought() -> None:
    cleaned = clean_population(figures(("005", "9000")), municipality_code="5")

    assert cleaned.frame["area_code"].to_list() == ["all"]


def test_columns_and_types_are_those_of_the_contract() -> None:
    cleaned = clean_population(figures(), municipality_code="743")

    schema = dict(load_contracts()[TABLE].schema)
    del schema["delivery_sha256"]
    assert cleaned.frame.schema == schema
