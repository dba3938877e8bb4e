"""A department's summary in figures: cells of published tables, side by side."""

from datetime import date
from typing import Any

import polars as pl

from data_contracts.contract import load_contracts
from transforms.knowledge.department_summary import KEY, compute_department_summary

AS_OF = date(2026, 10, 31)
THIRD = date(2026, 7, 1)
OURS = "elinvoima"


def public(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = load_contracts()[f"public_{table}"].schema
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def of_quarter(start: date = THIRD, **figures: object) -> dict[str, object]:
    return {
        "dimension_code": "department",
        "dimension_value": OURS,
        "period_kind_code": "quarter",
        "period_start_on": start,
    } | figures


def tables(**changes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    names = {
        "heard_acts": public(
            "heard__acts",
            of_quarter(act_type_code="ticket", n_acts=40),
            of_quarter(act_type_code="note", n_acts=None, is_suppressed=True),
            of_quarter(act_type_code="all", n_acts=44, n_praise=9, n_complaint=8, n_proposal=7),
            of_quarter(start=date(2026, 10, 1), act_type_code="all", n_acts=5),
        ),
        "feedback_topics": public("feedback__topics"),
        "feedback_response_times": public("feedback__response_times"),
        "feedback_backlog": public("feedback__backlog"),
        "service_satisfaction": public("service__satisfaction"),
        "satisfaction_change": public("satisfaction__change"),
        "action_plan_status": public("action__plan_status"),
        "told_back": public("told__back"),
        "group_heard_index": public("group__heard_index"),
    }
    return names | changes


def summary(**changes: pl.DataFrame) -> dict[str, Any]:
    frame = compute_department_summary(tables(**changes), departments=[OURS], as_of=AS_OF)
    return frame.row(by_predicate=pl.col("period_start_on") == THIRD, named=True)


def test_counts_are_those_of_the_cube_and_withheld_ones_stay_null() -> None:
    row = summary()

    assert (row["n_tickets"], row["n_notes"], row["n_praise"]) == (40, None, 9)


def test_only_whole_periods_stand() -> None:
    frame = compute_department_summary(tables(), departments=[OURS], as_of=AS_OF)

    assert frame.select(KEY).rows() == [(OURS, "quarter", THIRD)]


def test_topics_are_the_five_with_most_texts_and_none_withheld() -> None:
    said = {"valaistus": 5, "pyoraily": 9, "kaavoitus": None, "viheralueet": 9, "vapaa_aika": 0}
    rows = [
        of_quarter(act_type_code="all", topic_id=topic, n_documents=n) for topic, n in said.items()
    ]

    row = summary(feedback_topics=public("feedback__topics", *rows))

    assert row["top_topics"] == "pyoraily;viheralueet;valaistus"


def test_times_are_days_of_the_clock_and_backlog_is_that_of_the_last_day() -> None:
    times = of_quarter(milestone_code="done", clock_code="calendar", km_median_hours=60.0)
    level = {"dimension_code": "department", "dimension_value": OURS}
    backlog = [
        level | {"day_on": date(2026, 9, 30), "n_open": 12, "n_open_over_30_days": None},
        level | {"day_on": date(2026, 8, 31), "n_open": 99, "n_open_over_30_days": 50},
    ]

    row = summary(
        feedback_response_times=public("feedback__response_times", times),
        feedback_backlog=public("feedback__backlog", *backlog),
    )

    assert (row["km_median_days"], row["n_open"], row["n_open_over_30_days"]) == (2.5, 12, None)


def test_survey_quoted_is_the_question_with_most_answers_of_waves_closed_in_the_period() -> None:
    wave = {
        "survey_id": "kirjasto",
        "wave_code": "2026",
        "breakdown_code": "total",
        "breakdown_value": "all",
        "department_id": OURS,
        "survey_title": "Kirjastokysely",
        "closed_on": date(2026, 8, 15),
        "scale_min": 1.0,
        "scale_max": 5.0,
    }
    rows = [
        wave | {"question_id": "tilat", "n": 80, "top2_share": 0.5},
        wave | {"question_id": "palvelu", "n": 90, "top2_share": 0.7},
        wave | {"question_id": "salattu", "n": None, "top2_share": None},
        wave | {"question_id": "suosittelu", "n": 95, "top2_share": 0.3, "scale_max": 11.0},
        wave | {"question_id": "a", "n": 900, "top2_share": 0.1, "closed_on": date(2026, 10, 2)},
    ]
    verdicts = [
        wave | {"question_id": name, "verdict_code": code}
        for name, code in (("tilat", "better"), ("palvelu", "better"), ("a", "not_comparable"))
    ]

    row = summary(
        service_satisfaction=public("service__satisfaction", *rows),
        satisfaction_change=public("satisfaction__change", *_known(verdicts)),
    )

    assert (row["satisfied_share"], row["satisfaction_title"]) == (0.7, "Kirjastokysely")
    assert row["satisfaction_reference"] == (
        "service_satisfaction.top2_share[survey_id=kirjasto;wave_code=2026;question_id=palvelu;"
        "breakdown_code=total;breakdown_value=all]"
    )
    assert (row["n_better"], row["n_worse"], row["n_not_comparable"]) == (2, 0, 1)


def test_actions_and_promises_of_the_period_are_counted() -> None:
    action = {"department_id": OURS, "status_code": "done"}
    actions = [
        action | {"created_on": date(2026, 7, 2), "closed_on": date(2026, 9, 30)},
        action | {"created_on": date(2026, 6, 30), "closed_on": date(2026, 7, 1)},
        action | {"created_on": date(2026, 6, 1), "closed_on": date(2026, 10, 1)},
    ]
    told = {
        "department_id": OURS,
        "quarter_start_on": THIRD,
        "promise_kind_code": "all",
        "audience_code": "all",
        "n_promises": 3,
        "n_told": 2,
    }

    row = summary(
        action_plan_status=public("action__plan_status", *actions),
        told_back=public("told__back", told, told | {"audience_code": "residents", "n_told": 3}),
    )

    assert (row["n_actions_new"], row["n_actions_done"]) == (1, 2)
    assert (row["n_promises"], row["n_told"]) == (3, 2)


def test_groups_are_those_surely_heard_less_than_their_share() -> None:
    heard = {"heard_channel_code": "survey", "calendar_year": 2026}
    rows = [
        heard | {"group_code": "nuoret", "ratio_high": 0.9},
        heard | {"group_code": "lapset", "ratio_high": 1.1},
        heard | {"group_code": "unknown", "ratio_high": 0.2},
        heard | {"group_code": "vanhukset", "ratio_high": 0.5, "calendar_year": 2025},
    ]

    assert summary(group_heard_index=public("group__heard_index", *rows))["groups_not_heard"] == (
        "nuoret"
    )


def _known(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the columns that the table of changes has."""
    known = load_contracts()["public_satisfaction__change"].schema
    return [{name: value for name, value in row.items() if name in known} for row in rows]
