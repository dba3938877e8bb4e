"""From a filled template to the rows in force: landed, known by its header, read, merged."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.house import House
from assets.intake import Intake
from assets.readers import read_deliveries
from assets.reading_plan import plan_readings
from data_contracts.contract import REJECTED_SUFFIX, load_contracts
from data_contracts.row_rules import first_broken_rule
from demo_city.arrivals import Period
from demo_city.by_hand import write_by_hand
from tests.support.houses import NOW, delivery, house_in
from transforms.clean.merge import SUCCESSIONS, rows_in_force
from transforms.parse.table_kind import TableKind

ACTIONS = "core_actions__actions"
HEADER = "Tunnus;Toimiala;Toimenpide;Vastuuyksikkö;Päätetty;Määräaika;Tila;Valmistunut\n"
FIRST = "A-1;Konsernipalvelut;Avataan kalenteri;Viestintä;15.1.2026;;Käynnissä;\n"
TABLES = [kind.table for kind in TableKind if kind.is_by_hand]
HAND = [name for name in TABLES if name.startswith(("core_actions", "core_part", "core_bud",
                                                    "core_inf"))]  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> House:
    return house_in(tmp_path)


def land(house: House, name: str, content: bytes | str, *, day: int = 1) -> None:
    raw = content.encode() if isinstance(content, str) else content
    found = delivery(name, raw, source_code="kasin", fetched_at=NOW.replace(day=day))
    house.raw.land(found)


def read(house: House) -> tuple[pl.DataFrame, Intake, list[str]]:
    """The accounts of every delivery, and the intake that keeps their rows."""
    plans = plan_readings(house)
    readings = read_deliveries(house, plans)
    intake = Intake(house.folders.intake)
    intake.keep(readings)
    return pl.concat([r.files for r in readings]), intake, [plan.reading_id for plan in plans]


def in_force(intake: Intake, current: list[str], table: str) -> pl.DataFrame:
    versions = intake.read(table, current)
    assert versions is not None
    columns = list(load_contracts()[table].schema)
    return rows_in_force(table, versions, parents=None, columns=columns)


def rejects_of(intake: Intake, current: list[str], table: str) -> pl.DataFrame:
    found = intake.read(table + REJECTED_SUFFIX, current)
    assert found is not None
    return found


def test_a_filled_csv_is_known_by_its_header_whatever_its_name(house: House) -> None:
    land(house, "tammikuu.csv", HEADER + FIRST)

    files, intake, current = read(house)

    row = in_force(intake, current, ACTIONS).row(0, named=True)
    assert files.select("table_name", "source_code", "n_rows_in").rows() == [(ACTIONS, "kasin", 1)]
    assert (row["action_id"], row["department_id"]) == ("A-1", "konserni")
    assert (row["created_on"], row["due_on"]) == (date(2026, 1, 15), None)
    assert row["line_no"] == 2


def test_a_slip_is_kept_with_file_row_column_what_was_found_and_what_was_expected(
    house: House,
) -> None:
    land(house, "tammikuu.csv", HEADER + FIRST.replace(";;Käynnissä", ";31.2.2026;Käynnissä"))

    files, intake, current = read(house)

    rejects = rejects_of(intake, current, ACTIONS)
    assert files.select("n_rows_in", "n_rejected").rows() == [(1, 1)]
    assert rejects.select(
        "file_name", "line_no", "reason_code", "column_name", "found_shape", "expected"
    ).rows() == [
        (
            "tammikuu.csv",
            2,
            "date_unreadable",
            "Määräaika",
            "99.9.9999",
            "päivä muodossa 31.12.2026, tai tyhjä",
        )
    ]


def test_a_name_in_a_sentence_is_masked_before_it_is_kept(house: House) -> None:
    named = FIRST.replace("Avataan kalenteri", "Matti Virtanen soittaa numeroon 040 123 4567")
    land(house, "tammikuu.csv", HEADER + named)

    _, intake, current = read(house)

    row = in_force(intake, current, ACTIONS).row(0, named=True)
    assert "040 123 4567" not in row["title"]
    assert "Virtanen" not in row["title"]
    assert row["n_masked"] == 2


def test_the_row_that_was_delivered_last_is_in_force(house: House) -> None:
    done = FIRST.replace(";;Käynnissä;", ";;Valmis;1.2.2026")
    land(house, "tammikuu.csv", HEADER + FIRST, day=1)
    land(house, "helmikuu.csv", HEADER + done, day=2)

    _, intake, current = read(house)

    rows = in_force(intake, current, ACTIONS)
    assert rows.select("action_id", "status_code", "closed_on").rows() == [
        ("A-1", "done", date(2026, 2, 1))
    ]


def test_one_id_twice_in_a_file_is_a_slip_and_in_two_files_a_newer_version(house: House) -> None:
    second = FIRST.replace("kalenteri", "sivu")
    land(house, "a.csv", HEADER + FIRST + second)
    land(house, "b.csv", HEADER + second + second.replace("A-1", "A-2"), day=2)

    _, intake, current = read(house)

    assert rejects_of(intake, current, ACTIONS).select("file_name", "line_no").rows() == [
        ("a.csv", 3)
    ]
    assert in_force(intake, current, ACTIONS)["title"].to_list() == ["Avataan sivu"] * 2


def test_a_city_s_own_headers_are_read_with_a_map_of_its_own(house: House) -> None:
    column_map = """
[table]
kind = "actions"
source = "tekninen"
[columns]
action_id = "Nro"
department_id = "Yksikkö"
title = "Mitä"
created_on = "Pvm"
status_code = "Vaihe"
[values.status_code]
"menossa" = "under_way"
"""
    table = (
        "Nro;Yksikkö;Mitä;Pvm;Vaihe\n7;elinvoima;Avataan tori;3.3.2026;Menossa\n8;;x;3.3.2026;\n"
    )
    land(house, "suunnitelma.csv", table)
    land(house, "suunnitelma.columns.toml", column_map)

    files, intake, current = read(house)

    row = in_force(intake, current, ACTIONS).row(0, named=True)
    assert files.filter(table_name=ACTIONS)["source_code"].to_list() == ["tekninen"]
    assert (row["action_id"], row["department_id"]) == ("7", "elinvoima")
    assert row["status_code"] == "under_way"
    assert rejects_of(intake, current, ACTIONS)["column_name"].to_list() == ["Yksikkö"]


def test_a_file_that_lacks_a_required_column_is_refused_and_is_no_damage(house: House) -> None:
    land(house, "tammikuu.csv", (HEADER + FIRST).replace(";Tila;", ";Tilanne;"))

    files, _, _ = read(house)

    line = files.row(0, named=True)
    assert (line["table_name"], line["is_damaged"]) == ("none", False)
    assert "puuttuu pakollinen sarake: ”Tila”" in line["refusal"]


def test_notes_of_the_template_stand_beside_notes_with_a_map(house: House) -> None:
    land(
        house,
        "havaintoja.csv",
        "Kirjattu;Yksikkö;Ilmoitettu palvelu;Havainto\n"
        "3.2.2026;Pääkirjasto;Kirjastopalvelut;Asiakas kiitti.\n"
        "3.2.2026;Pääkirjasto;Kirjastot;Asiakas kysyi.\n",
    )

    _, intake, current = read(house)

    notes = in_force(intake, current, "core_notes__notes")
    assert notes.select("source_code", "service_reported_id").rows() == [("kasin", "kirjasto")]
    assert notes["text_id"].null_count() == 0
    rejects = rejects_of(intake, current, "core_notes__notes")
    assert rejects.select("line_no", "column_name").rows() == [(3, "Ilmoitettu palvelu")]


def test_the_demo_city_s_lists_are_read_and_their_planted_faults_alone_are_rejected(
    tmp_path: Path,
) -> None:
    period = Period(date(2023, 11, 1), date(2026, 10, 31))
    counts = write_by_hand(tmp_path / "kasin", [], seed=2023, period=period)
    house = house_in(tmp_path / "data")
    for path in sorted((tmp_path / "kasin").iterdir()):
        land(house, path.name, path.read_bytes())

    files, intake, current = read(house)

    assert sorted(files["table_name"]) == sorted(HAND)
    assert files["n_rejected"].sum() == counts["faults"]
    n_rows = sum(n for name, n in counts.items() if name != "faults")
    assert files["n_rows_in"].sum() == n_rows
    for name in HAND:
        rows = in_force(intake, current, name)
        broken = rows.select(first_broken_rule(load_contracts()[name], present=set(rows.columns)))
        assert rows.height > 0
        assert broken.to_series().null_count() == rows.height


@pytest.mark.parametrize("name", HAND)
def test_the_key_over_versions_is_the_contract_s(name: str) -> None:
    assert SUCCESSIONS[name].key == load_contracts()[name].key
