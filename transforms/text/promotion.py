"""Whether newly trained models may take the place of those in force: both label the frozen
examples, text by text.

Method: exact one-sided test of McNemar (1947) on the texts of which only one of the two is right;
the binomial form is in Fleiss, Levin & Paik (2003), *Statistical Methods for Rates and
Proportions*, section 13.1. Page: docs/methods/text_upkeep.md.
"""

import math
from dataclasses import dataclass

import polars as pl

TASKS = ("service", "kind", "sentiment")
#: Chance of calling models worse that are not, for each task.
SIGNIFICANCE = 0.05
#: Figures of several tasks may fall together without one that is significant: the project's own
#: bound, some three texts of the frozen set.
MOST_FALL = 0.01


@dataclass(frozen=True, slots=True)
class Comparison:
    """Shares of the frozen examples that are right by task, and the probability of as many losses
    by chance; ``is_worse`` when the candidate may not be promoted.
    """

    n: int
    in_force: dict[str, float]
    candidate: dict[str, float]
    p_worse: dict[str, float]
    is_worse: bool


def find_right(frozen: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Whether each label is right, Boolean columns ``TASKS``, in the order of the rows.

    The likeliest service counts whether or not the model abstained, and a second service that the
    example allows is right too.

    Args:
        frozen: ``service_id``, ``service_also`` (joined by ``;``), ``kind``, ``sentiment``.
        labels: Columns of core_text__labels of the same texts in the same order.
    """
    likeliest = labels.select(
        pl.when("is_service_unsure").then("service_2_id").otherwise("service_id").alias("best"),
        "kind_code",
        "sentiment_code",
    )
    both = pl.concat([frozen, likeliest], how="horizontal")
    is_also = pl.col("service_also").str.split(";").list.contains(pl.col("best"))
    return both.select(
        service=(pl.col("best") == pl.col("service_id")) | is_also,
        kind=pl.col("kind_code") == pl.col("kind"),
        sentiment=pl.col("sentiment_code") == pl.col("sentiment"),
    )


def share_right(right: pl.DataFrame) -> dict[str, float]:
    """Share of 1 by task, rounded to four places."""
    return {task: round(float(right[task].sum()) / max(right.height, 1), 4) for task in TASKS}


def compare_models(in_force: pl.DataFrame, candidate: pl.DataFrame) -> Comparison:
    """Compare two frames of ``find_right`` over the same texts.

    The candidate is worse when it loses one task significantly, or when the mean share of the
    tasks falls by more than ``MOST_FALL``.
    """
    p_worse = {
        task: losing_by_chance(
            n_lost=int((in_force[task] & ~candidate[task]).sum()),
            n_won=int((~in_force[task] & candidate[task]).sum()),
        )
        for task in TASKS
    }
    n_texts = max(in_force.height, 1) * len(TASKS)
    n_fallen = sum(int(in_force[t].sum()) - int(candidate[t].sum()) for t in TASKS)
    is_worse = min(p_worse.values()) < SIGNIFICANCE or n_fallen > MOST_FALL * n_texts
    return Comparison(
        n=in_force.height,
        in_force=share_right(in_force),
        candidate=share_right(candidate),
        p_worse={task: round(p, 4) for task, p in p_worse.items()},
        is_worse=is_worse,
    )


def losing_by_chance(*, n_lost: int, n_won: int) -> float:
    """Probability of ``n_lost`` losses or more among as many texts if either way is as likely."""
    n = n_lost + n_won
    return math.fsum(math.comb(n, k) / 2**n for k in range(n_lost, n + 1))
