"""What the pages know of the tables comes from the contracts: names, counts, titles, sheets."""

import pytest

from data_contracts.contract import load_contracts
from transforms.publish.public_tables import cell, public_contracts, withheld_counts
from transforms.publish.words import LANGUAGES, load_words
from transforms.publish.workbook import sheet_name

_SHEET_NAME_LENGTH = 31


def test_every_public_table_is_listed_by_its_number_in_the_catalogue():
    numbers = [table.dataset_id for table in public_contracts()]
    wanted = {f"D{number:02d}" for number in range(1, 16)}

    assert wanted <= {number for number in numbers if number}
    assert [n for n in numbers if n in wanted] == sorted(n for n in numbers if n in wanted)
    assert len(numbers) == sum(t.layer == "public" for t in load_contracts().values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_table_has_a_name_and_a_sentence_in_each_language(language):
    texts = load_words(language).texts

    for table in public_contracts():
        assert texts.get(f"dataset.{table.name}"), table.name
        assert texts.get(f"dataset.{table.name}_is", "").endswith("."), table.name


@pytest.mark.parametrize("name", ["n_acts", "n_tickets", "n_documents", "n", "n_respondents"])
def test_a_count_to_whose_null_the_contract_gives_no_meaning_is_withheld(name):
    assert name in withheld_counts()


@pytest.mark.parametrize("name", ["n_heard", "n_invited", "n_support_given", "n_promises"])
def test_a_count_whose_null_means_something_else_is_not_withheld_by_itself(name):
    assert name not in withheld_counts()
    assert name not in withheld_counts("city")


def test_a_count_that_is_left_out_of_services_is_withheld_only_above_them():
    row = {"n_open_over_14_days": None, "is_suppressed": False, "suppress_reason_code": "none"}

    found = {
        level: cell({**row, "dimension_code": level}, "n_open_over_14_days").value
        for level in ("city", "department", "service", "area")
    }

    assert found == {
        "city": "withheld", "department": "withheld", "service": "none", "area": "none",
    }  # fmt: skip


def test_sheet_names_fit_excel_end_with_a_whole_word_and_differ():
    names = [sheet_name(table) for table in public_contracts()]

    assert max(map(len, names)) <= _SHEET_NAME_LENGTH
    assert len(set(names)) == len(names)
    for table, name in zip(public_contracts(), names, strict=True):
        assert name.split() == table.title_fi.split()[: len(name.split())]
