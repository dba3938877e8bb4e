"""Tables are computed when something behind them has changed, and only then."""

from collections.abc import Callable, Mapping
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from assets import keeping
from assets.errors import BrokenPromiseError
from assets.house import House
from assets.keeping import keep_tables
from tests.support.houses import house_in
from tests.support.tables import column, table

TREES = table(column("tree_id"))
LEAVES = table(column("leaf_id", classification="personal"), name="core_trees__leaves")
FRAMES = {
    TREES.name: pl.DataFrame({"tree_id": ["koivu"]}),
    LEAVES.name: pl.DataFrame({"leaf_id": ["merkkisana", "toinen"]}),
}
BOTH = (TREES.name, LEAVES.name)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(keeping, "load_contracts", lambda: {t.name: t for t in (TREES, LEAVES)})
    monkeypatch.setattr(keeping, "code_version", lambda: "0.1.0+0a1b2c3d")
    return house_in(tmp_path)


def kept(
    house: House,
    compute: Callable[[], Mapping[str, pl.DataFrame]] = lambda: FRAMES,
    *,
    inputs: tuple[str, ...] = (),
    settings: Mapping[str, object] | None = None,
) -> list[dg.MaterializeResult]:
    return list(keep_tables(house, BOTH, inputs=inputs, compute=compute, settings=settings))


def not_again() -> Mapping[str, pl.DataFrame]:
    pytest.fail("computed again")


def unchanged(results: list[dg.MaterializeResult]) -> list[object]:
    return [(result.metadata or {})["is_unchanged"] for result in results]


def test_the_first_time_everything_is_computed_and_kept(house: House) -> None:
    results = kept(house)

    assert unchanged(results) == [False, False]
    assert [(r.metadata or {})["dagster/row_count"] for r in results] == [1, 2]
    assert house.store.read(TREES.name).equals(FRAMES[TREES.name])


def test_nothing_is_computed_when_nothing_has_changed(house: House) -> None:
    first = kept(house)

    second = kept(house, not_again)

    assert unchanged(second) == [True, True]
    assert [r.data_version for r in second] == [r.data_version for r in first]
    assert [(r.metadata or {})["dagster/row_count"] for r in second] == [1, 2]


def test_other_settings_are_computed_anew(house: House) -> None:
    kept(house, settings={"as_of": "2026-03-01"})

    assert unchanged(kept(house, settings={"as_of": "2026-03-02"})) == [False, False]


def test_another_program_computes_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(house)
    monkeypatch.setattr(keeping, "code_version", lambda: "0.1.0+ffffffff")

    assert unchanged(kept(house)) == [False, False]


def test_another_content_of_an_input_is_computed_anew_and_the_same_content_is_not(
    house: House,
) -> None:
    source = table(column("seed"), name="core_trees__seeds")
    house.store.write(source, pl.DataFrame({"seed": ["a"]}), fingerprint="f")
    kept(house, inputs=(source.name,))

    house.store.write(source, pl.DataFrame({"seed": ["a"]}), fingerprint="rewritten")
    same = unchanged(kept(house, not_again, inputs=(source.name,)))
    house.store.write(source, pl.DataFrame({"seed": ["b"]}), fingerprint="f")
    other = unchanged(kept(house, inputs=(source.name,)))

    assert (same, other) == ([True, True], [False, False])


def test_a_table_that_is_gone_is_computed_again_with_its_siblings(house: House) -> None:
    kept(house)
    [path] = (house.store.root / LEAVES.name).glob("*.parquet")
    path.unlink()

    assert unchanged(kept(house)) == [False, False]


def test_a_frame_that_breaks_its_promise_is_not_kept(house: House) -> None:
    with pytest.raises(BrokenPromiseError, match=TREES.name):
        kept(house, lambda: FRAMES | {TREES.name: pl.DataFrame({"other": [1]})})

    assert house.store.manifest(TREES.name) is None


def test_metadata_of_an_internal_table_holds_no_word_of_it(house: House) -> None:
    shown = "".join(str(result.metadata) for result in kept(house))

    assert "merkkisana" not in shown
