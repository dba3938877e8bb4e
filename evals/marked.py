"""Texts whose personal data and places a person has marked: how much of it is found.

How the marks are written is told by ``data_contracts.marked``.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import polars as pl

from data_contracts.marked import HARD_NEGATIVE, PLACE, MarkedText, parse_marked

FOLDER = Path(__file__).parent / "marked"

Found = Iterable[tuple[int, int, str]]


def read_marked(hand: str = "", folder: Path = FOLDER) -> list[MarkedText]:
    """Marked texts of a hand, or of every file of a folder, in the order of the files."""
    return [
        parse_marked(text, batch=path.stem)
        for path in sorted(folder.glob(f"{hand}*.csv"))
        for text in pl.read_csv(path, infer_schema=False)["text"]
    ]


def measure_masking(texts: Sequence[MarkedText], find: Callable[[str], Found]) -> dict[str, float]:
    """Recall and precision by overlap whatever the label, and the share of hard negatives touched.

    ``pii_label_accuracy`` is the share of found spans of personal data whose label is right too.
    """
    n_marked = n_reached = n_found = n_right = n_same = n_alone = n_touched = 0
    for marked in texts:
        found = [(start, end, label) for start, end, label in find(marked.text)]
        alone = [mark for mark in marked.marks if mark.label == HARD_NEGATIVE]
        personal = [m for m in marked.marks if m not in alone and not m.label.startswith(PLACE)]
        reached = [mark for mark in personal if any(_overlap(mark, f) for f in found)]
        n_marked, n_reached = n_marked + len(personal), n_reached + len(reached)
        n_same += sum(any(_overlap(m, f) and m.label == f[2] for f in found) for m in reached)
        n_found += len(found)
        n_right += sum(any(_overlap(f, mark) for mark in personal) for f in found)
        n_alone += len(alone)
        n_touched += sum(any(_overlap(mark, f) for f in found) for mark in alone)
    return {
        "n_spans": float(n_marked),
        "n_found": float(n_found),
        "n_hard_negatives": float(n_alone),
        "pii_recall": n_reached / n_marked,
        "pii_precision": n_right / n_found if n_found else 1.0,
        "pii_label_accuracy": n_same / n_reached if n_reached else 0.0,
        "hard_negatives_touched": n_touched / n_alone if n_alone else 0.0,
    }


def measure_places(texts: Sequence[MarkedText], found: Iterable[str | None]) -> dict[str, float]:
    """Micro-averaged F1 of place names; ``found`` holds them joined by ``;``, text by text."""
    wanted = [
        {mark.label.removeprefix(PLACE) for mark in marked.marks if mark.label.startswith(PLACE)}
        for marked in texts
    ]
    given = [set(names.split(";")) if names else set() for names in found]
    n_both = sum(len(w & g) for w, g in zip(wanted, given, strict=True))
    n_wanted, n_given = sum(map(len, wanted)), sum(map(len, given))
    return {
        "n_places": float(n_wanted),
        "places_micro_f1": 2 * n_both / (n_wanted + n_given),
        "places_recall": n_both / n_wanted,
        "places_precision": n_both / n_given if n_given else 1.0,
    }


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
