"""When the house works by itself."""

import dagster as dg

from pipelines.jobs import nightly_job

nightly_schedule = dg.ScheduleDefinition(
    name="nightly_at_half_past_two",
    job=nightly_job,
    cron_schedule="30 2 * * *",
    execution_timezone="Europe/Helsinki",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:30 in the city's time.",
)
