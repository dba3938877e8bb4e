"""Margins of the population: how many residents each category of a background variable has.

From the reference table of residents, which knows some margins and cross-tables and not others; a
margin that the source does not give, or protects in part, is not made up.
"""

from collections.abc import Collection
from typing import Final

import polars as pl

ALL: Final = "all"
AGE: Final = "age_band"
#: Background variable → its column of core_reference__population.
COLUMNS: Final = {
    "area": "area_code",
    AGE: "age_band_code",
    "gender": "gender_code",
    "language": "language_code",
}
MARGIN_SCHEMA: Final = pl.Schema(
    {
        "variable": pl.String,
        "category": pl.String,
        "n_residents": pl.Int64,
        "population_year": pl.Int64,
    }
)


def population_margins(
    population: pl.DataFrame, *, year: int, without_ages: Collection[str] = ()
) -> pl.DataFrame:
    """One row per background variable and category: residents on the 31.12. before ``year``.

    A margin is read where the source gives it, else summed over the smallest cross-table that holds
    it. Of what is asked without some ages, a cross-table by age is preferred; where there is none
    the margin is that of all ages, an approximation.

    Args:
        population: core_reference__population: ``population_year``, the four codes (``all`` where
            the source does not tell them apart) and ``n_residents`` (null: protected).
        year: Year of the fieldwork; the last year's end before it counts, else the first known.
        without_ages: Age bands that do not belong to the frame.

    Returns:
        ``MARGIN_SCHEMA``, sorted; a variable with a protected category is left out.
    """
    parts = [
        _margin(population, variable, year=year, without_ages=without_ages) for variable in COLUMNS
    ]
    return pl.concat([pl.DataFrame(schema=MARGIN_SCHEMA), *(p for p in parts if p is not None)])


def _margin(
    population: pl.DataFrame, variable: str, *, year: int, without_ages: Collection[str]
) -> pl.DataFrame | None:
    column = COLUMNS[variable]
    names = list(COLUMNS.values())
    told = population.filter(pl.col(column) != ALL).with_columns(
        n_crossed=pl.sum_horizontal(pl.col(names) != ALL),
        has_age=pl.col(COLUMNS[AGE]) != ALL,
        crossing=pl.concat_str([(pl.col(name) != ALL).cast(pl.Int8) for name in names]),
    )
    sources = told.select("crossing", "n_crossed", "has_age", "population_year").unique()
    wants_age = bool(without_ages) & (variable != AGE)
    is_before = pl.col("population_year") < year
    distance = pl.when(is_before).then(year - pl.col("population_year")).otherwise(None)
    ordered = sources.sort(
        ~pl.col("has_age") & pl.lit(wants_age),
        distance.is_null(),
        distance.fill_null(pl.col("population_year")),
        "n_crossed",
        "crossing",
    )
    for source in ordered.select("crossing", "population_year").iter_rows():
        rows = told.filter(
            (pl.col("crossing") == source[0]) & (pl.col("population_year") == source[1])
        )
        margin = _summed(rows, variable, without_ages=without_ages)
        if margin is not None:
            return margin
    return None


def _summed(
    rows: pl.DataFrame, variable: str, *, without_ages: Collection[str]
) -> pl.DataFrame | None:
    kept = rows.filter(~pl.col(COLUMNS[AGE]).is_in(list(without_ages)))
    if kept.is_empty() or kept["n_residents"].null_count():
        return None
    return (
        kept.group_by(category=COLUMNS[variable])
        .agg(pl.col("n_residents").sum(), pl.col("population_year").first())
        .with_columns(variable=pl.lit(variable))
        .filter(pl.col("n_residents") > 0)
        .select(MARGIN_SCHEMA.names())
        .sort("category")
    )
