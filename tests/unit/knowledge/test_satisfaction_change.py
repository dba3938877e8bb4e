"""D04: two waves, worked out by hand, and everything that makes them incomparable."""

from datetime import date

import polars as pl
import pytest

from tests.support.core_rows import core_rows
from transforms.knowledge.satisfaction_change import compute_satisfaction_change
from transforms.statistics.intervals import wilson_interval

SURVEY = {"survey_id": "kirjasto"}
QUESTION = {
    "question_id": "yleisarvio",
    "question_fi": "Minkä arvosanan annat?",
    "question_type_code": "scale",
    "scale_min": 1.0,
    "scale_max": 5.0,
    "is_scale_reversed": False,
    "service_id": "kirjasto",
}
WAVE = {"mode_code": "web", "design_code": "random", "frame_code": "customers"}
FIGURES = {
    "breakdown_code": "total",
    "breakdown_value": "all",
    "survey_title": "Kirjaston asiakaskysely",
    "service_id": "kirjasto",
    "closed_on": date(2025, 3, 31),
    "is_preliminary": False,
    "is_open_survey": False,
    "is_weighted": False,
    "n": 100,
    "n_eff": 100.0,
    "mean": 3.0,
    "mean_se": 0.1,
    "top2_share": 0.5,
}
Change = dict[str, object]


def compute(*waves: Change, asked: tuple[Change, ...] = (QUESTION,)) -> pl.DataFrame:
    """Waves in order; each changes what it names of figures, wave and question."""
    figures, rows, questions = [], [], []
    for k, changed in enumerate(waves):
        key = SURVEY | {"wave_code": f"202{k}"}
        rows.append(key | WAVE | {n: v for n, v in changed.items() if n in WAVE})
        for question in asked:
            own = question | {n: v for n, v in changed.items() if n in QUESTION}
            questions.append(key | own)
            of_scale = {n: own[n] for n in ("question_id", "question_fi", "scale_min", "scale_max")}
            figures.append(
                key | FIGURES | of_scale | {n: v for n, v in changed.items() if n in FIGURES}
            )
    return compute_satisfaction_change(
        satisfaction=core_rows("mart_service__satisfaction", *figures),
        waves=core_rows("core_surveys__waves", *rows),
        questions=core_rows("core_surveys__questions", *questions),
    )


def test_change_of_mean_and_share() -> None:
    row = compute({}, {"mean": 3.4, "top2_share": 0.66, "mean_se": 0.1}).row(0, named=True)

    # 0.4 on a standard error of √0.02; equal variances and numbers give 198 degrees of freedom.
    half = 1.9720175 * 0.02**0.5
    assert (row["mean_previous"], row["mean"]) == (3.0, 3.4)
    assert row["mean_difference"] == pytest.approx(0.4)
    assert row["mean_difference_low"] == pytest.approx(0.4 - half, rel=1e-6)
    assert row["mean_difference_high"] == pytest.approx(0.4 + half, rel=1e-6)
    low, high = wilson_interval([66, 50], [100, 100])
    assert row["top2_difference"] == pytest.approx(0.16)
    assert row["top2_difference_low"] == pytest.approx(
        0.16 - ((0.66 - low[0]) ** 2 + (high[1] - 0.5) ** 2) ** 0.5
    )
    assert row["verdict_code"] == "better"


@pytest.mark.parametrize(
    ("mean", "expected"), [(2.6, "worse"), (3.2, "no_evidence"), (None, "no_evidence")]
)
def test_verdict_follows_the_corrected_p(mean: float | None, expected: str) -> None:
    assert compute({}, {"mean": mean})["verdict_code"].to_list() == [expected]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"question_fi": "Kuinka tyytyväinen olet?"}, "question_text"),
        ({"scale_max": 7.0}, "scale"),
        ({"is_scale_reversed": True}, "scale"),
        ({"mode_code": "paper"}, "mode"),
        ({"design_code": "open_link"}, "population"),
        ({"frame_code": "residents"}, "population"),
        ({"is_weighted": True}, "weighting"),
        ({"scale_min": 0.0, "mode_code": None}, "scale;mode"),
    ],
)
def test_what_has_changed_is_not_comparable(changed: Change, code: str) -> None:
    row = compute({}, {"mean": 4.9} | changed).row(0, named=True)

    assert (row["break_codes"], row["verdict_code"]) == (code, "not_comparable")
    assert (row["mean_difference"], row["p_value"], row["top2_difference_low"]) == (None,) * 3
    assert row["mean"] == 4.9


def test_spaces_capitals_and_marks_are_no_new_question() -> None:
    found = compute({}, {"question_fi": " minkä  arvosanan annat"})

    assert found["break_codes"].to_list() == [None]


def test_each_wave_is_compared_with_the_one_before() -> None:
    found = compute({}, {"mean": 3.1}, {"mean": 3.3})

    assert found.select("wave_code", "previous_wave_code").rows() == [
        ("2021", "2020"),
        ("2022", "2021"),
    ]


def test_p_is_corrected_over_the_questions_of_a_wave() -> None:
    alone = compute({}, {"mean": 3.2828})
    asked = tuple(QUESTION | {"question_id": f"q{k}"} for k in range(2))

    two = compute({}, {"mean": 3.2828}, asked=asked)

    # Two alike: the larger keeps its p, and the smaller is no more than it.
    assert alone["p_value_bh"][0] == alone["p_value"][0]
    assert two["p_value_bh"].to_list() == pytest.approx(two["p_value"].to_list())
    assert two["verdict_code"].to_list() == ["better", "better"]


def test_change_of_an_open_survey_says_so() -> None:
    both = {"design_code": "open_link", "is_open_survey": True}

    assert compute(both, both)["is_open_survey"].to_list() == [True]


def test_breakdowns_are_not_compared() -> None:
    assert compute({"breakdown_code": "area"}, {"breakdown_code": "area"}).is_empty()


def test_one_wave_gives_no_row() -> None:
    assert compute({}).is_empty()
