"""What the house answers to: new files in the source folder, and a failed run."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from assets.alerts import write_alert
from assets.house import House
from assets.public.restating import restate_publication
from pipelines.environments import settings_from_environment
from pipelines.jobs import nightly_job


@dg.sensor(
    job=nightly_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs the job when the source folder holds a file that it did not hold before.",
)
def new_files_in_landing(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest]:
    """One run per new state of the folder; its state is names, sizes and times of change."""
    folder = settings_from_environment().source_dir
    if folder is None or not folder.is_dir():
        return
    state = folder_state(folder)
    if state != context.cursor:
        context.update_cursor(state)
        yield dg.RunRequest(run_key=state)


@dg.run_failure_sensor(
    monitored_jobs=[nightly_job],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Writes a plain alert file and tells on the pages that the figures stand still.",
)
def failed_night(context: dg.RunFailureSensorContext) -> None:
    """Leave word of a failed run where people look for it."""
    house = House(settings_from_environment(), now=datetime.now(UTC))
    path = write_alert(
        house, run_id=context.dagster_run.run_id, sentence=context.failure_event.message or ""
    )
    restate_publication(house)
    context.log.error("The run failed; see %s", path)


def folder_state(folder: Path) -> str:
    """A hash of every file's name, size and time of change; contents are not read."""
    lines = [
        f"{path.relative_to(folder)}\t{stat.st_size}\t{stat.st_mtime_ns}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
        for stat in (path.stat(),)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
