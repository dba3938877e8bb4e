"""Validation in a process of its own: begun when a table is written, asked for by its check."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from assets.checks.suites import Suites
from assets.checks.validation import Quality
from assets.store import TableStore
from tests.support.tables import column, table

VERSION = "0.1.0+0a1b2c3d"
TREES = table(
    column("tree_id", is_key=True, is_required=True),
    column("height_m", pl.Float64(), minimum=0),
)


def write(quality: Quality, height_m: float) -> None:
    content = pl.DataFrame({"tree_id": ["a"], "height_m": [height_m]}, schema=TREES.schema)
    quality.store.write(TREES, content, fingerprint="f")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quality]:
    """One further process for the module: it takes seconds to start."""
    root = tmp_path_factory.mktemp("ahead")
    quality = Quality(root / "quality", TableStore(root / "tables"), n_processes=2)
    yield quality
    quality.close()


def forbid_own_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Suites, "open", lambda _: pytest.fail("worked in this process"))


def test_the_other_process_says_what_this_one_would_say(
    shared: Quality, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = Quality(tmp_path / "quality", TableStore(tmp_path / "tables"))
    write(alone, -1.0)
    expected, _ = alone.validate(TREES, code_version=VERSION)
    forbid_own_work(monkeypatch)
    write(shared, -1.0)

    shared.begin(TREES, code_version=VERSION)
    verdict, is_earlier = shared.validate(TREES, code_version=VERSION)

    assert verdict == expected
    assert not verdict.passed
    assert not is_earlier


def test_a_table_that_was_written_again_is_not_judged_by_what_was_begun_before(
    shared: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_own_work(monkeypatch)
    write(shared, -2.0)
    shared.begin(TREES, code_version=VERSION)
    write(shared, 2.0)
    shared.begin(TREES, code_version=VERSION)

    verdict, _ = shared.validate(TREES, code_version=VERSION)

    assert verdict.passed


def test_docs_are_written_by_the_other_process_too(
    shared: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_own_work(monkeypatch)
    write(shared, 3.0)
    shared.begin(TREES, code_version=VERSION)
    shared.validate(TREES, code_version=VERSION)

    shared.begin_docs()
    front = shared.build_docs()

    assert list((front.parent / "validations" / TREES.name).rglob("*.html"))
    assert TREES.name in front.read_text(encoding="utf-8")


def test_where_the_other_process_was_killed_this_one_does_the_work(tmp_path: Path) -> None:
    quality = Quality(tmp_path / "quality", TableStore(tmp_path / "tables"), n_processes=2)
    write(quality, 1.0)
    quality.begin(TREES, code_version=VERSION)
    assert quality._pool is not None
    os.kill(quality._pool.submit(os.getpid).result(), signal.SIGKILL)
    write(quality, 4.0)
    quality.begin(TREES, code_version=VERSION)

    verdict, _ = quality.validate(TREES, code_version=VERSION)

    assert verdict.passed
    assert quality.build_docs().exists()
    quality.close()


def test_a_verdict_in_force_starts_no_process(tmp_path: Path) -> None:
    alone = Quality(tmp_path / "quality", TableStore(tmp_path / "tables"))
    write(alone, 1.0)
    alone.validate(TREES, code_version=VERSION)
    quality = Quality(tmp_path / "quality", TableStore(tmp_path / "tables"), n_processes=2)

    quality.begin(TREES, code_version=VERSION)

    assert quality._pool is None
