"""One run of the nightly job in this process, and what it came to."""

import json
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
from dagster import DagsterInstance
from dagster._core.utils import make_new_run_id

from assets.alerts import write_alert
from assets.checks.validation import Quality
from assets.errors import HouseError
from assets.folders import Folders
from assets.house import House
from assets.public.restating import restate_publication
from assets.troubles import RUN, note_trouble, troubles
from pipelines.ahead import Ahead
from pipelines.definitions import build_definitions
from pipelines.jobs import NIGHTLY
from pipelines.progress import Progress

#: Nothing is sent anywhere, the UI does not ask for an e-mail address, and nothing that a library
#: prints is kept: it may hold what a resident wrote.
_INSTANCE = """telemetry:
  enabled: false
nux:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
event_log_storage:
  module: pipelines.event_log
  class: SteadyEventLog
  config:
    base_dir: {base_dir}
"""
_LEVEL = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; ``sentence`` says what failed, empty when nothing did. ``warnings`` names
    checks that did not hold and stopped nothing.
    """

    succeeded: bool
    run_id: str
    n_checks: int
    n_checks_passed: int
    sentence: str
    alert: Path | None
    warnings: tuple[str, ...] = ()


def run_nightly(house: House) -> Outcome:
    """Run every asset and check once; after a failure tell it in an alert and on the pages."""
    processes = house.settings.n_processes
    quality = Quality(house.folders.quality, house.store, n_processes=processes)
    definitions = build_definitions({"house": house, "quality": quality})
    job = definitions.resolve_job_def(NIGHTLY)
    with instance_of(house) as instance, closing(quality):
        run_id = make_new_run_id()
        names = {k.to_user_string() for k in job.asset_layer.executable_asset_keys}
        progress = Progress(sum(1 for name in names if not name.endswith("_rejected")))
        instance.add_event_listener(run_id, progress.hear)
        instance.add_event_listener(run_id, Ahead(quality).hear)
        result = job.execute_in_process(
            run_config=_LEVEL, instance=instance, run_id=run_id, raise_on_error=False
        )
    evaluations = result.get_asset_check_evaluations()
    passed = sum(1 for e in evaluations if e.passed)
    sentence = "" if result.success else _why(result)
    alert = None
    if not result.success:
        if not troubles(house):  # a source's own trouble says more than the run's
            note_trouble(house, RUN, sentence)
        alert = write_alert(house, run_id=result.run_id, sentence=sentence)
        _tell_on_pages(house)
    warnings = tuple(
        f"{e.asset_key.to_user_string()}: {e.check_name}"
        for e in evaluations
        if not e.passed and e.severity == dg.AssetCheckSeverity.WARN
    )
    return Outcome(
        result.success, result.run_id, len(evaluations), passed, sentence, alert, warnings
    )


def _tell_on_pages(house: House) -> None:
    """Say on the standing pages that they stand still; a failure of this hides no other."""
    try:
        restate_publication(house)
    except (HouseError, OSError, LookupError, ValueError) as error:
        kind = type(error).__name__
        note_trouble(house, RUN, f"The pages could not be written anew either ({kind}).")


def instance_of(house: House) -> DagsterInstance:
    """Dagster's own storage in the data folder, with telemetry off."""
    os.environ["DAGSTER_HOME"] = str(prepare_instance(house.folders))
    return DagsterInstance.get()


def prepare_instance(folders: Folders) -> Path:
    """Make Dagster's home in the data folder; gives its path."""
    home = folders.dagster.resolve()
    home.mkdir(parents=True, exist_ok=True)
    # A JSON string is a YAML string too, whatever is in the path.
    base_dir = json.dumps(str(home / "history" / "runs"))
    (home / "dagster.yaml").write_text(_INSTANCE.format(base_dir=base_dir), encoding="utf-8")
    return home


def _why(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data
            error = failure.error.cause if failure.error and failure.error.cause else failure.error
            message = error.message.strip() if error else ""
            return f"{event.step_key}: {message.split(': ', 1)[-1]}"
    checks = result.get_asset_check_evaluations()
    broken = [c for c in checks if not c.passed and c.severity == dg.AssetCheckSeverity.ERROR]
    if broken:
        rules = broken[0].metadata["broken"].value
        return f"Table {broken[0].asset_key.to_user_string()} breaks its contract: {rules}"
    return "The run failed; the Dagster UI shows where."
