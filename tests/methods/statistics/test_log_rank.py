"""The log-rank test against published results and an independent implementation."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.statistics.log_rank import log_rank
from transforms.statistics.survival import NegativeDurationError

# A negative number is a censored one: −6 was still waiting at 6.
SIX_MP = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
UNTREATED = [20, 21, 23, 24, 24, 26, 26, 27, 28, 30]
RADIATED = [26, 28, 29, 29, 30, 30, 31, 31, 32, -35]
WITH_BPA = [31, 32, 34, 35, 36, 38, 38, 39, -42, -42]
MAINTAINED = [9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161]
NOT_MAINTAINED = [5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45]
OVARIAN = {
    "1": [59, 115, 156, 268, 329, 431, -448, -477, 638, -803, -855, -1040, -1106],
    "2": [353, 365, -377, -421, 464, 475, 563, -744, -769, -770, -1129, -1206, -1227],
}


def observations(groups: dict[str, list[int]], cell: str = "a") -> pl.DataFrame:
    rows = [(cell, g, float(abs(t)), t > 0) for g, times in groups.items() for t in times]
    return pl.DataFrame(rows, schema=["cell", "group", "duration", "is_event"], orient="row")


def test_freireich_agrees_with_r_survival() -> None:
    found = log_rank(observations({"6-MP": SIX_MP, "placebo": PLACEBO})).row(0, named=True)

    # STATISTICS.md §3: survdiff, 16.792940989 on 1 degree of freedom.
    assert found["chi_square"] == pytest.approx(16.792940989, rel=1e-9)
    assert found["degrees_of_freedom"] == 1


def test_three_groups_of_klein_and_moeschberger_agree_with_r_survival() -> None:
    groups = {"untreated": UNTREATED, "radiated": RADIATED, "with BPA": WITH_BPA}

    found = log_rank(observations(groups)).row(0, named=True)

    # Klein & Moeschberger (1997), exercise 7.7; survdiff as published in J. Fan's handout 4 of
    # Sta 678, San Diego State University: 33.38033 on 2 degrees, p 5.64e−08.
    assert found["chi_square"] == pytest.approx(33.38033, rel=2e-7)
    assert (found["n_groups"], found["degrees_of_freedom"]) == (3, 2)
    assert found["p_value"] == pytest.approx(5.64e-8, rel=1e-3)


def test_two_of_the_three_groups_are_compared_by_themselves_too() -> None:
    both = pl.concat(
        [
            observations({"untreated": UNTREATED, "radiated": RADIATED}, "a"),
            observations({"untreated": UNTREATED, "with BPA": WITH_BPA}, "b"),
        ]
    )

    found = log_rank(both)

    alone = log_rank(observations({"untreated": UNTREATED, "with BPA": WITH_BPA}, "b"))
    assert found["degrees_of_freedom"].to_list() == [1, 1]
    assert found["chi_square"][1] == pytest.approx(alone["chi_square"][0], rel=1e-12)


def test_leukaemia_maintenance_agrees_with_r_survival() -> None:
    groups = {"maintained": MAINTAINED, "not": NOT_MAINTAINED}

    found = log_rank(observations(groups)).row(0, named=True)

    # R survival, data aml (Miller 1981): survdiff prints chisq 3.4, p 0.0653.
    assert found["chi_square"] == pytest.approx(3.4, abs=0.05)
    assert found["p_value"] == pytest.approx(0.0653, abs=5e-5)


def test_ovarian_cancer_agrees_with_r_survival() -> None:
    found = log_rank(observations(OVARIAN)).row(0, named=True)

    # R survival, help page of survdiff: (O−E)²/V 1.06, p 0.3 on 1 degree of freedom.
    assert found["chi_square"] == pytest.approx(1.06, abs=5e-3)
    assert found["p_value"] == pytest.approx(0.3, abs=5e-2)


def test_a_group_without_anybody_at_risk_takes_no_part() -> None:
    # The third group had left before the first event.
    groups = {"6-MP": SIX_MP, "placebo": PLACEBO, "gone": [0, 0]}
    frame = observations(groups).with_columns(
        is_event=pl.col("is_event") & (pl.col("group") != "gone")
    )

    found = log_rank(frame).row(0, named=True)

    assert found["chi_square"] == pytest.approx(16.792940989, rel=1e-9)
    assert (found["n_groups"], found["degrees_of_freedom"]) == (2, 1)


@pytest.mark.parametrize("groups", [{"a": [3, 4, 5]}, {"a": [-3], "b": [-4]}])
def test_one_group_or_no_event_cannot_be_tested(groups: dict[str, list[int]]) -> None:
    found = log_rank(observations(groups)).row(0, named=True)

    assert (found["chi_square"], found["degrees_of_freedom"], found["p_value"]) == (None,) * 3


def test_no_observation_gives_no_row() -> None:
    empty = observations({"a": [1]}).head(0)

    assert log_rank(empty).height == 0


def test_negative_durations_are_refused() -> None:
    frame = observations({"a": [1]}).with_columns(duration=pl.lit(-1.0))

    with pytest.raises(NegativeDurationError, match="1 of 1"):
        log_rank(frame)


groups_of_people = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 20), st.booleans()), min_size=8, max_size=60
)


@settings(max_examples=40, deadline=None)
@given(rows=groups_of_people, seed=st.integers(0, 2**32 - 1))
def test_random_groups_agree_with_statsmodels_in_any_order(
    rows: list[tuple[int, int, bool]], seed: int
) -> None:
    from statsmodels.duration.survfunc import survdiff

    anchored = [
        *rows,
        (0, 1, True),
        (1, 2, True),
        (2, 3, True),
        *[(g, 21, False) for g in range(3)],
    ]
    group, time, is_event = (np.array(v) for v in zip(*anchored, strict=True))
    frame = pl.DataFrame(
        {"cell": "a", "group": group, "duration": time.astype(float), "is_event": is_event}
    )

    found = log_rank(frame.sample(fraction=1.0, shuffle=True, seed=seed)).row(0, named=True)

    chi_square, p = survdiff(time, is_event.astype(int), group)
    assert found["chi_square"] == pytest.approx(chi_square, rel=1e-6, abs=1e-9)
    assert found["p_value"] == pytest.approx(p, rel=1e-6, abs=1e-9)
