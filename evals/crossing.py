"""Cross-validation: every example labelled by models that were fitted without its fold."""

from collections.abc import Iterator
from functools import partial

import polars as pl
import pyarrow as pa

from evals.metrics import (
    likeliest_services,
    measure_calibration,
    measure_macro_f1,
    measure_micro_f1,
)
from transforms.text.label import label_texts
from transforms.text.lemmas import empty_type_table, extend_type_table, find_analyser
from transforms.text.models import TextModels
from transforms.text.tokens import tokenize_texts
from transforms.text.training import fit_models

SEED = 20261121


def label_by_folds(examples: pl.DataFrame, lexicon: pl.DataFrame, folds: pl.Series) -> pl.DataFrame:
    """Examples with their labels (``labelled_…``), each by models fitted on the other folds."""
    fitted = fit_by_folds(examples, lexicon, folds)
    return pl.concat(
        [label_by_models(held_out, models, types) for held_out, models, types in fitted]
    )


def fit_by_folds(
    examples: pl.DataFrame, lexicon: pl.DataFrame, folds: pl.Series
) -> Iterator[tuple[pl.DataFrame, TextModels, pl.DataFrame]]:
    """Examples of each fold, models fitted on the other folds, and the table of known tokens."""
    tokens = tokenize_texts(pl.concat([examples["text"], lexicon["term"]]))["token"]
    types = extend_type_table(empty_type_table(), tokens, analyse=find_analyser())
    for fold in sorted(folds.unique()):
        others = examples.filter(folds != fold)
        models = fit_models(others, None, types, lexicon=lexicon, seed=SEED)
        yield examples.filter(folds == fold), models, types


def label_by_models(
    held_out: pl.DataFrame, models: TextModels, type_table: pl.DataFrame
) -> pl.DataFrame:
    """Texts that the models have not seen, with their labels (``labelled_…``)."""
    label = partial(label_texts, models=models, type_table=type_table)
    ids = pl.Series("text_id", range(held_out.height)).cast(pl.String)
    table = held_out.select(ids, "text").to_arrow().combine_chunks()
    labels = pl.DataFrame(pa.Table.from_batches([label(b) for b in table.to_batches()]))
    named = labels.drop("text_id").rename(lambda name: f"labelled_{name}")
    return pl.concat([held_out, named], how="horizontal")


def measure(labelled: pl.DataFrame) -> dict[str, float]:
    """All figures of one group of labelled examples, as shares of 1."""
    best = likeliest_services(labelled)
    is_right = (best == labelled["service_id"]).to_numpy()
    also = labelled["service_also"].str.split(";")
    is_also = labelled.select(also.alias("also"), best.alias("best")).select(
        pl.col("best").is_in(pl.col("also"))
    )
    is_sure = ~labelled["labelled_is_service_unsure"].to_numpy()
    answers = labelled["service_id"]
    return {
        "n_texts": float(labelled.height),
        "service_accuracy": float(is_right.mean()),
        "service_or_also_accuracy": float((is_right | is_also.to_series().to_numpy()).mean()),
        "service_macro_f1": measure_macro_f1(answers, best),
        "service_calibration_error": measure_calibration(
            labelled["labelled_service_p"].to_numpy(), is_right
        ),
        "unsure_share": float(1 - is_sure.mean()),
        "sure_service_accuracy": float(is_right[is_sure].mean()) if is_sure.any() else 0.0,
        "kind_accuracy": _accuracy(labelled, "kind", "kind_code"),
        "kind_macro_f1": measure_macro_f1(labelled["kind"], labelled["labelled_kind_code"]),
        "sentiment_accuracy": _accuracy(labelled, "sentiment", "sentiment_code"),
        "sentiment_macro_f1": measure_macro_f1(
            labelled["sentiment"], labelled["labelled_sentiment_code"]
        ),
        "language_accuracy": _accuracy(labelled, "language", "language_code"),
        "topics_micro_f1": measure_micro_f1(labelled["topics"], labelled["labelled_topics"]),
        "groups_micro_f1": measure_micro_f1(labelled["groups"], labelled["labelled_groups"]),
    }


def measure_services(labelled: pl.DataFrame) -> pl.DataFrame:
    """One row per service: examples, recall, precision, F1 and what it is most taken for."""
    frame = labelled.select("service_id", best=likeliest_services(labelled))
    rows = []
    for service in sorted(frame["service_id"].unique()):
        of_it, given = frame.filter(service_id=service), frame.filter(best=service)
        n_right = of_it.filter(best=service).height
        wrong = of_it.filter(pl.col("best") != service)["best"].value_counts(sort=True)
        rows.append(
            {
                "service_id": service,
                "n_texts": of_it.height,
                "recall": n_right / of_it.height,
                "precision": n_right / given.height if given.height else 0.0,
                "f1": 2 * n_right / (of_it.height + given.height),
                "taken_for": wrong["best"][0] if wrong.height else "",
            }
        )
    return pl.DataFrame(rows).sort("f1", "service_id")


def _accuracy(labelled: pl.DataFrame, answer: str, given: str) -> float:
    return float((labelled[answer] == labelled[f"labelled_{given}"]).to_numpy().mean())
