"""Told shares that give a count together, and none by itself."""

import polars as pl
import pytest

from tests.support.open_city import SERVICES
from transforms.privacy.plan import Count, Plan, Relations, Rounded
from transforms.privacy.printings import Table
from transforms.privacy.shares import told_shares, withhold_told_shares

THRESHOLD = 5


def months_of_year(frame: pl.DataFrame, _: pl.DataFrame) -> Relations:
    """Every month within the row of the year."""
    months = frame.filter(pl.col("period") != "year").select("period")
    return {"year": months.with_columns(total_period=pl.lit("year"))}


def table_of(reopened: dict[str, int], n: dict[str, int]) -> Table:
    plan = Plan(
        key=("period",),
        base="n_tickets",
        counts=(Count("n_tickets", "acts"),),
        relations=months_of_year,
        rounded=(Rounded("reopened_share", "n_tickets", adds_up=True),),
    )
    frame = pl.DataFrame(
        {"period": list(n), "n_tickets": list(n.values()), "k": list(reopened.values())}
    ).with_columns(reopened_share=pl.col("k") / pl.col("n_tickets"))
    return Table("public_x__y", frame.drop("k").sort("period"), plan, n_own=frame.height)


def printed(table: Table, shares: dict[str, float | None]) -> pl.DataFrame:
    told = pl.DataFrame({"period": list(shares), "reopened_share": list(shares.values())})
    return table.frame.drop("reopened_share").join(told, on="period", maintain_order="left")


def test_shares_that_leave_each_other_room_are_told() -> None:
    """January 3 and none in February: told as 1…7 and 0, and the year of 200 as 1…15."""
    n = {"january": 100, "february": 100, "year": 200}
    table = table_of({"january": 3, "february": 0, "year": 3}, n)
    told = {"january": 0.05, "february": 0.0, "year": 0.05}

    found = told_shares(table, printed(table, told), threshold=THRESHOLD, services=SERVICES)

    assert found.is_empty()


def test_a_year_that_is_told_more_nearly_than_a_month_is_found() -> None:
    """The year of 1 000 in steps of one per cent: 0.01 is 1…15. January of 100, in steps of five:
    0.05 is 1…7. All nine of February and all five of March leave January 1.
    """
    n = {"january": 100, "february": 9, "march": 5, "april": 886, "year": 1_000}
    k = {"january": 1, "february": 9, "march": 5, "april": 0, "year": 15}
    table = table_of(k, n)
    told = {"january": 0.05, "february": 1.0, "march": 1.0, "april": 0.0, "year": 0.01}

    found = told_shares(table, printed(table, told), threshold=THRESHOLD, services=SERVICES)

    assert found.rows() == [(2, "reopened_share")]
    assert table.frame["period"][2] == "january"


def test_the_shares_that_give_a_count_are_withheld_with_those_beside_them() -> None:
    n = {"january": 100, "february": 9, "march": 5, "april": 886, "year": 1_000}
    k = {"january": 1, "february": 9, "march": 5, "april": 0, "year": 15}
    table = table_of(k, n)
    told = {"january": 0.05, "february": 1.0, "march": 1.0, "april": 0.0, "year": 0.01}

    public = withhold_told_shares(
        table, printed(table, told), threshold=THRESHOLD, services=SERVICES
    )

    assert public["reopened_share"].null_count() == public.height
    again = told_shares(table, public, threshold=THRESHOLD, services=SERVICES)
    assert again.is_empty()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_of_all_and_nothing_tell_no_small_count(share: float) -> None:
    n = {"january": 100, "february": 50, "year": 150}
    table = table_of({name: round(share * value) for name, value in n.items()}, n)

    public = withhold_told_shares(
        table, printed(table, dict.fromkeys(n, share)), threshold=THRESHOLD, services=SERVICES
    )

    assert public["reopened_share"].null_count() == 0
