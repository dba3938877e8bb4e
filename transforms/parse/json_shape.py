"""The outer shape of a JSON file by its beginning, so that a cut-off file still shows what it is.

Belongs here: brackets and keys. Does not: which format they mean (``transforms.parse.sniff``).
"""

import re
from typing import NamedTuple

#: A string and whether it is a key, a bracket, anything else.
_TOKEN = re.compile(r'"((?:[^"\\]++|\\.)*+)"(\s*+:)?|([\[\]{}])|[^\s"\[\]{}:,]++')


class JsonShape(NamedTuple):
    """What the beginning of a JSON file shows.

    Attributes:
        opening: ``[`` or ``{``.
        keys: Keys of the outer object, or of the objects in the outer array.
        inner: Keys one level further in.
        is_empty: The outer array or object is closed and holds nothing.
    """

    opening: str
    keys: frozenset[str]
    inner: frozenset[str]
    is_empty: bool


def json_shape(text: str) -> JsonShape | None:
    """Shape of the JSON that ``text`` begins with; null when it begins otherwise.

    A text may end anywhere: what stands before the end is used.
    """
    text = text.lstrip("\ufeff \t\r\n")
    if not text.startswith(("[", "{")):
        return None
    by_depth: dict[int, set[str]] = {}
    depth, n_tokens, is_closed = 0, 0, False
    for string, colon, bracket in _TOKEN.findall(text):
        n_tokens += 1
        if colon:
            by_depth.setdefault(depth, set()).add(string)
        elif bracket in ("[", "{"):
            depth += 1
        elif bracket:
            depth -= 1
            is_closed = depth == 0
            if is_closed:
                break
    outer = 2 if text[0] == "[" else 1
    return JsonShape(
        opening=text[0],
        keys=frozenset(by_depth.get(outer, ())),
        inner=frozenset().union(*(by_depth.get(outer + step, ()) for step in (1, 2))),
        is_empty=is_closed and n_tokens == 2,  # noqa: PLR2004 - the two brackets
    )
