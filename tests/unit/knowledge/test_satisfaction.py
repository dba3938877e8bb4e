"""D03: answers few enough to count by hand."""

import math
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from transforms.knowledge.satisfaction import SurveyFrames, Weighting, compute_satisfaction

AS_OF = date(2025, 4, 15)
MOMENT = pl.Datetime("us", "Europe/Helsinki")
SERVICES = pl.DataFrame(
    [
        ("kirjasto", "sivistys_hyvinvointi", "", "", ""),
        ("terveys", "sosiaali_terveys", "", "2022-12-31", "ei_kaupunki"),
        ("ei_kaupunki", "ulkopuolinen", "", "", ""),
    ],
    schema=["service_id", "department_id", "valid_from", "valid_to", "forwarded_to_service_id"],
    orient="row",
)


def wave(**changed: object) -> pl.DataFrame:
    row = {
        "survey_id": "kirjasto",
        "wave_code": "2025-1",
        "title": "Kirjaston asiakaskysely 2025",
        "design_code": "random",
        "opened_on": date(2025, 3, 1),
        "closed_on": date(2025, 3, 31),
    } | changed
    return pl.DataFrame(
        [row],
        schema={
            "survey_id": pl.String,
            "wave_code": pl.String,
            "title": pl.String,
            "design_code": pl.String,
            "opened_on": pl.Date,
            "closed_on": pl.Date,
        },
    )


def question(**changed: object) -> pl.DataFrame:
    row = {
        "survey_id": "kirjasto",
        "wave_code": "2025-1",
        "question_id": "yleisarvio",
        "question_fi": "Minkä arvosanan annat kirjastolle?",
        "question_type_code": "scale",
        "role_code": "substantive",
        "scale_min": 1.0,
        "scale_max": 5.0,
        "is_scale_reversed": False,
        "service_id": "kirjasto",
    } | changed
    return pl.DataFrame([row], schema_overrides={"service_id": pl.String, "scale_min": pl.Float64})


def respondents(n: int, **columns: list[object]) -> pl.DataFrame:
    empty = [None] * n
    return pl.DataFrame(
        {
            "respondent_id": [f"r{k}" for k in range(n)],
            "survey_id": ["kirjasto"] * n,
            "wave_code": ["2025-1"] * n,
            "answered_at": columns.get("answered_at", empty),
            "language_code": columns.get("language_code", empty),
            "age_band_code": columns.get("age_band_code", empty),
            "gender_code": columns.get("gender_code", empty),
            "area_code": columns.get("area_code", empty),
            "groups": columns.get("groups", empty),
        },
        schema_overrides={
            "answered_at": MOMENT,
            "language_code": pl.String,
            "age_band_code": pl.String,
            "gender_code": pl.String,
            "area_code": pl.String,
            "groups": pl.String,
        },
    )


def answers(values: list[float | str | None], question_id: str = "yleisarvio") -> pl.DataFrame:
    """A number is a valid answer, a word the way in which it is missing, None no row at all."""
    rows = [
        (
            f"r{k}",
            question_id,
            "kirjasto",
            "2025-1",
            value if isinstance(value, str) else "valid",
            None if isinstance(value, str) else float(value),
        )
        for k, value in enumerate(values)
        if value is not None
    ]
    return pl.DataFrame(
        rows,
        schema={
            "respondent_id": pl.String,
            "question_id": pl.String,
            "survey_id": pl.String,
            "wave_code": pl.String,
            "answer_kind_code": pl.String,
            "answer_num": pl.Float64,
        },
        orient="row",
    )


def compute(
    values: list[float | str | None],
    *,
    waves: pl.DataFrame | None = None,
    questions: pl.DataFrame | None = None,
    people: pl.DataFrame | None = None,
    as_of: date = AS_OF,
    weighting: Weighting | None = None,
) -> pl.DataFrame:
    surveys = SurveyFrames(
        waves=wave() if waves is None else waves,
        questions=question() if questions is None else questions,
        respondents=respondents(len(values)) if people is None else people,
        answers=answers(values),
    )
    return compute_satisfaction(
        surveys=surveys, services=SERVICES, as_of=as_of, weighting=weighting
    )


def total(frame: pl.DataFrame) -> dict[str, object]:
    return frame.filter(pl.col("breakdown_code") == "total").row(0, named=True)


def test_mean_share_and_their_intervals_by_hand() -> None:
    figures = total(compute([5, 4, 4, 3, 2, 1, 5, 5, 4, 2]))

    # Sum 35, squares 141: variance (141 − 122.5) / 9.
    se = math.sqrt(18.5 / 9 / 10)
    assert (figures["n"], figures["n_eff"], figures["deff"]) == (10, 10.0, 1.0)
    assert figures["mean"] == pytest.approx(3.5)
    assert figures["mean_se"] == pytest.approx(se)
    assert figures["mean_low"] == pytest.approx(3.5 - 2.262157 * se, rel=1e-6)
    assert figures["mean_high"] == pytest.approx(3.5 + 2.262157 * se, rel=1e-6)
    assert (figures["top2_share"], figures["bottom2_share"]) == (0.6, 0.3)
    assert figures["top2_low"] == pytest.approx(0.3126738, rel=1e-5)
    assert figures["top2_high"] == pytest.approx(0.8318197, rel=1e-5)
    assert figures["is_weighted"] is False


def test_dont_know_is_no_value_and_has_its_own_share() -> None:
    figures = total(compute([5, 3, "dont_know", "dont_know", "not_applicable", "refused", None]))

    assert (figures["n"], figures["mean"]) == (2, 4.0)
    assert figures["dont_know_share"] == pytest.approx(2 / 5)
    assert figures["item_nonresponse_share"] == pytest.approx(2 / 7)


def test_respondent_who_was_not_asked_is_not_a_nonrespondent() -> None:
    figures = total(compute([5, 3, "not_asked", None]))

    assert figures["item_nonresponse_share"] == pytest.approx(1 / 3)


def test_reversed_scale_is_turned_so_that_the_greatest_is_best() -> None:
    figures = total(compute([1, 1, 2, 5], questions=question(is_scale_reversed=True)))

    assert figures["mean"] == pytest.approx((5 + 5 + 4 + 1) / 4)
    assert (figures["top2_share"], figures["bottom2_share"]) == (0.75, 0.25)


def test_zero_is_a_value_of_the_scale() -> None:
    figures = total(compute([0, 0, 10], questions=question(scale_min=0.0, scale_max=10.0)))

    assert figures["mean"] == pytest.approx(10 / 3)
    assert figures["bottom2_share"] == pytest.approx(2 / 3)


def test_scale_of_three_points_has_no_two_best() -> None:
    figures = total(compute([1, 2, 3], questions=question(scale_max=3.0)))

    assert figures["mean"] == 2.0
    assert (figures["top2_share"], figures["top2_low"], figures["bottom2_share"]) == (None,) * 3


def test_recommendation_needs_fifty_answers_and_its_own_type() -> None:
    nps = question(question_type_code="nps", scale_min=0.0, scale_max=10.0)
    fifty = [10] * 20 + [9] * 5 + [8] * 10 + [6] * 10 + [0] * 5

    told = total(compute(fifty, questions=nps))
    few = total(compute(fifty[:49], questions=nps))
    scale = total(compute(fifty, questions=nps.with_columns(question_type_code=pl.lit("scale"))))

    assert told["nps"] == pytest.approx(100 * (25 - 15) / 50)
    assert told["nps_se"] == pytest.approx(100 * math.sqrt((0.8 - 0.04) / 50))
    assert few["nps"] is None
    assert few["nps_se"] is None
    assert scale["nps"] is None


def test_one_answer_has_a_mean_without_an_interval() -> None:
    figures = total(compute([4]))

    assert (figures["mean"], figures["mean_se"], figures["mean_low"]) == (4.0, None, None)


def test_all_alike_have_an_interval_of_no_width() -> None:
    figures = total(compute([4, 4, 4]))

    assert (figures["mean_low"], figures["mean_high"], figures["mean_se"]) == (4.0, 4.0, 0.0)


def test_interval_of_a_mean_ends_with_the_scale() -> None:
    figures = total(compute([5, 5, 5, 1]))

    assert figures["mean_high"] == 5.0
    assert figures["mean_low"] >= 1.0


def test_categories_hold_the_unknown_and_add_up_to_the_total() -> None:
    people = respondents(4, area_code=["itainen", "itainen", None, "lantinen"])

    frame = compute([5, 4, 3, "dont_know"], people=people)

    areas = frame.filter(pl.col("breakdown_code") == "area")
    assert areas.select("breakdown_value", "n").rows() == [
        ("itainen", 2),
        ("lantinen", 0),
        ("unknown", 1),
    ]
    assert set(frame["breakdown_code"]) == {"total", "area"}


def test_person_of_two_groups_stands_in_both_and_one_of_none_in_neither() -> None:
    people = respondents(4, groups=["nuoret;vammaiset", "nuoret", "", None])

    groups = compute([5, 4, 3, 2], people=people).filter(pl.col("breakdown_code") == "group")

    assert dict(groups.select("breakdown_value", "n").rows()) == {
        "nuoret": 2,
        "vammaiset": 1,
        "unknown": 1,
    }


@pytest.mark.parametrize(
    ("closed_on", "is_preliminary"),
    [
        (date(2025, 4, 14), False),
        (date(2025, 4, 15), False),
        (date(2025, 4, 16), True),
        (None, True),
    ],
)
def test_wave_is_preliminary_while_it_is_open(closed_on: date | None, is_preliminary: bool) -> None:
    assert total(compute([5], waves=wave(closed_on=closed_on)))["is_preliminary"] is is_preliminary


@pytest.mark.parametrize(
    ("design", "is_open"), [("open_link", True), ("census", False), (None, True)]
)
def test_unknown_design_does_not_pass_for_a_sample(design: str | None, is_open: bool) -> None:
    assert total(compute([5], waves=wave(design_code=design)))["is_open_survey"] is is_open


@pytest.mark.parametrize(
    ("service", "closed_on", "department"),
    [
        ("kirjasto", date(2025, 3, 31), "sivistys_hyvinvointi"),
        ("terveys", date(2022, 12, 31), "sosiaali_terveys"),
        ("terveys", date(2023, 1, 1), "ulkopuolinen"),
        (None, date(2025, 3, 31), None),
    ],
)
def test_department_is_that_of_the_last_day_of_fieldwork(
    service: str | None, closed_on: date, department: str | None
) -> None:
    opened = wave(opened_on=date(2022, 1, 1), closed_on=closed_on)

    figures = total(compute([5], waves=opened, questions=question(service_id=service)))

    assert figures["department_id"] == department


def test_answers_and_waves_after_the_day_are_not_known_yet() -> None:
    zone = ZoneInfo("Europe/Helsinki")
    people = respondents(
        2,
        answered_at=[
            datetime(2025, 4, 15, 23, 59, tzinfo=zone),
            datetime(2025, 4, 16, 0, 0, tzinfo=zone),
        ],
    )

    assert total(compute([5, 1], people=people))["n"] == 1
    assert compute([5], waves=wave(opened_on=date(2025, 4, 16))).height == 0


def test_texts_and_background_questions_are_not_scales() -> None:
    assert compute([5], questions=question(question_type_code="text")).height == 0
    assert compute([5], questions=question(role_code="background")).height == 0


def test_rows_in_another_order_change_nothing() -> None:
    values = [5, 4, "dont_know", 2, 1]
    people = respondents(5, area_code=["itainen", None, "lantinen", "itainen", None])

    frame = compute(values, people=people)

    assert frame.equals(compute(values, people=people.reverse()))


def test_question_that_nobody_answered_stands_with_zero() -> None:
    figures = total(compute(["dont_know", "dont_know"]))

    assert (figures["n"], figures["mean"], figures["top2_share"]) == (0, None, None)
    assert figures["dont_know_share"] == 1.0


def weighting(warning: str = "none", **weights: float) -> Weighting:
    """Weights by gender, raked to it."""
    key = {"survey_id": "kirjasto", "wave_code": "2025-1"}
    rows = [
        key
        | {"age_band_code": "unknown", "gender_code": gender, "area_code": "unknown"}
        | {"age_band_margin": None, "gender_margin": gender, "area_margin": None}
        | {"weight": weight}
        for gender, weight in weights.items()
    ]
    names = {f"{v}_margin": pl.String for v in ("age_band", "gender", "area")}
    scheme = key | {"weight_scheme_code": "raked", "warning_code": warning}
    return Weighting(pl.DataFrame([scheme]), pl.DataFrame(rows, schema_overrides=names))


#: 20 women of whom 15 are content (5), 20 men of whom 5 are; the others answer 1.
CONTENT = [5.0] * 15 + [1.0] * 5 + [5.0] * 5 + [1.0] * 15
GENDERS: list[object] = ["female"] * 20 + ["male"] * 20


def test_weighted_mean_and_share_by_hand() -> None:
    people = respondents(40, gender_code=GENDERS)

    row = total(compute(CONTENT, people=people, weighting=weighting(female=1.0, male=3.0)))

    # Women stand for 20 of 80, men for 60: content are (15 · 1 + 5 · 3) / 80 = 3/8.
    assert row["top2_share"] == pytest.approx(3 / 8)
    assert row["bottom2_share"] == pytest.approx(5 / 8)
    assert row["mean"] == pytest.approx(1 + 4 * 3 / 8)
    assert row["n_eff"] == pytest.approx(80**2 / (20 + 20 * 9))
    assert row["deff"] == pytest.approx(40 / 32)
    # Post-stratified: what is left within women and men, on 40 / 39: s² = 20 · 3/16 each.
    left = 40 / 39 * 20 * 3 / 16 * (1 + 9) / 80**2
    assert row["mean_se"] == pytest.approx(4 * left**0.5)
    assert (row["is_weighted"], row["weight_scheme_code"]) == (True, "raked")


def test_interval_of_a_weighted_share_is_logit() -> None:
    people = respondents(40, gender_code=GENDERS)

    row = total(compute(CONTENT, people=people, weighting=weighting(female=1.0, male=3.0)))

    p, se = 3 / 8, (40 / 39 * 20 * 3 / 16 * 10 / 80**2) ** 0.5
    half = 2.0226909 * se / (p * (1 - p))  # t of 39 degrees
    centre = math.log(p / (1 - p))
    ends = [1 / (1 + math.exp(-(centre + sign * half))) for sign in (-1, 1)]
    assert (row["top2_low"], row["top2_high"]) == pytest.approx(ends, rel=1e-6)


def test_those_outside_the_frame_are_counted_and_weigh_nothing() -> None:
    genders = [*GENDERS[:39], "other"]
    how = weighting(female=1.0, male=3.0, other=0.0)

    row = total(compute(CONTENT, people=respondents(40, gender_code=genders), weighting=how))

    # The last, a discontent man before, weighs nothing: 77 in all.
    assert row["n"] == 40
    assert row["top2_share"] == pytest.approx(30 / 77)


def test_weights_of_an_open_survey_carry_a_warning() -> None:
    people = respondents(40, gender_code=GENDERS)
    how = weighting("self_selected_weighted", female=1.0, male=3.0)

    found = compute(CONTENT, waves=wave(design_code="open_link"), people=people, weighting=how)

    assert set(found["warning_code"]) == {"self_selected_weighted"}


def test_an_unweighted_wave_says_so() -> None:
    row = total(compute([3.0, 4.0]))

    assert (row["is_weighted"], row["weight_scheme_code"]) == (False, "frame_unknown")
    assert (row["warning_code"], row["n_eff"], row["deff"]) == ("none", 2.0, 1.0)


@pytest.mark.parametrize(("male", "is_told"), [(1.0, True), (30.0, False)])
def test_recommendation_is_refused_below_fifty_effective_answers(
    male: float, *, is_told: bool
) -> None:
    people = respondents(100, gender_code=["female"] * 60 + ["male"] * 40)
    nps = question(question_type_code="nps", scale_min=0.0, scale_max=10.0)
    how = weighting(female=1.0, male=male)

    row = total(compute([10.0, 5.0] * 50, questions=nps, people=people, weighting=how))

    # Weights of 1 and 30: (60 + 1200)² / (60 + 36000) is 44 effective answers of 100.
    assert (row["nps"] is not None) is is_told
