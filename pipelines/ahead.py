"""Validation that runs ahead of its checks: told by a run's events what has just been written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.versions import code_version
from data_contracts.contract import load_contracts

if TYPE_CHECKING:
    from dagster import EventLogEntry

    from assets.checks.validation import Quality


class Ahead:
    """Listens to a run and begins with every table that has a contract."""

    def __init__(self, quality: Quality) -> None:
        self.quality = quality

    def hear(self, entry: EventLogEntry) -> None:
        """Take one event of the run."""
        event = entry.dagster_event
        if event is None:
            return
        kind = event.event_type_value
        if kind == "ASSET_MATERIALIZATION":
            materialization = event.step_materialization_data.materialization
            table = load_contracts().get(materialization.asset_key.to_user_string())
            if table is not None:
                self.quality.begin(table, code_version=code_version())
        elif kind == "STEP_START":
            self.quality.begin_docs()
