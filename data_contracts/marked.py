"""Texts with their personal data marked: the project's own files, read into texts and spans.

The marks are ``⟦label|surface⟧``; ``GUIDELINE.md`` beside the files says what is marked
how. What is learnt from them belongs to transforms.privacy.
"""

import re
from importlib.resources import files
from typing import NamedTuple

import polars as pl

_MARK = re.compile("\u27e6([^|\u27e7]+)[|]([^\u27e7]*)\u27e7")
HARD_NEGATIVE = "not"
PLACE = "place:"


class Mark(NamedTuple):
    """Characters ``start`` to ``end`` (excluded) of a text are marked ``label``."""

    start: int
    end: int
    label: str


class MarkedText(NamedTuple):
    """A text without its marks, the marks, and the file (batch) that it comes from."""

    text: str
    marks: list[Mark]
    batch: str


def read_marked_examples() -> list[MarkedText]:
    """The marked texts for development and training, files in alphabetical order."""
    folder = files("data_contracts") / "marked_examples"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    return [
        parse_marked(text, batch=name.removesuffix(".csv"))
        for name in names
        for text in pl.read_csv((folder / name).read_bytes(), infer_schema=False)["text"]
    ]


def parse_marked(marked: str, *, batch: str = "") -> MarkedText:
    """A marked text parted into text and marks, in characters of the text."""
    parts: list[str] = []
    marks: list[Mark] = []
    position = length = 0
    for found in _MARK.finditer(marked):
        before, surface = marked[position : found.start()], found.group(2)
        start = length + len(before)
        marks.append(Mark(start, start + len(surface), found.group(1)))
        parts += [before, surface]
        length, position = start + len(surface), found.end()
    return MarkedText("".join([*parts, marked[position:]]), marks, batch)
