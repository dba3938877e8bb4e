"""One blocking check per table: what lies on disk keeps its contract."""

import dagster as dg

from assets.checks.validation import Quality
from assets.versions import code_version
from data_contracts.contract import Table, load_contracts


def build_contract_checks() -> list[dg.AssetChecksDefinition]:
    """The checks of every table that has a contract."""
    return [_contract_check(table) for table in load_contracts().values()]


def _contract_check(table: Table) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=table.name,
        name="keeps_its_contract",
        blocking=True,
        # Tables first, so that verdicts are reached in another process meanwhile.
        op_tags={"dagster/priority": "-1"},
        description="Great Expectations: every rule of the contract holds for what lies on disk.",
        required_resource_keys={"quality"},
    )
    def keeps_its_contract(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        quality: Quality = context.resources.quality
        verdict, is_earlier = quality.validate(table, code_version=code_version())
        return dg.AssetCheckResult(
            passed=verdict.passed,
            metadata={
                "n_expectations": verdict.n_expectations,
                "broken": verdict.broken,
                "is_earlier_verdict": is_earlier,
            },
        )

    return keeps_its_contract
