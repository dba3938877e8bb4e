"""Public tables: marts after disclosure control; the only tables that leave."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables
from data_contracts.contract import Table, load_codes, load_contracts
from transforms.knowledge.backlog import select_backlog_rows
from transforms.privacy.public_tables import disclose

_BACKLOG = "public_feedback__backlog"
#: Survey figures describe people by background: a higher threshold than for counts of acts.
_BY_BACKGROUND = "public_service__satisfaction"


def public_names() -> tuple[str, ...]:
    """Every public table that has a contract."""
    return tuple(t.name for t in load_contracts().values() if t.layer == "public")


def build_public_assets() -> list[dg.AssetsDefinition]:
    """One asset per public table."""
    return [_public_asset(load_contracts()[name]) for name in public_names()]


def _public_asset(table: Table) -> dg.AssetsDefinition:
    mart = table.name.replace("public_", "mart_", 1)

    @dg.multi_asset(
        name=table.name, specs=[spec_of(table.name, deps=(mart,))], required_resource_keys={"house"}
    )
    def public_table(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        house: House = context.resources.house
        yield from keep_tables(
            house,
            (table.name,),
            inputs=(mart,),
            compute=lambda: {table.name: _disclosed(house, table, mart)},
            settings={"disclosure": house.settings.disclosure, "as_of": house.as_of},
        )

    return public_table


def _disclosed(house: House, table: Table, mart: str) -> pl.DataFrame:
    thresholds = house.settings.disclosure
    by_background = table.name == _BY_BACKGROUND
    threshold = thresholds.threshold_background if by_background else thresholds.threshold_open
    frame = house.store.read(mart)
    if table.name == _BACKLOG:
        frame = select_backlog_rows(frame, as_of=house.as_of)
    services = load_codes()["services"]
    public = disclose(table.name, frame, threshold=threshold, services=services)
    lineage = frame.select(list(table.schema)[-4:]).head(1)
    return public.join(lineage, how="cross").select(list(table.schema))
