"""Why a file of no known format is refused, in words that its sender understands.

Belongs here: what such a file looks like and what to do with it. Does not: telling known formats
apart (``transforms.parse.sniff``).
"""

import io
import re
import zipfile
from pathlib import PurePosixPath

from data_contracts.templates import template_words
from transforms.parse.encoding import decode_text
from transforms.parse.json_shape import json_shape
from transforms.parse.parsed import RefusedFileError
from transforms.parse.sniff import TABLE, beginning, find_format, read_header
from transforms.parse.template_map import missing_columns

_MOST_NAMES = 12
_KNOWN = "answers of kuntalaisaloite.fi, GeoReport or Webropol"
_XML_ROOT = re.compile(r"<(?!\?|!)\s*([A-Za-z][\w:.-]*)")
_ELEMENTS = {  # root element → what it is, what to do
    "codebook": (
        "a DDI codebook, which describes a survey and holds no answers",
        "Deliver the answers as CSV or .xlsx with a .questionnaire.toml beside them.",
    ),
    "service_requests": (
        "GeoReport requests as XML",
        "Fetch them as JSON (requests.json).",
    ),
    "services": ("GeoReport services as XML", "Fetch them as JSON (services.json)."),
    "rss": ("an RSS feed", "Fetch the messages as CSV or GeoReport JSON."),
    "feed": ("an Atom feed", "Fetch the messages as CSV or GeoReport JSON."),
    "html": (
        "an HTML page, such as a service's error or log-in page",
        "Look at the address and the credentials, then fetch the file again.",
    ),
}


def why_unrecognised(name: str, content: bytes) -> str:
    """What the file looks like, what is expected, and what to do, without the file's name.

    Args:
        name: File name, with or without folders.
        content: The whole file.
    """
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        return "Found an empty file, expected a delivery. Fetch or export the file again."
    if content.startswith(b"PK"):
        return _why_zip(content)
    text = beginning(content)
    return _why_binary(content) if text is None else _why_text(name, content, text)


def _why_text(name: str, content: bytes, text: str) -> str:
    stripped = text.lstrip("\ufeff \t\r\n")
    why = (
        f"Found text that is neither a table nor {_KNOWN}, expected one of these."
        " Export the data as CSV with column names in the first row."
    )
    if stripped.startswith("<"):
        why = _why_markup(stripped)
    elif name.lower().endswith(".toml"):
        why = (
            "Found a TOML file with none of the known sections, expected [survey], [columns] or"
            " [services]. Correct the section's name or remove the file."
        )
    elif find_format(name, content) == TABLE:
        why = _why_table(name, content)
    elif json_shape(text) is not None:
        why = _why_json(text)
    elif re.match(r"(?:---\s|%YAML|swagger:|openapi:)", stripped):
        why = _why_yaml(stripped)
    return why


def _why_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return "Found a damaged zip archive, expected a table or JSON. Fetch the file again."
    kinds = {"word/document.xml": "a Word document", "content.xml": "an OpenDocument file"}
    what = next((kind for part, kind in kinds.items() if part in names), None)
    if what:
        return f"Found {what}, expected a table. Save the table as CSV or .xlsx."
    if "xl/workbook.xml" in names:
        return (
            "Found a workbook without rows or that cannot be read, expected a header and rows on"
            " its first sheet. Fill it, or save it again in Excel."
        )
    return (
        f"Found a zip archive of {len(names)} files, expected a table or JSON."
        " Unpack it and deliver the files it holds."
    )


def _why_binary(content: bytes) -> str:
    try:
        decode_text(content)
    except RefusedFileError as error:
        return str(error)
    return "Found a binary file, expected a table or JSON. Export the data as CSV or JSON."


def _why_markup(text: str) -> str:
    found = _XML_ROOT.search(text)
    root = found.group(1).rsplit(":", 1)[-1] if found else ""
    if "<LimeSurveyDocType>" in text:
        what = "a LimeSurvey structure file, which holds a survey's questions and no answers"
        to_do = "Export the answers as CSV and write a .questionnaire.toml beside them."
    elif root.lower() in _ELEMENTS:
        what, to_do = _ELEMENTS[root.lower()]
    else:
        what = f"XML that begins with <{root[:40]}>" if root else "XML"
        to_do = "Export the data as CSV, .xlsx or JSON."
    return f"Found {what}; expected a table or {_KNOWN} as JSON. {to_do}"


def _why_json(text: str) -> str:
    shape = json_shape(text)
    keys = sorted(shape.keys) if shape else []
    if {"model", "fields"} <= set(keys):
        what = "a Django fixture, a database's own dump"
        to_do = "Fetch the requests from the server's GeoReport address instead."
    elif "scale" in keys or {"min_value", "max_value"} <= set(keys):
        what = "answer scales without answers"
        to_do = "Write the scale as a [[codelist]] of the survey's .questionnaire.toml."
    elif not keys:
        what = "JSON without any objects"
        to_do = "Fetch the file again, or remove it when there is nothing to deliver."
    else:
        what = f"JSON with the keys {_listed(keys)}"
        to_do = "Deliver the data in one of these forms, or as CSV with a column map."
    return f"Found {what}; expected {_KNOWN}. {to_do}"


def _why_yaml(text: str) -> str:
    is_api = re.search(r"^(?:swagger|openapi):", text, re.MULTILINE) is not None
    what = "the description of an interface (Swagger, OpenAPI)" if is_api else "a YAML file"
    return (
        f"Found {what}, expected data: a table or {_KNOWN}."
        " Fetch the data that it describes, and remove this file."
    )


def _why_table(name: str, content: bytes) -> str:
    header = read_header(name, content)
    stem = PurePosixPath(name).stem
    if not header:
        return (
            "Found a table that has no rows or cannot be read, expected a header and rows."
            " Export the file again."
        )
    if near := missing_columns(header):
        column_map, missing = near
        return template_words()["expected.columns"].format(
            template=column_map.name,
            missing=", ".join(f"”{column}”" for column in missing),
            found=_listed(header),
        )
    return (
        f"Found a table with the columns {_listed(header)}, expected a column map or a"
        f" questionnaire for it. Write {stem}.columns.toml (begin with a template of"
        f" data_contracts/column_maps) or {stem}.questionnaire.toml beside it, or remove the file."
    )


def _listed(names: "list[str] | tuple[str, ...]") -> str:
    shown = ", ".join(f"'{' '.join(name.split())[:40]}'" for name in names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"
