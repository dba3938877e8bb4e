"""Pictures of tables for the UI: shapes of internal tables, first rows of published ones."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from assets.previews import first_rows, rows_by_month, slips, sparkline
from data_contracts.contract import CITY_TIME, load_contracts
from tests.support.public_tables import public_tables
from tests.support.tables import column, table

INTERNAL = table(
    column("tree_id", classification="pseudonymous"),
    column("text", classification="personal"),
    column("planted_on", pl.Date(), classification="internal"),
)
PUBLIC = table(
    column("area_code"),
    column("n_trees", pl.Int64()),
    column("share", pl.Float64()),
    column("owner_name", classification="internal"),
    name="public_trees__trees",
)


def planted(*days: date | None) -> pl.DataFrame:
    n = len(days)
    rows = {"tree_id": ["merkki"] * n, "text": ["sana"] * n, "planted_on": list(days)}
    return pl.DataFrame(rows, schema=INTERNAL.schema)


def test_months_are_bars_without_numbers() -> None:
    frame = planted(*[date(2026, 1, 5)] * 7, *[date(2026, 2, 5)] * 14)

    picture = rows_by_month(INTERNAL, frame)

    assert picture == "`▄█` planted_on, 2 months"


def test_only_the_last_three_years_are_drawn() -> None:
    frame = planted(*[date(2020 + n // 12, n % 12 + 1, 1) for n in range(60)])

    picture = rows_by_month(INTERNAL, frame)

    assert picture == f"`{'█' * 36}` planted_on, 36 months"


def test_a_table_without_dates_rows_or_known_days_has_no_picture() -> None:
    undated = table(column("tree_id"))

    assert rows_by_month(undated, pl.DataFrame({"tree_id": ["a"]})) is None
    assert rows_by_month(INTERNAL, planted()) is None
    assert rows_by_month(INTERNAL, planted(None, None)) is None


def test_a_moment_counts_for_its_day_in_the_city() -> None:
    moments = table(column("seen_at", CITY_TIME))
    midnight = datetime(2026, 1, 31, 22, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Helsinki"))
    frame = pl.DataFrame({"seen_at": [midnight, midnight]}, schema=moments.schema)
    other = pl.DataFrame(
        {"seen_at": [datetime(2026, 2, 10, tzinfo=ZoneInfo("Europe/Helsinki"))]},
        schema=moments.schema,
    )

    assert rows_by_month(moments, pl.concat([frame, other])) == "`█` seen_at, 1 months"


def test_a_line_of_nothing_is_flat() -> None:
    assert sparkline([0, 0]) == "▁▁"


def test_internal_tables_show_no_rows() -> None:
    assert first_rows(INTERNAL, planted(date(2026, 1, 5))) is None


def test_first_rows_hold_open_columns_alone() -> None:
    frame = pl.DataFrame(
        {"area_code": ["itainen"], "n_trees": [7], "share": [0.123456], "owner_name": ["merkki"]},
        schema=PUBLIC.schema,
    )

    assert first_rows(PUBLIC, frame) == (
        "| area_code | n_trees | share |\n|---|---|---|\n| itainen | 7 | 0.123 |"
    )


def test_cells_cannot_break_the_picture_and_nulls_are_empty() -> None:
    frame = pl.DataFrame(
        {"area_code": ["a|b\nc"], "n_trees": [None], "share": [None], "owner_name": [None]},
        schema=PUBLIC.schema,
    )

    picture = first_rows(PUBLIC, frame)

    assert picture is not None
    assert picture.splitlines()[-1] == "| a\\|b c |  |  |"


def test_at_most_eight_rows_and_twelve_columns_of_a_real_table_are_shown() -> None:
    name = "public_heard__acts"

    picture = first_rows(load_contracts()[name], public_tables()[name])

    assert picture is not None
    assert len(picture.splitlines()) == 2 + 8
    assert all(line.count(" | ") <= 11 for line in picture.splitlines())


def rejected(name: str, n: int) -> str | None:
    contract = load_contracts()[f"{name}_rejected"]
    frame = pl.DataFrame(
        {
            "delivery_sha256": ["a"] * n,
            "file_name": ["viestit.csv"] * n,
            "line_no": list(range(n, 0, -1)),
            "reason_code": ["date_unreadable"] * n,
            "column_name": ["Kerrottu"] * n,
            "found_shape": [None] * n,
            "expected": ["päivä"] * n,
        },
        schema=contract.schema,
    )
    return slips(contract, frame)


def test_slips_of_a_list_kept_by_hand_are_shown_in_order_of_rows() -> None:
    assert rejected("core_actions__messages", 2) == (
        "- `viestit.csv`: rivi 1, sarake ”Kerrottu”: löytyi ei mitään, odotettiin: päivä.\n"
        "- `viestit.csv`: rivi 2, sarake ”Kerrottu”: löytyi ei mitään, odotettiin: päivä."
    )


def test_many_slips_are_cut_and_counted() -> None:
    shown = rejected("core_actions__messages", 23) or ""

    assert len(shown.splitlines()) == 21
    assert shown.endswith("- and 3 more")


def test_rejects_of_other_tables_and_of_none_are_not_shown() -> None:
    assert rejected("core_feedback__tickets", 1) is None
    assert rejected("core_actions__messages", 0) is None
