"""The graph: every table an asset, every contract checked before anything downstream runs."""

from functools import cache

import dagster as dg
import pytest

from assets.public.reports import report_names, reports
from assets.public.tables import disclosed_names
from data_contracts.contract import load_contracts
from pipelines.definitions import build_definitions

#: Assets that are not tables: bytes as received, readings, models, pages.
NOT_TABLES = {
    "core_deliveries__readings",
    "core_text__models",
    "data_docs",
    "publication",
    "raw_feedback__georeport",
    "raw_files__landing",
    "raw_initiatives__kuntalaisaloite",
    "raw_reference__pxweb",
    "raw_surveys__webropol",
}
LAYERS = ("raw", "core", "mart", "public")
#: Checks that warn and stop nothing.
WARNINGS = {("core_acts__acts", "texts_do_not_drift")}
#: The one check over several tables, which blocks.
JOINT = {("public_data__suppression_ledger", "nothing_withheld_can_be_told")}


@cache
def specs() -> dict[str, dg.AssetSpec]:
    found = build_definitions().resolve_all_asset_specs()
    return {spec.key.to_user_string(): spec for spec in found}


def test_tables_with_a_contract_and_assets_are_the_same_names_both_ways() -> None:
    assert set(specs()) - NOT_TABLES == set(load_contracts())


@pytest.mark.parametrize("name", sorted({*load_contracts(), *NOT_TABLES}))
def test_every_asset_has_group_owner_kinds_and_words(name: str) -> None:
    spec = specs()[name]

    assert spec.group_name
    assert spec.group_name.split("_", 1)[0] in LAYERS
    assert spec.owners
    assert spec.kinds
    assert spec.description
    assert spec.tags["layer"] in LAYERS


@pytest.mark.parametrize("name", sorted(load_contracts()))
def test_the_column_tab_shows_every_column_of_the_contract_in_order(name: str) -> None:
    schema = specs()[name].metadata["dagster/column_schema"]

    columns = [(column.name, column.constraints.nullable) for column in schema.columns]

    assert columns == [(c.name, not c.is_required) for c in load_contracts()[name].columns]
    assert all(column.description for column in schema.columns)


@pytest.mark.parametrize("name", sorted(load_contracts()))
def test_every_table_has_a_freshness_policy(name: str) -> None:
    assert specs()[name].freshness_policy is not None


def test_every_landing_asset_has_a_freshness_policy() -> None:
    without = [n for n in specs() if n.startswith("raw_") and specs()[n].freshness_policy is None]

    assert without == []


def test_every_contract_has_one_check_and_it_blocks() -> None:
    checks = [
        spec
        for definition in build_definitions().asset_checks or []
        if isinstance(definition, dg.AssetChecksDefinition)
        for spec in definition.check_specs
        if (spec.asset_key.to_user_string(), spec.name) not in WARNINGS | JOINT
    ]

    assert sorted(c.asset_key.to_user_string() for c in checks) == sorted(load_contracts())
    assert [c.asset_key.to_user_string() for c in checks if not c.blocking] == []


def test_arrows_go_from_raw_to_core_to_mart_to_public_and_never_back() -> None:
    backward = [
        f"{dep.asset_key.to_user_string()} → {name}"
        for name, spec in specs().items()
        for dep in spec.deps
        if rank(specs()[dep.asset_key.to_user_string()]) > rank(spec)
    ]

    assert backward == []


def test_public_tables_stand_on_marts_alone() -> None:
    parents = {
        dep.asset_key.to_user_string() for name in disclosed_names() for dep in specs()[name].deps
    }

    assert all(parent.startswith("mart_") for parent in parents)


def test_reports_take_figures_from_public_tables_and_words_from_marts() -> None:
    words = {word for report in reports() for word in report.words}
    parents = {
        dep.asset_key.to_user_string() for name in report_names() for dep in specs()[name].deps
    }
    with_figures = {n for n in words if load_contracts()[n].names(classification="internal")}

    assert {p for p in parents if not p.startswith("public_")} == words
    # The one count of each has a threshold.
    assert with_figures <= {"mart_budget__goal_evidence", "mart_text__approvals"}


def rank(spec: dg.AssetSpec) -> int:
    return LAYERS.index(spec.tags["layer"])
