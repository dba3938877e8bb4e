"""Reference tables from the code lists: measures, departments, services, areas and groups."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables
from data_contracts.contract import load_codes, load_contracts
from transforms.clean.reference import REFERENCE_TABLES, reference_table


def build_reference_assets() -> list[dg.AssetsDefinition]:
    """One asset per reference table; none reads a delivery."""
    return [_reference_asset(name) for name in REFERENCE_TABLES]


def _reference_asset(name: str) -> dg.AssetsDefinition:
    @dg.multi_asset(name=name, specs=[spec_of(name)], required_resource_keys={"house"})
    def reference(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        house: House = context.resources.house
        yield from keep_tables(house, (name,), inputs=(), compute=lambda: {name: _typed(name)})

    return reference


def _typed(name: str) -> pl.DataFrame:
    return reference_table(name, codes=load_codes(), schema=load_contracts()[name].schema)
