"""What told shares say together of the counts behind them, by the sums that these keep.

A share told in steps leaves its numerator as many values as the threshold (``rounding``). Where
numerators add up (months within a year, services within their department), the ranges of several
shares may leave fewer. Followed by single equations over and over (``propagation``); a share that
is no plain count over its base (an estimate, a weighted one) keeps no sums and is not asked.
"""

from typing import Final

import numpy as np
import polars as pl

from transforms.privacy.plan import Count, Plan, Rounded
from transforms.privacy.printings import Table, Thresholds
from transforms.privacy.propagation import FAR, tighten
from transforms.privacy.rounding import share_step
from transforms.privacy.system import Bools, System, build_system

_NUMERATOR: Final = "n_numerator"
_NOTHING: Final = 1e-6


def withhold_told_shares(
    table: Table, public: pl.DataFrame, *, threshold: int, services: pl.DataFrame
) -> pl.DataFrame:
    """The public table without the shares that give a small numerator, and those beside them.

    Args:
        table: The open form.
        public: What is to be printed of it: its own rows, in their order.
        threshold: Least count that may be known.
        services: Code list with ``service_id`` and ``department_id``.
    """
    found = public
    for figure in _additive(table.plan):
        while True:
            told = _Numerators(table, found, figure, threshold=threshold, services=services)
            rows = told.rows_of(told.beside(told.narrow()))
            if not (rows & found[figure.column].is_not_null().to_numpy()).any():
                break
            kept = pl.when(pl.Series(~rows)).then(pl.col(figure.column))
            found = found.with_columns(kept.alias(figure.column))
    return found


def told_shares(
    table: Table, public: pl.DataFrame, *, threshold: int, services: pl.DataFrame
) -> pl.DataFrame:
    """``row`` and ``column`` of the told shares whose small numerator all of them give away."""
    found = [pl.DataFrame(schema={"row": pl.Int64, "column": pl.String})]
    for figure in _additive(table.plan):
        told = _Numerators(table, public, figure, threshold=threshold, services=services)
        rows = np.flatnonzero(told.rows_of(told.narrow()))
        found.append(pl.DataFrame({"row": rows, "column": [figure.column] * rows.size}))
    return pl.concat(found, how="vertical_relaxed")


def _additive(plan: Plan) -> list[Rounded]:
    return [figure for figure in plan.rounded if figure.adds_up]


class _Numerators:
    """The numerators of one share as a system of counts, and the range of each."""

    def __init__(
        self,
        table: Table,
        public: pl.DataFrame,
        figure: Rounded,
        *,
        threshold: int,
        services: pl.DataFrame,
    ) -> None:
        own = table.frame.head(table.n_own)
        exact = (pl.col(figure.column) * pl.col(figure.base)).round(0).cast(pl.Int64)
        base = next(count for count in table.plan.counts if count.column == figure.base)
        plan = Plan(
            key=table.plan.key,
            base=_NUMERATOR,
            counts=(Count(_NUMERATOR, "numerator", key=base.key),),
            relations=table.plan.relations,
        )
        frame = own.with_columns(exact.fill_null(0).alias(_NUMERATOR))
        self.system: System = build_system(
            {table.name: Table(table.name, frame, plan, n_own=table.n_own)},
            services=services,
            thresholds=Thresholds(threshold, threshold),
        )
        self.row = self.system.prints["row"].to_numpy()
        self.cell = self.system.prints["cell"].to_numpy()
        self.threshold, self.n_rows = threshold, own.height
        ranges = _ranges(public, figure, threshold=threshold)
        self.low = self._by_cell(ranges["low"], 0.0)
        self.high = self._by_cell(ranges["high"], FAR)
        # Of a base that is not told nobody knows what is left.
        self.whole = self._by_cell(public[figure.base].cast(pl.Float64).fill_null(FAR), FAR)

    def _by_cell(self, values: pl.Series, default: float) -> np.ndarray:
        found = np.full(self.system.value.size, default)
        found[self.cell] = values.to_numpy()[self.row]
        return found

    def narrow(self) -> Bools:
        """Small numerators, or all but a small number, within fewer values than the threshold."""
        low, high = tighten(self.system, self.low, self.high)
        value, others = self.system.value, self.whole - self.system.value
        is_secret = (value > 0) & (value < self.threshold)
        is_secret |= (others > 0) & (others < self.threshold)
        found: Bools = is_secret & ~self.system.is_rest & (high - low < self.threshold - 1)
        return found

    def beside(self, cells: Bools) -> Bools:
        """These and the cells that stand in an equation with one of them."""
        touched = np.zeros(self.system.n_equations, dtype=bool)
        touched[self.system.equation[cells[self.system.cell]]] = True
        found = cells.copy()
        found[self.system.cell[touched[self.system.equation]]] = True
        return found

    def rows_of(self, cells: Bools) -> Bools:
        """Rows of the table that print some cells."""
        found = np.zeros(self.n_rows, dtype=bool)
        found[self.row[cells[self.cell]]] = True
        return found


def _ranges(public: pl.DataFrame, figure: Rounded, *, threshold: int) -> pl.DataFrame:
    """Between what each row's printed share leaves its numerator: ``low`` and ``high``."""
    share, base = pl.col(figure.column), pl.col(figure.base).cast(pl.Float64)
    step = share_step(pl.col(figure.base), threshold=threshold)
    is_end = (share < _NOTHING) | (share > 1 - _NOTHING)
    below = ((share - step / 2) * base - _NOTHING).ceil()
    above = ((share + step / 2) * base + _NOTHING).floor()
    # What was nearer to an end than a step has been moved there.
    below = pl.when((share - step).abs() < _NOTHING).then(1.0).otherwise(below)
    above = pl.when((1 - share - step).abs() < _NOTHING).then(base - 1).otherwise(above)
    told = share.is_not_null()
    return public.select(
        low=pl.when(~told).then(0.0).when(is_end).then(share.round(0) * base).otherwise(below),
        high=pl.when(~told)
        .then(base.fill_null(FAR))
        .when(is_end)
        .then(share.round(0) * base)
        .otherwise(above),
    )
