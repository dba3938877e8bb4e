"""D06 feedback_response_times: how long residents wait for a word, a handler, an end.

Open requests are right-censored at the end of the snapshot's day, forwarded ones when they were
forwarded: a mean of the closed ones alone would flatter. See ``docs/methods/response_times.md``.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

import polars as pl

from transforms.statistics.calendars import (
    WORKING_DAY_HOURS,
    elapsed_hours,
    end_of_day,
    working_calendar,
    working_hours,
)
from transforms.statistics.cells import (
    MEMBER_SCHEMA,
    PERIOD_SCHEMA,
    members_in_periods,
    periods_between,
    spread_levels,
    spread_periods,
)
from transforms.statistics.log_rank import log_rank
from transforms.statistics.multiple import adjust_within
from transforms.statistics.survival import (
    NegativeDurationError,
    kaplan_meier,
    shares_within,
    survival_table,
)

LEVELS: Final = ("city", "department", "service", "area", "channel")
CLOCKS: Final = ("calendar", "business")
HORIZON_DAYS: Final = (1, 5, 14, 30)
RESTRICTION_DAYS: Final = 30
# A reply or an end without a word before it is the first sign that somebody has seen the request.
MILESTONES: Final = {
    "first_reply": ("replied",),
    "acknowledged": ("allocated", "handling", "acknowledged", "replied", "done", "rejected"),
    "done": ("done", "rejected"),
}
PROMISE_SCHEMA: Final = pl.Schema(
    {
        "service_id": pl.String,
        "milestone_code": pl.String,
        "clock_code": pl.String,
        "sla_hours": pl.Float64,
    }
)
CELL_KEY: Final = ("dimension_code", "dimension_value", *PERIOD_SCHEMA)
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
    tickets: pl.DataFrame,
    events: pl.DataFrame,
    places: pl.DataFrame,
    as_of: date,
    settings: ResponseTimeSettings,
) -> pl.DataFrame:
    """One row per level, value, period of receipt, milestone and clock.

    Args:
        tickets: ``ticket_id``, ``received_at`` (core_feedback__tickets). Later ones are left out.
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
    histories = _ticket_histories(tickets, events=events, places=places, as_of=as_of)
    _refuse_events_before_receipt(histories)
    memberships, cells = _cells(histories, as_of=as_of)
    counts = _ticket_counts(histories, memberships=memberships)
    parts = []
    for milestone in MILESTONES:
        for clock in CLOCKS:
            waits = _waits(histories, milestone=milestone, clock=clock)
            parts.append(
                _figures(waits, memberships=memberships, clock=clock)
                .join(counts, on="cell", how="left", validate="1:1")
                .join(cells, on="cell", how="left", validate="1:1")
                .with_columns(milestone_code=pl.lit(milestone), clock_code=pl.lit(clock))
                .pipe(_with_promise, waits=waits, memberships=memberships, settings=settings)
            )
    return _with_silent_members(pl.concat(parts), cells=cells, as_of=as_of, settings=settings)


def compute_area_differences(
    *, tickets: pl.DataFrame, events: pl.DataFrame, places: pl.DataFrame, as_of: date
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
    histories = _ticket_histories(tickets, events=events, places=places, as_of=as_of)
    _refuse_events_before_receipt(histories)
    memberships, cells = _cells(histories, as_of=as_of)
    compared = cells.filter(
        pl.col("dimension_code").is_in(COMPARED_LEVELS),
        pl.col("period_kind_code").is_in(COMPARED_PERIODS),
    )
    of_area = (
        memberships.join(compared.select("cell"), on="cell", how="semi")
        .join(histories.select("ticket", group="area_code"), on="ticket", how="left")
        .filter(pl.col("group").is_not_null())
        .filter(pl.len().over("cell", "group") >= LEAST_OF_AREA)
    )
    parts = []
    for milestone in MILESTONES:
        for clock in CLOCKS:
            waits = _waits(histories, milestone=milestone, clock=clock)
            tests = log_rank(of_area.join(waits, on="ticket", how="left", validate="m:1"))
            parts.append(
                compared.join(tests, on="cell", how="left", validate="1:1").with_columns(
                    milestone_code=pl.lit(milestone), clock_code=pl.lit(clock)
                )
            )
    return _with_verdicts(pl.concat(parts))


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


def _ticket_histories(
    tickets: pl.DataFrame, *, events: pl.DataFrame, places: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """One row per ticket received by then: its place, its first moment of each milestone."""
    now = pl.lit(end_of_day(as_of)).dt.convert_time_zone("Europe/Helsinki")
    known = (
        tickets.select("ticket_id", "received_at")
        .filter(pl.col("received_at") < now)
        .join(places, on="ticket_id", how="inner", validate="1:1", maintain_order="left")
    )
    moments = _first_moments(events.filter(pl.col("event_at") < now))
    is_elsewhere = pl.col("is_forwarded") & pl.col("forwarded_at").is_null()
    return (
        known.join(moments, on="ticket_id", how="left", validate="1:1", maintain_order="left")
        .with_columns(
            is_forwarded=pl.col("is_forwarded") | pl.col("forwarded_at").is_not_null(),
            is_reopened=pl.col("is_reopened").fill_null(value=False),
            forwarded_seq=pl.when(is_elsewhere).then(0).otherwise(pl.col("forwarded_seq")),
            forwarded_at=pl.when(is_elsewhere)
            .then(pl.col("received_at"))
            .otherwise(pl.col("forwarded_at")),
            now=now,
        )
        .with_row_index("ticket")
    )


def _first_moments(known: pl.DataFrame) -> pl.DataFrame:
    """One row per ticket with events: order and moment of each milestone and of forwarding."""
    seen = known.sort("ticket_id", "event_at", "seq").with_columns(
        seq=pl.col("seq").cum_count().over("ticket_id").cast(pl.Int64)
    )
    code, seq, at = pl.col("event_code"), pl.col("seq"), pl.col("event_at")
    firsts = [
        expression
        for milestone, codes in MILESTONES.items()
        for expression in (
            seq.filter(code.is_in(codes)).first().alias(f"{milestone}_seq"),
            at.filter(code.is_in(codes)).first().alias(f"{milestone}_at"),
        )
    ]
    return seen.group_by("ticket_id").agg(
        *firsts,
        forwarded_seq=seq.filter(code == "forwarded").first(),
        forwarded_at=at.filter(code == "forwarded").first(),
        is_reopened=(code == "reopened").any(),
        first_event_at=at.filter(code != "received").min(),
    )


def _refuse_events_before_receipt(histories: pl.DataFrame) -> None:
    bad = histories.filter(pl.col("first_event_at") < pl.col("received_at")).height
    if bad:
        raise NegativeDurationError(
            f"{bad} of {histories.height} service requests have an event before their receipt; "
            "expected receipt first. Reject such events in cleaning (docs/methods/"
            "response_times.md)."
        )


def _cells(histories: pl.DataFrame, *, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Which ticket belongs to which cell (``ticket``, ``cell``), and the key of each cell."""
    dated = histories.with_columns(received_on=pl.col("received_at").dt.date())
    periods = spread_periods(dated, on="received_on", keep=["ticket"], as_of=as_of)
    levels = spread_levels(dated, keep=["ticket"], levels=LEVELS)
    period_keys = periods.unique(PERIOD_SCHEMA.names()).sort(PERIOD_SCHEMA.names())
    period_keys = period_keys.drop("ticket").with_row_index("period")
    level_keys = levels.unique(["dimension_code", "dimension_value"])
    level_keys = level_keys.drop("ticket").sort("dimension_code", "dimension_value")
    level_keys = level_keys.with_row_index("level")
    by_level = levels.join(level_keys, on=["dimension_code", "dimension_value"], how="inner")
    by_period = periods.join(period_keys, on=PERIOD_SCHEMA.names(), how="inner")
    cell = pl.col("level") * period_keys.height + pl.col("period")
    memberships = (
        by_level.select("ticket", "level")
        .join(by_period.select("ticket", "period"), on="ticket", how="inner", validate="m:m")
        .select("ticket", cell=cell)
    )
    cells = level_keys.join(period_keys, how="cross").select(*CELL_KEY, cell=cell)
    return memberships, cells.join(memberships.select("cell").unique(), on="cell", how="semi")


def _ticket_counts(histories: pl.DataFrame, *, memberships: pl.DataFrame) -> pl.DataFrame:
    flags = histories.select("ticket", "is_reopened", "is_forwarded")
    return (
        memberships.join(flags, on="ticket", how="left", validate="m:1")
        .group_by("cell")
        .agg(
            reopened_share=pl.col("is_reopened").mean(),
            n_forwarded=pl.col("is_forwarded").sum().cast(pl.Int64),
        )
    )


def _waits(histories: pl.DataFrame, *, milestone: str, clock: str) -> pl.DataFrame:
    """One row per ticket: ``duration`` in hours to the milestone, to forwarding or to now."""
    seq, forwarded = pl.col(f"{milestone}_seq"), pl.col("forwarded_seq")
    is_event = seq.is_not_null() & (forwarded.is_null() | (seq < forwarded))
    ends = histories.select(
        "ticket",
        "received_at",
        is_event=is_event,
        end_at=pl.when(is_event)
        .then(pl.col(f"{milestone}_at"))
        .otherwise(pl.coalesce("forwarded_at", "now")),
    )
    start, end = ends["received_at"], ends["end_at"]
    if clock == "calendar" or ends.is_empty():
        return ends.select("ticket", "is_event", duration=elapsed_hours(start=start, end=end))
    first, last = cast("date", start.dt.date().min()), cast("date", end.dt.date().max())
    hours = working_hours(
        start=start, end=end, calendar=working_calendar(first_on=first, last_on=last)
    )
    return ends.select("ticket", "is_event", duration=hours)


def _figures(waits: pl.DataFrame, *, memberships: pl.DataFrame, clock: str) -> pl.DataFrame:
    day = _HOURS_OF_DAY[clock]
    observations = memberships.join(waits, on="ticket", how="left", validate="m:1").drop("ticket")
    horizons = {f"share_within_{days}_days": days * day for days in HORIZON_DAYS}
    naive = observations.group_by("cell").agg(
        naive_median_closed_hours=pl.col("duration").filter("is_event").median()
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
    figures: pl.DataFrame,
    *,
    waits: pl.DataFrame,
    memberships: pl.DataFrame,
    settings: ResponseTimeSettings,
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
    observations = memberships.join(limits, on="cell", how="semi").join(
        waits, on="ticket", how="left", validate="m:1"
    )
    shares = shares_within(survival_table(observations.drop("ticket")), limits=limits)
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
