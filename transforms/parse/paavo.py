"""Residents by postal code area (Paavo, Statistics Finland) as delimited text to figures.

Belongs here: the headers under which Paavo is passed on. Does not: which postcodes are ours
(``codes/postal_areas.csv``), sums (``transforms.parse.population_figures``).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from transforms.parse.delimited import read_delimited
from transforms.parse.encoding import decode_text
from transforms.parse.header import LINE_NUMBER
from transforms.parse.parsed import Parsed, RefusedFileError, name_rejects
from transforms.parse.population_figures import CELL_SCHEMA, POPULATION, City, population_figures

_POSTCODE = frozenset({"postcode", "pono", "posti_alue", "postinumero", "postinumeroalue"})
_OF_YEAR = re.compile(
    r"(?:population|vakiluku|väkiluku|he_vakiy)_(\d{4})"
    r"|asukkaat yhteensä,? (\d{4}) \(he\)|inhabitants, total,? (\d{4}) \(he\)",
    re.IGNORECASE,
)
_COUNT, _YEAR = "he_vakiy", frozenset({"vuosi", "year"})
_LEADING = r"^(\d{5})\b.*$"


class _Columns(NamedTuple):
    postcode: str
    counts: tuple[tuple[str, str | None], ...]
    year: str | None


def is_paavo_header(header: Sequence[str]) -> bool:
    """Whether a table is Paavo's: postcodes, and residents of a year that the header tells."""
    return _columns(header) is not None


def parse_paavo(content: bytes, *, city: City) -> Parsed:
    """Residents of each of our areas, summed over its postcodes; -1 is protected.

    Every postal area of the area must be there. Postcodes that are not ours are rejected
    (``postal_area_unknown``), since a prefix tells nothing.

    Raises:
        RefusedFileError: If the file cannot be read, or has no such columns.
    """
    decoded = decode_text(content)
    table = read_delimited(decoded.text)
    columns = _columns(table.header)
    if columns is None:
        raise RefusedFileError(
            f"Found {len(table.header)} columns, expected 'postcode' and 'population_<year>', or "
            "Paavo's own headers. Rename the columns."
        )
    cells = pl.concat(_cells(table.frame, columns, count, year) for count, year in columns.counts)
    parsed = population_figures(cells, city=city, encoding_name=decoded.encoding_name)
    unread = name_rejects(table.rejects, POPULATION)
    rejects = pl.concat([unread, parsed.rejects]).sort(LINE_NUMBER)
    rows_in = {POPULATION: parsed.rows_in[POPULATION] + unread.height}
    return Parsed(parsed.frames, rejects, rows_in, decoded.encoding_name)


def _columns(header: Sequence[str]) -> _Columns | None:
    lower = {name.strip().lower(): name for name in header}
    postcode = next((lower[name] for name in lower if name in _POSTCODE), None)
    if postcode is None:
        return None
    dated = [(name, found) for name in header if (found := _OF_YEAR.fullmatch(name.strip()))]
    counts = tuple((name, next(filter(None, found.groups()))) for name, found in dated)
    year = next((lower[name] for name in lower if name in _YEAR), None)
    if counts:
        return _Columns(postcode, counts, None)
    if _COUNT in lower and year is not None:
        return _Columns(postcode, ((lower[_COUNT], None),), year)
    return None


def _cells(frame: pl.DataFrame, columns: _Columns, count: str, year: str | None) -> pl.DataFrame:
    """One cell per postcode; PxWeb writes the name behind the postcode."""
    postcode = pl.col(columns.postcode).str.strip_chars()
    told = pl.lit(year) if year else pl.col(str(columns.year)).str.strip_chars().str.slice(0, 4)
    everybody = pl.lit("SSS")
    return frame.select(
        year=told,
        area=postcode.str.replace(_LEADING, "$1").fill_null(""),
        age=everybody,
        gender=everybody,
        language=everybody,
        n_residents=pl.col(count),
        line_no=pl.col(LINE_NUMBER),
    ).cast(CELL_SCHEMA)
