"""JSON files to Python values, and what is wrong with one that cannot be read.

Belongs here: what holds for every JSON source. Does not: what any one source's keys mean.
"""

import json
import re
from typing import Any, NamedTuple

from transforms.parse.encoding import decode_text, mend_surrogates
from transforms.parse.parsed import RefusedFileError

_CLOSERS = {"[": "]", "{": "}"}
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class JsonFile(NamedTuple):
    """A JSON file: its value, numbers as the text they were sent as, and its encoding."""

    value: Any
    encoding_name: str


def read_json(content: bytes, *, expected: str) -> JsonFile:
    """The value that a JSON file holds.

    Numbers stay text, so that none is rounded. Halves of surrogate pairs, which Polars refuses,
    are replaced.

    Args:
        content: The whole file.
        expected: What should be in it, as part of a sentence.

    Raises:
        RefusedFileError: If the file is empty, binary, an HTML page, cut off, or no JSON.
    """
    decoded = decode_text(content)
    text = decoded.text.strip()
    if not text:
        raise RefusedFileError(f"Found an empty file, expected {expected}. Fetch the file again.")
    if text[0] not in _CLOSERS:
        what = "an HTML or XML page" if text[0] == "<" else "text that is no JSON array or object"
        raise RefusedFileError(f"Found {what}, expected {expected}. Fetch the file again.")
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, strict=False)
    except json.JSONDecodeError as error:
        raise RefusedFileError(_what_broke(text, error, expected)) from error
    except RecursionError as error:
        raise RefusedFileError(
            f"Found JSON nested too deep, expected {expected}. Fetch the file again."
        ) from error
    return JsonFile(
        _mended(value) if _LONE_SURROGATE.search(text) else value, decoded.encoding_name
    )


def _what_broke(text: str, error: json.JSONDecodeError, expected: str) -> str:
    is_cut = not error.msg.startswith("Extra data") and (
        error.pos >= len(text)
        or error.msg.startswith("Unterminated string")
        or text[-1] != _CLOSERS[text[0]]
    )
    if is_cut:
        return (
            f"Found JSON that is cut off after {len(text)} characters, expected {expected}, whole."
            " Fetch the file again."
        )
    return (
        f"Found JSON that breaks at line {error.lineno}, column {error.colno}, expected {expected}"
        " as well-formed JSON. Fetch the file again, or tell the keeper of the source."
    )


def _mended(value: object) -> object:
    if isinstance(value, str):
        return mend_surrogates(value)
    if isinstance(value, list):
        return [_mended(entry) for entry in value]
    if isinstance(value, dict):
        return {mend_surrogates(key): _mended(entry) for key, entry in value.items()}
    return value
