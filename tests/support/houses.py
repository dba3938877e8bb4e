"""A house over an empty data folder, for tests of what assets keep there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from assets.connectors.delivery import Delivery
from assets.house import House
from assets.settings import Settings
from data_contracts.contract import load_contracts

KEY = b"a key for tests, not a secret"
NOW = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


def house_in(folder: Path, **changes: object) -> House:
    """A house whose snapshot day is the first of March 2026, with changed settings."""
    settings = Settings(data_dir=folder, pseudonym_key=KEY, as_of=date(2026, 3, 1))
    return House(replace(settings, **changes), now=NOW)  # type: ignore[arg-type]


def delivery(name: str, content: bytes, **changes: object) -> Delivery:
    """A file of the source ``havainnot`` with the content, and ``changes``."""
    honest = Delivery(
        source_code="havainnot",
        name=name,
        address=f"havainnot/{name}",
        content=content,
        fetched_at=NOW,
    )
    return replace(honest, **changes)  # type: ignore[arg-type]


def store_table(house: House, name: str, columns: Mapping[str, Sequence[object]]) -> None:
    """Keep a table with these columns and nothing in the others of its contract."""
    table = load_contracts()[name]
    found = pl.DataFrame(columns)
    full = found.select(
        found[n].cast(kind) if n in columns else pl.lit(None, dtype=kind).alias(n)
        for n, kind in table.schema.items()
    )
    house.store.write(table, full.head(found.height), fingerprint="f")
