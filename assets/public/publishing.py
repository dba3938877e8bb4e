"""Writing a publication: every product from the public tables, and the pointer moved last.

    <publication_id>/
        site/            pages; open site/index.html
        csv/  csv_fi/    every public table, for machines and for Excel in Finnish
        parquet/         the same tables, typed
        kuulolla.xlsx    the same tables in one workbook
        kuulolla.duckdb  the same tables as a warehouse, with the contracts' words as comments
        datapackage.json what is what (Data Package)
        manifest.json    SHA-256 of every file

The id is the snapshot day and a hash of everything that the folder is made of, so that the same
input gives the same folder.
"""

import hashlib
import io
import json
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from assets import atomic
from assets.errors import DamagedTableError
from assets.house import House
from assets.public.warehouse import warehouse_bytes
from assets.store import fingerprint_of, parquet_bytes
from assets.versions import code_version
from data_contracts.contract import load_codes, load_contracts
from transforms.publish.csv_files import to_csv_excel_fi, to_csv_machine
from transforms.publish.datapackage import PublishedFile, build_datapackage
from transforms.publish.publication import Download, Publication, StaleSource
from transforms.publish.site import render_site
from transforms.publish.workbook import build_workbook

MANIFEST = "manifest.json"
SITE = "site"
_KEPT = 30


def publish(
    house: House,
    tables: Mapping[str, pl.DataFrame],
    *,
    snapshot_on: date,
    stale: Sequence[StaleSource],
) -> Path:
    """Build the publication of ``tables``, unless it is there, and make it the current one."""
    about = describe(house, tables, snapshot_on=snapshot_on, stale=stale)
    target = house.folders.publications / about.publication_id
    if not (target / MANIFEST).exists():
        building = house.folders.publications / f".{uuid.uuid4().hex[:8]}.part"
        write_files(building, build_files(tables, about))
        atomic.move_folder(building, target)
    atomic.point(house.folders.current, about.publication_id)
    _sweep(house)
    return target


def describe(
    house: House,
    tables: Mapping[str, pl.DataFrame],
    *,
    snapshot_on: date,
    stale: Sequence[StaleSource],
) -> Publication:
    """The facts of a publication, its id among them."""
    contents = {n: hashlib.sha256(parquet_bytes(f)).hexdigest() for n, f in tables.items()}
    digest = fingerprint_of({"tables": contents, "stale": stale, "code": code_version()})
    return Publication(
        publication_id=f"{snapshot_on.isoformat()}-{digest[:12]}",
        snapshot_on=snapshot_on,
        city_name=house.settings.city.name,
        code_version=code_version(),
        stale_sources=tuple(stale),
        min_cell_n=house.settings.disclosure.threshold_open,
        min_background_n=house.settings.disclosure.threshold_background,
        is_demo=house.settings.is_demo,
    )


def build_files(tables: Mapping[str, pl.DataFrame], about: Publication) -> dict[str, bytes]:
    """Every file of a publication by its path, the manifest last."""
    contracts = load_contracts()
    data: dict[str, bytes] = {}
    for name, frame in tables.items():
        table = contracts[name]
        labels = {c.name: c.label_fi for c in table.columns}
        data[f"csv/{table.published_name}.csv"] = to_csv_machine(frame)
        data[f"csv_fi/{table.published_name}.csv"] = to_csv_excel_fi(frame, labels=labels)
        data[f"parquet/{table.published_name}.parquet"] = parquet_bytes(frame)
    data["kuulolla.xlsx"] = build_workbook(tables, contracts, about=about, codes=load_codes())
    data["kuulolla.duckdb"] = warehouse_bytes(tables)
    described = [
        PublishedFile(name, path, data[path], is_finnish=path.startswith("csv_fi/"))
        for name in tables
        for path in _table_paths(contracts[name].published_name)
    ]
    package = build_datapackage(tables, contracts, described, about=about)
    data["datapackage.json"] = _json(package)
    downloads = tuple(Download(path, len(content)) for path, content in sorted(data.items()))
    pages = render_site(tables, load_codes(), about=replace(about, downloads=downloads))
    data.update({f"{SITE}/{path}": content for path, content in pages.items()})
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in data.items()}
    data[MANIFEST] = _json({"publication_id": about.publication_id, "sha256": hashes})
    return data


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put every file below ``folder``."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def is_of(folder: Path, hashes: Mapping[str, str]) -> bool:
    """Whether a publication holds just these tables, given by the SHA-256 of their Parquet."""
    told = json.loads((folder / MANIFEST).read_bytes())["sha256"]
    names = {name: load_contracts()[name].published_name for name in hashes}
    return all(told.get(f"parquet/{names[n]}.parquet") == sha for n, sha in hashes.items())


def read_published(folder: Path) -> dict[str, pl.DataFrame]:
    """The public tables of a publication, each file checked against the manifest.

    Raises:
        DamagedTableError: If a file is missing or differs from what was published.
    """
    hashes = json.loads((folder / MANIFEST).read_bytes())["sha256"]
    tables = {}
    for table in load_contracts().values():
        path = f"parquet/{table.published_name}.parquet"
        if table.layer != "public" or path not in hashes:
            continue
        content = (folder / path).read_bytes() if (folder / path).is_file() else b""
        if hashlib.sha256(content).hexdigest() != hashes[path]:
            raise DamagedTableError(
                f"Published file {folder / path} has another SHA-256 than its manifest, so it was "
                "changed after it was published. Run ./run to publish again."
            )
        tables[table.name] = pl.read_parquet(io.BytesIO(content))
    return tables


def _table_paths(published_name: str) -> tuple[str, ...]:
    paths = (f"csv/{published_name}.csv", f"csv_fi/{published_name}.csv")
    return (*paths, f"parquet/{published_name}.parquet")


def _json(document: Mapping[str, object]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    return text.encode() + b"\n"


def _sweep(house: House) -> None:
    """Remove leftovers of killed runs and publications older than the last thirty."""
    root = house.folders.publications
    atomic.sweep(root)
    current = house.folders.current.resolve()
    folders = [p for p in root.iterdir() if p.is_dir() and not p.is_symlink()]
    for old in sorted(folders, key=lambda p: p.stat().st_mtime_ns)[:-_KEPT]:
        if old != current:
            shutil.rmtree(old)
