"""What the house answers to: new files in the source folder, and a failed run."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from assets.alerts import write_alert
from assets.house import House
from assets.landing_state import folder_state, landed_state
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
    """One run per state of the folder that neither a run nor this sensor has seen before."""
    house = House(settings_from_environment(), now=datetime.now(UTC))
    folder = house.settings.source_dir
    if folder is None or not folder.is_dir():
        return
    state = folder_state(folder)
    if state not in {context.cursor, landed_state(house)}:
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
