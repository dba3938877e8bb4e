"""Coordinates are kept when they can lie in the city, and their quality is said."""

import polars as pl
import pytest

from transforms.clean.coordinates import Bounds, clean_coordinates


def _clean(lat: str | None, lon: str | None) -> tuple[float | None, float | None, str]:
    frame = pl.DataFrame({"y": [lat], "x": [lon]}, schema={"y": pl.String, "x": pl.String})
    row: tuple[float | None, float | None, str] = (
        clean_coordinates(frame, lat="y", lon="x")
        .select("lat", "lon", "location_quality_code")
        .row(0)
    )
    return row


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        ("62.790312", "22.840987", (62.790, 22.841, "ok")),
        ("62,790312", "22,840987", (62.790, 22.841, "ok")),
        ("62.4", "23.4", (62.4, 23.4, "ok")),
        ("62.3999", "22.8", (None, None, "outside")),
        ("22.840987", "62.790312", (62.790, 22.841, "swapped")),
        ("60.451667", "22.266944", (None, None, "outside")),
        ("0", "0.0", (None, None, "missing")),
        ("0", "22.8", (None, None, "outside")),
        ("", None, (None, None, "missing")),
        ("62.79", None, (None, None, "missing")),
        ("Kirjasto", "22.8", (None, None, "invalid")),
        ("6277000", "22800000", (None, None, "invalid")),
        ("62.79°", "22.84° ", (62.79, 22.84, "ok")),
    ],
)
def test_each_kind_of_pair_has_its_code(
    lat: str | None, lon: str | None, expected: tuple[float | None, float | None, str]
) -> None:
    assert _clean(lat, lon) == expected


def test_numbers_are_taken_as_they_are_and_replaced_in_place() -> None:
    frame = pl.DataFrame({"lat": [62.79], "lon": [22.84], "line_no": [1]})

    cleaned = clean_coordinates(frame, lat="lat", lon="lon")

    assert cleaned.columns == ["lat", "lon", "line_no", "location_quality_code"]
    assert cleaned.schema["lat"] == pl.Float64


def test_the_box_is_an_argument() -> None:
    frame = pl.DataFrame({"lat": ["60.17"], "lon": ["24.94"]})

    cleaned = clean_coordinates(frame, lat="lat", lon="lon", bounds=Bounds(60, 60.4, 24.7, 25.3))

    assert cleaned["location_quality_code"].to_list() == ["ok"]
