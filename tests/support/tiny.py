"""The tiny city, and runs of the whole job over it in this process.

The city lies as real files in ``tiny_city/exports``, written by hand in the sources' own formats;
``tiny_city/README.md`` works out by hand what comes of them.
"""

import contextlib
import hashlib
import io
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import patch

import polars as pl
from sqlalchemy import event
from sqlalchemy.engine import Engine

from assets.folders import Folders
from assets.raw_store import RawStore
from assets.store import TableStore

CITY = Path(__file__).resolve().parent / "tiny_city"
AS_OF = date(2026, 3, 31)
KEY = "tiny-city-test-key-0123456789"
#: When the exports were written: a file's time of change is its time of delivery.
DELIVERED_AT = datetime(2026, 3, 31, 3, tzinfo=UTC).timestamp()

#: One rare word of each kind of text that a resident wrote, none of which may ever leave.
RESIDENTS_WORDS = (
    "kurkiaura", "norpanpoika", "tuohivirsu", "sudenkoren", "mursunviiks", "hillerinpol",
    "villakoiransilm", "peikonpelott", "rosvopaist", "karhunvatukka", "kuutamourak", "myllynkiv",
    "kultapossukerho", "131052-308t", "050 123 4567", "tekaistu tekij", "hilla@posti",
)  # fmt: skip
#: What the source calls a resident's request: as personal as its words.
RESIDENTS_IDS = ("tiny-t0", "tiny-t1", "tiny-t2", "-aaaa-4bbb-8ccc-")


@dataclass(frozen=True, slots=True)
class Town:
    """A place of its own for runs: exports, settings and a data folder below ``root``."""

    root: Path

    @property
    def exports(self) -> Path:
        """The source folder."""
        return self.root / "exports"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.root / "settings.toml"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.root / "data"

    @property
    def folders(self) -> Folders:
        """Paths below the data folder."""
        return Folders(self.data)

    @property
    def current(self) -> Path:
        """The publication in force, as a folder of its own."""
        return self.folders.current.resolve()

    def table(self, name: str) -> pl.DataFrame:
        """A stored table, verified against its manifest."""
        return TableStore(self.folders.tables).read(name)

    def raw(self) -> RawStore:
        """What was landed."""
        return RawStore(self.folders.raw)

    def page(self, name: str = "index.html") -> str:
        """A published page."""
        return (self.current / "site" / name).read_text(encoding="utf-8")

    def alerts(self) -> list[str]:
        """The words of every alert file."""
        return [p.read_text(encoding="utf-8") for p in sorted(self.folders.alerts.glob("*.txt"))]

    def deliver(self, path: str, content: bytes, *, hours_later: float = 1) -> Path:
        """Put a file into the source folder, delivered some hours after the city's own."""
        target = self.exports / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        at = DELIVERED_AT + hours_later * 3600
        os.utime(target, (at, at))
        return target

    def add_settings(self, text: str) -> None:
        """Add tables to the settings."""
        self.settings.write_text(self.settings.read_text("utf-8") + "\n" + text, "utf-8")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def build_town(root: Path) -> Town:
    """The tiny city's exports and settings in a folder of their own, all delivered at one time."""
    town = Town(root)
    shutil.copytree(CITY / "exports", town.exports)
    shutil.copy(CITY / "settings.toml", town.settings)
    for path in town.exports.rglob("*"):
        if path.is_file():
            os.utime(path, (DELIVERED_AT, DELIVERED_AT))
    return town


def in_one_process(town: Town) -> Town:
    """The town, whose runs start no process of their own: as many tests as cores run beside it."""
    text = town.settings.read_text("utf-8")
    town.settings.write_text(text.replace("[run]\n", "[run]\nn_processes = 1\n"), "utf-8")
    return town


def run_job(town: Town) -> Ran:
    """The nightly job over a town by the command line, in this process."""
    return run_command("job", "--settings", str(town.settings), "--data-dir", str(town.data))


def run_command(*arguments: str) -> Ran:
    """A command as ``./run`` calls it; every exit is an exit code."""
    from pipelines.cli import main

    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        _not_waiting_for_the_disk(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch.object(sys, "argv", ["kuulolla", *arguments]),
    ):
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return Ran(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _not_waiting_for_the_disk() -> Iterator[None]:
    """The same files with the same content, flushed when the system likes: nobody cuts the power.

    A run waits for the disk some two thousand times, twice as long as it computes on a busy one.
    """

    def hurry(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA synchronous = OFF").close()

    event.listen(Engine, "connect", hurry)
    try:
        with patch.object(os, "fsync", lambda _: None):
            yield
    finally:
        event.remove(Engine, "connect", hurry)


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def times_of_change(folder: Path) -> dict[str, int]:
    """Time of change of every file below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
