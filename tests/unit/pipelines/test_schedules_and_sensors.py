"""When the house works by itself: every night in the city's time, and when new files lie there."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from assets.landing_state import folder_state, keep_landed_state
from pipelines.jobs import NIGHTLY
from pipelines.schedules import nightly_schedule
from pipelines.sensors import new_files_in_landing
from tests.support.houses import house_in


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "havainnot.csv").write_text("Päivä;Havainto\n", encoding="utf-8")
    monkeypatch.delenv("KUULOLLA_SETTINGS", raising=False)
    monkeypatch.setenv("KUULOLLA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KUULOLLA_SOURCE_DIR", str(folder))
    return folder


def ask(cursor: str | None) -> list[str | None]:
    """Keys of the runs that the sensor asks for."""
    context = dg.build_sensor_context(cursor=cursor)
    asked = new_files_in_landing(context)
    assert isinstance(asked, Iterable)
    return [request.run_key for request in asked if isinstance(request, dg.RunRequest)]


def test_the_night_begins_at_half_past_two_in_the_city() -> None:
    assert (nightly_schedule.cron_schedule, nightly_schedule.execution_timezone) == (
        "30 2 * * *",
        "Europe/Helsinki",
    )
    assert nightly_schedule.job_name == NIGHTLY
    assert nightly_schedule.default_status is dg.DefaultScheduleStatus.RUNNING


@pytest.mark.parametrize(
    ("noon_before", "nights"),
    [
        # On 29 March 2026 the clock goes from 3 to 4, on 25 October back from 4 to 3.
        (
            datetime(2026, 3, 28, 10, tzinfo=UTC),
            ["2026-03-29T02:30:00+02:00", "2026-03-30T02:30:00+03:00"],
        ),
        (
            datetime(2026, 10, 24, 9, tzinfo=UTC),
            ["2026-10-25T02:30:00+03:00", "2026-10-26T02:30:00+02:00"],
        ),
    ],
    ids=["spring", "autumn"],
)
def test_the_clock_change_neither_skips_nor_doubles_a_night(
    noon_before: datetime, nights: list[str]
) -> None:
    ticks = schedule_execution_time_iterator(
        noon_before.timestamp(), "30 2 * * *", "Europe/Helsinki", ascending=True
    )

    assert [next(ticks).isoformat() for _ in nights] == nights


def test_a_new_file_asks_for_a_run(exports: Path) -> None:
    assert ask(None) == [folder_state(exports)]


def test_a_folder_that_was_seen_asks_for_none(exports: Path) -> None:
    assert ask(folder_state(exports)) == []


def test_a_folder_that_a_run_has_landed_asks_for_none(exports: Path, tmp_path: Path) -> None:
    keep_landed_state(house_in(tmp_path / "data"), folder_state(exports))

    assert ask(None) == []


def test_a_folder_that_changed_after_it_was_landed_asks_again(
    exports: Path, tmp_path: Path
) -> None:
    keep_landed_state(house_in(tmp_path / "data"), folder_state(exports))
    (exports / "toinen.csv").write_text("Päivä;Havainto\n", encoding="utf-8")

    assert ask("an older state") == [folder_state(exports)]


def test_without_a_source_folder_nothing_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KUULOLLA_SETTINGS", raising=False)
    monkeypatch.delenv("KUULOLLA_SOURCE_DIR", raising=False)
    monkeypatch.setenv("KUULOLLA_DATA_DIR", str(tmp_path))

    assert ask(None) == []
