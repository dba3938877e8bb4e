"""Answers of kuntalaisaloite.fi's API v1 to text frames.

Belongs here: list, detail and municipalities, whose fields differ (SOURCES §1.3). Does not: which
municipality is ours, and what becomes of an initiative over many answers
(``transforms.clean.initiatives``, ``transforms.clean.initiative_versions``).

Names of authors are not read: the door strips them, and nothing here would hold them.
"""

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.parse.encoding import repair_mojibake
from transforms.parse.json_text import read_json
from transforms.parse.parsed import Parsed, RefusedFileError, empty_rejects, reject_rows

INITIATIVES = "core_initiatives__initiatives"

INITIATIVE_SCHEMA: Mapping[str, pl.DataType] = {
    "source_number": pl.String(),
    "municipality_code": pl.String(),
    "title": pl.String(),
    "proposal": pl.String(),
    "type": pl.String(),
    "publishDate": pl.String(),
    "sentTime": pl.String(),
    "participantCount": pl.String(),
    "is_detail": pl.String(),
    "line_no": pl.Int64(),
}

_LAST_NUMBER = re.compile(r"/0*(\d+)/?(?:[?#].*)?$")


def parse_initiative_list(content: bytes) -> Parsed:
    """One page of the list, as sent; ``line_no`` is the place in the array, from 1.

    An empty array is a page without rows. An entry without a number is rejected.

    Raises:
        RefusedFileError: If the file is cut off, an error page, or no JSON array.
    """
    value, encoding_name = read_json(content, expected="a list of initiatives")
    if not isinstance(value, list):
        raise RefusedFileError(
            "Found a JSON object, expected a bare array of initiatives. Fetch the list again."
        )
    return _parsed(value, encoding_name, is_detail="false")


def parse_initiative_detail(content: bytes) -> Parsed:
    """One initiative with its proposal, as sent, on line 1.

    Raises:
        RefusedFileError: If the file is cut off, an error page, or no JSON object.
    """
    value, encoding_name = read_json(content, expected="an initiative")
    if not isinstance(value, dict):
        raise RefusedFileError(
            "Found a JSON array, expected one initiative as an object. Fetch the initiative again."
        )
    return _parsed([value], encoding_name, is_detail="true")


def parse_municipalities(content: bytes) -> Parsed:
    """The service's municipalities: recognised as whole, and without rows of ours.

    Raises:
        RefusedFileError: If the file is cut off, an error page, or no JSON array.
    """
    value, encoding_name = read_json(content, expected="a list of municipalities")
    if not isinstance(value, list):
        raise RefusedFileError(
            "Found a JSON object, expected an array of municipalities. Fetch the list again."
        )
    empty = pl.DataFrame(schema=dict(INITIATIVE_SCHEMA))
    return Parsed({INITIATIVES: empty}, empty_rejects(), {INITIATIVES: 0}, encoding_name)


def _parsed(entries: list[Any], encoding_name: str, *, is_detail: str) -> Parsed:
    rows, strays, nameless = [], [], []
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            strays.append(place)
        elif (number := number_in_address(entry.get("id"))) is None:
            nameless.append(place)
        else:
            rows.append((number, *_fields(entry), is_detail, place))
    frame = pl.DataFrame(rows, schema=dict(INITIATIVE_SCHEMA), orient="row")
    frame = repair_mojibake(frame, ["title", "proposal"]).drop("is_mojibake_repaired")
    rejects = pl.concat(
        [
            reject_rows(
                strays,
                table_name=INITIATIVES,
                reason_code="not_an_object",
                expected="an initiative as a JSON object",
            ),
            reject_rows(
                nameless,
                table_name=INITIATIVES,
                reason_code="id_missing",
                column_name="id",
                expected="an address that ends with the initiative's number",
            ),
        ]
    ).sort("line_no")
    return Parsed({INITIATIVES: frame}, rejects, {INITIATIVES: len(entries)}, encoding_name)


def number_in_address(value: object) -> str | None:
    """The number that ends an address (``…/initiatives/99001``), without leading zeros."""
    found = _LAST_NUMBER.search(value.strip()) if isinstance(value, str) else None
    return found.group(1) if found else None


def _fields(entry: Mapping[str, Any]) -> tuple[str | None, ...]:
    municipality = entry.get("municipality")
    of = municipality.get("id") if isinstance(municipality, dict) else None
    count = entry.get("participantCount")
    if isinstance(count, dict):
        count = count.get("total")
    texts = (entry.get(key) for key in ("name", "proposal", "type", "publishDate", "sentTime"))
    return (number_in_address(of), *(_text(text) for text in texts), _text(count))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
