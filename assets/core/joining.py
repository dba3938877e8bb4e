"""Core tables joined to acts: for the table of acts, and for finding the text of an act."""

import polars as pl

from assets.engine import EmbeddedEngine
from assets.house import House
from data_contracts.contract import load_codes, load_contracts
from transforms.acts.acts import CoreTables, build_acts

ACTS = "core_acts__acts"
LABELS = "core_text__labels"
#: Tables that acts are made of besides the labels, by part.
PARTS = {
    "tickets": "core_feedback__tickets",
    "initiatives": "core_initiatives__initiatives",
    "register": "core_initiatives__register",
    "ideas": "core_ideas__ideas",
    "notes": "core_notes__notes",
    "answers": "core_surveys__answers",
    "questions": "core_surveys__questions",
    "respondents": "core_surveys__respondents",
    "waves": "core_surveys__waves",
}


def join_acts(house: House, labels: pl.DataFrame) -> pl.DataFrame:
    """The acts of everything in the store with these labels, in key order."""
    engine = EmbeddedEngine()
    tables = {part: engine.lazy(house.store.scan(name)) for part, name in PARTS.items()}
    services = load_codes()["services"].with_columns(pl.col("valid_from", "valid_to").str.to_date())
    acts = build_acts(
        CoreTables(**tables, labels=engine.lazy(labels), services=engine.lazy(services))
    )
    schema = load_contracts()[ACTS].schema
    frame: pl.DataFrame = acts.collect().to_native()
    return frame.select(list(schema)).cast(schema).sort("act_id")


def texts_of_acts(house: House) -> pl.DataFrame:
    """``act_id`` and ``text_id`` of every act with a text; labels are not needed."""
    nothing = pl.DataFrame(schema=load_contracts()[LABELS].schema)
    return join_acts(house, nothing).select("act_id", "text_id").drop_nulls()
