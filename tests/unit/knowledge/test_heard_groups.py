"""D13: groups few enough to count by hand."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from tests.support.core_rows import core_rows
from transforms.knowledge.heard_groups import HeardFrames, compute_heard_groups
from transforms.statistics.intervals import wilson_interval

AS_OF = date(2025, 12, 31)
ZONE = ZoneInfo("Europe/Helsinki")
GROUPS = ("nuoret", "vammaiset", "vanhukset", "maahanmuuttajat")
WAVE = {"survey_id": "asukkaat", "wave_code": "2025"}
Row = dict[str, object]


def respondents(*rows: tuple[int, str | None, str | None]) -> list[Row]:
    """Number, age band and groups of respondents."""
    each = [row[1:] for row in rows for _ in range(row[0])]
    return [
        WAVE | {"respondent_id": f"r{k}", "age_band_code": age, "groups": groups}
        for k, (age, groups) in enumerate(each)
    ]


def residents(**bands: int) -> list[Row]:
    others = dict.fromkeys(("area_code", "gender_code", "language_code"), "all")
    return [
        others | {"population_year": 2024, "age_band_code": band.strip("b"), "n_residents": n}
        for band, n in bands.items()
    ]


#: A fifth of residents are 15–24 years old, and a fifth 65 or over.
POPULATION = residents(b15_24=200, b25_44=600, b65_79=150, b80_=50)


def compute(**rows: list[Row]) -> pl.DataFrame:
    def table(part: str, name: str) -> pl.DataFrame:
        return core_rows(name, *rows.get(part, []))

    frames = HeardFrames(
        waves=core_rows("core_surveys__waves", WAVE | {"opened_on": date(2025, 3, 1)}),
        questions=table("questions", "core_surveys__questions"),
        respondents=table("respondents", "core_surveys__respondents"),
        answers=table("answers", "core_surveys__answers"),
        acts=table("acts", "core_acts__acts"),
        labels=table("labels", "core_text__labels"),
        tickets=table("tickets", "core_feedback__tickets"),
        events=table("events", "core_feedback__events"),
        occasions=table("occasions", "core_participation__events"),
        actions=table("actions", "core_actions__actions"),
        population=core_rows("core_reference__population", *rows.get("population", POPULATION)),
    )
    return compute_heard_groups(frames, groups=GROUPS, as_of=AS_OF)


def row_of(found: pl.DataFrame, group: str, way: str = "survey", year: int = 2025) -> Row:
    rows = found.filter(
        (pl.col("group_code") == group)
        & (pl.col("heard_channel_code") == way)
        & (pl.col("calendar_year") == year)
    )
    return rows.row(0, named=True)


def test_share_of_the_young_beside_their_share_of_residents() -> None:
    found = compute(respondents=respondents((10, "15_24", ""), (90, "25_44", "")))

    young = row_of(found, "nuoret")
    low, high = wilson_interval([10], [100])
    assert (young["n_heard"], young["heard_share"], young["population_share"]) == (10, 0.1, 0.2)
    assert young["ratio"] == pytest.approx(0.5)
    assert (young["ratio_low"], young["ratio_high"]) == pytest.approx((low[0] / 0.2, high[0] / 0.2))
    assert row_of(found, "nuoret", "all")["heard_index"] == pytest.approx(0.5)


def test_a_group_told_by_age_is_told_by_age_here_too() -> None:
    # Somebody of 30 who calls himself young is not among the statistics' young.
    found = compute(respondents=respondents((20, "15_24", ""), (1, "25_44", "nuoret")))

    assert row_of(found, "nuoret")["n_heard"] == 20


def test_who_did_not_tell_the_age_is_taken_at_the_word() -> None:
    found = compute(respondents=respondents((9, "25_44", ""), (1, None, "nuoret")))

    assert row_of(found, "nuoret")["n_heard"] == 1


def test_the_unknown_are_a_row_of_their_own_and_stay_in_the_denominator() -> None:
    found = compute(
        respondents=respondents((10, "15_24", None), (60, "25_44", None), (30, None, None))
    )

    assert row_of(found, "nuoret")["heard_share"] == pytest.approx(0.1)
    assert row_of(found, "unknown")["n_heard"] == 30
    assert row_of(found, "unknown")["heard_share"] == pytest.approx(0.3)


def test_a_way_that_knows_the_group_of_less_than_half_does_not_record_it() -> None:
    found = compute(respondents=respondents((49, "15_24", None), (51, None, None)))

    young = row_of(found, "nuoret")
    assert (young["is_recorded"], young["n_heard"], young["ratio"]) == (False, None, None)
    assert row_of(found, "nuoret", "all")["heard_index"] is None


def test_a_group_without_a_statistic_is_counted_and_has_no_ratio() -> None:
    found = compute(respondents=respondents((3, "25_44", "vammaiset"), (7, "25_44", "")))

    disabled = row_of(found, "vammaiset")
    assert (disabled["n_heard"], disabled["heard_share"]) == (3, 0.3)
    assert (disabled["population_share"], disabled["ratio"]) == (None, None)


def test_occasions_count_attendees_where_the_group_was_counted() -> None:
    event = {"event_id": "a", "held_on": date(2025, 5, 1), "supports": "interpreter"}
    occasions: list[Row] = [
        event | {"n_attendees": 30, "n_nuoret": 3},
        event | {"event_id": "b", "n_attendees": 20, "n_nuoret": 1, "supports": None},
        event | {"event_id": "c", "n_attendees": 10},
        event | {"event_id": "d", "n_attendees": 9, "held_on": date(2026, 1, 1)},
    ]

    found = compute(occasions=occasions)

    young, unknown = row_of(found, "nuoret", "event"), row_of(found, "unknown", "event")
    assert (young["n_heard"], young["heard_share"]) == (4, pytest.approx(4 / 60))
    assert young["n_heard_all"] == unknown["n_heard_all"] == 60
    assert row_of(found, "nuoret", "all")["n_heard_all"] is None
    assert (unknown["n_heard"], unknown["heard_share"]) == (10, pytest.approx(1 / 6))
    assert row_of(found, "nuoret", "all")["n_support_given"] == 1
    assert row_of(found, "vanhukset", "event")["is_recorded"] is False


def act(number: int, kind: str, text: str | None = None, day: date = date(2025, 6, 1)) -> Row:
    own = {"act_id": f"{kind}|{kind}{number}", "act_type_code": kind, "acted_on": day}
    return own | {"text_id": text}


def test_ways_that_do_not_ask_who_writes_know_nothing_of_groups() -> None:
    acts = [act(k, "ticket", "t" if k < 2 else "u") for k in range(5)]
    labels: list[Row] = [{"text_id": "t", "groups": "nuoret;vanhukset"}, {"text_id": "u"}]

    found = compute(acts=acts, labels=labels)

    young = row_of(found, "nuoret", "ticket")
    assert (young["is_recorded"], young["n_heard"], young["n_texts_of_group"]) == (False, None, 2)
    assert row_of(found, "maahanmuuttajat", "ticket")["n_texts_of_group"] == 0
    unknown = row_of(found, "unknown", "ticket")
    assert (unknown["is_recorded"], unknown["n_heard"], unknown["heard_share"]) == (False, 5, 1.0)


def test_index_is_incomplete_while_a_way_does_not_record_the_group() -> None:
    people = respondents((10, "15_24", ""), (90, "25_44", ""))

    alone = compute(respondents=people)
    both = compute(respondents=people, acts=[act(1, "ticket")])

    assert row_of(alone, "nuoret", "all")["is_index_complete"] is True
    assert row_of(both, "nuoret", "all")["is_index_complete"] is False
    assert row_of(both, "nuoret", "all")["heard_index"] == pytest.approx(0.5)


def test_ranks_only_where_intervals_are_disjoint() -> None:
    # Of 1,000 heard 20 young (ratio 0.1) and 190 old (0.95): their intervals lie apart.
    apart = compute(
        respondents=respondents((20, "15_24", ""), (790, "25_44", ""), (190, "80_", ""))
    )
    near = compute(respondents=respondents((18, "15_24", ""), (62, "25_44", ""), (20, "80_", "")))

    assert row_of(apart, "vanhukset", "all")["index_rank"] == 1
    assert row_of(apart, "nuoret", "all")["index_rank"] == 2
    assert row_of(near, "nuoret", "all")["index_rank"] is None


def test_actions_that_name_the_group_are_counted_and_nothing_without_a_source() -> None:
    people = respondents((5, "15_24", ""))
    actions: list[Row] = [
        {"action_id": "A", "groups": "nuoret", "created_on": date(2025, 2, 1)},
        {"action_id": "B", "groups": "nuoret;vammaiset", "created_on": date(2025, 2, 1)},
        {"action_id": "C", "groups": "nuoret", "created_on": date(2024, 2, 1)},
    ]

    with_source = compute(respondents=people, actions=actions)
    without = compute(respondents=people)

    assert row_of(with_source, "nuoret", "all")["n_actions_citing_group"] == 2
    assert row_of(with_source, "vanhukset", "all")["n_actions_citing_group"] == 0
    assert row_of(with_source, "unknown", "all")["n_actions_citing_group"] is None
    assert row_of(without, "nuoret", "all")["n_actions_citing_group"] is None


def test_satisfaction_gap_within_a_wave() -> None:
    people = respondents((20, "15_24", ""), (40, "25_44", ""))
    question = WAVE | {
        "question_id": "q", "question_type_code": "scale", "role_code": "substantive",
        "scale_min": 1.0, "scale_max": 5.0, "is_scale_reversed": False,
    }  # fmt: skip
    answer = WAVE | {"question_id": "q", "item_code": "", "answer_kind_code": "valid"}
    # The young answer 2 and 4 by turns (scores ¼ and ¾), the others 3 and 5 (½ and 1).
    values = [2.0, 4.0] * 10 + [3.0, 5.0] * 20
    answers = [answer | {"respondent_id": f"r{k}", "answer_num": v} for k, v in enumerate(values)]

    found = row_of(compute(respondents=people, questions=[question], answers=answers), "nuoret")

    # Scores lie ¼ from their means of ½ and ¾: variances 1/16 · n/(n−1), divided by n.
    half = 1.959963984540054 * (1 / 16 / 19 + 1 / 16 / 39) ** 0.5
    assert found["satisfaction_gap"] == pytest.approx(-0.25)
    assert found["satisfaction_gap_low"] == pytest.approx(-0.25 - half)
    assert found["satisfaction_gap_high"] == pytest.approx(-0.25 + half)


@pytest.mark.parametrize("n_young", [9, 10])
def test_gaps_need_ten_on_both_sides(n_young: int) -> None:
    received = datetime(2025, 6, 1, 8, tzinfo=ZONE)
    numbers = range(n_young + 12)
    acts = [act(k, "ticket", "t" if k < n_young else "u") for k in numbers]
    labels: list[Row] = [{"text_id": "t", "groups": "nuoret"}, {"text_id": "u"}]
    tickets = [{"ticket_id": f"ticket{k}", "received_at": received} for k in numbers]
    # Requests that speak of the young are done in five days, the others in two.
    events = [
        {
            "ticket_id": f"ticket{k}", "seq": 1, "event_code": "done",
            "event_at": received + timedelta(days=5 if k < n_young else 2),
        }
        for k in numbers
    ]  # fmt: skip

    found = compute(acts=acts, labels=labels, tickets=tickets, events=events)

    gap = row_of(found, "nuoret", "ticket")["response_time_gap_days"]
    assert gap == (None if n_young < 10 else pytest.approx(3.0))


def test_nobody_heard_gives_no_row() -> None:
    assert compute().is_empty()
