"""Readings kept in batches: all of a batch or none, each row once, whatever a crash left behind."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from assets import atomic
from assets.intake import _MOST_BATCHES, FILES, FILES_SCHEMA, Intake, Reading

ROWS = "core_trees__trees"


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return Intake(tmp_path / "intake")


def reading(reading_id: str, *trees: str) -> Reading:
    rows = pl.DataFrame({"tree": list(trees)}, schema={"tree": pl.String})
    files = pl.DataFrame(
        [{"reading_id": reading_id, "n_rows_in": len(trees), "is_damaged": False}],
        schema=dict(FILES_SCHEMA),
        orient="row",
    )
    return Reading(reading_id, {ROWS: rows.with_columns(reading_id=pl.lit(reading_id))}, files)


def trees(intake: Intake, *current: str) -> list[str]:
    frame = intake.read(ROWS, current)
    return [] if frame is None else sorted(frame["tree"])


def batches(intake: Intake) -> list[Path]:
    return sorted(p for p in intake.root.iterdir() if not p.name.startswith("."))


def test_an_intake_that_was_never_used_is_empty(intake: Intake) -> None:
    assert intake.known_readings() == set()
    assert intake.read(ROWS, ["a"]) is None


def test_kept_readings_are_known_and_read(intake: Intake) -> None:
    intake.keep([reading("a", "koivu", "mänty"), reading("b", "kuusi")])

    assert intake.known_readings() == {"a", "b"}
    assert trees(intake, "a", "b") == ["koivu", "kuusi", "mänty"]


def test_readings_that_are_not_current_are_left_out(intake: Intake) -> None:
    intake.keep([reading("a", "koivu"), reading("b", "kuusi")])

    assert trees(intake, "b") == ["kuusi"]
    assert trees(intake) == []


def test_the_account_has_a_line_per_reading(intake: Intake) -> None:
    intake.keep([reading("a", "koivu", "mänty"), reading("b")])

    files = intake.read(FILES, ["a", "b"])

    assert files is not None
    assert sorted(files.select("reading_id", "n_rows_in").rows()) == [("a", 2), ("b", 0)]


def test_keeping_nothing_makes_no_batch(intake: Intake) -> None:
    intake.keep([])

    assert not intake.root.exists()


def test_a_table_that_no_reading_has_is_absent(intake: Intake) -> None:
    intake.keep([reading("a", "koivu")])

    assert intake.read("core_trees__leaves", ["a"]) is None


def test_rows_of_an_older_program_with_other_columns_do_not_hinder_the_new_ones(
    intake: Intake,
) -> None:
    old, new = reading("old", "koivu"), reading("new", "mänty")
    widened = {n: f.with_columns(height_m=pl.lit(3.5)) for n, f in new.frames.items()}
    intake.keep([old])
    intake.keep([Reading("new", widened, new.files)])

    assert trees(intake, "new") == ["mänty"]


def test_many_batches_are_folded_into_one_with_the_current_rows(intake: Intake) -> None:
    names = [f"r{n:02d}" for n in range(_MOST_BATCHES + 1)]
    for name in names:
        intake.keep([reading(name, f"puu {name}")])

    intake.compact(names[1:])

    assert len(batches(intake)) == 1
    assert trees(intake, *names) == [f"puu {name}" for name in names[1:]]
    assert intake.known_readings() == set(names[1:])


def test_few_batches_are_left_as_they_are(intake: Intake) -> None:
    for n in range(3):
        intake.keep([reading(f"r{n}", "koivu")])
    before = batches(intake)

    intake.compact(["r0"])

    assert batches(intake) == before


def test_compacting_twice_changes_nothing(intake: Intake) -> None:
    names = [f"r{n:02d}" for n in range(_MOST_BATCHES + 1)]
    for name in names:
        intake.keep([reading(name, f"puu {name}")])
    intake.compact(names)
    before = batches(intake)

    intake.compact(names)

    assert batches(intake) == before


def test_a_run_killed_before_its_batch_is_in_place_keeps_none_of_it(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is complete but for its rename: its readings are read again, and are kept once."""
    intake.keep([reading("a", "koivu")])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(atomic, "move_folder", die)
        with pytest.raises(KeyboardInterrupt):
            intake.keep([reading("b", "kuusi")])
    assert intake.known_readings() == {"a"}
    assert trees(intake, "a", "b") == ["koivu"]

    intake.keep([reading("b", "kuusi")])

    assert trees(intake, "a", "b") == ["koivu", "kuusi"]
    assert [p.name for p in intake.root.iterdir() if p.name.startswith(".")] == []


def test_a_run_killed_between_compaction_and_clearing_up_gives_each_row_once(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"r{n:02d}" for n in range(_MOST_BATCHES + 1)]
    for name in names:
        intake.keep([reading(name, f"puu {name}")])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", die)
        with pytest.raises(KeyboardInterrupt):
            intake.compact(names)

    assert trees(intake, *names) == [f"puu {name}" for name in names]


def test_a_batch_half_cleared_away_is_no_batch(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A superseded reading whose rows are half gone must not count as known: it may come back."""
    names = [f"r{n:02d}" for n in range(_MOST_BATCHES + 1)]
    for name in names:
        intake.keep([reading(name, f"puu {name}")])

    def remove_rows_and_die(folder: Path, *_: object) -> None:
        for path in Path(folder).glob("*.parquet"):
            path.unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", remove_rows_and_die)
        with pytest.raises(KeyboardInterrupt):
            intake.compact(names[1:])

    assert names[0] not in intake.known_readings()
    assert trees(intake, *names[1:]) == [f"puu {name}" for name in names[1:]]


def test_a_batch_names_its_readings_and_none_of_their_rows(intake: Intake) -> None:
    intake.keep([reading("a", "merkkisana")])

    [batch] = batches(intake)

    assert json.loads((batch / "batch.json").read_bytes()) == {"readings": ["a"]}
