"""Where everything lies below the data folder: the one rule for paths."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """The data folder and its rooms."""

    root: Path

    @property
    def raw(self) -> Path:
        """Bytes as received, with their provenance slips."""
        return self.root / "raw"

    @property
    def intake(self) -> Path:
        """Rows read from deliveries, one batch a run."""
        return self.root / "intake"

    @property
    def tables(self) -> Path:
        """One folder per table: Parquet and manifest."""
        return self.root / "tables"

    @property
    def models(self) -> Path:
        """Text models and the type table."""
        return self.root / "models"

    @property
    def corrections(self) -> Path:
        """Corrections by analysts, CSV files; only people write here."""
        return self.root / "corrections"

    @property
    def publications(self) -> Path:
        """One folder per publication and the pointer ``current``."""
        return self.root / "publications"

    @property
    def current(self) -> Path:
        """The publication in force."""
        return self.publications / "current"

    @property
    def quality(self) -> Path:
        """Great Expectations' results and Data Docs."""
        return self.root / "quality"

    @property
    def alerts(self) -> Path:
        """One plain text file per failed run."""
        return self.root / "alerts"

    @property
    def state(self) -> Path:
        """Checkpoints of the connectors, the lease, the data folder's key."""
        return self.root / "state"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage (``DAGSTER_HOME``)."""
        return self.root / "dagster"

    @property
    def warehouse(self) -> Path:
        """DuckDB views over every table, for analysts inside the city."""
        return self.root / "warehouse.duckdb"
