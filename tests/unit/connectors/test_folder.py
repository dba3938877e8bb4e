"""Whole, ordinary files below the source folder are delivered in order; nothing else is."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.connectors.folder import read_folder
from assets.errors import SourceDownError

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def _write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_files_come_sorted_with_their_source_and_address(tmp_path: Path) -> None:
    _write(tmp_path, "tables/ä.csv", "georeport/b.json", "georeport/a.json", "webropol/s1/q.json")

    deliveries = list(read_folder(tmp_path, fetched_at=NOW))

    assert [(d.source_code, d.name, d.address) for d in deliveries] == [
        ("georeport", "a.json", "georeport/a.json"),
        ("georeport", "b.json", "georeport/b.json"),
        ("tables", "ä.csv", "tables/ä.csv"),
        ("webropol", "q.json", "webropol/s1/q.json"),
    ]
    assert deliveries[0].content == b"georeport/a.json"
    assert deliveries[0].fetched_at == NOW
    assert deliveries[0].media_type == "application/json"


def test_a_file_beside_the_folders_has_the_name_of_the_source_folder(tmp_path: Path) -> None:
    root = tmp_path / "viennit"
    _write(root, "a.csv")

    assert [d.source_code for d in read_folder(root)] == ["viennit"]


def test_hidden_temporary_and_partial_files_are_left(tmp_path: Path) -> None:
    _write(
        tmp_path,
        "t/.piilo.csv",
        "t/~$a.xlsx",
        "t/a.csv.part",
        "t/b.crdownload",
        "t/c.tmp",
        "t/d.csv~",
        "t/Thumbs.db",
        "t/.git/config",
        "t/ok.csv",
    )

    assert [d.name for d in read_folder(tmp_path)] == ["ok.csv"]


def test_an_empty_file_is_delivered_so_that_its_refusal_is_seen(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "a.csv").touch()

    assert [d.content for d in read_folder(tmp_path)] == [b""]


def test_links_that_lead_out_and_odd_files_are_left(tmp_path: Path) -> None:
    root = tmp_path / "source"
    _write(tmp_path, "secret.csv", "outside/x.csv", "source/t/a.csv")
    (root / "t" / "out.csv").symlink_to(tmp_path / "secret.csv")
    (root / "t" / "folder").symlink_to(tmp_path / "outside", target_is_directory=True)
    (root / "t" / "gone.csv").symlink_to(root / "t" / "nothing.csv")
    (root / "t" / "inside.csv").symlink_to(root / "t" / "a.csv")
    os.mkfifo(root / "t" / "pipe.csv")

    assert [d.name for d in read_folder(root)] == ["a.csv", "inside.csv"]


def test_a_file_too_large_is_reported_after_the_others(tmp_path: Path) -> None:
    _write(tmp_path, "t/a.csv", "t/b_much_longer_name.csv", "t/c.csv")
    seen = []

    with pytest.raises(SourceDownError, match=r"1 files larger than 10 bytes.*b_much"):
        seen.extend(d.name for d in read_folder(tmp_path, max_bytes=10))

    assert seen == ["a.csv", "c.csv"]


def test_a_missing_folder_is_a_source_that_is_down(tmp_path: Path) -> None:
    with pytest.raises(SourceDownError, match="expected the source folder"):
        list(read_folder(tmp_path / "nowhere"))
