"""Over many answers: first date, latest state, latest words, and what has vanished."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from data_contracts.contract import load_contracts
from transforms.clean.initiative_versions import complete_listings, merge_initiatives

COLUMNS = [column.name for column in load_contracts()["core_initiatives__initiatives"].columns]
A_VERSION = {
    "initiative_id": "kuntalaisaloite-99001",
    "source_code": "kuntalaisaloite",
    "source_number": "99001",
    "title": "Valaistu latu",
    "text": "Valaistu latu",
    "text_id": "t-list",
    "n_masked": 0,
    "initiative_type_code": "COLLABORATIVE",
    "published_on": date(2026, 2, 3),
    "state_changed_on": date(2026, 2, 3),
    "sent_on": None,
    "n_supporters": 10,
    "is_vanished": False,
    "vanished_on": None,
    "service_reported_id": None,
    "delivery_sha256": "a1",
    "line_no": 1,
    "delivered_at": "2026-02-04T01:00:00+00:00",
    "is_detail": False,
}
SCHEMA = {
    **dict.fromkeys(A_VERSION, pl.String),
    **dict.fromkeys(("published_on", "state_changed_on", "sent_on", "vanished_on"), pl.Date),
    **dict.fromkeys(("n_masked", "n_supporters", "line_no"), pl.Int64),
    **dict.fromkeys(("is_vanished", "is_detail"), pl.Boolean),
}
LISTING_SCHEMA = {
    "delivery_sha256": pl.String,
    "name": pl.String,
    "delivered_at": pl.String,
    "n_items": pl.Int64,
}


def versions(*changes: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([A_VERSION | change for change in changes], schema=SCHEMA)


def version(number: int, sha: str, line_no: int = 1, **changes: object) -> dict[str, object]:
    return {
        "initiative_id": f"kuntalaisaloite-{number}",
        "source_number": str(number),
        "delivery_sha256": sha,
        "line_no": line_no,
        **changes,
    }


def page(sha: str, day: int, offset: int = 0, n_items: int = 1) -> tuple[str, str, str, int]:
    name = f"list_2026-02-{day:02}T010000Z_{offset}.json"
    return sha, name, f"2026-02-{day:02}T01:00:05+00:00", n_items


def listings(*pages: tuple[str, str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(list(pages), schema=LISTING_SCHEMA, orient="row")


def merged(rows: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    return merge_initiatives(rows, pages, columns=COLUMNS, empty_text_id="t-empty")


def test_the_first_date_is_kept_and_the_latest_state_told() -> None:
    rows = versions(
        version(1, "a1"),
        version(
            1,
            "b1",
            published_on=date(2026, 3, 1),
            state_changed_on=date(2026, 3, 1),
            sent_on=date(2026, 3, 1),
            n_supporters=40,
        ),
    )

    row = merged(rows, listings(page("a1", 4), page("b1", 5))).row(0, named=True)

    assert row["published_on"] == date(2026, 2, 3)
    assert row["state_changed_on"] == date(2026, 3, 1)
    assert (row["sent_on"], row["n_supporters"]) == (date(2026, 3, 1), 40)
    assert row["delivery_sha256"] == "b1"


def test_words_come_from_the_latest_detail_and_supporters_from_the_later_listing() -> None:
    detail = {"is_detail": True, "text": "Valaistu latu. Ehdotus.", "text_id": "t-detail"}
    rows = versions(
        version(1, "a1"),
        version(1, "d1", **detail),
        version(1, "b1", n_supporters=99),
    )

    row = merged(rows, listings(page("a1", 4), page("b1", 5))).row(0, named=True)

    assert (row["text"], row["text_id"]) == ("Valaistu latu. Ehdotus.", "t-detail")
    assert row["n_supporters"] == 99


def test_an_old_detail_that_is_delivered_late_does_not_turn_supporters_back() -> None:
    old = {"is_detail": True, "n_supporters": 3, "delivered_at": "2026-05-01T00:00:00Z"}
    rows = versions(version(1, "a1", n_supporters=99), version(1, "d1", **old))

    row = merged(rows, listings(page("a1", 4))).row(0, named=True)

    assert row["n_supporters"] == 99


def test_an_initiative_that_a_complete_later_listing_lacks_is_a_tombstone() -> None:
    rows = versions(version(1, "a1", 1, n_masked=2), version(2, "a1", 2), version(2, "b1"))

    result = merged(rows, listings(page("a1", 4, n_items=2), page("b1", 5)))

    gone, stays = result.rows(named=True)
    assert (gone["is_vanished"], gone["vanished_on"]) == (True, date(2026, 2, 5))
    assert (gone["title"], gone["text"], gone["text_id"]) == ("", "", "t-empty")
    assert (gone["n_masked"], gone["n_supporters"]) == (0, 10)
    assert gone["published_on"] == date(2026, 2, 3)
    assert (stays["is_vanished"], stays["vanished_on"]) == (False, None)


def test_the_tombstone_bears_the_city_date_of_the_first_listing_without_it() -> None:
    # 23:30 in Greenwich is half past one of the next day in Seinäjoki.
    late = ("b1", "list_2026-02-05T233000Z_0.json", "2026-02-05T23:31:00Z", 1)
    rows = versions(version(1, "a1", 1), version(2, "a1", 2), version(2, "b1"), version(2, "c1"))

    result = merged(rows, listings(page("a1", 4, n_items=2), late, page("c1", 9)))

    assert result["vanished_on"].to_list() == [date(2026, 2, 6), None]


def test_what_comes_back_is_no_tombstone_even_when_the_answer_is_the_same_as_before() -> None:
    rows = versions(version(1, "a1", 1), version(2, "a1", 2), version(2, "b1"))
    pages = listings(page("a1", 4, n_items=2), page("b1", 5), page("a1", 6, n_items=2))

    assert merged(rows, pages)["is_vanished"].to_list() == [False, False]


def test_a_listing_that_was_not_read_to_its_end_makes_no_tombstone() -> None:
    rows = versions(version(1, "a1", 51), *(version(n, "b1", n) for n in range(2, 52)))
    rows = pl.concat([rows, versions(*(version(n, "a1", n) for n in range(2, 52)))])

    result = merged(rows, listings(page("a1", 4, n_items=51), page("b1", 5, n_items=50)))

    assert result["is_vanished"].sum() == 0


def test_a_page_that_is_missing_in_the_middle_makes_no_tombstone() -> None:
    first = [version(n, "b1", n) for n in range(2, 52)]
    rows = versions(version(1, "a1", 1), *first, version(200, "b3", 1))

    result = merged(
        rows,
        listings(page("a1", 4), page("b1", 5, n_items=50), page("b3", 5, offset=100)),
    )

    assert result["is_vanished"].sum() == 0


def test_pages_that_overlap_make_a_complete_listing() -> None:
    first = [version(n, "b1", n) for n in range(2, 52)]
    rows = versions(version(1, "a1", 1), *first, version(51, "b2", 1), version(52, "b2", 2))

    result = merged(
        rows,
        listings(page("a1", 4), page("b1", 5, n_items=50), page("b2", 5, offset=49, n_items=2)),
    )

    assert result.filter("is_vanished")["source_number"].to_list() == ["1"]


def test_an_empty_listing_is_complete() -> None:
    rows = versions(version(1, "a1"))

    result = merged(rows, listings(page("a1", 4), page("b1", 5, n_items=0)))

    assert result["is_vanished"].to_list() == [True]


def test_a_listing_with_rejected_rows_says_nothing_about_absence() -> None:
    rows = versions(version(1, "a1", 1), version(2, "a1", 2), version(2, "b1", 1))

    result = merged(rows, listings(page("a1", 4, n_items=2), page("b1", 5, n_items=2)))

    assert result["is_vanished"].sum() == 0


def test_a_listing_that_suddenly_lost_over_half_is_doubted_until_the_next_says_the_same() -> None:
    rows = versions(
        *(version(n, "a1", n) for n in range(1, 31)),
        *(version(n, "b1", n) for n in range(1, 15)),
    )
    first, second, third = page("a1", 4, n_items=30), page("b1", 5, n_items=14), page("b1", 6)
    third = (*third[:3], 14)

    assert merged(rows, listings(first, second))["is_vanished"].sum() == 0
    assert merged(rows, listings(first, second, third))["is_vanished"].sum() == 16


def test_a_renamed_copy_is_no_listing() -> None:
    rows = versions(version(1, "a1", 1), version(2, "a1", 2), version(2, "b1"))
    copy = ("b1", "kopio list_vanha.json", "2026-06-01T00:00:00Z", 1)

    result = merged(rows, listings(page("a1", 4, n_items=2), copy))

    assert result["is_vanished"].sum() == 0


def test_a_renamed_copy_of_an_old_listing_brings_nothing_back() -> None:
    rows = versions(version(1, "a1", 1), version(2, "a1", 2), version(2, "b1"))
    pages = listings(page("a1", 4, n_items=2), page("b1", 5))
    copy = listings(("a1", "kopio.json", "2026-06-01T00:00:00Z", 2))

    assert_frame_equal(merged(rows, pl.concat([pages, copy])), merged(rows, pages))


def test_a_detail_that_no_listing_ever_held_is_gone_with_the_listing_that_lacks_it() -> None:
    old = version(1, "d1", is_detail=True, delivered_at="2026-02-01T00:00:00Z")
    new = version(3, "d3", is_detail=True, delivered_at="2026-02-20T00:00:00Z")

    result = merged(versions(old, new, version(2, "a1")), listings(page("a1", 4)))

    assert result["is_vanished"].to_list() == [True, False, False]


def test_initiatives_of_another_source_never_vanish() -> None:
    other = {"source_code": "aloitteet", "initiative_id": "aloitteet-7", "delivery_sha256": "x"}

    result = merged(versions(other, version(2, "a1")), listings(page("a1", 4)))

    assert result["is_vanished"].sum() == 0


def test_nothing_gives_nothing() -> None:
    result = merged(versions(), listings())

    assert result.columns == COLUMNS
    assert result.is_empty()


def test_without_listings_every_initiative_stands() -> None:
    result = merged(versions(version(1, "d1", is_detail=True)), listings())

    assert result["is_vanished"].to_list() == [False]


@pytest.mark.parametrize(("n_items", "n_complete"), [(49, 1), (50, 0)])
def test_one_page_is_a_listing_when_it_is_shorter_than_the_service_gives(
    n_items: int, n_complete: int
) -> None:
    rows = versions(*(version(n, "a1", n) for n in range(1, n_items + 1)))

    found = complete_listings(rows, listings(page("a1", 4, n_items=n_items)))

    assert found.height == n_complete


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(7)), st.permutations(range(3)))
def test_neither_order_nor_repetition_changes_anything(rows: list[int], pages: list[int]) -> None:
    detail = {"is_detail": True, "text": "Valaistu latu. Ehdotus.", "text_id": "t-detail"}
    honest = [
        version(1, "a1", 1),
        version(2, "a1", 2),
        version(3, "a1", 3, n_supporters=None),
        version(1, "b1", 1, n_supporters=11),
        version(3, "b1", 2, state_changed_on=date(2026, 2, 4)),
        version(1, "d1", **detail),
        version(3, "d3", **detail, delivered_at="2026-02-06T00:00:00Z"),
    ]
    sent = [page("a1", 4, n_items=3), page("b1", 5, n_items=2), page("b1", 6, n_items=2)]
    expected = merged(versions(*honest), listings(*sent))

    shuffled = merged(
        versions(*(honest[place] for place in [*rows, *rows])),
        listings(*(sent[place] for place in [*pages, *pages])),
    )

    assert_frame_equal(shuffled, expected)
