"""The house assembled: everything resolves, and a part of it runs with the resources of a test."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.checks.disclosure_check import CHECK as DISCLOSURE_CHECK
from assets.lease import BusyError, lease
from data_contracts.contract import load_contracts
from pipelines.definitions import build_definitions, defs
from pipelines.jobs import NIGHTLY
from tests.support.houses import NOW, house_in
from transforms.clean.reference import REFERENCE_TABLES

LANDING = "raw_files__landing"


@pytest.fixture(scope="module")
def house() -> dg.Definitions:
    return build_definitions()


def test_the_definitions_are_loadable(house: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(house)


def test_what_the_workspace_loads_is_what_is_built(house: dg.Definitions) -> None:
    loaded = defs()

    assert isinstance(loaded, dg.Definitions)
    assert names(loaded) == names(house)


def test_the_nightly_job_holds_every_asset_and_every_check_in_one_process(
    house: dg.Definitions,
) -> None:
    job = house.resolve_job_def(NIGHTLY)
    graph = house.resolve_asset_graph()

    assert job.asset_layer.executable_asset_keys == graph.executable_asset_keys
    # Each table keeps its contract; the texts are watched, and all public tables audited together.
    checks = Counter(key.name for key in graph.asset_check_keys)
    assert checks == {
        "keeps_its_contract": len(load_contracts()),
        "texts_do_not_drift": 1,
        DISCLOSURE_CHECK: 1,
    }
    assert job.executor_def.name == "in_process"


def test_schedule_sensor_and_failure_hook_exist(house: dg.Definitions) -> None:
    repository = house.get_repository_def()

    assert [s.name for s in repository.schedule_defs] == ["nightly_at_half_past_two"]
    assert {s.name: s.sensor_type.value for s in repository.sensor_defs} == {
        "new_files_in_landing": "STANDARD",
        "failed_night": "RUN_STATUS",
    }


def test_every_layer_grows_stale_after_a_night_and_a_half(house: dg.Definitions) -> None:
    policies = {
        spec.key.to_user_string(): spec.freshness_policy
        for spec in house.resolve_all_asset_specs()
        if spec.freshness_policy
    }

    assert set(load_contracts()) <= set(policies)
    assert "publication" in policies
    assert {p.fail_window.to_timedelta() for p in policies.values()} == {timedelta(hours=36)}


def test_the_publication_waits_for_every_public_table(house: dg.Definitions) -> None:
    graph = house.resolve_asset_graph()

    parents = {k.to_user_string() for k in graph.get(dg.AssetKey("publication")).parent_keys}

    assert parents == {name for name in load_contracts() if name.startswith("public_")}


def test_everything_that_is_published_comes_from_what_was_received_or_from_the_code_lists(
    house: dg.Definitions,
) -> None:
    graph = house.resolve_asset_graph()

    ancestors = graph.get_ancestor_asset_keys(dg.AssetKey("publication"))

    roots = {k.to_user_string() for k in ancestors if not graph.get(k).parent_keys}
    assert roots - set(REFERENCE_TABLES) == {
        n.to_user_string()
        for n in graph.executable_asset_keys
        if n.to_user_string().startswith("raw_")
    }


def test_a_landing_runs_with_the_house_of_a_test(tmp_path: Path) -> None:
    exports = tmp_path / "exports" / "havainnot"
    exports.mkdir(parents=True)
    (exports / "havainnot.csv").write_text(
        "Päivä;Havainto\n1.2.2026;Hyvä ranta\n", encoding="utf-8"
    )
    house = house_in(tmp_path / "data", source_dir=tmp_path / "exports")

    result = landed(build_definitions({"house": house}))

    assert result.success
    [slip] = house.raw.slips()
    assert (slip.name, slip.source_code) == ("havainnot.csv", "havainnot")
    metadata = result.asset_materializations_for_node(LANDING)[0].metadata
    assert (metadata["n_deliveries"].value, metadata["n_new"].value) == (1, 1)


def test_a_run_from_the_ui_waits_its_turn_when_another_holds_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "exports").mkdir()
    monkeypatch.delenv("KUULOLLA_SETTINGS", raising=False)
    monkeypatch.setenv("KUULOLLA_PSEUDONYM_KEY", "sixteen letters!")
    monkeypatch.setenv("KUULOLLA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KUULOLLA_SOURCE_DIR", str(tmp_path / "exports"))
    state = house_in(tmp_path / "data").folders.state

    with lease(state, now=NOW), pytest.raises(dg.DagsterError) as caught:
        landed(build_definitions())

    assert isinstance(caught.value.__cause__, BusyError)
    assert landed(build_definitions()).success


def landed(house: dg.Definitions) -> dg.ExecuteInProcessResult:
    """The landing asset alone, run in this process."""
    job = house.resolve_implicit_global_asset_job_def().get_subset(
        asset_selection={dg.AssetKey(LANDING)}
    )
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return job.execute_in_process(run_config=quiet)


def names(house: dg.Definitions) -> set[str]:
    return {spec.key.to_user_string() for spec in house.resolve_all_asset_specs()}
