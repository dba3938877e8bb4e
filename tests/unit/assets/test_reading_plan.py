"""Which reader reads a delivery, by which sidecar, and when it has to be read again."""

from pathlib import Path

import pytest

from assets.house import House
from assets.reading_plan import Plan, plan_readings
from assets.settings import City
from tests.support.houses import delivery, house_in

NOTES = "Päivä;Yksikkö;Havainto\n1.2.2026;Uimahalli;Altaan vesi on mukavan lämmintä\n".encode()
OMASTADI = (
    b"id,round,title,texts,areaScope,versionsCount,link_plans,state,latitude,longitude\n"
    b"1,1,Puita,Lis\xc3\xa4\xc3\xa4 puita,Koko kaupunki,1,,ok,60.1,24.9\n"
)
MAP = """
[table]
kind = "notes"
source = "palvelupiste"
date_formats = ["%d.%m.%Y"]
key = ["Päivä", "Yksikkö", "Havainto"]
[columns]
noted_on = "Päivä"
text = "Havainto"
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return house_in(tmp_path)


def land(house: House, name: str, content: bytes | str, source_code: str = "havainnot") -> None:
    raw = content.encode() if isinstance(content, str) else content
    house.raw.land(delivery(name, raw, source_code=source_code))


def plan_of(house: House, name: str) -> Plan:
    [found] = [plan for plan in plan_readings(house) if plan.slip.name == name]
    return found


def test_a_table_is_read_by_the_column_map_of_its_own_name(house: House) -> None:
    land(house, "havainnot.csv", NOTES)
    land(house, "havainnot.columns.toml", MAP)

    plan = plan_of(house, "havainnot.csv")

    assert plan.format_code == "column_mapped_table"
    assert plan.column_map is not None
    assert plan.source_code == "palvelupiste"


def test_one_map_copied_beside_two_tables_reads_both(house: House) -> None:
    """Copies are one content, and are kept once: each name under which it was seen counts."""
    for year in ("2024", "2025"):
        land(house, f"havainnot_{year}.csv", NOTES + f"1.3.{year};Halli;Vuosi\n".encode())
        land(house, f"havainnot_{year}.columns.toml", MAP)

    plans = [plan_of(house, f"havainnot_{year}.csv") for year in ("2024", "2025")]

    assert [plan.format_code for plan in plans] == ["column_mapped_table"] * 2
    assert [plan.source_code for plan in plans] == ["palvelupiste"] * 2


def test_a_table_that_nothing_explains_is_unrecognised_and_keeps_its_folder_s_source(
    house: House,
) -> None:
    land(house, "havainnot.csv", NOTES)

    plan = plan_of(house, "havainnot.csv")

    assert (plan.format_code, plan.column_map, plan.source_code) == (
        "unrecognised",
        None,
        "havainnot",
    )


def test_a_map_shipped_with_the_project_reads_a_table_by_its_header(house: House) -> None:
    land(house, "ehdotukset.csv", OMASTADI, source_code="tables")

    plan = plan_of(house, "ehdotukset.csv")

    assert plan.column_map is not None
    assert (plan.format_code, plan.column_map.name, plan.source_code) == (
        "column_mapped_table",
        "omastadi",
        "omastadi",
    )


def test_a_map_beside_the_table_goes_before_a_shipped_one(house: House) -> None:
    own = MAP.replace("palvelupiste", "oma").replace('"Päivä", "Yksikkö", "Havainto"', '"id"')
    own = own.replace('"Päivä"', '"round"').replace('"Havainto"', '"texts"')
    land(house, "ehdotukset.csv", OMASTADI)
    land(house, "ehdotukset.columns.toml", own)

    assert plan_of(house, "ehdotukset.csv").source_code == "oma"


def test_planning_twice_gives_the_same_plans(house: House) -> None:
    land(house, "havainnot.csv", NOTES)
    land(house, "havainnot.columns.toml", MAP)

    assert plan_readings(house) == plan_readings(house)


def test_another_sidecar_makes_another_reading_of_its_table_alone(house: House) -> None:
    land(house, "havainnot.csv", NOTES)
    land(house, "ehdotukset.csv", OMASTADI)
    land(house, "havainnot.columns.toml", MAP)
    before = {plan.slip.name: plan.reading_id for plan in plan_readings(house)}

    land(house, "havainnot.columns.toml", MAP + 'unit_name = "Yksikkö"\n')
    after = plan_of(house, "havainnot.csv")

    assert after.column_map is not None
    assert "unit_name" in after.column_map.columns
    assert after.reading_id != before["havainnot.csv"]
    assert plan_of(house, "ehdotukset.csv").reading_id == before["ehdotukset.csv"]


def test_a_new_delivery_beside_makes_no_new_reading_of_the_others(house: House) -> None:
    land(house, "havainnot.csv", NOTES)
    land(house, "havainnot.columns.toml", MAP)
    before = plan_of(house, "havainnot.csv").reading_id

    land(house, "ehdotukset.csv", OMASTADI)

    assert plan_of(house, "havainnot.csv").reading_id == before


def test_a_service_map_makes_a_new_reading_of_its_source_s_requests(house: House) -> None:
    requests = b'[{"service_request_id": "1", "service_code": "101", "status": "open"}]'
    land(house, "requests.json", requests, source_code="georeport")
    before = plan_of(house, "requests.json")

    land(house, "service_map.toml", '[services]\n"101" = "kadut"\n', source_code="georeport")
    after = plan_of(house, "requests.json")

    assert (before.format_code, dict(before.service_map)) == ("georeport_requests", {})
    assert dict(after.service_map) == {"101": "kadut"}
    assert after.reading_id != before.reading_id


@pytest.mark.parametrize(
    "changes", [{"pseudonym_key": b"another key, also of tests"}, {"city": City(residents=5)}]
)
def test_other_settings_that_reading_depends_on_make_new_readings(
    house: House, tmp_path: Path, changes: dict[str, object]
) -> None:
    land(house, "ehdotukset.csv", OMASTADI)
    before = plan_of(house, "ehdotukset.csv").reading_id

    assert plan_of(house_in(tmp_path, **changes), "ehdotukset.csv").reading_id != before


def test_the_key_stands_in_no_reading_id_and_in_no_file(house: House) -> None:
    land(house, "ehdotukset.csv", OMASTADI)
    plan_readings(house)

    kept = b"".join(p.read_bytes() for p in house.folders.root.rglob("*") if p.is_file())

    assert house.settings.pseudonym_key not in kept
    assert house.settings.pseudonym_key.hex().encode() not in kept


def test_a_sidecar_that_cannot_be_read_says_so_and_explains_nothing(house: House) -> None:
    land(house, "havainnot.csv", NOTES)
    land(house, "havainnot.columns.toml", MAP.replace('kind = "notes"', 'kind = "poems"'))

    error = plan_of(house, "havainnot.columns.toml").sidecar_error

    assert error is not None
    assert "poems" in error
    assert plan_of(house, "havainnot.csv").column_map is None


def test_what_a_content_is_is_looked_up_once(house: House) -> None:
    land(house, "ehdotukset.csv", OMASTADI)
    plan_readings(house)
    [path] = house.folders.raw.rglob("*.bin")
    path.unlink()

    assert plan_of(house, "ehdotukset.csv").format_code == "column_mapped_table"
