"""Labelled examples and lexicon that the project carries: its own files as frames. What is learnt
from them belongs to transforms.text.
"""

from importlib.resources import files

import polars as pl

_LEXICON_FILES = {
    "service_terms": "service",
    "kind_terms": "kind",
    "sentiment_terms": "sentiment",
    "language_words": "language",
    "says_nothing": "says_nothing",
}


def read_examples() -> pl.DataFrame:
    """One row per labelled text: the columns of the files, ``batch`` (a, b or c) and ``file_name``.

    Empty cells are empty strings. Files in alphabetical order, rows as written.
    """
    folder = files("data_contracts") / "labelled_examples"
    names = sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.endswith(".csv") and entry.name[1:2] == "_"
    )
    frames = [
        pl.read_csv((folder / name).read_bytes(), infer_schema=False)
        .fill_null("")
        .with_columns(batch=pl.lit(name[0]), file_name=pl.lit(name))
        for name in names
    ]
    return pl.concat(frames)


def read_lexicon() -> pl.DataFrame:
    """One row per term: ``task``, ``code``, ``language``, ``term``."""
    folder = files("data_contracts") / "lexicon"
    frames = [
        pl.read_csv((folder / f"{name}.csv").read_bytes(), infer_schema=False).select(
            pl.lit(task).alias("task"), "code", "language", "term"
        )
        for name, task in _LEXICON_FILES.items()
    ]
    return pl.concat(frames)
