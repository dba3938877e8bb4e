"""Core tables that take rows from files: what is in force, and what was rejected."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.described import spec_of
from assets.house import House
from assets.intake import FILES, Intake
from assets.keeping import keep_tables
from data_contracts.contract import REJECTED_SUFFIX, load_contracts
from transforms.clean.initiative_versions import merge_initiatives
from transforms.clean.merge import SUCCESSIONS, rows_in_force
from transforms.privacy.pseudonymise import content_id

READINGS = "core_deliveries__readings"
INITIATIVES = "core_initiatives__initiatives"
_LIST_FORMAT = "kuntalaisaloite_list"


def build_core_assets() -> list[dg.AssetsDefinition]:
    """One asset per core table with rejected rows; it gives the table and its sibling."""
    return [_table_asset(name) for name in (*SUCCESSIONS, INITIATIVES)]


def _table_asset(name: str) -> dg.AssetsDefinition:
    parent = SUCCESSIONS[name].parent if name in SUCCESSIONS else None
    inputs = (parent,) if parent else ()
    both = (name, name + REJECTED_SUFFIX)

    @dg.multi_asset(
        name=name,
        specs=[spec_of(table, deps=(READINGS, *inputs)) for table in both],
        required_resource_keys={"house"},
    )
    def core_table(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        house: House = context.resources.house
        current = house.current_readings()
        listings = _listings(house) if name == INITIATIVES else None
        seen = listings.rows() if listings is not None else []
        yield from keep_tables(
            house,
            both,
            inputs=inputs,
            compute=lambda: _compute(house, name, current, listings),
            settings={"readings": current, "listings": seen},
        )

    return core_table


def _compute(
    house: House, name: str, current: list[str], listings: pl.DataFrame | None
) -> dict[str, pl.DataFrame]:
    intake = Intake(house.folders.intake)
    contracts = load_contracts()
    table, sibling = contracts[name], contracts[name + REJECTED_SUFFIX]
    versions = intake.read(name, current)
    rejected = intake.read(sibling.name, current)
    empty = pl.DataFrame(schema=table.schema)
    if versions is None:
        in_force = empty
    elif listings is not None:
        in_force = merge_initiatives(
            versions,
            listings,
            columns=list(table.schema),
            empty_text_id=content_id(pl.Series([""]), house.settings.pseudonym_key)[0],
        )
    else:
        parent = SUCCESSIONS[name].parent
        parents = house.store.read(parent) if parent else None
        in_force = rows_in_force(name, versions, parents=parents, columns=list(table.schema))
    if rejected is None:
        rejected = pl.DataFrame(schema=sibling.schema)
    rejected = rejected.select(list(sibling.schema)).unique().sort(list(sibling.key))
    return {table.name: in_force, sibling.name: rejected}


def files_read(house: House) -> pl.DataFrame:
    """The intake's account of every current delivery and table."""
    frame = Intake(house.folders.intake).read(FILES, house.current_readings())
    if frame is None:
        raise AssertionError(FILES)
    return frame


def _listings(house: House) -> pl.DataFrame:
    """Every sighting of a page of the initiatives' list: only whole listings make tombstones."""
    pages = files_read(house).filter(pl.col("format_code") == _LIST_FORMAT)
    n_items = dict(pages.select("delivery_sha256", "n_rows_in").iter_rows())
    rows = [
        (slip.sha256, sighting["name"], sighting["seen_at"], n_items[slip.sha256])
        for slip in house.raw.slips()
        if slip.sha256 in n_items
        for sighting in slip.sightings
    ]
    columns = ["delivery_sha256", "name", "delivered_at", "n_items"]
    schema = dict(zip(columns, (pl.String, pl.String, pl.String, pl.Int64), strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row").sort(columns)
