"""The publication described for machines: a Data Package (datapackage.org, version 2)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from data_contracts.contract import Column, Table
from transforms.publish.csv_files import headings
from transforms.publish.public_tables import QUALITY
from transforms.publish.publication import Publication

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/deed.fi",
    "title": "Creative Commons Nimeä 4.0 Kansainvälinen",
}
_TYPES = {
    "String": "string",
    "Int64": "integer",
    "Float64": "number",
    "Boolean": "boolean",
    "Date": "date",
}
_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a table: its path beside ``datapackage.json`` and its bytes.

    ``is_finnish`` marks the CSV for Excel: semicolons, decimal commas and Finnish headings.
    """

    table: str
    path: str
    content: bytes
    is_finnish: bool = False


def published_name(table_name: str) -> str:
    """Name of a published file: ``public_feedback__backlog`` gives ``feedback_backlog``."""
    return table_name.split("_", 1)[1].replace("__", "_")


def build_datapackage(
    tables: Mapping[str, pl.DataFrame],
    contracts: Mapping[str, Table],
    files: Sequence[PublishedFile],
    *,
    about: Publication,
) -> dict[str, object]:
    """``datapackage.json`` as data: a resource per file, with its hash and the table's schema.

    Args:
        tables: Public tables by contract name.
        contracts: Contracts by table name; they give titles, descriptions, types and keys.
        files: Published files, in the order in which they are listed.
        about: The publication's facts.

    Returns:
        A Data Package descriptor; JSON types only.
    """
    package: dict[str, object] = {
        "$schema": _PROFILE,
        "name": f"kuulolla-{_slug(about.publication_id)}",
        "title": f"{about.city_name}: mitä asukkaat ovat kertoneet ja miten heille on vastattu",
        "description": (
            f"Avoimet tilastot. Tiedot {about.snapshot_on.day}.{about.snapshot_on.month}."
            f"{about.snapshot_on.year} asti. Alle {about.min_cell_n} tapauksen (ihmisten taustan "
            f"mukaan alle {about.min_background_n} ihmisen) luvut on peitetty: "
            "arvo puuttuu ja is_suppressed on tosi."
        ),
        "version": about.publication_id,
        "licenses": [_LICENCE],
        "sources": _sources(tables),
        "resources": [_resource(file, tables[file.table], contracts[file.table]) for file in files],
    }
    if about.published_at is not None:
        package["created"] = about.published_at.isoformat()
    return package


def _resource(file: PublishedFile, frame: pl.DataFrame, contract: Table) -> dict[str, object]:
    suffix = file.path.rsplit(".", 1)[-1]
    flavour = "excel" if file.is_finnish else suffix
    found: dict[str, object] = {
        "name": f"{published_name(file.table)}-{flavour}".replace("_", "-"),
        "path": file.path,
        "type": "table",
        "title": contract.title_fi,
        "description": f"{contract.description} {contract.grain}",
        "format": suffix,
        "mediatype": _MEDIA.get(suffix, "application/octet-stream"),
        "bytes": len(file.content),
        "hash": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
        "licenses": [_LICENCE],
        "schema": _schema(frame, contract, is_finnish=file.is_finnish),
    }
    if suffix == "csv":
        found |= {
            "encoding": "utf-8",
            "dialect": {"delimiter": ";" if file.is_finnish else ",", "header": True},
        }
    return found


def _schema(frame: pl.DataFrame, contract: Table, *, is_finnish: bool) -> dict[str, object]:
    labels = {c.name: c.label_fi for c in contract.columns}
    names = headings(frame, labels) if is_finnish else {n: n for n in frame.columns}
    columns = [c for c in contract.columns if c.name in names]
    return {
        "fields": [_field(c, names[c.name], is_finnish=is_finnish) for c in columns],
        "missingValues": [""],
        "primaryKey": [names[name] for name in contract.key if name in names],
    }


def _field(column: Column, name: str, *, is_finnish: bool) -> dict[str, object]:
    kind = _TYPES.get(str(column.dtype), "datetime")
    found: dict[str, object] = {
        "name": name,
        "type": kind,
        "title": column.label_fi,
        "description": column.description,
    }
    if is_finnish and kind == "number":
        found["decimalChar"] = ","
    if is_finnish and kind == "boolean":
        found |= {"trueValues": ["kyllä"], "falseValues": ["ei"]}
    if is_finnish and kind == "date":
        found["format"] = "%d.%m.%Y"
    limits = {"required": column.is_required or None, "minimum": column.minimum}
    constraints = {key: value for key, value in limits.items() if value is not None}
    if constraints:
        found["constraints"] = constraints
    return found


def _sources(tables: Mapping[str, pl.DataFrame]) -> list[dict[str, str]]:
    frame = tables.get(QUALITY)
    if frame is None:
        return []
    codes = frame.get_column("source_code").unique().drop_nulls().sort().to_list()
    return [{"title": str(code)} for code in codes]


def _slug(text: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in text.lower())
