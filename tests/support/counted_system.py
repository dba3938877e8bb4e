"""A system of counts written by hand: names, values and sums, for tests of disclosure control."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from transforms.privacy.printings import PRINT_SCHEMA
from transforms.privacy.system import Bools, System

#: A sum by the name of its total and the names of its parts.
Sum = tuple[str, Sequence[str]]


def counted_system(
    values: Mapping[str, int],
    sums: Sequence[Sum],
    *,
    limit: int = 5,
    rests: Sequence[str] = (),
    exempt: Sequence[str] = (),
) -> System:
    """Cells in the order of ``values``, and an equation for every sum."""
    names = list(values)
    entries = [
        (number, names.index(name), 1 if name == total else -1)
        for number, (total, parts) in enumerate(sums)
        for name in (total, *parts)
    ]
    equation, cell, sign = np.array(entries, dtype=np.int64).T
    n = len(names)
    return System(
        prints=pl.DataFrame(schema={**PRINT_SCHEMA, "cell": pl.Int64}),
        value=np.array(list(values.values()), dtype=np.int64),
        limit=np.full(n, limit),
        span=np.full(n, limit - 1),
        cost=np.ones(n),
        is_rest=np.isin(names, list(rests)),
        is_exempt=np.isin(names, list(exempt)),
        is_kept=np.zeros(n, dtype=bool),
        equation=equation,
        cell=cell,
        sign=sign,
        under=np.zeros((0, 2), dtype=np.int64),
    )


def cells_of(values: Mapping[str, int], *names: str) -> Bools:
    """Which cells bear these names."""
    return np.isin(list(values), list(names))
