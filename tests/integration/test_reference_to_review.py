"""From delivered files to the tables of reference and the yearly review of measures."""

from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from assets.core.readings import put_in_force
from assets.core.reference import build_reference_assets
from assets.core.tables import build_core_assets
from assets.house import House
from assets.intake import Intake
from assets.mart.measures import REVIEW_INPUTS, measure_register, measure_review
from assets.mart.tables import lineage_of
from assets.readers import read_deliveries
from assets.reading_plan import plan_readings
from data_contracts.contract import load_codes, load_contracts
from data_contracts.row_rules import first_broken_rule
from demo_city.population import write_population
from tests.support.houses import delivery, house_in, store_table
from transforms.knowledge.lineage import with_lineage

POPULATION, REVIEWS = "core_reference__population", "core_reference__measure_reviews"
HEADER = (
    "Mallin toimenpide;Vuosi;Toimiala;Arvioitu tila;Seuraava askel;Arvioitu;Arvioinut yksikkö\n"
)
ALL = pl.all_horizontal(
    pl.col("area_code", "age_band_code", "gender_code", "language_code") == "all"
)


def take_in(house: House, files: dict[str, bytes]) -> None:
    """Land and read files, and build the reference tables from them."""
    for name, content in files.items():
        house.raw.land(delivery(name, content))
    intake, plans = Intake(house.folders.intake), plan_readings(house)
    intake.keep(read_deliveries(house, plans))
    put_in_force(house, intake, plans)
    fed = {POPULATION, REVIEWS}
    core = [a for a in build_core_assets() if a.keys & {dg.AssetKey(name) for name in fed}]
    done = dg.materialize([*core, *build_reference_assets()], resources={"house": house})
    assert done.success


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house in which no other table has a row."""
    house = house_in(tmp_path / "data", as_of=date(2026, 3, 1))
    for name in REVIEW_INPUTS:
        store_table(house, name, {})
    return house


def test_the_demo_city_s_statistics_become_figures_of_the_table(
    house: House, tmp_path: Path
) -> None:
    write_population(tmp_path / "vaesto", residents=66_500)

    take_in(house, {p.name: p.read_bytes() for p in (tmp_path / "vaesto").iterdir()})

    table = house.store.read(POPULATION)
    contract = load_contracts()[POPULATION]
    assert table.select(contract.key).is_duplicated().sum() == 0
    whole = table.filter(ALL).select("population_year", "n_residents").sort("population_year")
    assert whole.rows() == [(2023, 66_104), (2024, 66_556), (2025, 66_920)]
    last = table.filter(pl.col("population_year") == 2025)
    by_gender = last.filter(pl.col("age_band_code") != "all", pl.col("gender_code") != "all")
    assert by_gender["n_residents"].sum() == 66_920
    by_language = last.filter(pl.col("language_code") != "all")
    assert by_language["n_residents"].sum() == 66_920
    assert set(by_language["language_code"]) == {"fi", "sv", "other"}
    by_area = last.filter(pl.col("area_code") != "all")
    # Four areas in all, and each by six bands, of which a small one is protected.
    assert by_area.height == 28
    assert by_area["n_residents"].null_count() == 1
    assert house.store.read(f"{POPULATION}_rejected").height == 0


def test_a_later_delivery_replaces_the_same_figures_and_keeps_the_others(house: House) -> None:
    first = b"postcode;population_2022;population_2023\n"
    codes = sorted(postcodes())
    rows = "".join(f"{code};100;110\n" for code in codes).encode()
    again = b"postcode;population_2023\n" + "".join(f"{c};120\n" for c in codes).encode()

    take_in(house, {"a.csv": first + rows})
    before = house.store.read(POPULATION)
    take_in(house, {"b.csv": again})

    after = house.store.read(POPULATION)
    assert before.height == after.height == 8
    north = pl.col("area_code") == "pohjoinen"
    n = sum(1 for area in postcodes().values() if area == "pohjoinen")
    assert after.filter(north)["n_residents"].to_list() == [100 * n, 120 * n]


def postcodes() -> dict[str, str]:
    """Every postal area of the city and its area."""
    return dict(load_codes()["postal_areas"].select("postcode", "area_code").iter_rows())


def test_reviews_by_hand_stand_beside_what_is_computed(house: House) -> None:
    rows = (
        "2023-2.4.6;2026;Koko kaupunki;Käynnissä;Asukasilta toukokuussa;15.2.2026;Viestintä\n"
        "2023-2.4.6;2025;kaupunkiymparisto;reached;;20.1.2026;\n"
        "Hallinnon avoimuus;2025;elinvoima;reached;;20.1.2026;\n"
        "2023-9.9.9;2025;Koko kaupunki;Käynnissä;;20.1.2026;\n"
        "2023-2.4.6;2026;Elinvoiman toimiala;hyvin;;15.2.2026;\n"
    )

    take_in(house, {"arviot.csv": (HEADER + rows).encode()})

    reviews = house.store.read(REVIEWS).select("measure_id", "review_year", "department_id")
    # A heading that two versions share is taken for neither.
    assert reviews.rows() == [
        ("2023-2.4.6", 2025, "kaupunkiymparisto"), ("2023-2.4.6", 2026, "all"),
    ]  # fmt: skip
    rejected = house.store.read(f"{REVIEWS}_rejected").sort("line_no")
    assert rejected.select("line_no", "column_name").rows() == [
        (4, "Mallin toimenpide"), (5, "Mallin toimenpide"), (6, "Arvioitu tila"),
    ]  # fmt: skip
    found = measure_review(house).filter(measure_id="2023-2.4.6", review_year=2026)
    row = found.filter(department_id="all").row(0, named=True)
    assert (row["status_code"], row["status_source_code"]) == ("under_way", "judged")
    assert row["next_step"] == "Asukasilta toukokuussa"
    assert row["has_data"] is False


def test_both_tables_of_measures_keep_their_contracts(house: House) -> None:
    take_in(house, {"arviot.csv": (HEADER + "2023-2.4.6;2026;all;late;;15.2.2026;\n").encode()})
    events: dict[str, list[object]] = {
        "event_id": ["T-1"],
        "event_kind_code": ["exhibition"],
        "held_on": [date(2025, 4, 1)],
        "department_id": ["kaupunkiymparisto"],
    }
    store_table(house, "core_participation__events", events)

    computed = {
        "mart_measure__register": measure_register(house),
        "mart_measure__review": measure_review(house),
    }

    for name, frame in computed.items():
        contract = load_contracts()[name]
        whole = with_lineage(frame, lineage_of(house, REVIEW_INPUTS)).select(list(contract.schema))
        assert whole.schema == contract.schema
        broken = whole.select(first_broken_rule(contract, present=set(whole.columns)))
        assert broken.to_series().drop_nulls().to_list() == []
    review = computed["mart_measure__review"]
    exhibition = review.filter(measure_id="2023-2.2.2", department_id="all")
    assert exhibition.select("review_year", "status_code").rows() == [
        (2025, "reached"), (2026, "reached"),
    ]  # fmt: skip
