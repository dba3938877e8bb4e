"""The header row of a table: column names that can be trusted.

Belongs here: what holds for every kind of table, delimited or workbook.
"""

import re
import unicodedata
from collections.abc import Sequence

from transforms.parse.parsed import RefusedFileError

LINE_NUMBER = "line_no"


def name_columns(cells: Sequence[str | None]) -> list[str]:
    """Names of the columns, in order: NFC, single blanks, ``column_<n>`` where the cell is empty.

    A source's own column ``line_no`` is called ``source_line_no``: the name is ours.

    Raises:
        RefusedFileError: If two columns have the same name, or none has one.
    """
    names = [_tidy(cell or "") for cell in cells]
    if not any(names):
        raise RefusedFileError(
            "Found a table without column names, expected them in the first row that is not empty."
            " Add a header row."
        )
    named = [
        ("source_line_no" if name == LINE_NUMBER else name) or f"column_{place}"
        for place, name in enumerate(names, start=1)
    ]
    twice = sorted({place for place, name in enumerate(named, start=1) if named.count(name) > 1})
    if twice:
        places = ", ".join(str(place) for place in twice)
        raise RefusedFileError(
            f"Found the same column name more than once (columns {places}), expected every name"
            " once. Rename or drop the repeated columns."
        )
    return named


def _tidy(cell: str) -> str:
    visible = re.sub("[\u200b-\u200f\u2060\ufeff\u00ad]", "", cell)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", visible)).strip()
