"""The same input, however it is named, dated, ordered or repeated, gives the same publication."""

import json
import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.support.tiny import Town, build_town, hashes, run_job, times_of_change

#: What tells of the delivery or of the key and not of the city.
LINEAGE = ("input_fingerprint",)
FIGURES = (
    "public_feedback__backlog", "public_feedback__response_times", "public_heard__acts",
    "public_initiative__status", "public_service__satisfaction",
)  # fmt: skip


def figures(town: Town) -> dict[str, str]:
    """Every published table without its lineage, as text."""
    return {name: town.table(name).drop(*LINEAGE).write_csv() for name in FIGURES}


def test_a_second_run_with_nothing_new_reads_writes_and_publishes_nothing(again: Town) -> None:
    batches = sorted(p.name for p in again.folders.intake.iterdir() if p.is_dir())
    tables = times_of_change(again.folders.tables)
    publication = times_of_change(again.current)
    raw = times_of_change(again.folders.raw)
    audit = times_of_change(again.folders.quality / "disclosure")

    ran = run_job(again)

    assert ran.code == 0, ran.err
    assert times_of_change(again.folders.quality / "disclosure") == audit
    assert sorted(p.name for p in again.folders.intake.iterdir() if p.is_dir()) == batches
    assert times_of_change(again.folders.tables) == tables
    assert times_of_change(again.current) == publication
    assert times_of_change(again.folders.raw) == raw
    assert len(list(again.folders.publications.glob("2*"))) == 1


def test_two_data_folders_over_one_source_publish_the_same_bytes(
    finished: Town, untouched: Town
) -> None:
    ran = run_job(untouched)

    assert ran.code == 0, ran.err
    assert untouched.current.name == finished.current.name
    assert hashes(untouched.current) == hashes(finished.current)
    assert hashes(untouched.folders.tables) == hashes(finished.folders.tables)


def test_renamed_overlapping_and_reordered_files_give_the_same_figures(
    finished: Town, again: Town, unchecked: None
) -> None:
    georeport = again.exports / "georeport"
    february = georeport / "requests_2026-02-01_2026-02-28_p1.json"
    rows = json.loads(february.read_bytes())
    again.deliver("georeport/requests_2026-02-01_2026-02-28_p2.json", february.read_bytes())
    again.deliver("georeport/vienti_a.json", json.dumps(rows[::-1]).encode())
    again.deliver("georeport/vienti_b.json", json.dumps(rows[3:8], ensure_ascii=False).encode())
    (georeport / "requests_2026-01-01_2026-01-31_p1.json").rename(georeport / "tammikuu.json")
    for number, path in enumerate(sorted(again.exports.rglob("*.csv"))):
        os.utime(path, (1_774_000_000 - number, 1_774_000_000 - number))

    ran = run_job(again)

    assert ran.code == 0, ran.err
    assert figures(again) == figures(finished)
    files = again.table("core_deliveries__files")
    assert files.filter(file_name="vienti_b.json", table_name="core_feedback__tickets")[
        "n_rows_in"
    ].to_list() == [5]
    assert files.filter(
        pl.col("n_rows_in") != pl.sum_horizontal("n_accepted", "n_rejected", "n_duplicate")
    ).is_empty()


def test_another_key_gives_other_pseudonyms_and_the_same_figures(
    finished: Town, untouched: Town, unchecked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUULOLLA_PSEUDONYM_KEY", "another-key-for-the-tiny-city-98765")

    ran = run_job(untouched)

    ids = [set(t.table("core_feedback__tickets")["ticket_id"]) for t in (finished, untouched)]
    assert ran.code == 0, ran.err
    assert ids[0].isdisjoint(ids[1])
    assert figures(untouched) == figures(finished)


def test_a_file_taken_from_the_source_folder_stays_in_the_house(
    finished: Town, again: Town
) -> None:
    shutil.rmtree(again.exports / "georeport")

    ran = run_job(again)

    assert ran.code == 0, ran.err
    assert hashes(again.current) == hashes(finished.current)


def test_the_city_lies_in_the_repository_as_it_is_delivered(tmp_path: Path) -> None:
    town = build_town(tmp_path / "town")

    names = sorted(p.suffix for p in town.exports.rglob("*") if p.is_file())

    assert names.count(".json") == 14
    assert names.count(".csv") == 10
    assert names.count(".toml") == 8
