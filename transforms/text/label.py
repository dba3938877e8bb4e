"""Texts to labels with fitted models: one pure function of Arrow record batches, the same on every
engine. Fitting belongs to training.
"""

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from transforms.text.features import count_features, count_tokens, features_of_types
from transforms.text.lemmas import extend_type_table, find_analyser
from transforms.text.models import HEADS, Floats, Task, TextModels
from transforms.text.tokens import WORD_START, count_words, tokenize_texts

OTHER_SERVICE = "muu"
NO_LANGUAGE = "und"
_DECIMALS = 6
NOTHING_SAID = {"kind": "kysymys", "sentiment": "neutraali"}
STACKED: dict[str, tuple[Task, ...]] = {
    "service": ("service",),
    "kind": ("kind", "sentiment"),
    "sentiment": ("sentiment", "kind"),
}

LABEL_SCHEMA = pa.schema(
    [
        pa.field("text_id", pa.large_string()),
        pa.field("language_code", pa.large_string()),
        pa.field("service_id", pa.large_string()),
        pa.field("service_p", pa.float64()),
        pa.field("service_2_id", pa.large_string()),
        pa.field("is_service_unsure", pa.bool_()),
        pa.field("kind_code", pa.large_string()),
        pa.field("kind_p", pa.float64()),
        pa.field("sentiment_code", pa.large_string()),
        pa.field("sentiment_p", pa.float64()),
        pa.field("n_words", pa.int64()),
        pa.field("is_uninformative", pa.bool_()),
        pa.field("method_version", pa.large_string()),
    ]
)


def label_texts(
    batch: pa.RecordBatch, models: TextModels, type_table: pl.DataFrame
) -> pa.RecordBatch:
    """Columns of core_text__labels for a batch of ``text_id`` and ``text``, row by row.

    A row does not depend on the other rows of its batch. Tokens that the type table lacks are
    analysed on the way (about 30 µs each): extend the table beforehand to pay once. A null text
    is an empty one.
    """
    texts = pl.Series(batch.column("text").to_pylist(), dtype=pl.String).fill_null("")
    tokens = tokenize_texts(texts)
    words = count_words(tokens, n_texts=len(texts))
    scores = score_texts(tokens, models, type_table, n_texts=len(texts))
    probabilities = {task: stack_scores(scores, models, task) for task in STACKED}
    labels = _choose_labels(probabilities, models).with_columns(
        pl.Series("text_id", batch.column("text_id").to_pylist(), dtype=pl.String),
        pl.Series("language_code", _choose_languages(scores, models, words)),
        words.alias("n_words"),
        _says_nothing(texts, tokens, models).alias("is_uninformative"),
        pl.lit(models.method_version).alias("method_version"),
    )
    table = _apply_rule(labels).select(LABEL_SCHEMA.names).to_arrow().cast(LABEL_SCHEMA)
    return table.combine_chunks().to_batches()[0] if table.num_rows else _empty_batch()


def score_texts(
    tokens: pl.DataFrame, models: TextModels, type_table: pl.DataFrame, *, n_texts: int
) -> dict[int, Floats]:
    """Scores of every text by each head of ``HEADS``, of shape (n_texts, n_classes)."""
    distinct = tokens.select(pl.col("token").unique())
    known = distinct.join(type_table, on="token", how="inner").select(type_table.columns)
    types = extend_type_table(known, distinct["token"], analyse=find_analyser()).sort("token")
    by_type = count_features(features_of_types(types), models.vocabulary) @ models.weights
    sums = count_tokens(tokens, types["token"], n_texts=n_texts) @ by_type.astype(np.float64)
    scores: dict[int, Floats] = {}
    for number, head in enumerate(HEADS):
        columns = models.columns(number)
        part = sums[:, columns]
        if head.idf_power is not None:
            part = part / np.sqrt(np.maximum(sums[:, columns.start - 1 : columns.start], 1e-9))
        scores[number] = part + models.biases[columns]
    return scores


def stack_scores(scores: dict[int, Floats], models: TextModels, task: str) -> Floats:
    """Calibrated probabilities of shape (n_texts, n_classes of the task)."""
    inputs = stacker_inputs(scores, task)
    # Not BLAS: its sums depend on how many rows a batch has, and labels must not.
    logits = np.einsum("ti,ic->tc", inputs, models.stackers[f"{task}_weights"], optimize=False)
    return softmax(logits + models.stackers[f"{task}_bias"]).round(_DECIMALS)


def stacker_inputs(scores: dict[int, Floats], task: str) -> Floats:
    """Scores of the heads that the task's stacker reads, side by side, each centred on zero."""
    used = [n for wanted in STACKED[task] for n, head in enumerate(HEADS) if head.task == wanted]
    return np.hstack([scores[n] - scores[n].mean(axis=1, keepdims=True) for n in used])


def softmax(logits: Floats) -> Floats:
    """Rows that sum to one."""
    powers: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _choose_labels(probabilities: dict[str, Floats], models: TextModels) -> pl.DataFrame:
    columns: dict[str, object] = {}
    for task in ("kind", "sentiment"):
        columns[f"{task}_code"] = _codes(models, task, probabilities[task].argmax(axis=1))
        columns[f"{task}_p"] = probabilities[task].max(axis=1)
    order = np.argsort(-probabilities["service"], axis=1, kind="stable")
    return pl.DataFrame(columns).with_columns(
        pl.Series("best", _codes(models, "service", order[:, 0])),
        pl.Series("second", _codes(models, "service", order[:, 1])),
        pl.Series("service_p", probabilities["service"].max(axis=1)),
        is_service_unsure=pl.Series(probabilities["service"].max(axis=1))
        < models.service_threshold,
    )


def _apply_rule(labels: pl.DataFrame) -> pl.DataFrame:
    """A text that says nothing is muu by rule; one of an unsure service is muu by abstaining."""
    nothing, unsure = pl.col("is_uninformative"), pl.col("is_service_unsure")
    return labels.with_columns(
        service_id=pl.when(nothing | unsure).then(pl.lit(OTHER_SERVICE)).otherwise("best"),
        service_2_id=pl.when(nothing)
        .then(None)
        .otherwise(pl.when(unsure).then("best").otherwise("second")),
        is_service_unsure=unsure & ~nothing,
        **{f"{t}_p": pl.when(nothing).then(1.0).otherwise(f"{t}_p") for t in STACKED},
        **{
            f"{task}_code": pl.when(nothing).then(pl.lit(code)).otherwise(f"{task}_code")
            for task, code in NOTHING_SAID.items()
        },
    )


def _choose_languages(scores: dict[int, Floats], models: TextModels, words: pl.Series) -> list[str]:
    number = next(n for n, head in enumerate(HEADS) if head.task == "language")
    best = _codes(models, "language", scores[number].argmax(axis=1))
    return [code if n else NO_LANGUAGE for code, n in zip(best, words, strict=True)]


def _says_nothing(texts: pl.Series, tokens: pl.DataFrame, models: TextModels) -> pl.Series:
    """True for texts without a word or a picture sign, and for those in the list of such words."""
    phrases = (
        tokens.filter(pl.col("token").str.contains(WORD_START))
        .group_by("row", maintain_order=True)
        .agg(phrase=pl.col("token").str.join(" "))
    )
    signs = texts.str.contains(r"\p{So}")
    rows = pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    phrase = rows.join(phrases, on="row", how="left", maintain_order="left")["phrase"]
    listed = phrase.is_in(list(models.says_nothing)).fill_null(value=False)
    return (phrase.is_null() | listed) & ~signs


def _codes(models: TextModels, task: str, places: npt.NDArray[np.int64]) -> list[str]:
    return [models.classes[task][place] for place in places]


def _empty_batch() -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=LABEL_SCHEMA)
