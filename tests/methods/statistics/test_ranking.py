"""Ranks only where intervals are disjoint, and the index of being heard, by hand."""

import math

import numpy as np
import pytest

from transforms.statistics.heard_index import heard_index, heard_ratio
from transforms.statistics.ranking import disjoint_ranks


def ranks(rows: list[tuple[float, float, float]]) -> list[float | None]:
    found = disjoint_ranks(*(np.array(v) for v in zip(*rows, strict=True)))
    return [None if math.isnan(rank) else rank for rank in found]


def test_disjoint_intervals_are_ranked_from_the_greatest() -> None:
    assert ranks([(1, 0, 2), (9, 8, 10), (5, 4, 6)]) == [3, 1, 2]


def test_overlapping_ones_have_no_rank_and_the_others_keep_theirs() -> None:
    assert ranks([(1, 0, 2), (9, 8, 10), (1.5, 1, 3)]) == [None, 1, None]


def test_a_rank_counts_those_without_one() -> None:
    assert ranks([(1, 0, 2), (9, 8, 10), (9.5, 9, 11)]) == [3, None, None]


def test_touching_intervals_are_not_told_apart() -> None:
    assert ranks([(1, 0, 2), (3, 2, 4)]) == [None, None]


def test_one_alone_and_one_without_an_interval_have_no_rank() -> None:
    assert ranks([(1, 0, 2)]) == [None]
    assert ranks([(1, 0, 2), (math.nan, math.nan, math.nan), (5, 4, 6)]) == [2, None, 1]


def test_ratio_of_heard_to_residents_with_wilson_s_ends() -> None:
    # 15 of 148 heard (Newcombe 1998a), a group of 20 % of residents.
    ratio, low, high = heard_ratio([15], [148], [0.2])

    assert ratio[0] == pytest.approx(15 / 148 / 0.2)
    assert (low[0], high[0]) == pytest.approx((0.0623863995 / 0.2, 0.1604872417 / 0.2), rel=1e-6)


def test_ratio_is_unknown_without_a_statistic_of_the_group() -> None:
    assert np.isnan(heard_ratio([15], [148], [np.nan])).all()


def test_index_is_the_geometric_mean_and_loudness_does_not_make_up_for_silence() -> None:
    assert heard_index([0.5, 2.0]) == pytest.approx(math.sqrt(0.5))
    assert heard_index([0.25, 0.81]) == pytest.approx(0.45)
    assert heard_index([0.0, 5.0]) == 0.0


def test_index_leaves_unknown_ways_out_and_is_unknown_without_any() -> None:
    assert heard_index([math.nan, 0.4]) == pytest.approx(0.4)
    assert math.isnan(heard_index([math.nan]))
