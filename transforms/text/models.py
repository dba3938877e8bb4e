"""What the text stage has learnt, as plain arrays: the heads, their weights and their stackers.

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

Floats = npt.NDArray[np.float64]
Task = Literal["service", "kind", "sentiment", "language"]
CODE_VERSION = "2"  # raise when features, fits, rules or stackers change what they compute


@dataclass(frozen=True, slots=True)
class Head:
    """One linear model over the features of a view.

    A feature weighs ``idf ** idf_power``; with a power of None it counts as it is and a text is not
    scaled to unit length, as a language model wants: evidence grows with the text.
    """

    task: Task
    view: str
    idf_power: float | None
    estimator: Literal["ridge", "complement_nb", "multinomial_nb"]
    strength: float
    is_balanced: bool = False

    @property
    def space(self) -> tuple[str, float | None]:
        """Heads of one space share features, weights of features and the length of a text."""
        return self.view, self.idf_power


HEADS: tuple[Head, ...] = (
    Head("service", "all", 1.0, "ridge", 1.0, is_balanced=True),
    Head("service", "all", 1.0, "complement_nb", 1.0),
    Head("service", "lex", 1.0, "ridge", 1.0, is_balanced=True),
    Head("kind", "all", 0.5, "ridge", 1.0, is_balanced=True),
    Head("kind", "lex", 0.5, "ridge", 1.0, is_balanced=True),
    Head("sentiment", "all", 0.5, "ridge", 1.0, is_balanced=True),
    Head("sentiment", "lex", 0.5, "ridge", 1.0, is_balanced=True),
    Head("language", "language", None, "multinomial_nb", 0.1),
)


@dataclass(frozen=True)
class TextModels:
    """All models of the text stage.

    Attributes:
        classes: Codes of each task in the order of its scores.
        features: Names of the rows of ``weights``.
        weights: Float32 of shape (n_features, n_columns): for every head of ``HEADS`` its squared
            length first (zeros where the space is not scaled), then one column per class.
        biases: One per column of ``weights``; added to a text's scaled scores.
        stackers: For service, kind and sentiment ``<task>_weights`` of shape (n_inputs, n_classes)
            and ``<task>_bias``; calibrated, so that their softmax is a probability.
        service_threshold: A text whose likeliest service is less probable is ``muu``, unsure.
        says_nothing: Texts without content, as words joined by a blank.
    """

    method_version: str
    classes: Mapping[str, tuple[str, ...]]
    features: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    biases: Floats
    stackers: Mapping[str, Floats]
    service_threshold: float
    says_nothing: frozenset[str]

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Row of ``weights`` of each feature."""
        return {feature: row for row, feature in enumerate(self.features)}

    def columns(self, head: int) -> slice:
        """Columns of ``weights`` of the head's classes; its length column is the one before."""
        start = 1 + sum(1 + len(self.classes[h.task]) for h in HEADS[:head])
        return slice(start, start + len(self.classes[HEADS[head].task]))


def models_to_bytes(models: TextModels) -> bytes:
    """The models as one npz file; the same models give the same bytes."""
    names = {
        "method_version": models.method_version,
        "classes": {task: list(codes) for task, codes in models.classes.items()},
        "features": list(models.features),
        "service_threshold": models.service_threshold,
        "says_nothing": sorted(models.says_nothing),
    }
    text = json.dumps(names, ensure_ascii=False, sort_keys=True).encode()
    file = io.BytesIO()
    arrays: dict[str, Any] = {
        "names": np.frombuffer(text, dtype=np.uint8),
        "weights": models.weights,
        "biases": models.biases,
    }
    arrays |= {f"stacker_{name}": values for name, values in sorted(models.stackers.items())}
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
            biases=arrays["biases"],
            stackers={
                name.removeprefix("stacker_"): arrays[name]
                for name in arrays.files
                if name.startswith("stacker_")
            },
            service_threshold=names["service_threshold"],
            says_nothing=frozenset(names["says_nothing"]),
        )
