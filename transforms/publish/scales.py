"""Axes of values: their ends, their steps, and the line that values are held against."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.publish.figures import Grid

N_STEPS = 4
_HOURS = 24
_DAY_STEPS = (0.25, 0.5, 1, 2, 5, 7, 10, 14, 20, 30, 50, 100, 200, 500)
_SCALE_STEPS = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 500)
_CHANGE_HALVES = (0.1, 0.2, 0.3, 0.4, 0.6)


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of values: its ends, its step, how they are written, and where a thin line stands."""

    form: str = "share"
    low: float = 0.0
    high: float = 1.0
    step: float = 0.25
    line: float | None = None


def scale_for(
    grid: Grid, *, value: int, high: int, form: str, line: float | None = None, least: float = 1.0
) -> Scale:
    """An axis from zero that holds every value, and of their intervals up to twice the greatest.

    Args:
        grid: The rows.
        value: Column of the values.
        high: Column of the upper ends of their intervals.
        form: How values are written.
        line: Where a thin line stands.
        least: Least upper end of the axis.
    """
    rows = grid.source()
    most = max([least, *numbers(rows, [value])])
    top = max([most, *(min(end, 2 * most) for end in numbers(rows, [high]))])
    step = next((s for s in _SCALE_STEPS if s * N_STEPS >= top), top / N_STEPS)
    return Scale(form, high=step * math.ceil(top / step), step=step, line=line)


def hour_scale(grid: Grid, *, value: int, high: int) -> Scale:
    """An axis of durations in hours, with steps of whole days where they are long."""
    top = hours_top(grid, [value], [high]) or _HOURS * 1.0
    return Scale("duration", high=top, step=top / N_STEPS)


def change_scale(grid: Grid, *columns: int) -> Scale:
    """An axis of differences of shares, as far on both sides of zero as the values need."""
    most = max((abs(v) for v in numbers(grid.source(), columns)), default=0.0)
    half = next((s for s in _CHANGE_HALVES if s >= most), 1.0)
    return Scale("points_axis", low=-half, high=half, step=half / 2, line=0.0)


def hours_top(grid: Grid, columns: Sequence[int], ends: Sequence[int]) -> float | None:
    """Upper end of an axis of hours, in four round steps; none without values."""
    rows = grid.source()
    values, highs = numbers(rows, columns), numbers(rows, ends)
    if not values:
        return None
    median = max(values)
    most = max([median, *(min(high, 2 * median) for high in highs)])
    for step in _DAY_STEPS:
        if step * _HOURS * N_STEPS >= most:
            return step * _HOURS * N_STEPS
    return math.ceil(most / _HOURS / N_STEPS) * _HOURS * N_STEPS


def numbers(rows: Sequence[Sequence[object]], columns: Sequence[int]) -> list[float]:
    """Every number of these columns."""
    return [float(v) for r in rows for c in columns if isinstance(v := r[c], int | float)]
