"""Whether a candidate is worse: figures by hand."""

import polars as pl
import pytest

from transforms.text.promotion import (
    TASKS,
    compare_models,
    find_right,
    losing_by_chance,
    share_right,
)


def right(**wrong: int) -> pl.DataFrame:
    """A hundred texts of which the first so many are wrong by task, for the rest right."""
    return pl.DataFrame(
        {task: [False] * wrong.get(task, 0) + [True] * (100 - wrong.get(task, 0)) for task in TASKS}
    )


@pytest.mark.parametrize(
    ("n_lost", "n_won", "expected"),
    [
        (0, 0, 1.0),
        (5, 0, 1 / 32),  # all five of five
        (4, 0, 1 / 16),
        (5, 1, 7 / 64),  # (6 choose 5) + (6 choose 6) of 64
        (1, 5, 63 / 64),
    ],
)
def test_losses_by_chance_are_the_upper_tail_of_a_fair_coin(
    n_lost: int, n_won: int, expected: float
) -> None:
    assert losing_by_chance(n_lost=n_lost, n_won=n_won) == pytest.approx(expected)


def test_losses_by_chance_of_many_texts_are_a_probability() -> None:
    assert losing_by_chance(n_lost=2000, n_won=2000) == pytest.approx(0.5, abs=0.01)


def test_the_same_answers_are_not_worse() -> None:
    found = compare_models(right(kind=30), right(kind=30))

    assert not found.is_worse
    assert found.p_worse == {"service": 1.0, "kind": 1.0, "sentiment": 1.0}


def test_five_texts_lost_and_none_won_of_one_task_are_worse() -> None:
    found = compare_models(right(), right(service=5))

    assert found.is_worse
    assert (found.in_force["service"], found.candidate["service"]) == (1.0, 0.95)
    assert found.p_worse["service"] == 0.0312  # 1/32


@pytest.mark.parametrize(("n_wrong", "is_worse"), [(3, False), (4, True)])
def test_the_mean_may_fall_by_one_hundredth_and_no_further(n_wrong: int, is_worse: bool) -> None:
    spread = right(kind=2, sentiment=n_wrong - 2)

    assert compare_models(right(), spread).is_worse is is_worse


def test_better_answers_are_not_worse() -> None:
    assert not compare_models(right(service=9), right(service=1)).is_worse


def test_no_texts_say_nothing_against_a_candidate() -> None:
    nothing = right().clear()

    assert not compare_models(nothing, nothing).is_worse
    assert share_right(nothing) == dict.fromkeys(TASKS, 0.0)


def test_an_unsure_service_counts_by_the_likeliest_and_an_allowed_second_is_right() -> None:
    frozen = pl.DataFrame(
        {
            "service_id": ["kadut", "kadut", "kadut"],
            "service_also": ["", "puistot;liikenne", ""],
            "kind": ["vika", "vika", "vika"],
            "sentiment": ["neutraali"] * 3,
        }
    )
    labels = pl.DataFrame(
        {
            "service_id": ["muu", "liikenne", "muu"],
            "service_2_id": ["kadut", "kadut", "puistot"],
            "is_service_unsure": [True, False, True],
            "kind_code": ["vika", "moite", "vika"],
            "sentiment_code": ["neutraali"] * 3,
        }
    )

    found = find_right(frozen, labels)

    assert found["service"].to_list() == [True, True, False]
    assert found["kind"].to_list() == [True, False, True]
