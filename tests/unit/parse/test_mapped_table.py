"""A source's table becomes a text frame of our fields."""

import io
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from transforms.clean.ideas import clean_ideas
from transforms.clean.versions import latest_versions
from transforms.parse.column_map import ColumnMap, read_column_map
from transforms.parse.mapped_table import parse_column_mapped
from transforms.parse.parsed import RefusedFileError
from transforms.parse.table_kind import FIELDS, TableKind

ROOT = Path(__file__).resolve().parents[3]
IDEAS = ROOT / "../shared/sources/data/ideas/omastadi_rounds_1_2.csv"
TICKETS = "core_feedback__tickets"
A_MAP = ColumnMap(
    name="palvelupiste",
    kind=TableKind.TICKETS,
    source="palvelupiste",
    key=("Tunnus",),
    columns={
        "received_at": ("Pvm", "Klo"),
        "text": ("Otsikko", "Palaute"),
        "kind_reported_code": ("Luonne",),
    },
    constants={"channel_code": "desk"},
    values={"kind_reported_code": {"kiitos": "kiitos", "vika ilmoitus": "vika"}},
)
HEADER = "Tunnus;Pvm;Klo;Otsikko;Palaute;Luonne\n"
A_ROW = "17;3.2.2026;9.05;Latu;Valot ovat pimeänä.;Kiitos\n"


def rows_of(text: str, column_map: ColumnMap = A_MAP) -> pl.DataFrame:
    parsed = parse_column_mapped(text.encode(), name="t.csv", column_map=column_map)
    return parsed.frames[TICKETS]


def test_a_row_is_told_in_our_fields() -> None:
    frame = rows_of(HEADER + A_ROW)

    row = frame.row(0, named=True)
    fields = FIELDS[TableKind.TICKETS]
    assert frame.columns == ["source_id", *fields, "was_repaired", "line_no"]
    assert {name: value for name, value in row.items() if value is not None} == {
        "source_id": "17",
        "received_at": "3.2.2026 9.05",
        "text": "Latu. Valot ovat pimeänä.",
        "kind_reported_code": "kiitos",
        "channel_code": "desk",
        "was_repaired": "false",
        "line_no": 2,
    }


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("Latu", "Pimeä", "Latu. Pimeä"),
        ("Miksi pimeää?", "Latu", "Miksi pimeää? Latu"),
        ("", "Pimeä", "Pimeä"),
        ("Latu", " ", "Latu"),
        ("", "", None),
    ],
)
def test_columns_of_prose_are_joined_as_sentences(title: str, body: str, text: str | None) -> None:
    frame = rows_of(f"{HEADER}17;3.2.2026;9.05;{title};{body};Kiitos\n")

    assert frame["text"].to_list() == [text]


def test_a_row_without_its_whole_key_is_rejected() -> None:
    column_map = replace(A_MAP, key=("Tunnus", "Pvm"))
    content = HEADER + A_ROW + A_ROW.replace("17;", " ;", 1) + A_ROW.replace("3.2.2026", "")

    parsed = parse_column_mapped(content.encode(), name="t.csv", column_map=column_map)

    assert parsed.frames[TICKETS]["source_id"].to_list() == ["17|3.2.2026"]
    assert parsed.rejects.select("line_no", "reason_code").rows() == [
        (3, "key_missing"),
        (4, "key_missing"),
    ]
    assert parsed.rows_in == {TICKETS: 3}


@pytest.mark.parametrize(
    ("written", "code"), [("KIITOS", "kiitos"), ("Vika  ilmoitus ", "vika"), ("", None)]
)
def test_values_are_mapped_without_regard_to_blanks_and_capitals(
    written: str, code: str | None
) -> None:
    frame = rows_of(HEADER + A_ROW.replace("Kiitos", written))

    assert frame["kind_reported_code"].to_list() == [code]


def test_a_value_without_a_line_is_rejected_and_only_its_shape_is_told() -> None:
    content = (HEADER + A_ROW.replace("Kiitos", "Ruusut 12") + A_ROW).encode()

    parsed = parse_column_mapped(content, name="t.csv", column_map=A_MAP)

    assert parsed.rejects.row(0, named=True) == {
        "table_name": TICKETS,
        "line_no": 2,
        "reason_code": "value_not_mapped",
        "column_name": "Luonne",
        "found_shape": "Aaaaaa 99",
        "expected": "a value of [values.kind_reported_code] in column map 'palvelupiste'",
    }
    assert parsed.frames[TICKETS].height == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({"kiitos": "kiitos", "*": "moite"}, ["moite", None]),
        ({"kiitos": "kiitos", "*": ""}, [None, None]),
        ({"*": "moite", "": "kysymys"}, ["moite", "kysymys"]),
        ({"*": "moite"}, ["moite", None]),
    ],
)
def test_a_star_tells_what_any_other_value_becomes(
    lines: dict[str, str], expected: list[str | None]
) -> None:
    column_map = replace(A_MAP, values={"kind_reported_code": lines})

    frame = rows_of(
        HEADER + A_ROW.replace("Kiitos", "Ruusut") + A_ROW.replace("Kiitos", ""), column_map
    )

    assert frame["kind_reported_code"].to_list() == expected


def test_a_missing_column_refuses_the_file_and_tells_what_was_found() -> None:
    content = HEADER.replace("Palaute", "Viesti") + A_ROW

    with pytest.raises(RefusedFileError, match=r"'Viesti', 'Luonne', expected also 'Palaute'"):
        rows_of(content)


def test_rows_that_the_reader_could_not_read_are_counted() -> None:
    content = (HEADER + A_ROW + "18;rikki\n").encode()

    parsed = parse_column_mapped(content, name="t.csv", column_map=A_MAP)

    assert parsed.rows_in == {TICKETS: 2}
    assert parsed.rejects.select("table_name", "line_no", "reason_code").rows() == [
        (TICKETS, 3, "wrong_column_count")
    ]


def test_double_encoded_words_and_values_are_put_right() -> None:
    content = HEADER + A_ROW.replace("pimeänä", "pimeänä".encode().decode("cp1252"))

    assert rows_of(content)["text"].to_list() == ["Latu. Valot ovat pimeänä."]


def test_cp1252_is_read() -> None:
    content = (HEADER + A_ROW).encode("cp1252")

    parsed = parse_column_mapped(content, name="t.csv", column_map=A_MAP)

    assert parsed.encoding_name == "cp1252"
    assert parsed.frames[TICKETS]["text"].to_list() == ["Latu. Valot ovat pimeänä."]


def test_a_workbook_is_read_like_delimited_text() -> None:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet("Taul1")
        for place, line in enumerate((HEADER + A_ROW).splitlines()):
            sheet.write_row(place, 0, line.split(";"))

    parsed = parse_column_mapped(buffer.getvalue(), name="t.xlsx", column_map=A_MAP)

    assert parsed.frames[TICKETS].rows() == rows_of(HEADER + A_ROW).rows()
    assert parsed.encoding_name is None


@pytest.mark.skipif(not IDEAS.exists(), reason="the example files are not here")
def test_all_3152_real_ideas_are_accounted_for() -> None:
    path = ROOT / "data_contracts/column_maps/omastadi.columns.toml"
    column_map = read_column_map(path.read_bytes(), name=path.name)

    parsed = parse_column_mapped(IDEAS.read_bytes(), name=IDEAS.name, column_map=column_map)
    table = column_map.kind.table
    cleaned = clean_ideas(
        parsed.frames[table], source_code=column_map.source, decimal=column_map.decimal
    )
    versions = cleaned.frame.with_columns(
        delivery_sha256=pl.lit("a"), delivered_at=pl.lit("2026-01-01T00:00:00Z")
    )
    latest = latest_versions(versions, key=["idea_id"], order_by=["delivered_at"])

    assert parsed.rows_in == {table: 3152}
    assert cleaned.frame.height + cleaned.rejects.height + parsed.rejects.height == 3152
    # distinct pairs of round and id, counted with csv.DictReader
    assert latest.frame.height == 2777
    assert latest.duplicates["n_duplicate"].to_list() == [375]
