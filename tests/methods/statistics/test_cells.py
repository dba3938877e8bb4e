"""Levels, periods and the members that must appear."""

from datetime import date

import polars as pl
import pytest

from transforms.statistics.cells import (
    dimension_members,
    last_twelve_months,
    members_in_periods,
    periods_between,
    spread_levels,
    spread_periods,
)


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        (date(2026, 11, 20), date(2025, 11, 1), date(2026, 10, 31)),
        (date(2026, 11, 30), date(2025, 12, 1), date(2026, 11, 30)),
        (date(2026, 11, 29), date(2025, 11, 1), date(2026, 10, 31)),
        (date(2024, 2, 29), date(2023, 3, 1), date(2024, 2, 29)),
        (date(2025, 12, 31), date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_last_twelve_months_end_with_the_last_whole_month(
    as_of: date, first: date, last: date
) -> None:
    assert last_twelve_months(as_of) == (first, last)


def test_row_stands_in_its_month_its_quarter_its_year_and_the_last_twelve_months() -> None:
    rows = pl.DataFrame({"row": [1, 2], "on": [date(2026, 10, 31), date(2026, 11, 1)]})

    spread = spread_periods(rows, on="on", keep=["row"], as_of=date(2026, 11, 20))

    assert sorted(spread.rows()) == [
        (1, "last_12_months", date(2025, 11, 1)),
        (1, "month", date(2026, 10, 1)),
        (1, "quarter", date(2026, 10, 1)),
        (1, "year", date(2026, 1, 1)),
        (2, "month", date(2026, 11, 1)),
        (2, "quarter", date(2026, 10, 1)),
        (2, "year", date(2026, 1, 1)),
    ]


def test_row_without_an_area_counts_as_unknown() -> None:
    rows = pl.DataFrame(
        {"row": [1], "area_code": [None]}, schema_overrides={"area_code": pl.String}
    )

    spread = spread_levels(rows, keep=["row"], levels=("city", "area"))

    assert spread.rows() == [(1, "city", "all"), (1, "area", "unknown")]


def test_service_that_has_left_the_city_is_no_member_of_later_periods() -> None:
    services = pl.DataFrame(
        {
            "service_id": ["terveys", "kirjasto"],
            "valid_from": ["", ""],
            "valid_to": ["2022-12-31", ""],
        }
    )
    empty = pl.DataFrame({"code": []}, schema={"code": pl.String})
    members = dimension_members(
        services=services,
        departments=empty.rename({"code": "department_id"}),
        areas=empty.rename({"code": "area_code"}),
        channels=empty,
    ).filter(pl.col("dimension_code") == "service")
    periods = periods_between(first_on=date(2022, 12, 5), as_of=date(2023, 1, 31))

    cells = members_in_periods(members, periods)

    of_terveys = cells.filter(pl.col("dimension_value") == "terveys")
    assert sorted(of_terveys.select("period_kind_code", "period_start_on").rows()) == [
        ("last_12_months", date(2022, 2, 1)),
        ("month", date(2022, 12, 1)),
        ("quarter", date(2022, 10, 1)),
        ("year", date(2022, 1, 1)),
    ]
    # Two months, two quarters, two years and the last twelve months.
    assert cells.filter(pl.col("dimension_value") == "kirjasto").height == 7
