"""Contract files read into tables; whatever the program does not know is an error."""

import copy
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from data_contracts import contract
from data_contracts.contract import CITY_TIME, Table, code_values, load_codes, load_contracts
from data_contracts.errors import ContractError

DOCUMENT: dict[str, Any] = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "core_trees",
    "name": "Puut",
    "version": "1.2.3",
    "status": "active",
    "domain": "trees",
    "team": {"name": "kuulolla", "members": [{"username": "puutarhurit", "role": "owner"}]},
    "schema": [
        {
            "name": "core_trees__trees",
            "description": "Trees of the city's parks.",
            "dataGranularityDescription": "One row per tree.",
            "customProperties": [
                {"property": "titleFi", "value": "Kaupungin puut"},
                {"property": "datasetId", "value": "D99"},
                {"property": "hasRejects", "value": True},
            ],
            "properties": [
                {
                    "name": "tree_id",
                    "logicalType": "string",
                    "physicalType": "String",
                    "primaryKey": True,
                    "required": True,
                    "classification": "pseudonymous",
                    "businessName": "Puun tunnus",
                    "description": "Key of the tree.",
                },
                {
                    "name": "language_code",
                    "logicalType": "string",
                    "physicalType": "String",
                    "classification": "open",
                    "businessName": "Kieli",
                    "description": "Language of the plate.",
                    "quality": [
                        {
                            "metric": "invalidValues",
                            "arguments": {"codeList": "language"},
                            "mustBe": 0,
                        }
                    ],
                },
                {
                    "name": "planted_at",
                    "logicalType": "timestamp",
                    "physicalType": "Datetime",
                    "classification": "internal",
                    "businessName": "Istutettu",
                    "description": "Moment of planting.",
                },
                {
                    "name": "height_m",
                    "logicalType": "number",
                    "physicalType": "Float64",
                    "classification": "open",
                    "businessName": "Korkeus",
                    "description": "Height in metres.",
                    "logicalTypeOptions": {"minimum": 0, "maximum": 60},
                },
            ],
            "quality": [
                {
                    "name": "felled_after_planted",
                    "type": "custom",
                    "engine": "kuulolla",
                    "description": "A tree is felled after it is planted.",
                    "implementation": {
                        "rule": "not_before",
                        "column": "felled_at",
                        "other": "planted_at",
                    },
                }
            ],
        }
    ],
}


def read(document: dict[str, Any], folder: Path) -> Table:
    path = folder / "core_trees.odcs.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    [(table, _)] = contract._read_file(path)
    return table


def changed(column: int, **changes: object) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    document["schema"][0]["properties"][column].update(changes)
    return document


def test_a_contract_is_read_whole(tmp_path: Path) -> None:
    table = read(DOCUMENT, tmp_path)

    assert (table.name, table.version, table.owner) == ("core_trees__trees", "1.2.3", "puutarhurit")
    assert (table.title_fi, table.dataset_id, table.has_rejects) == ("Kaupungin puut", "D99", True)
    assert table.key == ("tree_id",)
    assert table.layer == "core"
    assert table.published_name == "trees_trees"
    assert dict(table.schema) == {
        "tree_id": pl.String(),
        "language_code": pl.String(),
        "planted_at": CITY_TIME,
        "height_m": pl.Float64(),
    }
    assert table.names(classification="open") == ("language_code", "height_m")
    assert table.columns[1].code_list == "language"
    assert (table.columns[3].minimum, table.columns[3].maximum) == (0, 60)
    assert table.cross_rules[0].kind == "not_before"
    assert table.cross_rules[0].arguments == {"column": "felled_at", "other": "planted_at"}


def test_moments_are_city_time_in_microseconds() -> None:
    assert pl.Datetime("us", "Europe/Helsinki") == CITY_TIME


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"colour": "green"}, r"column 'tree_id' has unknown keys \['colour'\]"),
        ({"physicalType": "Int32"}, "column 'tree_id' has unknown type 'Int32'"),
        ({"classification": "secret"}, "column 'tree_id' has unknown class 'secret'"),
        ({"quality": [{"metric": "duplicateValues", "mustBe": 0}]}, "unknown column rule"),
        (
            {"quality": [{"metric": "invalidValues", "arguments": {"pattern": "x"}}]},
            "unknown column rule",
        ),
    ],
)
def test_what_a_column_may_not_say_is_an_error_that_names_file_and_table(
    changes: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ContractError, match=sentence) as caught:
        read(changed(0, **changes), tmp_path)

    assert str(caught.value).startswith("core_trees.odcs.yaml, table 'core_trees__trees':")


@pytest.mark.parametrize("key", ["name", "physicalType", "classification", "businessName"])
def test_a_column_without_a_word_it_owes_is_an_error(key: str, tmp_path: Path) -> None:
    document = copy.deepcopy(DOCUMENT)
    del document["schema"][0]["properties"][2][key]

    with pytest.raises(ContractError, match=key):
        read(document, tmp_path)


@pytest.mark.parametrize("key", ["description", "dataGranularityDescription", "properties"])
def test_a_table_without_a_word_it_owes_is_an_error(key: str, tmp_path: Path) -> None:
    document = copy.deepcopy(DOCUMENT)
    del document["schema"][0][key]

    with pytest.raises(ContractError, match=key):
        read(document, tmp_path)


def test_tables_with_rejected_rows_have_a_sibling_of_the_template_s_shape() -> None:
    contracts = load_contracts()

    table, sibling = contracts["core_notes__notes"], contracts["core_notes__notes_rejected"]

    assert (sibling.owner, sibling.domain, sibling.version) == (
        table.owner,
        table.domain,
        table.version,
    )
    assert list(sibling.schema)[:2] == list(contracts["core_ideas__ideas_rejected"].schema)[:2]
    assert not sibling.has_rejects


def test_tables_without_rejects_and_templates_have_no_sibling() -> None:
    names = set(load_contracts())

    assert "core_acts__acts_rejected" not in names
    assert "rejected_rows" not in names


def test_code_lists_are_text_with_null_for_empty() -> None:
    services = load_codes()["services"]

    assert set(services.dtypes) == {pl.String()}
    assert services.filter(service_id="kadut")["valid_to"].item() is None


def test_code_values_are_the_first_column_in_the_file_s_order() -> None:
    assert code_values("milestone") == ["first_reply", "acknowledged", "done"]


def test_a_code_list_that_does_not_exist_is_named() -> None:
    with pytest.raises(ContractError, match=r"codes/colours\.csv does not exist"):
        code_values("colours")
