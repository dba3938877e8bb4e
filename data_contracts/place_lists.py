"""The city's places and the words that tell them from their homonyms: own files as frames. How
they are found in texts belongs to transforms.text.
"""

from importlib.resources import files

import polars as pl


def read_places() -> pl.DataFrame:
    """One row per place, in the file's order; empty cells are null (docs/methods/places.md)."""
    return _read("codes", "places")


def read_place_cues() -> pl.DataFrame:
    """One row per cue word: ``role``, ``word``; a star stands for any ending."""
    return _read("lexicon", "place_cues")


def _read(folder: str, name: str) -> pl.DataFrame:
    content = (files("data_contracts") / folder / f"{name}.csv").read_bytes()
    return pl.read_csv(content, infer_schema=False)
