"""Suppression: no count under the threshold is published, nor what a subtraction gives back.

What it guards against: a small count read off directly; a small part or remainder in a row; a
withheld cell that equals a sum or difference of published ones in one stated equation, or in a
chain of them solved one after another; withheld cells whose known sum is under the threshold.

What it does not: several equations solved together as a system (linear programming), bounds
instead of exact values, shares and means read back with their base, two publications compared,
knowledge from elsewhere. A later form is optimised and audited: ``docs/methods/disclosure.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PRIMARY: Final = "primary_small_n"
SECONDARY: Final = "secondary"
NOT_SUPPRESSED: Final = "none"
# Which member of an equation is withheld first to protect another: a remainder, which nobody
# prints; a child row (never at zero) or a part of the row (a zero last); a total.
_REMAINDER, _PART, _ZERO_PART, _TOTAL, _NEVER = range(5)


@dataclass(frozen=True, slots=True)
class Partition:
    """Columns that add up to another within a row; ``has_remainder`` when an unshown rest does."""

    total: str
    parts: tuple[str, ...]
    has_remainder: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """A stock and its flows over time: stock = previous stock + the flows, whatever their signs.

    Rows of one cell (``within``) follow each other in order of the column ``order``.
    """

    stock: str
    flows: tuple[str, ...]
    within: tuple[str, ...]
    order: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a table are counts, and what else falls with them.

    ``base`` is the number that the row describes: withheld, it takes every other count and all
    ``estimates`` with it. ``evidence`` are parts on which the estimates rest: one of them small
    takes the estimates, but not the base.
    """

    base: str
    estimates: tuple[str, ...]
    partitions: tuple[Partition, ...] = ()
    evidence: tuple[str, ...] = ()
    chain: Chain | None = None

    @property
    def counts(self) -> tuple[str, ...]:
        """The base, then every part once, in the order of the partitions and flows."""
        flows = self.chain.flows if self.chain else ()
        parts = [name for partition in self.partitions for name in partition.parts]
        return tuple(dict.fromkeys([self.base, *parts, *flows]))


class _Equations(NamedTuple):
    """Memberships of cells in equations, one entry each; a cell is column × n_rows + row."""

    equation: Ints
    cell: Ints
    is_total: Bools
    rank: Ints
    adds_up: Bools  # of shape (n_equations,): the members' sum is the total


def suppress_primary(
    frame: pl.DataFrame, *, counts: Sequence[str], threshold: int, values: Sequence[str]
) -> pl.DataFrame:
    """The frame with every figure of a row withheld when one of its ``counts`` is in 1…threshold−1.

    Args:
        frame: Any table; a count of zero or null is left alone (zero is a value).
        counts: Whole-number columns to look at.
        threshold: The least count that may be shown.
        values: Columns that become null; name the counts too where they must.

    Returns:
        The same rows and columns with ``is_suppressed`` and ``suppress_reason_code`` at the end.
    """
    small = pl.any_horizontal(_is_small(name, threshold) for name in counts).fill_null(value=False)
    return frame.with_columns(is_suppressed=small).with_columns(
        *(pl.when(~pl.col("is_suppressed")).then(name).alias(name) for name in values),
        suppress_reason_code=pl.when("is_suppressed")
        .then(pl.lit(PRIMARY))
        .otherwise(pl.lit(NOT_SUPPRESSED)),
    )


def suppress_cells(
    frame: pl.DataFrame, *, layout: Layout, links: pl.DataFrame, threshold: int
) -> pl.DataFrame:
    """Primary and complementary suppression of all counts of a table together.

    Args:
        frame: The table, sorted by its key: of two equal candidates the earlier row is withheld,
            so the result does not depend on the order of the input.
        layout: Its counts and estimates.
        links: Additive groups of rows, as ``additive.additive_links`` gives them: ``group``,
            ``row``, ``is_total``; the total row is the sum of the others in every count.
        threshold: The least count that may be shown.

    Returns:
        The frame with withheld figures null, ``is_suppressed`` (the base or the estimates are
        withheld) and ``suppress_reason_code``. A part may be null by itself in a row that is not
        suppressed: a null count always means withheld.
    """
    values, remainders = _count_matrix(frame, layout)
    equations = _all_equations(frame, layout, links)
    small = (values > 0) & (values < threshold)
    hidden = _closed_under_rows(small, n_rows=frame.height, layout=layout)
    while True:
        unknown = _without_solved_zeros(hidden, values, equations)
        more = _next_to_hide(hidden, unknown, values, equations, threshold=threshold)
        if not more.any():
            break
        hidden = _closed_under_rows(hidden | more, n_rows=frame.height, layout=layout)
    n_shown = hidden.size - remainders
    return _published(frame, small=small[:n_shown], hidden=hidden[:n_shown], layout=layout)


def _is_small(name: str, threshold: int) -> pl.Expr:
    return (pl.col(name) > 0) & (pl.col(name) < threshold)


def _count_matrix(frame: pl.DataFrame, layout: Layout) -> tuple[Ints, int]:
    """All counts flattened column by column, remainders last; and how many cells are remainders."""
    columns = [frame[name].fill_null(0).cast(pl.Int64).to_numpy() for name in layout.counts]
    rests = []
    for partition in layout.partitions:
        if partition.has_remainder:
            parts = [frame[name].fill_null(0) for name in partition.parts]
            rest = frame[partition.total].fill_null(0) - sum(parts[1:], start=parts[0])
            rests.append(rest.cast(pl.Int64).clip(0).to_numpy())
    flat = np.concatenate([*columns, *rests]) if frame.height else np.zeros(0, dtype=np.int64)
    return flat.astype(np.int64), len(rests) * frame.height


def _closed_under_rows(hidden: Bools, *, n_rows: int, layout: Layout) -> Bools:
    """A withheld base takes every count of its row with it."""
    grid = hidden.reshape(-1, n_rows) if n_rows else hidden.reshape(1, 0)
    base = layout.counts.index(layout.base)
    closed: Bools = (grid | grid[base][None, :]).reshape(-1)
    return closed


def _without_solved_zeros(hidden: Bools, values: Ints, equations: _Equations) -> Bools:
    """The withheld cells that stay unknown: a zero that an equation gives away protects nothing."""
    unknown = hidden.copy()
    n_equations = equations.adds_up.size
    while True:
        is_unknown = unknown[equations.cell]
        alone = np.bincount(equations.equation[is_unknown], minlength=n_equations) == 1
        solved = equations.cell[is_unknown & alone[equations.equation]]
        zeros = solved[values[solved] == 0]
        if zeros.size == 0:
            return unknown
        unknown[zeros] = False


def _next_to_hide(
    hidden: Bools, unknown: Bools, values: Ints, equations: _Equations, *, threshold: int
) -> Bools:
    """For every equation that gives a cell away, the shown cell that is cheapest to withhold."""
    n_equations = equations.adds_up.size
    member = unknown[equations.cell]
    owner = equations.equation
    count = np.bincount(owner[member], minlength=n_equations)
    part = member & ~equations.is_total
    known_sum = np.bincount(
        owner[part], weights=values[equations.cell[part]], minlength=n_equations
    )
    total_unknown = np.bincount(owner[member & equations.is_total], minlength=n_equations) > 0
    is_small_sum = equations.adds_up & ~total_unknown & (known_sum > 0) & (known_sum < threshold)
    leaks = (count == 1) | ((count > 1) & is_small_sum)
    rank = _ranks_now(equations.rank, values[equations.cell])
    candidate = leaks[owner] & ~hidden[equations.cell] & (rank < _NEVER)
    chosen = np.zeros(unknown.size, dtype=bool)
    position = np.flatnonzero(candidate)
    order = np.lexsort(
        (
            equations.cell[position],
            values[equations.cell[position]],
            rank[position],
            owner[position],
        )
    )
    ordered = position[order]
    is_first = np.ones(ordered.size, dtype=bool)
    is_first[1:] = owner[ordered][1:] != owner[ordered][:-1]
    chosen[equations.cell[ordered[is_first]]] = True
    return chosen


def _ranks_now(rank: Ints, value: Ints) -> Ints:
    """A child row's zero is never withheld; a part that is not zero goes before zeros."""
    children = np.where((rank == _PART) & (value == 0), _NEVER, rank)
    return np.where((rank == _ZERO_PART) & (value > 0), _PART, children)


def _all_equations(frame: pl.DataFrame, layout: Layout, links: pl.DataFrame) -> _Equations:
    builders = [_link_equations(frame, layout, links), *_partition_equations(frame, layout)]
    if layout.chain is not None:
        builders.append(_chain_equations(frame, layout, layout.chain))
    offsets = np.cumsum([0, *(part.adds_up.size for part in builders)])
    return _Equations(
        equation=np.concatenate(
            [part.equation + offset for part, offset in zip(builders, offsets[:-1], strict=True)]
        ),
        cell=np.concatenate([part.cell for part in builders]),
        is_total=np.concatenate([part.is_total for part in builders]),
        rank=np.concatenate([part.rank for part in builders]),
        adds_up=np.concatenate([part.adds_up for part in builders]),
    )


def _link_equations(frame: pl.DataFrame, layout: Layout, links: pl.DataFrame) -> _Equations:
    """Every additive group of rows, once for every count."""
    n_columns, n_rows = len(layout.counts), frame.height
    group = links["group"].rank("dense").cast(pl.Int64).to_numpy() - 1
    row = links["row"].cast(pl.Int64).to_numpy()
    total = links["is_total"].to_numpy().astype(bool)
    n_groups = int(group.max(initial=-1)) + 1
    columns = np.arange(n_columns, dtype=np.int64)[:, None]
    rank = np.where(total, _TOTAL, _PART)
    return _Equations(
        equation=(columns * n_groups + group[None, :]).ravel(),
        cell=(columns * n_rows + row[None, :]).ravel(),
        is_total=np.tile(total, n_columns),
        rank=np.tile(rank, n_columns).astype(np.int64),
        adds_up=np.ones(n_groups * n_columns, dtype=bool),
    )


def _partition_equations(frame: pl.DataFrame, layout: Layout) -> list[_Equations]:
    """Every partition, once for every row."""
    n_rows, position = frame.height, {name: k for k, name in enumerate(layout.counts)}
    n_rests, parts = 0, []
    for partition in layout.partitions:
        columns = [position[partition.total], *(position[name] for name in partition.parts)]
        ranks = [_TOTAL, *([_ZERO_PART] * len(partition.parts))]
        if partition.has_remainder:
            columns.append(len(layout.counts) + n_rests)
            ranks.append(_REMAINDER)
            n_rests += 1
        parts.append(_row_equations(n_rows, columns=columns, ranks=ranks, has_total=True))
    return parts


def _chain_equations(frame: pl.DataFrame, layout: Layout, chain: Chain) -> _Equations:
    """Stock, flows and the previous row's stock, once for every row that has a previous one."""
    n_rows, position = frame.height, {name: k for k, name in enumerate(layout.counts)}
    columns = [position[chain.stock], *(position[name] for name in chain.flows)]
    ranks = [_TOTAL, *([_ZERO_PART] * len(chain.flows))]
    now = _row_equations(n_rows, columns=columns, ranks=ranks, has_total=False)
    previous = (
        frame.with_row_index("row")
        .sort(*chain.within, chain.order)
        .select("row", previous=pl.col("row").shift(1).over(chain.within))
        .drop_nulls()
    )
    row = previous["row"].cast(pl.Int64).to_numpy()
    before = previous["previous"].cast(pl.Int64).to_numpy() + position[chain.stock] * n_rows
    return _Equations(
        equation=np.concatenate([now.equation, row]),
        cell=np.concatenate([now.cell, before]),
        is_total=np.concatenate([now.is_total, np.zeros(row.size, dtype=bool)]),
        rank=np.concatenate([now.rank, np.full(row.size, _TOTAL, dtype=np.int64)]),
        adds_up=np.zeros(n_rows, dtype=bool),
    )


def _row_equations(
    n_rows: int, *, columns: list[int], ranks: list[int], has_total: bool
) -> _Equations:
    rows = np.arange(n_rows, dtype=np.int64)
    offsets = np.array(columns, dtype=np.int64)[:, None] * n_rows
    is_total = np.zeros((len(columns), n_rows), dtype=bool)
    is_total[0] = has_total
    return _Equations(
        equation=np.tile(rows, len(columns)),
        cell=(offsets + rows[None, :]).ravel(),
        is_total=is_total.ravel(),
        rank=np.repeat(np.array(ranks, dtype=np.int64), n_rows),
        adds_up=np.ones(n_rows, dtype=bool),
    )


def _published(frame: pl.DataFrame, *, small: Bools, hidden: Bools, layout: Layout) -> pl.DataFrame:
    shape = (len(layout.counts), frame.height)
    small_grid, hidden_grid = small.reshape(shape), hidden.reshape(shape)
    names = list(layout.counts)
    evidence = [names.index(name) for name in layout.evidence]
    weak = small_grid[evidence].any(axis=0) if evidence else np.zeros(frame.height, dtype=bool)
    base = names.index(layout.base)
    withheld = hidden_grid[base] | weak
    is_primary = small_grid[base] | weak
    shown = [
        pl.when(~pl.Series(hidden_grid[k])).then(pl.col(name)).alias(name)
        for k, name in enumerate(names)
    ]
    estimates = [
        pl.when(~pl.Series(withheld)).then(pl.col(name)).alias(name) for name in layout.estimates
    ]
    reason = np.where(is_primary, PRIMARY, np.where(withheld, SECONDARY, NOT_SUPPRESSED))
    return frame.with_columns(
        *shown,
        *estimates,
        is_suppressed=pl.Series(withheld),
        suppress_reason_code=pl.Series(reason.astype(str).tolist(), dtype=pl.String),
    )
