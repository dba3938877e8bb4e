"""What a publication is called and as of when it holds: the facts that every product repeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source whose latest delivery is older than its limit.

    ``latest_on`` is the last day that its data cover; null when that is not known.
    """

    source_code: str
    label: str
    latest_on: date | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """A published file: ``path`` relative to the publication's folder, size in bytes."""

    path: str
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Publication:
    """The facts of one publication that are not in its tables.

    ``snapshot_on`` is the day as of which all figures hold. ``published_at`` is left out of the
    pages when null, so that the same input gives the same bytes. ``download_base`` leads from the
    folder of the pages to the folder of the publication. ``min_cell_n`` is the threshold that was
    used when small cells were withheld, ``min_background_n`` that of figures of people by their
    background; they are only told here, never applied.
    """

    publication_id: str
    snapshot_on: date
    city_name: str
    code_version: str
    published_at: datetime | None = None
    stale_sources: Sequence[StaleSource] = ()
    downloads: Sequence[Download] = ()
    download_base: str = "../"
    min_cell_n: int = 5
    min_background_n: int = 10
    is_demo: bool = False
