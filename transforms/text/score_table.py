"""Scores of every head for every distinct token: a text's scores are the sum of its tokens' rows.

The table is built once per models, extended by new tokens and kept by the caller; labels do not
depend on what it already knew.
"""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.text.features import count_features, features_of_types
from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.models import HEADS, SPACES, Floats, Singles, TextModels

_CHUNK = 20_000  # types whose features are held in memory at once
_TINY = 1e-9


@dataclass(frozen=True)
class ScoreTable:
    """Tokens with their scores by one version of the models.

    Attributes:
        tokens: ``token``, ``place`` of its scores (UInt32) and ``number`` of its lemma in pairs
            (Int32, 0 where it has none).
        scores: Of shape (n_tokens, n_columns), see ``models.Layout``.
    """

    method_version: str
    tokens: pl.DataFrame
    scores: Singles


TOKEN_SCHEMA = {"token": pl.String, "place": pl.UInt32, "number": pl.Int32}


def empty_score_table(models: TextModels) -> ScoreTable:
    """A table that knows no token yet."""
    scores = np.zeros((0, models.layout.n_columns), dtype=np.float32)
    return ScoreTable(models.method_version, pl.DataFrame(schema=TOKEN_SCHEMA), scores)


def extend_score_table(
    table: ScoreTable, tokens: pl.Series, models: TextModels, type_table: pl.DataFrame
) -> ScoreTable:
    """The table with the tokens that it lacked; a table of other models is begun anew.

    Args:
        table: Of these models or of earlier ones.
        tokens: Repeated or not.
        models: Whose scores.
        type_table: Known tokens; others are analysed (about 30 µs each).
    """
    if table.method_version != models.method_version:
        table = empty_score_table(models)
    distinct = pl.DataFrame({"token": tokens.cast(pl.String).unique()})
    new = distinct.join(table.tokens, on="token", how="anti")
    if not new.height:
        return table
    known = new.join(type_table, on="token", how="inner").select(type_table.columns)
    types = extend_type_table(known, new["token"], analyse=find_analyser()).sort("token")
    scores = [
        score_types(types[start : start + _CHUNK], models)
        for start in range(0, types.height, _CHUNK)
    ]
    numbers = models.pair_index.number_of
    added = types.select(
        "token",
        place=pl.int_range(
            table.tokens.height, table.tokens.height + types.height, dtype=pl.UInt32
        ),
        number=pl.col("lemma").replace_strict(numbers, default=0, return_dtype=pl.Int32),
    )
    return ScoreTable(
        models.method_version,
        pl.concat([table.tokens, added], rechunk=True),
        np.concatenate([table.scores, *scores]),
    )


def table_to_bytes(table: ScoreTable) -> bytes:
    """The table as one npz file; the same table gives the same bytes."""
    file = io.BytesIO()
    text = "\n".join([table.method_version, *table.tokens["token"]])
    names = np.frombuffer(text.encode(), dtype=np.uint8)
    np.savez(file, names=names, numbers=table.tokens["number"].to_numpy(), scores=table.scores)
    return file.getvalue()


def table_from_bytes(content: bytes) -> ScoreTable:
    """A table as ``table_to_bytes`` wrote it.

    Raises:
        ValueError: If the bytes are not such a file (numpy's message).
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        version, *names = arrays["names"].tobytes().decode().split("\n")
        tokens = pl.DataFrame(
            {"token": names, "place": range(len(names)), "number": arrays["numbers"]},
            schema=TOKEN_SCHEMA,
        )
        return ScoreTable(version, tokens, arrays["scores"])


def score_types(types: pl.DataFrame, models: TextModels) -> Singles:
    """Scores of every row of a type table, (n_types, n_columns)."""
    counts = count_features(
        features_of_types(types, models.concepts, models.translations), models.vocabulary
    )
    scores: Singles = counts @ models.weights
    return scores


def place_tokens(
    tokens: pl.DataFrame, models: TextModels, type_table: pl.DataFrame, table: ScoreTable | None
) -> tuple[pl.DataFrame, ScoreTable]:
    """Tokens with ``place`` and ``number`` of the table, and the table that knows them all."""
    known = table or empty_score_table(models)
    if known.method_version == models.method_version:
        found = tokens.join(known.tokens, on="token", how="left", maintain_order="left")
        if not found["place"].null_count():
            return found, known
        known = extend_score_table(
            known, found.filter(pl.col("place").is_null())["token"], models, type_table
        )
    else:
        known = extend_score_table(known, tokens["token"], models, type_table)
    return tokens.join(known.tokens, on="token", how="left", maintain_order="left"), known


def score_texts(
    tokens: pl.DataFrame, models: TextModels, table: ScoreTable, *, n_texts: int
) -> dict[int, Floats]:
    """Scores of every text by each head of ``HEADS``, of shape (n_texts, n_classes).

    Args:
        tokens: As ``place_tokens`` gives them.
        models: Whose scores the table holds.
        table: As ``place_tokens`` gives it.
        n_texts: Texts with and without tokens.
    """
    sums = sum_tokens(tokens, models, table, n_texts=n_texts)
    scores: dict[int, Floats] = {}
    for number, head in enumerate(HEADS):
        columns = models.layout.heads[number]
        part = sums[:, columns].astype(np.float64)
        if head.space in models.layout.lengths:
            squares = sums[:, models.layout.lengths[head.space]].astype(np.float64)
            part /= np.sqrt(np.maximum(squares, _TINY))[:, None]
        scores[number] = part + models.biases[columns]
    return scores


def sum_tokens(
    tokens: pl.DataFrame, models: TextModels, table: ScoreTable, *, n_texts: int
) -> Singles:
    """Sums of the rows of each text's tokens and pairs, always in the order of the text: the same
    text gives the same bits in every batch and from every table.
    """
    from scipy.sparse import csr_matrix

    rows = tokens["row"].to_numpy()
    places = tokens["place"].to_numpy().astype(np.int32)
    ends = np.searchsorted(rows, np.arange(n_texts + 1))
    ones = np.ones(len(places), dtype=np.float32)
    counts = csr_matrix((ones, places, ends), shape=(n_texts, len(table.scores)))
    sums: npt.NDArray[np.float32] = counts @ table.scores
    pairs = models.pair_index.find(tokens["number"].to_numpy(), rows, n_texts=n_texts)
    for space in SPACES:
        if space.pairs and len(models.pairs):
            columns = models.layout.of_space(space.name)
            sums[:, columns] += pairs @ np.ascontiguousarray(models.pair_weights[:, columns])
    return sums
