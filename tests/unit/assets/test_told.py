"""What earlier publications told is kept beside them, and follows the pointer."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets import atomic
from assets.house import House
from assets.public import told
from tests.support.houses import house_in

TABLE = "public_initiative__status"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house whose publications are one small table each."""
    monkeypatch.setattr(told, "read_published", read_small)
    return house_in(tmp_path)


def read_small(folder: Path) -> dict[str, pl.DataFrame]:
    return {TABLE: pl.read_parquet(folder / "table.parquet")}


def publish(house: House, name: str, count: int | None) -> None:
    """A publication that tells one count or withholds it, made the current one."""
    folder = house.folders.publications / name
    folder.mkdir(parents=True)
    frame = pl.DataFrame(
        {
            "initiative_id": ["1"],
            "n_residents_confirmed": pl.Series([count], dtype=pl.Int64),
            "snapshot_on": [date.fromisoformat(name)],
        }
    )
    frame.write_parquet(folder / "table.parquet")
    (folder / told.MANIFEST).write_text(json.dumps({}))
    atomic.point(house.folders.current, name)


def values(frame: pl.DataFrame | None) -> list[int]:
    return [] if frame is None else frame["told_value"].to_list()


def test_before_the_first_publication_nothing_is_told(house: House) -> None:
    told.remember_current(house)

    assert told.told_before(house) is None


def test_what_only_the_publication_before_the_last_told_is_remembered(house: House) -> None:
    publish(house, "2026-02-26", 41)
    told.remember_current(house)
    publish(house, "2026-02-27", None)

    assert values(told.told_before(house)) == [41]


def test_remembering_twice_is_remembering_once(house: House) -> None:
    publish(house, "2026-02-26", 41)

    told.remember_current(house)
    first = told.told_before(house)
    told.remember_current(house)
    again = told.told_before(house)

    assert first is not None
    assert again is not None
    assert first.equals(again)


def test_without_a_memory_the_publications_that_are_kept_are_read(house: House) -> None:
    publish(house, "2026-02-25", 40)
    publish(house, "2026-02-26", 41)
    publish(house, "2026-02-27", 42)

    assert values(told.told_before(house)) == [40, 41]
