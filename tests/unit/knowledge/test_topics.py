"""What residents speak of: topics by level, period and kind of act."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contracts
from transforms.knowledge.topics import compute_topics, select_topic_rows

TOPICS = pl.DataFrame(
    {
        "topic_id": ["valaistus", "viheralueet", "tekoaly"],
        "source": ["2023 §2.2", "2023 §2.2", "approved 2026-02-01"],
    }
)
AS_OF = date(2026, 2, 28)


def acts(*rows: tuple[str, date | None, str, str]) -> pl.DataFrame:
    """One act a row: text, day, kind, sentiment; all of one service, without an area."""
    return pl.DataFrame(
        [
            {
                "act_id": f"ticket|{number}",
                "act_type_code": "ticket",
                "acted_on": day,
                "month_on": day.replace(day=1) if day else None,
                "service_id": "kadut",
                "department_id": "kaupunkiymparisto",
                "area_code": None,
                "kind_code": kind,
                "sentiment_code": tone,
                "text_id": text,
            }
            for number, (text, day, kind, tone) in enumerate(rows)
        ],
        schema_overrides={"area_code": pl.String},
    )


def labels(**topics: str | None) -> pl.DataFrame:
    """Labels of texts by id; ``''`` for a text that says nothing."""
    return pl.DataFrame(
        {
            "text_id": list(topics),
            "topics": [value or None for value in topics.values()],
            "is_uninformative": [value == "" for value in topics.values()],
            "is_corrected": [False] * len(topics),
            "n_words": [8] * len(topics),
        },
        schema_overrides={"topics": pl.String},
    )


def city(frame: pl.DataFrame, kind: str, topic: str, day: date) -> dict[str, object]:
    return frame.row(
        by_predicate=(pl.col("dimension_code") == "city")
        & (pl.col("period_kind_code") == kind)
        & (pl.col("period_start_on") == day)
        & (pl.col("act_type_code") == "all")
        & (pl.col("topic_id") == topic),
        named=True,
    )


DAY = date(2026, 2, 3)


def test_text_counts_in_each_of_its_topics_and_the_rest_is_told() -> None:
    frame = compute_topics(
        acts=acts(
            ("a", DAY, "vika", "negatiivinen"),
            ("b", DAY, "kiitos", "positiivinen"),
            ("c", DAY, "ehdotus", "neutraali"),
            ("d", DAY, "kysymys", "neutraali"),
        ),
        labels=labels(a="valaistus;viheralueet", b="valaistus", c=None, d=""),
        topics=TOPICS,
        as_of=AS_OF,
    )

    lights = city(frame, "month", "valaistus", date(2026, 2, 1))
    assert (lights["n_texts"], lights["n_documents"]) == (3, 2)
    assert (lights["n_problem"], lights["n_praise"], lights["n_wish"]) == (1, 1, 0)
    assert lights["sentiment_mean"] == 0.0
    assert lights["unassigned_share"] == pytest.approx(1 / 3)
    assert lights["uninformative_share"] == pytest.approx(1 / 4)
    silent = city(frame, "month", "tekoaly", date(2026, 2, 1))
    assert (silent["n_documents"], silent["share"], silent["sentiment_mean"]) == (0, 0.0, None)
    assert (silent["is_new_topic"], lights["is_new_topic"]) == (True, False)


def test_campaign_is_one_text_and_its_copies_are_counted_beside() -> None:
    said = [("a", DAY, "ehdotus", "neutraali")] * 4 + [("b", DAY, "vika", "negatiivinen")] * 2

    frame = compute_topics(
        acts=acts(*said),
        labels=labels(a="viheralueet", b="viheralueet"),
        topics=TOPICS,
        as_of=AS_OF,
    )

    green = city(frame, "month", "viheralueet", date(2026, 2, 1))
    assert (green["n_texts"], green["n_documents"]) == (3, 3)
    assert (green["n_mentions"], green["n_campaign"]) == (6, 3)


def test_growth_compares_shares_of_whole_months_a_year_apart() -> None:
    before = [(f"v{k}", date(2025, 2, 3), "vika", "neutraali") for k in range(8)]
    now = [(f"n{k}", DAY, "vika", "neutraali") for k in range(8)]
    topics = {f"v{k}": "valaistus" if k < 2 else None for k in range(8)}
    topics |= {f"n{k}": "valaistus" if k < 6 else None for k in range(8)}

    frame = compute_topics(
        acts=acts(*before, *now), labels=labels(**topics), topics=TOPICS, as_of=AS_OF
    )

    lights = city(frame, "month", "valaistus", date(2026, 2, 1))
    # 6 of 8 events by a coin: (28 + 8 + 1) · 2 / 256; the only comparison of its family.
    assert lights["growth_ratio"] == pytest.approx(3.0)
    assert lights["growth_p_bh"] == pytest.approx(2 * 37 / 256)
    unfinished = city(frame, "year", "valaistus", date(2026, 1, 1))
    assert (unfinished["growth_ratio"], unfinished["growth_p_bh"]) == (None, None)
    twelve = city(frame, "last_12_months", "valaistus", date(2025, 3, 1))
    assert twelve["growth_ratio"] == pytest.approx(3.0)


def test_days_to_come_and_acts_without_a_day_are_left_out() -> None:
    frame = compute_topics(
        acts=acts(
            ("a", date(2026, 3, 1), "vika", "neutraali"),
            ("b", None, "vika", "neutraali"),
            ("c", DAY, "vika", "neutraali"),
        ),
        labels=labels(a="valaistus", b="valaistus", c="valaistus"),
        topics=TOPICS,
        as_of=AS_OF,
    )

    assert set(frame["n_texts"]) == {1}
    assert frame["period_start_on"].max() == date(2026, 2, 1)


def test_columns_are_those_of_the_contract() -> None:
    frame = compute_topics(
        acts=acts(("a", DAY, "vika", "neutraali")),
        labels=labels(a="valaistus"),
        topics=TOPICS,
        as_of=AS_OF,
    )

    contract = load_contracts()["mart_feedback__topics"]
    wanted = dict(list(contract.schema.items())[:-4])
    assert {name: frame.schema[name] for name in wanted} == wanted
    assert frame.select(contract.key).is_unique().all()


def test_open_rows_leave_out_the_cross_and_months_of_services() -> None:
    frame = compute_topics(
        acts=acts(("a", DAY, "vika", "neutraali")),
        labels=labels(a="valaistus"),
        topics=TOPICS,
        as_of=AS_OF,
    )

    found = select_topic_rows(frame).select("dimension_code", "period_kind_code", "act_type_code")

    assert ("service_area", "year", "all") not in found.rows()
    assert ("service", "month", "all") not in found.rows()
    assert ("service", "year", "ticket") not in found.rows()
    assert {("city", "month", "all"), ("service", "year", "all"), ("area", "year", "all")} <= set(
        found.rows()
    )
