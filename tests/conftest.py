"""What several kinds of tests share: a finished run over the tiny city, made once."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from assets.checks.suites import Suites
from assets.checks.verdicts import Verdict, Verdicts
from data_contracts.contract import Table
from tests.support.sharing import Sharing, long_ones_first
from tests.support.tiny import KEY, Town, build_town, in_one_process, run_job

# A developer's machine looks for new examples; the gate asks the same ones every time, so that a
# red run is the change's. No deadline: tests share their cores.
settings.register_profile("local", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "local")

_ENVIRONMENT = ("DAGSTER_HOME", "GX_ANALYTICS_ENABLED", "KUULOLLA_PSEUDONYM_KEY")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins early; within a kind the order stays random."""
    items[:] = long_ones_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing | None:
    """``--dist loadfile``, but runs of the job go one by one to whoever is free."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # would put files of few tests last: the longest
    return Sharing(config, log)


@pytest.fixture(scope="session")
def own_environment() -> Iterator[None]:
    """Variables that a run sets, put back as they were."""
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ["KUULOLLA_PSEUDONYM_KEY"] = KEY
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture(scope="session")
def finished(own_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The tiny city after its first whole run, models trained and all; nobody writes to it.

    Several test processes make it once: the first one in does, the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root, done = shared / "tiny_city_finished", shared / "tiny_city_finished.txt"
    with (shared / "tiny_city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            ran = run_job(build_town(root))
            assert ran.code == 0, ran.err + ran.out
            done.write_text(ran.err + ran.out, encoding="utf-8")
    return Town(root)


@pytest.fixture
def asked_once(finished: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Great Expectations is asked of each content of a table once, by whichever test meets it.

    Nights after the same delivery keep the same tables, and validating these is most of them.
    """
    ask = Suites.run

    def asked(suites: Suites, table: Table, *, sha256: str, version: str) -> Verdict:
        known = Verdicts(finished.root.with_name("tiny_city_verdicts") / version / sha256)
        if verdict := known.find(table.name):
            return verdict
        verdict = ask(suites, table, sha256=sha256, version=version)
        if verdict.passed:
            known.keep(verdict)
        return verdict

    monkeypatch.setattr(Suites, "run", asked)


@pytest.fixture
def again(finished: Town, asked_once: None, tmp_path: Path) -> Town:
    """A copy of the finished city to run in again."""
    root = tmp_path / "town"
    shutil.copytree(finished.root, root, symlinks=True, ignore=shutil.ignore_patterns("dagster"))
    return in_one_process(Town(root))


@pytest.fixture
def untouched(finished: Town, asked_once: None, tmp_path: Path) -> Town:
    """The tiny city before its first run, but for trained models and verdicts on known tables.

    Training and Great Expectations are most of a first run; ``finished`` has done both in earnest.
    """
    town = build_town(tmp_path / "town")
    for kept in ("models", "quality"):
        shutil.copytree(finished.data / kept, town.data / kept)
    return in_one_process(town)


@pytest.fixture
def unchecked(asked_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table passes: for laws over figures, where Great Expectations would take a minute.

    The first run of ``finished`` and the odd deliveries are checked in earnest.
    """

    def passes(suites: Suites, table: Table, *, sha256: str, version: str) -> Verdict:
        return Verdict(
            table.name, sha256, version, suites.store.read(table.name) is not None, 0, []
        )

    monkeypatch.setattr(Suites, "run", passes)
