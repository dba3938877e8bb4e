"""What the source folder looked like: another file, size or time of change is another state."""

import os
from pathlib import Path

import pytest

from assets.landing_state import folder_state, keep_landed_state, landed_state
from tests.support.houses import house_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "exports"
    (root / "havainnot").mkdir(parents=True)
    write(root / "havainnot" / "a.csv", "Päivä;Havainto\n")
    return root


def write(path: Path, text: str, *, changed_s: int = 1_700_000_000) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (changed_s, changed_s))


def test_a_folder_left_alone_keeps_its_state(folder: Path) -> None:
    assert folder_state(folder) == folder_state(folder)


def test_a_new_a_gone_a_renamed_a_grown_and_a_rewritten_file_change_the_state(folder: Path) -> None:
    states = [folder_state(folder)]
    path = folder / "havainnot" / "a.csv"

    write(folder / "havainnot" / "b.csv", "uusi")
    states.append(folder_state(folder))
    path.rename(folder / "havainnot" / "c.csv")
    states.append(folder_state(folder))
    (folder / "havainnot" / "c.csv").unlink()
    states.append(folder_state(folder))
    write(folder / "havainnot" / "b.csv", "uusi, pidempi")
    states.append(folder_state(folder))
    write(folder / "havainnot" / "b.csv", "uusi, pidempi", changed_s=1_700_000_001)
    states.append(folder_state(folder))

    assert len(set(states)) == len(states)


def test_hidden_files_do_not_count(folder: Path) -> None:
    before = folder_state(folder)

    write(folder / "havainnot" / ".a.csv.part", "puolikas")

    assert folder_state(folder) == before


def test_the_landed_state_is_none_before_the_first_run_and_then_the_last_one(
    tmp_path: Path,
) -> None:
    house = house_in(tmp_path)
    assert landed_state(house) is None

    keep_landed_state(house, "first")
    keep_landed_state(house, "second")

    assert landed_state(house) == "second"
