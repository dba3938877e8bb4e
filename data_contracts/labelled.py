"""Labelled examples and lexicon that the project carries: its own files as frames. What is learnt
from them belongs to transforms.text.
"""

from importlib.resources import files

import polars as pl

_LEXICON_FILES = {
    "service_terms": "service",
    "kind_terms": "kind",
    "sentiment_terms": "sentiment",
    "topic_terms": "topics",
    "group_terms": "groups",
    "language_words": "language",
    "says_nothing": "says_nothing",
}


_FROZEN = "x"  # texts that judge the models, wherever they lie, are never learnt from


def read_examples() -> pl.DataFrame:
    """One row per labelled text: the columns of the files, ``batch`` (the letter of
    its writer) and ``file_name``.

    Empty cells are empty strings. Files in alphabetical order, rows as written.
    """
    folder = files("data_contracts") / "labelled_examples"
    names = sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.endswith(".csv") and entry.name[1:2] == "_" and entry.name[0] != _FROZEN
    )
    frames = [
        pl.read_csv((folder / name).read_bytes(), infer_schema=False)
        .fill_null("")
        .with_columns(batch=pl.lit(name[0]), file_name=pl.lit(name))
        for name in names
    ]
    return pl.concat(frames)


def read_frozen_examples() -> pl.DataFrame:
    """One row per text of the frozen set, by a writer whose texts are never learnt from: the
    columns of the labelled examples.

    Models are promoted by it alone; nobody tunes by it. Empty cells are empty strings. Files in
    alphabetical order, rows as written.
    """
    folder = files("data_contracts") / "frozen_examples"
    entries = sorted((e for e in folder.iterdir() if e.name.endswith(".csv")), key=lambda e: e.name)
    frames = [pl.read_csv(e.read_bytes(), infer_schema=False).fill_null("") for e in entries]
    return pl.concat(frames)


def read_lexicon() -> pl.DataFrame:
    """One row per term: ``task``, ``code``, ``language``, ``term``.

    Of the task ``translation`` the code is a word of the language, or a stem that ends in ``*``,
    and the term the Finnish words that it means.
    """
    folder = files("data_contracts") / "lexicon"
    frames = [
        pl.read_csv((folder / f"{name}.csv").read_bytes(), infer_schema=False).select(
            pl.lit(task).alias("task"), "code", "language", "term"
        )
        for name, task in _LEXICON_FILES.items()
    ]
    translations = pl.read_csv((folder / "translations.csv").read_bytes(), infer_schema=False)
    words = translations.select(
        pl.lit("translation").alias("task"), pl.col("word").alias("code"), "language", "term"
    )
    return pl.concat([*frames, words])
