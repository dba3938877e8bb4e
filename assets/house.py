"""The house as a Dagster resource: settings, folders, tables and the snapshot day of one run."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from assets.folders import Folders
from assets.raw_store import RawStore
from assets.settings import Settings
from assets.store import TableStore

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class House:
    """What every asset needs; ``now`` is the moment at which the run began."""

    settings: Settings
    now: datetime

    @cached_property
    def folders(self) -> Folders:
        """Paths below the data folder."""
        return Folders(self.settings.data_dir)

    @cached_property
    def store(self) -> TableStore:
        """Tables as Parquet."""
        return TableStore(self.folders.tables)

    @cached_property
    def raw(self) -> RawStore:
        """Bytes as received."""
        return RawStore(self.folders.raw)

    @property
    def corrections_dir(self) -> Path:
        """Where analysts put their corrections; it need not be there."""
        return self.settings.corrections_dir or self.folders.corrections

    def current_readings(self) -> list[str]:
        """Ids of the readings in force, as the intake of this run has left them; sorted."""
        readings: list[str] = json.loads((self.folders.intake / "current.json").read_bytes())
        return readings

    def freshness_limits(self) -> dict[str, float]:
        """Hours after which a source's data count as stale, by source."""
        settings = self.settings
        apis = {
            "kuntalaisaloite": settings.kuntalaisaloite,
            "georeport": settings.georeport,
            "webropol": settings.webropol,
        }
        limits = {name: api.freshness_hours for name, api in apis.items() if api}
        return {**limits, **settings.source_freshness_hours}

    @property
    def as_of(self) -> date:
        """Snapshot day: the settings' day, or yesterday in city time."""
        if self.settings.as_of:
            return self.settings.as_of
        return self.now.astimezone(HELSINKI).date() - timedelta(days=1)
