"""D06 feedback_response_times: how long residents wait for a word, a handler, an end.

Open requests are right-censored at the end of the snapshot's day, forwarded ones when they were
forwarded: a mean of the closed ones alone would flatter. See ``docs/methods/response_times.md``.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Final

import polars as pl

from transforms.statistics.calendars import WORKING_DAY_HOURS
from transforms.statistics.cells import (
    MEMBER_SCHEMA,
    PERIOD_SCHEMA,
    members_in_periods,
    periods_between,
)
from transforms.statistics.log_rank import log_rank
from transforms.statistics.multiple import adjust_within
from transforms.statistics.rows import Rows
from transforms.statistics.survival import kaplan_meier, shares_within, survival_table
from transforms.statistics.waits import (
    CELL_KEY,
    CLOCKS,
    MILESTONES,
    PERIOD_KINDS,
    number_cells,
    observed_in,
    ticket_histories,
    waits_until,
)

LEVELS: Final = ("city", "department", "service", "area", "channel")
HORIZON_DAYS: Final = (1, 5, 14, 30)
RESTRICTION_DAYS: Final = 30
PROMISE_SCHEMA: Final = pl.Schema(
    {
        "service_id": pl.String,
        "milestone_code": pl.String,
        "clock_code": pl.String,
        "sla_hours": pl.Float64,
    }
)
KEY: Final = (*CELL_KEY, "milestone_code", "clock_code")
COMPARED_LEVELS: Final = ("city", "service")
COMPARED_PERIODS: Final = ("year", "last_12_months")
LEAST_OF_AREA: Final = 10  # fewer say nothing of an area, and might tell of a person
SIGNIFICANCE: Final = 0.05
DIFFERENCES: Final = (
    "n_areas",
    "log_rank_chi_square",
    "degrees_of_freedom",
    "p_value",
    "p_value_bh",
    "is_different",
)
_HOURS_OF_DAY: Final = {"calendar": 24.0, "business": WORKING_DAY_HOURS}


@dataclass(frozen=True, slots=True)
class ResponseTimeSettings:
    """What the city has decided: codes that appear even with nothing in them, and its promises.

    ``members`` as ``statistics.cells.dimension_members`` gives them; ``promises`` one row per
    service, milestone and clock with ``sla_hours``.
    """

    members: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MEMBER_SCHEMA))
    promises: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROMISE_SCHEMA))


def compute_response_times(
    *,
    tickets: Rows,
    events: Rows,
    places: Rows,
    as_of: date,
    settings: ResponseTimeSettings,
) -> pl.DataFrame:
    """One row per level, value, period of receipt, milestone and clock.

    Args:
        tickets: ``ticket_id``, ``received_at`` (core_feedback__tickets), lazy or not, like the two
            below. Later ones are left out.
        events: ``ticket_id``, ``seq``, ``event_code``, ``event_at`` (core_feedback__events); those
            after the end of ``as_of`` are left out, so any past day can be asked for.
        places: ``ticket_id``, ``service_id``, ``department_id``, ``area_code``, ``channel_code``,
            ``is_forwarded``, one row per ticket (from core_acts__acts). ``is_forwarded`` without an
            event of forwarding: forwarded at receipt.
        as_of: City day at whose end the requests stand.
        settings: Codes to show with zero, and promised times.

    Returns:
        The columns of mart_feedback__response_times without lineage, sorted by key. A member of
        the code lists without tickets has zero counts and null figures.

    Raises:
        NegativeDurationError: If a milestone or a forwarding precedes its receipt.
    """
    histories = ticket_histories(tickets, events=events, places=places, as_of=as_of)
    cells, groupings = number_cells(histories, levels=LEVELS, kinds=PERIOD_KINDS, as_of=as_of)
    counts = pl.concat([_ticket_counts(histories, cell) for cell in groupings])
    keyed = cells.join(counts, on="cell", how="left", validate="1:1")
    parts = []
    for milestone, clock in product(MILESTONES, CLOCKS):
        waits = waits_until(histories, milestone=milestone, clock=clock)
        parts += [
            _figures(observations, clock=clock)
            .join(keyed, on="cell", how="left", validate="1:1")
            .with_columns(milestone_code=pl.lit(milestone), clock_code=pl.lit(clock))
            .pipe(_with_promise, observations=observations, settings=settings)
            for observations in observed_in(groupings, waits)
        ]
    return _with_silent_members(pl.concat(parts), cells=cells, as_of=as_of, settings=settings)


def compute_area_differences(
    *, tickets: Rows, events: Rows, places: Rows, as_of: date
) -> pl.DataFrame:
    """One row per city or service, year of receipt, milestone and clock: log-rank between areas.

    Areas with fewer than 10 requests in the cell, and requests without an area, take no part. p is
    adjusted over the services of a period, milestone and clock.

    Args:
        tickets: As for ``compute_response_times``, like the others.
        events: core_feedback__events.
        places: The place of each ticket.
        as_of: City day at whose end the requests stand.

    Returns:
        The columns of mart_feedback__area_differences without lineage, sorted by key.
    """
    histories = ticket_histories(tickets, events=events, places=places, as_of=as_of)
    cells, groupings = number_cells(
        histories, levels=COMPARED_LEVELS, kinds=COMPARED_PERIODS, as_of=as_of
    )
    area = histories["area_code"].alias("group")
    parts = []
    for milestone, clock in product(MILESTONES, CLOCKS):
        waits = waits_until(histories, milestone=milestone, clock=clock).with_columns(area)
        tests = pl.concat([log_rank(_of_areas(seen)) for seen in observed_in(groupings, waits)])
        parts.append(
            cells.join(tests, on="cell", how="left", validate="1:1").with_columns(
                milestone_code=pl.lit(milestone), clock_code=pl.lit(clock)
            )
        )
    return _with_verdicts(pl.concat(parts))


def _of_areas(observations: pl.DataFrame) -> pl.DataFrame:
    """Waits of the requests in a cell whose area is known and has enough of them there."""
    of_area = observations.drop_nulls("group")
    return of_area.filter(pl.len().over("cell", "group") >= LEAST_OF_AREA)


def _with_verdicts(tests: pl.DataFrame) -> pl.DataFrame:
    family = ["dimension_code", *PERIOD_SCHEMA, "milestone_code", "clock_code"]
    return (
        tests.with_columns(p_value_bh=adjust_within("p_value", family))
        .with_columns(
            n_areas=pl.col("n_groups").fill_null(0),
            log_rank_chi_square=pl.col("chi_square"),
            is_different=pl.col("p_value_bh") < SIGNIFICANCE,
        )
        .select(*KEY, *DIFFERENCES)
        .sort(*KEY)
    )


def _ticket_counts(histories: pl.DataFrame, cell: pl.Series) -> pl.DataFrame:
    flags = histories.select(cell, "is_reopened", "is_forwarded").drop_nulls("cell")
    return flags.group_by("cell").agg(
        reopened_share=pl.col("is_reopened").mean(),
        n_forwarded=pl.col("is_forwarded").sum().cast(pl.Int64),
    )


def _figures(observations: pl.DataFrame, *, clock: str) -> pl.DataFrame:
    day = _HOURS_OF_DAY[clock]
    horizons = {f"share_within_{days}_days": days * day for days in HORIZON_DAYS}
    naive = (
        observations.filter("is_event")
        .group_by("cell")
        .agg(naive_median_closed_hours=pl.col("duration").median())
    )
    return (
        kaplan_meier(observations, horizons=horizons, restriction=RESTRICTION_DAYS * day)
        .join(naive, on="cell", how="left", validate="1:1")
        .with_columns(rmst_30_days=pl.col("rmst") / day, rmst_30_days_se=pl.col("rmst_se") / day)
        .rename(
            {
                "n": "n_tickets",
                "median": "km_median_hours",
                "median_low": "km_median_low_hours",
                "median_high": "km_median_high_hours",
            }
        )
    )


def _with_promise(
    figures: pl.DataFrame, *, observations: pl.DataFrame, settings: ResponseTimeSettings
) -> pl.DataFrame:
    keyed = figures.join(
        settings.promises.rename({"service_id": "dimension_value"}).with_columns(
            dimension_code=pl.lit("service")
        ),
        on=["dimension_code", "dimension_value", "milestone_code", "clock_code"],
        how="left",
        validate="m:1",
    )
    limits = keyed.filter(pl.col("sla_hours").is_not_null())
    limits = limits.select("cell", limit="sla_hours")
    promised = observations.join(limits, on="cell", how="semi")
    shares = shares_within(survival_table(promised), limits=limits)
    return keyed.join(
        shares.rename({"share_within": "share_within_sla"}),
        on="cell",
        how="left",
        validate="1:1",
    )


def _with_silent_members(
    figures: pl.DataFrame, *, cells: pl.DataFrame, as_of: date, settings: ResponseTimeSettings
) -> pl.DataFrame:
    first_on = cells["period_start_on"].min()
    periods = periods_between(
        first_on=first_on if isinstance(first_on, date) else as_of, as_of=as_of
    )
    if isinstance(first_on, date):
        # A calendar year begins before the first receipt: months start with the first one received.
        months = cells.filter(pl.col("period_kind_code") == "month")["period_start_on"]
        first_month = months.min()
        periods = periods.filter(
            (pl.col("period_kind_code") != "month") | (pl.col("period_start_on") >= first_month)
        )
    grid = members_in_periods(settings.members, periods)
    milestones = pl.DataFrame({"milestone_code": list(MILESTONES)})
    clocks = pl.DataFrame({"clock_code": list(CLOCKS)})
    grid = grid.join(milestones, how="cross").join(clocks, how="cross")
    silent = grid.join(figures, on=list(KEY), how="anti").with_columns(
        n_tickets=pl.lit(0, dtype=pl.Int64),
        n_events=pl.lit(0, dtype=pl.Int64),
        n_forwarded=pl.lit(0, dtype=pl.Int64),
    )
    both = pl.concat([figures, silent], how="diagonal")
    return (
        both.with_columns(n_censored=pl.col("n_tickets") - pl.col("n_events"))
        .select(*KEY, *FIGURES)
        .sort(*KEY)
    )


FIGURES: Final = (
    "n_tickets",
    "n_events",
    "n_censored",
    "km_median_hours",
    "km_median_low_hours",
    "km_median_high_hours",
    *(f"share_within_{days}_days" for days in HORIZON_DAYS),
    "rmst_30_days",
    "rmst_30_days_se",
    "sla_hours",
    "share_within_sla",
    "reopened_share",
    "n_forwarded",
    "naive_median_closed_hours",
)
