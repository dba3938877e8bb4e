"""The account of every delivery: rows in = accepted + rejected + duplicate."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.core.tables import INITIATIVES, files_read
from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables
from data_contracts.contract import load_contracts
from transforms.clean.accounts import account_for_files
from transforms.clean.merge import SUCCESSIONS

TABLE = "core_deliveries__files"
SOURCES = (*SUCCESSIONS, INITIATIVES)


@dg.multi_asset(name=TABLE, specs=[spec_of(TABLE, deps=SOURCES)], required_resource_keys={"house"})
def core_deliveries__files(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Every delivered file and the tables that its rows went to."""
    house: House = context.resources.house
    yield from keep_tables(
        house,
        (TABLE,),
        inputs=SOURCES,
        compute=lambda: {TABLE: _account(house)},
        settings={"readings": house.current_readings()},
    )


def _account(house: House) -> pl.DataFrame:
    columns = list(load_contracts()[TABLE].schema)
    return account_for_files(files_read(house), _accepted(house), columns=columns)


def _accepted(house: House) -> pl.DataFrame:
    counts = [
        house.store.read(name)
        .group_by("delivery_sha256")
        .agg(n_accepted=pl.len().cast(pl.Int64))
        .with_columns(table_name=pl.lit(name))
        for name in SOURCES
    ]
    return pl.concat(counts)
