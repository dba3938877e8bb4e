"""Services on their day: what left the city at the turn of 2023 goes to another authority."""

from datetime import date

import polars as pl

from data_contracts.contract import load_codes
from transforms.text.forwarding import Leaving, date_services, leavings_of


def _dated(service: str | None, day: date | None) -> str | None:
    leavings = leavings_of(load_codes()["services"])
    found = date_services(
        pl.Series("service_id", [service], dtype=pl.String),
        pl.Series([day], dtype=pl.Date),
        leavings,
    )
    assert found.name == "service_id"
    first: str | None = found[0]
    return first


def test_the_code_list_says_who_has_left() -> None:
    found = leavings_of(load_codes()["services"])

    assert set(found) == {"terveys", "sosiaali", "vanhus", "vammais"}
    assert found["vanhus"] == Leaving(date(2022, 12, 31), "ei_kaupunki")


def test_a_matter_is_forwarded_from_the_day_after_the_last_one() -> None:
    assert _dated("terveys", date(2022, 12, 31)) == "terveys"
    assert _dated("terveys", date(2023, 1, 1)) == "ei_kaupunki"


def test_a_matter_without_a_date_follows_the_order_in_force() -> None:
    assert _dated("vammais", None) == "ei_kaupunki"


def test_other_services_and_none_stay_what_they_are() -> None:
    assert _dated("kadut", date(2024, 5, 1)) == "kadut"
    assert _dated(None, date(2024, 5, 1)) is None
