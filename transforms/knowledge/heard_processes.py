"""D13 group_heard_processes: which groups were heard in which planning or service process.

The model asks that named groups be helped to take part in every plan and service process (2023
§2.2.1 step 5, §2.3.1 step 5). Counted as the half by ways of being heard counts attendees. Nobody
heard is a finding (0), not recorded is another (null). See ``docs/methods/heard_processes.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.heard_shares import (
    UNKNOWN,
    attendees_of_groups,
    counted_groups,
    support_given,
    with_heard_ratios,
)
from transforms.statistics.processes import (
    RULE_OF_KIND,
    compute_processes,
    occasions_of_processes,
)

KEY: Final = ("process_id", "group_code")
FIGURES: Final = (
    "process_kind_code",
    "process_name",
    "department_id",
    "measure_id",
    "began_on",
    "last_held_on",
    "first_year",
    "last_year",
    "is_closed",
    "n_events",
    "n_events_counted",
    "n_events_recorded",
    "is_record_complete",
    "is_named_group",
    "is_recorded",
    "is_heard",
    "n_heard",
    "n_attendees",
    "heard_share",
    "population_share",
    "ratio",
    "ratio_low",
    "ratio_high",
    "n_support_given",
)


@dataclass(frozen=True, slots=True)
class ProcessFrames:
    """What is read, each as its contract describes it.

    ``occasions`` is core_participation__events, ``measures`` core_reference__measures and
    ``population`` core_reference__population.
    """

    occasions: pl.DataFrame
    measures: pl.DataFrame
    population: pl.DataFrame


def compute_heard_processes(
    frames: ProcessFrames, *, groups: Sequence[str], as_of: date
) -> pl.DataFrame:
    """One row per process and group (and ``unknown``), whether anybody was heard or not.

    Args:
        frames: Occasions after ``as_of`` are left out.
        groups: Codes of the groups, in the order of their list.
        as_of: City day at whose end the figures stand.

    Returns:
        The columns of mart_group__heard_processes without lineage, sorted by key. ``n_heard`` is
        null where the group was not recorded of half of the attendees; residents are those of the
        year in which the process began.
    """
    held = frames.occasions.filter(pl.col("held_on") <= as_of)
    own = occasions_of_processes(held)
    processes = _with_measure(_dated(compute_processes(held), as_of=as_of), frames.measures)
    codes = pl.DataFrame({"group_code": [*groups, UNKNOWN]}, schema={"group_code": pl.String})
    grid = processes.join(codes, how="cross")
    is_group = pl.col("group_code") != UNKNOWN
    rows = grid
    for part in (
        _counted(own, grid, population=frames.population, groups=groups),
        _recorded_events(own, groups=groups),
        support_given(own, by=["process_id"], groups=groups),
    ):
        rows = rows.join(part, on=list(KEY), how="left", validate="1:1")
    is_known = pl.col("is_recorded").fill_null(value=False)
    is_nobody = (is_known & (pl.col("n_heard") == 0)).fill_null(value=False)
    somebody = pl.when(pl.col("n_events_heard") > 0).then(pl.lit(value=True))
    return (
        rows.with_columns(
            is_recorded=is_known,
            is_heard=pl.when(is_group).then(
                pl.coalesce(somebody, pl.when(is_nobody).then(pl.lit(value=False)))
            ),
            is_named_group=pl.when(is_group).then(
                pl.col("groups").list.contains(pl.col("group_code")).fill_null(value=False)
            ),
            is_record_complete=pl.when(is_group).then(
                pl.col("n_events_recorded") == pl.col("n_events")
            ),
            n_support_given=pl.when(is_group).then(pl.col("n_support_given").fill_null(0)),
        )
        .select(*KEY, *FIGURES)
        .sort(KEY)
    )


def _dated(processes: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The processes with their years, and whether they are over.

    One is over when its sixth step has been held, or when its latest occasion lies in a year that
    is over.
    """
    last_year = pl.col("last_on").dt.year().cast(pl.Int64)
    return processes.with_columns(
        last_held_on="last_on",
        first_year=pl.col("began_on").dt.year().cast(pl.Int64),
        last_year=last_year,
        is_closed=pl.col("met_on").is_not_null() | (last_year < as_of.year),
    )


def _with_measure(processes: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
    """The measure in force when the process began that asks for its kind, and whom it names."""
    rule = pl.col("process_kind_code").replace_strict(
        RULE_OF_KIND, default=None, return_dtype=pl.String
    )
    asked = measures.select(
        "measure_id",
        "valid_from",
        "valid_to",
        evidence_rule_code="evidence_rule_code",
        groups=pl.col("groups").str.split(";"),
    )
    began, until = pl.col("began_on"), pl.col("valid_to")
    in_force = (
        processes.select("process_id", "began_on", evidence_rule_code=rule)
        .join(asked, on="evidence_rule_code", how="inner")
        .filter(began >= pl.col("valid_from"), until.is_null() | (began <= until))
        .select("process_id", "measure_id", "groups")
    )
    return processes.join(in_force, on="process_id", how="left", validate="1:1")


def _counted(
    own: pl.DataFrame, grid: pl.DataFrame, *, population: pl.DataFrame, groups: Sequence[str]
) -> pl.DataFrame:
    """Attendees, shares and ratios; of a process that nobody came to, noughts without a share."""
    heard = attendees_of_groups(own, by=["process_id"], groups=groups).join(
        grid.select(*KEY, calendar_year="first_year"), on=list(KEY), how="inner", validate="1:1"
    )
    someone = with_heard_ratios(
        heard.filter(pl.col("n_all") > 0), population=population, groups=groups
    )
    nobody = heard.filter(pl.col("n_all") == 0).with_columns(
        is_recorded=pl.lit(value=True), n_heard=pl.lit(0, dtype=pl.Int64)
    )
    return pl.concat([someone, nobody], how="diagonal").select(
        *KEY,
        "is_recorded",
        "n_heard",
        "heard_share",
        "population_share",
        "ratio",
        "ratio_low",
        "ratio_high",
        n_attendees="n_all",
    )


def _recorded_events(own: pl.DataFrame, *, groups: Sequence[str]) -> pl.DataFrame:
    """Occasions that counted attendees, those that counted the group too, and those it came to.

    Of ``unknown``: occasions that counted any group.
    """
    columns = counted_groups(own, groups)
    is_counted = pl.col("n_attendees").is_not_null()
    anything = pl.any_horizontal(pl.col(list(columns.values())).is_not_null())
    parts = [
        own.group_by("process_id").agg(
            group_code=pl.lit(group),
            n_events_counted=is_counted.sum().cast(pl.Int64),
            n_events_recorded=(is_counted & pl.col(column).is_not_null()).sum().cast(pl.Int64),
            n_events_heard=(pl.col(column) > 0).sum().cast(pl.Int64),
        )
        for group, column in columns.items()
    ]
    parts.append(
        own.group_by("process_id").agg(
            group_code=pl.lit(UNKNOWN),
            n_events_counted=is_counted.sum().cast(pl.Int64),
            n_events_recorded=(is_counted & anything).sum().cast(pl.Int64),
            n_events_heard=pl.lit(None, dtype=pl.Int64),
        )
    )
    return pl.concat(parts)
