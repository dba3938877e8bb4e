"""Where a long fetch stands, so that a killed one goes on and does not begin again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from assets import atomic


class Checkpoint(Protocol):
    """Keeps one small document between fetches."""

    def load(self) -> dict[str, Any]:
        """The document last saved; empty before the first."""

    def save(self, state: Mapping[str, Any]) -> None:
        """Keep ``state`` in place of what was kept before."""


@dataclass(frozen=True, slots=True)
class FileCheckpoint:
    """A checkpoint in a JSON file, replaced as a whole.

    A file that is damaged counts as absent: the fetch begins again, which costs time and no rows.
    """

    path: Path

    def load(self) -> dict[str, Any]:
        """The document last saved; empty when there is none that can be read."""
        try:
            state = json.loads(self.path.read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def save(self, state: Mapping[str, Any]) -> None:
        """Write beside and rename: a crash leaves the old document or the new one."""
        atomic.write_json(self.path, state)
