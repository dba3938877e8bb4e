"""D06: requests small enough to work out by hand."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from transforms.knowledge.response_times import (
    PROMISE_SCHEMA,
    ResponseTimeSettings,
    compute_area_differences,
    compute_response_times,
)
from transforms.statistics.cells import MEMBER_SCHEMA
from transforms.statistics.rows import Rows
from transforms.statistics.survival import NegativeDurationError

ZONE = ZoneInfo("Europe/Helsinki")
MOMENT = pl.Datetime("us", "Europe/Helsinki")
AS_OF = date(2024, 10, 31)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def tickets(**received: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"ticket_id": list(received), "received_at": [at(text) for text in received.values()]},
        schema={"ticket_id": pl.String, "received_at": MOMENT},
    )


def events(*rows: tuple[str, int, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(ticket, seq, code, at(text)) for ticket, seq, code, text in rows],
        schema={
            "ticket_id": pl.String,
            "seq": pl.Int64,
            "event_code": pl.String,
            "event_at": MOMENT,
        },
        orient="row",
    )


def places(*ids: str, **changed: object) -> pl.DataFrame:
    row = {
        "service_id": "kadut",
        "department_id": "kaupunkiymparisto",
        "area_code": "itainen",
        "channel_code": "web",
        "is_forwarded": False,
    } | changed
    return pl.DataFrame(
        [{"ticket_id": ticket} | row for ticket in ids],
        schema_overrides={"area_code": pl.String, "channel_code": pl.String},
    )


def cell(
    frame: pl.DataFrame,
    *,
    milestone: str = "done",
    clock: str = "calendar",
    level: tuple[str, str] = ("city", "all"),
    period: str = "month",
) -> dict[str, object]:
    rows = frame.filter(
        (pl.col("milestone_code") == milestone)
        & (pl.col("clock_code") == clock)
        & (pl.col("dimension_code") == level[0])
        & (pl.col("dimension_value") == level[1])
        & (pl.col("period_kind_code") == period)
    )
    return rows.row(0, named=True)


def compute(
    tickets: Rows,
    events: Rows,
    places: Rows,
    *,
    as_of: date = AS_OF,
    settings: ResponseTimeSettings | None = None,
) -> pl.DataFrame:
    return compute_response_times(
        tickets=tickets,
        events=events,
        places=places,
        as_of=as_of,
        settings=settings or ResponseTimeSettings(),
    )


def test_open_request_is_censored_at_the_end_of_the_snapshots_day() -> None:
    figures = cell(
        compute(
            tickets(a="2024-10-01 00:00", b="2024-10-30 00:00"),
            events(("a", 1, "done", "2024-10-03 00:00")),
            places("a", "b"),
        )
    )

    assert (figures["n_tickets"], figures["n_events"], figures["n_censored"]) == (2, 1, 1)
    assert figures["share_within_1_days"] == 0.0
    # b has waited 48 h when a is done after 48 h: both are at risk, S = 1/2.
    assert figures["share_within_5_days"] is None  # nobody has been followed for 5 days
    assert figures["km_median_hours"] == 48.0
    assert figures["naive_median_closed_hours"] == 48.0


def test_milestones_are_the_first_of_their_events() -> None:
    frame = compute(
        tickets(a="2024-10-01 08:00"),
        events(
            ("a", 1, "received", "2024-10-01 08:00"),
            ("a", 2, "allocated", "2024-10-01 09:00"),
            ("a", 3, "handling", "2024-10-01 10:00"),
            ("a", 4, "replied", "2024-10-01 12:00"),
            ("a", 5, "done", "2024-10-01 15:00"),
            ("a", 6, "reopened", "2024-10-02 15:00"),
            ("a", 7, "done", "2024-10-03 15:00"),
        ),
        places("a"),
    )

    hours = {
        m: cell(frame, milestone=m)["km_median_hours"]
        for m in ("first_reply", "acknowledged", "done")
    }
    assert hours == {"first_reply": 4.0, "acknowledged": 1.0, "done": 7.0}
    assert cell(frame)["reopened_share"] == 1.0


def test_reply_without_a_word_before_it_acknowledges() -> None:
    frame = compute(
        tickets(a="2024-10-01 08:00"),
        events(("a", 1, "replied", "2024-10-01 10:00")),
        places("a"),
    )

    assert cell(frame, milestone="acknowledged")["km_median_hours"] == 2.0


def test_forwarded_request_is_censored_when_forwarded_and_is_not_done() -> None:
    frame = compute(
        tickets(a="2024-10-01 08:00"),
        events(
            ("a", 1, "replied", "2024-10-01 09:00"),
            ("a", 2, "forwarded", "2024-10-01 10:00"),
            ("a", 3, "done", "2024-10-01 10:00"),
        ),
        places("a"),
    )

    done, reply = cell(frame), cell(frame, milestone="first_reply")
    assert (done["n_events"], done["n_censored"], done["n_forwarded"]) == (0, 1, 1)
    assert (reply["n_events"], reply["n_forwarded"]) == (1, 1)


def test_matter_of_another_authority_is_forwarded_at_receipt() -> None:
    frame = compute(
        tickets(a="2024-10-01 08:00", b="2024-10-01 08:00"),
        events(("a", 1, "done", "2024-10-02 08:00"), ("b", 1, "done", "2024-10-01 09:00")),
        pl.concat([places("a", is_forwarded=True), places("b")]),
    )

    figures = cell(frame)
    assert (figures["n_events"], figures["n_forwarded"]) == (1, 1)
    assert figures["share_within_1_days"] == 1.0  # of those in the city's hands


def test_business_clock_counts_working_hours_in_days_of_eight() -> None:
    frame = compute(
        tickets(a="2024-10-18 15:00", b="2024-10-18 15:00"),
        events(("a", 1, "done", "2024-10-21 09:00"), ("b", 1, "done", "2024-10-22 09:00")),
        places("a", "b"),
    )

    figures = cell(frame, clock="business")
    assert figures["km_median_hours"] == 2.0
    assert figures["share_within_1_days"] == 0.5  # 2 h and 10 h against 8 h
    assert figures["rmst_30_days"] == pytest.approx((2 + 10) / 2 / 8)
    assert cell(frame)["km_median_hours"] == 66.0


def test_levels_and_periods_hold_the_request_once_each() -> None:
    frame = compute(
        tickets(a="2024-10-01 08:00"),
        events(("a", 1, "done", "2024-10-02 08:00")),
        places("a", area_code=None, channel_code=None),
    )

    keys = frame.select("dimension_code", "dimension_value").unique().rows()
    assert sorted(keys) == [
        ("area", "unknown"),
        ("channel", "unknown"),
        ("city", "all"),
        ("department", "kaupunkiymparisto"),
        ("service", "kadut"),
    ]
    assert set(frame["period_kind_code"]) == {"month", "quarter", "year", "last_12_months"}
    assert frame.height == 5 * 4 * 6
    assert set(frame["n_tickets"]) == {1}


def test_past_day_knows_nothing_of_what_came_later() -> None:
    all_tickets = tickets(a="2024-09-01 08:00", b="2024-10-20 08:00")
    all_events = events(("a", 1, "done", "2024-10-25 08:00"), ("b", 1, "done", "2024-10-21 08:00"))

    then = compute(all_tickets, all_events, places("a", "b"), as_of=date(2024, 9, 30))
    knowing_less = compute(
        all_tickets.head(1), all_events.head(0), places("a"), as_of=date(2024, 9, 30)
    )

    assert then.equals(knowing_less)
    assert cell(then)["n_events"] == 0


def test_promised_time_is_compared_by_its_own_clock_and_milestone() -> None:
    promises = pl.DataFrame(
        [("kadut", "done", "business", 16.0)], schema=PROMISE_SCHEMA, orient="row"
    )
    frame = compute(
        tickets(a="2024-10-21 08:00", b="2024-10-21 08:00"),
        events(("a", 1, "done", "2024-10-22 16:00"), ("b", 1, "done", "2024-10-23 09:00")),
        places("a", "b"),
        settings=ResponseTimeSettings(promises=promises),
    )

    kept = cell(frame, clock="business", level=("service", "kadut"))
    assert (kept["sla_hours"], kept["share_within_sla"]) == (16.0, 0.5)
    assert cell(frame, level=("service", "kadut"))["sla_hours"] is None
    assert cell(frame, clock="business")["share_within_sla"] is None


def test_silent_service_stands_with_zero_and_no_figure() -> None:
    members = pl.DataFrame([("service", "museo", None, None)], schema=MEMBER_SCHEMA, orient="row")
    data = (
        tickets(a="2024-10-01 08:00"),
        events(("a", 1, "done", "2024-10-02 08:00")),
        places("a"),
    )

    frame = compute(*data, settings=ResponseTimeSettings(members=members))

    museum = cell(frame, level=("service", "museo"))
    assert (museum["n_tickets"], museum["n_events"], museum["n_censored"]) == (0, 0, 0)
    assert museum["km_median_hours"] is None
    assert frame.filter(pl.col("dimension_value") != "museo").equals(compute(*data))


def test_event_before_its_receipt_is_refused_with_a_count() -> None:
    with pytest.raises(NegativeDurationError, match="1 of 1 service requests"):
        compute(
            tickets(a="2024-10-02 08:00"),
            events(("a", 1, "done", "2024-10-01 08:00")),
            places("a"),
        )


def test_no_request_gives_no_row() -> None:
    assert compute(tickets(), events(), places("a").head(0)).height == 0


def test_rows_in_another_order_change_nothing() -> None:
    received = tickets(a="2024-10-01 08:00", b="2024-10-02 08:00", c="2024-10-03 08:00")
    happened = events(
        ("a", 1, "done", "2024-10-02 08:00"),
        ("b", 1, "allocated", "2024-10-02 09:00"),
        ("b", 2, "done", "2024-10-09 08:00"),
    )

    frame = compute(received, happened, places("a", "b", "c"))
    reversed_frame = compute(received.reverse(), happened.reverse(), places("c", "b", "a"))

    assert frame.equals(reversed_frame)


def test_shift_by_a_whole_week_moves_no_duration() -> None:
    received = tickets(a="2024-09-03 08:00", b="2024-09-04 08:00")
    happened = events(("a", 1, "done", "2024-09-05 09:00"), ("b", 1, "replied", "2024-09-06 09:00"))
    week = timedelta(days=7)

    before = compute(received, happened, places("a", "b"), as_of=date(2024, 9, 12))
    after = compute(
        received.with_columns(pl.col("received_at") + week),
        happened.with_columns(pl.col("event_at") + week),
        places("a", "b"),
        as_of=date(2024, 9, 19),
    )

    durations = ["n_events", "km_median_hours", "rmst_30_days", "share_within_1_days"]
    month = pl.col("period_kind_code") == "month"
    assert after.filter(month).select(durations).equals(before.filter(month).select(durations))


def two_areas(*, hours: dict[str, list[int]], **changed: object) -> dict[str, pl.DataFrame]:
    """Requests of one morning, each done after so many hours; of each area a list of hours."""
    ids = {f"{area}{k}": (area, n) for area, waits in hours.items() for k, n in enumerate(waits)}
    day = at("2024-09-02 08:00")
    rows = [
        (ticket, 1, "done", (day + timedelta(hours=n)).isoformat()[:16])
        for ticket, (_, n) in ids.items()
    ]
    return {
        "tickets": tickets(**dict.fromkeys(ids, "2024-09-02 08:00")),
        "events": events(*rows),
        "places": pl.concat(
            [places(ticket, area_code=area, **changed) for ticket, (area, _) in ids.items()]
        ),
    }


def test_areas_are_compared_by_log_rank() -> None:
    hours = {"itainen": list(range(1, 11)), "lantinen": list(range(11, 21))}

    found = compute_area_differences(**two_areas(hours=hours), as_of=AS_OF)

    # All of one area are done before the first of the other. While n of the first and 10 of the
    # second wait, one is done: it is of the second with chance 10 / (n + 10), and so expected.
    waiting = range(10, 0, -1)
    gap = sum(10 / (n + 10) for n in waiting)
    variance = sum(n * 10 / (n + 10) ** 2 for n in waiting)
    row = cell(found, period="year")
    assert row["log_rank_chi_square"] == pytest.approx(gap**2 / variance)
    assert (row["n_areas"], row["degrees_of_freedom"], row["is_different"]) == (2, 1, True)
    assert cell(found, level=("service", "kadut"), period="last_12_months")["n_areas"] == 2


@pytest.mark.parametrize(
    "hours",
    [{"itainen": list(range(1, 20)), "lantinen": list(range(1, 10))}, {"itainen": [1] * 10}],
)
def test_areas_with_fewer_than_ten_requests_are_not_compared(hours: dict[str, list[int]]) -> None:
    found = compute_area_differences(**two_areas(hours=hours), as_of=AS_OF)

    row = cell(found, period="year")
    assert (row["log_rank_chi_square"], row["p_value"], row["is_different"]) == (None,) * 3


def test_requests_without_an_area_are_not_compared() -> None:
    data = two_areas(hours={"itainen": list(range(1, 11)), "lantinen": list(range(1, 11))})
    data["places"] = data["places"].with_columns(area_code=pl.lit(None, dtype=pl.String))

    found = compute_area_differences(**data, as_of=AS_OF)

    assert found["n_areas"].unique().to_list() == [0]
    assert found["is_different"].null_count() == found.height


def test_only_the_city_and_services_in_years_are_compared() -> None:
    data = two_areas(hours={"itainen": list(range(1, 11)), "lantinen": list(range(1, 11))})

    found = compute_area_differences(**data, as_of=AS_OF)

    assert set(found["dimension_code"]) == {"city", "service"}
    assert set(found["period_kind_code"]) == {"year", "last_12_months"}
    assert found.height == 2 * 2 * 3 * 2


def test_rows_that_are_not_read_yet_give_the_same_figures() -> None:
    received = tickets(a="2024-08-01 08:00", b="2024-10-02 09:00", c="2024-10-30 10:00")
    happened = events(
        ("c", 2, "forwarded", "2024-10-30 12:00"),
        ("a", 3, "done", "2024-09-01 08:00"),
        ("a", 2, "replied", "2024-08-02 08:00"),
        ("b", 2, "done", "2024-10-09 09:00"),
        ("elsewhere", 1, "done", "2024-10-09 09:00"),
    )
    known = places("a", "b", "c", area_code=None)

    lazy = compute(received.lazy(), happened.lazy(), known.lazy())

    assert_frame_equal(lazy, compute(received, happened, known))
