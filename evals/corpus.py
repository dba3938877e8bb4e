"""The same features and heads on a labelled corpus of the user's own: accuracy on its test part.

For corpora that others have published figures of (docs/methods/text.md names some); nothing of
this project's examples or lexicon takes part but words of language.
"""

from pathlib import Path

import polars as pl

from evals.crossing import SEED, label_by_models
from evals.metrics import likeliest_services, measure_calibration, measure_macro_f1
from transforms.text.lemmas import empty_type_table, extend_type_table, find_analyser
from transforms.text.tokens import tokenize_texts
from transforms.text.training import fit_models

COLUMNS = ("text", "label", "split")
SPLITS = ("train", "test")
_OTHER_TASKS = ("kind", "sentiment", "language")


class CorpusError(Exception):
    """A corpus file that cannot be measured; the message tells what to change."""


def read_corpus(path: Path) -> pl.DataFrame:
    """``text``, ``label`` and ``split`` of every row.

    Raises:
        CorpusError: If the file lacks a column, a label or a part, or names another split.
    """
    if not path.is_file():
        raise CorpusError(f"There is no file {path}; expected a CSV of {', '.join(COLUMNS)}.")
    rows = pl.read_csv(path, infer_schema=False)
    absent = [name for name in COLUMNS if name not in rows.columns]
    if absent:
        raise CorpusError(
            f"{path.name} lacks the columns {', '.join(absent)} (found: {', '.join(rows.columns)})."
            f" Give it {', '.join(COLUMNS)}."
        )
    corpus = rows.select(COLUMNS).drop_nulls(["text", "label"])
    splits = sorted(corpus["split"].fill_null("").unique())
    if splits != sorted(SPLITS):
        raise CorpusError(
            f"Column split of {path.name} has {splits}, expected both train and test and nothing "
            "else."
        )
    return corpus


def measure_corpus(corpus: pl.DataFrame, lexicon: pl.DataFrame) -> dict[str, float]:
    """Figures of the test part, as shares of 1, by models fitted on the train part alone.

    Args:
        corpus: As ``read_corpus`` gives it.
        lexicon: As ``read_lexicon`` gives it; its terms of services, topics and groups, its
            translations and its list of empty answers are left out.
    """
    codes = {label: f"{place:05d}" for place, label in enumerate(sorted(corpus["label"].unique()))}
    coded = corpus.with_columns(service_id=pl.col("label").replace_strict(codes))
    blank = [pl.lit(None, dtype=pl.String).alias(task) for task in _OTHER_TASKS]
    train = coded.filter(pl.col("split") == "train").select("text", "service_id", *blank)
    test = coded.filter(pl.col("split") == "test").select("text", "service_id")
    # The other tasks learn from the lexicon alone; nobody looks at what they say.
    terms = lexicon.filter(pl.col("task").is_in(_OTHER_TASKS))
    words = tokenize_texts(pl.concat([corpus["text"], terms["term"]]))["token"]
    types = extend_type_table(empty_type_table(), words, analyse=find_analyser())
    models = fit_models(train, None, types, lexicon=terms, seed=SEED)
    labelled = label_by_models(test, models, types)
    best = likeliest_services(labelled)
    is_right = (best == labelled["service_id"]).to_numpy()
    probability = labelled["labelled_service_p"].to_numpy()
    return {
        "n_train": float(train.height),
        "n_test": float(test.height),
        "n_labels": float(len(codes)),
        "accuracy": float(is_right.mean()),
        "macro_f1": measure_macro_f1(labelled["service_id"], best),
        "calibration_error": measure_calibration(probability, is_right),
    }


def render_corpus(figures: dict[str, float]) -> str:
    """One line per figure: counts whole, shares in %."""
    return "\n".join(
        f"{name:<18} {value:>8.0f}" if name.startswith("n_") else f"{name:<18} {100 * value:>8.1f}"
        for name, value in figures.items()
    )
