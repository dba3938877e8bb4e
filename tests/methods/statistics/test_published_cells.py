"""The interval of a difference from two published intervals, against Newcombe's own example."""

import pytest

from transforms.statistics.intervals import wilson_interval
from transforms.statistics.published_cells import Cell, Reference, interval_of_change


def share(found: int, of: int) -> Cell:
    low, high = wilson_interval([found], [of])
    return Cell("found", value=found / of, low=float(low[0]), high=float(high[0]), n=of)


def test_shares_with_wilson_s_intervals_give_newcombe_s_method_10() -> None:
    # Newcombe (1998b), Statist. Med. 17, 873–890, table II, contrast (a): 56/70 − 48/80.
    assert interval_of_change(share(48, 80), share(56, 70)) == pytest.approx(
        (0.0524, 0.3339), abs=5e-5
    )


def test_extreme_shares_keep_an_interval() -> None:
    # The same table, contrast (d): 5/56 − 0/29.
    assert interval_of_change(share(0, 29), share(5, 56)) == pytest.approx(
        (-0.0381, 0.1926), abs=5e-5
    )


def test_cell_without_an_interval_gives_none() -> None:
    assert interval_of_change(Cell("found", value=0.5), share(5, 56)) is None


def test_reference_reads_what_it_writes() -> None:
    text = "service_satisfaction.top2_share[survey_id=kirjasto;wave_code=2025-1]"

    assert str(Reference.parse(text)) == text
