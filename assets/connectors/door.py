"""What never comes in: fields of known answers that name a person and are needed for nothing.

Belongs here: whole fields, before anything is stored. Personal data inside running text is masked
later (``transforms.privacy.mask``). A unit's name (``tasks[].owner_name``) stays.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

AUTHORS = "authors.publicAuthors"
RESPONDENT_EMAIL = "RespondentEmail"

# GeoReport v2 names the submitter without a prefix (POST arguments that some servers return), other
# dialects with one.
_SUBMITTER = frozenset(
    {"email", "first_name", "last_name", "phone", "account_id", "device_id", "ssn", "user_name"}
)
_SUBMITTER_PREFIX = "submitter"
_REQUEST_KEYS = frozenset({"service_request_id", "service_request_token"})
_ATTRIBUTES = "extended_attributes"
# What a field looks like that is filled in; reading a large file to find it empty costs seconds.
_FILLED_IN = {
    "publicAuthors": re.compile(r'"publicAuthors"\s*+:\s*+(?!\[\s*+\]|null|"")'),
    RESPONDENT_EMAIL: re.compile(rf'"{RESPONDENT_EMAIL}"\s*+:\s*+(?!null|"")'),
}
_ESCAPED_LETTER = re.compile(r"\\u00[2-7]")


def drop_personal_fields(content: bytes) -> tuple[bytes, list[str]]:
    """The content without fields that name a person, and the names of the fields dropped.

    Looked into are details of kuntalaisaloite.fi (authors), responses of Webropol (e-mail) and
    requests of GeoReport v2 (submitter). Names and e-mails that the source's own form leaves empty
    become empty; the submitter's fields go altogether.

    Returns:
        The bytes as they came and no names when nothing was dropped, or when it is no JSON.
    """
    text = _json_text(content)
    if text is None or not _may_hold(text):
        return content, []
    try:
        document = json.loads(text)
        dropped = sorted(set(_drop(document)))
    except (ValueError, RecursionError):
        return content, []
    if not dropped:
        return content, []
    return json.dumps(document, ensure_ascii=_has_surrogates(text)).encode(), dropped


def _json_text(content: bytes) -> str | None:
    if not content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith((b"{", b"[")):
        return None
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _may_hold(text: str) -> bool:
    """Whether a field to be dropped may stand in ``text``; a name may hide in escapes."""
    clues = [clue for clue in (*_FILLED_IN, *_REQUEST_KEYS) if clue in text]
    if not clues:
        return False
    if any(clue in _FILLED_IN and _FILLED_IN[clue].search(text) for clue in clues):
        return True
    if not _REQUEST_KEYS.isdisjoint(clues):
        names = (f'"{_SUBMITTER_PREFIX}', *(f'"{name}"' for name in _SUBMITTER))
        if any(name in text for name in names):
            return True
    return _ESCAPED_LETTER.search(text) is not None


def _has_surrogates(text: str) -> bool:
    """Whether an escape may stand for half a character, which UTF-8 cannot hold."""
    return "\\ud" in text.lower()


def _drop(node: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    """Take the fields out of ``node`` in place, and name them."""
    if isinstance(node, list):
        for item in node:
            yield from _drop(item)
    if not isinstance(node, dict):
        return
    authors = node.get("authors")
    if isinstance(authors, dict) and authors.get("publicAuthors"):
        authors["publicAuthors"] = []
        yield AUTHORS
    if node.get(RESPONDENT_EMAIL):
        node[RESPONDENT_EMAIL] = None
        yield RESPONDENT_EMAIL
    if not _REQUEST_KEYS.isdisjoint(node):
        yield from _drop_submitter(node)
    for child in node.values():
        yield from _drop(child)


def _drop_submitter(request: dict[str, Any]) -> Iterator[str]:
    attributes = request.get(_ATTRIBUTES)
    for holder in (request, attributes if isinstance(attributes, dict) else {}):
        for name in [name for name in holder if _is_submitter(name)]:
            del holder[name]
            yield name


def _is_submitter(name: str) -> bool:
    return name in _SUBMITTER or name.startswith(_SUBMITTER_PREFIX)
