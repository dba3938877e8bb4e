"""The latest version stands, whatever the order of files and rows; the rest are counted."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.clean.versions import latest_versions

SCHEMA = {
    "id": pl.String,
    "updated": pl.Int64,
    "text": pl.String,
    "delivery_sha256": pl.String,
    "line_no": pl.Int64,
}


def _versions(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_the_newest_stands_and_null_is_oldest() -> None:
    versions = _versions(
        [
            ("a", 2, "uusi", "f2", 1),
            ("a", 1, "vanha", "f1", 1),
            ("b", None, "tyhjä", "f1", 2),
            ("b", 0, "nolla", "f2", 2),
            ("c", None, "vain tämä", "f1", 3),
        ]
    )

    latest = latest_versions(versions, key=["id"], order_by=["updated"])

    assert latest.frame["text"].to_list() == ["uusi", "nolla", "vain tämä"]
    assert latest.duplicates.rows() == [("f1", 2), ("f2", 0)]


def test_equal_content_stands_for_the_smallest_delivery_and_line() -> None:
    versions = _versions([("a", 1, "x", "f2", 1), ("a", 1, "x", "f1", 9), ("a", 1, "x", "f1", 3)])

    latest = latest_versions(versions.lazy(), key=["id"], order_by=["updated"])

    assert latest.frame.rows() == [("a", 1, "x", "f1", 3)]
    assert latest.duplicates.rows() == [("f1", 1), ("f2", 1)]


def test_no_rows_give_no_rows() -> None:
    latest = latest_versions(_versions([]), key=["id"], order_by=["updated"])

    assert latest.frame.is_empty()
    assert latest.duplicates.schema == {"delivery_sha256": pl.String, "n_duplicate": pl.Int64}


_ROW = st.tuples(
    st.sampled_from(["a", "b", None]),
    st.sampled_from([1, 2, None]),
    st.sampled_from(["x", "y", None]),
    st.sampled_from(["f1", "f2", "f3"]),
    st.integers(1, 3),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_ROW, max_size=12), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing_and_every_row_is_counted(
    rows: list[tuple[object, ...]], random: object
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random

    one = latest_versions(_versions(rows), key=["id"], order_by=["updated"])
    other = latest_versions(_versions(shuffled), key=["id"], order_by=["updated"])

    assert_frame_equal(one.frame, other.frame)
    assert_frame_equal(one.duplicates, other.duplicates)
    assert one.frame.height + one.duplicates["n_duplicate"].sum() == len(rows)
    assert one.frame["id"].n_unique() == one.frame.height


@settings(max_examples=60, deadline=None)
@given(st.lists(_ROW, max_size=12))
def test_the_latest_of_the_latest_is_itself(rows: list[tuple[object, ...]]) -> None:
    once = latest_versions(_versions(rows), key=["id"], order_by=["updated"]).frame
    twice = latest_versions(once, key=["id"], order_by=["updated"]).frame

    assert_frame_equal(once, twice)
