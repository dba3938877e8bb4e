"""Promises to tell, and whether every audience that the model names has been told."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from data_contracts.told_audiences import read_told_audiences
from transforms.knowledge.told_back import PromiseFrames, compute_told_back

AS_OF = date(2026, 6, 30)


def core(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = load_contracts()[table].schema
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def action(key: str, day: date) -> dict[str, object]:
    return {"action_id": key, "department_id": "elinvoima", "created_on": day}


def message(about: str, audiences: str, sent_on: date | None, **more: object) -> dict[str, object]:
    return {
        "message_id": f"V-{about}-{audiences}",
        "department_id": "elinvoima",
        "about_kind_code": "action",
        "about_id": about,
        "audiences": audiences,
        "message_channels": "website",
        "sent_on": sent_on,
    } | more


def told_back(
    *,
    actions: list[dict[str, object]] | None = None,
    messages: list[dict[str, object]] | None = None,
    heard: list[tuple[str, date]] | None = None,
    initiatives: list[dict[str, object]] | None = None,
    register: list[dict[str, object]] | None = None,
) -> pl.DataFrame:
    frames = PromiseFrames(
        actions=core("core_actions__actions", *(actions or [])),
        decisions=core("core_actions__decisions"),
        initiatives=core("mart_initiative__status", *(initiatives or [])),
        messages=core("core_actions__messages", *(messages or [])),
        register=core("core_initiatives__register", *(register or [])),
        heard=pl.DataFrame(
            heard or [], schema={"department_id": pl.String, "acted_on": pl.Date}, orient="row"
        ),
        audiences=read_told_audiences(),
    )
    return compute_told_back(frames, departments=["elinvoima", "konserni"], as_of=AS_OF)


def cell(frame: pl.DataFrame, **key: object) -> dict[str, object]:
    wanted = {
        "department_id": "elinvoima",
        "promise_kind_code": "action",
        "audience_code": "all",
        "quarter_start_on": date(2026, 1, 1),
    } | key
    return frame.row(
        by_predicate=pl.all_horizontal(pl.col(k) == v for k, v in wanted.items()), named=True
    )


def test_promise_is_kept_on_the_day_when_the_last_named_audience_is_told() -> None:
    frame = told_back(
        actions=[action("T1", date(2026, 1, 10))],
        messages=[
            message("T1", "employees;residents", date(2026, 1, 15)),
            message("T1", "stakeholders", date(2026, 2, 9)),
        ],
    )

    whole = cell(frame)
    assert (whole["n_promises"], whole["n_told"], whole["told_share"]) == (1, 1, 1.0)
    assert whole["median_days_to_tell"] == 30.0
    assert whole["audiences_missing"] is None
    assert whole["message_channels"] == "website"
    assert cell(frame, audience_code="residents")["median_days_to_tell"] == 5.0


def test_one_audience_missing_is_not_told() -> None:
    frame = told_back(
        actions=[action("T1", date(2026, 1, 10))],
        messages=[message("T1", "employees;residents", date(2026, 1, 15))],
    )

    whole = cell(frame)
    assert (whole["n_promises"], whole["n_told"]) == (1, 0)
    assert whole["audiences_missing"] == "stakeholders"
    assert cell(frame, audience_code="employees")["n_told"] == 1


def test_version_of_the_model_in_force_names_the_audiences() -> None:
    frame = told_back(
        actions=[action("T1", date(2022, 12, 31)), action("T2", date(2023, 1, 1))],
        messages=[
            message("T1", "employees;customers", date(2023, 1, 5)),
            message("T2", "employees;customers", date(2023, 1, 5)),
        ],
    )

    old = cell(frame, quarter_start_on=date(2022, 10, 1))
    new = cell(frame, quarter_start_on=date(2023, 1, 1))
    assert (old["n_told"], old["audiences_missing"]) == (1, None)
    assert (new["n_told"], new["audiences_missing"]) == (0, "residents;stakeholders")


def test_message_of_a_day_to_come_has_not_been_sent() -> None:
    frame = told_back(
        actions=[action("T1", date(2026, 1, 10))],
        messages=[message("T1", "employees;residents;stakeholders", date(2026, 7, 1))],
    )

    assert cell(frame)["n_told"] == 0


def test_every_quarter_with_something_heard_promises_a_summary() -> None:
    note = message(
        "2026-Q1", "employees;residents;stakeholders", date(2026, 4, 10),
        about_kind_code="feedback_summary",
    )  # fmt: skip
    frame = told_back(
        heard=[
            ("elinvoima", date(2026, 1, 3)),
            ("elinvoima", date(2026, 3, 30)),
            ("konserni", date(2026, 2, 1)),
            ("elinvoima", date(2026, 5, 1)),
        ],
        messages=[note],
    )

    told = cell(frame, promise_kind_code="feedback_summary")
    # Promised on the last day of March, told ten days later.
    assert (told["n_promises"], told["n_told"], told["median_days_to_tell"]) == (1, 1, 10.0)
    untold = cell(frame, promise_kind_code="feedback_summary", department_id="konserni")
    assert (untold["n_promises"], untold["n_told"]) == (1, 0)
    city = cell(frame, promise_kind_code="feedback_summary", department_id="all")
    assert (city["n_promises"], city["n_told"], city["told_share"]) == (2, 1, 0.5)
    second = cell(frame, promise_kind_code="feedback_summary", quarter_start_on=date(2026, 4, 1))
    assert (second["n_promises"], second["n_told"]) == (1, 0)


def test_message_may_name_an_initiative_by_its_case() -> None:
    frame = told_back(
        initiatives=[
            {
                "initiative_id": "kuntalaisaloite-7",
                "department_id": "elinvoima",
                "decision_on": date(2026, 2, 1),
            }
        ],
        register=[{"register_number": "77/2026", "initiative_id": "kuntalaisaloite-7"}],
        messages=[message("77/2026", "residents", date(2026, 2, 4), about_kind_code="initiative")],
    )

    assert cell(frame, promise_kind_code="initiative")["median_days_to_tell"] == 3.0


def test_promise_without_a_row_of_its_own_is_the_message_s() -> None:
    frame = told_back(
        messages=[
            message("T9", "employees", None, promised_on=date(2026, 3, 1), message_channels=None)
        ]
    )

    assert cell(frame)["n_promises"] == 1


def test_department_without_promises_stands_with_zero() -> None:
    frame = told_back(actions=[action("T1", date(2026, 1, 10))])

    silent = cell(frame, department_id="konserni", promise_kind_code="all")
    assert (silent["n_promises"], silent["n_told"], silent["told_share"]) == (0, 0, None)


def test_share_has_wilson_s_interval() -> None:
    # 81 of 263 would be Newcombe's example; here 1 of 2: (0.0945, 0.9055) by the same formula.
    days = [action("T1", date(2026, 1, 10)), action("T2", date(2026, 1, 10))]
    frame = told_back(
        actions=days,
        messages=[message("T1", "employees;residents;stakeholders", date(2026, 1, 15))],
    )

    whole = cell(frame)
    assert whole["told_share_low"] == pytest.approx(0.0945, abs=1e-4)
    assert whole["told_share_high"] == pytest.approx(0.9055, abs=1e-4)


def test_columns_are_those_of_the_contract() -> None:
    frame = told_back(actions=[action("T1", date(2026, 1, 10))])

    assert dict(frame.schema) == dict(list(load_contracts()["mart_told__back"].schema.items())[:-4])
