"""Texts to labels with fitted models: one pure function of Arrow record batches, the same on every
engine. Fitting belongs to training, scores of tokens to score_table.
"""

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from transforms.text.confidence import confidence_inputs, confidence_of
from transforms.text.models import HEADS, MULTIPLE, Floats, TextModels
from transforms.text.score_table import (
    ScoreTable,
    place_tokens,
    score_texts,
)
from transforms.text.stacking import Scores, stack_all
from transforms.text.tokens import WORD_START, count_words, tokenize_texts

OTHER_SERVICE = "muu"
NO_LANGUAGE = "und"
NOTHING_SAID = {"kind": "kysymys", "sentiment": "neutraali"}

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
        pa.field("topics", pa.large_string()),
        pa.field("groups", pa.large_string()),
        pa.field("n_words", pa.int64()),
        pa.field("is_uninformative", pa.bool_()),
        pa.field("method_version", pa.large_string()),
    ]
)


def label_texts(
    batch: pa.RecordBatch,
    models: TextModels,
    type_table: pl.DataFrame,
    scores: ScoreTable | None = None,
) -> pa.RecordBatch:
    """Columns of core_text__labels for a batch of ``text_id`` and ``text``, row by row.

    A row does not depend on the other rows of its batch, nor on the tables. A null text is an
    empty one.

    Args:
        batch: Strings.
        models: As ``training.fit_models`` gives.
        type_table: Known tokens; others are analysed on the way.
        scores: Scores of tokens; those that it lacks are found on the way. Extend both tables
            beforehand (``extend_type_table``, ``extend_score_table``) to pay once.
    """
    texts = pl.Series("text", batch.column("text"), dtype=pl.String).fill_null("")
    tokens, table = place_tokens(tokenize_texts(texts), models, type_table, scores)
    words = count_words(tokens, n_texts=len(texts))
    found = score_texts(tokens, models, table, n_texts=len(texts))
    languages = _choose_languages(found, models, words)
    labels = _choose_labels(stack_all(found, models.stackers), models, words, languages)
    labels = labels.with_columns(
        pl.Series("text_id", batch.column("text_id"), dtype=pl.String),
        languages,
        words.alias("n_words"),
        _says_nothing(texts, tokens, words, models),
        pl.lit(models.method_version).alias("method_version"),
    )
    arrow = _apply_rule(labels).select(LABEL_SCHEMA.names).to_arrow().cast(LABEL_SCHEMA)
    return arrow.combine_chunks().to_batches()[0] if arrow.num_rows else _empty_batch()


def _choose_labels(
    probabilities: dict[str, Floats], models: TextModels, words: pl.Series, languages: pl.Series
) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {}
    for task in ("kind", "sentiment"):
        columns[f"{task}_code"] = _codes(models, task, probabilities[task].argmax(axis=1))
        columns[f"{task}_p"] = pl.Series(probabilities[task].max(axis=1))
    for task in MULTIPLE:
        columns[task] = join_labels(
            probabilities[task] >= models.thresholds[task], models.classes[task]
        )
    services = probabilities["service"].copy()
    best = services.argmax(axis=1)
    columns["best"] = _codes(models, "service", best)
    inputs = confidence_inputs(services, words.to_numpy(), languages.to_numpy())
    columns["service_p"] = pl.Series(confidence_of(inputs, models.stackers["service_confidence"]))
    services[np.arange(len(services)), best] = -1.0
    columns["second"] = _codes(models, "service", services.argmax(axis=1))
    return pl.DataFrame(columns).with_columns(
        is_service_unsure=pl.col("service_p") < models.service_threshold
    )


def join_labels(is_given: npt.NDArray[np.bool_], codes: tuple[str, ...]) -> pl.Series:
    """Codes of every row joined by ``;`` in their order, null where none is given."""
    if not codes:
        return pl.repeat(None, len(is_given), dtype=pl.String, eager=True)
    numbers = is_given @ (1 << np.arange(len(codes), dtype=np.int64))
    kinds, places = np.unique(numbers, return_inverse=True)
    names = [
        ";".join(code for place, code in enumerate(codes) if number >> place & 1) or None
        for number in kinds.tolist()
    ]
    return pl.Series(names, dtype=pl.String).gather(pl.Series(places.ravel()))


def _apply_rule(labels: pl.DataFrame) -> pl.DataFrame:
    """A text that says nothing is muu by rule; one of an unsure service is muu by abstaining."""
    nothing, unsure = pl.col("is_uninformative"), pl.col("is_service_unsure")
    return labels.with_columns(
        service_id=pl.when(nothing | unsure).then(pl.lit(OTHER_SERVICE)).otherwise("best"),
        service_2_id=pl.when(nothing)
        .then(None)
        .otherwise(pl.when(unsure).then("best").otherwise("second")),
        is_service_unsure=unsure & ~nothing,
        **{
            f"{task}_p": pl.when(nothing).then(1.0).otherwise(f"{task}_p")
            for task in ("service", "kind", "sentiment")
        },
        **{
            f"{task}_code": pl.when(nothing).then(pl.lit(code)).otherwise(f"{task}_code")
            for task, code in NOTHING_SAID.items()
        },
        **{task: pl.when(~nothing).then(task) for task in MULTIPLE},
    )


def _choose_languages(scores: Scores, models: TextModels, words: pl.Series) -> pl.Series:
    number = next(n for n, head in enumerate(HEADS) if head.task == "language")
    best = _codes(models, "language", scores[number].argmax(axis=1))
    return (
        pl.select(pl.when(words > 0).then(best).otherwise(pl.lit(NO_LANGUAGE)))
        .to_series()
        .alias("language_code")
    )


def _says_nothing(
    texts: pl.Series, tokens: pl.DataFrame, words: pl.Series, models: TextModels
) -> pl.Series:
    """True for texts without a word or a picture sign, and for those in the list of such words."""
    longest = max((phrase.count(" ") + 1 for phrase in models.says_nothing), default=0)
    counts = pl.DataFrame(
        {"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)}
    ).with_columns(words.alias("n_words"), pl.Series("has_sign", texts.str.contains(r"\p{So}")))
    short = counts.filter(pl.col("n_words").is_between(1, longest)).select("row")
    phrases = (
        tokens.join(short, on="row", how="semi", maintain_order="left")
        .filter(pl.col("token").str.contains(WORD_START))
        .group_by("row", maintain_order=True)
        .agg(phrase=pl.col("token").str.join(" "))
        .filter(pl.col("phrase").is_in(list(models.says_nothing)))
    )
    is_listed = counts["row"].is_in(phrases["row"].implode())
    return (((counts["n_words"] == 0) | is_listed) & ~counts["has_sign"]).alias("is_uninformative")


def _codes(models: TextModels, task: str, places: npt.NDArray[np.int64]) -> pl.Series:
    return pl.Series(models.classes[task], dtype=pl.String).gather(pl.Series(places))


def _empty_batch() -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=LABEL_SCHEMA)
