"""The project's own templates are known by their headers; what lacks one is told which."""

import pytest

from data_contracts.contract import load_contracts
from data_contracts.templates import filled_columns, labels_fi, listed_columns, spellings
from transforms.parse.column_map import ColumnMap, matching_map, read_column_map
from transforms.parse.mapped_table import parse_column_mapped
from transforms.parse.table_kind import TableKind
from transforms.parse.template_map import headers_of, missing_columns, template_maps
from transforms.parse.unrecognised import why_unrecognised

MAPS = template_maps()
every_template = pytest.mark.parametrize("name", sorted(MAPS))
MESSAGE = "Tunnus;Toimiala;Mistä kerrottiin;Kohteen tunnus;Kohderyhmät;Kerrottu\n"


def headers(column_map: ColumnMap) -> list[str]:
    return [column for columns in column_map.columns.values() for column in columns]


@every_template
def test_a_whole_header_finds_its_own_template_and_no_other(name: str) -> None:
    found = matching_map(headers(MAPS[name]), list(MAPS.values()))

    assert found == MAPS[name]


@every_template
def test_the_required_columns_alone_find_it_too(name: str) -> None:
    found = matching_map(MAPS[name].match_columns, list(MAPS.values()))

    assert found == MAPS[name]


def test_optional_columns_may_be_missing_and_are_null() -> None:
    column_map = MAPS["template/messages"].fitted(MESSAGE.strip().split(";"))

    parsed = parse_column_mapped(
        (MESSAGE + "V1;Konserni;Aloite;A1;Asukkaat;1.2.2026\n").encode(),
        name="v.csv",
        column_map=column_map,
    )

    row = parsed.frames["core_actions__messages"].row(0, named=True)
    assert (row["message_id"], row["message_channels"], row["is_repeated"]) == ("V1", None, "false")


def test_later_rows_of_one_id_are_marked_and_empty_ids_are_not() -> None:
    column_map = MAPS["template/messages"].fitted(MESSAGE.strip().split(";"))
    lines = [f"{key};Konserni;Aloite;A{i};Asukkaat;\n" for i, key in enumerate(("V", "", "V", ""))]

    frame = parse_column_mapped(
        (MESSAGE + "".join(lines)).encode(), name="v.csv", column_map=column_map
    ).frames["core_actions__messages"]

    assert frame["is_repeated"].to_list() == ["false", "false", "true", "false"]


def test_a_map_of_a_city_s_own_is_not_fitted() -> None:
    own = read_column_map(
        b'[table]\nkind = "notes"\nsource = "s"\nkey = ["A"]\n[columns]\nnoted_on = "A"\ntext = "B"'
        b'\nunit_name = "C"',
        name="own.columns.toml",
    )

    assert own.fitted(["A", "B"]) == own


def test_a_city_s_own_headers_of_a_list_kept_by_hand_need_no_key_in_its_map() -> None:
    lines = [f'{field} = "{field.upper()}"' for field in TableKind.INFLUENCE_BODIES.required]
    text = '[table]\nkind = "influence_bodies"\nsource = "s"\n[columns]\n' + "\n".join(lines)

    own = read_column_map(text.encode(), name="own.columns.toml")

    assert own.key == ("BODY_ID", "ACTIVITY_YEAR")
    assert headers_of(own)["body_id"] == "BODY_ID"
    assert headers_of(own)["n_members"] == "Jäseniä"


def test_a_header_with_a_misspelt_column_is_told_what_it_lacks() -> None:
    text = MESSAGE.replace("Kohderyhmät", "Kohderyhmat") + "V1;a;b;c;d;e\n"

    why = why_unrecognised("viestit.csv", text.encode())

    assert why.startswith("Tiedosto muistuttaa mallia viestit, mutta siitä puuttuu pakollinen")
    assert "”Kohderyhmät”" in why
    assert "'Kohderyhmat'" in why


@pytest.mark.parametrize(
    "header",
    [[], ["Tunnus"], ["Tunnus", "Toimiala", "Palvelu", "Aihe", "Sää", "Tuuli", "Sade", "Lumi"]],
)
def test_a_table_that_is_no_template_is_not_taken_for_one(header: list[str]) -> None:
    assert missing_columns(header) is None


@every_template
def test_every_allowed_value_of_a_template_is_read_back(name: str) -> None:
    table = load_contracts()[MAPS[name].kind.table]
    lists = {c.label_fi: c for c in filled_columns(table) if c.code_list}

    for header, labels in listed_columns(table).items():
        column = lists[header]
        known = spellings(str(column.code_list))
        assert {" ".join(label.lower().split()) for label in labels} <= set(known)
        if column.separator:
            assert not any("," in label or ";" in label for label in labels)


def test_a_label_that_two_codes_share_names_neither() -> None:
    shared = "hallinnon avoimuus"  # a measure of both versions of the model

    assert shared not in spellings("measures")
    assert spellings("measures")["2023-2.4.6"] == "2023-2.4.6"
    assert "2023-2.4.6" in labels_fi("measures")
    assert labels_fi("audience")[0] == "Henkilöstö"
