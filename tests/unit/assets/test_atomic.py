"""Files that are whole or not there, and folders that are swapped as a whole."""

import json
from pathlib import Path

import pytest

from assets import atomic


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_bytes_are_written_with_the_folders_they_need(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / "a" / "b" / "file.bin", b"\x00\xff")

    assert (tmp_path / "a" / "b" / "file.bin").read_bytes() == b"\x00\xff"
    assert names(tmp_path / "a" / "b") == ["file.bin"]


def test_a_write_replaces_the_older_file(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / "file", b"old and longer")

    atomic.write_bytes(tmp_path / "file", b"new")

    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_write_that_dies_before_its_rename_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    atomic.write_bytes(tmp_path / "file", b"old")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        atomic.write_bytes(tmp_path / "file", b"new")

    assert (tmp_path / "file").read_bytes() == b"old"


def test_json_is_sorted_readable_and_keeps_its_letters(tmp_path: Path) -> None:
    atomic.write_json(tmp_path / "file.json", {"ä": 1, "a": "Törnävä"})

    text = (tmp_path / "file.json").read_text(encoding="utf-8")

    assert text == '{\n "a": "Törnävä",\n "ä": 1\n}\n'
    assert json.loads(text) == {"a": "Törnävä", "ä": 1}


def test_a_folder_is_moved_to_where_none_was(tmp_path: Path) -> None:
    built = tmp_path / ".x.part"
    built.mkdir()
    (built / "file").write_text("new")

    atomic.move_folder(built, tmp_path / "deep" / "target")

    assert (tmp_path / "deep" / "target" / "file").read_text() == "new"
    assert not built.exists()


def test_a_folder_takes_the_place_of_an_older_one_with_nothing_of_it_left(tmp_path: Path) -> None:
    target, built = tmp_path / "target", tmp_path / ".x.part"
    target.mkdir()
    (target / "old").write_text("old")
    built.mkdir()
    (built / "new").write_text("new")

    atomic.move_folder(built, target)

    assert names(target) == ["new"]
    assert names(tmp_path) == ["target"]


def test_a_pointer_is_made_and_moved(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        atomic.point(tmp_path / "current", name)

    assert (tmp_path / "current").resolve() == (tmp_path / "second").resolve()
    assert names(tmp_path) == ["current", "first", "second"]


def test_sweeping_removes_leftovers_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".file.0a1b2c3d.part").write_text("half")
    (tmp_path / ".folder.part").mkdir()
    (tmp_path / ".folder.part" / "file").write_text("half")
    (tmp_path / ".target.0a1b2c3d.old").mkdir()
    (tmp_path / "file.part").write_text("somebody's own")
    (tmp_path / ".hidden").write_text("somebody's own")

    atomic.sweep(tmp_path)

    assert names(tmp_path) == [".hidden", "file.part"]
