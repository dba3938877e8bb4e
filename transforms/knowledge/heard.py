"""The cube of acts (mart_heard__acts), completed: a service that was silent stands with a zero.

The counting itself is ``transforms.acts``; here nothing is counted anew.
"""

from typing import Final

import polars as pl

from transforms.statistics.cells import members_in_periods

KEY: Final = (
    "dimension_code",
    "dimension_value",
    "period_kind_code",
    "period_start_on",
    "act_type_code",
)
COUNTS: Final = (
    "n_acts",
    "n_texts",
    "n_praise",
    "n_complaint",
    "n_question",
    "n_proposal",
    "n_fault",
    "n_positive",
    "n_neutral",
    "n_negative",
)
FIGURES: Final = (*COUNTS, "unsure_share", "n_forwarded")


class DuplicateCellError(ValueError):
    """The cube holds a cell twice."""


def complete_heard_acts(*, cube: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """One row per level, value, period and act type, zeros included.

    Args:
        cube: The columns of mart_heard__acts in any order, a row per cell with something in it.
        members: ``statistics.cells.dimension_members``.

    Returns:
        The cube with a row of zeros (``unsure_share`` null) for every member in force in a period
        of the cube and every act type of the cube, in contract order, sorted by key.

    Raises:
        DuplicateCellError: If a key stands twice.
    """
    twice = cube.height - cube.select(KEY).n_unique() if cube.height else 0
    if twice:
        raise DuplicateCellError(
            f"The cube of {cube.height} rows holds {twice} repeated cells, expected one row a "
            "cell. Group by all five keys in transforms.acts."
        )
    periods = cube.select("period_kind_code", "period_start_on").unique()
    types = cube.select("act_type_code").unique()
    grid = members_in_periods(members, periods).join(types, how="cross")
    silent = grid.join(cube, on=list(KEY), how="anti").with_columns(
        *(pl.lit(0, dtype=pl.Int64).alias(name) for name in (*COUNTS, "n_forwarded"))
    )
    whole = pl.concat([cube, silent], how="diagonal_relaxed")
    return whole.select(*KEY, *FIGURES).sort(*KEY)
