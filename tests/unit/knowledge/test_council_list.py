"""The council's yearly list: each initiative once in every year in which it was open."""

from datetime import date

import polars as pl

from data_contracts.contract import load_contracts
from transforms.knowledge.council_list import compute_council_list

AS_OF = date(2026, 6, 30)


def listed(**changes: object) -> pl.DataFrame:
    schema = load_contracts()["public_initiative__status"].schema
    honest = {
        "initiative_id": "kuntalaisaloite-1",
        "department_id": "elinvoima",
        "filed_on": date(2024, 11, 1),
    }
    row = dict.fromkeys(schema) | honest | changes
    return compute_council_list(pl.DataFrame([row], schema=schema), as_of=AS_OF)


def test_pending_initiative_stands_in_every_year_until_the_snapshot() -> None:
    frame = listed()

    # From 1 November 2024: 60 days to the year's end, 425 to the next, 606 to 30 June 2026.
    assert frame.select("report_year", "is_new", "days_pending").rows() == [
        (2024, True, 60),
        (2025, False, 425),
        (2026, False, 606),
    ]


def test_decision_of_a_later_year_is_not_known_in_the_year_before() -> None:
    frame = listed(
        decision_on=date(2025, 2, 1), decision_code="accepted", told_author_on=date(2025, 3, 1)
    )

    assert frame.select("report_year", "decision_on", "decision_code", "told_author_on").rows() == [
        (2024, None, None, None),
        (2025, date(2025, 2, 1), "accepted", date(2025, 3, 1)),
    ]


def test_six_months_that_ran_out_are_marked_from_the_year_in_which_they_did() -> None:
    frame = listed(six_month_due_on=date(2025, 5, 1))

    assert frame["is_overdue"].to_list() == [False, True, True]
    assert listed()["is_overdue"].to_list() == [None, None, None]


def test_initiative_not_yet_filed_is_left_out() -> None:
    assert listed(filed_on=None).height == 0
    assert listed(filed_on=date(2026, 7, 1)).height == 0


def test_columns_are_those_of_the_contract() -> None:
    frame = listed()
    wanted = dict(list(load_contracts()["public_initiative__council_list"].schema.items())[:-4])

    assert {column: frame.schema[column] for column in wanted} == wanted
