"""What the text stage has learnt, as plain arrays: spaces, heads, their weights and stackers.

Fitting belongs to training, applying to label. Nothing here is pickled: a model file is an npz of
numbers and one JSON of names, and reading one runs no code.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from transforms.text.pairs import PairIndex

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Task = Literal["service", "kind", "sentiment", "language", "topics", "groups"]
SINGLE: tuple[Task, ...] = ("service", "kind", "sentiment", "language")
MULTIPLE: tuple[Task, ...] = ("topics", "groups")
CODE_VERSION = "3"  # raise when features, fits, rules or stackers change what they compute


@dataclass(frozen=True, slots=True)
class Space:
    """Features that some heads share, each with its weight.

    Attributes:
        weights: Of each kind of feature (the letter of its prefix), times ``idf ** idf_power``.
        idf_power: With None a feature counts as it is and a text is not scaled to unit length,
            as a language model wants: evidence grows with the text.
        pairs: Weight of pairs of neighbouring lemmas; 0 is without.
    """

    name: str
    weights: Mapping[str, float]
    idf_power: float | None
    pairs: float = 0.0


@dataclass(frozen=True, slots=True)
class Head:
    """One linear model per class of a task over the features of a space.

    Attributes:
        terms: Weight of a term of the lexicon as a text of its own.
    """

    task: Task
    space: str
    estimator: Literal["ridge", "complement_nb", "multinomial_nb"]
    strength: float
    terms: float = 1.0


_WORDS = {"w": 1.0, "l": 1.0, "p": 1.0, "c": 1.0, "s": 1.0}
SPACES: tuple[Space, ...] = (
    Space("subject", {**_WORDS, "w": 0.7, "n": 1.0}, 1.0),
    Space("tone", {**_WORDS, "n": 0.6}, 0.7, pairs=1.5),
    Space("concern", {**_WORDS, "w": 0.7, "n": 0.9, "x": 1.5, "y": 1.0}, 1.0, pairs=0.5),
    Space("language", {"w": 1.0, "g": 1.0, "k": 1.0}, None),
)
HEADS: tuple[Head, ...] = (
    Head("service", "subject", "ridge", 1.0, terms=0.5),
    Head("service", "subject", "complement_nb", 1.0),
    Head("kind", "tone", "ridge", 1.0, terms=0.3),
    Head("sentiment", "tone", "ridge", 1.0, terms=0.3),
    Head("topics", "concern", "ridge", 1.0, terms=0.3),
    Head("groups", "concern", "ridge", 1.0, terms=0.3),
    Head("language", "language", "multinomial_nb", 0.1),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of the score table: of each space its squared length, then its heads' classes."""

    lengths: Mapping[str, int]
    heads: tuple[slice, ...]
    n_columns: int

    @classmethod
    def of(cls, classes: Mapping[str, tuple[str, ...]]) -> "Layout":
        """The layout for classes of these numbers."""
        lengths: dict[str, int] = {}
        found: dict[int, slice] = {}
        place = 0
        for space in SPACES:
            if space.idf_power is not None:
                lengths[space.name] = place
                place += 1
            for number, head in enumerate(HEADS):
                if head.space == space.name:
                    found[number] = slice(place, place + len(classes[head.task]))
                    place = found[number].stop
        return cls(lengths, tuple(found[number] for number in range(len(HEADS))), place)

    def of_space(self, name: str) -> slice:
        """Every column of the space."""
        ends = [found for found, head in zip(self.heads, HEADS, strict=True) if head.space == name]
        return slice(self.lengths.get(name, ends[0].start), ends[-1].stop)


@dataclass(frozen=True)
class TextModels:
    """All models of the text stage.

    Attributes:
        classes: Codes of each task in the order of its scores; topics and groups in the order of
            their code lists.
        features: Names of the features of a token, in alphabetical order.
        weights: Of shape (n_features, n_columns), see ``Layout``.
        pairs: Pairs of lemmas that count, in alphabetical order.
        pair_weights: Of shape (n_pairs, n_columns of the spaces with pairs); others are zero.
        biases: One per column; added to a text's scaled scores.
        stackers: ``<task>_weights`` of shape (n_inputs, n_classes) and ``<task>_bias``;
            calibrated, so that their softmax (of several labels their logistic) is a probability;
            ``service_confidence`` makes of the likeliest service's that which is told.
        thresholds: Of topics and groups the least probability of each label.
        service_threshold: A text whose likeliest service is less probable is ``muu``, unsure.
        concepts: Words of the lexicon and what they speak of, as features.
        translations: Words and stems of other languages with the features of their Finnish.
        says_nothing: Texts without content, as words joined by a blank.
    """

    method_version: str
    classes: Mapping[str, tuple[str, ...]]
    features: tuple[str, ...]
    weights: Singles
    pairs: tuple[tuple[str, str], ...]
    pair_weights: Singles
    biases: Floats
    stackers: Mapping[str, Floats]
    thresholds: Mapping[str, Floats]
    service_threshold: float
    concepts: Mapping[str, tuple[str, ...]]
    translations: Mapping[str, tuple[str, ...]]
    says_nothing: frozenset[str]

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Row of ``weights`` of each feature."""
        return {feature: row for row, feature in enumerate(self.features)}

    @cached_property
    def pair_index(self) -> PairIndex:
        """Finds the pairs of texts."""
        return PairIndex(self.pairs)

    @cached_property
    def layout(self) -> Layout:
        """Where each head's scores stand."""
        return Layout.of(self.classes)


def models_to_bytes(models: TextModels) -> bytes:
    """The models as one npz file; the same models give the same bytes."""
    names = {
        "method_version": models.method_version,
        "classes": {task: list(codes) for task, codes in models.classes.items()},
        "features": list(models.features),
        "pairs": [list(pair) for pair in models.pairs],
        "service_threshold": models.service_threshold,
        "concepts": {word: list(found) for word, found in models.concepts.items()},
        "translations": {word: list(found) for word, found in models.translations.items()},
        "says_nothing": sorted(models.says_nothing),
    }
    text = json.dumps(names, ensure_ascii=False, sort_keys=True).encode()
    file = io.BytesIO()
    arrays: dict[str, Any] = {
        "names": np.frombuffer(text, dtype=np.uint8),
        "weights": models.weights,
        "pair_weights": models.pair_weights,
        "biases": models.biases,
    }
    arrays |= {f"stacker_{name}": values for name, values in sorted(models.stackers.items())}
    arrays |= {f"threshold_{name}": values for name, values in sorted(models.thresholds.items())}
    np.savez(file, **arrays)
    return file.getvalue()


def models_from_bytes(content: bytes) -> TextModels:
    """Models as ``models_to_bytes`` wrote them.

    Raises:
        ValueError: If the bytes are not such a file (numpy's message).
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        names = json.loads(arrays["names"].tobytes())
        return TextModels(
            method_version=names["method_version"],
            classes={task: tuple(codes) for task, codes in names["classes"].items()},
            features=tuple(names["features"]),
            weights=arrays["weights"],
            pairs=tuple((first, second) for first, second in names["pairs"]),
            pair_weights=arrays["pair_weights"],
            biases=arrays["biases"],
            stackers=_with_prefix(arrays, "stacker_"),
            thresholds=_with_prefix(arrays, "threshold_"),
            service_threshold=names["service_threshold"],
            concepts={word: tuple(found) for word, found in names["concepts"].items()},
            translations={word: tuple(found) for word, found in names["translations"].items()},
            says_nothing=frozenset(names["says_nothing"]),
        )


def _with_prefix(arrays: "np.lib.npyio.NpzFile", prefix: str) -> dict[str, Floats]:
    names = [name for name in arrays.files if name.startswith(prefix)]
    return {name.removeprefix(prefix): arrays[name] for name in names}
