"""After a failed night: the last figures stay, and every page says why they stand still."""

from pathlib import Path

import polars as pl

from assets.house import House
from assets.public.publishing import publish, read_published
from assets.public.staleness import stale_sources
from assets.troubles import RUN, note_trouble, troubles


def restate_publication(house: House) -> Path | None:
    """Publish the current figures again with today's troubles said; None without a publication.

    The tables are read from the publication itself, so that their bytes and their snapshot day
    stay what they were; only the pages change.
    """
    if not house.folders.current.exists():
        return None
    if not troubles(house):
        note_trouble(house, RUN, "The nightly run failed; see the alert file.")
    tables = read_published(house.folders.current.resolve())
    snapshots = pl.concat([t.select("snapshot_on") for t in tables.values()])["snapshot_on"]
    snapshot_on = snapshots.max()
    stale = stale_sources(house, tables)
    return publish(house, tables, snapshot_on=snapshot_on, stale=stale)  # type: ignore[arg-type]
