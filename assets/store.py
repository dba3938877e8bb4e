"""Parquet per table: one folder, one data file, one manifest that names it.

The manifest is renamed into place last; it is the commit. A reader trusts nothing but the manifest
and checks the file against its SHA-256: one flipped byte in Parquet is otherwise read as a wrong
number without an error. A table that grows with what residents do is scanned, never read whole.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from assets import atomic
from assets.errors import BrokenPromiseError, DamagedTableError
from data_contracts.contract import Table


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies on disk for one table, and what it was computed from."""

    table: str
    file: str
    sha256: str
    n_rows: int
    n_bytes: int
    fingerprint: str
    contract_version: str


class TableStore:
    """Tables below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def manifest(self, name: str) -> Manifest | None:
        """The manifest of a table, or None when it has never been written."""
        path = self.root / name / "manifest.json"
        if not path.exists():
            return None
        return Manifest(**json.loads(path.read_bytes()))

    def is_current(self, names: tuple[str, ...], fingerprint: str) -> bool:
        """Whether every table was computed from just these inputs and its file is still there."""
        manifests = [self.manifest(name) for name in names]
        return all(
            m is not None
            and m.fingerprint == fingerprint
            and (self.root / m.table / m.file).is_file()
            for m in manifests
        )

    def write(self, table: Table, frame: pl.DataFrame, *, fingerprint: str) -> Manifest:
        """Replace a table; the same frame gives the same bytes.

        Raises:
            BrokenPromiseError: If columns, order or types differ from the contract.
        """
        check_schema(table, frame)
        content = parquet_bytes(frame)
        sha256 = hashlib.sha256(content).hexdigest()
        folder = self.root / table.name
        manifest = Manifest(
            table=table.name,
            file=f"{sha256[:16]}.parquet",
            sha256=sha256,
            n_rows=frame.height,
            n_bytes=len(content),
            fingerprint=fingerprint,
            contract_version=table.version,
        )
        atomic.write_bytes(folder / manifest.file, content)
        atomic.write_json(folder / "manifest.json", asdict(manifest))
        self._drop_others(folder, manifest.file)
        return manifest

    def read(self, name: str) -> pl.DataFrame:
        """A whole table, verified against its manifest.

        Raises:
            DamagedTableError: If the table is not there or is not the one its manifest names.
        """
        return pl.read_parquet(self.verified_path(name))

    def scan(self, name: str) -> pl.LazyFrame:
        """A table of which only the columns and rows that are asked for will be read.

        The whole file is verified now, a piece at a time; it is read when the frame is collected.

        Raises:
            DamagedTableError: As for ``read``.
        """
        return pl.scan_parquet(self.verified_path(name))

    def verified_path(self, name: str) -> Path:
        """Where the Parquet file of a table lies, verified."""
        manifest = self.manifest(name)
        if manifest is None:
            raise DamagedTableError(
                f"Table '{name}' is not in {self.root}, expected it to be written before it is "
                "read. Run ./run to build it."
            )
        path = self.root / name / manifest.file
        if not path.is_file() or _file_sha256(path) != manifest.sha256:
            raise DamagedTableError(
                f"File {path} has another SHA-256 than its manifest, so it was damaged after it "
                f"was written. Remove the folder {path.parent} and run ./run to build it again."
            )
        return path

    def sha256_of(self, names: tuple[str, ...]) -> Mapping[str, str]:
        """Content hashes of tables, for fingerprints of what is computed from them."""
        return {name: m.sha256 if (m := self.manifest(name)) else "" for name in names}

    def _drop_others(self, folder: Path, keep: str) -> None:
        for path in folder.glob("*.parquet"):
            if path.name != keep:
                path.unlink()
        atomic.sweep(folder)


def check_schema(table: Table, frame: pl.DataFrame) -> None:
    """Refuse a frame that has other columns, another order or other types than promised."""
    found = dict(frame.schema)
    if list(found.items()) == list(table.schema.items()):
        return
    missing = [n for n in table.schema if n not in found]
    surplus = [n for n in found if n not in table.schema]
    retyped = [n for n, t in table.schema.items() if n in found and found[n] != t]
    raise BrokenPromiseError(
        f"Frame for table '{table.name}' lacks {missing}, has in surplus {surplus} and with other "
        f"types {retyped}; or the order differs. Expected the columns of its contract."
    )


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as Parquet; deterministic for one version of Polars."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()


def _file_sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fingerprint_of(parts: Mapping[str, object]) -> str:
    """A SHA-256 over named parts: input hashes, settings, code version."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
