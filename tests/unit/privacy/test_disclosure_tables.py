"""The plans of the public tables, against what their own figures would give back."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.knowledge.backlog import compute_backlog, select_backlog_rows
from transforms.privacy.public_tables import disclose
from transforms.statistics.cells import MEMBER_SCHEMA

THRESHOLD = 10
ZONE = ZoneInfo("Europe/Helsinki")
MOMENT = pl.Datetime("us", "Europe/Helsinki")
SERVICES = pl.DataFrame({"service_id": ["kadut", "puistot"], "department_id": ["ymparisto"] * 2})
FIRST_ON = date(2024, 9, 2)
FLOWS = ("n_received", "n_closed", "n_reopened")


def backlog_of(waves: list[tuple[str, int, int, int]]) -> pl.DataFrame:
    """Published rows for waves of (service, day, how many, days until done)."""
    received, happened, placed = [], [], []
    for number, (service, day, n, wait) in enumerate(waves):
        moment = datetime(2024, 9, 2, 12, tzinfo=ZONE) + timedelta(days=day)
        ids = [f"{number}-{k}" for k in range(n)]
        received += [(ticket, moment) for ticket in ids]
        happened += [(ticket, 1, "done", moment + timedelta(days=wait)) for ticket in ids]
        placed += [(ticket, service, "ymparisto", "itainen", False) for ticket in ids]
    as_of = FIRST_ON + timedelta(days=60)
    mart = compute_backlog(
        tickets=pl.DataFrame(
            received, schema={"ticket_id": pl.String, "received_at": MOMENT}, orient="row"
        ),
        events=pl.DataFrame(
            happened,
            schema={
                "ticket_id": pl.String,
                "seq": pl.Int64,
                "event_code": pl.String,
                "event_at": MOMENT,
            },
            orient="row",
        ),
        places=pl.DataFrame(
            placed,
            schema=["ticket_id", "service_id", "department_id", "area_code", "is_forwarded"],
            orient="row",
        ),
        members=pl.DataFrame(schema=MEMBER_SCHEMA),
        as_of=as_of,
    )
    return select_backlog_rows(mart, as_of=as_of)


waves = st.lists(
    st.tuples(
        st.sampled_from(["kadut", "puistot"]),
        st.integers(0, 60),
        st.sampled_from([1, 3, 9, 10, 12, 25]),
        st.integers(0, 40),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(waves)
def test_stock_and_flows_of_the_backlog_do_not_give_a_withheld_one_back(
    rows: list[tuple[str, int, int, int]],
) -> None:
    mart = backlog_of(rows)

    public = disclose("public_feedback__backlog", mart, threshold=THRESHOLD, services=SERVICES)

    cell = ["dimension_code", "dimension_value"]
    ordered = public.sort(*cell, "day_on").with_columns(
        before=pl.col("n_open").shift(1).over(cell),
        is_first=pl.col("n_open").cum_count().over(cell),
    )
    is_later = pl.col("day_on") > pl.col("day_on").min().over(cell)
    members = ["n_open", *FLOWS, "before"]
    one_unknown = ordered.filter(
        is_later & (pl.sum_horizontal(pl.col(members).is_null()) == 1)
    ).join(mart, on=[*cell, "day_on"], suffix="_true")
    # What one row gives away may only be a zero, which tells of nobody.
    for row in one_unknown.iter_rows(named=True):
        name = next(member for member in members if row[member] is None)
        before = row["n_open_true"] - row["n_received_true"] - row["n_reopened_true"]
        truth = before + row["n_closed_true"] if name == "before" else row[f"{name}_true"]
        assert truth == 0
    # Net flow over 28 days gives no withheld earlier stock back.
    earlier = public.select(*cell, day_on=pl.col("day_on") + timedelta(days=28), earlier="n_open")
    told = public.filter(pl.col("net_flow_28_days").is_not_null()).join(
        earlier, on=[*cell, "day_on"], how="inner"
    )
    assert told["earlier"].null_count() == 0


@settings(max_examples=40, deadline=None)
@given(waves)
def test_no_small_count_of_the_backlog_is_published(rows: list[tuple[str, int, int, int]]) -> None:
    public = disclose(
        "public_feedback__backlog", backlog_of(rows), threshold=THRESHOLD, services=SERVICES
    )

    for name in public.columns:
        if name.startswith("n_"):
            shown = public[name].drop_nulls()
            assert ((shown > 0) & (shown < THRESHOLD)).sum() == 0
    over = public["n_open"] - public["n_open_over_14_days"]
    assert ((over > 0) & (over < THRESHOLD)).sum() == 0


def test_days_to_clear_are_whole_and_not_told_from_few_closings() -> None:
    many = backlog_of([("kadut", 0, 40, 35), ("kadut", 30, 30, 100)])
    few = backlog_of([("kadut", 0, 9, 35), ("kadut", 30, 30, 100)])

    def told(mart: pl.DataFrame) -> float | None:
        public = disclose("public_feedback__backlog", mart, threshold=THRESHOLD, services=SERVICES)
        city = public.filter(
            (pl.col("dimension_code") == "city") & (pl.col("day_on") == date(2024, 10, 20))
        )
        value: float | None = city["days_to_clear"][0]
        return value

    assert told(many) == 21.0  # 30 open · 28 / 40
    assert told(few) is None


def satisfaction(rows: list[tuple[str, str, int]]) -> pl.DataFrame:
    figures = ("n_eff", "deff", "mean", "mean_se", "mean_low", "mean_high", "top2_share")
    more = ("top2_low", "top2_high", "bottom2_share", "nps", "nps_se", "nps_low", "nps_high")
    shares = ("dont_know_share", "item_nonresponse_share")
    ids = (("survey_id", "k"), ("wave_code", "1"), ("question_id", "q"))
    return pl.DataFrame(
        rows, schema=["breakdown_code", "breakdown_value", "n"], orient="row"
    ).with_columns(
        *(pl.lit(value).alias(name) for name, value in ids),
        *(pl.lit(0.5).alias(name) for name in (*figures, *more, *shares)),
    )


@pytest.mark.parametrize(
    ("rows", "withheld"),
    [
        ([("total", "all", 100), ("group", "nuoret", 50)], set()),
        ([("total", "all", 100), ("group", "nuoret", 91)], {"nuoret"}),
        ([("total", "all", 100), ("group", "nuoret", 90)], set()),
        ([("total", "all", 100), ("group", "nuoret", 9)], {"nuoret"}),
        (
            [("total", "all", 100), ("area", "a", 60), ("area", "b", 36), ("area", "unknown", 4)],
            {"unknown", "b"},
        ),
        ([("total", "all", 9), ("area", "a", 9)], {"all", "a"}),
    ],
)
def test_category_is_withheld_when_it_or_what_is_left_is_small(
    rows: list[tuple[str, str, int]], withheld: set[str]
) -> None:
    public = disclose(
        "public_service__satisfaction",
        satisfaction(rows),
        threshold=THRESHOLD,
        services=SERVICES,
    )

    hidden = public.filter("is_suppressed")
    assert set(hidden["breakdown_value"]) == withheld
    assert (
        hidden.select("n", "mean", "top2_share", "dont_know_share").null_count().row(0)
        == (len(withheld),) * 4
    )
    assert public.filter(~pl.col("is_suppressed"))["mean"].null_count() == 0


@pytest.mark.parametrize(("confirmed", "shown"), [(None, None), (0, 0), (9, None), (10, 10)])
def test_clerks_small_count_is_withheld_and_public_supporters_stay(
    confirmed: int | None, shown: int | None
) -> None:
    mart = pl.DataFrame(
        {"n_supporters": [3], "n_residents_confirmed": [confirmed]},
        schema={"n_supporters": pl.Int64, "n_residents_confirmed": pl.Int64},
    )

    public = disclose("public_initiative__status", mart, threshold=THRESHOLD, services=SERVICES)

    assert public.select("n_supporters", "n_residents_confirmed").row(0) == (3, shown)
    assert public["is_suppressed"].to_list() == [confirmed == 9]


KINDS = ("n_praise", "n_complaint", "n_question", "n_proposal", "n_fault")
SENTIMENTS = ("n_positive", "n_neutral", "n_negative")


def heard_of(texts: list[tuple[str, int, str, str]]) -> pl.DataFrame:
    """The cube of heard acts, a row per service, its department and the city, for texts of
    (service, month, kind, sentiment); one act in four has no text.
    """
    months = [date(2024, month, 1) for month in (1, 2, 3)]
    levels = [("service", "kadut"), ("service", "puistot"), ("department", "ymparisto")]
    rows = []
    for dimension, value in [*levels, ("city", "all")]:
        for period, starts in (("month", months), ("year", [date(2024, 1, 1)])):
            for start in starts:
                here = [
                    (kind, sentiment)
                    for service, month, kind, sentiment in texts
                    if (dimension != "service" or service == value)
                    and (period == "year" or month == start.month)
                ]
                counts = {name: sum(k == name for k, _ in here) for name in KINDS}
                counts |= {name: sum(s == name for _, s in here) for name in SENTIMENTS}
                rows.append(
                    {
                        "dimension_code": dimension,
                        "dimension_value": value,
                        "period_kind_code": period,
                        "period_start_on": start,
                        "act_type_code": "all",
                        "n_acts": len(here) + len(here) // 4,
                        "n_texts": len(here),
                        **counts,
                        "unsure_share": 0.25,
                        "n_forwarded": 0,
                    }
                )
    return pl.DataFrame(rows)


heard_texts = st.lists(
    st.tuples(
        st.sampled_from(["kadut", "kadut", "puistot"]),
        st.integers(1, 3),
        st.sampled_from(["n_fault", "n_praise"]),
        st.sampled_from(["n_neutral", "n_positive"]),
    ),
    max_size=150,
)


@given(heard_texts)
@settings(max_examples=60, deadline=None)
def test_no_count_of_texts_is_the_sum_or_the_rest_of_what_is_left_in_its_row(
    texts: list[tuple[str, int, str, str]],
) -> None:
    mart = heard_of(texts)

    public = disclose("public_heard__acts", mart, threshold=THRESHOLD, services=SERVICES)

    # Withheld zeros are given away by a sum that is shown, and tell of nobody.
    truth = mart.sort(public.columns[:5])
    for parts in (KINDS, SENTIMENTS):
        for shown, true in zip(public.to_dicts(), truth.to_dicts(), strict=True):
            unknown = [n for n in ("n_texts", *parts) if shown[n] is None and true[n] > 0]
            assert len(unknown) != 1


def test_a_number_of_texts_that_is_withheld_takes_a_kind_and_a_sentiment_along() -> None:
    # 25 acts with 20 texts: five without one are few, so the texts are withheld; all are faults.
    texts = [("kadut", 1, "n_fault", "n_neutral")] * 20

    public = disclose("public_heard__acts", heard_of(texts), threshold=THRESHOLD, services=SERVICES)

    without = public.filter(pl.col("n_texts").is_null() & pl.col("n_acts").is_not_null())
    assert without.height > 0
    assert without["n_fault"].null_count() == without.height
    assert without["n_neutral"].null_count() == without.height
