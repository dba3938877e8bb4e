"""Labelled examples to models: linear heads, stackers on scores of writers they had not seen.

Method: additive sparse heads collapsed to one row per feature (Wang & Manning 2012 for linear
models on short texts, Rennie et al. 2003 for ComplementNB), stacked and calibrated on scores of
texts that the heads had not seen (Wolpert 1992), writer by writer: residents are strangers to
every model. Which heads: models. Applying: label. Page: docs/methods/text.md.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from transforms.text.bayes import fit_complement, fit_multinomial
from transforms.text.calibration import (
    MOST_UNSURE,
    PENALTY,
    SHARED_PENALTY,
    TARGET_ACCURACY,
    choose_label_thresholds,
    choose_threshold,
    fit_shared,
    fit_small,
)
from transforms.text.confidence import (
    CONFIDENCE_PENALTY,
    confidence_inputs,
    confidence_of,
    fit_confidence,
)
from transforms.text.corpus import CITY_MAX, Corpus, Rows, SpaceTexts, build_corpus
from transforms.text.models import (
    CODE_VERSION,
    HEADS,
    MULTIPLE,
    SPACES,
    Floats,
    Layout,
    Space,
    TextModels,
)
from transforms.text.pairs import LEAST_TEXTS
from transforms.text.ridge import TOLERANCE, fit_ridge
from transforms.text.stacking import STACKED, Scores, stack_all, stack_scores, stacker_inputs
from transforms.text.targets import CITY_WEIGHT
from transforms.text.tokens import count_words, tokenize_texts

_N_FOLDS = 3
_N_SERVICE_FOLDS = 5
_N_THREADS = 2
HAND = "batch"


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
        examples: ``text``, ``service_id``, ``kind``, ``sentiment``, ``language``; where there
            are, ``topics`` and ``groups`` (codes joined by ``;``, empty for none) and ``batch``,
            the writer. A null teaches nothing of its task. Each weighs 1.
        city_labels: The city's own ``text`` and ``service_id`` (its source's category), or None.
            Each weighs ``targets.CITY_WEIGHT``, for the service only, and at most
            ``corpus.CITY_MAX`` per service are used, chosen by a hash of seed and text.
        type_table: Known tokens; those of the training texts that it lacks are analysed.
        lexicon: ``task`` (service, kind, sentiment, topics, groups, language, says_nothing),
            ``code``, ``language``, ``term``. A term is a text of its own.
        seed: Of the choice of city texts, and of folds where fewer than three writers are named.

    Raises:
        ValueError: If a task has examples of fewer than two classes.
    """
    corpus = build_corpus(examples, city_labels, type_table, lexicon=lexicon, seed=seed)
    _require_classes(corpus)
    projected = {space.name: corpus.project(space) for space in SPACES}
    unseen = _score_unseen(corpus, projected, _find_folds(examples, seed=seed))
    weights, pair_weights, biases = _join_heads(corpus, projected)
    stackers = _fit_stackers(corpus, unseen)
    found = stack_all(unseen, stackers)
    sureness = _measure_sureness(examples, corpus, found["service"])
    return TextModels(
        method_version=_version(corpus),
        classes={task: targets.codes for task, targets in corpus.targets.items()},
        features=corpus.features,
        weights=weights.astype(np.float32),
        pairs=corpus.pairs,
        pair_weights=pair_weights.astype(np.float32),
        biases=biases,
        stackers=stackers | {"service_confidence": sureness.weights},
        thresholds={
            task: choose_label_thresholds(found[task][used], corpus.targets[task].is_class[used])
            for task in MULTIPLE
            for used in [_used_examples(corpus, task)]
        },
        service_threshold=sureness.threshold,
        concepts=corpus.concepts,
        translations=corpus.translations,
        says_nothing=corpus.says_nothing,
    )


def _require_classes(corpus: Corpus) -> None:
    for task, targets in corpus.targets.items():
        if len(targets.codes) < 2 and task not in MULTIPLE:  # noqa: PLR2004 - one is no choice
            message = (
                f"Training texts have fewer than two classes of {task}; at least two are needed. "
                "Give labelled examples of more classes."
            )
            raise ValueError(message)


def _find_folds(examples: pl.DataFrame, *, seed: int) -> Rows:
    """The writer of each example; by chance where fewer than three are named, the same text always
    in the same fold.
    """
    if HAND in examples.columns and examples[HAND].n_unique() >= _N_FOLDS:
        return examples[HAND].rank("dense").to_numpy().astype(np.int64)
    texts = examples["text"].rank("dense").to_numpy().astype(np.int64)
    folds: Rows = np.random.default_rng(seed).permutation(texts.max() + 1)[texts] % _N_FOLDS
    return folds


def _score_unseen(corpus: Corpus, projected: Mapping[str, SpaceTexts], folds: Rows) -> Scores:
    """Scores of every example by heads fitted without its fold and without the city's texts;
    language is left out.

    The service's heads leave out a fifth of the hands at a time: with fewer, heads that learnt less
    than the final ones would make its probabilities too bold. The others leave out a third.
    """
    shares = {n: np.zeros((corpus.n_examples, _n_classes(corpus, n))) for n in range(len(HEADS))}
    terms = np.flatnonzero(corpus.targets["service"].is_term)

    def score_fold(space: Space, is_outside: Rows) -> None:
        outside = np.flatnonzero(is_outside)
        inside = np.concatenate([np.flatnonzero(~is_outside), terms])
        for number, weights, bias in _fit_heads(corpus, projected, inside, space=space):
            shares[number][outside] = projected[space.name].texts[outside] @ weights + bias

    _side_by_side(
        partial(score_fold, space, groups == fold)
        for space in SPACES
        if space.idf_power is not None
        for groups in [folds % _n_folds(space)]
        for fold in np.unique(groups)
    )
    return shares


def _n_folds(space: Space) -> int:
    tasks = {head.task for head in HEADS if head.space == space.name}
    return _N_SERVICE_FOLDS if "service" in tasks else _N_FOLDS


def _side_by_side(fits: Iterable[Callable[[], None]]) -> None:
    """Fits that write to places of their own, two at a time: their products leave the interpreter,
    so threads share the cores, and each keeps a copy of its texts.
    """
    with ThreadPoolExecutor(_N_THREADS) as pool:
        for begun in [pool.submit(fit) for fit in fits]:
            begun.result()


def _n_classes(corpus: Corpus, number: int) -> int:
    return len(corpus.targets[HEADS[number].task].codes)


def _fit_heads(
    corpus: Corpus, projected: Mapping[str, SpaceTexts], rows: Rows, *, space: Space
) -> Iterator[tuple[int, Floats, Floats]]:
    """Number, weights (n_features of the space, n_classes) and biases of each head of a space.

    Its ridges are fitted together.
    """
    numbers = [number for number, head in enumerate(HEADS) if head.space == space.name]
    ridges = [number for number in numbers if HEADS[number].estimator == "ridge"]
    if ridges:
        yield from _fit_ridges(corpus, projected[space.name], ridges, rows)
    for number in numbers:
        if number not in ridges:
            yield number, *_fit_bayes(corpus, projected[space.name], number, rows)


def _fit_ridges(
    corpus: Corpus, known: SpaceTexts, numbers: list[int], rows: Rows
) -> Iterator[tuple[int, Floats, Floats]]:
    heads = [HEADS[number] for number in numbers]
    targets = [corpus.targets[head.task] for head in heads]
    wanted = np.hstack([np.where(found.is_class[rows], 1.0, -1.0) for found in targets])
    weight = np.hstack(
        [found.balanced(rows, terms=head.terms) for found, head in zip(targets, heads, strict=True)]
    )
    used = np.flatnonzero(weight.any(axis=1))
    weights, bias = fit_ridge(
        known.texts[rows[used]], wanted[used], weight[used], strength=heads[0].strength
    )
    ends = np.cumsum([len(found.codes) for found in targets])[:-1]
    blocks = zip(np.hsplit(weights, ends), np.split(bias, ends), strict=True)
    for number, (of_head, bias_of_head) in zip(numbers, blocks, strict=True):
        yield number, of_head, bias_of_head


def _fit_bayes(corpus: Corpus, known: SpaceTexts, number: int, rows: Rows) -> tuple[Floats, Floats]:
    head = HEADS[number]
    targets = corpus.targets[head.task]
    used = rows[targets.weight[rows] > 0]
    members = targets.is_class[used] * targets.weight[used][:, None]
    if head.estimator == "complement_nb":
        weights = fit_complement(known.texts[used], members, smoothing=head.strength)
        return weights, np.zeros(weights.shape[1])
    return fit_multinomial(known.texts[used], members, smoothing=head.strength)


def _join_heads(
    corpus: Corpus, projected: Mapping[str, SpaceTexts]
) -> tuple[Floats, Floats, Floats]:
    """Weights of all heads in the columns of the layout, those of pairs likewise; and biases."""
    layout = Layout.of({task: targets.codes for task, targets in corpus.targets.items()})
    weights = np.zeros((len(corpus.features), layout.n_columns))
    of_pairs = np.zeros((len(corpus.pairs), layout.n_columns))
    biases = np.zeros(layout.n_columns)
    for space in SPACES:
        if space.idf_power is not None:
            known, n = projected[space.name], len(projected[space.name].places)
            weights[known.places, layout.lengths[space.name]] = known.scale[:n] ** 2
            if space.pairs:
                of_pairs[:, layout.lengths[space.name]] = known.scale[n:] ** 2
    every = np.arange(len(corpus.targets["service"].weight))

    def join_space(space: Space) -> None:
        known = projected[space.name]
        n = len(known.places)
        for number, fitted, bias in _fit_heads(corpus, projected, every, space=space):
            scaled = known.scale[:, None] * fitted
            weights[known.places, layout.heads[number]] = scaled[:n]
            if len(scaled) > n:
                of_pairs[:, layout.heads[number]] = scaled[n:]
            biases[layout.heads[number]] = bias

    _side_by_side(partial(join_space, space) for space in SPACES)
    return weights, of_pairs, biases


def _fit_stackers(corpus: Corpus, unseen: Scores) -> dict[str, Floats]:
    stackers: dict[str, Floats] = {}
    services = None
    for task in STACKED:
        used = _used_examples(corpus, task)
        truth = corpus.targets[task].is_class[used]
        inputs = stacker_inputs(unseen, task, services=services)[used]
        if task == "service":
            fitted = fit_shared(inputs, truth.argmax(axis=1), n_classes=truth.shape[1])
        else:
            fitted = fit_small(inputs, truth, is_multiple=task in MULTIPLE)
        stackers[f"{task}_weights"], stackers[f"{task}_bias"] = fitted
        if task == "service":
            services = stack_scores(unseen, stackers, task)
    return stackers


def _used_examples(corpus: Corpus, task: str) -> Rows:
    """Examples that have a label of the task; all of them, as of no class, if none has."""
    is_used = corpus.targets[task].weight[: corpus.n_examples] > 0
    return np.flatnonzero(is_used | ~is_used.any())


class _Sureness(NamedTuple):
    weights: Floats
    threshold: float


def _measure_sureness(examples: pl.DataFrame, corpus: Corpus, services: Floats) -> _Sureness:
    """Weights of the confidence in a service, and the least confidence that is not unsure."""
    used = _used_examples(corpus, "service")
    words = count_words(tokenize_texts(examples["text"]), n_texts=examples.height)
    languages = examples["language"].fill_null("").to_numpy()
    inputs = confidence_inputs(services[used], words.to_numpy()[used], languages[used])
    answers = corpus.targets["service"].is_class[used].argmax(axis=1)
    is_right = services[used].argmax(axis=1) == answers
    weights = fit_confidence(inputs, is_right)
    return _Sureness(weights, choose_threshold(confidence_of(inputs, weights), is_right))


def _version(corpus: Corpus) -> str:
    """Short hash of what was learnt from, how, and by which code."""
    settings = (
        _N_FOLDS,
        _N_SERVICE_FOLDS,
        TOLERANCE,
        PENALTY,
        SHARED_PENALTY,
        TARGET_ACCURACY,
        MOST_UNSURE,
        LEAST_TEXTS,
        CONFIDENCE_PENALTY,
    )
    city = (CITY_WEIGHT, CITY_MAX)
    digest = hashlib.sha256()
    for piece in (CODE_VERSION, HEADS, SPACES, sorted(STACKED.items()), settings, city):
        digest.update(repr(piece).encode() + b"\0")
    digest.update(corpus.fingerprint.encode())
    return f"text-{CODE_VERSION}-{digest.hexdigest()[:10]}"
