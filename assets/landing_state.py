"""What the source folder looked like when it was last landed: names, sizes, times of change."""

import hashlib
import json
from collections.abc import Collection
from pathlib import Path

from assets import atomic
from assets.house import House

_NAME = "landed.txt"
_CONTENTS = "landed_contents.json"


def folder_state(folder: Path) -> str:
    """A hash of every file's name, size and time of change; contents are not read."""
    lines = [
        f"{path.relative_to(folder)}\t{stat.st_size}\t{stat.st_mtime_ns}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
        for stat in (path.stat(),)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def landed_state(house: House) -> str | None:
    """The state of the folder that the last run landed; None before the first."""
    path = house.folders.state / _NAME
    return path.read_text(encoding="utf-8") if path.exists() else None


def keep_landed_state(house: House, state: str) -> None:
    """Remember the state that has been landed."""
    atomic.write_bytes(house.folders.state / _NAME, state.encode())


def keep_landed_contents(house: House, hashes: Collection[str]) -> None:
    """Remember which contents the folder held when it was last landed."""
    content = json.dumps(sorted(hashes)).encode()
    atomic.write_bytes(house.folders.state / _CONTENTS, content)


def gone_from_folder(house: House) -> set[str]:
    """Contents that came from the folder once and that it no longer holds."""
    path = house.folders.state / _CONTENTS
    held = set(json.loads(path.read_bytes())) if path.exists() else set()
    from_folder = {slip.sha256 for slip in house.raw.slips() if "://" not in slip.address}
    return from_folder - held
