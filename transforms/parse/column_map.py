"""Column maps (``<name>.columns.toml``): which column of a source's table is which field of ours.

Belongs here: reading a map, and every mistake that a clerk can make in one. Does not: reading the
table itself (``transforms.parse.mapped_table``), typing its values (the cleaners).
"""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from transforms.parse.encoding import DECLARABLE, decode_text
from transforms.parse.parsed import RefusedFileError
from transforms.parse.table_kind import TableKind

#: In ``[values.x]``: what every value without a line of its own becomes.
ANY_OTHER = "*"

_SECTIONS = ("table", "columns", "constants", "values")
_SETTINGS = (
    "kind", "source", "encoding", "delimiter", "date_formats", "decimal", "sheet", "key",
    "match_columns",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """One map. Column names are NFC with single blanks, as the readers give them.

    Attributes:
        name: File name without ``.columns.toml``.
        kind: What the table holds.
        source: ``source_code`` of its rows.
        encoding: ``auto`` or an encoding of ``transforms.parse.encoding.DECLARABLE``.
        delimiter: ``auto`` or one character.
        date_formats: For the cleaners, tried before the built-in grammars.
        decimal: The decimal mark.
        sheet: Sheet of a workbook; null for the first.
        key: Columns that together identify a row in the source.
        match_columns: A table without a map of its own is read with this one when all of these are
            in its header; empty for never.
        columns: Our field to the source's columns, joined when there are several.
        constants: Our field to one value for all rows.
        values: Our field to the source's values (trimmed, small letters) and what each becomes; the
            empty text stands for null, on either side.
        is_template: Whether it reads the project's own template, in which optional columns may be
            missing and codes are written as their labels.
    """

    name: str
    kind: TableKind
    source: str
    key: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    encoding: str = "auto"
    delimiter: str = "auto"
    date_formats: tuple[str, ...] = ()
    decimal: Literal[",", "."] = ","
    sheet: str | None = None
    match_columns: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_template: bool = False

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """Every column of the source that the map names, each once, in order."""
        mapped = (column for columns in self.columns.values() for column in columns)
        return tuple(dict.fromkeys([*self.key, *mapped]))

    def fitted(self, header: Sequence[str]) -> "ColumnMap":
        """The map for a table with ``header``: a template's optional columns may be missing."""
        if not self.is_template:
            return self
        found = {plain_name(name) for name in header}
        kept = {
            name: columns
            for name, columns in self.columns.items()
            if name in self.kind.required or found.issuperset(columns)
        }
        return replace(self, columns=kept)


def read_column_map(content: bytes, *, name: str) -> ColumnMap:
    """The map that a ``.columns.toml`` file holds.

    Args:
        content: The whole file.
        name: Its file name; the part before ``.columns.toml`` names the map.

    Raises:
        RefusedFileError: If it is no TOML, or a key is unknown, missing, or of the wrong type.
    """
    try:
        loaded = tomllib.loads(decode_text(content).text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise RefusedFileError(
            f"Found a column map that is no TOML ({error}), expected sections such as [table] and"
            " [columns]. Correct that line; texts stand in quotation marks."
        ) from error
    _refuse_unknown(loaded, _SECTIONS, where="")
    table = _section(loaded, "table")
    _refuse_unknown(table, _SETTINGS, where="table.")
    kind = _kind(table)
    columns = {
        key: _names(value, where=f"columns.{key}")
        for key, value in _fields(loaded, "columns", kind).items()
    }
    constants = {
        key: _text(value, where=f"constants.{key}")
        for key, value in _fields(loaded, "constants", kind).items()
    }
    return ColumnMap(
        name=name.rsplit("/", 1)[-1].removesuffix(".toml").removesuffix(".columns"),
        kind=kind,
        source=_text(_needed(table, "source"), where="table.source"),
        key=_key(table, kind, _complete(columns, constants, kind)),
        columns=columns,
        encoding=_choice(table, "encoding", DECLARABLE),
        delimiter=_delimiter(table),
        date_formats=_names(table.get("date_formats", []), where="table.date_formats"),
        decimal="." if _choice(table, "decimal", (",", ".")) == "." else ",",
        sheet=_text(table["sheet"], where="table.sheet") if "sheet" in table else None,
        match_columns=_names(table.get("match_columns", []), where="table.match_columns"),
        constants=constants,
        values=_values(loaded, kind, columns),
    )


def matching_map(header: Sequence[str], maps: Sequence[ColumnMap]) -> ColumnMap | None:
    """The first map whose ``match_columns`` are all in ``header``; null when there is none."""
    found = {plain_name(name) for name in header}
    return next((m for m in maps if m.match_columns and found.issuperset(m.match_columns)), None)


def plain_name(name: str) -> str:
    """A column name as the readers give it: NFC, single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def plain_value(value: str) -> str:
    """A value of ``[values.x]`` as it is compared: NFC, single blanks, small letters."""
    return plain_name(value).lower()


def _refuse(where: str, found: str, expected: str, what_to_do: str) -> RefusedFileError:
    return RefusedFileError(f"{where}: found {found}, expected {expected}. {what_to_do}")


def _refuse_unknown(found: Mapping[str, Any], known: Sequence[str], *, where: str) -> None:
    for key in found:
        if key not in known:
            raise _refuse(
                f"{where}{key}",
                "a key that column maps do not have",
                f"one of {', '.join(known)}",
                "Correct the spelling or delete the line.",
            )


def _section(loaded: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = loaded.get(name, {})
    if not isinstance(section, dict):
        raise _refuse(name, "a single value", f"a section [{name}]", "Write it as a section.")
    return section


def _needed(table: Mapping[str, Any], key: str) -> object:
    if key not in table:
        raise _refuse(f"table.{key}", "nothing", "a value", f'Add {key} = "…" below [table].')
    return table[key]


def _kind(table: Mapping[str, Any]) -> TableKind:
    kinds = [str(kind) for kind in TableKind]
    kind = _text(_needed(table, "kind"), where="table.kind")
    if kind not in kinds:
        raise _refuse("table.kind", f"'{kind}'", f"one of {', '.join(kinds)}", "Choose one.")
    return TableKind(kind)


def _fields(loaded: Mapping[str, Any], section: str, kind: TableKind) -> Mapping[str, Any]:
    found = _section(loaded, section)
    for key in found:
        if key not in kind.fields:
            raise _refuse(
                f"{section}.{key}",
                f"a field that kind '{kind}' does not have",
                f"one of {', '.join(kind.fields)}",
                "Our field stands left of the equals sign, the source's column right of it.",
            )
    return found


def _complete(
    columns: Mapping[str, tuple[str, ...]], constants: Mapping[str, str], kind: TableKind
) -> Mapping[str, tuple[str, ...]]:
    for name in kind.required:
        if name not in columns and name not in constants:
            raise _refuse(
                f"columns.{name}",
                "nothing",
                f"the source's column for it, since kind '{kind}' needs it",
                f'Add {name} = "…" below [columns].',
            )
    for name in columns:
        if name in constants:
            raise _refuse(
                f"constants.{name}",
                "a constant for a field that has a column",
                "one or the other",
                "Delete one of the two lines.",
            )
        if not columns[name]:
            raise _refuse(
                f"columns.{name}", "no column", "one column or several", "Name it or delete it."
            )
    return columns


def _key(
    table: Mapping[str, Any], kind: TableKind, columns: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    key = _names(table.get("key", []), where="table.key")
    key = key or tuple(column for name in kind.key_fields for column in columns.get(name, ()))
    if not key:
        raise _refuse(
            "table.key",
            "nothing",
            "the columns that identify a row in the source",
            "Add the column of its number; where there is none, name the columns that together"
            " differ from row to row, such as date and text.",
        )
    return key


def _values(
    loaded: Mapping[str, Any], kind: TableKind, columns: Mapping[str, tuple[str, ...]]
) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for name, lines in _fields(loaded, "values", kind).items():
        where = f"values.{name}"
        if not isinstance(lines, dict):
            raise _refuse(where, "a single value", f"a section [{where}]", "Write it as a section.")
        if name not in columns:
            raise _refuse(
                where,
                "values for a field without a column",
                f"a line {name} = … below [columns]",
                "Add the column or delete the values.",
            )
        values[name] = {
            plain_value(key): _text(value, where=f'{where}."{key}"', may_be_empty=True)
            for key, value in lines.items()
        }
        if len(values[name]) < len(lines):
            raise _refuse(
                where,
                "the same value twice, blanks and capital letters aside",
                "every value once",
                "Delete one of the lines.",
            )
    return values


def _text(value: object, *, where: str, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        found = "an empty text" if value == "" else f"a value of type {type(value).__name__}"
        found = "blanks" if isinstance(value, str) and value else found
        raise _refuse(where, found, "a text in quotation marks", "Write it in quotation marks.")
    return value.strip()


def _names(value: object, *, where: str) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    return tuple(plain_name(_text(name, where=where)) for name in names)


def _choice(table: Mapping[str, Any], key: str, allowed: Sequence[str]) -> str:
    value = _text(table.get(key, allowed[0]), where=f"table.{key}")
    if value not in allowed:
        expected = ", ".join(f"'{choice}'" for choice in allowed)
        raise _refuse(f"table.{key}", f"'{value}'", f"one of {expected}", "Choose one.")
    return value


def _delimiter(table: Mapping[str, Any]) -> str:
    value = table.get("delimiter", "auto")
    if value != "auto" and not (isinstance(value, str) and len(value) == 1):
        raise _refuse(
            "table.delimiter",
            "something that is not one character",
            "'auto' or one character such as ';' or '\\t'",
            "Delete the line to have it found.",
        )
    return str(value)
