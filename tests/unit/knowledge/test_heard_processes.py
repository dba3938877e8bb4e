"""D13 by process: who was heard in a plan or a service process, few enough to count by hand."""

from datetime import date

import polars as pl
import pytest

from tests.support.core_rows import core_rows
from transforms.knowledge.heard_processes import ProcessFrames, compute_heard_processes
from transforms.statistics.intervals import wilson_interval

AS_OF = date(2025, 6, 30)
GROUPS = ("lapset", "nuoret", "vammaiset", "vanhukset", "maahanmuuttajat")
FIVE = ";".join(GROUPS)
FOUR = "lapset;vammaiset;vanhukset;maahanmuuttajat"
PLAN_OF_2020, PLAN_OF_2023, SERVICE_OF_2023 = "2020-3.2.3", "2023-2.2.1", "2023-2.3.1"
Row = dict[str, object]


def measure(measure_id: str, rule: str, groups: str) -> Row:
    since, until = date(2023, 1, 1), None
    if measure_id.startswith("2020"):
        since, until = date(2020, 1, 1), date(2022, 12, 31)
    return {
        "measure_id": measure_id, "evidence_rule_code": rule, "groups": groups,
        "valid_from": since, "valid_to": until,
    }  # fmt: skip


MEASURES = (
    measure(PLAN_OF_2020, "planning_processes", FIVE),
    measure(PLAN_OF_2023, "planning_processes", FIVE),
    measure(SERVICE_OF_2023, "service_processes", FOUR),
)
#: A quarter of residents are children, a tenth are young.
BANDS = {"0_14": 250, "15_24": 100, "25_44": 650}


def event(number: int, held_on: date, **own: object) -> Row:
    return {
        "event_id": f"T-{number}", "held_on": held_on, "process_id": "K-1",
        "department_id": "kaupunkiymparisto", "service_id": "kaavoitus",
    } | own  # fmt: skip


def compute(*events: Row, as_of: date = AS_OF) -> pl.DataFrame:
    others = dict.fromkeys(("area_code", "gender_code", "language_code"), "all")
    residents = [
        others | {"population_year": year, "age_band_code": band, "n_residents": n}
        for year in (2019, 2023)
        for band, n in BANDS.items()
    ]
    frames = ProcessFrames(
        occasions=core_rows("core_participation__events", *events),
        measures=core_rows("core_reference__measures", *MEASURES),
        population=core_rows("core_reference__population", *residents),
    )
    return compute_heard_processes(frames, groups=GROUPS, as_of=as_of)


def row_of(found: pl.DataFrame, group: str, process: str = "K-1") -> Row:
    return found.filter(process_id=process, group_code=group).row(0, named=True)


#: Sixty attendees: forty of whom children and the young were counted, twenty of whom not the young.
COUNTED = (
    event(1, date(2024, 3, 1), n_attendees=40, n_lapset=10, n_nuoret=0),
    event(2, date(2024, 5, 1), n_attendees=20, n_lapset=2, n_vammaiset=3, n_vanhukset=0),
)


def test_a_group_counted_everywhere_has_its_share_beside_that_of_residents() -> None:
    found = row_of(compute(*COUNTED), "lapset")

    low, high = wilson_interval([12], [60])
    assert (found["n_heard"], found["n_attendees"], found["heard_share"]) == (12, 60, 0.2)
    assert (found["population_share"], found["ratio"]) == (0.25, pytest.approx(0.8))
    assert (found["ratio_low"], found["ratio_high"]) == pytest.approx(
        (low[0] / 0.25, high[0] / 0.25)
    )
    assert (found["is_recorded"], found["is_heard"], found["is_record_complete"]) == (True,) * 3


def test_nobody_heard_is_nought_where_most_attendees_were_looked_at() -> None:
    # The young were counted among forty of sixty, and none was there.
    found = row_of(compute(*COUNTED), "nuoret")

    assert (found["n_heard"], found["ratio"], found["is_heard"]) == (0, 0.0, False)
    assert (found["n_events_recorded"], found["n_events_counted"], found["n_events"]) == (1, 2, 2)
    assert found["is_record_complete"] is False


def test_not_recorded_is_null_and_no_nought() -> None:
    # Older people were counted among twenty of sixty, immigrants nowhere.
    found = compute(*COUNTED)

    old, immigrants = row_of(found, "vanhukset"), row_of(found, "maahanmuuttajat")
    assert (old["is_recorded"], old["n_heard"], old["is_heard"]) == (False, None, None)
    assert (immigrants["n_heard"], immigrants["is_heard"]) == (None, None)
    assert immigrants["n_events_recorded"] == 0


def test_somebody_seen_once_was_heard_though_the_number_is_not_known() -> None:
    found = row_of(compute(*COUNTED), "vammaiset")

    assert (found["is_heard"], found["n_heard"], found["ratio"]) == (True, None, None)


def test_the_unknown_are_a_row_of_their_own_and_never_spread() -> None:
    found = compute(*COUNTED, event(3, date(2024, 6, 1), n_attendees=30))

    unknown, children = row_of(found, "unknown"), row_of(found, "lapset")
    assert (unknown["n_heard"], unknown["n_attendees"]) == (30, 90)
    assert unknown["heard_share"] == pytest.approx(1 / 3)
    assert (unknown["is_named_group"], unknown["is_heard"]) == (None, None)
    assert children["heard_share"] == pytest.approx(12 / 90)


@pytest.mark.parametrize(
    ("began", "kind", "measure_id", "n_named"),
    [
        (date(2022, 12, 31), "plan", PLAN_OF_2020, 5),
        (date(2023, 1, 1), "plan", PLAN_OF_2023, 5),
        (date(2023, 1, 1), "service", SERVICE_OF_2023, 4),  # 2.3.1.5 leaves out the young
        (date(2023, 1, 1), "other", None, 0),
        (date(2019, 12, 31), "plan", None, 0),
    ],
)
def test_the_measure_in_force_when_the_process_began_names_the_groups(
    began: date, kind: str, measure_id: str | None, n_named: int
) -> None:
    found = compute(event(1, began, process_kind_code=kind))

    assert found.height == len(GROUPS) + 1  # every group has a row, heard or not
    assert found["measure_id"].unique().to_list() == [measure_id]
    assert found["is_named_group"].sum() == n_named
    assert row_of(found, "nuoret")["is_named_group"] is (n_named == len(GROUPS))


def test_a_process_without_a_stated_kind_is_a_plan_if_planning_held_an_event() -> None:
    found = compute(
        event(1, date(2024, 1, 1), service_id=None),
        event(2, date(2024, 2, 1)),
        event(3, date(2024, 1, 1), process_id="P-1", service_id="kirjasto"),
    )

    kinds = dict(found.select("process_id", "process_kind_code").unique().iter_rows())
    assert kinds == {"K-1": "plan", "P-1": "service"}


def test_the_kind_and_the_name_stated_last_hold() -> None:
    found = compute(
        event(1, date(2024, 1, 1), process_kind_code="plan", process_name="Ranta"),
        event(2, date(2024, 2, 1), process_kind_code="space", process_name="Rannan koulu"),
        event(3, date(2024, 3, 1)),
    )

    assert found["process_kind_code"].unique().to_list() == ["space"]
    assert found["process_name"].unique().to_list() == ["Rannan koulu"]


@pytest.mark.parametrize(
    ("last", "steps", "is_closed"),
    [
        (date(2024, 12, 31), 1, True),  # the year of its latest event is over
        (date(2025, 1, 1), 1, False),
        (date(2025, 6, 1), 6, True),  # the sixth step has been held
    ],
)
def test_a_process_is_over_by_its_sixth_step_or_with_its_year(
    last: date, steps: int, *, is_closed: bool
) -> None:
    found = compute(*(event(n, last, process_step_no=n) for n in range(1, steps + 1)))

    assert found["is_closed"].unique().to_list() == [is_closed]


def test_a_process_over_the_turn_of_the_year_has_both_years() -> None:
    found = compute(event(1, date(2023, 12, 31)), event(2, date(2024, 1, 1)))

    assert found.select("first_year", "last_year").unique().rows() == [(2023, 2024)]


def test_events_after_the_day_and_outside_processes_take_no_part() -> None:
    found = compute(
        *COUNTED,
        event(3, date(2025, 7, 1), n_attendees=99, n_lapset=99),
        event(4, date(2024, 4, 1), process_id=None, n_attendees=99, n_lapset=99),
    )

    assert row_of(found, "lapset")["n_heard"] == 12


def test_attendees_that_nobody_counted_are_null_and_an_empty_hall_is_nought() -> None:
    uncounted = row_of(compute(event(1, date(2024, 1, 1))), "lapset")
    empty = row_of(compute(event(1, date(2024, 1, 1), n_attendees=0)), "lapset")

    assert (uncounted["n_attendees"], uncounted["n_heard"], uncounted["is_heard"]) == (None,) * 3
    assert (empty["n_attendees"], empty["n_heard"], empty["is_heard"]) == (0, 0, False)
    assert empty["ratio"] is None


def test_support_counts_where_the_group_was_there() -> None:
    found = compute(
        event(1, date(2024, 1, 1), n_attendees=9, n_lapset=1, supports="interpreter"),
        event(2, date(2024, 2, 1), n_attendees=9, n_lapset=0, supports="interpreter"),
        event(3, date(2024, 3, 1), n_attendees=9, n_lapset=2),
    )

    assert row_of(found, "lapset")["n_support_given"] == 1
    assert row_of(found, "nuoret")["n_support_given"] == 0
    assert row_of(found, "unknown")["n_support_given"] is None


def test_no_processes_give_no_rows() -> None:
    assert compute().is_empty()
