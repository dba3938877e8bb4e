"""Scores of heads to calibrated probabilities, by the models' stackers.

The stackers' fit belongs to calibration, the heads' scores to score_table, how sure a service is
to confidence.
"""

from collections.abc import Mapping

import numpy as np

from transforms.text.models import HEADS, MULTIPLE, Floats, Task

DECIMALS = 6
#: Whose scores each task's stacker reads. The service comes first: the lists read its probability.
STACKED: Mapping[str, tuple[Task, ...]] = {
    "service": ("service",),
    "kind": ("kind", "sentiment"),
    "sentiment": ("sentiment", "kind"),
    "topics": ("topics", "groups", "service"),
    "groups": ("groups", "topics", "service"),
}
SHARED = ("service",)  # a stacker of one weight per head: each class reads its own scores only
Scores = Mapping[int, Floats]
Stackers = Mapping[str, Floats]


def stack_all(scores: Scores, stackers: Stackers) -> dict[str, Floats]:
    """Probabilities of every task of ``STACKED``, as ``stack_scores`` gives them."""
    services = stack_scores(scores, stackers, "service")
    others = (task for task in STACKED if task != "service")
    found = {task: stack_scores(scores, stackers, task, services=services) for task in others}
    return {"service": services} | found


def stack_scores(
    scores: Scores, stackers: Stackers, task: str, *, services: Floats | None = None
) -> Floats:
    """Calibrated probabilities of shape (n_texts, n_classes of the task).

    Args:
        scores: Of every head.
        stackers: ``<task>_weights`` and ``<task>_bias``.
        task: Of ``STACKED``.
        services: Probabilities of the services, which topics and groups read.
    """
    weights, bias = stackers[f"{task}_weights"], stackers[f"{task}_bias"]
    logits: Floats
    if task in SHARED:
        blocks = [part for wanted in STACKED[task] for part in _inputs_of(scores, wanted)]
        own = weights.reshape(len(blocks), len(bias), len(bias)).diagonal(axis1=1, axis2=2)
        logits = bias + sum(block * weight for block, weight in zip(blocks, own, strict=True))
    else:
        # Not BLAS: its sums depend on how many rows a batch has, and labels must not.
        inputs = stacker_inputs(scores, task, services=services)
        logits = bias + np.einsum("ti,ic->tc", inputs, weights, optimize=False)
    return (logistic(logits) if task in MULTIPLE else softmax(logits)).round(DECIMALS)


def stacker_inputs(scores: Scores, task: str, *, services: Floats | None = None) -> Floats:
    """What the task's stacker reads, side by side: scores of heads, where a text has one class each
    head's centred on zero; for topics and groups the roots of the services' probabilities.

    A root keeps the runner-up in sight: a service of one chance in nine gives a third.
    """
    parts = [
        part
        for wanted in STACKED[task]
        for part in (
            [np.sqrt(services)]
            if wanted == "service" and services is not None
            else _inputs_of(scores, wanted)
        )
    ]
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
