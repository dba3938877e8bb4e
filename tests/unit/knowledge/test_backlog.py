"""D07: the identity, the past, and requests worked out by hand."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.knowledge.backlog import (
    EventBeforeReceiptError,
    compute_backlog,
    select_backlog_rows,
)
from transforms.statistics.cells import MEMBER_SCHEMA

ZONE = ZoneInfo("Europe/Helsinki")
MOMENT = pl.Datetime("us", "Europe/Helsinki")
NOBODY = pl.DataFrame(schema=MEMBER_SCHEMA)
SERVICES = {"kadut": "kaupunkiymparisto", "puistot": "kaupunkiymparisto", "kirjasto": "sivistys"}
DAY_ONE = date(2024, 10, 20)  # the clock change is a week later


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def tickets(rows: dict[str, datetime]) -> pl.DataFrame:
    return pl.DataFrame(
        {"ticket_id": list(rows), "received_at": list(rows.values())},
        schema={"ticket_id": pl.String, "received_at": MOMENT},
    )


def events(rows: list[tuple[str, int, str, datetime]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={
            "ticket_id": pl.String,
            "seq": pl.Int64,
            "event_code": pl.String,
            "event_at": MOMENT,
        },
        orient="row",
    )


def places(ids: list[str], **changed: object) -> pl.DataFrame:
    row = {
        "service_id": "kadut",
        "department_id": "kaupunkiymparisto",
        "area_code": "itainen",
        "is_forwarded": False,
    } | changed
    return pl.DataFrame(
        [{"ticket_id": ticket} | row for ticket in ids],
        schema={
            "ticket_id": pl.String,
            "service_id": pl.String,
            "department_id": pl.String,
            "area_code": pl.String,
            "is_forwarded": pl.Boolean,
        },
    )


def city(frame: pl.DataFrame, column: str) -> list[object]:
    return frame.filter(pl.col("dimension_code") == "city")[column].to_list()


def test_request_waits_from_its_day_of_receipt_until_it_is_done() -> None:
    frame = compute_backlog(
        tickets=tickets({"a": at("2024-10-20 23:59")}),
        events=events([("a", 1, "done", at("2024-10-22 00:00"))]),
        places=places(["a"]),
        members=NOBODY,
        as_of=date(2024, 10, 23),
    )

    assert city(frame, "n_received") == [1, 0, 0, 0]
    assert city(frame, "n_closed") == [0, 0, 1, 0]
    assert city(frame, "n_open") == [1, 1, 0, 0]
    assert city(frame, "oldest_open_days") == [0, 1, None, None]


def test_reopened_request_waits_again_with_its_first_age() -> None:
    frame = compute_backlog(
        tickets=tickets({"a": at("2024-10-20 08:00")}),
        events=events(
            [
                ("a", 1, "received", at("2024-10-20 08:00")),
                ("a", 2, "done", at("2024-10-21 08:00")),
                ("a", 3, "done", at("2024-10-21 09:00")),
                ("a", 4, "reopened", at("2024-10-23 08:00")),
                ("a", 5, "reopened", at("2024-10-23 09:00")),
            ]
        ),
        places=places(["a"]),
        members=NOBODY,
        as_of=date(2024, 10, 24),
    )

    assert city(frame, "n_closed") == [0, 1, 0, 0, 0]
    assert city(frame, "n_reopened") == [0, 0, 0, 1, 0]
    assert city(frame, "n_open") == [1, 0, 0, 1, 1]
    assert city(frame, "oldest_open_days") == [0, None, None, 3, 4]


def test_forwarded_request_leaves_and_a_county_matter_never_enters() -> None:
    frame = compute_backlog(
        tickets=tickets({"a": at("2024-10-20 08:00"), "b": at("2024-10-20 08:00")}),
        events=events([("a", 1, "forwarded", at("2024-10-21 08:00"))]),
        places=pl.concat([places(["a"]), places(["b"], is_forwarded=True)]),
        members=NOBODY,
        as_of=date(2024, 10, 21),
    )

    assert city(frame, "n_received") == [1, 0]
    assert city(frame, "n_open") == [1, 0]


@pytest.mark.parametrize(
    ("limit", "column"), [(14, "n_open_over_14_days"), (30, "n_open_over_30_days")]
)
def test_age_over_a_limit_begins_on_the_day_after_it(limit: int, column: str) -> None:
    frame = compute_backlog(
        tickets=tickets({"a": at("2024-10-20 23:00")}),
        events=events([]),
        places=places(["a"]),
        members=NOBODY,
        as_of=DAY_ONE + timedelta(days=limit + 1),
    )

    assert city(frame, column)[-2:] == [0, 1]


def test_request_is_unassigned_until_somebody_has_it() -> None:
    frame = compute_backlog(
        tickets=tickets({"a": at("2024-10-20 08:00")}),
        events=events([("a", 1, "allocated", at("2024-10-22 08:00"))]),
        places=places(["a"]),
        members=NOBODY,
        as_of=date(2024, 10, 23),
    )

    assert city(frame, "n_unassigned") == [1, 1, 0, 0]


def test_flow_over_28_days_is_told_from_the_28th_day() -> None:
    received = {f"t{k}": at("2024-10-20 08:00") for k in range(15)}
    done = [(f"t{k}", 1, "done", at("2024-10-25 08:00")) for k in range(14)]
    frame = compute_backlog(
        tickets=tickets(received),
        events=events(done),
        places=places(list(received)),
        members=NOBODY,
        as_of=DAY_ONE + timedelta(days=28),
    )

    assert city(frame, "net_flow_28_days")[26:] == [None, 1.0, -14.0]
    assert city(frame, "n_closed_28_days")[26:] == [None, 14, 14]
    assert city(frame, "days_to_clear")[26:] == [None, 2.0, 2.0]  # 1 open · 28 / 14


def test_silent_service_has_a_row_of_zeros_on_every_day_in_force() -> None:
    members = pl.DataFrame(
        [("service", "museo", None, date(2024, 10, 20)), ("channel", "web", None, None)],
        schema=MEMBER_SCHEMA,
        orient="row",
    )
    data = {
        "tickets": tickets({"a": at("2024-10-20 08:00")}),
        "events": events([]),
        "places": places(["a"]),
        "as_of": date(2024, 10, 22),
    }

    frame = compute_backlog(**data, members=members)

    museum = frame.filter(pl.col("dimension_value") == "museo")
    assert museum["day_on"].to_list() == [date(2024, 10, 20)]
    assert museum["n_open"].to_list() == [0]
    others = frame.filter(pl.col("dimension_value") != "museo")
    assert others.equals(compute_backlog(**data, members=NOBODY))


def test_event_before_its_receipt_is_refused_with_a_count() -> None:
    with pytest.raises(EventBeforeReceiptError, match="1 of 1 events"):
        compute_backlog(
            tickets=tickets({"a": at("2024-10-20 08:00")}),
            events=events([("a", 1, "done", at("2024-10-19 08:00"))]),
            places=places(["a"]),
            members=NOBODY,
            as_of=date(2024, 10, 21),
        )


def test_no_request_at_all_gives_zeros_for_the_members() -> None:
    members = pl.DataFrame([("city", "all", None, None)], schema=MEMBER_SCHEMA, orient="row")

    frame = compute_backlog(
        tickets=tickets({}), events=events([]), places=places([]), members=members, as_of=DAY_ONE
    )

    assert frame.select("day_on", "n_open", "oldest_open_days").rows() == [(DAY_ONE, 0, None)]


codes = st.sampled_from(["allocated", "replied", "done", "rejected", "forwarded", "reopened"])
histories = st.lists(
    st.tuples(
        st.sampled_from(sorted(SERVICES)),
        st.sampled_from(["itainen", None]),
        st.integers(0, 40),
        st.lists(st.tuples(codes, st.integers(0, 15)), max_size=6),
    ),
    min_size=1,
    max_size=12,
)


def city_of(
    rows: list[tuple[str, str | None, int, list[tuple[str, int]]]],
) -> dict[str, pl.DataFrame]:
    begin = at("2024-10-20 12:00")
    received, happened, placed = {}, [], []
    for number, (service, area, day, changes) in enumerate(rows):
        ticket, moment = f"t{number}", begin + timedelta(days=day)
        received[ticket] = moment
        for seq, (code, gap) in enumerate(changes, start=2):
            moment += timedelta(days=gap)
            happened.append((ticket, seq, code, moment))
        placed.append(
            places([ticket], service_id=service, department_id=SERVICES[service], area_code=area)
        )
    return {
        "tickets": tickets(received),
        "events": events(happened),
        "places": pl.concat(placed),
        "members": NOBODY,
    }


def assert_identity_holds(frame: pl.DataFrame) -> None:
    cell = ["dimension_code", "dimension_value"]
    before = pl.col("n_open").shift(1).over(cell).fill_null(0)
    expected = before + pl.col("n_received") + pl.col("n_reopened") - pl.col("n_closed")
    assert frame.filter(pl.col("n_open") != expected).height == 0


def assert_months_add_up(rows: pl.DataFrame) -> None:
    """What a month ends with is what it began with and the month's flows, returns taken off."""
    ends = rows.filter(pl.col("day_on") == pl.col("day_on").dt.month_end())
    before = pl.col("n_open").shift(1).over("dimension_code", "dimension_value").fill_null(0)
    expected = before + pl.col("n_received") - pl.col("n_closed")
    assert ends.filter(pl.col("n_open").ne_missing(expected)).height == 0


def assert_month_identity_holds(rows: pl.DataFrame) -> None:
    """Between two month ends the stock grows by what came and shrinks by what went for good."""
    cell = ["dimension_code", "dimension_value"]
    ends = rows.filter(pl.col("day_on") == pl.col("day_on").dt.month_end()).sort(*cell, "day_on")
    before = pl.col("n_open").shift(1).over(cell).fill_null(0)
    expected = before + pl.col("n_received") - pl.col("n_closed")
    assert ends.filter(pl.col("n_open") != expected).height == 0


@settings(max_examples=60, deadline=None)
@given(rows=histories, last=st.integers(0, 70))
def test_backlog_is_yesterdays_plus_flows_in_every_cell_and_between_published_month_ends(
    rows: list[tuple[str, str | None, int, list[tuple[str, int]]]], last: int
) -> None:
    as_of = DAY_ONE + timedelta(days=last)

    frame = compute_backlog(**city_of(rows), as_of=as_of)

    assert_identity_holds(frame)
    assert_months_add_up(select_backlog_rows(frame, as_of=as_of))
    assert frame["n_open"].min() in (None, *range(13))
    total = frame.group_by("dimension_code", "day_on").agg(pl.col("n_open").sum())
    per_day = total.group_by("day_on").agg(pl.col("n_open").n_unique())
    assert set(per_day["n_open"]) <= {1}


@settings(max_examples=40, deadline=None)
@given(rows=histories, earlier=st.integers(41, 60))
def test_past_day_asked_later_gives_what_that_day_gave(
    rows: list[tuple[str, str | None, int, list[tuple[str, int]]]], earlier: int
) -> None:
    data, then = city_of(rows), DAY_ONE + timedelta(days=earlier)

    later = compute_backlog(**data, as_of=DAY_ONE + timedelta(days=90))

    assert later.filter(pl.col("day_on") <= then).equals(compute_backlog(**data, as_of=then))


@settings(max_examples=30, deadline=None)
@given(rows=histories)
def test_rows_in_another_order_change_nothing(
    rows: list[tuple[str, str | None, int, list[tuple[str, int]]]],
) -> None:
    data = city_of(rows)
    as_of = DAY_ONE + timedelta(days=50)

    turned = {name: frame.reverse() for name, frame in data.items()}

    assert compute_backlog(**turned, as_of=as_of).equals(compute_backlog(**data, as_of=as_of))


def test_published_rows_are_month_ends_and_of_the_city_the_last_92_days() -> None:
    as_of = date(2024, 12, 15)
    frame = compute_backlog(
        tickets=tickets({"a": at("2024-07-10 08:00")}),
        events=events([]),
        places=places(["a"]),
        members=NOBODY,
        as_of=as_of,
    )

    every = select_backlog_rows(frame, as_of=as_of)

    rows = every.filter(pl.col("dimension_code") == "city")
    others = every.filter(pl.col("dimension_code") != "city")
    assert others["day_on"].is_in(others["day_on"].dt.month_end().implode()).all()
    days = rows["day_on"].to_list()
    assert days[:3] == [date(2024, 7, 31), date(2024, 8, 31), date(2024, 9, 15)]
    assert days[2:] == [as_of - timedelta(days=k) for k in range(91, -1, -1)]
    # The request of 10.7. stands in July's flow; days of which only the stock is told have none.
    assert rows["n_received"].to_list()[:3] == [1, 0, None]
