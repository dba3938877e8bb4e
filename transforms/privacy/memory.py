"""What an attacker remembers: the last publication beside this one.

A cell that both print is one cell, unless it has been revised since: what the last one showed is
known, and what it withheld stays withheld, so that no two publications are solved together. Rows
that only the last one printed (twelve months that ended earlier) stay known too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from transforms.privacy.feasible import find_bounds, is_narrow
from transforms.privacy.plan import Plan
from transforms.privacy.printings import Table, public_printings
from transforms.privacy.system import Bools, System


@dataclass(frozen=True, slots=True)
class Memory:
    """Of every cell, whether the last publication showed it as it is now, or withheld it."""

    shown: Bools
    withheld: Bools


def remember(
    system: System,
    tables: Mapping[str, Table],
    previous: Mapping[str, pl.DataFrame],
) -> Memory:
    """What the last publication tells of the cells of this one.

    Args:
        system: Today's cells.
        tables: Today's tables with their plans.
        previous: Yesterday's public tables; one whose columns have changed is left out.
    """
    shown, withheld = system.is_kept.copy(), np.zeros(system.value.size, dtype=bool)
    numbers = system.prints.select("key", "cell").unique("key")
    for name, table in tables.items():
        before = comparable(previous.get(name), table.plan)
        if before is None or not table.plan.counts:
            continue
        found = public_printings(name, before, table.plan).join(numbers, on="key", how="inner")
        cells, told = found["cell"].to_numpy(), found["told"]
        is_same = told.fill_null(-1).to_numpy() == system.value[cells]
        shown[cells[is_same]] = True
        withheld[cells[told.is_null().to_numpy()]] = True
    # Noughts fall with their row again; what the mart does not know was never withheld.
    return Memory(shown, withheld & ~shown & (system.value > 0))


def without_lost(system: System, memory: Memory) -> System:
    """The system without a claim to small counts that the last publication gave away by itself.

    They stay withheld, but nothing withheld today can take back what was told: an earlier, weaker
    form of disclosure control, or a lower threshold.
    """
    if not memory.shown.any():
        return system
    lost = is_narrow(system, find_bounds(system, memory.shown | system.is_exempt))
    return replace(system, span=np.where(lost, 0, system.span))


def with_kept_rows(frame: pl.DataFrame, before: pl.DataFrame | None, *, plan: Plan) -> pl.DataFrame:
    """The frame, and after it the rows that only the last publication printed."""
    known = comparable(before, plan)
    if known is None or not plan.counts:
        return frame
    only_before = known.join(frame, on=list(plan.key), how="anti", maintain_order="left")
    wanted = [*plan.key, *plan.columns]
    return pl.concat([frame, only_before.select(wanted)], how="diagonal")


def comparable(before: pl.DataFrame | None, plan: Plan) -> pl.DataFrame | None:
    """A table of the last publication, if it has the columns of the plan."""
    if before is None or not {*plan.key, *plan.columns} <= set(before.columns):
        return None
    return before
