"""Code lists: unique codes, words in three languages, dates that can be, references that exist."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_codes

LISTS = sorted(load_codes())
#: Facts about places, not words for readers: a postcode is its own name.
WITHOUT_LABELS = {"postal_areas"}

every_list = pytest.mark.parametrize("name", LISTS)


@every_list
def test_codes_are_given_and_unique(name: str) -> None:
    codes = load_codes()[name].to_series(0)

    assert codes.null_count() == 0
    assert codes.is_unique().all()


@every_list
def test_codes_are_folded_words_or_the_codes_of_their_source(name: str) -> None:
    codes = load_codes()[name].to_series(0).to_list()

    assert [code for code in codes if not (code.isascii() and code == code.strip())] == []


@pytest.mark.parametrize("name", [name for name in LISTS if name not in WITHOUT_LABELS])
def test_codes_have_labels_in_three_languages(name: str) -> None:
    frame = load_codes()[name]

    unlabelled = frame.filter(pl.any_horizontal(pl.col("name_fi", "name_sv", "name_en").is_null()))

    assert unlabelled.to_series(0).to_list() == []


@pytest.mark.parametrize("name", [n for n in LISTS if "valid_from" in load_codes()[n].columns])
def test_dates_of_validity_are_dates_and_in_order(name: str) -> None:
    wrong = [
        row
        for row in load_codes()[name].select("valid_from", "valid_to").rows()
        if not is_in_order(*row)
    ]

    assert wrong == []


def test_every_service_belongs_to_a_department_that_exists() -> None:
    services, departments = load_codes()["services"], load_codes()["departments"]

    homeless = services.filter(
        ~pl.col("department_id").is_in(departments["department_id"].implode())
    )

    assert services["department_id"].null_count() == 0
    assert homeless["service_id"].to_list() == []


def test_a_service_that_has_left_names_one_in_force_that_its_mail_goes_to() -> None:
    services = load_codes()["services"]
    left = services.filter(pl.col("valid_to").is_not_null())
    in_force = services.filter(pl.col("valid_to").is_null())["service_id"]

    lost = left.filter(
        ~pl.col("forwarded_to_service_id").is_in(in_force.implode()).fill_null(value=False)
    )

    assert left.height > 0
    assert lost["service_id"].to_list() == []


def test_a_service_in_force_is_not_forwarded() -> None:
    services = load_codes()["services"].filter(pl.col("valid_to").is_null())

    assert services["forwarded_to_service_id"].drop_nulls().to_list() == []


def test_every_postal_area_lies_in_an_area_that_exists() -> None:
    areas = load_codes()["areas"]["area_code"].to_list()
    postal = load_codes()["postal_areas"]

    assert set(postal["area_code"].drop_nulls()) <= set(areas)
    assert postal["postcode"].str.contains(r"^\d{5}$").all()


def is_in_order(valid_from: str | None, valid_to: str | None) -> bool:
    first = date.fromisoformat(valid_from) if valid_from else date.min
    last = date.fromisoformat(valid_to) if valid_to else date.max
    return first <= last
