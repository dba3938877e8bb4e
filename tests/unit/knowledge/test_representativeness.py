"""D05: who answered, by respondents few enough to count by hand."""

from datetime import date

import polars as pl
import pytest

from tests.support.core_rows import core_rows
from transforms.knowledge.representativeness import (
    Sample,
    compute_representativeness,
    compute_survey_weights,
)

AS_OF = date(2025, 4, 15)
KEY = {"survey_id": "asukkaat", "wave_code": "2025"}
WAVE = KEY | {
    "title": "Asukaskysely 2025",
    "design_code": "random",
    "frame_code": "residents",
    "n_frame": 200,
    "n_invited": 50,
    "opened_on": date(2025, 3, 1),
    "closed_on": date(2025, 3, 31),
}
QUESTION = KEY | {
    "question_id": "yleisarvio",
    "question_type_code": "scale",
    "role_code": "substantive",
}
ANSWER = KEY | {"question_id": "yleisarvio", "answer_kind_code": "valid"}
#: 10 women, 5 men and 5 who did not tell, of a city of 100 women and 100 men.
GENDERS = ["female"] * 10 + ["male"] * 5 + [None] * 5


def sample(
    *,
    genders: list[str | None] | None = None,
    answered: int | None = None,
    population: tuple[int, int] | None = (100, 100),
    **wave: object,
) -> Sample:
    people = GENDERS if genders is None else genders
    rows = [KEY | {"respondent_id": f"r{k}", "gender_code": g} for k, g in enumerate(people)]
    n_answered = len(people) if answered is None else answered
    residents = {"population_year": 2024, **dict.fromkeys(("area_code", "age_band_code"), "all")}
    residents |= {"language_code": "all"}
    counts = dict(zip(("female", "male"), population or (), strict=False))
    return Sample(
        waves=core_rows("core_surveys__waves", WAVE | wave),
        questions=core_rows("core_surveys__questions", QUESTION),
        respondents=core_rows("core_surveys__respondents", *rows),
        answers=core_rows(
            "core_surveys__answers",
            *(ANSWER | {"respondent_id": f"r{k}", "item_code": ""} for k in range(n_answered)),
        ),
        population=core_rows(
            "core_reference__population",
            *(residents | {"gender_code": g, "n_residents": n} for g, n in counts.items()),
        ),
    )


def rows_of(found: pl.DataFrame) -> dict[tuple[str, str], dict[str, object]]:
    return {
        (row["breakdown_code"], row["breakdown_value"]): row for row in found.iter_rows(named=True)
    }


def compute(**changed: object) -> dict[tuple[str, str], dict[str, object]]:
    return rows_of(compute_representativeness(sample(**changed), as_of=AS_OF))  # type: ignore[arg-type]


def test_shares_of_those_who_told_stand_beside_the_population() -> None:
    found = compute()

    women, unknown = found["gender", "female"], found["gender", "unknown"]
    assert women["population_share"] == pytest.approx(0.5)
    assert women["respondent_share"] == pytest.approx(10 / 15)
    assert women["ratio"] == pytest.approx(4 / 3)
    assert women["weighted_share"] == pytest.approx(0.5)
    assert (unknown["n_respondents"], unknown["respondent_share"]) == (5, 0.25)
    assert found["gender", "all"]["dissimilarity"] == pytest.approx(1 / 6)


def test_response_and_representativity_of_a_sample() -> None:
    found = compute()

    total = found["total", "all"]
    assert total["response_rate"] == pytest.approx(20 / 50)
    # Weights 7.5, 15, 10 for 75, 75, 50 residents; propensities 0.4 · 10 / w = 8/15, 4/15, 6/15.
    # Of the 50 invited S² = (18.75 · (2/15)² · 2 + 12.5 · 0) / 49.
    spread = (37.5 * (2 / 15) ** 2 / 49) ** 0.5
    assert total["r_indicator"] == pytest.approx(1 - 2 * spread)
    assert total["max_bias_cv"] == pytest.approx(spread / 0.4)
    # √0.5 · (0.4 · 4/3 − 0.4), and as much less of men; the variable's is the root of both squares.
    assert found["gender", "female"]["partial_p_u"] == pytest.approx(0.5**0.5 * 0.4 / 3)
    assert found["gender", "male"]["partial_p_u"] == pytest.approx(-(0.5**0.5) * 0.4 / 3)
    assert found["gender", "all"]["partial_p_u"] == pytest.approx(0.4 / 3)


def test_diagnostics_of_the_weights_stand_on_the_wave_s_row() -> None:
    total = compute()["total", "all"]

    # Σw = 200, Σw² = 10 · 56.25 + 5 · 225 + 5 · 100 = 2187.5.
    assert total["n_eff"] == pytest.approx(200**2 / 2187.5)
    assert total["deff"] == pytest.approx(20 * 2187.5 / 200**2)
    assert (total["weight_min"], total["weight_max"]) == pytest.approx((0.75, 1.5))
    assert (total["weight_variables"], total["population_year"]) == ("gender", 2024)
    assert (total["is_converged"], total["n_collapsed"], total["n_trimmed"]) == (True, 0, 0)


def test_an_open_survey_is_weighted_with_a_warning_and_has_no_r_indicator() -> None:
    found = compute(design_code="open_link")

    total = found["total", "all"]
    assert (total["weight_scheme_code"], total["warning_code"]) == (
        "raked",
        "self_selected_weighted",
    )
    assert (total["r_indicator"], total["response_rate"], total["max_bias_cv"]) == (None,) * 3
    assert found["gender", "female"]["partial_p_u"] is None
    assert found["gender", "female"]["weighted_share"] == pytest.approx(0.5)


def test_a_survey_that_does_not_tell_its_design_is_open() -> None:
    assert compute(design_code=None)["total", "all"]["is_open_survey"] is True


@pytest.mark.parametrize(
    ("changed", "scheme"),
    [
        ({"frame_code": "customers"}, "not_residents"),
        ({"frame_code": None}, "frame_unknown"),
        ({"population": None}, "no_margins"),
        ({"genders": [None] * 9}, "no_background"),
    ],
)
def test_a_wave_without_weights_says_why(changed: dict[str, object], scheme: str) -> None:
    data = sample(**changed)  # type: ignore[arg-type]

    found = rows_of(compute_representativeness(data, as_of=AS_OF))

    total = found["total", "all"]
    assert (total["weight_scheme_code"], total["warning_code"]) == (scheme, "none")
    assert (total["n_eff"], total["weight_variables"]) == (None, None)
    assert compute_survey_weights(data, as_of=AS_OF).is_empty()


def test_customers_are_not_set_beside_the_population() -> None:
    found = compute(frame_code="customers")

    assert found["gender", "female"]["population_share"] is None
    assert found["gender", "all"]["dissimilarity"] is None


def test_those_who_answered_less_than_half_have_broken_off() -> None:
    total = compute(answered=16)["total", "all"]

    assert (total["n_broken_off"], total["breakoff_rate"]) == (4, 0.2)
    assert total["response_rate"] == pytest.approx(16 / 50)


def test_a_wave_without_respondents_has_a_row_of_zeros() -> None:
    found = compute(genders=[])

    assert found["total", "all"]["n_respondents"] == 0
    assert found["gender", "female"]["n_respondents"] == 0


def test_waves_opened_later_are_left_out() -> None:
    assert compute(opened_on=date(2025, 4, 16)) == {}


def test_weights_are_kept_by_combination_of_background() -> None:
    found = compute_survey_weights(sample(), as_of=AS_OF)

    assert found.select("gender_code", "n_respondents", "weight").rows() == [
        ("female", 10, 7.5),
        ("male", 5, 15.0),
        ("unknown", 5, 10.0),
    ]
