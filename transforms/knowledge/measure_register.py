"""D01 measure_register: every measure (toimenpide) of both versions of the participation model.

See ``docs/methods/measure_review.md``.
"""

import polars as pl


def compute_measure_register(measures: pl.DataFrame) -> pl.DataFrame:
    """One row per measure, the versions one after the other, in the order of their sections.

    Args:
        measures: core_reference__measures.

    Returns:
        The columns of mart_measure__register without lineage.

    Raises:
        ValueError: If a measure names a successor that does not name it as its predecessor.
    """
    _refuse_one_sided_links(measures)
    sections = pl.col("section").str.split(".").list.eval(pl.element().cast(pl.Int64))
    return (
        measures.with_columns(_order=sections)
        .sort(
            "model_version",
            pl.col("_order").list.get(1),
            pl.col("_order").list.get(2),
        )
        .drop("_order")
    )


def _refuse_one_sided_links(measures: pl.DataFrame) -> None:
    forth = _links(measures, "measure_id", "successor_ids")
    back = _links(measures, "predecessor_ids", "measure_id")
    if one_sided := sorted(forth ^ back):
        older, newer = one_sided[0]
        raise ValueError(
            f"Measures '{older}' and '{newer}' are linked on one side only, expected "
            "successor_ids and predecessor_ids to name each other. "
            "Correct data_contracts/codes/measures.csv."
        )


def _links(measures: pl.DataFrame, older: str, newer: str) -> set[tuple[str, str]]:
    pairs = measures.select(older=older, newer=newer).drop_nulls()
    several = pairs.with_columns(pl.col("older", "newer").str.split(";"))
    return set(several.explode("older").explode("newer").rows())
