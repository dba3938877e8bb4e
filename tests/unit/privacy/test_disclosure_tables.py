"""All public tables together: what is withheld, what stays true, what the attacker finds."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from tests.support.open_city import AS_OF, HEARD, SERVICES, TIMES, acts_of, marts_of
from transforms.privacy.audit import audit_tables
from transforms.privacy.printings import Thresholds
from transforms.privacy.public_tables import Disclosed, UnplannedTableError, disclose_tables
from transforms.privacy.system import UnequalCellsError

THRESHOLDS = Thresholds(open=5, background=10)
SEEDS = (1, 2)
Tables = Mapping[str, pl.DataFrame]


def disclose(marts: Tables, previous: Tables | None = None) -> Disclosed:
    return disclose_tables(
        marts, as_of=AS_OF, thresholds=THRESHOLDS, services=SERVICES, previous=previous
    )


def audit(public: Tables, marts: Tables, previous: Tables | None = None) -> pl.DataFrame:
    return audit_tables(
        public,
        marts,
        as_of=AS_OF,
        thresholds=THRESHOLDS,
        services=SERVICES,
        previous=previous,
    )


@pytest.fixture(scope="module", params=SEEDS)
def city(request: pytest.FixtureRequest) -> tuple[Tables, Disclosed]:
    marts = marts_of(acts_of(request.param))
    return marts, disclose(marts)


def test_the_attacker_finds_nothing(city: tuple[Tables, Disclosed]) -> None:
    marts, disclosed = city

    assert audit(disclosed.tables, marts).is_empty()


def test_no_small_count_is_printed(city: tuple[Tables, Disclosed]) -> None:
    for frame in city[1].tables.values():
        counts = [name for name in frame.columns if name.startswith("n_")]
        small = pl.any_horizontal(pl.col(name).is_between(1, 4) for name in counts)
        assert frame.filter(small).is_empty()


def test_what_is_printed_is_the_mart_s(city: tuple[Tables, Disclosed]) -> None:
    marts, disclosed = city
    for name, public in disclosed.tables.items():
        counts = [column for column in public.columns if column.startswith("n_")]
        key = public.columns[: public.columns.index(counts[0])]
        both = public.join(marts[name], on=key, suffix="_mart", validate="1:1")
        for count in counts if name == TIMES else ["n_acts", "n_texts"]:
            told = both.filter(pl.col(count).is_not_null())
            is_all = pl.lit(value=False)
            if name == HEARD:
                is_all = pl.col("period_kind_code") == "all"
            assert told.filter((pl.col(count) != pl.col(f"{count}_mart")) & ~is_all).is_empty()


def test_most_figures_are_told(city: tuple[Tables, Disclosed]) -> None:
    public = city[1].tables[TIMES]

    assert public["n_tickets"].null_count() < 0.25 * public.height


def test_a_withheld_base_takes_the_figures_of_its_row() -> None:
    public = disclose(marts_of(acts_of(3, n=300))).tables[TIMES]

    gone = public.filter(pl.col("n_tickets").is_null())

    assert gone.height
    assert gone["is_suppressed"].all()
    assert gone["suppress_reason_code"].unique().to_list() == ["withheld"]
    for name in ("n_events", "km_median_hours", "share_within_14_days", "reopened_share"):
        assert gone[name].null_count() == gone.height


def test_the_ledger_names_every_withheld_count_and_no_value(city: tuple[Tables, Disclosed]) -> None:
    disclosed = city[1]
    withheld = disclosed.tables[HEARD]["n_acts"].null_count()

    listed = disclosed.ledger.filter(table_name=HEARD, column_name="n_acts")

    assert listed.height == withheld > 0
    assert set(disclosed.ledger["reason_code"]) == {"primary_small_n", "secondary"}
    assert disclosed.ledger.columns == ["table_name", "cell_key", "column_name", "reason_code"]


def test_the_same_marts_in_another_order_give_the_same_tables() -> None:
    marts = marts_of(acts_of(4))
    turned = {name: frame.reverse() for name, frame in reversed(marts.items())}

    one, other = disclose(marts), disclose(turned)

    assert one.ledger.equals(other.ledger)
    assert all(one.tables[name].equals(other.tables[name]) for name in marts)


def test_the_night_after_withholds_the_same() -> None:
    marts = marts_of(acts_of(5))
    first = disclose(marts)
    published = stamped(first.tables, AS_OF)

    second = disclose(marts, previous=published)

    assert second.ledger.equals(first.ledger)
    assert second.held == frozenset()
    assert audit(second.tables, marts, previous=published).is_empty()


def test_only_periods_that_are_over_are_told() -> None:
    mart = marts_of(acts_of(6))[HEARD]
    in_march = disclose_tables(
        {HEARD: mart}, as_of=date(2025, 3, 30), thresholds=THRESHOLDS, services=SERVICES
    ).tables[HEARD]

    months = in_march.filter(period_kind_code="month")["period_start_on"]
    years = in_march.filter(period_kind_code="year")["period_start_on"]
    march = mart.filter(
        pl.col("period_start_on") == date(2025, 3, 1),
        dimension_code="city",
        period_kind_code="month",
        act_type_code="all",
    )["n_acts"].item()
    ever = {"dimension_code": "city", "period_kind_code": "all", "act_type_code": "all"}

    assert months.max() == date(2025, 2, 1)
    assert years.to_list() == [date(2024, 1, 1)] * len(years)
    assert in_march.filter(**ever)["n_acts"].item() == mart.filter(**ever)["n_acts"].item() - march


def test_an_empty_table_stays_empty() -> None:
    marts = {name: frame.clear() for name, frame in marts_of(acts_of(7, n=20)).items()}

    disclosed = disclose(marts)

    assert all(frame.is_empty() for frame in disclosed.tables.values())
    assert disclosed.ledger.is_empty()
    assert audit(disclosed.tables, marts).is_empty()


@pytest.mark.parametrize("n", [1, 12, 60])
def test_a_city_where_nearly_everything_is_small_can_be_published(n: int) -> None:
    marts = marts_of(acts_of(8, n=n))

    disclosed = disclose(marts)

    assert audit(disclosed.tables, marts).is_empty()


def test_one_quantity_with_two_values_is_refused() -> None:
    marts = marts_of(acts_of(9))
    wrong = marts[TIMES].with_columns(pl.col("n_tickets") + 1)

    with pytest.raises(UnequalCellsError, match="quantities stand with two values"):
        disclose({**marts, TIMES: wrong})


def test_a_table_without_a_plan_is_refused() -> None:
    with pytest.raises(UnplannedTableError, match="has no disclosure plan"):
        disclose({"public_x__y": pl.DataFrame()})


def test_a_table_that_counts_nobody_passes_through() -> None:
    frame = pl.DataFrame({"measure_id": ["2023-2.1.5"], "n_words": [3]})

    assert (
        disclose({"public_measure__register": frame})
        .tables["public_measure__register"]
        .equals(frame)
    )


def stamped(tables: Tables, day: date) -> dict[str, pl.DataFrame]:
    """Tables as they were published on a day."""
    return {name: frame.with_columns(snapshot_on=pl.lit(day)) for name, frame in tables.items()}
