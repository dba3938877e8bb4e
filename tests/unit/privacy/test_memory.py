"""What is remembered of earlier publications, beyond the last one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.support.open_city import AS_OF, HEARD, SERVICES, TIMES, acts_of, marts_of
from transforms.privacy.audit import NARROW, audit_tables
from transforms.privacy.memory import remember, with_publication
from transforms.privacy.plans import PLANS
from transforms.privacy.printings import Thresholds
from transforms.privacy.protection import protect
from transforms.privacy.public_tables import disclose_tables, open_tables, print_tables
from transforms.privacy.system import build_system

Tables = Mapping[str, pl.DataFrame]
THRESHOLDS = Thresholds(open=5, background=10)
FIRST, SECOND = date(2025, 3, 28), date(2025, 3, 29)


def stamped(tables: Tables, day: date) -> dict[str, pl.DataFrame]:
    return {name: frame.with_columns(snapshot_on=pl.lit(day)) for name, frame in tables.items()}


def disclose(
    marts: Tables, previous: Tables | None = None, earlier: pl.DataFrame | None = None
) -> Tables:
    return disclose_tables(
        marts,
        as_of=AS_OF,
        thresholds=THRESHOLDS,
        services=SERVICES,
        previous=previous,
        earlier=earlier,
    ).tables


def leaks_of(
    public: Tables, marts: Tables, previous: Tables, earlier: pl.DataFrame | None = None
) -> set[str]:
    found = audit_tables(
        public,
        marts,
        as_of=AS_OF,
        thresholds=THRESHOLDS,
        services=SERVICES,
        previous=previous,
        earlier=earlier,
    )
    return set(found["leak_code"])


@pytest.fixture(scope="module")
def marts() -> Tables:
    return marts_of(acts_of(11))


@pytest.fixture(scope="module")
def otherwise(marts: Tables) -> Tables:
    """The same city, its small counts protected by other cells."""
    tables = open_tables(marts, as_of=AS_OF, previous={})
    system = build_system(tables, services=SERVICES, thresholds=THRESHOLDS)
    withheld = protect(replace(system, cost=1 / system.cost))
    return stamped(print_tables(tables, system, withheld, thresholds=THRESHOLDS), FIRST)


@pytest.fixture(scope="module")
def silent(otherwise: Tables) -> Tables:
    """A night on which every count was withheld."""
    return {
        name: frame.with_columns(
            pl.lit(None, dtype=pl.Int64).alias(column) for column in PLANS[name].columns
        ).with_columns(snapshot_on=pl.lit(SECOND))
        for name, frame in otherwise.items()
    }


def test_a_count_given_by_the_first_and_third_publication_is_found(
    marts: Tables, otherwise: Tables, silent: Tables
) -> None:
    third = disclose(marts)
    memory = with_publication(None, otherwise, plans=PLANS)

    assert leaks_of(third, marts, silent) == set()
    assert leaks_of(third, marts, silent, memory) == {NARROW}


def test_the_third_publication_is_made_with_the_first_in_mind(
    marts: Tables, otherwise: Tables, silent: Tables
) -> None:
    memory = with_publication(None, otherwise, plans=PLANS)

    third = disclose(marts, silent, memory)

    assert leaks_of(third, marts, silent, memory) == set()


def test_the_memory_does_not_grow_with_nights(otherwise: Tables) -> None:
    once = with_publication(None, otherwise, plans=PLANS)

    twice = with_publication(once, stamped(otherwise, SECOND), plans=PLANS)

    assert twice.height == once.height
    assert set(twice["told_on"]) == {SECOND}
    assert_frame_equal(twice.drop("told_on"), once.drop("told_on"))


def test_a_revised_count_is_remembered_beside_the_first_one(otherwise: Tables) -> None:
    once = with_publication(None, otherwise, plans=PLANS)
    revised = otherwise[TIMES].with_columns(pl.col("n_tickets") + 7)

    found = with_publication(once, {TIMES: revised}, plans=PLANS)

    n_told = otherwise[TIMES]["n_tickets"].count()
    assert found.height == once.height + n_told


def test_a_count_that_has_been_revised_since_is_not_known(marts: Tables, otherwise: Tables) -> None:
    tables = open_tables(marts, as_of=AS_OF, previous={})
    system = build_system(tables, services=SERVICES, thresholds=THRESHOLDS)
    revised = otherwise[TIMES].with_columns(pl.col("n_tickets") + 7)
    only = revised.select(*PLANS[TIMES].key, "n_tickets")

    found = remember(system, tables, {TIMES: only})

    assert not found.told.any()


def test_a_table_with_a_new_column_is_remembered_in_the_others(
    marts: Tables, otherwise: Tables
) -> None:
    before = {**otherwise, HEARD: otherwise[HEARD].drop("n_forwarded")}

    today = disclose(marts, before)

    assert leaks_of(disclose(marts), marts, before) == {NARROW}
    assert leaks_of(today, marts, before) == set()


def test_counts_that_an_earlier_open_form_told_stay_known(marts: Tables) -> None:
    """Yesterday's form told the kinds of a service's month; today's has no such cells to print."""
    key = [*PLANS[HEARD].key]
    kinds = pl.col("n_fault").is_between(5, 1_000)
    wide = marts[HEARD].filter(kinds, period_kind_code="month", dimension_code="service")
    tables = open_tables(
        marts,
        as_of=AS_OF,
        previous={HEARD: wide.filter(act_type_code="all").select(*key, "n_fault")},
    )

    system = build_system(tables, services=SERVICES, thresholds=THRESHOLDS)

    place = (pl.col("table") == HEARD) & (pl.col("column") == "n_fault") & pl.col("is_kept")
    kept = system.prints.filter(place)
    assert kept.height == wide.filter(act_type_code="all").height > 0
    assert kept["row"].max() < tables[HEARD].n_own
    public = disclose(marts, {HEARD: wide.select(*key, "n_fault")})[HEARD]
    months = public.filter(period_kind_code="month", dimension_code="service")
    assert months["n_fault"].null_count() == months.height


def test_rows_that_are_printed_no_longer_and_were_revised_stop_no_night(marts: Tables) -> None:
    """The requests of a month once stood on the row of another milestone too, seven fewer."""
    once = marts[TIMES].with_columns(
        pl.lit("answered").alias("milestone_code"), pl.col("n_tickets") - 7
    )

    today = disclose(marts, {TIMES: once.filter(pl.col("n_tickets") > 0)})

    assert today[TIMES].height == disclose(marts)[TIMES].height


def test_rows_of_an_earlier_window_stay_known(marts: Tables) -> None:
    """Twelve months that ended in February: today's window is another, and the sum is known."""
    earlier = (
        marts[HEARD]
        .filter(period_kind_code="last_12_months")
        .with_columns(period_start_on=pl.lit(date(2024, 3, 1)))
    )
    memory = with_publication(None, {HEARD: earlier}, plans=PLANS)

    tables = open_tables(marts, as_of=AS_OF, previous={}, earlier=memory)

    rows = tables[HEARD].frame.tail(-tables[HEARD].n_own)
    assert rows.height == earlier.height
    assert set(rows["period_start_on"]) == {date(2024, 3, 1)}
