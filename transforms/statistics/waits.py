"""How long each service request waited: its first moments, its waits, and the cells it counts in.

Frames here have one row per request or event, so they carry numbers in place of ids and hold no
column that is not asked for. See ``docs/methods/response_times.md``.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, cast

import polars as pl

from transforms.statistics.calendars import (
    elapsed_hours,
    end_of_day,
    working_calendar,
    working_hours,
)
from transforms.statistics.cells import PERIOD_SCHEMA, spread_levels, spread_periods
from transforms.statistics.rows import Rows
from transforms.statistics.survival import NegativeDurationError

CLOCKS: Final = ("calendar", "business")
# A reply or an end without a word before it is the first sign that somebody has seen the request.
MILESTONES: Final = {
    "first_reply": ("replied",),
    "acknowledged": ("allocated", "handling", "acknowledged", "replied", "done", "rejected"),
    "done": ("done", "rejected"),
}
CELL_KEY: Final = ("dimension_code", "dimension_value", *PERIOD_SCHEMA)
PERIOD_KINDS: Final = ("month", "quarter", "year", "last_12_months")
#: Rows that are held at a time, unless the requests themselves are more.
MOST_ROWS: Final = 1_000_000
_LEVEL_KEY: Final = ("dimension_code", "dimension_value")


def ticket_histories(tickets: Rows, *, events: Rows, places: Rows, as_of: date) -> pl.DataFrame:
    """One row per ticket received by the end of ``as_of``: its place, its first moments.

    Args:
        tickets: ``ticket_id``, ``received_at``.
        events: ``ticket_id``, ``seq``, ``event_code``, ``event_at``.
        places: ``ticket_id``, ``is_forwarded`` and the codes of levels, a row per ticket.
        as_of: What came later is left out.

    Returns:
        ``ticket``, the row's number; ``{milestone}_at`` and ``_seq`` (its place among all events),
        the same of ``forwarded``, ``is_reopened``, ``now`` and the columns of ``places``.

    Raises:
        NegativeDurationError: If a milestone or a forwarding precedes its receipt.
    """
    now = pl.lit(end_of_day(as_of)).dt.convert_time_zone("Europe/Helsinki")
    known = (
        tickets.lazy()
        .select("ticket_id", "received_at")
        .filter(pl.col("received_at") < now)
        .join(places.lazy(), on="ticket_id", how="inner", validate="1:1", maintain_order="left")
        .collect()
        .with_row_index("ticket")
    )
    moments = _first_moments(events.lazy().filter(pl.col("event_at") < now), known=known)
    is_elsewhere = pl.col("is_forwarded") & pl.col("forwarded_at").is_null()
    histories = (
        known.drop("ticket_id")
        .join(moments, on="ticket", how="left", validate="1:1", maintain_order="left")
        .with_columns(
            is_forwarded=pl.col("is_forwarded") | pl.col("forwarded_at").is_not_null(),
            is_reopened=pl.col("is_reopened").fill_null(value=False),
            forwarded_seq=pl.when(is_elsewhere).then(0).otherwise(pl.col("forwarded_seq")),
            forwarded_at=pl.when(is_elsewhere)
            .then(pl.col("received_at"))
            .otherwise(pl.col("forwarded_at")),
            now=now,
        )
    )
    _refuse_events_before_receipt(histories)
    return histories.drop("first_event_at")


def waits_until(histories: pl.DataFrame, *, milestone: str, clock: str) -> pl.DataFrame:
    """Row by row: ``duration`` in hours to the milestone, to forwarding or to now."""
    seq, forwarded = pl.col(f"{milestone}_seq"), pl.col("forwarded_seq")
    is_event = seq.is_not_null() & (forwarded.is_null() | (seq < forwarded))
    ends = histories.select(
        "received_at",
        is_event=is_event,
        end_at=pl.when(is_event)
        .then(pl.col(f"{milestone}_at"))
        .otherwise(pl.coalesce("forwarded_at", "now")),
    )
    start, end = ends["received_at"], ends["end_at"]
    if clock == "calendar" or ends.is_empty():
        return ends.select("is_event", duration=elapsed_hours(start=start, end=end))
    first, last = cast("date", start.dt.date().min()), cast("date", end.dt.date().max())
    hours = working_hours(
        start=start, end=end, calendar=working_calendar(first_on=first, last_on=last)
    )
    return ends.select("is_event", duration=hours)


def number_cells(
    histories: pl.DataFrame, *, levels: Sequence[str], kinds: Sequence[str], as_of: date
) -> tuple[pl.DataFrame, list[pl.Series]]:
    """The cells with a request (``CELL_KEY``, ``cell``), and row by row the cells it counts in.

    A request counts in one cell of each level and kind of period, or in none: a series ``cell`` for
    each of these pairs, so that no more than one row per request is ever held.
    """
    dated = histories.with_columns(received_on=pl.col("received_at").dt.date())
    periods = spread_periods(dated, on="received_on", keep=["ticket"], as_of=as_of)
    period_keys = periods.select(PERIOD_SCHEMA.names()).unique().sort(PERIOD_SCHEMA.names())
    numbered = periods.join(period_keys.with_row_index("_no"), on=PERIOD_SCHEMA.names())
    of_period = [
        _aligned(histories, numbered.filter(pl.col("period_kind_code") == kind)) for kind in kinds
    ]
    keys, groupings, n_levels = [], [], 0
    for level in levels:
        spread = spread_levels(dated, keep=["ticket"], levels=[level])
        level_keys = spread.select(_LEVEL_KEY).unique().sort(_LEVEL_KEY)
        level_keys = level_keys.with_row_index("_no", offset=n_levels)
        of_level = _aligned(histories, spread.join(level_keys, on=list(_LEVEL_KEY)))
        groupings += [(of_level * period_keys.height + no).alias("cell") for no in of_period]
        keys.append(level_keys)
        n_levels += level_keys.height
    every = pl.concat(keys).join(period_keys.with_row_index("_period"), how="cross")
    cells = every.select(*CELL_KEY, cell=pl.col("_no") * period_keys.height + pl.col("_period"))
    filled = pl.concat([cell.unique() for cell in groupings]).unique().implode()
    return cells.filter(pl.col("cell").is_in(filled)), groupings


def observed_in(groupings: Sequence[pl.Series], waits: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """``waits`` with their ``cell``, whole cells at a time, in as few frames as memory allows."""
    at_once = max(1, MOST_ROWS // max(1, waits.height))
    for first in range(0, len(groupings), at_once):
        parts = [waits.with_columns(cell) for cell in groupings[first : first + at_once]]
        yield pl.concat(parts).drop_nulls("cell")


def _aligned(histories: pl.DataFrame, numbered: pl.DataFrame) -> pl.Series:
    """``_no`` in the order of the histories; null where it is not told."""
    rows = histories.select("ticket").join(
        numbered.select("ticket", "_no"),
        on="ticket",
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    return rows["_no"].cast(pl.UInt32)


def _first_moments(events: pl.LazyFrame, *, known: pl.DataFrame) -> pl.DataFrame:
    """One row per ticket with events: order and moment of each milestone and of forwarding."""
    seen = (
        events.join(known.lazy().select("ticket_id", "ticket"), on="ticket_id", how="inner")
        .select("ticket", "event_at", "seq", "event_code")
        .collect(engine="streaming")
        .sort("ticket", "event_at", "seq")
        .drop("seq")
        .with_row_index("seq", offset=1)
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
    return seen.group_by("ticket").agg(
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
