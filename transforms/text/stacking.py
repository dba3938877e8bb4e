"""Scores of heads to calibrated probabilities, by the models' stackers.

The stackers' fit belongs to calibration, the heads' scores to score_table.
"""

from collections.abc import Mapping

import numpy as np

from transforms.text.models import HEADS, MULTIPLE, Floats, Task, TextModels

DECIMALS = 6
#: Whose scores each task's stacker reads.
STACKED: Mapping[str, tuple[Task, ...]] = {
    "service": ("service",),
    "kind": ("kind", "sentiment"),
    "sentiment": ("sentiment", "kind"),
    "topics": ("topics", "groups", "service"),
    "groups": ("groups", "topics", "service"),
}
SHARED = ("service",)  # a stacker of one weight per head: each class reads its own scores only
Scores = Mapping[int, Floats]


def stack_scores(scores: Scores, models: TextModels, task: str) -> Floats:
    """Calibrated probabilities of shape (n_texts, n_classes of the task)."""
    weights, bias = models.stackers[f"{task}_weights"], models.stackers[f"{task}_bias"]
    logits: Floats
    if task in SHARED:
        blocks = [part for wanted in STACKED[task] for part in _inputs_of(scores, wanted)]
        own = weights.reshape(len(blocks), len(bias), len(bias)).diagonal(axis1=1, axis2=2)
        logits = bias + sum(block * weight for block, weight in zip(blocks, own, strict=True))
    else:
        # Not BLAS: its sums depend on how many rows a batch has, and labels must not.
        inputs = stacker_inputs(scores, task)
        logits = bias + np.einsum("ti,ic->tc", inputs, weights, optimize=False)
    return (logistic(logits) if task in MULTIPLE else softmax(logits)).round(DECIMALS)


def stacker_inputs(scores: Scores, task: str) -> Floats:
    """Scores of the heads that the task's stacker reads, side by side; where a text has one class,
    each head's are centred on zero.
    """
    parts = [part for wanted in STACKED[task] for part in _inputs_of(scores, wanted)]
    return np.hstack(parts)


def softmax(logits: Floats) -> Floats:
    """Rows that sum to one."""
    powers: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def logistic(logits: Floats) -> Floats:
    """Each number as a probability of its own."""
    shares: Floats = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return shares


def _inputs_of(scores: Scores, wanted: Task) -> list[Floats]:
    found = [scores[number] for number, head in enumerate(HEADS) if head.task == wanted]
    if wanted in MULTIPLE:
        return found
    return [part - part.mean(axis=1, keepdims=True) for part in found]
