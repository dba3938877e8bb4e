"""What a city sets, as typed values; ``pipelines.environments`` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class City:
    """The municipality that listens."""

    name: str = "Seinäjoki"
    municipality_code: str = "743"
    residents: int = 66_556
    residents_on: date = date(2024, 10, 31)
    lat_min: float = 62.4
    lat_max: float = 63.1
    lon_min: float = 22.2
    lon_max: float = 23.4


@dataclass(frozen=True, slots=True)
class ApiSource:
    """A live address; ``freshness_hours`` is the age at which its data count as stale."""

    address: str
    freshness_hours: float = 36.0
    since: date | None = None
    requests_per_second: float = 2.0
    jurisdiction_id: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Thresholds of disclosure control: least number of cases behind a published figure."""

    threshold_open: int = 5
    threshold_background: int = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between cities and nights.

    ``source_dir`` is a folder of exports; sources that are None are not asked. ``corrections_dir``
    is where analysts put corrections, or None for the data folder's own. ``as_of`` is the snapshot
    day, or None for yesterday. ``pseudonym_key`` never leaves the process.
    """

    data_dir: Path
    pseudonym_key: bytes = field(repr=False)
    city: City = City()
    source_dir: Path | None = None
    corrections_dir: Path | None = None
    source_freshness_hours: Mapping[str, float] = field(default_factory=dict)
    kuntalaisaloite: ApiSource | None = None
    georeport: ApiSource | None = None
    webropol: ApiSource | None = None
    pxweb: ApiSource | None = None
    disclosure: Disclosure = Disclosure()
    sla_hours: Mapping[str, float] = field(default_factory=dict)
    as_of: date | None = None
    n_processes: int = 2
    accepted_damage: frozenset[str] = frozenset()
    is_demo: bool = False
