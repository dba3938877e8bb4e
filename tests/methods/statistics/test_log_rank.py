"""The log-rank test against published results and an independent implementation.

Where each result was found: docs/methods/references.md.
"""

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
MAINTAINED = [9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161]
NOT_MAINTAINED = [5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45]
OVARIAN = {
    "1": [59, 115, 156, 268, 329, 431, -448, -477, 638, -803, -855, -1040, -1106],
    "2": [353, 365, -377, -421, 464, 475, 563, -744, -769, -770, -1129, -1206, -1227],
}
# Survival with two kinds of brain tumour (Bland & Altman 2004, BMJ 328, 1073).
GLIOMA = {
    "astrocytoma": [
        6, 13, 21, 30, -31, 37, 38, -47, 49, 50, 63, 79, -80, -82, -82, 86, 98, -149, 202, 219,
    ],
    "glioblastoma": [
        10, 10, 12, 13, 14, 15, 16, 17, 18, 20, 24, 24, 25, 28, 30, 33, -34, 35, 37, 40, 40, -40,
        46, 48, -70, 76, 81, 82, 91, 112, 181,
    ],
}  # fmt: skip
# scikit-survival, tests/test_compare.py, test_logrank_four: forty in four groups.
FOUR = {
    "-1": [-72, 68, -21, 67, -65, 86, 18, -35, -72, 88, 53, -36, -12, 9],
    "0": [53, 22, 55],
    "2": [94, -53, 69, -58, 95, 78, -24, -41, 3, -89, 53, -8, 13, -64, 56, 8, -7],
    "3": [-95, -54, -52, 43, 3, 94],
}


def observations(groups: dict[str, list[int]], cell: str = "a") -> pl.DataFrame:
    rows = [(cell, g, float(abs(t)), t > 0) for g, times in groups.items() for t in times]
    return pl.DataFrame(rows, schema=["cell", "group", "duration", "is_event"], orient="row")


def test_freireich_agrees_with_r_survival() -> None:
    found = log_rank(observations({"6-MP": SIX_MP, "placebo": PLACEBO})).row(0, named=True)

    # STATISTICS.md §3, R survival: survdiff, 16.792940989 on 1 degree of freedom.
    assert found["chi_square"] == pytest.approx(16.792940989, rel=1e-9)
    assert found["degrees_of_freedom"] == 1


def test_four_groups_agree_with_scikit_survival() -> None:
    found = log_rank(observations(FOUR)).row(0, named=True)

    # 5.25844160740909 on 3 degrees of freedom, p 0.153821897350625.
    assert found["chi_square"] == pytest.approx(5.25844160740909, rel=1e-12)
    assert (found["n_groups"], found["degrees_of_freedom"]) == (4, 3)
    assert found["p_value"] == pytest.approx(0.153821897350625, rel=1e-12)


def test_gliomas_agree_with_nag() -> None:
    found = log_rank(observations(GLIOMA)).row(0, named=True)

    # NAG Library Manual, g12abc, example: statistic 7.4966 on 1 degree of freedom, p 0.0062.
    assert found["chi_square"] == pytest.approx(7.4966, abs=5e-5)
    assert found["p_value"] == pytest.approx(0.0062, abs=5e-5)


def test_many_ties_agree_with_r_survival() -> None:
    groups = {"1": [-3, 1, 2, 3, -2, -1, 5, -3], "2": [-1, 1, -2, -3, 7, -1, 5, -3, 9]}

    found = log_rank(observations(groups)).row(0, named=True)

    # R survival, survdiff, as published with statsmodels 0.15.0, duration/tests/test_survfunc.py,
    # test_survdiff_basic: 2.14673, p 0.14287.
    assert found["chi_square"] == pytest.approx(2.14673, abs=5e-6)
    assert found["p_value"] == pytest.approx(0.14287, abs=5e-6)


def test_each_cell_is_compared_by_itself() -> None:
    both = pl.concat(
        [
            observations({"-1": FOUR["-1"], "2": FOUR["2"]}, "a"),
            observations({"-1": FOUR["-1"], "3": FOUR["3"]}, "b"),
        ]
    )

    found = log_rank(both)

    alone = log_rank(observations({"-1": FOUR["-1"], "3": FOUR["3"]}, "b"))
    assert found["degrees_of_freedom"].to_list() == [1, 1]
    assert found["chi_square"][1] == pytest.approx(alone["chi_square"][0], rel=1e-12)


def test_leukaemia_maintenance_agrees_with_r_survival() -> None:
    groups = {"maintained": MAINTAINED, "not": NOT_MAINTAINED}

    found = log_rank(observations(groups)).row(0, named=True)

    # R survival, data aml (Miller 1981): tests/doaml.Rout.save prints (O−E)²/V 3.40, p 0.0653.
    assert found["chi_square"] == pytest.approx(3.40, abs=5e-3)
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
