"""Sources that the pages call stale: those past their limit, and those in trouble now."""

from datetime import date
from pathlib import Path

import polars as pl

from assets.public.staleness import stale_sources
from assets.troubles import forget_trouble, note_trouble
from data_contracts.contract import load_contracts
from tests.support.houses import house_in

REPORT = "public_data__quality_report"


def report(*rows: tuple[str, bool, date | None]) -> dict[str, pl.DataFrame]:
    schema = load_contracts()[REPORT].schema
    dicts = [
        {"source_code": source, "is_stale": is_stale, "max_on": latest}
        for source, is_stale, latest in rows
    ]
    full = [{name: row.get(name) for name in schema} for row in dicts]
    return {REPORT: pl.DataFrame(full, schema=schema, orient="row")}


def test_fresh_sources_are_not_named(tmp_path: Path) -> None:
    tables = report(("georeport", False, date(2026, 2, 28)))

    assert stale_sources(house_in(tmp_path), tables) == []


def test_an_empty_report_names_nobody(tmp_path: Path) -> None:
    assert stale_sources(house_in(tmp_path), report()) == []


def test_a_late_source_is_named_with_the_last_day_of_its_data(tmp_path: Path) -> None:
    tables = report(
        ("webropol", True, date(2026, 1, 31)),
        ("webropol", False, date(2026, 2, 3)),
        ("georeport", False, date(2026, 2, 28)),
    )

    stale = stale_sources(house_in(tmp_path), tables)

    assert [(s.source_code, s.latest_on) for s in stale] == [("webropol", date(2026, 2, 3))]


def test_a_source_without_any_dated_row_is_stale_since_nobody_knows_when(tmp_path: Path) -> None:
    stale = stale_sources(house_in(tmp_path), report(("webropol", True, None)))

    assert [(s.source_code, s.latest_on) for s in stale] == [("webropol", None)]


def test_a_source_in_trouble_is_named_once_until_it_is_well_again(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    tables = report(("georeport", True, date(2026, 2, 28)))
    note_trouble(house, "georeport", "It did not answer.")
    note_trouble(house, "run", "The run failed.")

    in_trouble = stale_sources(house, tables)
    forget_trouble(house, "run")

    assert [s.source_code for s in in_trouble] == ["georeport", "run"]
    assert [s.source_code for s in stale_sources(house, tables)] == ["georeport"]
