"""Dagster's event log with connections kept open: what is written is what Dagster reads."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterInstance
from dagster._core.storage.event_log import SqliteEventLogStorage

from assets.folders import Folders
from pipelines.event_log import SteadyEventLog
from pipelines.nightly import prepare_instance


@dg.asset(name="core_trees__trees")
def trees() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"dagster/row_count": 18})


@dg.asset_check(asset="core_trees__trees", name="keeps_its_contract")
def kept() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return prepare_instance(Folders(tmp_path / "a folder: with 'marks'"))


@pytest.fixture
def instance(home: Path) -> Iterator[DagsterInstance]:
    with DagsterInstance.from_config(str(home)) as found:
        yield found


def run(instance: DagsterInstance) -> str:
    return dg.materialize([trees, kept], instance=instance).run_id


def test_the_instance_of_the_data_folder_has_the_steady_log(instance: DagsterInstance) -> None:
    assert type(instance.event_log_storage) is SteadyEventLog


def test_dagsters_own_log_reads_the_same_events(instance: DagsterInstance, home: Path) -> None:
    run_id = run(instance)

    plain = SqliteEventLogStorage(str(home / "history" / "runs"))

    key = dg.AssetKey("core_trees__trees")
    kinds = [entry.dagster_event_type for entry in plain.get_logs_for_run(run_id)]
    assert kinds == [e.dagster_event_type for e in instance.all_logs(run_id)]
    assert "ASSET_MATERIALIZATION" in {kind.value for kind in kinds if kind}
    latest = plain.get_latest_materialization_events([key])[key]
    assert latest is not None
    assert latest.run_id == run_id


def test_more_runs_than_files_are_kept_open_are_all_read(instance: DagsterInstance) -> None:
    runs = [run(instance) for _ in range(6)]

    n_events = [len(instance.all_logs(run_id)) for run_id in runs]

    assert len(set(n_events)) == 1
    assert n_events[0] > 0


def test_a_transaction_that_fails_writes_nothing(instance: DagsterInstance) -> None:
    log = instance.event_log_storage
    assert isinstance(log, SteadyEventLog)
    run_id = run(instance)
    before = len(instance.all_logs(run_id))

    def fail_midway() -> None:
        with log.run_connection(run_id) as connection:
            connection.exec_driver_sql("DELETE FROM event_logs")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()

    assert len(instance.all_logs(run_id)) == before
