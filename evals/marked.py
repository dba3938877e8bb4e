"""Texts whose personal data and places a person has marked: reading them, and what is found right.

A mark is ``⟦label|surface⟧``: a code of ``codes/pii.csv``, ``place:Name`` with the gazetteer's
name, or ``not`` for what must be left alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

FOLDER = Path(__file__).parent / "marked"
_MARK = re.compile(r"⟦([^|⟦⟧]+)\|([^⟦⟧]+)⟧")
_PLACE = "place:"
_NOT = "not"

Spans = Sequence[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class MarkedText:
    """One text without its marks, and what they said.

    Attributes:
        text: As the resident wrote it.
        personal: Start, end (exclusive) and label of personal data.
        places: Names of the gazetteer.
        left_alone: Start and end of what looks like a name, a datum or a place and is none.
    """

    text: str
    personal: Spans
    places: frozenset[str]
    left_alone: Sequence[tuple[int, int]]


def read_marked(folder: Path = FOLDER) -> list[MarkedText]:
    """Marked texts of every file of a folder, in the order of the files."""
    texts: list[str] = []
    for path in sorted(folder.glob("*.csv")):
        texts += pl.read_csv(path, infer_schema=False)["text"].to_list()
    return [take_marks(text) for text in texts]


def take_marks(marked: str) -> MarkedText:
    """A text without its marks, and the marks with their places in it."""
    pieces: list[str] = []
    personal: list[tuple[int, int, str]] = []
    left_alone: list[tuple[int, int]] = []
    places: set[str] = set()
    length = position = 0
    for mark in _MARK.finditer(marked):
        before, (label, surface) = marked[position : mark.start()], mark.groups()
        start = length + len(before)
        end = start + len(surface)
        if label.startswith(_PLACE):
            places.add(label.removeprefix(_PLACE))
        elif label == _NOT:
            left_alone.append((start, end))
        else:
            personal.append((start, end, label))
        pieces += [before, surface]
        length, position = end, mark.end()
    text = "".join([*pieces, marked[position:]])
    return MarkedText(text, tuple(personal), frozenset(places), tuple(left_alone))


def measure_masking(
    texts: Sequence[MarkedText], find: Callable[[str], Iterable[tuple[int, int, str]]]
) -> dict[str, float]:
    """Recall and precision by overlap whatever the label, and the share of hard negatives touched.

    ``pii_label_accuracy`` is the share of found spans of personal data whose label is right too.
    """
    n_marked = n_reached = n_found = n_right = n_same = n_alone = n_touched = 0
    for marked in texts:
        found = [(start, end, label) for start, end, label in find(marked.text)]
        reached = [s for s in marked.personal if any(_overlap(s, f) for f in found)]
        n_marked, n_reached = n_marked + len(marked.personal), n_reached + len(reached)
        n_same += sum(any(_overlap(s, f) and s[2] == f[2] for f in found) for s in reached)
        n_found += len(found)
        n_right += sum(any(_overlap(f, s) for s in marked.personal) for f in found)
        n_alone += len(marked.left_alone)
        n_touched += sum(any(_overlap(a, f) for f in found) for a in marked.left_alone)
    return {
        "n_spans": float(n_marked),
        "pii_recall": n_reached / n_marked,
        "pii_precision": n_right / n_found if n_found else 1.0,
        "pii_label_accuracy": n_same / n_reached if n_reached else 0.0,
        "n_hard_negatives": float(n_alone),
        "hard_negatives_touched": n_touched / n_alone if n_alone else 0.0,
    }


def measure_places(texts: Sequence[MarkedText], found: Iterable[str | None]) -> dict[str, float]:
    """Micro-averaged F1 of place names; ``found`` holds them joined by ``;``, text by text."""
    given = [frozenset(names.split(";")) if names else frozenset() for names in found]
    pairs = list(zip((marked.places for marked in texts), given, strict=True))
    n_both = sum(len(answers & names) for answers, names in pairs)
    n_answers, n_given = sum(len(a) for a, _ in pairs), sum(len(g) for _, g in pairs)
    return {
        "n_places": float(n_answers),
        "places_micro_f1": 2 * n_both / (n_answers + n_given),
        "places_recall": n_both / n_answers,
        "places_precision": n_both / n_given if n_given else 1.0,
    }


def _overlap(one: tuple[int, ...] | tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return int(one[0]) < other[1] and other[0] < int(one[1])
