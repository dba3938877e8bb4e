"""Shares that tell no small count: every printed one fits as many counts as the threshold."""

import polars as pl
import pytest

from transforms.privacy.plan import Ends, Rounded
from transforms.privacy.rounding import round_figures, rounded_share, share_step

THRESHOLD = 5


def told(base: int) -> dict[int, float | None]:
    """What is printed for each numerator of a base."""
    frame = pl.DataFrame({"k": range(base + 1)}).with_columns(n=pl.lit(base))
    step = share_step(pl.col("n"), threshold=THRESHOLD)
    shown = frame.select("k", s=rounded_share(pl.col("k") / pl.col("n"), step=step))
    return dict(shown.iter_rows())


@pytest.mark.parametrize("base", [20, 25, 40, 50, 99, 100, 130, 250, 499, 500, 1234])
def test_every_share_but_nought_and_one_fits_as_many_counts_as_the_threshold(base: int) -> None:
    shown = told(base)

    numerators: dict[float | None, int] = {}
    for share in shown.values():
        numerators[share] = numerators.get(share, 0) + 1
    inner = {share: n for share, n in numerators.items() if share not in (0.0, 1.0)}
    assert shown[0] == 0.0
    assert shown[base] == 1.0
    assert min(inner.values()) >= THRESHOLD


@pytest.mark.parametrize(("base", "step"), [(19, None), (20, 0.25), (50, 0.1), (500, 0.01)])
def test_a_smaller_base_is_told_in_longer_steps_and_a_small_one_not_at_all(
    base: int, step: float | None
) -> None:
    found = pl.DataFrame({"n": [base]}).select(share_step(pl.col("n"), threshold=THRESHOLD))

    assert found.item() == step


def test_a_share_near_nought_is_moved_a_step_away() -> None:
    assert told(100)[1] == 0.05
    assert told(100)[99] == 0.95


def test_ends_of_an_interval_are_whole_steps_from_the_rounded_share() -> None:
    frame = pl.DataFrame({"n": [100], "p": [0.52], "low": [0.42], "high": [0.62]})

    found = round_figures(
        frame,
        rounded=(Rounded("p", "n"),),
        ends=(Ends("p", "low", "high", least=0.0, most=1.0),),
        threshold=THRESHOLD,
    )

    assert found.row(0) == (100, 0.5, 0.4, 0.6)


def test_means_are_told_with_a_decimal_and_errors_rounded_up() -> None:
    frame = pl.DataFrame({"n": [12], "mean": [3.96], "se": [0.21], "low": [3.5], "high": [4.4]})

    found = round_figures(
        frame,
        rounded=(Rounded("mean", "n", kind="value"), Rounded("se", "n", kind="width")),
        ends=(Ends("mean", "low", "high"),),
        threshold=THRESHOLD,
    )

    assert found.row(0) == (12, 4.0, 0.3, 3.5, 4.5)


def test_what_is_not_there_stays_away() -> None:
    frame = pl.DataFrame({"n": [100], "p": [None]}, schema_overrides={"p": pl.Float64})

    found = round_figures(frame, rounded=(Rounded("p", "n"),), ends=(), threshold=THRESHOLD)

    assert found["p"].to_list() == [None]
