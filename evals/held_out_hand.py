"""The held-out hand: texts by a writer whose words no model, term or setting was made from.

Nothing here may be trained on, tuned on or read while models are being made; whoever changes models
looks at the rows of strangers and folds.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import polars as pl

FOLDER = Path(__file__).parent / "held_out"
_NO_WORD = re.compile(r"[\W_]+")


def read_held_out(folder: Path = FOLDER) -> pl.DataFrame:
    """One row per text: the columns of the labelled examples and ``batch`` (d); empty cells are
    empty strings. Files in alphabetical order, rows as written.
    """
    frames = [
        pl.read_csv(path, infer_schema=False).fill_null("").with_columns(batch=pl.lit(path.name[0]))
        for path in sorted(folder.glob("d_*.csv"))
    ]
    return pl.concat(frames)


def words_alone(texts: Iterable[str]) -> list[str]:
    """Texts case-folded, without punctuation and doubled blanks, to tell whether two are one."""
    return [_NO_WORD.sub(" ", text.casefold()).strip() for text in texts]
