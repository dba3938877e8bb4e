"""What earlier publications told: kept beside them, so that disclosure control remembers it.

The counts of the publication in force are read from itself; those of all before it lie in
``state/told_counts.parquet``, inside, since what was told once may be withheld today. A
publication goes into the memory before the pointer leaves it: what never came out is not told.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from assets import atomic
from assets.house import House
from assets.public.publishing import MANIFEST, publish, read_published
from assets.store import parquet_bytes
from transforms.privacy.memory import with_publication
from transforms.privacy.plans import PLANS
from transforms.publish.publication import StaleSource

_FILE = "told_counts.parquet"


def publish_next(
    house: House,
    tables: Mapping[str, pl.DataFrame],
    *,
    snapshot_on: date,
    stale: Sequence[StaleSource],
) -> Path:
    """Publish the tables, and before that remember what the current publication told."""
    remember_current(house)
    return publish(house, tables, snapshot_on=snapshot_on, stale=stale)


def told_before(house: House) -> pl.DataFrame | None:
    """Every count told by publications before the current one; None when there are none.

    Without the file (the first night with a memory) the publications that are kept are read.
    """
    path = house.folders.state / _FILE
    if path.exists():
        return pl.read_parquet(path)
    current = house.folders.current
    if not current.exists():
        return None
    told = None
    for folder in sorted(house.folders.publications.iterdir()):
        if not folder.is_symlink() and folder != current.resolve() and (folder / MANIFEST).exists():
            told = with_publication(told, read_published(folder), plans=PLANS)
    return told


def remember_current(house: House) -> None:
    """Take the current publication into the memory; to be done before another one follows it."""
    current = house.folders.current
    if not current.exists():
        return
    told = with_publication(told_before(house), read_published(current.resolve()), plans=PLANS)
    atomic.write_bytes(house.folders.state / _FILE, parquet_bytes(told))
