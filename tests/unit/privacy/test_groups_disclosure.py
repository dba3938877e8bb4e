"""Attendees of processes beside those of the year: what one withholds the other does not give."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from tests.support.core_rows import core_rows
from transforms.privacy.audit import audit_tables
from transforms.privacy.printings import Thresholds
from transforms.privacy.public_tables import disclose_tables

AS_OF = date(2025, 6, 30)
THRESHOLDS = Thresholds(open=5, background=10)
SERVICES = pl.DataFrame(schema={"service_id": pl.String, "department_id": pl.String})
INDEX, PROCESSES = "public_group__heard_index", "public_group__heard_processes"
LINEAGE = 4
Row = dict[str, object]
Tables = Mapping[str, pl.DataFrame]


def process(
    name: str, n_heard: int | None, n_attendees: int, *, last: int = 2024, closed: bool = True
) -> Row:
    """Children in a process that began in 2024."""
    share = None if n_heard is None else n_heard / n_attendees
    return {
        "process_id": name, "group_code": "lapset", "process_kind_code": "plan",
        "first_year": 2024, "last_year": last, "is_closed": closed, "n_events_counted": 1,
        "is_recorded": n_heard is not None, "is_heard": True,
        "n_heard": n_heard, "n_attendees": n_attendees, "heard_share": share,
    }  # fmt: skip


def year(n_heard: int, n_all: int, *, calendar_year: int = 2024) -> list[Row]:
    """Children among those heard at events and, since nobody else was heard, in all ways."""
    row: Row = {
        "group_code": "lapset", "heard_channel_code": "event", "calendar_year": calendar_year,
        "is_recorded": True, "n_heard": n_heard, "n_heard_all": n_all,
        "heard_share": n_heard / n_all,
    }  # fmt: skip
    return [row, row | {"heard_channel_code": "all", "n_heard_all": None, "heard_share": None}]


def marts(years: list[Row], *processes: Row) -> dict[str, pl.DataFrame]:
    tables = {INDEX: core_rows("mart_group__heard_index", *years)}
    tables[PROCESSES] = core_rows("mart_group__heard_processes", *processes)
    return {name: frame.drop(frame.columns[-LINEAGE:]) for name, frame in tables.items()}


def disclose(own: Tables, previous: Tables | None = None) -> Mapping[str, pl.DataFrame]:
    return disclose_tables(
        own, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES, previous=previous
    ).tables


def leaks(public: Tables, own: Tables) -> pl.DataFrame:
    return audit_tables(public, own, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES)


def told(public: Tables, process_id: str) -> Row:
    return public[PROCESSES].filter(process_id=process_id).row(0, named=True)


#: 45 children at the year's events, all of them in three processes: 30 + 12 + 3.
THREE = (process("A", 30, 100), process("B", 12, 80), process("C", 3, 70))


def test_a_small_group_of_a_process_is_not_given_by_the_year_and_the_other_processes() -> None:
    own = marts(year(45, 250), *THREE)

    public = disclose(own)

    assert told(public, "C")["n_heard"] is None
    shown = [told(public, name)["n_heard"] for name in "AB"]
    index = public[INDEX]["n_heard"].to_list()
    assert None in [*shown, *index]  # 45 − 30 − 12 would give it
    assert leaks(public, own).is_empty()


def test_the_attacker_subtracts_the_processes_from_the_year() -> None:
    own = marts(year(45, 250), *THREE)
    # Each table by itself, as if the other were not published.
    public = {**disclose({INDEX: own[INDEX]}), **disclose({PROCESSES: own[PROCESSES]})}

    found = leaks(public, own)

    assert set(found["leak_code"]) == {"narrow"}
    assert PROCESSES in set(found["table_name"])


def test_a_process_of_two_years_is_not_given_by_both_years_together() -> None:
    years = [*year(30, 120), *year(15, 90, calendar_year=2025)]
    own = marts(years, process("A", 42, 150, last=2025), process("C", 3, 60, last=2025))
    apart = {**disclose({INDEX: own[INDEX]}), **disclose({PROCESSES: own[PROCESSES]})}

    assert told(apart, "A")["n_heard"] == 42  # and 30 + 15 − 42 = 3
    assert "narrow" in set(leaks(apart, own)["leak_code"])
    assert leaks(disclose(own), own).is_empty()


def test_few_outside_the_group_are_not_given_by_all_attendees() -> None:
    # Of 60 attendees 57 are children: three are not.
    own = marts(year(97, 260), process("A", 57, 60))

    row = told(disclose(own), "A")

    assert None in (row["n_heard"], row["n_attendees"])
    assert (row["heard_share"], row["is_suppressed"]) == (None, True)


def test_of_a_running_process_only_whether_anybody_was_heard_is_told() -> None:
    own = marts(year(95, 300), process("A", 30, 100), process("D", 25, 90, closed=False))

    row = told(disclose(own), "D")

    assert [row[name] for name in ("n_heard", "n_attendees", "heard_share")] == [None] * 3
    assert (row["is_heard"], row["is_suppressed"]) == (True, False)


@pytest.mark.parametrize(("n_heard", "is_told"), [(9, False), (10, True), (0, True)])
def test_the_threshold_is_that_of_backgrounds_and_nought_is_told(
    n_heard: int, *, is_told: bool
) -> None:
    row = told(disclose(marts(year(95, 300), process("A", n_heard, 100))), "A")

    assert (row["n_heard"] == n_heard) is is_told
    assert row["is_suppressed"] is not is_told


def test_few_heard_by_a_way_that_records_no_group_leave_the_index() -> None:
    # Three initiatives: their authors' groups are not asked.
    event, together = year(45, 250)
    silent = event | {"heard_channel_code": "initiative", "is_recorded": False, "n_heard": None}
    silent |= {"n_heard_all": 3, "heard_share": None}
    own = marts([event, silent, together | {"heard_index": 0.7}])

    whole = disclose(own)[INDEX].filter(heard_channel_code="all").row(0, named=True)

    assert (whole["is_suppressed"], whole["heard_index"]) == (False, 0.7)


def test_an_event_more_within_the_month_holds_both_tables() -> None:
    before = disclose(marts(year(45, 250), process("A", 30, 100)))
    stamped = {
        name: frame.with_columns(snapshot_on=date(2025, 6, 29)) for name, frame in before.items()
    }

    # Three children more at a late correction: today's figure less yesterday's.
    now = disclose(marts(year(48, 253), process("A", 33, 103)), previous=stamped)

    assert told(now, "A")["n_heard"] == 30
    assert now[INDEX]["n_heard"].to_list() == [45, 45]


def test_what_was_withheld_yesterday_is_withheld_today() -> None:
    own = marts(year(45, 250), *THREE)
    before = disclose(own)
    stamped = {
        name: frame.with_columns(snapshot_on=date(2025, 5, 31)) for name, frame in before.items()
    }
    # A fourth process gives the protection another choice.
    grown = marts(year(66, 330), *THREE, process("D", 11, 40), process("E", 10, 40))

    now = disclose(grown, previous=stamped)

    gone = before[PROCESSES].filter(pl.col("n_heard").is_null())["process_id"]
    assert [told(now, name)["n_heard"] for name in gone] == [None] * gone.len()


def test_no_processes_and_no_years_stay_empty() -> None:
    public = disclose(marts([]))

    assert public[PROCESSES].is_empty()
    assert {"is_suppressed", "suppress_reason_code"} <= set(public[PROCESSES].columns)
