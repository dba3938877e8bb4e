"""Who belongs to a group: of the residents by the statistics, of the respondents by what they told.

A group that the statistics tell by age is told by age on both sides, so that the two shares speak
of the same people. See ``docs/methods/heard_index.md``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from transforms.statistics.population import population_margins

#: Group → a background variable of the statistics, and its categories. No statistic tells of
#: disabled people; of immigrants it is the mother tongue that does (Statistics Finland).
POPULATION_OF: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "lapset": ("age_band", ("0_14",)),
    "nuoret": ("age_band", ("15_24",)),
    "vanhukset": ("age_band", ("65_79", "80_")),
    "maahanmuuttajat": ("language", ("en", "other")),
}
_BY_AGE: Final = "age_band"
_NOT_TOLD: Final = ("", ())


def membership(groups: Sequence[str]) -> dict[str, pl.Expr]:
    """Group → whether a respondent belongs to it; null when that is not known.

    By age where the group is told by age and the respondent told it, else by what the respondent
    says (``groups``: codes joined by ``;``, empty for none, null when not asked).
    """
    declared = pl.col("groups").str.split(";")
    found = {}
    for group in groups:
        said = declared.list.contains(pl.lit(group))
        variable, categories = POPULATION_OF.get(group, _NOT_TOLD)
        by_age = pl.col("age_band_code").is_in(list(categories))
        found[group] = pl.coalesce(by_age, said) if variable == _BY_AGE else said
    return found


def population_shares(
    population: pl.DataFrame, years: Iterable[int], *, groups: Sequence[str]
) -> pl.DataFrame:
    """One row per group and year: its share of residents at the end of the year before.

    A group without a statistic, and a year without one, has no row.
    """
    schema = {"group_code": pl.String, "calendar_year": pl.Int64, "population_share": pl.Float64}
    rows = []
    for year in sorted(set(years)):
        margins = population_margins(population, year=year)
        for group in groups:
            variable, categories = POPULATION_OF.get(group, _NOT_TOLD)
            residents = margins.filter(pl.col("variable") == variable)
            members = residents.filter(pl.col("category").is_in(list(categories)))
            if members.height:
                counts = [int(frame["n_residents"].sum()) for frame in (members, residents)]
                rows.append((group, year, counts[0] / counts[1]))
    return pl.DataFrame(rows, schema=schema, orient="row")
