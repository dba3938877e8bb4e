"""How an asset keeps what it computed: only when its inputs or the program have changed."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dagster as dg
import polars as pl

from assets.house import House
from assets.previews import first_rows, rows_by_month, slips
from assets.store import fingerprint_of
from assets.versions import code_version
from data_contracts.contract import Table, load_contracts

Compute = Callable[[], Mapping[str, pl.DataFrame]]


def keep_tables(
    house: House,
    names: tuple[str, ...],
    *,
    inputs: tuple[str, ...],
    compute: Compute,
    settings: Mapping[str, object] | None = None,
) -> Iterator[dg.MaterializeResult]:
    """Compute and keep tables, or leave them as they are when nothing behind them has changed.

    Args:
        house: Store and settings.
        names: Tables that ``compute`` gives.
        inputs: Stored tables that it reads; their content hashes go into the fingerprint.
        compute: Gives every table of ``names``, in contract columns.
        settings: Whatever else the result depends on: snapshot day, thresholds, raw contents.

    Yields:
        One result per table with rows, duration and a preview.
    """
    fingerprint = table_fingerprint(house, inputs, settings or {})
    began = time.perf_counter()
    unchanged = house.store.is_current(names, fingerprint)
    frames = {} if unchanged else compute()
    seconds = time.perf_counter() - began
    contracts = load_contracts()
    for name in names:
        if unchanged:
            yield _unchanged_result(house, name)
        else:
            manifest = house.store.write(contracts[name], frames[name], fingerprint=fingerprint)
            yield _result(contracts[name], frames[name], manifest.sha256, seconds)


def table_fingerprint(house: House, inputs: tuple[str, ...], settings: Mapping[str, object]) -> str:
    """What a table stands on: input contents, settings and the program."""
    tables = house.store.sha256_of(inputs)
    return fingerprint_of({"inputs": tables, "settings": settings, "code": code_version()})


def _result(table: Table, frame: pl.DataFrame, sha256: str, seconds: float) -> dg.MaterializeResult:
    metadata: dict[str, Any] = {
        "dagster/row_count": frame.height,
        "duration_s": round(seconds, 3),
        "is_unchanged": False,
        "sha256": sha256,
    }
    pictures = {
        "rows_by_month": rows_by_month(table, frame),
        "first_rows": first_rows(table, frame),
        "slips": slips(table, frame),
    }
    metadata.update({k: dg.MetadataValue.md(v) for k, v in pictures.items() if v})
    return dg.MaterializeResult(
        asset_key=table.name, metadata=metadata, data_version=dg.DataVersion(sha256)
    )


def _unchanged_result(house: House, name: str) -> dg.MaterializeResult:
    manifest = house.store.manifest(name)
    if manifest is None:  # is_current has just seen it
        raise AssertionError(name)
    return dg.MaterializeResult(
        asset_key=name,
        metadata={
            "dagster/row_count": manifest.n_rows,
            "duration_s": 0.0,
            "is_unchanged": True,
            "sha256": manifest.sha256,
        },
        data_version=dg.DataVersion(manifest.sha256),
    )
