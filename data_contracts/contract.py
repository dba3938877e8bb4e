"""Contracts in memory: the Open Data Contract Standard files read into typed tables and columns.

One declaration per table; row rules, Great Expectations suites, Dagster's column tab, DuckDB's
comments, the data dictionary and the datapackage are all rendered from what is read here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import polars as pl
import yaml

from data_contracts.errors import ContractError

CITY_TIME = pl.Datetime("us", "Europe/Helsinki")
REJECTED_SUFFIX = "_rejected"
_REJECTED_TEMPLATE = "rejected_rows"

_DTYPES: Mapping[str, pl.DataType] = {
    "String": pl.String(),
    "Int64": pl.Int64(),
    "Float64": pl.Float64(),
    "Boolean": pl.Boolean(),
    "Date": pl.Date(),
    "Datetime": CITY_TIME,
}
_COLUMN_KEYS = {
    "name",
    "logicalType",
    "physicalType",
    "primaryKey",
    "required",
    "classification",
    "businessName",
    "description",
    "logicalTypeOptions",
    "examples",
    "customProperties",
    "quality",
}
_CLASSES = {"open", "internal", "personal", "pseudonymous"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table as promised.

    ``classification`` is ``open``, ``internal``, ``personal`` (resident's words, masked before
    storage) or ``pseudonymous`` (keyed hash). ``code_list`` names a file in ``codes/``; with a
    ``separator`` a cell holds several of its codes. ``pattern`` is a regular expression that a
    whole text matches. ``example`` and ``help_fi`` are for those who fill the column by hand.
    """

    name: str
    dtype: pl.DataType
    label_fi: str
    description: str
    classification: str
    is_key: bool = False
    is_required: bool = False
    code_list: str | None = None
    separator: str | None = None
    pattern: str | None = None
    example: str | None = None
    help_fi: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class CrossRule:
    """A rule over several columns of one row, named as a sentence."""

    name: str
    kind: str
    arguments: Mapping[str, Any]
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table as promised: grain, columns in order, rules, owner and version.

    ``template_name`` names the spreadsheet in which people fill the table by hand, when they do.
    """

    name: str
    description: str
    grain: str
    columns: tuple[Column, ...]
    cross_rules: tuple[CrossRule, ...]
    domain: str
    owner: str
    version: str
    title_fi: str
    dataset_id: str | None = None
    has_rejects: bool = False
    template_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def layer(self) -> str:
        """``raw``, ``core``, ``mart`` or ``public``."""
        return self.name.split("_", 1)[0]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the primary key's columns, in order."""
        return tuple(column.name for column in self.columns if column.is_key)

    @property
    def schema(self) -> pl.Schema:
        """Column names and Polars types, in contract order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def published_name(self) -> str:
        """Name of the published file: the table without its layer (``feedback_backlog``)."""
        return self.name.split("_", 1)[1].replace("__", "_")

    def names(self, *, classification: str) -> tuple[str, ...]:
        """Columns of one privacy class, in contract order."""
        return tuple(c.name for c in self.columns if c.classification == classification)


@cache
def load_contracts() -> Mapping[str, Table]:
    """Every table of every contract file, by name, siblings of rejected rows included.

    Raises:
        ContractError: If a file uses a key, type or class that this program does not know.
    """
    folder = files("data_contracts")
    found: dict[str, Table] = {}
    template: Table | None = None
    for entry in _contract_files(folder):
        for table, is_template in _read_file(entry):
            if is_template:
                template = table
            else:
                found[table.name] = table
    if template is None:
        raise ContractError(f"No contract declares the template '{_REJECTED_TEMPLATE}'.")
    siblings = [_rejected_sibling(t, template) for t in found.values() if t.has_rejects]
    found.update({sibling.name: sibling for sibling in siblings})
    return dict(sorted(found.items()))


@cache
def load_codes() -> Mapping[str, pl.DataFrame]:
    """Every code list as text columns, by file name without ending; empty cells are null."""
    folder = files("data_contracts") / "codes"
    return {
        entry.name.removesuffix(".csv"): pl.read_csv(entry.read_bytes(), infer_schema=False)
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".csv")
    }


def code_values(list_name: str) -> list[str]:
    """The codes of one list, in the file's order: its first column."""
    try:
        frame = load_codes()[list_name]
    except KeyError as error:
        raise ContractError(
            f"Code list '{list_name}' is asked for, but codes/{list_name}.csv does not exist."
        ) from error
    return frame.to_series(0).to_list()


def _contract_files(folder: Traversable) -> list[Traversable]:
    entries = [e for e in folder.iterdir() if e.name.endswith(".odcs.yaml")]
    return sorted(entries, key=lambda e: e.name)


def _read_file(entry: Traversable) -> Iterable[tuple[Table, bool]]:
    # The C loader reads the contracts in a tenth of the time; its result is the same.
    document = yaml.load(entry.read_bytes(), Loader=yaml.CSafeLoader)
    for raw in document["schema"]:
        try:
            yield _read_table(document, raw)
        except (KeyError, TypeError, ContractError) as error:
            raise ContractError(f"{entry.name}, table '{raw.get('name')}': {error}") from error


def _read_table(document: Mapping[str, Any], raw: Mapping[str, Any]) -> tuple[Table, bool]:
    custom = {p["property"]: p["value"] for p in raw.get("customProperties", [])}
    table = Table(
        name=raw["name"],
        description=raw["description"],
        grain=raw["dataGranularityDescription"],
        columns=tuple(_read_column(p) for p in raw["properties"]),
        cross_rules=tuple(_read_cross_rule(q) for q in raw.get("quality", [])),
        domain=document["domain"],
        owner=document["team"]["members"][0]["username"],
        version=document["version"],
        title_fi=custom.get("titleFi", document["name"]),
        dataset_id=custom.get("datasetId"),
        has_rejects=bool(custom.get("hasRejects", False)),
        template_name=custom.get("templateName"),
    )
    return table, bool(custom.get("isTemplate", False))


def _read_column(raw: Mapping[str, Any]) -> Column:
    unknown = set(raw) - _COLUMN_KEYS
    if unknown:
        raise ContractError(f"column '{raw.get('name')}' has unknown keys {sorted(unknown)}")
    if raw["physicalType"] not in _DTYPES:
        raise ContractError(f"column '{raw['name']}' has unknown type '{raw['physicalType']}'")
    if raw["classification"] not in _CLASSES:
        raise ContractError(f"column '{raw['name']}' has unknown class '{raw['classification']}'")
    options = raw.get("logicalTypeOptions", {})
    return Column(
        name=raw["name"],
        dtype=_DTYPES[raw["physicalType"]],
        label_fi=raw["businessName"],
        description=raw["description"],
        classification=raw["classification"],
        is_key=raw.get("primaryKey", False),
        is_required=raw.get("required", False),
        code_list=_codes(raw.get("quality", []), "codeList"),
        separator=_codes(raw.get("quality", []), "separator"),
        pattern=options.get("pattern"),
        example=next(iter(raw.get("examples", [])), None),
        help_fi=_help(raw.get("customProperties", [])),
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
    )


def _help(custom: list[Mapping[str, Any]]) -> str | None:
    unknown = [p["property"] for p in custom if p["property"] != "helpFi"]
    if unknown:
        raise ContractError(f"unknown custom properties {unknown}")
    return next((str(p["value"]) for p in custom), None)


def _codes(quality: list[Mapping[str, Any]], argument: str) -> str | None:
    for rule in quality:
        is_known = rule.get("metric") == "invalidValues" and "codeList" in rule["arguments"]
        if not is_known or not set(rule["arguments"]) <= {"codeList", "separator"}:
            raise ContractError(f"unknown column rule {dict(rule)}")
        found = rule["arguments"].get(argument)
        return None if found is None else str(found)
    return None


def _read_cross_rule(raw: Mapping[str, Any]) -> CrossRule:
    implementation = dict(raw["implementation"])
    kind = implementation.pop("rule")
    return CrossRule(raw["name"], kind, implementation, raw["description"])


def _rejected_sibling(table: Table, template: Table) -> Table:
    return replace(
        template,
        name=table.name + REJECTED_SUFFIX,
        description=f"Rows kept out of {table.name}, with file, line and reason.",
        domain=table.domain,
        owner=table.owner,
        version=table.version,
        title_fi=f"{table.title_fi}: hylätyt rivit",
    )
