"""Written coordinates to usable ones, and what they were like.

Belongs here: WGS84 degrees. Does not: areas of the city, and grids (ETRS-GK, TM35FIN).
"""

from typing import NamedTuple

import polars as pl
import polars.selectors as cs

from transforms.clean.numbers import parse_number

DECIMALS = 3  # about 110 m north-south: a place, not a doorstep


class Bounds(NamedTuple):
    """A box of WGS84 degrees, its edges included."""

    lat_min: float
    lat_max: float
    lon_min: float
    lon_max: float


_NORTH, _EAST = "__north", "__east"

SEINAJOKI_BOUNDS = Bounds(62.4, 63.1, 22.2, 23.4)


def clean_coordinates(
    frame: pl.DataFrame, *, lat: str, lon: str, bounds: Bounds = SEINAJOKI_BOUNDS
) -> pl.DataFrame:
    """``frame`` with ``lat``, ``lon`` and ``location_quality_code``.

    Args:
        frame: Rows with the source's latitude and longitude, as text or numbers; a decimal comma
            and a degree sign are read.
        lat: Column of the latitude.
        lon: Column of the longitude.
        bounds: Where the city is.

    Returns:
        The same rows. ``lat`` and ``lon`` are rounded to three decimals and null unless the code
        (``codes/location_quality.csv``) is ``ok`` or ``swapped``: one or both absent, or both
        zero, is ``missing``; text that is no number, or no degree, is ``invalid``.
    """
    # Materialised step by step: an expression used five times would read the text five times.
    read = frame.with_columns(
        part
        for name, column in ((_NORTH, lat), (_EAST, lon))
        for number in (parse_number(_without_degree(pl.col(column))),)
        for part in (
            number.value.alias(name),
            number.is_bad.alias(f"{name}_is_bad"),
            number.is_absent.alias(f"{name}_is_absent"),
        )
    )
    north, east = pl.col(_NORTH), pl.col(_EAST)
    is_bad, is_absent = (
        pl.col(f"{_NORTH}_{what}") | pl.col(f"{_EAST}_{what}") for what in ("is_bad", "is_absent")
    )
    is_zero = (north == 0) & (east == 0)
    is_degree = (north.abs() <= 90) & (east.abs() <= 180)  # noqa: PLR2004 - degrees
    code = (
        pl.when(is_bad)
        .then(pl.lit("invalid"))
        .when((is_absent | is_zero).fill_null(value=False))
        .then(pl.lit("missing"))
        .when(_is_inside(north, east, bounds))
        .then(pl.lit("ok"))
        .when(_is_inside(east, north, bounds))
        .then(pl.lit("swapped"))
        .when(is_degree)
        .then(pl.lit("outside"))
        .otherwise(pl.lit("invalid"))
    )
    coded = read.with_columns(location_quality_code=code)
    is_ok, is_turned = (pl.col("location_quality_code") == what for what in ("ok", "swapped"))
    return coded.with_columns(
        lat=pl.when(is_ok).then(north).when(is_turned).then(east).round(DECIMALS),
        lon=pl.when(is_ok).then(east).when(is_turned).then(north).round(DECIMALS),
    ).drop(cs.starts_with(_NORTH, _EAST))


def _without_degree(column: pl.Expr) -> pl.Expr:
    return column.cast(pl.String).str.strip_chars(" °\u00a0NEne")


def _is_inside(north: pl.Expr, east: pl.Expr, bounds: Bounds) -> pl.Expr:
    return north.is_between(bounds.lat_min, bounds.lat_max) & east.is_between(
        bounds.lon_min, bounds.lon_max
    )
