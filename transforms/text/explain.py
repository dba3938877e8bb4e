"""Which words decided: every token's share in the labels of one text.

Heads are sums over tokens, and stackers of service, kind and sentiment are linear, so a token's
contribution is exact: together with a part that no token owns they make up the label's logit.
"""

import numpy as np
import polars as pl

from transforms.text.models import HEADS, Floats, TextModels
from transforms.text.score_table import (
    ScoreTable,
    place_tokens,
    score_texts,
    sum_tokens,
)
from transforms.text.stacking import STACKED, stack_scores
from transforms.text.tokens import tokenize_texts

EXPLAINED = ("service", "kind", "sentiment")
SCHEMA = {
    "task": pl.String,
    "code": pl.String,
    "token": pl.String,
    "contribution": pl.Float64,
}


def explain_text(
    text: str, models: TextModels, type_table: pl.DataFrame, scores: ScoreTable | None = None
) -> pl.DataFrame:
    """One row per task and distinct token: how much it spoke for the label that was chosen.

    Args:
        text: Masked text.
        models: As for ``label.label_texts``.
        type_table: As for ``label.label_texts``.
        scores: As for ``label.label_texts``.

    Returns:
        ``task`` (service, kind, sentiment, in this order), ``code`` of the likeliest label,
        ``token`` (a pair of neighbours as ``first second``) and ``contribution`` to the label's
        logit against the mean of all labels, largest first; below zero it spoke against.
        Empty for a text without a token.
    """
    plain = tokenize_texts(pl.Series([text]))
    if not plain.height:
        return pl.DataFrame(schema=SCHEMA)
    tokens, known = place_tokens(plain, models, type_table, scores)
    found = score_texts(tokens, models, known, n_texts=1)
    names, parts = _parts(tokens, models, known)
    squares = sum_tokens(tokens, models, known, n_texts=1)[0]
    frames = []
    for task in EXPLAINED:
        chosen = int(stack_scores(found, models.stackers, task)[0].argmax())
        shares = _shares(parts, squares, models, task, chosen)
        rows = pl.DataFrame({"token": names, "contribution": shares})
        frames.append(
            rows.group_by("token")
            .agg(pl.col("contribution").sum())
            .filter(pl.col("contribution") != 0)
            .sort(["contribution", "token"], descending=[True, False])
            .select(
                pl.lit(task).alias("task"),
                pl.lit(models.classes[task][chosen]).alias("code"),
                "token",
                "contribution",
            )
        )
    return pl.concat(frames)


def _parts(tokens: pl.DataFrame, models: TextModels, table: ScoreTable) -> tuple[list[str], Floats]:
    """Names of the text's tokens and pairs, and the row of scores that each adds."""
    pairs = models.pair_index.find(
        tokens["number"].to_numpy(), tokens["row"].to_numpy(), n_texts=1
    ).indices
    names = tokens["token"].to_list() + [" ".join(models.pairs[pair]) for pair in pairs]
    of_tokens = table.scores[tokens["place"].to_numpy()]
    return names, np.vstack([of_tokens, models.pair_weights[pairs]]).astype(np.float64)


def _shares(parts: Floats, sums: Floats, models: TextModels, task: str, chosen: int) -> Floats:
    """Contribution of each part to the chosen label's logit, less the mean over all labels."""
    weights = models.stackers[f"{task}_weights"]
    logits = np.zeros((len(parts), weights.shape[1]))
    place = 0
    for wanted in STACKED[task]:
        for number, head in enumerate(HEADS):
            if head.task != wanted:
                continue
            columns = models.layout.heads[number]
            squares = sums[models.layout.lengths[head.space]]
            own = parts[:, columns] / np.sqrt(max(float(squares), 1e-9))
            own -= own.mean(axis=1, keepdims=True)
            logits += own @ weights[place : place + own.shape[1]]
            place += own.shape[1]
    shares: Floats = logits[:, chosen] - logits.mean(axis=1)
    return shares
