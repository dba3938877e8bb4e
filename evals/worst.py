"""The labelled examples that strangers' models get most wrong: where they stand and what decided.

Of the labelled examples alone, whose texts are public; the frozen sets are never listed.
"""

import polars as pl

from evals.crossing import fit_by_folds, label_by_models
from evals.metrics import likeliest_services
from transforms.text.explain import explain_text

N_DECIDING = 4  # tokens and pairs that are named


def find_worst(examples: pl.DataFrame, lexicon: pl.DataFrame, *, n_worst: int) -> pl.DataFrame:
    """Texts with a wrong service, the surest first: one row each.

    Args:
        examples: As ``read_examples`` gives them; each ``batch`` is labelled by models of the
            others.
        lexicon: As ``read_lexicon`` gives it.
        n_worst: At most so many rows.

    Returns:
        ``file_name``, ``line`` (from 1, the header's), ``label``, ``answer``, ``p`` and
        ``decided``: tokens that spoke most for the answer, with their part of its logit.
    """
    placed = examples.with_columns(line=_lines(examples))
    parts = []
    for held_out, models, types in fit_by_folds(placed, lexicon, placed["batch"]):
        labelled = label_by_models(held_out, models, types)
        worst = _wrong(labelled).head(n_worst)
        decided = [_deciding(explain_text(text, models, types)) for text in worst["text"]]
        parts.append(worst.with_columns(decided=pl.Series(decided, dtype=pl.String)))
    columns = ("file_name", "line", "label", "answer", "p", "decided")
    found = pl.concat(parts).sort("p", "file_name", "line", descending=[True, False, False])
    return found.head(n_worst).select(columns)


def render_worst(worst: pl.DataFrame) -> str:
    """One paragraph per text."""
    return "\n".join(
        f"{file_name}:{line}  {label} taken for {answer} (p {p:.2f})\n    {decided}"
        for file_name, line, label, answer, p, decided in worst.iter_rows()
    )


def _lines(examples: pl.DataFrame) -> pl.Series:
    """Line of each row in its file; a text with line breaks takes several."""
    breaks = pl.col("text").str.count_matches("\n").cast(pl.Int64)
    above = (breaks + 1).cum_sum().shift(1, fill_value=0).over("file_name")
    return examples.select(line=above + 2).to_series()


def _wrong(labelled: pl.DataFrame) -> pl.DataFrame:
    """Texts whose likeliest service no clerk would accept, the surest first."""
    is_also = pl.col("service_also").str.split(";").list.contains(pl.col("answer"))
    return (
        labelled.with_columns(answer=likeliest_services(labelled))
        .filter((pl.col("answer") != pl.col("service_id")) & ~is_also)
        .with_columns(label="service_id", p="labelled_service_p")
        .sort("p", descending=True)
    )


def _deciding(explained: pl.DataFrame) -> str:
    of_service = explained.filter(pl.col("task") == "service").head(N_DECIDING)
    pieces = of_service.select("token", "contribution").iter_rows()
    return " · ".join(f"{token} {contribution:+.1f}" for token, contribution in pieces)
