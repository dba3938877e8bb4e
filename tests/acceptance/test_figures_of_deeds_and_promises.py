"""Figures of what the city does, tells and promises, worked out in tiny_city/README.md."""

from datetime import date
from math import isclose

import polars as pl
import pytest

from tests.support.tiny import AS_OF, Town


def one(frame: pl.DataFrame, **where: object) -> dict[str, object]:
    """The only row with these values; two rows would be two figures."""
    found = frame.filter(**where)
    assert found.height == 1
    return found.row(0, named=True)


def test_lists_kept_by_hand_and_statistics_come_in_row_by_row(finished: Town) -> None:
    names = (
        "core_actions__actions", "core_actions__messages", "core_participation__events",
        "core_budget__goals", "core_reference__population",
    )  # fmt: skip

    heights = [finished.table(name).height for name in names]
    rejected = [finished.table(f"{name}_rejected").height for name in names]

    assert heights == [3, 2, 8, 2, 7]  # of the residents six age bands and their sum
    assert rejected == [0] * 5


def test_the_register_holds_both_versions_and_who_followed_whom(finished: Town) -> None:
    register = finished.table("public_measure__register")

    by_version = dict(register.group_by("model_version").len().iter_rows())
    trainings = one(register, measure_id="2020-3.3.2")

    assert by_version == {"2020": 18, "2023": 19}
    assert (trainings["successor_ids"], trainings["change_kind_code"]) == ("2023-2.3.2", "renamed")


def test_a_training_that_was_held_reaches_the_measure_that_asks_for_one(finished: Town) -> None:
    review = finished.table("public_measure__review").filter(measure_id="2023-2.3.2")

    city = one(review, review_year=2026, department_id="all")
    before = one(review, review_year=2025, department_id="all")

    # One training on 4.3.2026, and one is asked for.
    assert (city["indicator_value"], city["target_value"], city["target_share"]) == (1, 1, 1)
    assert (city["status_code"], city["n_evidence"]) == ("reached", 1)
    assert city["last_evidence_on"] == date(2026, 3, 4)
    # The list of events begins in 2026, so of 2025 nothing is known, not even that none was held.
    assert (before["status_code"], before["indicator_value"]) == (None, None)
    assert before["is_blind_spot"]


def test_change_between_waves_is_told_with_its_doubt(finished: Town) -> None:
    row = one(finished.table("mart_satisfaction__change"), survey_id="liikuntapaikat")

    # 2025: five 4 and five 2, mean 3, squares 10, s.e. √(10/9/10) = 1/3.
    # 2026: ten 4 and six 2, mean 52/16, squares 10·0.75² + 6·1.25² = 15, s.e. √(15/15/16) = 1/4.
    assert (row["previous_wave_code"], row["n_previous"], row["n"]) == ("2025-2", 10, 16)
    assert (row["mean_previous"], row["mean"], row["mean_difference"]) == (3.0, 3.25, 0.25)
    assert isclose(float(str(row["top2_difference"])), 10 / 16 - 5 / 10)
    # The difference is 0.25 / √(1/9 + 1/16) = 0.6 standard errors.
    assert row["verdict_code"] == "no_evidence"
    assert 0.54 < float(str(row["p_value"])) < 0.57  # of a normal 0.55, of t with 17 degrees 0.56
    assert row["p_value_bh"] == row["p_value"]  # one question was asked


def test_those_who_answered_are_counted_by_what_they_told_of_themselves(finished: Town) -> None:
    rows = finished.table("mart_survey__representativeness")
    library = rows.filter(survey_id="kirjasto", breakdown_code="gender")
    sports = rows.filter(survey_id="liikuntapaikat", wave_code="2026-1")

    women = one(library, breakdown_value="female")
    young = one(sports, breakdown_code="age_band", breakdown_value="15_24")

    assert (women["n_respondents"], one(library, breakdown_value="male")["n_respondents"]) == (8, 6)
    assert isclose(float(str(women["respondent_share"])), 8 / 14)
    assert (young["n_respondents"], young["respondent_share"]) == (4, 0.25)
    # Anybody could answer and no frame is named: no indicator of representativeness.
    assert (young["r_indicator"], young["warning_code"]) == (None, "self_selected")


@pytest.mark.parametrize(("service", "n_texts"), [("kadut", 8), ("liikunta", 6)])
def test_topics_are_shares_of_all_texts_that_say_something(
    finished: Town, service: str, n_texts: int
) -> None:
    """t01–t08 without t25, which comes after the day; P-1 … P-6. Which topic is the model's say."""
    topics = finished.table("mart_feedback__topics").filter(
        dimension_value=service, period_kind_code="last_12_months", act_type_code="ticket"
    )

    off = (pl.col("share") * n_texts - pl.col("n_documents")).abs()

    assert topics.height == 11  # every topic of the model's list, zeros too
    assert set(topics["n_texts"]) == {n_texts}
    assert topics.select(off.max()).item() < 1e-9
    assert topics["growth_ratio"].null_count() == 11  # there is no year before


def test_actions_are_late_from_their_day_to_their_closing_or_to_today(finished: Town) -> None:
    plan = finished.table("public_action__plan_status")

    late = dict(plan.select("action_id", "days_late").iter_rows())

    # 28.2. → 31.3. and still under way; closed three days early; 31.1. → 10.2.
    assert late == {"KAU-2026-1": 31, "SIV-2026-1": 0, "SIV-2026-2": 10}


@pytest.mark.parametrize(
    ("audience", "n_told", "missing"),
    [
        ("employees", 2, "employees"),
        ("residents", 1, "residents"),
        ("all", 1, "employees;residents;stakeholders"),
    ],
)
def test_an_action_is_told_of_when_every_audience_of_2023_has_been(
    finished: Town, audience: str, n_told: int, missing: str
) -> None:
    told = finished.table("public_told__back").filter(
        department_id="all", promise_kind_code="action", quarter_start_on=date(2026, 1, 1)
    )

    row = one(told, audience_code=audience)

    assert (row["n_promises"], row["n_told"]) == (3, n_told)
    assert row["told_share"] == n_told / 3
    assert row["audiences_missing"] == missing


def test_half_of_the_employees_promises_are_kept_in_twelve_days(finished: Town) -> None:
    told = finished.table("public_told__back").filter(
        department_id="all", promise_kind_code="action", audience_code="employees"
    )

    # After 10 and 12 days; the third is untold after 80: S(10) = 2/3, S(12) = 1/3 ≤ ½.
    assert one(told)["median_days_to_tell"] == 12.0


def test_a_goal_stands_on_a_published_cell_or_is_listed_without(finished: Town) -> None:
    goals = finished.table("public_budget__goal_evidence")

    bus, library = one(goals, goal_id="KAU-2027-1"), one(goals, goal_id="SIV-2027-1")

    # The 40 supporters of 99001: a count without an interval is some evidence, not strong.
    assert (bus["evidence_value"], bus["evidence_state_code"]) == (40.0, "found")
    assert (bus["strength_code"], bus["evidence_snapshot_on"]) == ("some", AS_OF)
    assert (library["evidence_value"], library["strength_code"]) == (None, "none")


@pytest.mark.parametrize(
    ("group", "way", "n_heard", "ratio"),
    [
        # 600 of 5,000 residents are 15–24: 4 of 30 respondents over 0.12; 10 of 25 guests and 15
        # of 40 in the workshop.
        ("nuoret", "survey", 4, 4 / 30 / 0.12),
        ("nuoret", "event", 25, 25 / 65 / 0.12),
        # 1,000 are 65 or older: 4 of 30 over 0.2.
        ("vanhukset", "survey", 4, 4 / 30 / 0.2),
    ],
)
def test_a_group_is_heard_by_its_share_of_those_heard_over_its_share_of_residents(
    finished: Town, group: str, way: str, n_heard: int, ratio: float
) -> None:
    index = finished.table("mart_group__heard_index").filter(calendar_year=2026)

    row = one(index, group_code=group, heard_channel_code=way)

    assert row["n_heard"] == n_heard
    assert isclose(float(str(row["ratio"])), ratio)


@pytest.mark.parametrize(
    ("process", "group", "n_heard", "share", "is_heard"),
    [
        # The evening on the shore: 25 guests, 10 young, children counted and none there.
        ("ranta-2026", "nuoret", 10, 0.4, True),
        ("ranta-2026", "lapset", 0, 0.0, False),
        ("ranta-2026", "vanhukset", None, None, None),
        # The library: of six events one counted its 40 attendees, 12 children and 15 young.
        ("kirjasto-2026", "lapset", 12, 0.3, True),
        ("kirjasto-2026", "nuoret", 15, 15 / 40, True),
        ("kirjasto-2026", "unknown", 0, 0.0, None),
    ],
)
def test_who_was_heard_in_a_plan_and_in_a_service_process(
    finished: Town,
    process: str,
    group: str,
    n_heard: int | None,
    share: float | None,
    is_heard: bool | None,
) -> None:
    heard = finished.table("mart_group__heard_processes")

    row = one(heard, process_id=process, group_code=group)

    assert (row["n_heard"], row["heard_share"], row["is_heard"]) == (n_heard, share, is_heard)


def test_children_are_heard_beside_their_share_of_residents(finished: Town) -> None:
    heard = finished.table("mart_group__heard_processes")

    row = one(heard, process_id="kirjasto-2026", group_code="lapset")

    # 900 of 5,000 residents are children: 12 of 40 over 0.18.
    assert isclose(float(str(row["ratio"])), 0.3 / 0.18)
    assert (row["n_events_recorded"], row["n_events"], row["is_record_complete"]) == (1, 6, False)


def test_planning_names_the_young_and_the_development_of_services_does_not(finished: Town) -> None:
    heard = finished.table("public_group__heard_processes").filter(group_code="nuoret")

    named = {
        str(row["process_id"]): (row["measure_id"], row["is_named_group"])
        for row in heard.iter_rows(named=True)
    }

    assert named == {
        "ranta-2026": ("2023-2.2.1", True), "kirjasto-2026": ("2023-2.3.1", False),
    }  # fmt: skip


def test_counts_of_a_process_are_told_when_its_sixth_step_has_been_held(finished: Town) -> None:
    heard = finished.table("public_group__heard_processes").filter(group_code="nuoret")

    library, shore = (one(heard, process_id=name) for name in ("kirjasto-2026", "ranta-2026"))

    assert (library["is_closed"], library["n_heard"], library["n_attendees"]) == (True, 15, 40)
    assert (shore["is_closed"], shore["n_heard"], shore["is_heard"]) == (False, None, True)


def test_a_service_process_with_six_steps_reaches_the_measure_that_asks_for_all(
    finished: Town,
) -> None:
    review = finished.table("public_measure__review").filter(review_year=2026, department_id="all")

    service, plan = (one(review, measure_id=m) for m in ("2023-2.3.1", "2023-2.2.1"))

    assert (service["indicator_value"], service["status_code"]) == (1.0, "reached")
    # The plan has had one of its six steps, and the years of the pilot are over.
    assert (plan["indicator_value"], plan["status_code"]) == (0.0, "late")


def test_those_whose_group_nobody_knows_are_a_row_of_their_own(finished: Town) -> None:
    index = finished.table("mart_group__heard_index").filter(
        calendar_year=2026, group_code="unknown"
    )

    n_heard = dict(index.select("heard_channel_code", "n_heard").iter_rows())

    # The library did not ask the age (14 answers); all requests but t25; ideas, notes; two of the
    # web's initiatives and the one on paper are of 2026.
    assert n_heard == {
        "survey": 14, "event": 0, "ticket": 30, "idea": 3, "note": 3, "initiative": 3, "all": 53,
    }  # fmt: skip


def test_heard_where_known_half_heard_elsewhere_makes_the_index(finished: Town) -> None:
    index = finished.table("mart_group__heard_index").filter(
        calendar_year=2026, heard_channel_code="all"
    )

    young, old = one(index, group_code="nuoret"), one(index, group_code="vanhukset")

    assert young["heard_index"] == 1.0  # more than its size both ways: each counts as 1
    assert isclose(float(str(old["heard_index"])), 4 / 30 / 0.2)
    assert (young["n_actions_citing_group"], old["n_actions_citing_group"]) == (1, 0)


@pytest.mark.parametrize(
    ("department", "actions", "promises"),
    [("kaupunkiymparisto", (1, 0), (3, 0)), ("sivistys_hyvinvointi", (2, 2), (3, 1))],
)
def test_a_summary_quotes_what_the_department_did_and_told(
    finished: Town, department: str, actions: tuple[int, int], promises: tuple[int, int]
) -> None:
    """Promises: the actions, the decision on SJK/7/2026 of 20.3., and the quarter's own summary."""
    row = one(
        finished.table("public_department__feedback_summary"),
        department_id=department,
        period_kind_code="quarter",
        period_start_on=date(2026, 1, 1),
    )

    assert (row["n_actions_new"], row["n_actions_done"]) == actions
    assert (row["n_promises"], row["n_told"]) == promises
    assert str(row["summary_text"]).count(f"({promises[0]})") == 1
