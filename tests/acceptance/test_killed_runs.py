"""A run that dies at any step leaves nothing that a plain second run does not put right."""

import shutil
import signal

import pytest

from tests.acceptance.conftest import Start
from tests.support.tiny import Town, hashes, run_job

#: Where a first run dies: the durable step and how often it has come to it.
STEPS = {
    "while landing": ("after:raw/*.bin", 7),
    "before a batch of rows is whole": ("before:intake/[0-9]*", 1),
    "between the data and the manifest of a table": (
        "before:core_feedback__tickets/manifest.json",
        1,
    ),
    "between two tables": ("after:core_surveys__waves/manifest.json", 1),
}


def assert_as_if_nothing_had_happened(town: Town, undisturbed: Town) -> None:
    ran = run_job(town)

    assert ran.code == 0, ran.err + ran.out
    assert town.current.name == undisturbed.current.name
    assert hashes(town.current) == hashes(undisturbed.current)
    assert hashes(town.folders.tables) == hashes(undisturbed.folders.tables)
    assert [p.name for p in town.data.rglob("*.part")] == []


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_first_run_is_made_good_by_the_next(
    finished: Town, untouched: Town, start_dying: Start, step: str
) -> None:
    point, nth = STEPS[step]

    died = start_dying(untouched, point=point, nth=nth, how="kill")
    died.communicate()

    assert died.returncode == -signal.SIGKILL
    assert not untouched.folders.current.exists()
    assert_as_if_nothing_had_happened(untouched, finished)


def test_a_publication_counts_only_when_the_pointer_names_it(
    finished: Town, again: Town, start_dying: Start
) -> None:
    shutil.rmtree(again.folders.publications)

    died = start_dying(again, point="before:publications/current", nth=1, how="kill")
    died.communicate()

    assert died.returncode == -signal.SIGKILL
    assert (again.folders.publications / finished.current.name).is_dir()
    assert not again.folders.current.exists()
    assert_as_if_nothing_had_happened(again, finished)


def test_a_run_that_is_told_to_end_is_made_good_by_the_next(
    finished: Town, untouched: Town, start_dying: Start
) -> None:
    told = start_dying(untouched, point="after:core_notes__notes/manifest.json", nth=1, how="term")
    told.communicate()

    assert told.returncode != 0
    assert len(untouched.alerts()) <= 1
    assert_as_if_nothing_had_happened(untouched, finished)


def test_a_second_run_says_who_holds_the_folder_and_changes_nothing(
    again: Town, start_dying: Start
) -> None:
    holder = start_dying(again, point="before:intake/current.json", nth=1, how="wait")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "waiting\n"
    before = hashes(again.data)

    second = run_job(again)

    assert hashes(again.data) == before
    assert second.code == 4
    assert second.err.startswith("✗ Another run holds ")
    assert f"process {holder.pid} since" in second.err
    assert second.err.count("\n") == 1
    holder.kill()
    holder.communicate()
    assert run_job(again).code == 0
