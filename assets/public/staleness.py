"""Which sources the pages must call stale, and why."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from assets.house import House
from assets.troubles import troubles
from data_contracts.contract import load_codes
from transforms.publish.publication import StaleSource

_QUALITY = "public_data__quality_report"


def stale_sources(house: House, tables: Mapping[str, pl.DataFrame]) -> list[StaleSource]:
    """Sources past their freshness limit, and those in trouble now; by code."""
    report = tables[_QUALITY]
    late = report.filter("is_stale")["source_code"].unique().to_list()
    in_trouble = [trouble.about for trouble in troubles(house)]
    labels = dict(load_codes()["source"].select("code", "name_fi").iter_rows())
    return [
        StaleSource(code, labels.get(code, code), _latest_day(report, code))
        for code in sorted({*late, *in_trouble})
    ]


def _latest_day(report: pl.DataFrame, source_code: str) -> date | None:
    days = report.filter(pl.col("source_code") == source_code)["max_on"]
    latest = days.max()
    return latest if isinstance(latest, date) else None
