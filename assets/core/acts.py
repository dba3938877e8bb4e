"""The join as an asset: every act of a resident, side by side."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.core.text import LABELS
from assets.described import spec_of
from assets.engine import EmbeddedEngine
from assets.house import House
from assets.keeping import keep_tables
from data_contracts.contract import load_codes, load_contracts
from transforms.acts.acts import CoreTables, build_acts

TABLE = "core_acts__acts"
INPUTS = {
    "tickets": "core_feedback__tickets",
    "initiatives": "core_initiatives__initiatives",
    "register": "core_initiatives__register",
    "ideas": "core_ideas__ideas",
    "notes": "core_notes__notes",
    "answers": "core_surveys__answers",
    "questions": "core_surveys__questions",
    "respondents": "core_surveys__respondents",
    "waves": "core_surveys__waves",
    "labels": LABELS,
}


@dg.multi_asset(
    name=TABLE,
    specs=[spec_of(TABLE, deps=tuple(INPUTS.values()))],
    required_resource_keys={"house"},
)
def core_acts__acts(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Answers, service requests, initiatives, ideas and notes as one table."""
    house: House = context.resources.house
    yield from keep_tables(
        house,
        (TABLE,),
        inputs=tuple(INPUTS.values()),
        compute=lambda: {TABLE: join_acts(house)},
    )


def join_acts(house: House) -> pl.DataFrame:
    """The acts of everything in the store, in key order."""
    engine = EmbeddedEngine()
    tables = {part: engine.lazy(house.store.read(name)) for part, name in INPUTS.items()}
    services = load_codes()["services"].with_columns(pl.col("valid_from", "valid_to").str.to_date())
    acts = build_acts(CoreTables(**tables, services=engine.lazy(services)))
    schema = load_contracts()[TABLE].schema
    frame: pl.DataFrame = acts.collect().to_native()
    return frame.select(list(schema)).cast(schema).sort("act_id")
