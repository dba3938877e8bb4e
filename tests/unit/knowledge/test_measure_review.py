"""D02: status by value, deadline and evidence, year by year; judged and computed side by side."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data_contracts.contract import load_codes, load_contracts
from transforms.clean.reference import reference_table
from transforms.knowledge.measure_evidence import EVIDENCE_SCHEMA
from transforms.knowledge.measure_review import ReviewFrames, compute_measure_review

AS_OF = date(2026, 6, 30)
MEASURES, REVIEWS = "core_reference__measures", "core_reference__measure_reviews"
PILOT, FEEDBACK, SURVEYS, BUDGET = "2023-2.2.2", "2023-2.4.1", "2020-3.3.4", "2023-2.1.5"


def measures() -> pl.DataFrame:
    return reference_table(MEASURES, codes=load_codes(), schema=load_contracts()[MEASURES].schema)


def case(measure_id: str, began_on: date, **changed: object) -> dict[str, object]:
    """A case that counts from the day on which it began, of no department."""
    honest: dict[str, object] = {
        "measure_id": measure_id,
        "case_id": f"event|{began_on}",
        "department_id": None,
        "began_on": began_on,
        "met_on": began_on,
        "amount": 1.0,
        "n_cases": 1,
        "is_case": True,
        "is_evidence": True,
    }
    return honest | changed


def review(measure_id: str, year: int, status: str, **changed: object) -> dict[str, object]:
    """A review of the whole city by the working group in the January after the year."""
    honest: dict[str, object] = {
        "measure_id": measure_id,
        "review_year": year,
        "department_id": "all",
        "status_code": status,
        "next_step": "Jatketaan keväällä",
        "reviewed_on": date(year + 1, 1, 20),
        "reviewed_by_unit_name": "Osallisuustyöryhmä",
        "n_masked": 0,
        "delivery_sha256": "a" * 64,
        "line_no": 2,
    }
    return honest | changed


def frames_of(
    *cases: dict[str, object],
    reviews: tuple[dict[str, object], ...] = (),
    since: date | None = date(2020, 1, 1),
) -> ReviewFrames:
    """Cases and reviews; every measure has a source from ``since``."""
    asked = measures()
    return ReviewFrames(
        measures=asked,
        evidence=pl.DataFrame(list(cases), schema=EVIDENCE_SCHEMA),
        sources=asked.select("measure_id", source_from_on=pl.lit(since, dtype=pl.Date)),
        reviews=pl.DataFrame(list(reviews), schema=load_contracts()[REVIEWS].schema),
        rules_of_acts=("feedback_done",),
    )


def row_of(
    frames: ReviewFrames,
    measure_id: str,
    year: int,
    department_id: str = "all",
    *,
    as_of: date = AS_OF,
) -> dict[str, object]:
    found = compute_measure_review(frames, as_of=as_of).filter(
        measure_id=measure_id, review_year=year, department_id=department_id
    )
    return found.row(0, named=True)


def feedback(number: int, department: str, began: date, met: date | None) -> dict[str, object]:
    return case(FEEDBACK, began, case_id=f"ticket|{number}", department_id=department, met_on=met)


def test_columns_are_those_of_the_contract() -> None:
    contract = load_contracts()["mart_measure__review"].schema

    frame = compute_measure_review(frames_of(case(PILOT, date(2024, 5, 6))), as_of=AS_OF)

    assert list(frame.schema.items()) == list(contract.items())[:-4]
    assert frame.select("measure_id", "review_year", "department_id").is_duplicated().sum() == 0


def test_a_house_without_evidence_has_a_blind_spot_for_every_measure_of_the_year() -> None:
    frame = compute_measure_review(frames_of(since=None), as_of=AS_OF)

    assert frame.height == 37
    assert set(frame["review_year"]) == {2026}
    assert frame["is_blind_spot"].all()
    assert not frame["has_data"].any()
    assert frame["indicator_value"].null_count() == 37


@pytest.mark.parametrize(
    ("held", "as_of", "status", "days"),
    [
        (None, date(2024, 6, 30), "not_started", 549),
        (None, date(2025, 12, 31), "not_started", 0),
        (None, date(2026, 1, 1), "late", -1),
        (date(2023, 11, 2), date(2024, 6, 30), "not_started", 549),
        (date(2024, 5, 6), date(2024, 6, 30), "reached", 549),
        (date(2026, 2, 3), date(2026, 6, 30), "reached", -181),
    ],
    ids=["before", "last day", "day after", "held too early", "held in time", "held too late"],
)
def test_a_pilot_is_late_from_the_day_after_its_last_year(
    held: date | None, as_of: date, status: str, days: int
) -> None:
    cases = [case(PILOT, held)] if held else []

    row = row_of(frames_of(*cases), PILOT, as_of.year, as_of=as_of)

    # 2023-2.2.2 runs from 1.1.2024 to 31.12.2025.
    assert (row["status_code"], row["days_to_deadline"]) == (status, days)


def test_acts_that_are_alike_count_as_many_as_they_are() -> None:
    day = date(2025, 3, 4)
    alike = {"department_id": "elinvoima", "n_cases": 3, "amount": 3.0}
    frames = frames_of(
        case(FEEDBACK, day, case_id="tickets|done", **alike),
        case(FEEDBACK, day, case_id="tickets|open", met_on=None, department_id="elinvoima"),
    )

    row = row_of(frames, FEEDBACK, 2025)

    assert (row["n_evidence"], row["indicator_value"]) == (4, 0.75)


def test_evidence_without_the_goal_s_value_is_under_way() -> None:
    planned = case("2023-2.1.2", date(2024, 3, 4), met_on=None)

    row = row_of(frames_of(planned), "2023-2.1.2", 2024, as_of=date(2024, 6, 30))

    assert (row["status_code"], row["indicator_value"], row["target_share"]) == (
        "under_way", 0.0, 0.0,
    )  # fmt: skip
    assert (row["n_evidence"], row["is_blind_spot"]) == (1, False)


def test_an_action_begun_last_year_and_done_this_year_is_evidence_of_both() -> None:
    begun, done = date(2025, 11, 1), date(2026, 2, 1)
    one = {"case_id": "action|A-1", "met_on": done}
    frames = frames_of(case("2023-2.1.2", begun, **one), case("2023-2.1.2", done, **one))

    before, after = (row_of(frames, "2023-2.1.2", year) for year in (2025, 2026))

    assert (before["n_evidence"], before["indicator_value"]) == (1, 0.0)
    assert (after["n_evidence"], after["indicator_value"]) == (1, 1.0)
    assert (before["last_evidence_on"], after["last_evidence_on"]) == (begun, done)


def test_the_city_is_as_good_as_its_weakest_department() -> None:
    day, later = date(2026, 2, 2), date(2026, 2, 9)
    cases = [
        feedback(1, "kaupunkiymparisto", day, later),
        feedback(2, "kaupunkiymparisto", day, later),
        feedback(3, "kaupunkiymparisto", day, None),
        feedback(4, "elinvoima", day, later),
        feedback(5, "elinvoima", day, None),
    ]
    frames = frames_of(*cases)

    environment = row_of(frames, FEEDBACK, 2026, "kaupunkiymparisto")
    city = row_of(frames, FEEDBACK, 2026)

    assert environment["indicator_value"] == pytest.approx(2 / 3)
    # Not 3 of 5: the lower of 2/3 and 1/2.
    assert (city["indicator_value"], city["n_evidence"]) == (0.5, 5)
    assert (city["status_code"], city["is_from_residents_acts"]) == ("under_way", True)


def test_counts_of_the_city_take_a_case_of_two_departments_once() -> None:
    day = date(2022, 3, 1)
    wave = {"case_id": "wave|kirjasto|2022"}
    frames = frames_of(
        case(SURVEYS, day, department_id="elinvoima", **wave),
        case(SURVEYS, day, department_id="konserni", **wave),
        case(SURVEYS, day, department_id="konserni", case_id="wave|museo|2022"),
    )

    as_of = date(2022, 6, 30)
    assert row_of(frames, SURVEYS, 2022, as_of=as_of)["indicator_value"] == 2.0
    assert row_of(frames, SURVEYS, 2022, "konserni", as_of=as_of)["indicator_value"] == 2.0
    assert row_of(frames, SURVEYS, 2022, "elinvoima", as_of=as_of)["indicator_value"] == 1.0


def test_a_yearly_count_begins_again_every_year() -> None:
    frames = frames_of(case(SURVEYS, date(2021, 3, 1)))

    as_of = date(2022, 6, 30)
    assert row_of(frames, SURVEYS, 2021, as_of=as_of)["status_code"] == "reached"
    again = row_of(frames, SURVEYS, 2022, as_of=as_of)
    assert (again["status_code"], again["indicator_value"]) == ("not_started", 0.0)
    assert (again["is_blind_spot"], again["last_evidence_on"]) == (True, date(2021, 3, 1))


def test_a_round_counts_in_both_years_of_its_cycle() -> None:
    # Cycles of 2.1.5: 2023–2024 and 2025–2026.
    frames = frames_of(case(BUDGET, date(2023, 2, 1), case_id="round|2023"))

    values = [row_of(frames, BUDGET, year)["indicator_value"] for year in (2023, 2024, 2025)]

    assert values == [1.0, 1.0, 0.0]


def test_a_closed_year_stays_as_it_was_on_its_last_day() -> None:
    late_in_the_year = feedback(1, "elinvoima", date(2025, 12, 30), date(2026, 1, 7))
    before = frames_of(feedback(0, "elinvoima", date(2025, 3, 1), date(2025, 3, 2)),
                       late_in_the_year)  # fmt: skip
    after = frames_of(
        feedback(0, "elinvoima", date(2025, 3, 1), date(2025, 3, 2)),
        late_in_the_year,
        feedback(2, "elinvoima", date(2026, 2, 1), date(2026, 2, 2)),
    )

    on_the_last_day = compute_measure_review(before, as_of=date(2025, 12, 31))
    half_a_year_later = compute_measure_review(after, as_of=AS_OF)

    closed = pl.col("review_year") == 2025
    assert_frame_equal(half_a_year_later.filter(closed), on_the_last_day.filter(closed))
    row = row_of(after, FEEDBACK, 2025)
    assert (row["figures_on"], row["is_closed_year"]) == (date(2025, 12, 31), True)
    # Received on 30.12., done on 7.1.: not done at the year's end.
    assert row["indicator_value"] == 0.5


def test_a_running_year_holds_as_of_the_snapshot() -> None:
    row = row_of(frames_of(case(PILOT, date(2026, 7, 1))), PILOT, 2026)

    assert (row["figures_on"], row["is_closed_year"]) == (AS_OF, False)
    assert (row["n_evidence"], row["last_evidence_on"]) == (0, None)


def test_measures_of_an_ended_version_are_replaced_or_lapsed() -> None:
    frames = frames_of(case(SURVEYS, date(2022, 3, 1)))

    assert row_of(frames, SURVEYS, 2022)["status_code"] == "reached"
    assert row_of(frames, SURVEYS, 2023)["status_code"] == "replaced"
    assert row_of(frames, "2020-3.2.1", 2023)["status_code"] == "lapsed"


def test_a_measure_has_no_rows_before_its_version() -> None:
    frame = compute_measure_review(frames_of(case(SURVEYS, date(2021, 3, 1))), as_of=AS_OF)

    first = dict(frame.group_by("model_version").agg(pl.min("review_year")).iter_rows())
    assert first == {"2020": 2021, "2023": 2023}


def test_a_judgement_stands_beside_the_computed_status_and_never_replaces_it() -> None:
    frames = frames_of(case(PILOT, date(2024, 5, 6)), reviews=(review(PILOT, 2025, "under_way"),))

    row = row_of(frames, PILOT, 2025)

    assert (row["status_code"], row["status_source_code"]) == ("reached", "computed")
    assert (row["status_computed_code"], row["status_judged_code"]) == ("reached", "under_way")
    assert row["is_disagreement"] is True
    assert (row["next_step"], row["reviewed_by_unit_name"]) == (
        "Jatketaan keväällä", "Osallisuustyöryhmä",
    )  # fmt: skip


def test_a_measure_without_source_has_the_judged_status_and_no_value() -> None:
    frames = frames_of(reviews=(review("2023-2.1.1", 2025, "under_way"),), since=None)

    row = row_of(frames, "2023-2.1.1", 2025)

    assert (row["status_code"], row["status_source_code"]) == ("under_way", "judged")
    assert (row["status_computed_code"], row["is_disagreement"]) == (None, False)
    assert (row["has_data"], row["indicator_value"], row["is_blind_spot"]) == (False, None, True)


def test_the_latest_review_counts_and_one_of_the_future_does_not() -> None:
    frames = frames_of(
        reviews=(
            review(PILOT, 2025, "late", reviewed_on=date(2026, 1, 20)),
            review(PILOT, 2025, "reached", reviewed_on=date(2026, 3, 1)),
            review(PILOT, 2025, "lapsed", reviewed_on=date(2026, 7, 1)),
        )
    )

    row = row_of(frames, PILOT, 2025)

    assert (row["status_judged_code"], row["reviewed_on"]) == ("reached", date(2026, 3, 1))


def test_a_department_has_rows_once_evidence_or_a_review_names_it() -> None:
    frames = frames_of(
        case(PILOT, date(2024, 5, 6), department_id="elinvoima"),
        reviews=(review(PILOT, 2025, "reached", department_id="konserni"),),
    )

    frame = compute_measure_review(frames, as_of=AS_OF).filter(measure_id=PILOT)

    found = frame.filter(pl.col("department_id") != "all").select("review_year", "department_id")
    assert found.rows() == [
        (2024, "elinvoima"), (2025, "elinvoima"), (2025, "konserni"), (2026, "elinvoima"),
        (2026, "konserni"),
    ]  # fmt: skip


def test_a_source_that_began_later_is_no_source_of_an_earlier_year() -> None:
    frames = frames_of(case(PILOT, date(2024, 5, 6)), since=date(2025, 2, 1))

    assert row_of(frames, PILOT, 2024)["has_data"] is False
    assert row_of(frames, PILOT, 2025)["has_data"] is True


def test_rows_do_not_depend_on_the_order_of_what_comes_in() -> None:
    cases = [
        feedback(n, "elinvoima" if n % 2 else "konserni", date(2026, 1, n), date(2026, 2, n))
        for n in range(1, 9)
    ]

    forth = compute_measure_review(frames_of(*cases), as_of=AS_OF)
    back = compute_measure_review(frames_of(*reversed(cases)), as_of=AS_OF)

    assert_frame_equal(forth, back)
