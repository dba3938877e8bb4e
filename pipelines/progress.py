"""A line per step while a run goes on: what, how many rows, how long."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster import EventLogEntry


class Progress:
    """Listens to a run's events and says each finished step on stderr."""

    def __init__(self, n_steps: int) -> None:
        self.n_steps = n_steps
        self.n_done = 0
        self.began = time.perf_counter()
        self._step_began = self.began

    def hear(self, entry: EventLogEntry) -> None:
        """Take one event of the run."""
        event = entry.dagster_event
        if event is None:
            return
        kind = event.event_type_value
        if kind == "ASSET_MATERIALIZATION":
            self._say_table(event)
        elif kind == "ASSET_CHECK_EVALUATION":
            evaluation = event.asset_check_evaluation_data
            if not evaluation.passed:
                name, is_warning = (
                    evaluation.asset_key.to_user_string(),
                    evaluation.severity.value == "WARN",
                )
                said = f"⚠ {name}: {evaluation.check_name} does not hold"
                self._line(said if is_warning else f"✗ {name} breaks its contract")
        elif kind == "STEP_START":
            self._step_began = time.perf_counter()
        elif kind == "STEP_FAILURE":
            self._line(f"✗ {event.step_key} failed")

    def _say_table(self, event: object) -> None:
        materialization = event.step_materialization_data.materialization  # type: ignore[attr-defined]
        metadata = materialization.metadata
        name = materialization.asset_key.to_user_string()
        if name.endswith("_rejected"):
            return
        self.n_done += 1
        rows = metadata.get("dagster/row_count")
        count = f"{rows.value:>9,}".replace(",", " ") if rows else " " * 9
        unchanged = metadata.get("is_unchanged")
        seconds = time.perf_counter() - self._step_began
        note = "unchanged" if unchanged and unchanged.value else f"{seconds:6.1f} s"
        self._line(f"[{self.n_done:>2}/{self.n_steps}] {name:<38} {count} rows {note:>10}")

    def _line(self, text: str) -> None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
