"""Counting and minima over days against the plain definition."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.statistics.spans import NOTHING, count_covering, least_covering

DAYS, CELLS = 20, 3
spans = st.lists(
    st.tuples(
        st.integers(0, CELLS - 1), st.integers(0, DAYS), st.integers(0, DAYS), st.integers(0, 50)
    ),
    max_size=30,
)


def columns(rows: list[tuple[int, int, int, int]]) -> list[np.ndarray]:
    return [np.array([row[k] for row in rows], dtype=np.int64) for k in range(4)]


@settings(deadline=None)
@given(spans)
def test_sums_and_minima_over_days_agree_with_the_definition(
    rows: list[tuple[int, int, int, int]],
) -> None:
    cell, start, end, value = columns(rows)

    counts = count_covering(cell, start, end, n_cells=CELLS, n_days=DAYS)
    least = least_covering(cell, start, end, value, n_cells=CELLS, n_days=DAYS)

    for c in range(CELLS):
        for day in range(DAYS):
            over = [v for k, s, e, v in rows if k == c and s <= day < e]
            assert counts[c, day] == len(over)
            assert least[c, day] == min(over, default=NOTHING)
