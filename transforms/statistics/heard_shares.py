"""Who was heard by group: attendees counted at occasions, and their share beside that of residents.

One place for all tables that tell how groups were heard. See ``docs/methods/heard_index.md``.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from transforms.statistics.group_members import population_shares
from transforms.statistics.heard_index import heard_ratio

UNKNOWN: Final = "unknown"
_RECORDED: Final = 0.5  # a group is recorded when it is known of most of those heard


def counted_groups(occasions: pl.DataFrame, groups: Sequence[str]) -> dict[str, str]:
    """Group → the column of the occasions that counts its attendees, where there is one."""
    return {group: f"n_{group}" for group in groups if f"n_{group}" in occasions.columns}


def attendees_of_groups(
    occasions: pl.DataFrame, *, by: Sequence[str], groups: Sequence[str]
) -> pl.DataFrame:
    """One row per group (and ``unknown``) and value of ``by``: attendees of the group and of all.

    Args:
        occasions: core_participation__events with the columns of ``by``.
        by: What the occasions are put together by.
        groups: Codes of the groups.

    Returns:
        ``by``, ``group_code``, ``n_heard`` (members; of ``unknown`` attendees of the occasions that
        counted no group), ``n_known`` (attendees of the occasions that counted the group; of
        ``unknown`` any group) and ``n_all``. Occasions that did not count attendees are left out.
    """
    attendees = pl.col("n_attendees").fill_null(0)
    counted = occasions.filter(pl.col("n_attendees").is_not_null())
    columns = counted_groups(occasions, groups)
    parts = [
        counted.group_by(by).agg(
            group_code=pl.lit(group),
            n_heard=pl.col(column).sum(),
            n_known=attendees.filter(pl.col(column).is_not_null()).sum(),
            n_all=attendees.sum(),
        )
        for group, column in columns.items()
    ]
    nothing = pl.all_horizontal(pl.col(list(columns.values())).is_null())
    parts.append(
        counted.group_by(by).agg(
            group_code=pl.lit(UNKNOWN),
            n_heard=attendees.filter(nothing).sum(),
            n_known=attendees.filter(~nothing).sum(),
            n_all=attendees.sum(),
        )
    )
    return pl.concat(parts).select(*by, "group_code", "n_heard", "n_known", "n_all")


def support_given(
    occasions: pl.DataFrame, *, by: Sequence[str], groups: Sequence[str]
) -> pl.DataFrame:
    """One row per group and value of ``by``: occasions with support at which the group was there.

    Returns:
        ``by``, ``group_code``, ``n_support_given``; none of which nothing is to be told.
    """
    columns = counted_groups(occasions, groups)
    supported = occasions.filter(pl.col("supports").is_not_null()).select(
        *by, *(pl.col(column).alias(group) for group, column in columns.items())
    )
    return (
        supported.unpivot(index=by, variable_name="group_code", value_name="n")
        .filter(pl.col("n") > 0)
        .group_by(*by, "group_code")
        .agg(n_support_given=pl.len().cast(pl.Int64))
    )


def with_heard_ratios(
    heard: pl.DataFrame, *, population: pl.DataFrame, groups: Sequence[str]
) -> pl.DataFrame:
    """The rows with shares and ratios, and whether the group was recorded.

    Args:
        heard: ``group_code``, ``calendar_year`` (whose residents are compared with), ``n_heard``,
            ``n_known`` and ``n_all`` > 0.
        population: core_reference__population.
        groups: Codes of the groups.

    Returns:
        The rows with ``is_recorded``, ``n_heard`` (null where the group is not recorded),
        ``heard_share``, ``population_share``, ``ratio``, ``ratio_low`` and ``ratio_high``.
    """
    is_recorded = pl.col("n_known") >= _RECORDED * pl.col("n_all")
    rows = (
        heard.with_columns(is_recorded=is_recorded)
        .with_columns(
            n_heard=pl.when(pl.col("is_recorded") | (pl.col("group_code") == UNKNOWN)).then(
                "n_heard"
            )
        )
        .join(
            population_shares(population, heard["calendar_year"], groups=groups),
            on=["group_code", "calendar_year"],
            how="left",
            validate="m:1",
        )
    )
    n, of_population = (
        rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for name in ("n_heard", "population_share")
    )
    figures = heard_ratio(n, rows["n_all"].cast(pl.Float64).to_numpy(), of_population)
    names = ("ratio", "ratio_low", "ratio_high")
    return rows.with_columns(
        *(pl.Series(k, v).fill_nan(None) for k, v in zip(names, figures, strict=True)),
        heard_share=pl.col("n_heard") / pl.col("n_all"),
    )
