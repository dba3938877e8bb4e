"""The closing words of a run: rows by source, datasets, checks, and where everything lies."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from assets.alerts import write_alert
from assets.house import House
from assets.troubles import note_trouble
from data_contracts.contract import load_contracts
from pipelines.nightly import Outcome
from pipelines.summary import render_summary
from tests.support.houses import house_in, store_table
from tests.support.public_tables import public_tables

FILES = "core_deliveries__files"
DONE = Outcome(
    succeeded=True, run_id="0a1b", n_checks=35, n_checks_passed=34, sentence="", alert=None
)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house after a run: two sources, the second with a refused file, and a publication."""
    monkeypatch.chdir(tmp_path)
    found = house_in(tmp_path / "data")
    contracts = load_contracts()
    files = pl.DataFrame(
        [
            row("georeport", "a", 12_000, 11_000, 200, 800),
            row("georeport", "b", 500, 500, 0, 0),
            row("havainnot", "c", 10, 9, 1, 0),
            row("havainnot", "d", 0, 0, 0, 0, verdict="refused"),
        ],
        schema=contracts[FILES].schema,
        orient="row",
    )
    found.store.write(contracts[FILES], files, fingerprint="f")
    for name, frame in public_tables().items():
        found.store.write(contracts[name], frame, fingerprint="f")
    site = found.folders.publications / "2026-03-01-0a1b" / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<html></html>")
    found.folders.current.symlink_to("2026-03-01-0a1b")
    return found


def row(
    source: str,
    sha256: str,
    n_in: int,
    n_accepted: int,
    n_rejected: int,
    n_duplicate: int,
    verdict: str = "ok",
) -> dict[str, object]:
    given: dict[str, object] = {
        "delivery_sha256": sha256,
        "source_code": source,
        "n_rows_in": n_in,
        "n_accepted": n_accepted,
        "n_rejected": n_rejected,
        "n_duplicate": n_duplicate,
        "verdict_code": verdict,
    }
    return {name: given.get(name) for name in load_contracts()[FILES].schema}


def words(line: str) -> list[str]:
    return [part for part in line.split("  ") if part.strip()]


def test_rows_are_counted_by_source_and_in_all(house: House) -> None:
    lines = render_summary(house, DONE, seconds=41.26, peak_mb=1234.6).splitlines()

    assert lines[1] == "Done in 41.3 s, 1,235 MB of memory at most."
    assert [[w.strip() for w in words(line)] for line in lines[3:7]] == [
        ["source", "files", "rows in", "accepted", "rejected", "duplicate", "refused files"],
        ["georeport", "2", "12 500", "11 500", "200", "800", "0"],
        ["havainnot", "2", "10", "9", "1", "0", "1"],
        ["in all", "4", "12 510", "11 509", "201", "800", "1"],
    ]


def test_columns_stand_under_each_other(house: House) -> None:
    lines = render_summary(house, DONE, seconds=1, peak_mb=1).splitlines()

    assert len({len(line) for line in lines[3:7]}) == 1


def test_every_dataset_is_named_with_rows_and_withheld_rows(house: House) -> None:
    text = render_summary(house, DONE, seconds=1, peak_mb=1)
    backlog = public_tables()["public_feedback__backlog"]

    [line] = [line for line in text.splitlines() if line.startswith("feedback_backlog")]

    assert [w.strip() for w in words(line)][:2] == ["feedback_backlog", "D07"]
    shown = [int(w.replace(" ", "")) for w in words(line)[2:]]
    assert shown == [backlog.height, backlog["is_suppressed"].sum()]


def test_checks_places_and_the_ui_are_named(house: House) -> None:
    text = render_summary(house, DONE, seconds=1, peak_mb=1)

    assert "Checks: 34 of 35 passed." in text
    assert "pages:     data/publications/current/site/index.html" in text
    assert "workbook:" not in text  # none was written in this test
    assert text.endswith("Dagster UI: ./run ui, then http://127.0.0.1:3000")


def test_a_check_that_warns_is_named(house: House) -> None:
    warned = replace(DONE, warnings=("core_trees__trees: leaves_do_not_fall",))

    text = render_summary(house, warned, seconds=1, peak_mb=1)

    assert "shows its numbers: core_trees__trees: leaves_do_not_fall" in text


def test_a_failed_run_says_why_where_the_alert_is_and_what_stands(house: House) -> None:
    note_trouble(house, "havainnot", "It did not answer.")
    alert = write_alert(house, run_id="0a1b", sentence="x")
    failed = Outcome(
        succeeded=False,
        run_id="0a1b",
        n_checks=0,
        n_checks_passed=0,
        sentence="core_notes__notes: The file is cut off.",
        alert=alert,
    )

    text = render_summary(house, failed, seconds=3.2, peak_mb=1)

    assert "The run failed after 3.2 s: core_notes__notes: The file is cut off." in text
    assert f"Alert: {alert}" in text
    assert "The publication 2026-03-01-0a1b stands." in text
    assert "havainnot: since 2026-03-02T00:30:00+00:00" in text
    assert "Done in" not in text


def test_a_first_run_that_failed_says_that_nothing_stands(tmp_path: Path) -> None:
    failed = Outcome(
        succeeded=False, run_id="0", n_checks=0, n_checks_passed=0, sentence="x", alert=None
    )

    text = render_summary(house_in(tmp_path), failed, seconds=1, peak_mb=1)

    assert "There is no earlier publication." in text


def test_rows_left_out_of_lists_kept_by_hand_are_told_by_row_and_column(house: House) -> None:
    keep_rejects(house, n=2)

    text = render_summary(house, DONE, seconds=1.0, peak_mb=1.0)

    assert (
        "Rows left out of lists kept by hand:\n"
        "  toimenpiteet.xlsx: rivi 2, sarake ”Määräaika”: löytyi 99.9.9999, odotettiin: päivä.\n"
        "  toimenpiteet.xlsx: rivi 3, sarake ”Määräaika”: löytyi 99.9.9999, odotettiin: päivä.\n"
        "\n"
    ) in text


def test_of_many_rows_left_out_the_first_are_told_and_the_others_counted(house: House) -> None:
    keep_rejects(house, n=15)

    lines = render_summary(house, DONE, seconds=1.0, peak_mb=1.0).splitlines()

    assert sum(line.startswith("  toimenpiteet.xlsx: rivi") for line in lines) == 12
    assert "  and 3 more in the tables …_rejected" in lines


def keep_rejects(house: House, *, n: int) -> None:
    store_table(
        house,
        "core_actions__actions_rejected",
        {
            "delivery_sha256": ["a"] * n,
            "file_name": ["toimenpiteet.xlsx"] * n,
            "line_no": list(range(2, n + 2)),
            "reason_code": ["date_unreadable"] * n,
            "column_name": ["Määräaika"] * n,
            "found_shape": ["99.9.9999"] * n,
            "expected": ["päivä"] * n,
        },
    )
