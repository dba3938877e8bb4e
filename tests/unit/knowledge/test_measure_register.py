"""D01: measures in the order of the model, and links that hold on both sides."""

import polars as pl
import pytest

from data_contracts.contract import load_codes, load_contracts
from transforms.clean.reference import reference_table
from transforms.knowledge.measure_register import compute_measure_register

NAME = "core_reference__measures"


@pytest.fixture
def measures() -> pl.DataFrame:
    return reference_table(NAME, codes=load_codes(), schema=load_contracts()[NAME].schema)


def test_the_register_has_every_measure_and_the_columns_of_its_contract(
    measures: pl.DataFrame,
) -> None:
    register = compute_measure_register(measures)

    assert register.height == 37
    contract = load_contracts()["mart_measure__register"].schema
    assert list(register.schema.items()) == list(contract.items())[:-4]


def test_versions_follow_each_other_and_sections_are_in_order(measures: pl.DataFrame) -> None:
    register = compute_measure_register(measures.sort("title_fi"))

    assert register["measure_id"].head(3).to_list() == ["2020-3.1.1", "2020-3.1.2", "2020-3.1.3"]
    assert register["measure_id"].tail(2).to_list() == ["2023-2.4.5", "2023-2.4.6"]


def test_a_link_that_holds_on_one_side_only_is_refused(measures: pl.DataFrame) -> None:
    is_it = pl.col("measure_id") == "2023-2.1.1"
    torn = measures.with_columns(predecessor_ids=pl.when(~is_it).then("predecessor_ids"))

    with pytest.raises(ValueError, match=r"'2020-3\.1\.1' and '2023-2\.1\.1' are linked on one"):
        compute_measure_register(torn)
