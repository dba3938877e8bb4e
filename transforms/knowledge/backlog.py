"""D07 feedback_backlog: what waits at the end of each day, from events only.

Received and reopened open a request; done, rejected and forwarded close it; an event that changes
nothing counts for nothing. Hence n_open(t) = n_open(t − 1) + received + reopened − closed on every
day and level. See ``docs/methods/backlog.md``.
"""

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from transforms.statistics.calendars import end_of_day
from transforms.statistics.cells import spread_levels
from transforms.statistics.rows import Rows
from transforms.statistics.spans import Ints, count_covering, least_covering

LEVELS: Final = ("city", "department", "service", "area")
_CODES: Final = ("department_id", "service_id", "area_code")
OPENING: Final = ("received", "reopened")
CLOSING: Final = ("done", "rejected", "forwarded")
ASSIGNING: Final = ("allocated", "handling")
FLOW_DAYS: Final = 28
DAILY_ROWS_DAYS: Final = 92
FLOWS: Final = ("n_received", "n_closed", "n_reopened")
KEY: Final = ("dimension_code", "dimension_value", "day_on")
FIGURES: Final = (
    *FLOWS,
    "n_open",
    "n_open_over_14_days",
    "n_open_over_30_days",
    "oldest_open_days",
    "n_unassigned",
    "net_flow_28_days",
    "n_closed_28_days",
    "days_to_clear",
)


class EventBeforeReceiptError(ValueError):
    """A service request is closed, forwarded or reopened before it was received."""


def compute_backlog(
    *,
    tickets: Rows,
    events: Rows,
    places: Rows,
    members: pl.DataFrame,
    as_of: date,
) -> pl.DataFrame:
    """One row per level, value and day, from the day of the first receipt to ``as_of``.

    Args:
        tickets: ``ticket_id``, ``received_at``; neither status nor time of closing is read. Lazy
            or not, like the two below.
        events: ``ticket_id``, ``seq``, ``event_code``, ``event_at``; those after ``as_of`` are
            left out, so that a past day gives what that day would have given.
        places: ``ticket_id``, ``service_id``, ``department_id``, ``area_code``, ``is_forwarded``.
            One that is another authority's matter from the start never enters.
        members: ``statistics.cells.dimension_members``: codes that have rows of zeros.
        as_of: Last city day.

    Returns:
        The columns of mart_feedback__backlog without lineage, sorted by key. ``oldest_open_days``
        is null when none is open, the two figures over 28 days are null in the first 27 days.

    Raises:
        EventBeforeReceiptError: If an event precedes its receipt.
    """
    entered, seen = _entered_and_seen(tickets, events=events, places=places, as_of=as_of)
    _refuse_events_before_receipt(seen)
    first_on = entered["received_at"].dt.date().min()
    if not isinstance(first_on, date):
        first_on = as_of
    spans = _open_spans(_changes(entered, seen), seen=seen, first_on=first_on, as_of=as_of)
    n_days = (as_of - first_on).days + 1
    days = pl.DataFrame({"day_on": [first_on + timedelta(days=k) for k in range(n_days)]})
    parts = []
    for level in LEVELS:  # one at a time: all at once would hold every request four times
        cells, memberships = _cells(entered, level=level, members=members)
        placed = spans.join(memberships, on="ticket", how="inner", validate="m:1")
        figures = _daily_figures(placed, n_cells=cells.height, n_days=n_days)
        daily = cells.join(days, how="cross", maintain_order="left_right").hstack(figures)
        parts.append(daily.filter(_is_in_force()).select(*KEY, *FIGURES))
    return pl.concat(parts).sort(*KEY)


def select_backlog_rows(backlog: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The rows to publish: month ends, and for the whole city the last 92 days too.

    Flows are those of the whole month and stand at its end; they are null on other days. Closings
    are told less those opened again, so that between two month ends of a value
    n_open = n_open before + n_received − n_closed. Requests opened again are few, and not told.
    """
    day = pl.col("day_on")
    is_month_end = day == day.dt.month_end()
    is_recent = (day > as_of - timedelta(days=DAILY_ROWS_DAYS)) & (
        pl.col("dimension_code") == "city"
    )
    month = ["dimension_code", "dimension_value", day.dt.truncate("1mo").alias("month")]
    return (
        backlog.sort(*KEY)
        .with_columns(n_closed=pl.col("n_closed") - pl.col("n_reopened"))
        .with_columns(
            pl.when(is_month_end).then(pl.col(flow).sum().over(month)).alias(flow)
            for flow in ("n_received", "n_closed")
        )
        .filter(is_month_end | is_recent)
        .drop("n_reopened")
    )


def _entered_and_seen(
    tickets: Rows, *, events: Rows, places: Rows, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The city's own requests received by then, numbered, and what happened to them."""
    now = end_of_day(as_of)
    entered = (
        tickets.lazy()
        .select("ticket_id", "received_at")
        .filter(pl.col("received_at") < now)
        .join(places.lazy(), on="ticket_id", how="inner", validate="1:1", maintain_order="left")
        .filter(~pl.col("is_forwarded"))
        .select("ticket_id", "received_at", *_CODES)
        .collect()
        .with_row_index("ticket")
    )
    numbers = entered.lazy().select("ticket_id", "ticket", "received_at")
    seen = (
        events.lazy()
        .filter(pl.col("event_at") < now, pl.col("event_code") != "received")
        .join(numbers, on="ticket_id", how="inner")
        .select("ticket", "seq", "event_code", "event_at", "received_at")
        .collect(engine="streaming")
    )
    return entered.drop("ticket_id"), seen


def _refuse_events_before_receipt(seen: pl.DataFrame) -> None:
    bad = seen.filter(pl.col("event_at") < pl.col("received_at")).height
    if bad:
        raise EventBeforeReceiptError(
            f"{bad} of {seen.height} events precede the receipt of their service request; "
            "expected receipt first. Reject such events in cleaning."
        )


def _changes(entered: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Receipts and those events that open a closed request or close an open one, in order."""
    receipts = entered.select(
        "ticket", seq=pl.lit(0, dtype=pl.Int64), code=pl.lit("received"), at="received_at"
    )
    rest = seen.filter(pl.col("event_code").is_in([*OPENING, *CLOSING])).select(
        "ticket", "seq", code="event_code", at="event_at"
    )
    opens = pl.col("code").is_in(OPENING)
    before = opens.shift(1).over("ticket")
    return (
        pl.concat([receipts, rest])
        .sort("ticket", "at", "seq")
        .filter(before.is_null() | (opens != before))
        .with_columns(day=pl.col("at").dt.date(), opens=opens)
    )


def _open_spans(
    changes: pl.DataFrame, *, seen: pl.DataFrame, first_on: date, as_of: date
) -> pl.DataFrame:
    """One row per time that a request was open: day numbers counted from ``first_on``.

    ``start`` is the day of opening, ``end`` the day of closing (the day after ``as_of`` while
    open): it is open at the end of the days in [start, end). ``received`` is the day of receipt,
    ``assigned`` the first day with a handler, ``is_closed`` whether the span has ended.
    """
    after = (as_of - first_on).days + 1

    def number(day: pl.Expr) -> pl.Expr:
        return (day - pl.lit(first_on)).dt.total_days()

    assigned = (
        seen.filter(pl.col("event_code").is_in(ASSIGNING))
        .group_by("ticket")
        .agg(assigned=number(pl.col("event_at").dt.date().min()))
    )
    next_day = number(pl.col("day").shift(-1).over("ticket"))
    return (
        changes.with_columns(
            start=number(pl.col("day")),
            end=next_day.fill_null(after),
            received=number(pl.col("day").first().over("ticket")),
            is_closed=next_day.is_not_null(),
        )
        .filter("opens")
        .join(assigned, on="ticket", how="left", validate="m:1", maintain_order="left")
        .select(
            "ticket",
            "start",
            "end",
            "received",
            "is_closed",
            is_receipt=pl.col("code") == "received",
            assigned=pl.col("assigned").fill_null(after),
        )
    )


def _cells(
    entered: pl.DataFrame, *, level: str, members: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Key and validity of a level's cells, and the one of each request (``ticket``, ``cell``)."""
    key = ["dimension_code", "dimension_value"]
    levels = spread_levels(entered, keep=["ticket"], levels=[level])
    listed = members.filter(pl.col("dimension_code") == level)
    with_data = levels.select(key).unique().with_columns(has_data=pl.lit(value=True))
    valid = listed.group_by(key).agg(
        valid_from=pl.when(pl.col("valid_from").is_not_null().all()).then(
            pl.col("valid_from").min()
        ),
        valid_to=pl.when(pl.col("valid_to").is_not_null().all()).then(pl.col("valid_to").max()),
    )
    cells = (
        valid.join(with_data, on=key, how="full", coalesce=True, validate="1:1")
        .with_columns(has_data=pl.col("has_data").fill_null(value=False))
        .sort(key)
        .with_row_index("cell")
    )
    memberships = levels.join(cells.select(*key, "cell"), on=key, how="inner", validate="m:1")
    return cells, memberships.select("ticket", "cell")


def _is_in_force() -> pl.Expr:
    begins = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("day_on"))
    ends = pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("day_on"))
    return pl.col("has_data") | (begins & ends)


def _daily_figures(placed: pl.DataFrame, *, n_cells: int, n_days: int) -> pl.DataFrame:
    """The figures of every cell and day, cell by cell in the order of days."""
    column = {name: placed[name].cast(pl.Int64).to_numpy() for name in _SPAN_COLUMNS}
    cell, start, end = column["cell"], column["start"], column["end"]
    shape = {"n_cells": n_cells, "n_days": n_days}

    def flow(keep: Ints, day: Ints) -> Ints:
        counts = np.zeros((n_cells, n_days), dtype=np.int64)
        np.add.at(counts, (cell[keep == 1], day[keep == 1]), 1)
        return counts

    def older_than(days: int) -> Ints:
        aged = np.maximum(start, column["received"] + days + 1)
        return count_covering(cell, aged, end, **shape)

    received = flow(column["is_receipt"], start)
    reopened = flow(1 - column["is_receipt"], start)
    closed = flow(column["is_closed"], end)
    n_open = count_covering(cell, start, end, **shape)
    oldest = least_covering(cell, start, end, column["received"], **shape)
    age = np.arange(n_days)[None, :] - oldest
    unassigned = count_covering(cell, start, np.minimum(end, column["assigned"]), **shape)
    net_flow = _rolling_sum(received + reopened - closed)
    closed_28 = _rolling_sum(closed)
    grids = [received, closed, reopened, n_open, older_than(14), older_than(30), age, unassigned]
    frame = pl.DataFrame(
        [pl.Series(name, grid.ravel()) for name, grid in zip(FIGURES[:8], grids, strict=True)]
        + [pl.Series("net_flow_28_days", net_flow), pl.Series("n_closed_28_days", closed_28)]
    )
    open_now, closings = pl.col("n_open"), pl.col("n_closed_28_days").fill_nan(None)
    return frame.with_columns(
        oldest_open_days=pl.when(open_now > 0).then("oldest_open_days"),
        net_flow_28_days=pl.col("net_flow_28_days").fill_nan(None),
        n_closed_28_days=closings.cast(pl.Int64),
        days_to_clear=pl.when(closings > 0).then(open_now * FLOW_DAYS / closings),
    ).select(FIGURES)


def _rolling_sum(flows: Ints) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Sums over the last 28 days, flattened; NaN while fewer days are known."""
    total = flows.cumsum(axis=1).astype(np.float64)
    earlier = np.zeros_like(total)
    earlier[:, FLOW_DAYS:] = total[:, :-FLOW_DAYS]
    sums = total - earlier
    sums[:, : FLOW_DAYS - 1] = np.nan
    return sums.ravel()


_SPAN_COLUMNS: Final = (
    "cell",
    "start",
    "end",
    "received",
    "assigned",
    "is_closed",
    "is_receipt",
)
