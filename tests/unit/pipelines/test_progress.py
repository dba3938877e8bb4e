"""A line per finished table while a run goes on, and one for what went wrong."""

from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.utils import make_new_run_id

from pipelines.progress import Progress


@dg.asset(name="core_trees__trees")
def trees() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"dagster/row_count": 18_000, "is_unchanged": False})


@dg.asset(name="core_trees__leaves", deps=["core_trees__trees"])
def leaves() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"dagster/row_count": 7, "is_unchanged": True})


@dg.asset(name="core_trees__trees_rejected")
def rejected() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"dagster/row_count": 1})


@dg.asset(name="publication", deps=["core_trees__leaves"])
def publication() -> dg.MaterializeResult:
    return dg.MaterializeResult()


@dg.asset(name="core_trees__broken")
def broken() -> dg.MaterializeResult:
    raise KeyError("kurkiaura")


@dg.asset_check(asset="core_trees__trees", name="keeps_its_contract")
def unkept() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False)


@dg.asset_check(asset="core_trees__trees", name="leaves_do_not_fall")
def warned() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as found:
        yield found


def lines_of(
    instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str], *definitions: object
) -> list[str]:
    """What is said while the definitions run."""
    house = dg.Definitions(
        assets=[d for d in definitions if not isinstance(d, dg.AssetChecksDefinition)],  # type: ignore[misc]
        asset_checks=[d for d in definitions if isinstance(d, dg.AssetChecksDefinition)],
        jobs=[dg.define_asset_job("all", executor_def=dg.in_process_executor)],
    )
    run_id = make_new_run_id()
    progress = Progress(3)
    instance.add_event_listener(run_id, progress.hear)
    capsys.readouterr()
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    house.resolve_job_def("all").execute_in_process(
        instance=instance, run_id=run_id, raise_on_error=False, run_config=quiet
    )
    written = capsys.readouterr()
    assert written.out == ""
    return written.err.splitlines()


def test_every_finished_table_has_a_line_with_its_rows(
    instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(instance, capsys, trees, leaves, publication)

    assert [line[:46].rstrip() for line in lines] == [
        "[ 1/3] core_trees__trees",
        "[ 2/3] core_trees__leaves",
        "[ 3/3] publication",
    ]
    assert "   18 000 rows" in lines[0]
    assert lines[0].endswith(" s")
    assert "        7 rows  unchanged" in lines[1]


def test_siblings_of_rejected_rows_have_no_line(
    instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lines_of(instance, capsys, rejected) == []


def test_a_broken_contract_is_said_by_its_table(
    instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(instance, capsys, trees, unkept)

    assert lines[-1] == "✗ core_trees__trees breaks its contract"


def test_a_check_that_only_warns_is_said_by_its_name(
    instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(instance, capsys, trees, warned)

    assert lines[-1] == "⚠ core_trees__trees: leaves_do_not_fall does not hold"


def test_a_failed_step_is_said_without_its_words(
    instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(instance, capsys, broken)

    assert lines == ["✗ core_trees__broken failed"]
