"""What every contract keeps: classes of columns, names, keys, words, and docs written from it."""

import re
from importlib.resources import files

import pytest
import yaml

from assets.public.reports import report_names, reports
from assets.public.tables import mart_of
from data_contracts.contract import Table, load_codes, load_contracts
from data_contracts.rules import rules_of
from pipelines.documents import stale_documents
from transforms.publish.datapackage import published_name

TABLES = list(load_contracts().values())
PUBLIC = [table for table in TABLES if table.layer == "public"]
LINEAGE = ["snapshot_on", "input_fingerprint", "code_version", "taxonomy_version"]
NAME = re.compile(r"(core|mart|public)_[a-z]+__[a-z][a-z_]*")
COLUMN = re.compile(r"[a-z][a-z0-9_]*")

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
every_public_table = pytest.mark.parametrize("table", PUBLIC, ids=lambda table: table.name)


@every_public_table
def test_public_tables_hold_open_columns_alone(table: Table) -> None:
    closed = [column.name for column in table.columns if column.classification != "open"]

    assert closed == []


@every_public_table
def test_published_name_is_the_same_in_contract_and_in_products(table: Table) -> None:
    assert table.published_name == published_name(table.name)


@every_public_table
def test_public_tables_end_with_their_lineage(table: Table) -> None:
    assert list(table.schema)[-4:] == LINEAGE


@every_public_table
def test_a_public_table_discloses_a_mart_of_the_same_name_or_is_a_report(table: Table) -> None:
    """A report is made of published cells (decision 0006), so it needs no mart to be disclosed."""
    assert mart_of(table.name) in load_contracts() or table.name in report_names()


def test_reports_read_published_tables_and_of_marts_the_words_of_departments_alone() -> None:
    """Actions and goals are the departments' own rows, approvals are what a person has written or
    let out; every figure comes from a public table.
    """
    words = {
        "mart_action__plan_status",
        "mart_budget__goal_evidence",
        "mart_department__summary_approvals",
        "mart_text__approvals",
    }

    marts = {mart for report in reports() for mart in report.words}
    others = {name for report in reports() for name in report.reports}

    assert marts <= words
    assert others <= {table.name for table in PUBLIC}


def test_published_names_are_distinct() -> None:
    names = [table.published_name for table in PUBLIC]

    assert sorted(names) == sorted(set(names))


#: The catalogue asks for examples of a topic by their ids, for analysts who read core anyway (D08).
_EXAMPLES = {"mart_feedback__topics.example_text_ids"}


def test_marts_hold_neither_words_nor_keys_of_residents_but_ids_of_example_texts() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in TABLES
        if table.layer == "mart"
        for column in table.columns
        if column.classification in {"personal", "pseudonymous"}
    }

    assert found == _EXAMPLES


def test_ids_of_example_texts_are_in_no_public_table() -> None:
    printed = {name for table in PUBLIC for name in table.schema}

    assert printed.isdisjoint(name.partition(".")[2] for name in _EXAMPLES)


@every_table
def test_tables_and_columns_are_named_as_style_says(table: Table) -> None:
    assert NAME.fullmatch(table.name)
    assert all(COLUMN.fullmatch(column.name) for column in table.columns)


@every_table
def test_every_table_has_a_key_a_grain_an_owner_and_a_finnish_title(table: Table) -> None:
    assert table.key
    assert table.grain.startswith("One row per")
    assert table.owner
    assert table.title_fi
    assert re.fullmatch(r"\d+\.\d+\.\d+", table.version)


@every_table
def test_key_columns_are_required(table: Table) -> None:
    optional = [c.name for c in table.columns if c.is_key and not c.is_required]

    assert optional == []


@every_table
def test_every_column_says_what_it_is_in_both_languages(table: Table) -> None:
    silent = [c.name for c in table.columns if not (c.label_fi.strip() and c.description.strip())]

    assert silent == []


@every_table
def test_finnish_labels_of_a_table_are_distinct_so_that_its_spreadsheet_has_no_twin_headings(
    table: Table,
) -> None:
    labels = [column.label_fi for column in table.columns]

    assert sorted(labels) == sorted(set(labels))


@every_table
def test_rules_of_a_table_are_known_and_have_names_of_their_own(table: Table) -> None:
    names = [rule.name for rule in rules_of(table)]

    assert sorted(names) == sorted(set(names))


@every_table
def test_rules_speak_of_columns_that_the_table_has(table: Table) -> None:
    strangers = [r.name for r in rules_of(table) if not set(r.columns) <= set(table.schema)]

    assert strangers == []


@every_table
def test_code_columns_name_a_code_list_that_exists(table: Table) -> None:
    named = {column.code_list for column in table.columns if column.code_list}

    assert named <= set(load_codes())


@every_table
def test_forms_have_no_capturing_groups_since_great_expectations_warns_of_them(
    table: Table,
) -> None:
    forms = [column.pattern for column in table.columns if column.pattern]

    assert [form for form in forms if re.compile(form).groups] == []


def test_columns_of_one_name_have_one_type_in_every_table() -> None:
    types: dict[str, set[str]] = {}
    for table in TABLES:
        for column in table.columns:
            types.setdefault(column.name, set()).add(str(column.dtype))

    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_generated_docs_are_in_step_with_the_contracts() -> None:
    assert stale_documents() == []


def test_contract_files_are_valid_by_the_standard_s_own_model() -> None:
    model = pytest.importorskip("open_data_contract_standard.model").OpenDataContractStandard
    folder = files("data_contracts")
    documents = [
        yaml.safe_load(entry.read_bytes())
        for entry in folder.iterdir()
        if entry.name.endswith(".odcs.yaml")
    ]

    read = [model.model_validate(document) for document in documents]

    assert [contract.id for contract in read] == [document["id"] for document in documents]
