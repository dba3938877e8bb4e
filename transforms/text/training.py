"""Labelled examples to models: linear heads, stackers on out-of-fold scores.

Method: additive sparse heads collapsed to one row per feature (Wang & Manning 2012 for linear
models on short texts, Rennie et al. 2003 for ComplementNB), stacked and calibrated on scores of
texts that the heads had not seen (Wolpert 1992). Which heads: models. Applying: label.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from transforms.text.calibration import (
    MOST_UNSURE,
    STRANGER_TEMPERATURE,
    TARGET_ACCURACY,
    Labels,
    choose_threshold,
    fit_shared,
    fit_small,
)
from transforms.text.corpus import (
    CITY_MAX,
    CITY_WEIGHT,
    Corpus,
    Documents,
    Rows,
    Space,
    build_corpus,
)
from transforms.text.features import VIEWS
from transforms.text.label import STACKED, stacker_inputs
from transforms.text.models import CODE_VERSION, HEADS, Floats, Head, TextModels
from transforms.text.ridge import TOLERANCE, fit_ridge

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_N_FOLDS = 3


def fit_models(
    examples: pl.DataFrame,
    city_labels: pl.DataFrame | None,
    type_table: pl.DataFrame,
    *,
    lexicon: pl.DataFrame,
    seed: int,
) -> TextModels:
    """Models of all tasks, fitted and calibrated.

    Args:
        examples: ``text``, ``service_id``, ``kind``, ``sentiment``, ``language``. Each weighs 1.
        city_labels: The city's own ``text`` and ``service_id`` (its source's category), or None.
            Each weighs ``corpus.CITY_WEIGHT``, for the service only, and at most
            ``corpus.CITY_MAX`` per service are used, chosen by a hash of seed and text.
        type_table: Known tokens; those of the training texts that it lacks are analysed.
        lexicon: ``task`` (service, kind, sentiment, language, says_nothing), ``code``,
            ``language``, ``term``. A term is a text of its own with weight 1.
        seed: Of folds and of the choice of city texts.

    Raises:
        ValueError: If a task has examples of fewer than two classes.
    """
    corpus = build_corpus(examples, city_labels, type_table, lexicon=lexicon, seed=seed)
    _require_classes(corpus)
    folds = _find_folds(examples, seed=seed)
    unseen = _score_out_of_fold(corpus.without_city(), folds)
    classes = {task: corpus.classes(task) for task in corpus.documents}
    stackers: dict[str, Floats] = {}
    for task in STACKED:
        answers = corpus.answers(task)
        inputs = stacker_inputs(unseen, task)
        fit = fit_shared if task == "service" else fit_small
        weights_of_inputs, bias = fit(inputs, answers)
        stackers[f"{task}_weights"] = weights_of_inputs / STRANGER_TEMPERATURE
        stackers[f"{task}_bias"] = bias / STRANGER_TEMPERATURE
    weights, biases = _join_heads(corpus)
    models = TextModels(
        method_version="",
        classes=classes,
        features=corpus.features,
        weights=weights.astype(np.float32),
        biases=biases,
        stackers=stackers,
        service_threshold=choose_threshold(
            stacker_inputs(unseen, "service"), corpus.answers("service"), stackers
        ),
        says_nothing=corpus.says_nothing,
    )
    return replace(models, method_version=_version(corpus))


def _require_classes(corpus: Corpus) -> None:
    for task in corpus.documents:
        if len(corpus.classes(task)) < 2:  # noqa: PLR2004 - one class is no choice
            message = (
                f"Training texts have fewer than two classes of {task}; at least two are needed. "
                "Give labelled examples of more classes."
            )
            raise ValueError(message)


def _find_folds(examples: pl.DataFrame, *, seed: int) -> Rows:
    """Fold of each example by chance; the same text is always in the same fold."""
    texts = examples["text"].rank("dense").to_numpy().astype(np.int64)
    folds: Rows = np.random.default_rng(seed).permutation(texts.max() + 1)[texts] % _N_FOLDS
    return folds


def _score_out_of_fold(corpus: Corpus, folds: Rows) -> dict[int, Floats]:
    """Scores of every example by heads that were fitted without its fold; language is left out."""
    scores = {
        n: np.zeros((corpus.n_examples, len(corpus.classes(head.task))))
        for n, head in enumerate(HEADS)
    }
    for fold in np.unique(folds):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        for number, space, weights, bias in _fit_heads(corpus, inside, scaled_only=True):
            scores[number][outside] = space.texts[outside] @ weights + bias
    return scores


def _fit_heads(
    corpus: Corpus, inside: Rows, *, scaled_only: bool
) -> Iterator[tuple[int, Space, Floats, Floats]]:
    """Number, space, weights (n_features, n_classes) and biases of each head, in their order."""
    spaces: dict[tuple[str, float | None], Space] = {}
    for number, head in enumerate(HEADS):
        if scaled_only and head.idf_power is None:
            continue
        if head.space not in spaces:
            spaces[head.space] = corpus.project(*head.space, inside)
        space = spaces[head.space]
        yield number, space, *_fit_head(corpus.documents[head.task], head, space, inside)


def _join_heads(corpus: Corpus) -> tuple[Floats, Floats]:
    """Weights of all heads side by side, each after its column of squared lengths; and biases."""
    columns: list[Floats] = []
    biases: list[Floats] = []
    every = np.arange(corpus.n_examples)
    for number, space, weights, bias in _fit_heads(corpus, every, scaled_only=False):
        block = np.zeros((len(corpus.features), 1 + weights.shape[1]))
        if HEADS[number].idf_power is not None:
            block[space.places, 0] = space.idf**2
        block[space.places, 1:] = space.idf[:, None] * weights
        columns.append(block)
        biases += [np.zeros(1), bias]
    return np.hstack(columns), np.concatenate(biases)


def _fit_head(
    documents: Documents, head: Head, space: Space, inside: Rows
) -> tuple[Floats, Floats]:
    rows = np.concatenate([inside[documents.is_used[inside]], documents.extra_rows])
    texts, y, weight = space.texts[rows], documents.classes_of[rows], documents.weight[rows]
    fit = _fit_ridge if head.estimator == "ridge" else _fit_bayes
    return fit(texts, y, weight, head, len(documents.codes))


def _fit_ridge(
    texts: "csr_matrix", y: Labels, weight: Floats, head: Head, n_classes: int
) -> tuple[Floats, Floats]:
    if head.is_balanced:
        present, counts = np.unique(y, return_counts=True)
        share = np.ones(n_classes)
        share[present] = len(y) / (len(present) * counts)
        weight = weight * share[y]
    return fit_ridge(texts, y, weight, n_classes=n_classes, strength=head.strength)


def _fit_bayes(
    texts: "csr_matrix", y: Labels, weight: Floats, head: Head, n_classes: int
) -> tuple[Floats, Floats]:
    from sklearn.naive_bayes import ComplementNB, MultinomialNB

    is_complement = head.estimator == "complement_nb"
    model = (ComplementNB if is_complement else MultinomialNB)(alpha=head.strength)
    model.partial_fit(texts, y, classes=np.arange(n_classes), sample_weight=weight)
    bias = np.zeros(n_classes) if is_complement else model.class_log_prior_
    return model.feature_log_prob_.T, bias


def _version(corpus: Corpus) -> str:
    """Short hash of what was learnt from, how, and by which code."""
    settings = (_N_FOLDS, TOLERANCE, STRANGER_TEMPERATURE, TARGET_ACCURACY, MOST_UNSURE)
    views = repr(sorted(VIEWS.items()))
    city = repr((CITY_WEIGHT, CITY_MAX))
    digest = hashlib.sha256()
    for piece in (CODE_VERSION, repr(HEADS), views, repr(settings), city, corpus.fingerprint):
        digest.update(piece.encode() + b"\0")
    return f"text-{CODE_VERSION}-{digest.hexdigest()[:10]}"
