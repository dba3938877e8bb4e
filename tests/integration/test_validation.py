"""The gate at rest: Great Expectations over stored tables, its verdicts and its pages."""

import os
import re
from dataclasses import replace

import polars as pl
import pytest

from assets.checks import suites
from assets.checks.suites import Suites
from assets.checks.validation import Quality
from assets.checks.verdicts import Verdict
from assets.store import TableStore
from data_contracts.contract import Table
from tests.support.tables import column, cross_rule, table

MARKER = "merkkisana"
TREES = table(
    column("tree_id", is_key=True, is_required=True),
    column("language_code", code_list="language"),
    column("height_m", pl.Float64(), minimum=0, maximum=60),
    column("text", classification="personal"),
    column("n_all", pl.Int64()),
    column("n_left", pl.Int64()),
    column("n_right", pl.Int64()),
    cross_rules=(
        cross_rule("branches_add_up", "sum_equals", column="n_all", parts=["n_left", "n_right"]),
    ),
)
HONEST = {
    "tree_id": f"{MARKER} a",
    "language_code": "fi",
    "height_m": 12.5,
    "text": f"{MARKER} koivu",
    "n_all": 5,
    "n_left": 2,
    "n_right": 3,
}
VERSION = "0.1.0+0a1b2c3d"
ADDRESS = re.compile(r"https?://[^\s\"'<>)]+|(?:src|href)=[\"']//[^\"']+", re.I)


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([HONEST | row for row in rows], schema=TREES.schema)


def validated(quality: Quality, content: pl.DataFrame, contract: Table = TREES) -> Verdict:
    quality.store.write(contract, content, fingerprint="f")
    verdict, is_earlier = quality.validate(contract, code_version=VERSION)
    assert not is_earlier
    return verdict


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> Quality:
    """One context for the module: making one takes seconds."""
    root = tmp_path_factory.mktemp("quality")
    return Quality(root / "quality", TableStore(root / "tables"))


def renamed(name: str) -> Table:
    return replace(TREES, name=name)


def test_a_table_that_keeps_its_contract_passes_every_expectation(quality: Quality) -> None:
    verdict = validated(quality, frame({}, {"tree_id": "b", "height_m": None}))

    assert verdict.passed
    assert verdict.broken == []
    # Columns, required, code list, two bounds, the sum, the key.
    assert verdict.n_expectations == 7


def test_an_empty_table_keeps_its_contract(quality: Quality) -> None:
    verdict = validated(quality, frame({}).clear(), renamed("core_trees__empty"))

    assert verdict.passed


def test_forms_lists_of_codes_and_values_asked_for_are_checked_at_rest_too(
    quality: Quality,
) -> None:
    contract = table(
        column("park_id", is_key=True, is_required=True, pattern="^[A-Z]-[0-9]+$"),
        column("spoken", code_list="language", separator=";"),
        column("closed_by_name"),
        cross_rules=(
            cross_rule("spoken_has_closer", "given_when", column="closed_by_name", other="spoken"),
            cross_rule("either_is_given", "one_given", column="spoken", other="closed_by_name"),
        ),
        name="core_trees__parks",
    )
    bad = pl.DataFrame(
        [("T-1", "fi;sv", "a"), ("t1", "fi;xx", None), ("T-2", None, None)],
        schema=contract.schema,
        orient="row",
    )

    honest = validated(quality, bad.head(1), contract)
    verdict = validated(quality, bad, contract)

    assert honest.broken == []
    assert verdict.broken == [
        "expect_column_values_to_match_regex (park_id): 1 rows",
        "expect_column_values_to_match_regex (spoken): 1 rows",
        "expect_column_values_to_be_in_set (spoken_has_closer): 1 rows",
        "expect_column_values_to_be_in_set (either_is_given): 1 rows",
    ]


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        ({"tree_id": None}, "expect_column_values_to_not_be_null (tree_id): 1 rows"),
        ({"language_code": "xx"}, "expect_column_values_to_be_in_set (language_code): 1 rows"),
        ({"height_m": -1.0}, "expect_column_values_to_be_between (height_m): 1 rows"),
        ({"height_m": 61.0}, "expect_column_values_to_be_between (height_m): 1 rows"),
        ({"n_all": 6}, "expect_column_values_to_be_in_set (branches_add_up): 1 rows"),
        ({}, "expect_column_values_to_be_unique (tree_id): 2 rows"),
    ],
    ids=["required", "code", "too_small", "too_large", "sum", "key"],
)
def test_a_broken_rule_fails_with_its_name_and_a_count_and_without_a_value(
    quality: Quality, row: dict[str, object], broken: str
) -> None:
    other = {} if not row else {"tree_id": f"{MARKER} b"} | row

    verdict = validated(quality, frame({}, other), renamed("core_trees__broken"))

    assert not verdict.passed
    assert verdict.broken == [broken]
    assert MARKER not in "".join(verdict.broken)


def test_a_key_of_two_columns_is_unique_as_a_pair(quality: Quality) -> None:
    pair = table(
        column("a", is_key=True, is_required=True),
        column("b", is_key=True, is_required=True),
        name="core_trees__pairs",
    )
    good = pl.DataFrame({"a": ["x", "x"], "b": ["y", "z"]})
    bad = pl.DataFrame({"a": ["x", "x"], "b": ["y", "y"]})

    assert validated(quality, good, pair).passed
    assert validated(quality, bad, pair).broken == [
        "expect_compound_columns_to_be_unique (['a', 'b']): 2 rows"
    ]


def test_a_verdict_on_the_same_content_is_given_again_without_asking(
    quality: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = renamed("core_trees__again")
    first = validated(quality, frame({}), again)
    monkeypatch.setattr(Suites, "run", lambda *_, **__: pytest.fail("asked again"))

    verdict, is_earlier = quality.validate(again, code_version=VERSION)

    assert is_earlier
    assert verdict == first


@pytest.mark.parametrize("change", ["content", "program"])
def test_another_content_and_another_program_are_asked_anew(quality: Quality, change: str) -> None:
    anew = renamed(f"core_trees__{change}")
    validated(quality, frame({}), anew)
    if change == "content":
        quality.store.write(anew, frame({"height_m": 1.0}), fingerprint="g")

    _, is_earlier = quality.validate(
        anew, code_version=VERSION if change == "content" else "0.2.0+ffffffff"
    )

    assert not is_earlier


def test_a_failure_is_asked_anew_every_time(quality: Quality) -> None:
    failing = renamed("core_trees__failing")
    validated(quality, frame({"n_all": 6}), failing)

    verdict, is_earlier = quality.validate(failing, code_version=VERSION)

    assert (verdict.passed, is_earlier) == (False, False)


def test_docs_are_written_anew_only_of_what_was_validated_since(quality: Quality) -> None:
    validated(quality, frame({}), renamed("core_trees__early"))
    site = quality.build_docs().parent
    validated(quality, frame({}), renamed("core_trees__late"))
    early = next((site / "validations" / "core_trees__early").rglob("*.html"))
    written_at = early.stat().st_mtime_ns

    quality.build_docs()

    assert early.stat().st_mtime_ns == written_at
    assert list((site / "validations" / "core_trees__late").rglob("*.html"))


def test_pages_of_a_run_that_was_killed_before_they_were_clean_are_written_anew(
    quality: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    validated(quality, frame({}), renamed("core_trees__killed"))
    with monkeypatch.context() as patched:
        patched.setattr(suites, "clean_page", raise_killed)
        with pytest.raises(KeyboardInterrupt):
            quality.build_docs()

    left_behind = strangers_of(quality, "core_trees__killed")

    quality.build_docs()

    assert left_behind
    assert strangers_of(quality, "core_trees__killed") == []


def strangers_of(quality: Quality, table_name: str) -> list[str]:
    pages = (quality.root / "gx").rglob(f"{table_name}/**/*.html")
    texts = [page.read_text(encoding="utf-8") for page in pages]
    assert texts
    return [found for text in texts for found in re.findall(r"<(?:script|link)[^>]*https?:", text)]


def raise_killed(_: object) -> None:
    raise KeyboardInterrupt


def test_data_docs_name_no_other_host_and_hold_no_row(quality: Quality) -> None:
    validated(quality, frame({}, {"tree_id": f"{MARKER} b", "n_all": 6}), renamed("core_trees__z"))

    front = quality.build_docs()

    pages = list(front.parent.rglob("*.html"))
    texts = {page.name: page.read_text(encoding="utf-8") for page in pages}
    strangers = {
        (name, address)
        for name, text in texts.items()
        for address in ADDRESS.findall(text)
        if not address.startswith("http://www.w3.org/")
    }
    assert len(pages) > 2
    assert strangers == set()
    assert [name for name, text in texts.items() if MARKER in text] == []


def test_the_front_page_lists_every_table_with_its_result(quality: Quality) -> None:
    validated(quality, frame({}), renamed("core_trees__shown"))
    validated(quality, frame({"n_all": 6}), renamed("core_trees__shown_broken"))

    text = quality.build_docs().read_text(encoding="utf-8")

    rows = dict(re.findall(r">(core_trees__\w+)<.*?<td>(\w+)</td>", text))
    assert rows["core_trees__shown"] == "passed"
    assert rows["core_trees__shown_broken"] == "failed"


def test_nothing_that_is_kept_of_a_validation_holds_a_value(quality: Quality) -> None:
    validated(quality, frame({}, {"tree_id": f"{MARKER} b"}), renamed("core_trees__kept"))

    kept = [path for path in quality.root.rglob("*") if path.is_file()]

    assert [path.name for path in kept if MARKER.encode() in path.read_bytes()] == []


def test_great_expectations_is_told_that_analytics_are_off(quality: Quality) -> None:
    from great_expectations.data_context.data_context.context_factory import project_manager

    validated(quality, frame({}), renamed("core_trees__off"))

    assert project_manager.get_current_project().variables.analytics_enabled is False
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
