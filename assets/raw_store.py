"""Bytes as received, each with a provenance slip; the same content is kept once.

A slip says under which names and when a content was seen. Landing a file again, renamed or not,
adds at most a sighting to the slip: nothing downstream is keyed by name or by time of landing.
"""

import hashlib
import json
from collections.abc import Iterator
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
        """Keep a delivery; says whether its content was new."""
        content, dropped = drop_personal_fields(delivery.content)
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._slip_path(sha256)
        sighting = {"name": delivery.name, "seen_at": _iso(delivery.fetched_at)}
        if path.exists():
            return self._seen_again(path, sighting), False
        slip = Slip(
            source_code=delivery.source_code,
            name=delivery.name,
            address=delivery.address,
            first_seen_at=_iso(delivery.fetched_at),
            received_sha256=hashlib.sha256(delivery.content).hexdigest(),
            sha256=sha256,
            n_bytes=len(content),
            media_type=delivery.media_type,
            licence=delivery.licence,
            dropped_fields=dropped,
            sightings=[sighting],
        )
        atomic.write_bytes(path.with_suffix(".bin"), content)
        atomic.write_json(path, asdict(slip))
        return slip, True

    def slips(self) -> list[Slip]:
        """Every slip, in order of source and content hash."""
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

    def _seen_again(self, path: Path, sighting: dict[str, str]) -> Slip:
        slip = Slip(**json.loads(path.read_bytes()))
        if sighting["name"] in {s["name"] for s in slip.sightings}:
            return slip
        slip.sightings.append(sighting)
        atomic.write_json(path, asdict(slip))
        return slip

    def _read_slips(self) -> Iterator[Slip]:
        for path in self.root.glob("*/*.json"):
            document: dict[str, Any] = json.loads(path.read_bytes())
            yield Slip(**document)

    def _slip_path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / f"{sha256}.json"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
