"""All public tables at once: open forms, the joint system, what is withheld, what is told roughly.

The tables are disclosed together, since what one withholds another must not print. See
``docs/methods/disclosure.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from transforms.privacy.already_told import hide_new_noughts, told_by_noughts
from transforms.privacy.ledger import LEDGER_SCHEMA, NOT_SUPPRESSED, ledger_rows
from transforms.privacy.memory import remember, with_memory
from transforms.privacy.plan import Plan
from transforms.privacy.plans import PLANS
from transforms.privacy.printings import Table, Thresholds
from transforms.privacy.protection import protect_after, with_rows
from transforms.privacy.renewal import follow_months, held_tables, small_flows
from transforms.privacy.rounding import round_figures
from transforms.privacy.shares import withhold_told_shares
from transforms.privacy.system import Bools, System, build_system

WITHHELD: Final = "withheld"


class UnplannedTableError(ValueError):
    """A table would be published without a disclosure plan."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Public tables by name without lineage, and the ledger of what they withhold.

    Tables that are ``held`` are those of the last publication, with its lineage.
    """

    tables: Mapping[str, pl.DataFrame]
    ledger: pl.DataFrame
    held: frozenset[str]


def disclose_tables(
    marts: Mapping[str, pl.DataFrame],
    *,
    as_of: date,
    thresholds: Thresholds,
    services: pl.DataFrame,
    previous: Mapping[str, pl.DataFrame] | None = None,
    earlier: pl.DataFrame | None = None,
) -> Disclosed:
    """The public form of every mart: withheld figures null, mart-only columns gone.

    Args:
        marts: Figures without suppression, by the name of the public table.
        as_of: Snapshot day.
        thresholds: Least counts that may be shown.
        services: Code list with ``service_id`` and ``department_id``.
        previous: The public tables of the current publication: what they show is known.
        earlier: What publications before it told (``memory``).

    Returns:
        Tables sorted by key. Those with counts have ``is_suppressed`` (the base or the estimates
        of the row are withheld) and ``suppress_reason_code``: ``withheld`` whatever the reason,
        since a count known to be withheld for its own smallness would be known to be small.

    Raises:
        UnplannedTableError: If a table has no plan.
        UnprotectedCellsError: If a small count cannot be protected.
    """
    before = previous or {}
    tables = open_tables(marts, as_of=as_of, previous=before, earlier=earlier)
    system = build_system(tables, services=services, thresholds=thresholds)
    memory = remember(system, tables, before, earlier=earlier)
    withheld, guarded = protect_after(system, told=memory.told, hidden=memory.withheld)
    for table in tables.values():
        withheld = with_rows(system, follow_months(table, system, withheld))
    doubtful = told_by_noughts(system, guarded, memory.told)
    withheld = hide_new_noughts(doubtful, withheld, memory.told)
    public = {
        name: withhold_told_shares(
            tables[name], frame, threshold=thresholds.open, services=services
        )
        for name, frame in print_tables(tables, system, withheld, thresholds=thresholds).items()
    }
    flows = small_flows(tables, before, thresholds=thresholds, as_of=as_of)
    held = held_tables(flows, public, before, tables)
    told = {name: before[name] if name in held else frame for name, frame in public.items()}
    rows = [ledger_rows(table, told[name], system, guarded) for name, table in tables.items()]
    ledger = pl.concat([pl.DataFrame(schema=LEDGER_SCHEMA), *rows])
    return Disclosed(
        told,
        ledger.sort("table_name", "cell_key", "column_name"),
        held=frozenset(held),
    )


def open_tables(
    marts: Mapping[str, pl.DataFrame],
    *,
    as_of: date,
    previous: Mapping[str, pl.DataFrame],
    earlier: pl.DataFrame | None = None,
) -> dict[str, Table]:
    """The open form of every mart with its plan, and what earlier publications printed beside it.

    Raises:
        UnplannedTableError: If a table has no plan.
    """
    found = {}
    for name in sorted(marts):
        plan = plan_of(name)
        chosen = plan.select(marts[name], as_of) if plan.select else marts[name]
        frame = chosen.sort(*plan.key) if plan.key else chosen
        table = Table(name, frame, plan, n_own=frame.height)
        found[name] = with_memory(table, previous.get(name), earlier=earlier)
    return found


def plan_of(name: str) -> Plan:
    """The plan of a public table.

    Raises:
        UnplannedTableError: If it has none.
    """
    if name not in PLANS:
        raise UnplannedTableError(
            f"Table {name} has no disclosure plan; expected one of {sorted(PLANS)}. "
            "Add its counts and what they add up to in transforms/privacy/plans.py."
        )
    return PLANS[name]


def print_tables(
    tables: Mapping[str, Table], system: System, withheld: Bools, *, thresholds: Thresholds
) -> dict[str, pl.DataFrame]:
    """The public form of every table, given which cells are withheld."""
    return {
        name: _publish(table, _columns_of(table, system, withheld), thresholds=thresholds)
        for name, table in tables.items()
    }


def shown_in(tables: Mapping[str, pl.DataFrame], system: System) -> Bools:
    """Which cells some public table shows, and those that only the last publication did."""
    shown = system.is_kept.copy()
    for (name, column), prints in system.prints.partition_by(
        "table", "column", as_dict=True
    ).items():
        frame = tables[str(name)]
        mine = prints.filter(pl.col("row") < frame.height)
        is_there = frame[str(column)].is_not_null().to_numpy()
        shown[mine["cell"].to_numpy()[is_there[mine["row"].to_numpy()]]] = True
    return shown


def _columns_of(table: Table, system: System, withheld: Bools) -> dict[str, tuple[Bools, Bools]]:
    """Per count: in which own rows the open form prints it, and in which of them it is withheld."""
    found = {}
    mine = system.prints.filter((pl.col("table") == table.name) & ~pl.col("is_kept"))
    for count in table.plan.counts:
        prints = mine.filter(pl.col("column") == count.column)
        rows, cells = prints["row"].to_numpy(), prints["cell"].to_numpy()
        is_printed = np.zeros(table.n_own, dtype=bool)
        is_withheld = np.zeros(table.n_own, dtype=bool)
        is_printed[rows] = True
        is_withheld[rows] = withheld[cells]
        found[count.column] = (is_printed, is_withheld)
    return found


def _publish(
    table: Table, counts: Mapping[str, tuple[Bools, Bools]], *, thresholds: Thresholds
) -> pl.DataFrame:
    """The own rows of a table with null for what is withheld or not in the open form."""
    plan, frame = table.plan, table.frame.head(table.n_own)
    dropped = frame.drop(name for name in plan.drop if name in frame.columns)
    if plan.base is None:
        return dropped
    rough = round_figures(dropped, rounded=plan.rounded, ends=plan.ends, threshold=thresholds.open)
    falls = {name: pl.Series(hidden) for name, (_, hidden) in counts.items()}
    suppressed = _suppressed(plan, frame, falls, thresholds=thresholds)
    resting = {
        **dict.fromkeys(plan.estimates, plan.base),
        **{figure.column: figure.base for figure in plan.rounded},
        **{end: _base_of(plan, e.middle) for e in plan.ends for end in (e.low, e.high)},
        **plan.own_base,
    }
    shown = [
        pl.when(pl.Series(printed & ~hidden)).then(pl.col(name)).alias(name)
        for name, (printed, hidden) in counts.items()
    ]
    for name, base in resting.items():
        if name in rough.columns:
            gone = suppressed | falls[base] if name not in plan.own_base else falls[base]
            if name in plan.hidden:
                gone = gone | frame.select(plan.hidden[name].fill_null(value=False)).to_series()
            shown.append(pl.when(~gone).then(pl.col(name)).alias(name))
    public = rough.with_columns(
        *shown,
        is_suppressed=suppressed,
        suppress_reason_code=pl.when(suppressed)
        .then(pl.lit(WITHHELD))
        .otherwise(pl.lit(NOT_SUPPRESSED)),
    )
    return plan.after(public) if plan.after else public


def _suppressed(
    plan: Plan, frame: pl.DataFrame, falls: Mapping[str, pl.Series], *, thresholds: Thresholds
) -> pl.Series:
    """Rows whose base is withheld, or a count beside it, or whose evidence is small."""
    weak = pl.Series(np.zeros(frame.height, dtype=bool))
    for name in plan.evidence:
        value = frame[name]
        weak |= ((value > 0) & (value < thresholds.open)).fill_null(value=False)
    if plan.applies is not None:
        weak &= frame.select(plan.applies).to_series()
    for name in (plan.base or "", *plan.beside):
        weak |= falls[name]
    return weak


def _base_of(plan: Plan, figure: str) -> str:
    return next(rounded.base for rounded in plan.rounded if rounded.column == figure)
