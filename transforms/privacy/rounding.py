"""Shares and means told so roughly that they do not give a small count back.

A share with its base is a count in other clothes. It is told in steps of one per cent or more, the
least step that holds as many counts as the threshold; what is near nought or one is moved a step
away from it, while nought and one themselves are told. Means, times and errors rest on a base over
the threshold and are told with one decimal. Ends of intervals are told as whole steps from the
rounded figure, so that they say nothing new.
"""

from typing import Final

import polars as pl

from transforms.privacy.plan import Ends, Rounded

STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_DIGITS: Final = 6
_NOTHING: Final = 1e-9


def share_step(base: pl.Expr, *, threshold: int) -> pl.Expr:
    """The least step with ``threshold`` counts in it; null when the base is too small for any."""
    step = pl.lit(None, dtype=pl.Float64)
    for size in reversed(STEPS):
        step = pl.when(base * size >= threshold).then(size).otherwise(step)
    return step


def rounded_share(share: pl.Expr, *, step: pl.Expr) -> pl.Expr:
    """A share in whole steps, at least one from nought and one, which stay as they are."""
    near = (share / step).round(0) * step
    inside = pl.max_horizontal(step, pl.min_horizontal(near, 1 - step)).round(_DIGITS)
    is_end = (share < _NOTHING) | (share > 1 - _NOTHING)
    return (
        pl.when(step.is_null() | share.is_null())
        .then(None)
        .when(is_end)
        .then(share.round(0))
        .otherwise(inside)
    )


def round_figures(
    mart: pl.DataFrame, *, rounded: tuple[Rounded, ...], ends: tuple[Ends, ...], threshold: int
) -> pl.DataFrame:
    """The frame with its shares, means and intervals told roughly.

    Args:
        mart: Exact figures.
        rounded: Figures and the count on which each rests.
        ends: Intervals round some of them.
        threshold: Least count that may be shown.
    """
    found = mart.with_columns(_figure(figure, threshold) for figure in rounded)
    forms = {figure.column: figure for figure in rounded}
    exact = mart.select(
        *(pl.col(end.middle).alias(f"exact_{end.middle}") for end in ends),
    )
    widened = found.hstack(exact).with_columns(
        end for interval in ends for end in _ends(interval, forms[interval.middle], threshold)
    )
    return widened.select(mart.columns)


def _figure(figure: Rounded, threshold: int) -> pl.Expr:
    value, unit = pl.col(figure.column), float(10**figure.decimals)
    if figure.kind == "share":
        step = share_step(pl.col(figure.base), threshold=threshold)
        return rounded_share(value, step=step).alias(figure.column)
    scaled = value * unit
    whole = (scaled - _NOTHING).ceil() if figure.kind == "width" else scaled.round(0)
    return (whole / unit).round(_DIGITS).alias(figure.column)


def _ends(interval: Ends, figure: Rounded, threshold: int) -> list[pl.Expr]:
    """Both ends of an interval, whole steps from its rounded middle, within the scale."""
    if figure.kind == "share":
        step = share_step(pl.col(figure.base), threshold=threshold)
    else:
        step = pl.lit(10.0**-figure.decimals)
    exact, middle = pl.col(f"exact_{interval.middle}"), pl.col(interval.middle)
    below = ((exact - pl.col(interval.low)) / step - _NOTHING).ceil() * step
    above = ((pl.col(interval.high) - exact) / step - _NOTHING).ceil() * step
    low = pl.max_horizontal(middle - below, pl.lit(interval.least))
    high = pl.min_horizontal(middle + above, pl.lit(interval.most))
    told = middle.is_not_null()
    return [
        pl.when(told & pl.col(interval.low).is_not_null())
        .then(low.round(_DIGITS))
        .alias(interval.low),
        pl.when(told & pl.col(interval.high).is_not_null())
        .then(high.round(_DIGITS))
        .alias(interval.high),
    ]
