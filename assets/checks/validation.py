"""The gate at rest: verdicts on stored tables, where there are processes ahead of their checks.

Validation is a fourth of the work of a first run. In a run of more than one process another one
begins with a table as soon as it is written, and when its check asks, the verdict is there.
"""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import TypeVar

from assets.checks.data_docs import write_front_page
from assets.checks.suites import Suites
from assets.checks.verdicts import Verdict, Verdicts
from assets.processes import worker_pool
from assets.store import TableStore
from data_contracts.contract import Table

_T = TypeVar("_T")


class Quality:
    """Validation results and Data Docs below one folder."""

    def __init__(self, root: Path, store: TableStore, *, n_processes: int = 1) -> None:
        self.root = root
        self.store = store
        self.verdicts = Verdicts(root / "verdicts")
        self._suites = Suites(root, store)
        self._is_alone = n_processes == 1
        self._pool: Executor | None = None
        self._begun: dict[tuple[str, str, str], Future[Verdict]] = {}
        self._has_news = False

    def begin(self, table: Table, *, code_version: str) -> None:
        """Begin with a table that has just been written, where another process may."""
        key = (table.name, self._sha256(table), code_version)
        if self._is_alone or key in self._begun or self._in_force(key):
            return
        if future := self._submitted(_run_suite, table, key[1], code_version):
            self._begun[key] = future
            self._has_news = True

    def begin_docs(self) -> None:
        """Write the docs of what is validated by now, where another process has nothing to do."""
        is_idle = all(future.done() for future in self._begun.values())
        if self._has_news and is_idle:
            self._submitted(_build_docs)
            self._has_news = False

    def validate(self, table: Table, *, code_version: str) -> tuple[Verdict, bool]:
        """The verdict on what lies on disk, and whether it is an earlier one still in force."""
        key = (table.name, self._sha256(table), code_version)
        if earlier := self._in_force(key):
            return earlier, True
        verdict = self._awaited(key) or self._suites.run(table, sha256=key[1], version=code_version)
        self.verdicts.keep(verdict)
        return verdict, False

    def build_docs(self) -> Path:
        """Bring Data Docs up to date with all validations; gives their front page."""
        begun = self._submitted(_build_docs) if self._pool is not None else None
        if begun is None or not self._finishes(begun):
            self._suites.build_docs()
        return write_front_page(self._suites.site, self.verdicts.every())

    def close(self) -> None:
        """End the other process."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _sha256(self, table: Table) -> str:
        manifest = self.store.manifest(table.name)
        return manifest.sha256 if manifest else ""

    def _in_force(self, key: tuple[str, str, str]) -> Verdict | None:
        earlier = self.verdicts.find(key[0])
        if earlier and earlier.passed and (earlier.sha256, earlier.suite) == key[1:]:
            return earlier
        return None

    def _awaited(self, key: tuple[str, str, str]) -> Verdict | None:
        """What the other process says; nothing where it was not asked or has been killed."""
        future = self._begun.pop(key, None)
        return future.result() if future is not None and self._finishes(future) else None

    def _submitted(self, work: Callable[..., _T], *given: object) -> Future[_T] | None:
        """Work for the other process, which is started where it is not yet; none once it died."""
        if self._is_alone:
            return None
        if self._pool is None:
            places = (str(self.root), str(self.store.root))
            self._pool = worker_pool(1, prepare=_open_suites, given=places)
        try:
            return self._pool.submit(work, *given)
        except BrokenExecutor:
            self._is_alone, self._pool = True, None
            return None

    def _finishes(self, future: Future[Verdict] | Future[None]) -> bool:
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            self._is_alone, self._pool = True, None
        elif error is not None:
            raise error
        return error is None


#: Of a process that does nothing but validate.
_opened: list[Suites] = []


def _open_suites(root: str, tables: str) -> None:
    _opened.append(Suites(Path(root), TableStore(Path(tables))))
    _opened[0].open()


def _run_suite(table: Table, sha256: str, version: str) -> Verdict:
    return _opened[0].run(table, sha256=sha256, version=version)


def _build_docs() -> None:
    _opened[0].build_docs()
