"""The cube of acts, completed."""

from datetime import date

import polars as pl
import pytest

from transforms.knowledge.heard import COUNTS, DuplicateCellError, complete_heard_acts
from transforms.statistics.cells import MEMBER_SCHEMA


def cube(*values: str) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "act_type_code": "ticket",
                "dimension_code": "service",
                "dimension_value": value,
                "period_kind_code": "month",
                "period_start_on": date(2024, 10, 1),
                **dict.fromkeys(COUNTS, 3),
                "n_forwarded": 0,
                "unsure_share": 0.5,
            }
            for value in values
        ]
    )


def members(*rows: tuple[str, date | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [("service", value, None, valid_to) for value, valid_to in rows],
        schema=MEMBER_SCHEMA,
        orient="row",
    )


def test_silent_service_in_force_stands_with_zeros() -> None:
    known = members(("kadut", None), ("museo", None), ("terveys", date(2022, 12, 31)))

    frame = complete_heard_acts(cube=cube("kadut"), members=known)

    assert frame.select("dimension_value", "n_acts", "n_praise", "unsure_share").rows() == [
        ("kadut", 3, 3, 0.5),
        ("museo", 0, 0, None),
    ]


def test_service_of_history_stays_when_it_has_acts() -> None:
    frame = complete_heard_acts(
        cube=cube("terveys"), members=members(("terveys", date(2022, 12, 31)))
    )

    assert frame["dimension_value"].to_list() == ["terveys"]


def test_acts_without_a_date_have_zeros_beside_them_too() -> None:
    undated = cube("kadut").with_columns(period_kind_code=pl.lit("all"))

    frame = complete_heard_acts(cube=undated, members=members(("kadut", None), ("museo", None)))

    assert frame["n_acts"].to_list() == [3, 0]


def test_cell_that_stands_twice_is_refused() -> None:
    with pytest.raises(DuplicateCellError, match="1 repeated cells"):
        complete_heard_acts(cube=cube("kadut", "kadut"), members=members())


def test_empty_cube_stays_empty() -> None:
    empty = cube("kadut").head(0)

    assert complete_heard_acts(cube=empty, members=members(("kadut", None))).height == 0
