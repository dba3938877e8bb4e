"""Rows of analysts' corrections: checked cell by cell, the latest of a text wins."""

import polars as pl
import pytest

from transforms.text.corrections import CODE_LISTS, clean_corrections, latest_corrections

TEXTS = pl.DataFrame({"id": ["t1", "t2", "note|7"], "text_id": ["t1", "t2", "t2"]})


def rows(*cells: dict[str, str | None]) -> pl.DataFrame:
    """Rows of a file with the given cells, others empty, from line 2 on."""
    names = ("id", *CODE_LISTS)
    filled = [{name: row.get(name) for name in names} for row in cells]
    frame = pl.DataFrame(filled, schema=dict.fromkeys(names, pl.String))
    return frame.with_columns(line_no=pl.int_range(2, 2 + frame.height, dtype=pl.Int64))


def test_an_empty_cell_corrects_nothing_and_a_hyphen_says_none() -> None:
    found = clean_corrections(rows({"id": "t1", "service_id": "kadut", "topics": "-"}), TEXTS)

    assert found.rejects.is_empty()
    assert found.frame.rows() == [(2, "t1", "kadut", None, None, "", None, None)]


def test_an_act_is_corrected_by_its_text() -> None:
    found = clean_corrections(rows({"id": "note|7", "kind": "kiitos"}), TEXTS)

    assert found.frame["text_id"].to_list() == ["t2"]


def test_cells_are_trimmed_and_lists_stand_once_in_the_order_of_their_code_list() -> None:
    cells = {"id": " t1 ", "kind": " Moite", "groups": "vanhukset, lapset;vanhukset"}

    found = clean_corrections(rows(cells), TEXTS)

    assert found.frame.select("kind", "groups").row(0) == ("moite", "lapset;vanhukset")


@pytest.mark.parametrize(
    ("cells", "reason", "column", "shape"),
    [
        ({"id": "t9", "kind": "moite"}, "unknown_id", "id", "a9"),
        ({"id": None, "kind": "moite"}, "unknown_id", "id", None),
        ({"id": "t1", "kind": "moitte"}, "unknown_code", "kind", "aaaaaa"),
        ({"id": "t1", "service_id": "tiet"}, "unknown_code", "service_id", "aaaa"),
        ({"id": "t1", "groups": "lapset;koirat"}, "unknown_code", "groups", "aaaaaa;aaaaaa"),
        ({"id": "t1"}, "nothing_corrected", None, None),
    ],
    ids=["id", "no_id", "kind", "service", "groups", "nothing"],
)
def test_a_bad_row_is_left_out_with_its_column_and_the_shape_of_what_was_found(
    cells: dict[str, str | None], reason: str, column: str | None, shape: str | None
) -> None:
    found = clean_corrections(rows({"id": "t2", "kind": "kiitos"}, cells), TEXTS)

    [reject] = found.rejects.rows(named=True)
    assert found.frame["line_no"].to_list() == [2]
    assert (reject["line_no"], reject["reason_code"]) == (3, reason)
    assert (reject["column_name"], reject["found_shape"]) == (column, shape)


def test_the_last_row_of_the_last_file_wins_with_all_its_cells() -> None:
    first = rows({"id": "t1", "kind": "moite"}, {"id": "t2", "kind": "vika", "groups": "-"})
    second = rows({"id": "t2", "sentiment": "neutraali"}, {"id": "note|7", "kind": "kiitos"})

    latest = latest_corrections([clean_corrections(f, TEXTS).frame for f in (first, second)])

    assert latest.select("text_id", "kind", "sentiment", "groups").rows() == [
        ("t1", "moite", None, None),
        ("t2", "kiitos", None, None),
    ]


def test_no_files_are_no_corrections() -> None:
    assert latest_corrections([]).is_empty()
