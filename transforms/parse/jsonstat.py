"""JSON-stat 2.0 datasets, as PxWeb gives them, to cells; and those of population tables to figures.

Belongs here: the format (Badosa 2015, json-stat.org/full: row-major values, which may be an object
of sparse positions; status by list, object or one word) and which dimensions a population table of
Statistics Finland has. Does not: what its classes are in our codes
(``transforms.parse.population_classes``).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.parse.json_text import read_json
from transforms.parse.parsed import Parsed, RefusedFileError
from transforms.parse.population_figures import CELL_SCHEMA, City, population_figures

_EXPECTED = "a JSON-stat 2.0 dataset"
_MOST_CELLS = 2_000_000
#: Beginnings of dimension ids, small letters: StatFin's old ids are words, its new ones classes.
_DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "area": ("alue", "kunta", "postinumero", "area", "region", "område", "postnummer"),
    "year": ("vuosi", "timeperiod_y", "year", "år"),
    "age": ("ikä", "ika", "age", "ålder"),
    "gender": ("sukupuoli", "sex", "gender", "kön"),
    "language": ("kieli", "language", "språk"),
    "content": ("tiedot", "contentscode", "information", "uppgifter"),
}
_TOTALS = frozenset({"SSS", "S", "TOTAL", "T"})
_COUNTS_OF_PEOPLE = ("vaesto", "vaerak-vaesto", "he_vakiy")
_NOTHING = frozenset({"-", "–"})


@dataclass(frozen=True, slots=True)
class Cube:
    """One dataset: ``codes[d][i]`` is category ``i`` of dimension ``ids[d]``.

    ``values`` and ``statuses`` are row-major, null where nothing is given.
    """

    ids: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    values: tuple[str | None, ...]
    statuses: tuple[str | None, ...]
    encoding_name: str


def is_population_dimension(name: str) -> bool:
    """Whether a dimension says of which area something is; how population tables are found."""
    return name.lower().startswith(_DIMENSIONS["area"])


def read_cube(content: bytes) -> Cube:
    """The dataset that a file holds.

    Raises:
        RefusedFileError: If it is no JSON-stat 2.0 dataset, cut off, or its sizes do not fit.
    """
    value, encoding_name = read_json(content, expected=_EXPECTED)
    if not isinstance(value, dict) or value.get("class") != "dataset":
        raise RefusedFileError(
            f"Found JSON without class 'dataset', expected {_EXPECTED}. "
            'Ask PxWeb for the format "json-stat2".'
        )
    try:
        ids = tuple(str(name) for name in value["id"])
        sizes = [int(size) for size in value["size"]]
        codes = tuple(_codes(value["dimension"][name]["category"]) for name in ids)
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedFileError(
            f"Found a dataset without id, size or dimensions that can be read, expected {_EXPECTED}"
            ". Fetch the table again."
        ) from error
    n_cells = math.prod(sizes)
    if [len(c) for c in codes] != sizes or n_cells > _MOST_CELLS:
        raise RefusedFileError(
            f"Found {n_cells} cells that do not fit the dimensions' categories, or more than "
            f"{_MOST_CELLS}, expected {_EXPECTED}. Fetch the table again, or a part of it."
        )
    return Cube(
        ids=ids,
        codes=codes,
        values=_cells(value.get("value"), n_cells),
        statuses=_statuses(value.get("status"), n_cells),
        encoding_name=encoding_name,
    )


def parse_jsonstat_population(content: bytes, *, city: City) -> Parsed:
    """Residents by area, age, gender and language, as far as the table tells.

    A dimension that the table lacks, or that stands there with its total alone, is ``all``. A
    dimension of another subject is read at its total or its only category. A cell without a value
    is protected, but for the sign of nothing (``-``), which is 0.

    Args:
        content: The whole file.
        city: Postal areas and bands of age.

    Returns:
        One frame, of core_reference__population; ``line_no`` is a cell's position from 1.

    Raises:
        RefusedFileError: If it is no such dataset, counts no people, or its classes overlap.
    """
    cube = read_cube(content)
    roles = [_role(name) for name in cube.ids]
    _refuse_other_subjects(cube, roles)
    return population_figures(_as_cells(cube, roles), city=city, encoding_name=cube.encoding_name)


def _codes(category: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes in the order of their cells; a single category may stand without an index."""
    index = category.get("index", list(category.get("label", {})))
    if isinstance(index, Mapping):
        return tuple(sorted(index, key=lambda code: int(index[code])))
    return tuple(str(code) for code in index)


def _cells(given: object, n_cells: int) -> tuple[str | None, ...]:
    if isinstance(given, Mapping):
        return _sparse(given, n_cells)
    if isinstance(given, list) and len(given) == n_cells:
        return tuple(None if v is None else str(v) for v in given)
    found = f"{len(given)} values" if isinstance(given, list) else "no values"
    raise RefusedFileError(
        f"Found {found}, expected {n_cells} for the sizes that the dataset names. "
        "Fetch the table again."
    )


def _statuses(given: object, n_cells: int) -> tuple[str | None, ...]:
    if isinstance(given, Mapping):
        return _sparse(given, n_cells)
    if isinstance(given, list):
        padded = [*given, *[None] * n_cells][:n_cells]
        return tuple(None if s is None else str(s) for s in padded)
    return (None if given is None else str(given),) * n_cells


def _sparse(given: Mapping[str, object], n_cells: int) -> tuple[str | None, ...]:
    cells: list[str | None] = [None] * n_cells
    for position, value in given.items():
        if not position.isdecimal() or int(position) >= n_cells:
            raise RefusedFileError(
                f"Found a value at a position outside 0–{n_cells - 1}, expected positions of the "
                "dataset's cells. Fetch the table again."
            )
        cells[int(position)] = None if value is None else str(value)
    return tuple(cells)


def _role(name: str) -> str | None:
    folded = name.lower()
    roles = (role for role, starts in _DIMENSIONS.items() if folded.startswith(starts))
    return next(roles, None)


def _refuse_other_subjects(cube: Cube, roles: Sequence[str | None]) -> None:
    for needed in ("area", "year"):
        if roles.count(needed) != 1:
            raise RefusedFileError(
                f"Found {roles.count(needed)} dimensions of {needed}, expected one in a table of "
                "residents. Fetch a population table, such as StatFin vaerak 11re."
            )
    for codes, role in zip(cube.codes, roles, strict=True):
        known = [code for code in codes if code.lower() in _COUNTS_OF_PEOPLE]
        if role == "content" and not known:
            raise RefusedFileError(
                "Found a table that counts something else, expected residents on 31.12. "
                "(Tiedot: vaesto). Choose that content in PxWeb."
            )
        if role is None and len(codes) > 1 and not _TOTALS & {code.upper() for code in codes}:
            raise RefusedFileError(
                f"Found a dimension of {len(codes)} classes without a total that is no area, year,"
                " age, gender or language. Leave it out, or fetch its total alone."
            )


def _as_cells(cube: Cube, roles: Sequence[str | None]) -> pl.DataFrame:
    """One row per cell that counts residents, with the source's own codes."""
    rest = [len(codes) for codes in cube.codes]
    n_cells = len(cube.values)
    columns: dict[str, list[str]] = {}
    wanted = [True] * n_cells
    for place, (codes, role) in enumerate(zip(cube.codes, roles, strict=True)):
        step = math.prod(rest[place + 1 :])
        along = [codes[cell // step % len(codes)] for cell in range(n_cells)]
        if role in {None, "content"}:
            kept = _only(codes, is_content=role == "content")
            wanted = [w and code == kept for w, code in zip(wanted, along, strict=True)]
        else:
            columns[str(role)] = along
    for role in ("age", "gender", "language"):
        columns.setdefault(role, ["SSS"] * n_cells)
    counts = ["0" if s in _NOTHING else v for v, s in zip(cube.values, cube.statuses, strict=True)]
    frame = pl.DataFrame(
        {**columns, "n_residents": counts, "line_no": range(1, n_cells + 1)},
        schema_overrides=CELL_SCHEMA,
    )
    return frame.filter(pl.Series(wanted, dtype=pl.Boolean)).select(list(CELL_SCHEMA))


def _only(codes: Sequence[str], *, is_content: bool) -> str:
    if is_content:
        return next(code for code in codes if code.lower() in _COUNTS_OF_PEOPLE)
    return next((code for code in codes if code.upper() in _TOTALS), codes[0])
