"""From raw bytes to accepted and rejected rows, each delivery once.

A batch holds what one run read: a folder with a Parquet file per table, renamed into place as a
whole, so that a killed run leaves either all of its rows or none. A delivery is read again only
when its bytes, its sidecars or the program that reads it have changed; rows of superseded readings
are left out when tables are read and swept with the next compaction.
"""

import io
import json
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets import atomic

#: One row per delivery and table that the intake has read.
FILES_SCHEMA: Mapping[str, pl.DataType] = {
    "reading_id": pl.String(),
    "delivery_sha256": pl.String(),
    "table_name": pl.String(),
    "source_code": pl.String(),
    "format_code": pl.String(),
    "file_name": pl.String(),
    "delivered_at": pl.String(),
    "n_bytes": pl.Int64(),
    "encoding_name": pl.String(),
    "n_rows_in": pl.Int64(),
    "n_rejected": pl.Int64(),
    "min_on": pl.Date(),
    "max_on": pl.Date(),
    "refusal": pl.String(),
    "is_damaged": pl.Boolean(),
}
FILES = "files"
_MOST_BATCHES = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """What one delivery gave: rows by table (with ``reading_id``), and its lines in the account."""

    reading_id: str
    frames: Mapping[str, pl.DataFrame]
    files: pl.DataFrame


class Intake:
    """Batches below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def known_readings(self) -> set[str]:
        """Ids of every reading that is already kept."""
        known: set[str] = set()
        for batch in self._batches():
            known.update(json.loads((batch / "batch.json").read_bytes())["readings"])
        return known

    def keep(self, readings: Sequence[Reading]) -> None:
        """Keep readings as one batch: all of them, or none after a crash."""
        if not readings:
            return
        frames: dict[str, list[pl.DataFrame]] = {FILES: [r.files for r in readings]}
        for reading in readings:
            for name, frame in reading.frames.items():
                frames.setdefault(name, []).append(frame)
        merged = {name: pl.concat(parts) for name, parts in frames.items()}
        self._write_batch(merged, [reading.reading_id for reading in readings])

    def compact(self, current: Iterable[str]) -> None:
        """Fold many batches into one, leaving superseded readings out."""
        batches = self._batches()
        if len(batches) <= _MOST_BATCHES:
            return
        wanted = set(current) & self.known_readings()
        names = {p.stem for batch in batches for p in batch.glob("*.parquet")}
        merged = {name: self.read(name, wanted) for name in sorted(names)}
        self._write_batch({n: f for n, f in merged.items() if f is not None}, sorted(wanted))
        for batch in batches:
            # Out of sight first: a batch half removed would still name readings as kept.
            aside = batch.with_name(f".{batch.name}.part")
            batch.rename(aside)
            shutil.rmtree(aside)

    def read(self, name: str, current: Iterable[str]) -> pl.DataFrame | None:
        """Rows of one table of the current readings, each once; None when there are none."""
        wanted = pl.DataFrame(
            {"reading_id": sorted(set(current))}, schema={"reading_id": pl.String}
        )
        paths = [p for batch in self._batches() if (p := batch / f"{name}.parquet").exists()]
        if not paths:
            return None
        frames, seen = [], pl.DataFrame(schema={"reading_id": pl.String})
        for path in paths:
            frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
            frame = frame.join(wanted, on="reading_id", how="semi")
            # A crash between writing a compacted batch and removing the old ones leaves a reading
            # in two batches.
            frame = frame.join(seen, on="reading_id", how="anti", maintain_order="left")
            seen = pl.concat([seen, frame.select("reading_id").unique()])
            frames.append(frame)
        # Batches of an older program have other columns, and no rows that are wanted any more.
        return pl.concat([f for f in frames if f.height] or frames[-1:])

    def _write_batch(self, frames: Mapping[str, pl.DataFrame], readings: Sequence[str]) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        batch_id = uuid.uuid4().hex
        building = self.root / f".{batch_id}.part"
        building.mkdir()
        for name, frame in frames.items():
            frame.write_parquet(building / f"{name}.parquet", compression="zstd")
        atomic.write_json(building / "batch.json", {"readings": list(readings)})
        atomic.move_folder(building, self.root / f"{len(self._batches()):05d}-{batch_id}")
        atomic.sweep(self.root)

    def _batches(self) -> list[Path]:
        if not self.root.exists():
            return []
        shown = (p for p in self.root.iterdir() if not p.name.startswith("."))
        return sorted(p for p in shown if (p / "batch.json").exists())
