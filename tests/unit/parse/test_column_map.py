"""Column maps are read, and a clerk's mistakes are told in words."""

from pathlib import Path

import pytest

from data_contracts.contract import load_codes
from transforms.parse.column_map import (
    ColumnMap,
    matching_map,
    read_column_map,
)
from transforms.parse.parsed import RefusedFileError
from transforms.parse.table_kind import FIELDS, TableKind

MAPS = Path(__file__).resolve().parents[3] / "data_contracts/column_maps"
HONEST = """
[table]
kind = "notes"
source = "havainnot"
key = ["Tunnus"]
[columns]
noted_on = "Päivä"
text = ["Otsikko", "Havainto"]
"""


def read(text: str) -> ColumnMap:
    return read_column_map(text.encode(), name="havainnot.columns.toml")


def test_a_map_is_read_with_its_defaults() -> None:
    found = read(HONEST)

    assert found == ColumnMap(
        name="havainnot",
        kind=TableKind.NOTES,
        source="havainnot",
        key=("Tunnus",),
        columns={"noted_on": ("Päivä",), "text": ("Otsikko", "Havainto")},
    )
    assert found.kind.table == "core_notes__notes"
    assert found.needed_columns == ("Tunnus", "Päivä", "Otsikko", "Havainto")


def test_settings_constants_and_values_are_read() -> None:
    found = read(
        HONEST.replace('key = ["Tunnus"]', 'key = "Tunnus"\ndecimal = "."\nsheet = "Taul1"')
        + 'kind_reported_code = "Luonne"\n[constants]\nunit_name = "Pääkirjasto"\n'
        + '[values.kind_reported_code]\n"  Iso  KIITOS" = "kiitos"\n"*" = ""\n'
    )

    assert (found.key, found.decimal, found.sheet) == (("Tunnus",), ".", "Taul1")
    assert found.constants == {"unit_name": "Pääkirjasto"}
    assert found.values == {"kind_reported_code": {"iso kiitos": "kiitos", "*": ""}}


def test_the_number_is_the_key_of_a_register_without_one() -> None:
    found = read(
        '[table]\nkind = "register"\nsource = "asianhallinta"\n[columns]\n'
        'register_number = "Diaarinumero"\ntitle = "Asia"\nfiled_on = "Vireille"\n'
    )

    assert found.key == ("Diaarinumero",)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("[columns]", "[sarakkeet]", r"^sarakkeet: found a key .* expected one of table, columns"),
        ("key =", "avain =", r"^table\.avain: found a key .* expected one of kind, source"),
        ('kind = "notes"', "", r"^table\.kind: found nothing"),
        ('"notes"', '"huomiot"', r"^table\.kind: found 'huomiot', expected one of tickets"),
        ('source = "havainnot"', "", r"^table\.source: found nothing"),
        ('"havainnot"', '" "', r"^table\.source: found blanks"),
        ('key = ["Tunnus"]', "", r"^table\.key: found nothing, expected the columns that identify"),
        ('"Päivä"', "3", r"^columns\.noted_on: found a value of type int"),
        (
            "noted_on =",
            "paiva =",
            r"^columns\.paiva: found a field that kind 'notes' does not have",
        ),
        ('noted_on = "Päivä"', "", r"^columns\.noted_on: found nothing"),
        ('["Otsikko", "Havainto"]', "[]", r"^columns\.text: found no column"),
        ("[columns]", 'encoding = "ebcdic"\n[columns]', r"^table\.encoding: found 'ebcdic'"),
        ("[columns]", 'decimal = ";"\n[columns]', r"^table\.decimal: found ';'"),
        ("[columns]", 'delimiter = ";;"\n[columns]', r"^table\.delimiter: found something"),
        ('"Päivä"', "Päivä", r"no TOML \(.*line 7"),
    ],
)
def test_a_mistake_is_told_with_its_key(old: str, new: str, match: str) -> None:
    assert old in HONEST

    with pytest.raises(RefusedFileError, match=match):
        read(HONEST.replace(old, new))


@pytest.mark.parametrize(
    ("added", "match"),
    [
        ('[constants]\ntext = "x"\n', r"^constants\.text: found a constant for a field that has"),
        (
            '[values.area_code]\n"x" = "y"\n',
            r"^values\.area_code: found values for a field without",
        ),
        ('[values]\ntext = "y"\n', r"^values\.text: found a single value"),
        (
            '[values.text]\n"Kiitos" = "a"\n"KIITOS " = "b"\n',
            r"^values\.text: found the same value",
        ),
        ('[values.text]\n"Kiitos" = 1\n', r'^values\.text\."Kiitos": found a value of type int'),
    ],
)
def test_a_mistake_in_values_or_constants_is_told(added: str, match: str) -> None:
    with pytest.raises(RefusedFileError, match=match):
        read(HONEST + added)


def test_the_first_map_that_fits_a_header_is_taken() -> None:
    def a_map(name: str, *match: str) -> ColumnMap:
        return ColumnMap(name, TableKind.NOTES, "s", ("a",), {}, match_columns=match)

    maps = [a_map("template"), a_map("wide", "a", "b", "c"), a_map("narrow", "a", "b")]

    assert matching_map(["b", "x", "a"], maps) == maps[2]
    assert matching_map(["a", "c", "b"], maps) == maps[1]
    assert matching_map(["a"], maps) is None


@pytest.mark.parametrize("path", sorted(MAPS.glob("*.toml")), ids=lambda path: path.name)
def test_every_map_of_the_project_is_read_and_names_only_codes_that_there_are(path: Path) -> None:
    codes = load_codes()
    lists = {
        "status_code": "ticket_status", "channel_code": "channel", "kind_reported_code": "kind",
        "service_reported_id": "services", "area_code": "areas", "department_id": "departments",
        "decision_code": "initiative_decision", "initiative_type_code": "initiative_type",
    }  # fmt: skip

    found = read_column_map(path.read_bytes(), name=path.name)

    for field in found.values.keys() & lists.keys():
        allowed = {"", *codes[lists[field]].to_series(0).to_list()}
        assert set(found.values[field].values()) <= allowed


def test_there_is_a_template_for_every_kind_and_none_is_matched_by_itself() -> None:
    templates = {
        path.name: read_column_map(path.read_bytes(), name=path.name)
        for path in MAPS.glob("*_template.columns.toml")
    }

    assert {found.kind for found in templates.values()} == set(FIELDS)
    assert all(not found.match_columns for found in templates.values())
