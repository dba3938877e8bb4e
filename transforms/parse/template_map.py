"""Column maps of the project's own templates, made from the contracts.

A template's headers are the Finnish names of the contract's columns, so that no list of columns is
written twice. A city with other headers writes a column map of its own.
"""

from collections.abc import Mapping, Sequence

from data_contracts.contract import load_contracts
from data_contracts.templates import filled_columns
from transforms.parse.column_map import ColumnMap, plain_name
from transforms.parse.table_kind import TableKind

#: What a table of notes without numbers is known by, and its rows told apart by.
_NOTES_MATCH = ("noted_on", "unit_name", "text")
_NOTES_KEY = ("noted_on", "text")
#: How much of a header must be a template's for a missing column to be told rather than guessed.
_LEAST_KNOWN, _MOST_OF_THEM = 3, 0.7


def template_maps() -> dict[str, ColumnMap]:
    """One map per template, by a name that no table of a city has."""
    kinds = [kind for kind in TableKind if load_contracts()[kind.table].template_name]
    return {f"template/{kind}": _template_map(kind) for kind in kinds}


def missing_columns(header: Sequence[str]) -> tuple[ColumnMap, tuple[str, ...]] | None:
    """The template that a table nearly is, and the columns that it lacks to be read.

    Null for a table of which most columns are no template's, or which lacks none.
    """
    found = {plain_name(name) for name in header}
    maps = template_maps().values()
    nearest = max(maps, key=lambda m: len(found.intersection(m.needed_columns)))
    n_known = len(found.intersection(nearest.needed_columns))
    missing = tuple(name for name in nearest.match_columns if name not in found)
    is_near = n_known >= max(_LEAST_KNOWN, len(found) * _MOST_OF_THEM)
    return (nearest, missing) if is_near and missing else None


def headers_of(column_map: ColumnMap) -> Mapping[str, str]:
    """Our field to the column that a clerk sees."""
    labels = {c.name: c.label_fi for c in load_contracts()[column_map.kind.table].columns}
    return labels | {name: columns[0] for name, columns in column_map.columns.items()}


def _template_map(kind: TableKind) -> ColumnMap:
    table = load_contracts()[kind.table]
    headers = {column.name: column.label_fi for column in filled_columns(table)}
    is_notes = kind is TableKind.NOTES
    key = _NOTES_KEY if is_notes else kind.key_fields
    known_by = _NOTES_MATCH if is_notes else kind.required
    return ColumnMap(
        name=str(table.template_name),
        kind=kind,
        source="",
        key=tuple(headers[name] for name in key),
        columns={name: (header,) for name, header in headers.items()},
        match_columns=tuple(headers[name] for name in known_by),
        is_template=True,
    )
