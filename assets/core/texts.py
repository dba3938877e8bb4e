"""The masked texts of residents, whichever table they stand in."""

import polars as pl

from assets.house import House

TEXT_TABLES = (
    "core_feedback__tickets",
    "core_initiatives__initiatives",
    "core_initiatives__register",
    "core_ideas__ideas",
    "core_notes__notes",
    "core_surveys__answers",
)


def distinct_texts(house: House) -> pl.DataFrame:
    """Every distinct masked text of every table that has one: ``text_id``, ``text``."""
    parts = []
    for name in TEXT_TABLES:
        rows = house.store.scan(name)
        text = "text" if "text" in rows.collect_schema() else "title"
        parts.append(rows.select("text_id", pl.col(text).alias("text")).drop_nulls())
    return pl.concat(parts).unique("text_id", keep="any").sort("text_id").collect()


def own_labels(house: House) -> pl.DataFrame:
    """Texts whose service the city's own system names."""
    tickets = house.store.scan("core_feedback__tickets")
    named = tickets.filter(pl.col("service_reported_id").is_not_null(), pl.col("text") != "")
    said = named.select("text", service_id="service_reported_id").unique()
    return said.sort("text", "service_id").collect()
