"""Bytes as received, each with a provenance slip; the same content is kept once.

A slip says under which names and when a content was seen. Landing a file again, renamed or not,
adds at most a sighting to the slip: nothing downstream is keyed by name or by time of landing.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from assets import atomic
from assets.connectors.delivery import Delivery
from assets.connectors.door import drop_personal_fields
from assets.errors import DamagedTableError


@dataclass(frozen=True, slots=True)
class Slip:
    """Where a content came from. Times are ISO with offset."""

    source_code: str
    name: str
    address: str
    first_seen_at: str
    received_sha256: str
    sha256: str
    n_bytes: int
    media_type: str | None
    licence: str | None
    dropped_fields: list[str]
    sightings: list[dict[str, str]] = field(default_factory=list)


class RawStore:
    """Raw contents below one folder; the first source that sent a content keeps it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def land(self, delivery: Delivery) -> tuple[Slip, bool]:
        """Keep a delivery, on disk when this returns; says whether its content was new."""
        [landed] = self.land_all([delivery])
        return landed

    def land_all(self, deliveries: Iterable[Delivery]) -> Iterator[tuple[Slip, bool]]:
        """Keep deliveries that their source can deliver again, flushed to disk at the end.

        A power cut before the end may leave a slip without its whole content. Neither is trusted:
        a content is compared when it is delivered again, and verified whenever it is read.
        """
        written: list[Path] = []
        try:
            for delivery in deliveries:
                yield self._keep(delivery, written)
        finally:
            atomic.flush(written)

    def slips(self) -> list[Slip]:
        """Every slip, in order of source and content hash; some seconds for tens of thousands.

        Raises:
            DamagedTableError: If a slip cannot be read.
        """
        return sorted(self._read_slips(), key=lambda s: (s.source_code, s.sha256))

    def content(self, slip: Slip) -> bytes:
        """The bytes of a slip, verified.

        Raises:
            DamagedTableError: If the bytes on disk are not those that were landed.
        """
        path = self._slip_path(slip.sha256).with_suffix(".bin")
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != slip.sha256:
            raise DamagedTableError(
                f"Raw file {path} has another SHA-256 than its slip, so it was damaged after it "
                "was landed. Remove it with its slip and land the original again."
            )
        return content

    def _keep(self, delivery: Delivery, written: list[Path]) -> tuple[Slip, bool]:
        content, dropped = drop_personal_fields(delivery.content)
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._slip_path(sha256)
        sighting = {"name": delivery.name, "seen_at": _iso(delivery.fetched_at)}
        known = _read_slip(path)
        if known is not None:
            if not _holds(path.with_suffix(".bin"), content):
                _put_content(path, content, written)
            if sighting["name"] not in {s["name"] for s in known.sightings}:
                known.sightings.append(sighting)
                _put_slip(path, known, written)
            return known, False
        is_as_received = content is delivery.content
        slip = Slip(
            source_code=delivery.source_code,
            name=delivery.name,
            address=delivery.address,
            first_seen_at=_iso(delivery.fetched_at),
            received_sha256=sha256
            if is_as_received
            else hashlib.sha256(delivery.content).hexdigest(),
            sha256=sha256,
            n_bytes=len(content),
            media_type=delivery.media_type,
            licence=delivery.licence,
            dropped_fields=dropped,
            sightings=[sighting],
        )
        _put_content(path, content, written)
        _put_slip(path, slip, written)
        return slip, True

    def _read_slips(self) -> Iterator[Slip]:
        if not self.root.is_dir():
            return
        for folder in _entries(self.root):
            if not folder.is_dir():
                continue
            for entry in _entries(folder.path):
                if not entry.name.endswith(".json") or entry.name.startswith("."):
                    continue
                slip = _read_slip(Path(entry.path))
                if slip is None:
                    raise DamagedTableError(
                        f"Slip {entry.path} cannot be read, expected JSON, so it was damaged after "
                        "it was landed. Remove it with its .bin and land the original again."
                    )
                yield slip

    def _slip_path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / f"{sha256}.json"


def _read_slip(path: Path) -> Slip | None:
    """The slip at ``path``; null when there is none, or it is damaged."""
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
        return Slip(**document)
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _put_content(path: Path, content: bytes, written: list[Path]) -> None:
    atomic.write_bytes(path.with_suffix(".bin"), content, is_flushed=False)
    written.append(path.with_suffix(".bin"))


def _put_slip(path: Path, slip: Slip, written: list[Path]) -> None:
    atomic.write_json(path, asdict(slip), is_flushed=False)
    written.append(path)


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
