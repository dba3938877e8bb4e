"""Leaks planted on purpose, each of which the audit must find and name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tests.support.open_city import AS_OF, HEARD, SERVICES, TIMES, acts_of, marts_of
from transforms.privacy.audit import DIFFERENT, FLOW, NARROW, SHOWN, audit_tables
from transforms.privacy.printings import Thresholds
from transforms.privacy.protection import protect
from transforms.privacy.public_tables import (
    Disclosed,
    disclose_tables,
    open_tables,
    print_tables,
)
from transforms.privacy.system import build_system

Tables = Mapping[str, pl.DataFrame]
THRESHOLDS = Thresholds(open=5, background=10)
KEY = ["dimension_code", "dimension_value", "period_kind_code", "period_start_on"]


@pytest.fixture(scope="module")
def marts() -> Tables:
    return marts_of(acts_of(11))


@pytest.fixture(scope="module")
def safe(marts: Tables) -> Disclosed:
    return disclose_tables(marts, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES)


def audit(public: Tables, marts: Tables, previous: Tables | None = None) -> pl.DataFrame:
    return audit_tables(
        public,
        marts,
        as_of=AS_OF,
        thresholds=THRESHOLDS,
        services=SERVICES,
        previous=previous,
    )


def with_mart_value(
    public: pl.DataFrame, mart: pl.DataFrame, column: str, *, where: pl.Expr, key: list[str]
) -> pl.DataFrame:
    """The public table with the mart's value put back in some rows."""
    values = mart.select(*key, put_back=column)
    return (
        public.join(values, on=key, how="left", maintain_order="left")
        .with_columns(pl.when(where).then("put_back").otherwise(column).alias(column))
        .drop("put_back")
    )


def codes(leaks: pl.DataFrame) -> set[str]:
    return set(leaks["leak_code"])


def test_nothing_is_found_in_what_is_safe(marts: Tables, safe: Disclosed) -> None:
    assert audit(safe.tables, marts).is_empty()


def test_a_small_count_that_is_printed_is_found(marts: Tables, safe: Disclosed) -> None:
    small = pl.col("put_back").is_between(1, 4) & pl.col("n_acts").is_null()
    planted = with_mart_value(
        safe.tables[HEARD], marts[HEARD], "n_acts", where=small, key=[*KEY, "act_type_code"]
    )

    leaks = audit({**safe.tables, HEARD: planted}, marts)

    assert SHOWN in codes(leaks)
    assert set(leaks.filter(leak_code=SHOWN)["table_name"]) == {HEARD}


def test_a_withheld_cell_that_subtraction_gives_is_found(marts: Tables, safe: Disclosed) -> None:
    """A row with withheld cells whose protectors are put back: only small ones stay withheld."""
    large = pl.col("put_back") >= 5
    planted = with_mart_value(
        safe.tables[HEARD], marts[HEARD], "n_acts", where=large, key=[*KEY, "act_type_code"]
    )

    leaks = audit({**safe.tables, HEARD: planted}, marts)

    assert codes(leaks) == {NARROW}
    assert "n_acts" in set(leaks["column_name"])


def test_two_withheld_cells_of_a_row_that_columns_give_are_found() -> None:
    """Both services of a department withheld in one month, and each given by its own year."""
    acts = pl.concat(
        [
            acts_of(12, n=4_000).filter(
                (pl.col("month") != date(2024, 5, 1)) | (pl.col("department_id") != "sivistys")
            ),
            some_acts("kirjasto", 3),
            some_acts("museo", 9),
        ]
    )
    marts = marts_of(acts)
    safe = disclose_tables(marts, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES)
    month = (pl.col("period_kind_code") == "month") & (
        pl.col("period_start_on") == date(2024, 5, 1)
    )
    pair = month & pl.col("dimension_value").is_in(["kirjasto", "museo"])
    sums = pl.col("act_type_code") == "all"
    planted = with_mart_value(
        safe.tables[HEARD],
        marts[HEARD],
        "n_acts",
        where=sums & ~pair & (pl.col("put_back") >= 5),
        key=[*KEY, "act_type_code"],
    )
    in_row = planted.filter(sums, pair)["n_acts"]

    leaks = audit({**safe.tables, HEARD: planted}, marts)

    assert in_row.null_count() == 2
    assert any("dimension_value=kirjasto" in key for key in leaks["cell_key"])
    assert codes(leaks) == {NARROW}


def test_a_margin_in_another_table_is_found() -> None:
    """Requests that the cube of acts withholds stand among the response times."""
    marts = marts_of(acts_of(3, n=300))
    safe = disclose_tables(marts, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES)
    heard = safe.tables[HEARD].filter(
        pl.col("n_acts").is_null(), pl.col("act_type_code") == "ticket"
    )
    hidden = heard.select(KEY).with_columns(is_hidden=pl.lit(value=True))
    planted = (
        with_mart_value(
            safe.tables[TIMES].join(hidden, on=KEY, how="left", maintain_order="left"),
            marts[TIMES],
            "n_tickets",
            where=pl.col("is_hidden").fill_null(value=False),
            key=KEY,
        )
    ).drop("is_hidden")

    leaks = audit({**safe.tables, TIMES: planted}, marts)

    assert hidden.height > 0
    assert TIMES in set(leaks["table_name"])
    assert codes(leaks) <= {SHOWN, NARROW}


def test_a_total_that_is_printed_after_all_is_found(marts: Tables, safe: Disclosed) -> None:
    """What a chart of the whole city would draw: every withheld total of the city put back."""
    city = pl.col("dimension_code") == "city"
    tables = dict(safe.tables)
    for count in ("n_acts", "n_texts", "n_praise", "n_positive"):
        printed = pl.col("put_back").is_not_null() & pl.col(count).is_null()
        tables[HEARD] = with_mart_value(
            tables[HEARD],
            marts[HEARD],
            count,
            where=city & printed & (pl.col("put_back") >= 5),
            key=[*KEY, "act_type_code"],
        )

    leaks = audit(tables, marts)

    assert NARROW in codes(leaks)


def test_two_safe_publications_that_give_a_count_together_are_found(
    marts: Tables, safe: Disclosed
) -> None:
    """Yesterday protected the same small counts by other cells: each day is safe by itself."""
    tables = open_tables(marts, as_of=AS_OF, previous={})
    system = build_system(tables, services=SERVICES, thresholds=THRESHOLDS)
    otherwise = protect(replace(system, cost=1 / system.cost))
    yesterday = {
        name: frame.with_columns(snapshot_on=pl.lit(date(2025, 3, 30)))
        for name, frame in print_tables(tables, system, otherwise, thresholds=THRESHOLDS).items()
    }

    assert audit(yesterday, marts).is_empty()
    assert codes(audit(safe.tables, marts, previous=yesterday)) == {NARROW}


def test_what_yesterday_withheld_and_showed_is_taken_into_account_up_front(
    marts: Tables,
) -> None:
    tables = open_tables(marts, as_of=AS_OF, previous={})
    system = build_system(tables, services=SERVICES, thresholds=THRESHOLDS)
    otherwise = protect(replace(system, cost=1 / system.cost))
    yesterday = print_tables(tables, system, otherwise, thresholds=THRESHOLDS)

    today = disclose_tables(
        marts, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES, previous=yesterday
    )

    assert audit(today.tables, marts, previous=yesterday).is_empty()


def test_today_less_yesterday_is_found(marts: Tables, safe: Disclosed) -> None:
    """Three late acts in a month that both publications print."""
    place = {
        "dimension_code": "city",
        "period_kind_code": "month",
        "act_type_code": "all",
        "period_start_on": date(2024, 5, 1),
    }
    row = pl.all_horizontal(pl.col(name) == value for name, value in place.items())
    yesterday = safe.tables[HEARD].with_columns(
        n_acts=pl.when(row).then(pl.col("n_acts") - 3).otherwise("n_acts"),
        snapshot_on=pl.lit(date(2025, 3, 30)),
    )

    leaks = audit(safe.tables, marts, previous={**safe.tables, HEARD: yesterday})

    assert leaks.filter(leak_code=FLOW).height == 1
    assert "period_start_on=2024-05-01" in leaks.filter(leak_code=FLOW)["cell_key"].item()


def test_a_few_late_acts_leave_yesterday_s_tables_standing(marts: Tables, safe: Disclosed) -> None:
    late = marts_of(pl.concat([acts_of(11), some_acts("kadut", 2)]))
    yesterday = {
        name: frame.with_columns(snapshot_on=pl.lit(date(2025, 3, 30)))
        for name, frame in safe.tables.items()
    }

    today = disclose_tables(
        late, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES, previous=yesterday
    )

    assert today.held == {HEARD, TIMES}
    assert today.tables[HEARD].equals(yesterday[HEARD])
    assert audit(today.tables, late, previous=yesterday).is_empty()


def test_small_counts_that_the_last_publication_gave_away_stop_nothing(
    marts: Tables, safe: Disclosed
) -> None:
    """Yesterday's weaker form printed every count; today withholds, and can take nothing back."""
    naive = {
        name: marts[name]
        .join(frame, on=frame.columns[: 5 if name == HEARD else 6], how="semi")
        .with_columns(snapshot_on=pl.lit(date(2025, 3, 30)))
        for name, frame in safe.tables.items()
    }

    today = disclose_tables(
        marts, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES, previous=naive
    )

    assert audit(today.tables, marts, previous=naive).is_empty()
    counts = today.tables[HEARD]["n_acts"]
    assert not counts.is_between(1, 4).any()


def test_the_turn_of_the_month_lets_late_acts_out(marts: Tables, safe: Disclosed) -> None:
    late = marts_of(pl.concat([acts_of(11), some_acts("kadut", 2)]))
    february = {
        name: frame.with_columns(snapshot_on=pl.lit(date(2025, 2, 28)))
        for name, frame in safe.tables.items()
    }

    today = disclose_tables(
        late, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES, previous=february
    )

    assert today.held == frozenset()
    assert audit(today.tables, late, previous=february).is_empty()


def test_a_figure_that_the_mart_does_not_have_is_found(marts: Tables, safe: Disclosed) -> None:
    planted = safe.tables[TIMES].with_columns(pl.col("n_tickets") + 10)

    leaks = audit({**safe.tables, TIMES: planted}, marts)

    assert DIFFERENT in codes(leaks)


def some_acts(service: str, n: int) -> pl.DataFrame:
    """Acts of one service in May 2024, alike in everything else."""
    departments = {"kadut": "ymparisto", "kirjasto": "sivistys", "museo": "sivistys"}
    one = acts_of(1, n=1)
    return pl.concat([one] * n).with_columns(
        month=pl.lit(date(2024, 5, 1)),
        service_id=pl.lit(service),
        department_id=pl.lit(departments[service]),
        area_code=pl.lit("itainen"),
        channel_code=pl.lit("web"),
        act_type_code=pl.lit("ticket"),
    )
