"""Versions of the program and of the code lists, as hashes of what they are made of.

A table is recomputed when the program that computed it has changed. Hashing the sources asks
nobody to remember to raise a number.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_ENDINGS = (".py", ".yaml", ".csv", ".toml", ".jinja", ".css", ".js")


@cache
def code_version() -> str:
    """Release and a hash of the sources, for example ``0.1.0+3f2a90bc``."""
    digest = _digest(("data_contracts", "transforms", "assets"))
    return f"{version('kuulolla')}+{digest[:8]}"


@cache
def intake_version() -> str:
    """Hash of everything that reads a delivery: contracts, parsers, cleaners, privacy, readers."""
    rooms = ("transforms/parse", "transforms/clean", "transforms/privacy")
    readers = ("assets/families.py", "assets/readers.py")
    return _digest(("data_contracts", *rooms, *readers))[:16]


@cache
def text_version() -> str:
    """Hash of what learns and labels: models trained by it need no training when pages change."""
    return _digest(("transforms/text",))[:16]


@cache
def taxonomy_version() -> str:
    """Hash of the code lists."""
    return _digest(("data_contracts/codes",))[:16]


def _digest(rooms: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for room in rooms:
        package, _, below = room.partition("/")
        folder = files(package) / below if below else files(package)
        entries = _sources(folder, room) if folder.is_dir() else [(room, folder)]
        for path, entry in sorted(entries):
            digest.update(path.encode() + b"\0" + hashlib.sha256(entry.read_bytes()).digest())
    return digest.hexdigest()


def _sources(folder: Traversable, path: str) -> Iterable[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        below = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _sources(entry, below)
        elif entry.name.endswith(_ENDINGS):
            yield below, entry
