"""What a suite said of one content of one table, kept so that it need not be asked twice."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from assets import atomic


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result for one content; ``broken`` names rules and counts, never values."""

    table: str
    sha256: str
    suite: str
    passed: bool
    n_expectations: int
    broken: list[str]


class Verdicts:
    """Verdicts below one folder, the latest of each table."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def find(self, table: str) -> Verdict | None:
        """The latest verdict on a table, or None."""
        path = self.root / f"{table}.json"
        return Verdict(**json.loads(path.read_bytes())) if path.exists() else None

    def keep(self, verdict: Verdict) -> None:
        """Replace a table's verdict."""
        atomic.write_json(self.root / f"{verdict.table}.json", asdict(verdict))

    def every(self) -> list[Verdict]:
        """The latest verdict on every table, by name."""
        return [Verdict(**json.loads(p.read_bytes())) for p in sorted(self.root.glob("*.json"))]
