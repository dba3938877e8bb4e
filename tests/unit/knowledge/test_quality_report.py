"""D15: what became of every row."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from transforms.knowledge.quality_report import QualitySettings, compute_quality_report

ZONE = ZoneInfo("Europe/Helsinki")
AS_OF = date(2024, 10, 27)  # a day of 25 hours
TICKETS = "core_feedback__tickets"
SHA = "0123456789abcdef" * 4
OTHER_SHA = "f" * 64


def delivery(**changed: object) -> pl.DataFrame:
    row = {
        "delivery_sha256": SHA,
        "table_name": TICKETS,
        "source_code": "georeport",
        "format_code": "georeport_requests",
        "first_seen_at": datetime(2024, 10, 26, 23, 0, tzinfo=ZONE),
        "n_bytes": 2_000,
        "encoding_name": "utf-8",
        "n_rows_in": 10,
        "n_accepted": 6,
        "n_rejected": 3,
        "n_duplicate": 1,
        "min_on": date(2024, 9, 1),
        "max_on": date(2024, 10, 25),
        "verdict_code": "degraded",
    } | changed
    return pl.DataFrame([row]).with_columns(
        pl.col("first_seen_at").cast(pl.Datetime("us", "Europe/Helsinki"))
    )


def report(
    files: pl.DataFrame,
    *,
    rejects: dict[str, pl.DataFrame] | None = None,
    accepted_dates: pl.DataFrame | None = None,
    settings: QualitySettings | None = None,
) -> pl.DataFrame:
    return compute_quality_report(
        files=files,
        rejects=rejects or {},
        accepted_dates=accepted_dates,
        as_of=AS_OF,
        settings=settings or QualitySettings(),
    )


def test_reasons_stand_in_order_of_count_then_name() -> None:
    rejected = pl.DataFrame(
        {
            "delivery_sha256": [SHA] * 4 + [OTHER_SHA],
            "reason_code": ["date_unreadable", "b", "date_unreadable", "a", "a"],
        }
    )

    frame = report(delivery(), rejects={TICKETS: rejected})

    assert frame["reasons"].to_list() == ["date_unreadable=2;a=1;b=1"]
    assert frame["delivery_id"].to_list() == ["0123456789ab"]


def test_rejects_of_another_table_of_the_same_file_stay_apart() -> None:
    rejected = pl.DataFrame({"delivery_sha256": [SHA], "reason_code": ["a"]})
    both = pl.concat([delivery(), delivery(table_name="core_feedback__events")])

    frame = report(both, rejects={"core_feedback__events": rejected})

    assert dict(frame.select("table_name", "reasons").rows()) == {
        TICKETS: "",
        "core_feedback__events": "a=1",
    }


def test_freshness_is_that_of_the_sources_latest_landing_in_real_hours() -> None:
    older = delivery(
        delivery_sha256=OTHER_SHA, first_seen_at=datetime(2024, 10, 1, 12, 0, tzinfo=ZONE)
    )
    other_source = delivery(source_code="webropol", delivery_sha256="a" * 64)
    limits = QualitySettings(freshness_limit_hours={"georeport": 25.5, "webropol": 26.0})

    frame = report(pl.concat([delivery(), older, other_source]), settings=limits)

    # 26.10. 23:00 to the midnight after 27.10.: one hour and the day of 25.
    assert set(frame["freshness_hours"]) == {26.0}
    assert dict(frame.select("source_code", "is_stale").rows()) == {
        "georeport": True,
        "webropol": False,
    }


def test_source_without_a_limit_is_never_stale() -> None:
    row = report(delivery()).row(0, named=True)

    assert (row["freshness_limit_hours"], row["is_stale"]) == (None, False)


def test_nights_landing_for_the_day_before_is_fresh() -> None:
    at_night = delivery(first_seen_at=datetime(2024, 10, 28, 2, 31, tzinfo=ZONE))

    assert report(at_night)["freshness_hours"].to_list() == [0.0]


def test_late_rows_are_older_than_31_days_on_the_day_of_landing() -> None:
    dates = pl.DataFrame(
        {
            "delivery_sha256": [SHA] * 3,
            "table_name": [TICKETS] * 3,
            "subject_on": [date(2024, 9, 25), date(2024, 9, 24), date(2024, 10, 26)],
        }
    )

    assert report(delivery(), accepted_dates=dates)["n_late"].to_list() == [1]
    assert report(delivery())["n_late"].to_list() == [None]


def test_refused_file_stands_with_no_table_and_no_contract() -> None:
    refused = delivery(
        table_name="none",
        n_rows_in=0,
        n_accepted=0,
        n_rejected=0,
        n_duplicate=0,
        verdict_code="refused",
    )
    versions = QualitySettings(contract_versions={TICKETS: "1.0.0"})

    both = report(pl.concat([delivery(), refused]), settings=versions)

    assert dict(both.select("table_name", "contract_version").rows()) == {
        TICKETS: "1.0.0",
        "none": None,
    }
