"""Many comparisons at once: p-values adjusted so that few of the differences found are chance.

Benjamini & Hochberg (1995), J. R. Statist. Soc. B 57, 289–300: reject where the adjusted p is at
most the false discovery rate wanted. See ``docs/methods/change.md``.
"""

from collections.abc import Sequence

import polars as pl


def adjust_within(name: str, family: Sequence[str]) -> pl.Expr:
    """The column ``name`` adjusted within each family of rows; nulls stay null, and do not count.

    Adjusted p of the i-th smallest of m = min over j ≥ i of p_(j) m / j, at most 1.
    """
    p = pl.col(name)
    rank = p.rank("ordinal")
    scaled = p * p.count() / rank
    order = p.count() + 1 - rank  # of equal ones the last rank comes first
    # From the largest p downwards, the least of what has been seen; ties share the smallest.
    smallest = scaled.sort_by(order, nulls_last=True).cum_min().gather(order.cast(pl.Int64) - 1)
    return smallest.clip(upper_bound=1.0).over(family)
