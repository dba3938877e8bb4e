"""A delivery read: rows accepted and rejected by file, protected, dated by the city's clock."""

from datetime import date
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from assets.house import House
from assets.intake import Reading
from assets.processes import worker_pool
from assets.readers import read_deliveries
from assets.reading_plan import plan_readings
from data_contracts.contract import load_contracts
from tests.support.houses import delivery, house_in

TICKETS, NOTES = "core_feedback__tickets", "core_notes__notes"
TICKET_MAP = """
[table]
kind = "tickets"
source = "palvelupiste"
date_formats = ["%d.%m.%Y %H:%M"]
key = ["Tunnus"]
[columns]
received_at = "Saapunut"
text = "Palaute"
"""
NOTE_MAP = """
[table]
kind = "notes"
source = "havainnot"
date_formats = ["%d.%m.%Y"]
key = ["Päivä", "Havainto"]
[columns]
noted_on = "Päivä"
text = "Havainto"
"""


def read(tmp_path: Path, files: dict[str, str | bytes]) -> tuple[House, dict[str, Reading]]:
    """The readings of landed files by file name."""
    house = house_in(tmp_path)
    for name, content in files.items():
        house.raw.land(delivery(name, content.encode() if isinstance(content, str) else content))
    plans = plan_readings(house)
    readings = {r.reading_id: r for r in read_deliveries(house, plans)}
    return house, {plan.slip.name: readings[plan.reading_id] for plan in plans}


def account(reading: Reading, table: str) -> dict[str, object]:
    return reading.files.filter(table_name=table).row(0, named=True)


def test_rows_of_a_file_are_accepted_or_rejected_with_line_and_reason(tmp_path: Path) -> None:
    notes = "Päivä;Havainto\n1.2.2026;Hyvä ranta\n31.2.2026;Kylmä halli\n3.2.2026;Uusi penkki\n"

    _, found = read(tmp_path, {"h.csv": notes, "h.columns.toml": NOTE_MAP})

    reading = found["h.csv"]
    assert reading.frames[NOTES]["text"].to_list() == ["Hyvä ranta", "Uusi penkki"]
    rejected = reading.frames[f"{NOTES}_rejected"]
    # The header is line 1.
    assert rejected.select("line_no", "column_name").rows() == [(3, "noted_on")]
    assert rejected["file_name"].to_list() == ["h.csv"]
    line = account(reading, NOTES)
    assert (line["n_rows_in"], line["n_rejected"]) == (3, 1)
    assert (line["min_on"], line["max_on"]) == (date(2026, 2, 1), date(2026, 2, 3))


def test_a_ticket_of_half_past_midnight_belongs_to_the_new_day_of_the_city(tmp_path: Path) -> None:
    tickets = "Tunnus;Saapunut;Palaute\n1;1.2.2026 00:30;Valo sammui\n"

    _, found = read(tmp_path, {"t.csv": tickets, "t.columns.toml": TICKET_MAP})

    line = account(found["t.csv"], TICKETS)
    assert (line["min_on"], line["max_on"]) == (date(2026, 2, 1), date(2026, 2, 1))


def test_files_read_together_keep_their_own_lines_and_accounts(tmp_path: Path) -> None:
    first = "Päivä;Havainto\n1.2.2026;Hyvä ranta\nx;Kylmä halli\n"
    second = "Päivä;Havainto\n5.2.2026;Uusi penkki\n"
    files = {
        "a.csv": first,
        "b.csv": second,
        "a.columns.toml": NOTE_MAP,
        "b.columns.toml": NOTE_MAP,
    }

    _, found = read(tmp_path, files)

    assert [account(found[n], NOTES)["n_rows_in"] for n in ("a.csv", "b.csv")] == [2, 1]
    assert [found[n].frames[NOTES]["line_no"].to_list() for n in ("a.csv", "b.csv")] == [[2], [2]]
    assert found["a.csv"].frames[f"{NOTES}_rejected"]["line_no"].to_list() == [3]
    assert found["b.csv"].frames[f"{NOTES}_rejected"].height == 0


def test_personal_data_is_masked_and_keys_are_pseudonyms_before_anything_is_kept(
    tmp_path: Path,
) -> None:
    tickets = "Tunnus;Saapunut;Palaute\nA-77;1.2.2026 12:00;Soita 040 123 4567 illalla\n"

    house, found = read(tmp_path, {"t.csv": tickets, "t.columns.toml": TICKET_MAP})

    row = found["t.csv"].frames[TICKETS].row(0, named=True)
    assert "040 123 4567" not in row["text"]
    assert row["n_masked"] == 1
    assert "A-77" not in row["ticket_id"]
    assert set(load_contracts()[TICKETS].schema) <= set(row)
    assert house.settings.pseudonym_key not in str(row).encode()


def test_an_unrecognised_file_is_refused_with_a_reason_and_is_no_damage(tmp_path: Path) -> None:
    _, found = read(tmp_path, {"kuva.bin": b"\x89PNG\r\n\x1a\n" + bytes(range(256))})

    line = account(found["kuva.bin"], "none")
    assert line["refusal"]
    assert line["is_damaged"] is False
    assert found["kuva.bin"].frames == {}


def test_an_empty_file_is_damage(tmp_path: Path) -> None:
    _, found = read(tmp_path, {"h.csv": b""})

    line = account(found["h.csv"], "none")
    assert line["is_damaged"] is True
    assert str(line["refusal"]).startswith("The file is empty")


def test_a_sidecar_that_cannot_be_read_is_damage_with_its_reason(tmp_path: Path) -> None:
    _, found = read(tmp_path, {"h.columns.toml": NOTE_MAP.replace('"notes"', '"poems"')})

    line = account(found["h.columns.toml"], "none")
    assert line["is_damaged"] is True
    assert "poems" in str(line["refusal"])


def test_a_sidecar_in_order_has_no_rows_and_no_refusal(tmp_path: Path) -> None:
    _, found = read(tmp_path, {"h.columns.toml": NOTE_MAP})

    line = account(found["h.columns.toml"], "none")
    assert (line["n_rows_in"], line["refusal"], line["is_damaged"]) == (0, None, False)


def test_a_cut_off_file_of_a_known_format_is_damage_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    whole = '[{"service_request_id": "1", "service_code": "101", "status": "open", '
    whole += '"requested_datetime": "2026-02-01T12:00:00+02:00", "description": "Valo sammui"}]'

    _, found = read(tmp_path, {"requests_1.json": whole, "requests_2.json": whole[:-20]})

    assert account(found["requests_1.json"], TICKETS)["n_rows_in"] == 1
    assert found["requests_2.json"].files["is_damaged"].to_list() == [True]


def test_the_account_never_shows_a_row(tmp_path: Path) -> None:
    notes = "Päivä;Havainto\n1.2.2026;merkkisana\nx;merkkisana\n"

    _, found = read(tmp_path, {"h.csv": notes, "h.columns.toml": NOTE_MAP})

    reading = found["h.csv"]
    shown = pl.concat(
        [reading.files.cast(pl.String), reading.frames[f"{NOTES}_rejected"].cast(pl.String)],
        how="diagonal",
    )
    assert "merkkisana" not in shown.write_csv()


def test_processes_that_help_read_the_same(tmp_path: Path) -> None:
    tickets = "Tunnus;Saapunut;Palaute\n1;1.2.2026 10:00;Kuoppa tiessä, 040 123 4567\n"
    house, alone = read(
        tmp_path,
        {
            "h.csv": "Päivä;Havainto\n1.2.2026;Hyvä ranta\n31.2.2026;Kylmä halli\n",
            "h.columns.toml": NOTE_MAP,
            "t.csv": tickets,
            "t.columns.toml": TICKET_MAP,
        },
    )

    with worker_pool(1) as pool:
        helped = {r.reading_id: r for r in read_deliveries(house, plan_readings(house), pool=pool)}

    assert len(helped) == len(alone)
    for reading in alone.values():
        twin = helped[reading.reading_id]
        assert_frame_equal(twin.files, reading.files)
        assert twin.frames.keys() == reading.frames.keys()
        for name, frame in reading.frames.items():
            assert_frame_equal(twin.frames[name], frame)
