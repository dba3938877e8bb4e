"""The held-out hands: texts by writers whose words no model, term or setting was made from, and
what a second annotator said of them without seeing the labels.

Nothing here may be trained on, tuned on or read while models are being made; whoever changes models
looks at the rows of strangers.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import polars as pl

FOLDER = Path(__file__).parent / "held_out"
_NO_WORD = re.compile(r"[\W_]+")


def read_held_out(hand: str, folder: Path = FOLDER) -> pl.DataFrame:
    """One row per text of a hand: the columns of the labelled examples, ``batch``, ``file_name``
    and ``row`` in its file, from 0; empty cells are empty strings.
    """
    frames = [
        pl.read_csv(path, infer_schema=False)
        .fill_null("")
        .with_columns(batch=pl.lit(path.name[0]), file_name=pl.lit(path.name))
        .with_columns(row=pl.int_range(pl.len()))
        for path in sorted(folder.glob(f"{hand}_*.csv"))
    ]
    return pl.concat(frames)


def read_second_annotator(hand: str, folder: Path = FOLDER) -> pl.DataFrame:
    """One row per text of a hand labelled twice: the held-out columns, and the second annotator's
    labels in the columns that a model's would have (``labelled_…``).
    """
    second = pl.read_csv(folder / "second_annotator" / f"{hand}.csv", infer_schema=False).select(
        "file_name",
        pl.col("row").cast(pl.Int64),
        labelled_service_id="service_id",
        labelled_kind_code="kind",
        labelled_sentiment_code="sentiment",
        labelled_language_code="language",
        labelled_topics="topics",
        labelled_groups="groups",
    )
    first = read_held_out(hand, folder)
    return first.join(second, on=["file_name", "row"], how="inner", validate="1:1").with_columns(
        labelled_service_2_id=pl.lit(None, dtype=pl.String),
        labelled_is_service_unsure=pl.lit(value=False),
        labelled_service_p=pl.lit(1.0),
    )


def words_alone(texts: Iterable[str]) -> list[str]:
    """Texts case-folded, without punctuation and doubled blanks, to tell whether two are one."""
    return [_NO_WORD.sub(" ", text.casefold()).strip() for text in texts]
