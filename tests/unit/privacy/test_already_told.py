"""What an earlier publication gave away stops nothing; what only the new one would give, does."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
import pytest

from tests.support.counted_system import cells_of, counted_system
from tests.support.open_city import AS_OF, HEARD, SERVICES, acts_of, marts_of
from transforms.privacy.already_told import (
    given_by_noughts,
    hide_new_noughts,
    told_by_noughts,
    without_told,
)
from transforms.privacy.audit import NARROW, audit_tables
from transforms.privacy.feasible import exact_bounds, find_bounds, is_narrow, is_small
from transforms.privacy.ledger import TOLD_BEFORE
from transforms.privacy.memory import remember
from transforms.privacy.printings import Thresholds
from transforms.privacy.protection import UnprotectedCellsError, protect_after
from transforms.privacy.public_tables import Disclosed, disclose_tables, open_tables
from transforms.privacy.system import build_system

Tables = Mapping[str, pl.DataFrame]
LOW, HIGH = Thresholds(open=3, background=3), Thresholds(open=5, background=10)
YESTERDAY = date(2025, 3, 30)
DAY = {"a": 4, "b": 8, "c": 20, "total": 32}
SUM = [("total", ("a", "b", "c"))]


def disclose(marts: Tables, thresholds: Thresholds, previous: Tables | None = None) -> Disclosed:
    return disclose_tables(
        marts, as_of=AS_OF, thresholds=thresholds, services=SERVICES, previous=previous
    )


def audit(public: Tables, marts: Tables, previous: Tables) -> pl.DataFrame:
    return audit_tables(
        public,
        marts,
        as_of=AS_OF,
        thresholds=HIGH,
        services=SERVICES,
        previous=previous,
    )


@pytest.fixture(scope="module")
def city() -> tuple[Tables, Tables]:
    """A city and what it published while its threshold was three."""
    marts = marts_of(acts_of(31, n=900))
    tables = disclose(marts, LOW).tables
    return marts, {n: t.with_columns(snapshot_on=pl.lit(YESTERDAY)) for n, t in tables.items()}


def test_a_small_count_that_was_printed_is_already_told() -> None:
    system = counted_system(DAY, SUM)

    guarded = without_told(system, cells_of(DAY, "a"), is_small(system), surely=True)

    assert (guarded.span == 0).tolist() == [True, False, False, False]


def test_a_small_count_that_the_others_gave_is_already_told_and_withheld() -> None:
    system = counted_system(DAY, SUM)

    withheld, guarded = protect_after(
        system, told=cells_of(DAY, "b", "c", "total"), hidden=cells_of(DAY)
    )

    assert guarded.span[0] == 0
    assert withheld.tolist() == [True, False, False, False]


def test_a_small_count_that_one_more_figure_would_give_is_not_already_told() -> None:
    """Yesterday told b and the total: a and c were open, so c stays withheld today."""
    system = counted_system(DAY, SUM)

    withheld, guarded = protect_after(
        system, told=cells_of(DAY, "b", "total"), hidden=cells_of(DAY)
    )

    assert guarded.span[0] == 4
    assert withheld.tolist() == [True, False, True, False]


def test_a_count_that_was_told_protects_nothing_though_it_is_small_today() -> None:
    """b was printed under a threshold of three; today it is small itself, and yet no cover."""
    day = {"a": 2, "b": 4, "c": 20, "total": 26}
    system = counted_system(day, SUM)
    told = cells_of(day, "b", "total")

    withheld, _ = protect_after(system, told=told, hidden=cells_of(day))

    assert withheld.tolist() == [True, True, True, False]
    assert not is_narrow(system, find_bounds(system, told | ~withheld))[0]


def test_what_nothing_protects_and_nobody_told_is_refused() -> None:
    """The total is public elsewhere, and the parts leave no room: no publication is to blame."""
    day = {"a": 2, "b": 1, "total": 3}
    system = counted_system(day, [("total", ("a", "b"))], exempt=["total"])

    with pytest.raises(UnprotectedCellsError, match="2 small counts cannot be protected"):
        protect_after(system, told=cells_of(day), hidden=cells_of(day))


def test_noughts_told_for_the_first_time_are_withheld_where_they_would_give_a_count() -> None:
    """Yesterday told four texts; today's new columns say of what kind: 4, 0 and 0.

    Who knows the noughts has had a; who does not, has it in 0…4, and by the noughts for certain.
    """
    day = {"a": 4, "b": 0, "c": 0, "texts": 4}
    system = counted_system(day, [("texts", ("a", "b", "c"))])
    told = cells_of(day, "texts")

    withheld, guarded = protect_after(system, told=told, hidden=cells_of(day))
    doubtful = told_by_noughts(system, guarded, told)
    found = hide_new_noughts(doubtful, withheld, told)

    assert guarded.span.tolist() == [0, 4, 4, 0]
    assert doubtful.span.tolist() == [4, 0, 0, 0]
    assert given_by_noughts(doubtful, told | ~withheld).tolist() == [True, False, False, False]
    assert found.tolist() == [True, True, True, True]
    assert not given_by_noughts(doubtful, told | ~found).any()


def test_a_raised_threshold_stops_no_night(city: tuple[Tables, Tables]) -> None:
    marts, before = city

    today = disclose(marts, HIGH, before)

    assert audit(today.tables, marts, before).is_empty()
    assert today.ledger.filter(reason_code=TOLD_BEFORE).height > 0
    assert not today.tables[HEARD]["n_acts"].is_between(1, 4).any()


def test_only_counts_within_less_than_their_span_by_the_old_tables_alone_are_called_told(
    city: tuple[Tables, Tables],
) -> None:
    marts, before = city
    tables = open_tables(marts, as_of=AS_OF, previous=before)
    system = build_system(tables, services=SERVICES, thresholds=HIGH)
    told = remember(system, tables, before).told

    _, guarded = protect_after(system, told=told, hidden=np.zeros_like(told))

    lost = np.flatnonzero(is_small(system) & (guarded.span == 0))
    by_old_alone = exact_bounds(system, told | system.is_exempt, lost[:: max(1, lost.size // 25)])
    asked = lost[:: max(1, lost.size // 25)]
    width = (by_old_alone.high - by_old_alone.low)[asked]
    assert lost.size > 0
    assert (width < system.span[asked]).all()


def test_a_leak_of_the_new_tables_is_found_though_the_old_ones_gave_others_away(
    city: tuple[Tables, Tables],
) -> None:
    marts, before = city
    today = disclose(marts, HIGH, before)
    key = ["dimension_code", "dimension_value", "period_kind_code", "period_start_on"]
    key.append("act_type_code")
    values = marts[HEARD].select(*key, truth="n_acts")
    planted = (
        today.tables[HEARD]
        .join(values, on=key, how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("truth") >= 5).then("truth").otherwise("n_acts").alias("n_acts")
        )
        .drop("truth")
    )

    leaks = audit({**today.tables, HEARD: planted}, marts, before)

    assert NARROW in set(leaks["leak_code"])


def test_a_night_after_an_ordinary_one_finds_nothing_told_before() -> None:
    marts = marts_of(acts_of(32, n=700))
    before = disclose(marts, HIGH).tables

    today = disclose(marts, HIGH, before)

    assert today.ledger.filter(reason_code=TOLD_BEFORE).is_empty()
