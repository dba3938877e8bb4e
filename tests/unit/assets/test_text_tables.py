"""Tables of texts that a person names: read in batches, refused in words."""

from pathlib import Path

import polars as pl
import pytest

from assets.errors import TextTableError
from assets.text_outputs import check_output, written_beside
from assets.text_tables import open_text_table


def _all_rows(path: Path, *, size: int = 2) -> pl.DataFrame:
    return pl.concat(open_text_table(path).batches(size=size))


def _csv(folder: Path, content: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "texts.csv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_whatever_its_encoding_and_delimiter(
    encoding: str, delimiter: str, tmp_path: Path
) -> None:
    rows = [["id", "text"], ["1", "Töyräällä näkyy jäätä"], ["2", "Hyvää työtä, kiitos"]]
    lines = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)

    frame = _all_rows(_csv(tmp_path, lines, encoding=encoding))

    assert frame["text"].to_list() == ["Töyräällä näkyy jäätä", "Hyvää työtä, kiitos"]


def test_optional_columns_that_are_absent_are_null_and_others_are_left_unread(
    tmp_path: Path,
) -> None:
    frame = _all_rows(_csv(tmp_path, "colour,id,text\nred,7,Aidan takana\n"))

    assert frame.rows() == [("7", "Aidan takana", None, None, None)]


def test_no_text_is_dropped_however_little_it_says(tmp_path: Path) -> None:
    table = open_text_table(_csv(tmp_path, 'id,text\n1,\n2," "\n3,"a\nb"\n'))

    frames = list(table.batches(size=2))

    assert table.n_rows == 3
    assert [frame.height for frame in frames] == [2, 1]
    assert pl.concat(frames)["text"].to_list() == ["", " ", "a\nb"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_what_is_written_is_read_again(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{suffix}"
    frame = pl.DataFrame({"id": ["01", "2"], "text": ['=1+1 "so"', "päätös; rivi\ntoinen"]})

    with written_beside(path) as append:
        append(frame.head(1))
        append(frame.tail(1))

    assert _all_rows(path).select("id", "text").rows() == frame.rows()


def test_an_output_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def write_half() -> None:
        with written_beside(tmp_path / "out.csv") as append:
            append(pl.DataFrame({"id": ["1"]}))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()

    assert list(tmp_path.iterdir()) == []


def test_a_text_that_no_sheet_can_hold_is_refused_and_not_cut(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["1"], "text": ["a" * 40_000]})

    with (
        pytest.raises(TextTableError, match="CSV or Parquet"),
        written_beside(tmp_path / "out.xlsx") as append,
    ):
        append(frame)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty, expected a header"),
        ("id,viesti\n1,a\n", r"lacks the column text \(found: id, viesti\)"),
        ("id,text,text\n1,a,b\n", "has the column text twice"),
        ("id,text\n1,a\n2,b,c\n", "line 3 has 3 cells, expected the 2 of the header"),
    ],
)
def test_a_table_that_is_not_as_it_should_be_is_refused_in_words(
    content: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(TextTableError, match=sentence):
        open_text_table(_csv(tmp_path, content))


def test_a_missing_file_and_an_unknown_kind_are_told(tmp_path: Path) -> None:
    (tmp_path / "texts.docx").write_bytes(b"")

    with pytest.raises(TextTableError, match="There is no file"):
        open_text_table(tmp_path / "texts.csv")
    with pytest.raises(TextTableError, match=r"ends in '\.docx'"):
        open_text_table(tmp_path / "texts.docx")


def test_a_broken_parquet_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "texts.parquet").write_bytes(b"PAR1 and no more")

    with pytest.raises(TextTableError, match="not a readable Parquet file"):
        open_text_table(tmp_path / "texts.parquet")


@pytest.mark.parametrize(
    ("name", "n_rows", "sentence"),
    [
        ("out.txt", 1, "ends in '.txt'"),
        ("nowhere/out.csv", 1, "There is no folder"),
        ("out.xlsx", 1_048_576, "a sheet holds 1048575"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_the_work(
    name: str, n_rows: int, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(TextTableError, match=sentence):
        check_output(tmp_path / name, n_rows=n_rows)
