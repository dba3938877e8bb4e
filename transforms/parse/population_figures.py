"""Cells of population statistics, with the source's classes, to figures with ours.

Belongs here: what is summed, what is left out and why. Does not: the shape of any one file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from transforms.parse.parsed import Parsed, empty_rejects, found_shape, reject_rows
from transforms.parse.population_classes import (
    Meaning,
    age_meanings,
    area_meanings,
    gender_meanings,
    language_meanings,
)

POPULATION = "core_reference__population"
CELL_SCHEMA = pl.Schema(
    {
        "year": pl.String,
        "area": pl.String,
        "age": pl.String,
        "gender": pl.String,
        "language": pl.String,
        "n_residents": pl.String,
        "line_no": pl.Int64,
    }
)
FIGURE = ("population_year", "area_code", "age_band_code", "gender_code", "language_code")
_CLASSES = ("area", "age", "gender", "language")
#: Paavo and its grid write a protected figure as -1, a number.
_PROTECTED = "-1"
_YEAR, _COUNT = r"^(?:19|20)\d\d$", r"^\d+(?:[.,]0+)?$"


@dataclass(frozen=True, slots=True)
class City:
    """In which classes residents are counted.

    Attributes:
        postal_areas: Postcode to our area, every postcode with residents.
        age_bands: Codes of codes/age_band.csv, youngest first.
    """

    postal_areas: Mapping[str, str]
    age_bands: Sequence[str]


def population_figures(cells: pl.DataFrame, *, city: City, encoding_name: str | None) -> Parsed:
    """Figures of one file: cells of one year, area, band, gender and language summed.

    A figure is given only when all of its cells are there: every postcode of the area, every age
    of the band. One protected cell makes the figure null. Totals are taken as the source gives
    them and never summed from parts: the sum of postal areas is not the municipality.

    Args:
        cells: ``CELL_SCHEMA``; one row per cell of the file.
        city: Postal areas and bands of age.
        encoding_name: As found.

    Returns:
        The text frame of core_reference__population: a row is a figure of ours, ``line_no`` its
        first cell, ``area_code`` of a whole municipality its three digits. Rejects are cells;
        subtotals of the source are neither.

    Raises:
        RefusedFileError: If classes of age overlap.
    """
    rejects: list[pl.DataFrame] = []
    for column, meanings in _meanings(cells, city).items():
        cells = _take(cells, column, meanings, rejects)
    cells = _readable(cells, rejects)
    cells = _whole(cells, city, rejects)
    is_protected = pl.col("n_residents").is_null().any()
    count = pl.col("n_residents").cast(pl.Int64).sum().cast(pl.String)
    figures = (
        cells.group_by("year", *(f"{name}_code" for name in _CLASSES))
        .agg(
            n_residents=pl.when(is_protected).then(None).otherwise(count), line_no=pl.min("line_no")
        )
        .rename({"year": "population_year", "age_code": "age_band_code"})
        .select(*FIGURE, "n_residents", "line_no")
        .sort(FIGURE)
    )
    all_rejects = pl.concat([empty_rejects(), *rejects]).sort("line_no")
    rows_in = {POPULATION: figures.height + all_rejects.height}
    return Parsed({POPULATION: figures}, all_rejects, rows_in, encoding_name)


def _meanings(cells: pl.DataFrame, city: City) -> dict[str, dict[str, Meaning]]:
    found = {name: cells[name].unique().sort().to_list() for name in _CLASSES}
    readers: dict[str, Callable[[list[str]], dict[str, Meaning]]] = {
        "area": partial(area_meanings, postal_areas=city.postal_areas),
        "age": partial(age_meanings, bands=city.age_bands),
        "gender": gender_meanings,
        "language": language_meanings,
    }
    return {name: read(found[name]) for name, read in readers.items()}


def _take(
    cells: pl.DataFrame,
    column: str,
    meanings: Mapping[str, Meaning],
    rejects: list[pl.DataFrame],
) -> pl.DataFrame:
    """Cells whose class has a code of ours; the rest are rejected, or subtotals not used."""
    for code, meaning in meanings.items():
        if meaning.reason_code:
            lines = cells.filter(pl.col(column) == code)["line_no"].to_list()
            rejects.append(_rejected(lines, meaning.reason_code, column, meaning.expected, code))
    codes = {code: meaning.code for code, meaning in meanings.items() if meaning.code}
    coded = pl.col(column).replace_strict(codes, default=None, return_dtype=pl.String)
    return cells.with_columns(coded.alias(f"{column}_code")).filter(
        pl.col(f"{column}_code").is_not_null()
    )


def _readable(cells: pl.DataFrame, rejects: list[pl.DataFrame]) -> pl.DataFrame:
    """Cells with a year and a count, each class once; a protected one is null."""
    count = pl.col("n_residents").str.replace_all(r"[\s\u{00A0}\u{202F}]", "")
    cells = cells.with_columns(n_residents=pl.when(count != _PROTECTED).then(count))
    is_year = pl.col("year").str.contains(_YEAR).fill_null(value=False)
    is_count = pl.col("n_residents").str.contains(_COUNT).fill_null(value=True)
    is_first = pl.struct("year", *_CLASSES).is_first_distinct()
    tests = (
        (is_year, "year_unreadable", "year", "a year of four digits"),
        (is_count, "count_unreadable", "n_residents", "a whole number, or -1 where protected"),
        (is_first, "figure_repeated", None, "each figure once"),
    )
    broken = []
    for test, reason, column, expected in tests:
        bad = cells.filter(~test)
        shown = None if column is None else bad[column].to_list()
        rejects.append(_rejected(bad["line_no"].to_list(), reason, column, expected, shown))
        broken.append(bad)
        cells = cells.filter(test)
    return _without_figures_of(cells, pl.concat(broken), rejects).with_columns(
        n_residents=pl.col("n_residents").str.replace(r"[.,]0+$", "")
    )


def _without_figures_of(
    cells: pl.DataFrame, broken: pl.DataFrame, rejects: list[pl.DataFrame]
) -> pl.DataFrame:
    """Cells but for those of a figure that lacks one of its cells."""
    key = ["year", *(f"{name}_code" for name in _CLASSES)]
    lame = cells.join(broken.select(key).unique(), on=key, how="semi")
    expected = "every cell of the figure readable, and once"
    rejects.append(_rejected(lame["line_no"].to_list(), "figure_incomplete", None, expected, None))
    return cells.join(lame, on=["line_no", "year"], how="anti", maintain_order="left")


def _whole(cells: pl.DataFrame, city: City, rejects: list[pl.DataFrame]) -> pl.DataFrame:
    """Cells of areas of which every postcode stands in the file, year by year."""
    needed = pl.DataFrame(
        {"area": list(city.postal_areas), "area_code": list(city.postal_areas.values())},
        schema={"area": pl.String, "area_code": pl.String},
    )
    key = ["year", *(f"{name}_code" for name in _CLASSES)]
    size = needed.group_by("area_code").agg(n_needed=pl.len())
    n_there = pl.col("area").n_unique().over(key)
    counted = cells.join(size, on="area_code", how="left", maintain_order="left").with_columns(
        is_whole=pl.col("n_needed").is_null() | (n_there == pl.col("n_needed"))
    )
    lame = counted.filter(~pl.col("is_whole"))
    expected = "every postal area of the area (data_contracts/codes/postal_areas.csv)"
    rejects.append(
        _rejected(lame["line_no"].to_list(), "figure_incomplete", "area", expected, None)
    )
    return counted.filter("is_whole").drop("n_needed", "is_whole")


def _rejected(
    lines: list[int],
    reason_code: str,
    column: str | None,
    expected: str,
    found: str | list[str | None] | None,
) -> pl.DataFrame:
    shown = [found] * len(lines) if isinstance(found, str) else found
    shapes = None if shown is None else [None if s is None else found_shape(s) for s in shown]
    return reject_rows(
        lines,
        table_name=POPULATION,
        reason_code=reason_code,
        column_name=column,
        expected=expected,
        found_shapes=shapes,
    )
