"""The join as an asset: every act of a resident, side by side."""

from collections.abc import Iterator

import dagster as dg

from assets.core.joining import ACTS, LABELS, PARTS, join_acts
from assets.described import spec_of
from assets.house import House
from assets.keeping import keep_tables

TABLE = ACTS
INPUTS = (*PARTS.values(), LABELS)


@dg.multi_asset(
    name=TABLE,
    specs=[spec_of(TABLE, deps=INPUTS)],
    required_resource_keys={"house"},
)
def core_acts__acts(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Answers, service requests, initiatives, ideas and notes as one table."""
    house: House = context.resources.house
    yield from keep_tables(
        house,
        (TABLE,),
        inputs=INPUTS,
        compute=lambda: {TABLE: join_acts(house, house.store.read(LABELS))},
    )
