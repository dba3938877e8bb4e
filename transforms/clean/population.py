"""Population figures: text to typed rows of the own municipality.

Belongs here: types, and whose figures they are. Does not: which cells make a figure
(``transforms.parse.population_figures``).
"""

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows

_ALL = "all"
_MUNICIPALITY = r"^\d{3}$"


def clean_population(frame: pl.DataFrame, *, municipality_code: str) -> Cleaned:
    """Figures of residents, typed; the parsers have left out what cannot be read.

    Args:
        frame: The text frame of core_reference__population.
        municipality_code: Three digits; the area of this municipality becomes ``all``.

    Returns:
        The contract's columns but for ``delivery_sha256``; ``n_residents`` null where protected.
        Figures of other municipalities are rejected.
    """
    is_other = pl.col("area_code").str.contains(_MUNICIPALITY) & (
        pl.col("area_code") != municipality_code.zfill(3)
    )
    expected = f"the municipality {municipality_code} or one of its postal areas"
    split = split_rows(frame, [RejectRule(is_other, "other_municipality", "area_code", expected)])
    is_own = pl.col("area_code").str.contains(_MUNICIPALITY)
    typed = split.frame.select(
        pl.col("population_year").cast(pl.Int64),
        area_code=pl.when(is_own).then(pl.lit(_ALL)).otherwise("area_code"),
        age_band_code="age_band_code",
        gender_code="gender_code",
        language_code="language_code",
        n_residents=pl.col("n_residents").cast(pl.Int64),
        line_no=pl.col("line_no").cast(pl.Int64),
    )
    return Cleaned(typed, split.rejects)
