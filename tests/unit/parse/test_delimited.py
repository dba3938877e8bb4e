"""Delimited text is read row by row: what is broken costs only the rows it touches."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.parse.delimited import read_delimited
from transforms.parse.parsed import REJECT_SCHEMA, RefusedFileError

HEADER = "Tunnus;Otsikko;Palaute\n"


def _rows(text: str) -> list[tuple[str | None, ...]]:
    return read_delimited(text).frame.drop("line_no").rows()


def test_a_clean_file_keeps_every_cell_and_its_line() -> None:
    table = read_delimited(HEADER + "1;Aukko;Tiessä on kuoppa\n2;;Kiitos!\n")

    assert table.header == ("Tunnus", "Otsikko", "Palaute")
    assert table.frame.rows() == [("1", "Aukko", "Tiessä on kuoppa", 2), ("2", None, "Kiitos!", 3)]
    assert table.rejects.is_empty()
    assert table.rejects.schema == pl.Schema(REJECT_SCHEMA)


def test_line_breaks_and_doubled_quotes_inside_quotes_belong_to_the_cell() -> None:
    text = HEADER + '1;"Valo; ""iso""";"Rivi yksi\nrivi kaksi"\n2;a;b\n'

    frame = read_delimited(text).frame

    assert frame.rows() == [
        ("1", 'Valo; "iso"', "Rivi yksi\nrivi kaksi", 2),
        ("2", "a", "b", 4),
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_from_the_header(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (["a", "b", "c"], ["1", "2", "3"]))

    assert read_delimited(text).frame.rows() == [("1", "2", "3", 2)]


def test_commas_in_the_header_do_not_hide_the_semicolon() -> None:
    text = "Pvm, klo;Otsikko, lyhyt;Teksti\n1.1.2024, 12;a, b;c\n"

    assert read_delimited(text).header == ("Pvm, klo", "Otsikko, lyhyt", "Teksti")


def test_expected_columns_decide_between_delimiters() -> None:
    text = "id,nimi;selite,x\n1,a;b,c\n"

    assert read_delimited(text, expected_columns=["nimi;selite"]).header == (
        "id",
        "nimi;selite",
        "x",
    )


def test_the_separator_line_of_excel_is_obeyed_and_counted() -> None:
    table = read_delimited("sep=|\na|b;c\n1|2;3\n")

    assert table.header == ("a", "b;c")
    assert table.frame.get_column("line_no").to_list() == [3]


def test_ragged_rows_are_rejected_with_line_and_reason() -> None:
    table = read_delimited(HEADER + "1;a;b\n2;a\n3;a;b;c\n4;a;b\n")

    assert table.frame.get_column("Tunnus").to_list() == ["1", "4"]
    assert table.rejects.select("line_no", "reason_code", "found_shape", "expected").rows() == [
        (3, "wrong_column_count", "2 columns", "3 columns"),
        (4, "wrong_column_count", "4 columns", "3 columns"),
    ]


def test_one_unbalanced_quote_costs_its_own_row() -> None:
    text = HEADER + '1;a;b\n2;"auki;b\n3;"ok";b\n4;"";"x\ny"\n5;a;b\n'

    table = read_delimited(text)

    assert table.frame.get_column("Tunnus").to_list() == ["1", "3", "4", "5"]
    assert table.rejects.select("line_no", "reason_code").rows() == [(3, "unbalanced_quote")]


def test_two_unbalanced_quotes_do_not_swallow_the_rows_between() -> None:
    text = HEADER + '1;"auki;b\n2;a;b\n3;a;b\n4;kiinni";b\n5;a;b\n'

    table = read_delimited(text)

    assert table.frame.get_column("Tunnus").to_list() == ["2", "3", "4", "5"]
    assert table.rejects.get_column("line_no").to_list() == [2]


def test_an_unbalanced_quote_in_a_long_text_costs_the_lines_of_that_row() -> None:
    text = HEADER + '1;a;b\n2;a;"eka\ntoka\n3;a;b\n'

    table = read_delimited(text)

    assert table.frame.get_column("Tunnus").to_list() == ["1", "3"]
    assert table.rejects.get_column("line_no").to_list() == [3, 4]


def test_a_quote_inside_an_unquoted_cell_is_an_ordinary_character() -> None:
    assert _rows(HEADER + '1;5" putki;b\n') == [("1", '5" putki', "b")]


def test_a_stray_carriage_return_stays_in_its_cell() -> None:
    text = HEADER.replace("\n", "\r\n") + "1;a\rb;c\r\n2;a;b\r\n"

    assert _rows(text) == [("1", "a\nb", "c"), ("2", "a", "b")]


def test_a_file_of_carriage_returns_only_is_read() -> None:
    assert _rows("a;b\r1;2\r3;4\r") == [("1", "2"), ("3", "4")]


def test_rows_without_any_filled_cell_are_no_rows() -> None:
    table = read_delimited(HEADER + "1;a;b\n;;\n\n2;a;b\n\n")

    assert table.frame.get_column("line_no").to_list() == [2, 5]
    assert table.rejects.is_empty()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty file"),
        (" \n\n", "empty file"),
        ("a;b\n", "no rows"),
        ("Palaute;Palaute\n1;2\n", r"more than once \(columns 1, 2\)"),
        ('"a;b\n1;2\n', "header that cannot be read"),
        (";;\n", "header that cannot be read"),
    ],
)
def test_a_file_that_cannot_be_a_table_is_refused(text: str, what: str) -> None:
    with pytest.raises(RefusedFileError, match=what):
        read_delimited(text)


def test_an_unnamed_column_gets_its_place_as_name() -> None:
    assert read_delimited("a;b;\n1;2;\n").header == ("a", "b", "column_3")


def test_a_column_called_line_no_does_not_hide_ours() -> None:
    assert read_delimited("line_no;b\n7;x\n").frame.rows() == [("7", "x", 2)]
    assert read_delimited("line_no;b\n7;x\n").header == ("source_line_no", "b")


@pytest.mark.parametrize("n", [100_000, 3_000_000])
def test_long_cells_are_kept_whole(n: int) -> None:
    long = "ä" * n

    frame = read_delimited(HEADER + f'1;a;"{long}"\n2;a;b\n').frame

    assert frame.get_column("Palaute").str.len_chars().to_list() == [n, 1]


def test_of_many_broken_rows_none_is_lost() -> None:
    text = HEADER + '1;"auki;b\n2;a;b\n' * 20_000

    table = read_delimited(text)

    assert table.frame.height + table.rejects.height == 40_000


_CELL = st.text(
    alphabet=st.sampled_from(list("abäö \";,\n'=x1\u20ac")), min_size=1, max_size=12
).filter(lambda cell: cell.strip() != "")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=8))
def test_what_a_proper_writer_wrote_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([("a", "b", "c"), *rows])

    table = read_delimited(file.getvalue(), delimiter=";")

    assert table.frame.height + table.rejects.height >= 1
    if table.rejects.is_empty():
        assert table.frame.drop("line_no").rows() == rows


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from(list('a;"\n\r')), max_size=60))
def test_any_damage_leaves_a_table_or_a_refusal_and_the_last_good_row(noise: str) -> None:
    text = HEADER + noise + "\n9;viimeinen;rivi\n"

    table = read_delimited(text, delimiter=";")

    lines = table.frame.get_column("line_no").to_list() + table.rejects["line_no"].to_list()
    assert len(lines) == len(set(lines))
    assert_frame_equal(table.frame, read_delimited(text, delimiter=";").frame)
