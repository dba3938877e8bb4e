"""Which format a delivered file has, found by looking into it; file names are only a hint.

Belongs here: telling formats apart. Does not: reading them, or saying why one is not read
(``transforms.parse.unrecognised``).
"""

import io
import re
import tomllib
import zipfile
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from transforms.parse.column_map import ColumnMap, matching_map
from transforms.parse.delimited import DELIMITERS, read_delimited
from transforms.parse.encoding import decode_text
from transforms.parse.header import LINE_NUMBER
from transforms.parse.json_shape import JsonShape, json_shape
from transforms.parse.jsonstat import is_population_dimension
from transforms.parse.paavo import is_paavo_header
from transforms.parse.parsed import RefusedFileError
from transforms.parse.workbook import read_workbook

TABLE = "table"
UNRECOGNISED = "unrecognised"

_START = 1 << 16
_ZIP = b"PK\x03\x04"
_TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".skv")
_KUA_LIST = {"collaborative", "participantCount", "publishDate", "sentTime"}
_KUA_DETAIL = {*_KUA_LIST, "proposal"}
_KUA_AUTHORS = {"privateNames", "publicNames", "publicAuthors"}
_KUA_MUNICIPALITY = {"active", "nameFi", "nameSv"}
_GEOREPORT = {"service_request_id", "requested_datetime", "service_notice", "status_notes"}
_GEOREPORT_SERVICE = {"service_code", "service_name"}
_NAMED_EMPTY = {
    r"list_.*\.json": "kuntalaisaloite_list",
    r"requests_.*\.json": "georeport_requests",
}
_SIDECARS = (  # in order: a questionnaire may have a [table] too
    ("questionnaire", {"survey", "variable"}),
    ("column_map", {"table", "columns"}),
    ("service_map", {"services"}),
)
_SECTION = re.compile(r"^\s*\[\[?\s*([A-Za-z_]+)", re.MULTILINE)
_NO_TABLE = re.compile(r"\s*(?:<|---\s|%YAML|%PDF|\{|\[)")
_TOML_LINE = re.compile(r"^\s*(?:\[\[?[\w\s.\"-]+\]\]?|[\w.\"-]+\s*=.*)\s*(?:#.*)?$")


def find_format(name: str, content: bytes) -> str:
    """A code of ``codes/delivery_format.csv``, or ``table`` for delimited text and .xlsx.

    A file that is cut off is still what it began as, so that its parser can say so. An empty JSON
    array has no shape: its name decides (``list_….json``, ``requests_….json``).

    Args:
        name: File name, with or without folders.
        content: The whole file.
    """
    if content.startswith(_ZIP):
        return TABLE if _is_workbook(content, name) else UNRECOGNISED
    text = beginning(content)
    if text is None:
        return UNRECOGNISED
    # ``[table]`` opens a section of TOML and is no JSON.
    if (sidecar := _find_sidecar(name, text)) is not None:
        return sidecar
    if (shape := json_shape(text)) is not None:
        return _find_json(name, shape)
    return TABLE if _is_delimited(name, text) else UNRECOGNISED


def read_header(name: str, content: bytes) -> tuple[str, ...]:
    """Column names of a delimited file or the first sheet of a workbook; none if unreadable."""
    try:
        if content.startswith(_ZIP) or name.lower().endswith(".xlsx"):
            found = read_workbook(content).columns
            return tuple(column for column in found if column != LINE_NUMBER)
        return read_delimited(decode_text(content).text).header
    except RefusedFileError:
        return ()


def table_format(
    name: str, sidecar_names: Collection[str], header: Sequence[str], maps: Sequence[ColumnMap]
) -> str:
    """What a table is: by its own sidecar, else by the first column map that fits its header.

    Args:
        name: File name of the table.
        sidecar_names: File names in the same folder.
        header: Its column names (``read_header``).
        maps: Column maps of the project and the settings, in order of precedence.

    Returns:
        ``survey_table``, ``column_mapped_table``, ``paavo_table`` or ``unrecognised``.
    """
    stem = PurePosixPath(name).stem
    beside = {PurePosixPath(sidecar).name for sidecar in sidecar_names}
    if f"{stem}.questionnaire.toml" in beside:
        return "survey_table"
    if f"{stem}.columns.toml" in beside or matching_map(header, maps) is not None:
        return "column_mapped_table"
    return "paavo_table" if is_paavo_header(header) else UNRECOGNISED


def beginning(content: bytes) -> str | None:
    """The first 64 kB as text, a character cut at either end aside; null for binary files."""
    start = content[:_START]
    for n_cut in range(4):  # a character of UTF-8 has at most four bytes
        try:
            return decode_text(start[: len(start) - n_cut]).text
        except RefusedFileError as error:
            if "cut inside a character" not in str(error):
                return None
    return None


def _is_workbook(content: bytes, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return name.lower().endswith(".xlsx")  # cut off: the reader says so


def _find_sidecar(name: str, text: str) -> str | None:
    lines = [line for line in text.splitlines() if line.strip()]
    first = next((line for line in lines if not line.lstrip().startswith("#")), "")
    if not name.lower().endswith(".toml") and not _TOML_LINE.match(first):
        return None
    try:
        sections = set(tomllib.loads(text.replace("\r\n", "\n")))
    except tomllib.TOMLDecodeError:
        sections = set(_SECTION.findall(text))
    return next((code for code, known in _SIDECARS if sections & known), None)


def _find_json(name: str, shape: JsonShape) -> str:
    if shape.is_empty and shape.opening == "[":
        file_name = PurePosixPath(name).name
        named = (code for form, code in _NAMED_EMPTY.items() if re.fullmatch(form, file_name))
        return next(named, UNRECOGNISED)
    finders = (_find_jsonstat, _find_kuntalaisaloite, _find_georeport, _find_webropol)
    found = (finder(shape) for finder in finders)
    return next((code for code in found if code is not None), UNRECOGNISED)


def _find_jsonstat(shape: JsonShape) -> str | None:
    """A dataset of JSON-stat with a dimension of areas; the first dimensions stand near its top."""
    is_cube = shape.keys >= {"class", "dimension"} or shape.keys >= {"id", "size", "dimension"}
    has_areas = any(is_population_dimension(name) for name in shape.inner)
    return "jsonstat_population" if is_cube and has_areas else None


def _find_kuntalaisaloite(shape: JsonShape) -> str | None:
    if shape.opening == "[":
        if len(shape.keys & _KUA_LIST) > 0 and "service_request_id" not in shape.keys:
            return "kuntalaisaloite_list"
        is_only = shape.keys <= {*_KUA_MUNICIPALITY, "id"}
        return (
            "kuntalaisaloite_municipalities" if shape.keys & _KUA_MUNICIPALITY and is_only else None
        )
    is_authored = "authors" in shape.keys and bool(shape.inner & _KUA_AUTHORS)
    return "kuntalaisaloite_detail" if is_authored or shape.keys & _KUA_DETAIL else None


def _find_georeport(shape: JsonShape) -> str | None:
    keys = shape.inner if shape.opening == "{" and "data" in shape.keys else shape.keys
    if keys & _GEOREPORT:
        return "georeport_requests"
    if "service_code" in keys and "description" in keys and "status" in keys:
        return "georeport_requests"
    if keys >= _GEOREPORT_SERVICE:
        return "georeport_services"
    # Some servers answer 200 with [{"code": …, "description": …}]; the parser says so.
    is_error = shape.opening == "[" and keys == {"code", "description"}
    return "georeport_requests" if is_error else None


def _find_webropol(shape: JsonShape) -> str | None:
    if "SurveyAnswers" in shape.keys or {"ResponseId", "RespondentAnswers"} <= shape.keys:
        return "webropol_responses"
    if "Paging" in shape.keys and "ItemsPerPage" in shape.inner:
        return "webropol_responses"
    if "Questions" in shape.keys or {"QuestionId", "QuestionText"} <= shape.keys:
        return "webropol_questions"
    return None


def _is_delimited(name: str, text: str) -> bool:
    if _NO_TABLE.match(text):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return False
    if name.lower().endswith(_TABLE_SUFFIXES):
        return True
    counts = [lines[0].count(delimiter) for delimiter in DELIMITERS]
    best = max(DELIMITERS, key=lines[0].count)
    return max(counts) > 0 and len(lines) > 1 and best in lines[1]
