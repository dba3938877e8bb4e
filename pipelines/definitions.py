"""Everything that Dagster knows of the house.

Importing this module reads no settings and none of the heavy libraries; both wait until a run
needs them.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from assets.checks.contract_checks import build_contract_checks
from assets.checks.disclosure_check import build_disclosure_check
from assets.checks.drift_check import build_drift_check
from assets.checks.validation import Quality
from assets.house import House
from assets.inventory import all_assets
from assets.lease import lease
from pipelines.environments import settings_from_environment
from pipelines.jobs import nightly_job
from pipelines.schedules import nightly_schedule
from pipelines.sensors import failed_night, new_files_in_landing


@dg.resource(description="Settings, folders, tables and the snapshot day of this run.")
def house_from_environment(_: dg.InitResourceContext) -> Iterator[House]:
    """The house as the environment describes it, held for the length of the run."""
    now = datetime.now(UTC)
    house = House(settings_from_environment(), now=now)
    with lease(house.folders.state, now=now):
        yield house


@dg.resource(
    required_resource_keys={"house"}, description="Great Expectations' results and Data Docs."
)
def quality_of_house(context: dg.InitResourceContext) -> Quality:
    """Validation beside the tables of the house."""
    house: House = context.resources.house
    return Quality(house.folders.quality, house.store)


def build_definitions(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """All definitions, with the resources of an environment in place of the default ones."""
    return dg.Definitions(
        assets=all_assets(),
        asset_checks=[*build_contract_checks(), build_disclosure_check(), build_drift_check()],
        jobs=[nightly_job],
        schedules=[nightly_schedule],
        sensors=[new_files_in_landing, failed_night],
        # One process also when a person materialises a part: a run holds the data folder.
        executor=dg.in_process_executor,
        resources={
            "house": house_from_environment,
            "quality": quality_of_house,
            **(resources or {}),
        },
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``workspace.yaml`` and ``[tool.dg]`` load."""
    return build_definitions()
