"""Promotion of text models: a candidate takes over when it is not worse on the frozen examples, and
analysts see how often the models in force agree with their corrections.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import dagster as dg
import polars as pl
import pyarrow as pa

from assets.core.corrections import Corrections
from assets.text_files import TextFiles
from data_contracts.labelled import read_frozen_examples
from transforms.text.corrected import measure_agreement
from transforms.text.label import label_texts
from transforms.text.models import TextModels
from transforms.text.promotion import compare_models, find_right, share_right

#: Reasons to promote without a comparison.
FIRST, PROGRAM_CHANGED, SAME = "first_models", "program_changed", "same_models"
NOT_WORSE, WORSE = "not_worse", "worse"


def judge(files: TextFiles, candidate: TextModels, *, unasked: str | None) -> bool:
    """Promote the candidate or keep it beside, and remember the figures; whether it took over.

    Args:
        files: Where the models in force lie.
        candidate: Newly trained.
        unasked: Why there is nothing to compare with, or None. Of another program or other
            examples the old file may not even be readable.
    """
    frozen = read_frozen_examples()
    right = find_right(frozen, label_frame(frozen.select("text"), candidate, files.types()))
    verdict: dict[str, Any] = {"n": right.height, "candidate": share_right(right)}
    reason = unasked
    if unasked is None:
        in_force = files.models()
        earlier = find_right(frozen, label_frame(frozen.select("text"), in_force, files.types()))
        comparison = compare_models(earlier, right)
        verdict = asdict(comparison) | {"in_force_version": in_force.method_version}
        is_same = in_force.method_version == candidate.method_version
        reason = SAME if is_same else WORSE if comparison.is_worse else NOT_WORSE
    if reason == WORSE:
        files.refuse(candidate)
    else:
        files.promote(candidate)
    files.write_promotion(
        verdict | {"candidate_version": candidate.method_version, "reason": reason}
    )
    return reason != WORSE


def label_frame(texts: pl.DataFrame, models: TextModels, types: pl.DataFrame) -> pl.DataFrame:
    """Labels of a few texts (``text``, and ``text_id`` where there is one), row by row."""
    if "text_id" not in texts.columns:
        texts = texts.with_row_index("text_id").with_columns(pl.col("text_id").cast(pl.String))
    batches = texts.select("text_id", "text").to_arrow().combine_chunks().to_batches()
    if not batches:
        return pl.DataFrame(schema={"text_id": pl.String})
    return pl.DataFrame(pa.Table.from_batches([label_texts(b, models, types) for b in batches]))


def agreement_of(
    files: TextFiles, models: TextModels, learnt: Sequence[str], corrections: Corrections
) -> pl.DataFrame:
    """How often models say what analysts say: ``task``, ``is_learnt``, ``n``, ``n_agreed``.

    Corrections that the models have learnt are counted apart: of them agreement is no wonder.
    """
    frame = corrections.frame
    labels = label_frame(frame, models, files.types())
    is_learnt = pl.Series("is_learnt", corrections.row_hashes).is_in(list(learnt))
    parts = [
        measure_agreement(labels.filter(of), frame.filter(of)).select(
            "task", pl.lit(value=has_learnt).alias("is_learnt"), "n", "n_agreed"
        )
        for has_learnt, of in ((False, ~is_learnt), (True, is_learnt))
    ]
    return pl.concat(parts).filter(pl.col("n") > 0)


def figures_of(
    files: TextFiles, agreement: pl.DataFrame, corrections: Corrections
) -> dict[str, Any]:
    """What the asset shows: the last verdict, corrections in force and agreement with them."""
    shown: dict[str, Any] = {
        "n_corrections": corrections.frame.height,
        "n_corrections_left_out": len(corrections.left_out),
        "promotion": files.promotion(),
    }
    if agreement.height:
        shown["agreement_with_corrections"] = dg.MetadataValue.md(_as_table(agreement))
    return shown


def _as_table(agreement: pl.DataFrame) -> str:
    head = ["| task | learnt | n | agreed | share |", "|---|---|---|---|---|"]
    rows = [
        f"| {task} | {'yes' if learnt else 'no'} | {n} | {agreed} | {agreed / n:.2f} |"
        for task, learnt, n, agreed in agreement.rows()
    ]
    return "\n".join(head + rows)
