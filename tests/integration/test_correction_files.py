"""The folder of corrections as analysts leave it: odd files are told and stop nothing."""

from pathlib import Path

import pytest

from assets.core.corrections import LEFT_OUT, corrections_in_force, tell_left_out
from assets.core.texts import TEXT_TABLES
from assets.house import House
from tests.support.houses import house_in, store_table


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house of two notes."""
    house = house_in(tmp_path)
    for name in TEXT_TABLES:
        store_table(house, name, {})
    notes = {"text_id": ["t1", "t2"], "text": ["Valo pimeänä", "Kuoppa tiessä"]}
    store_table(house, "core_notes__notes", notes)
    house.corrections_dir.mkdir()
    return house


def put(house: House, name: str, content: bytes) -> None:
    (house.corrections_dir / name).write_bytes(content)


def test_without_a_folder_nothing_else_is_read(tmp_path: Path) -> None:
    found = corrections_in_force(house_in(tmp_path))

    assert (found.frame.height, found.left_out) == (0, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_read_whatever_its_encoding_and_delimiter(
    encoding: str, delimiter: str, house: House
) -> None:
    lines = [["ID", "Kind", "huomautus"], ["t1", "vika", "näin minä sen"], ["t2", "moite", "äh"]]
    text = "\r\n".join(delimiter.join(cells) for cells in lines)
    put(house, "a.csv", text.encode(encoding))

    found = corrections_in_force(house)

    assert found.left_out == ()
    assert found.frame.select("text_id", "kind", "text").rows() == [
        ("t1", "vika", "Valo pimeänä"),
        ("t2", "moite", "Kuoppa tiessä"),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"kind,service_id\nvika,kadut\n", "found 2 columns, expected 'id' and any of service_id"),
        (b"id,luonne\nt1,vika\n", "found 2 columns, expected 'id' and any of service_id"),
        (b"id,ID,kind\nt1,t1,vika\n", None),
        (b"PK\x03\x04\x00\x00\x00\x00\x00", "are left out"),
        (b"id,kind\nt1,vika,liikaa\n", "row 2: found '3 columns' (wrong_column_count)"),
    ],
    ids=["no_id", "no_task", "id_twice", "not_text", "ragged"],
)
def test_an_odd_file_is_told_and_the_next_one_counts(
    content: bytes, told: str | None, house: House
) -> None:
    put(house, "a.csv", content)
    put(house, "b.csv", b"id,kind\nt2,moite\n")

    found = corrections_in_force(house)

    assert found.frame.filter(text_id="t2")["kind"].to_list() == ["moite"]
    assert [told in sentence for sentence in found.left_out] == [True] if told else True
    assert "liikaa" not in "".join(found.left_out)


@pytest.mark.parametrize("content", [b"", b"id,kind\n", b"\n\n"])
def test_a_file_without_rows_says_nothing(content: bytes, house: House) -> None:
    put(house, "a.csv", content)

    found = corrections_in_force(house)

    assert (found.frame.height, found.left_out) == (0, ())


def test_a_folder_that_is_named_like_a_file_is_told(house: House) -> None:
    (house.corrections_dir / "a.csv").mkdir()

    found = corrections_in_force(house)

    assert ["'a.csv' are left out" in sentence for sentence in found.left_out] == [True]
    assert str(house.folders.root) not in found.left_out[0]


def test_what_was_left_out_is_written_for_the_analyst_until_it_is_mended(house: House) -> None:
    path = house.folders.root / LEFT_OUT
    put(house, "a.csv", b"id,kind\nt1,viga\n")
    tell_left_out(house, corrections_in_force(house))
    told = path.read_text(encoding="utf-8")
    put(house, "a.csv", b"id,kind\nt1,vika\n")

    tell_left_out(house, corrections_in_force(house))

    assert told.startswith("Correction in 'a.csv', row 2, column 'kind': found 'aaaa'")
    assert not path.exists()


def test_the_later_of_two_files_wins_by_name(house: House) -> None:
    put(house, "2026-02.csv", b"id,kind\nt1,moite\n")
    put(house, "2026-01.csv", b"id,kind,sentiment\nt1,vika,neutraali\n")

    [row] = corrections_in_force(house).frame.rows(named=True)

    assert (row["kind"], row["sentiment"]) == ("moite", None)
