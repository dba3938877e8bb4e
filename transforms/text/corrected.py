"""What comes of corrections: labels put right, labels to learn from, and how often models agreed.

Which corrections are in force belongs to corrections.
"""

import polars as pl

from transforms.text.label import OTHER_SERVICE

#: Column of core_text__labels that each column of a correction puts right.
LABEL_COLUMNS = {
    "service_id": "service_id",
    "kind": "kind_code",
    "sentiment": "sentiment_code",
    "topics": "topics",
    "groups": "groups",
    "language": "language_code",
}
#: Writer of the examples that corrections are: cross-fitting never scores them by each other.
CORRECTIONS_BATCH = "corrections"
_PROBABILITIES = {"service_id": "service_p", "kind": "kind_p", "sentiment": "sentiment_p"}
_GIVEN = "given_{}"


def apply_corrections(labels: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Labels with those of the corrections in place of the models', and ``is_corrected``.

    What was corrected is certain (probability 1, no runner-up), and a text of which somebody names
    a service, a kind or a sentiment says something.

    Args:
        labels: Columns of core_text__labels without ``is_corrected``.
        corrections: As ``latest_corrections`` gives them.
    """
    given = {name: pl.col(_GIVEN.format(name)) for name in LABEL_COLUMNS}
    is_given = {name: column.is_not_null() for name, column in given.items()}
    put_right = [
        pl.when(is_given[n]).then(_null_when_empty(given[n])).otherwise(pl.col(c)).alias(c)
        for n, c in LABEL_COLUMNS.items()
    ]
    certain = [
        pl.when(is_given[name]).then(1.0).otherwise(pl.col(p)).alias(p)
        for name, p in _PROBABILITIES.items()
    ]
    says = is_given["kind"] | is_given["sentiment"] | (given["service_id"] != OTHER_SERVICE)
    return (
        _side_by_side(labels, corrections)
        .with_columns(
            *put_right,
            *certain,
            service_2_id=pl.when(~is_given["service_id"]).then("service_2_id"),
            is_service_unsure=pl.col("is_service_unsure") & ~is_given["service_id"],
            is_uninformative=pl.col("is_uninformative") & ~says.fill_null(value=False),
            is_corrected=pl.any_horizontal(is_given.values()),
        )
        .select(*labels.columns, "is_corrected")
    )


def measure_agreement(labels: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """How often labels of models are what analysts say: ``task``, ``n``, ``n_agreed``.

    Only texts whose label was corrected (or confirmed) count, task by task. Analysts look for what
    is wrong: the share is no estimate of accuracy over all texts.
    """
    both = _side_by_side(labels, corrections)
    rows = []
    for name, column in LABEL_COLUMNS.items():
        of_task = both.filter(pl.col(_GIVEN.format(name)).is_not_null())
        agreed = of_task[column].fill_null("") == of_task[_GIVEN.format(name)]
        rows.append((name.removesuffix("_id"), of_task.height, int(agreed.sum())))
    schema = {"task": pl.String, "n": pl.Int64, "n_agreed": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def corrected_examples(corrections: pl.DataFrame) -> pl.DataFrame:
    """Corrections as examples: each teaches the tasks that it names, null is no label of a task.

    Args:
        corrections: As ``latest_corrections`` gives them, with the ``text``.

    Returns:
        ``text``, ``service_id``, ``kind``, ``sentiment``, ``topics``, ``groups``, ``language`` and
        ``batch``, a writer of their own. Topics and groups are empty for none.
    """
    return corrections.select("text", *LABEL_COLUMNS, batch=pl.lit(CORRECTIONS_BATCH))


def _side_by_side(labels: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    given = corrections.select("text_id", *LABEL_COLUMNS).rename(
        {name: _GIVEN.format(name) for name in LABEL_COLUMNS}
    )
    return labels.join(given, on="text_id", how="left", validate="1:1", maintain_order="left")


def _null_when_empty(column: pl.Expr) -> pl.Expr:
    return pl.when(column != "").then(column)
