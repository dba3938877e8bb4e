"""Rules of a contract in both gates: each kind kept and broken, row by row and at rest."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import Table
from data_contracts.errors import ContractError, UnknownRuleError
from data_contracts.expectations import expectations_of, with_rule_columns
from data_contracts.row_rules import breaks_rule, first_broken_rule, row_rules_of
from data_contracts.rules import Rule, RuleKind, rules_of
from tests.support.tables import column, cross_rule, table

TREES = table(
    column("tree_id", is_key=True, is_required=True),
    column("language_code", code_list="language"),
    column("spoken", code_list="language", separator=";"),
    column("park_id", pattern="^[A-ZÖ]{2}-[0-9]+$"),
    column("state_code"),
    column("height_m", pl.Float64(), minimum=0, maximum=60),
    column("planted_on", pl.Date()),
    column("felled_on", pl.Date()),
    column("n_all", pl.Int64()),
    column("n_left", pl.Int64()),
    column("n_right", pl.Int64()),
    cross_rules=(
        cross_rule("felled_after_planted", "not_before", column="felled_on", other="planted_on"),
        cross_rule("branches_add_up", "sum_equals", column="n_all", parts=["n_left", "n_right"]),
        cross_rule(
            "felled_has_its_day",
            "given_when",
            column="felled_on",
            other="state_code",
            values=["felled", "fallen"],
        ),
        cross_rule("state_has_park", "given_when", column="park_id", other="state_code"),
        cross_rule("planted_or_felled", "one_given", column="planted_on", other="felled_on"),
    ),
)
HONEST = {
    "tree_id": "a",
    "language_code": "fi",
    "spoken": "fi;sv",
    "park_id": "TÖ-1",
    "state_code": "stands",
    "height_m": 12.5,
    "planted_on": date(2020, 5, 1),
    "felled_on": date(2024, 5, 1),
    "n_all": 5,
    "n_left": 2,
    "n_right": 3,
}


def tree(**changes: object) -> pl.DataFrame:
    return pl.DataFrame([{**HONEST, **changes}], schema=TREES.schema)


def rule(name: str, contract: Table = TREES) -> Rule:
    [found] = [r for r in rules_of(contract) if r.name == name]
    return found


def broken_by(frame: pl.DataFrame) -> str | None:
    return frame.select(first_broken_rule(TREES, present=set(frame.columns))).item()


def test_rules_come_in_contract_order_with_the_key_last() -> None:
    assert [(r.name, str(r.kind)) for r in rules_of(TREES)] == [
        ("tree_id_is_given", "required"),
        ("language_code_is_a_known_code", "in_code_list"),
        ("spoken_are_known_codes", "all_in_code_list"),
        ("park_id_has_its_form", "matches"),
        ("height_m_is_large_enough", "at_least"),
        ("height_m_is_small_enough", "at_most"),
        ("felled_after_planted", "not_before"),
        ("branches_add_up", "sum_equals"),
        ("felled_has_its_day", "given_when"),
        ("state_has_park", "given_when"),
        ("planted_or_felled", "one_given"),
        ("key_is_unique", "unique"),
    ]


def test_bounds_stand_in_the_words_that_a_rejected_row_is_given() -> None:
    assert rule("height_m_is_large_enough").expected == "At least 0."
    assert rule("height_m_is_small_enough").expected == "At most 60."
    assert rule("language_code_is_a_known_code").expected == "A code of codes/language.csv."
    assert rule("spoken_are_known_codes").expected == "Codes of codes/language.csv joined by ;."
    assert rule("park_id_has_its_form").expected == "A text of the form ^[A-ZÖ]{2}-[0-9]+$."


def test_an_unknown_kind_of_rule_is_an_error_and_not_a_check_that_never_runs() -> None:
    odd = table(column("a"), cross_rules=(cross_rule("a_is_green", "green_equals", column="a"),))

    with pytest.raises(UnknownRuleError, match=r"asks for rule 'green_equals' \(a_is_green\)"):
        rules_of(odd)


def test_a_table_without_a_key_has_no_rule_of_uniqueness() -> None:
    assert rules_of(table(column("a"))) == ()


def test_an_honest_row_breaks_nothing() -> None:
    assert broken_by(tree()) is None


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"tree_id": None}, "tree_id_is_given"),
        ({"language_code": "xx"}, "language_code_is_a_known_code"),
        ({"height_m": -0.1}, "height_m_is_large_enough"),
        ({"height_m": 60.1}, "height_m_is_small_enough"),
        ({"felled_on": date(2020, 4, 30)}, "felled_after_planted"),
        ({"n_all": 6}, "branches_add_up"),
        ({"spoken": "fi;xx"}, "spoken_are_known_codes"),
        ({"spoken": "fi, sv"}, "spoken_are_known_codes"),
        ({"spoken": ""}, "spoken_are_known_codes"),
        ({"park_id": "TÖ 1"}, "park_id_has_its_form"),
        ({"state_code": "felled", "felled_on": None}, "felled_has_its_day"),
        ({"state_code": "stands", "park_id": None}, "state_has_park"),
        ({"planted_on": None, "felled_on": None}, "planted_or_felled"),
    ],
)
def test_a_row_that_breaks_one_rule_is_given_its_name(
    changes: dict[str, object], name: str
) -> None:
    assert broken_by(tree(**changes)) == name


@pytest.mark.parametrize(
    "changes",
    [
        {"height_m": 0.0},
        {"height_m": 60.0},
        {"felled_on": date(2020, 5, 1)},
        {"n_all": 0, "n_left": 0, "n_right": 0},
        {"spoken": "sv"},
        {"state_code": "felled"},
        {"state_code": None, "park_id": None},
    ],
)
def test_bounds_themselves_are_kept(changes: dict[str, object]) -> None:
    assert broken_by(tree(**changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"language_code": None},
        {"height_m": None},
        {"planted_on": None},
        {"felled_on": None},
        {"n_all": None},
        {"n_left": None},
        {"spoken": None},
        {"state_code": None},
    ],
)
def test_null_breaks_nothing_but_rules_that_ask_for_a_value(changes: dict[str, object]) -> None:
    assert broken_by(tree(**changes)) is None


def test_a_row_that_breaks_several_rules_is_given_the_first() -> None:
    assert broken_by(tree(language_code="xx", height_m=99.0)) == "language_code_is_a_known_code"


def test_rules_on_columns_that_are_not_there_yet_are_left_out() -> None:
    frame = tree(height_m=99.0, n_all=9).drop("height_m", "n_left")

    assert broken_by(frame) is None


def test_a_frame_without_any_ruled_column_breaks_nothing() -> None:
    frame = pl.DataFrame({"other": [1, 2]})

    names = frame.with_columns(first_broken_rule(TREES, present={"other"}).alias("name"))["name"]

    assert names.to_list() == [None, None]


def test_an_empty_frame_has_no_broken_row() -> None:
    frame = tree().clear()

    names = frame.select(first_broken_rule(TREES, present=set(frame.columns)))

    assert names.height == 0


def test_uniqueness_is_no_rule_of_one_row() -> None:
    assert "key_is_unique" not in {r.name for r in row_rules_of(TREES)}
    with pytest.raises(ValueError, match="at rest"):
        breaks_rule(rule("key_is_unique"))


def test_the_suite_has_the_columns_first_and_one_expectation_a_rule() -> None:
    suite = expectations_of(TREES)

    assert [(e.type, e.arguments.get("column")) for e in suite] == [
        ("expect_table_columns_to_match_ordered_list", None),
        ("expect_column_values_to_not_be_null", "tree_id"),
        ("expect_column_values_to_be_in_set", "language_code"),
        ("expect_column_values_to_match_regex", "spoken"),
        ("expect_column_values_to_match_regex", "park_id"),
        ("expect_column_values_to_be_between", "height_m"),
        ("expect_column_values_to_be_between", "height_m"),
        ("expect_column_values_to_be_in_set", "felled_after_planted"),
        ("expect_column_values_to_be_in_set", "branches_add_up"),
        ("expect_column_values_to_be_in_set", "felled_has_its_day"),
        ("expect_column_values_to_be_in_set", "state_has_park"),
        ("expect_column_values_to_be_in_set", "planted_or_felled"),
        ("expect_column_values_to_be_unique", "tree_id"),
    ]
    assert suite[3].arguments["regex"] == "^(?:fi|sv|en|other|und)(?:;(?:fi|sv|en|other|und))*$"
    assert suite[4].arguments["regex"] == "^[A-ZÖ]{2}-[0-9]+$"
    assert suite[5].arguments == {"column": "height_m", "min_value": 0}
    assert suite[6].arguments == {"column": "height_m", "max_value": 60}
    assert suite[7].arguments["value_set"] == [True]


def test_a_key_of_several_columns_is_unique_as_a_whole() -> None:
    pair = table(
        column("a", is_key=True, is_required=True), column("b", is_key=True, is_required=True)
    )

    last = expectations_of(pair)[-1]

    assert last.type == "expect_compound_columns_to_be_unique"
    assert last.arguments == {"column_list": ["a", "b"]}


def test_both_gates_ask_the_same_question_of_rules_over_several_columns() -> None:
    frame = pl.concat([tree(), tree(n_all=6), tree(felled_on=date(2019, 1, 1)), tree(n_all=None)])

    ruled = with_rule_columns(frame, TREES)

    assert ruled["branches_add_up"].to_list() == [True, False, True, True]
    assert ruled["felled_after_planted"].to_list() == [True, True, False, True]
    assert ruled.columns == expectations_of(TREES)[0].arguments["column_list"]


def test_the_frame_handed_in_is_left_as_it_was() -> None:
    frame = tree()

    with_rule_columns(frame, TREES)

    assert frame.columns == list(TREES.schema)


def test_a_rule_on_a_code_list_that_does_not_exist_is_an_error() -> None:
    odd = table(column("a", code_list="colours"))

    with pytest.raises(ContractError, match="colours"):
        expectations_of(odd)


@pytest.mark.parametrize("kind", list(RuleKind))
def test_every_kind_of_rule_stands_in_the_trees_contract_and_so_in_these_tests(
    kind: RuleKind,
) -> None:
    assert kind in {r.kind for r in rules_of(TREES)}
