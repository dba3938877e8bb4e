"""Tables on disk: what is promised is written, and what was damaged is never read."""

import json
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from assets.errors import BrokenPromiseError, DamagedTableError
from assets.store import TableStore, fingerprint_of
from tests.support.tables import column, table

TREES = table(column("tree_id"), column("height_m", pl.Float64()))
FRAME = pl.DataFrame({"tree_id": ["a", "b"], "height_m": [1.5, None]}, schema=TREES.schema)


@pytest.fixture
def store(tmp_path: Path) -> TableStore:
    return TableStore(tmp_path / "tables")


def data_file(store: TableStore) -> Path:
    manifest = store.manifest(TREES.name)
    assert manifest is not None
    return store.root / TREES.name / manifest.file


def test_a_table_is_read_as_it_was_written(store: TableStore) -> None:
    manifest = store.write(TREES, FRAME, fingerprint="f")

    assert_frame_equal(store.read(TREES.name), FRAME)
    assert manifest == store.manifest(TREES.name)
    assert (manifest.n_rows, manifest.contract_version, manifest.fingerprint) == (2, "1.0.0", "f")


def test_the_same_frame_gives_the_same_bytes(store: TableStore, tmp_path: Path) -> None:
    first = store.write(TREES, FRAME, fingerprint="f")
    second = TableStore(tmp_path / "other").write(TREES, FRAME.clone(), fingerprint="g")

    assert first.sha256 == second.sha256


def test_an_empty_table_keeps_its_columns(store: TableStore) -> None:
    store.write(TREES, FRAME.clear(), fingerprint="f")

    assert store.read(TREES.name).schema == TREES.schema


def test_a_new_content_leaves_one_file_and_its_manifest(store: TableStore) -> None:
    store.write(TREES, FRAME, fingerprint="f")
    store.write(TREES, FRAME.head(1), fingerprint="g")

    found = sorted(path.name for path in (store.root / TREES.name).iterdir())

    assert found == [data_file(store).name, "manifest.json"]
    assert store.read(TREES.name).height == 1


@pytest.mark.parametrize("place", [0, 40, -1])
def test_one_flipped_byte_is_found_before_it_is_read_as_a_number(
    store: TableStore, place: int
) -> None:
    store.write(TREES, FRAME, fingerprint="f")
    path = data_file(store)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    with pytest.raises(DamagedTableError, match=r"has another SHA-256 than its manifest.*Remove"):
        store.read(TREES.name)


def test_a_cut_off_file_is_found(store: TableStore) -> None:
    store.write(TREES, FRAME, fingerprint="f")
    path = data_file(store)
    path.write_bytes(path.read_bytes()[:-10])

    with pytest.raises(DamagedTableError, match="another SHA-256"):
        store.read(TREES.name)


def test_a_missing_file_is_damage_and_asks_to_be_computed_again(store: TableStore) -> None:
    store.write(TREES, FRAME, fingerprint="f")
    data_file(store).unlink()

    assert not store.is_current((TREES.name,), "f")
    with pytest.raises(DamagedTableError, match="another SHA-256"):
        store.read(TREES.name)


def test_a_table_that_was_never_written_says_what_to_do(store: TableStore) -> None:
    with pytest.raises(DamagedTableError, match=r"'core_trees__trees' is not in .* Run \./run"):
        store.read(TREES.name)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (FRAME.drop("height_m"), r"lacks \['height_m'\]"),
        (FRAME.with_columns(colour=pl.lit("vihreä")), r"in surplus \['colour'\]"),
        (FRAME.with_columns(pl.col("height_m").cast(pl.Int64)), r"other types \['height_m'\]"),
        (FRAME.select("height_m", "tree_id"), "or the order differs"),
    ],
    ids=["lacking", "surplus", "retyped", "reordered"],
)
def test_a_frame_that_is_not_what_the_contract_promises_is_refused(
    store: TableStore, frame: pl.DataFrame, words: str
) -> None:
    with pytest.raises(BrokenPromiseError, match=words):
        store.write(TREES, frame, fingerprint="f")

    assert store.manifest(TREES.name) is None


def test_a_refused_frame_leaves_the_earlier_table(store: TableStore) -> None:
    store.write(TREES, FRAME, fingerprint="f")

    with pytest.raises(BrokenPromiseError):
        store.write(TREES, FRAME.drop("height_m"), fingerprint="g")

    assert_frame_equal(store.read(TREES.name), FRAME)


def test_a_write_that_dies_before_its_manifest_leaves_the_earlier_table(
    store: TableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(TREES, FRAME, fingerprint="f")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assets.atomic.write_json", die)
    with pytest.raises(KeyboardInterrupt):
        store.write(TREES, FRAME.head(1), fingerprint="g")

    assert_frame_equal(store.read(TREES.name), FRAME)
    assert store.is_current((TREES.name,), "f")


def test_a_table_is_current_for_its_own_fingerprint_alone(store: TableStore) -> None:
    store.write(TREES, FRAME, fingerprint="f")

    assert store.is_current((TREES.name,), "f")
    assert not store.is_current((TREES.name,), "g")
    assert not store.is_current((TREES.name, "core_trees__leaves"), "f")


def test_content_hashes_of_absent_tables_are_empty(store: TableStore) -> None:
    manifest = store.write(TREES, FRAME, fingerprint="f")

    assert store.sha256_of((TREES.name, "core_trees__leaves")) == {
        TREES.name: manifest.sha256,
        "core_trees__leaves": "",
    }


def test_the_manifest_holds_no_value_of_the_table(store: TableStore) -> None:
    store.write(TREES, FRAME.with_columns(tree_id=pl.lit("merkkisana")), fingerprint="f")

    text = (store.root / TREES.name / "manifest.json").read_text(encoding="utf-8")

    assert "merkkisana" not in text
    assert json.loads(text)["n_rows"] == 2


def test_a_fingerprint_does_not_depend_on_the_order_of_its_parts() -> None:
    assert fingerprint_of({"a": 1, "b": 2}) == fingerprint_of({"b": 2, "a": 1})


@pytest.mark.parametrize("other", [{"a": 2}, {"b": 1}, {"a": "1"}, {"a": None}, {}])
def test_a_fingerprint_changes_with_any_part(other: dict[str, object]) -> None:
    assert fingerprint_of(other) != fingerprint_of({"a": 1})


def test_a_scan_gives_what_a_read_gives_and_reads_no_more_than_it_is_asked(
    store: TableStore,
) -> None:
    store.write(TREES, FRAME, fingerprint="f")

    scan = store.scan(TREES.name)

    assert_frame_equal(scan.collect(), store.read(TREES.name))
    tall = scan.filter(pl.col("height_m") > 1.0).select("tree_id")
    assert tall.collect()["tree_id"].to_list() == ["a"]
    assert "SELECTION" in tall.explain()


@pytest.mark.parametrize("place", [0, 40, -1])
def test_one_flipped_byte_is_found_before_a_scan_is_given(store: TableStore, place: int) -> None:
    store.write(TREES, FRAME, fingerprint="f")
    path = data_file(store)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    with pytest.raises(DamagedTableError, match=r"has another SHA-256 than its manifest"):
        store.scan(TREES.name)


def test_a_scan_of_a_table_never_written_is_refused(store: TableStore) -> None:
    with pytest.raises(DamagedTableError, match="expected it to be written before"):
        store.scan(TREES.name)
