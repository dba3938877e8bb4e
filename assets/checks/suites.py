"""Great Expectations over stored tables: one suite per table, results at rest, and Data Docs.

Great Expectations takes four seconds to import; it is imported when the first table is validated.
Results hold counts, never values: no resident's word can reach the docs.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from assets.checks.data_docs import clean_page
from assets.checks.verdicts import Verdict
from assets.store import TableStore
from data_contracts.contract import Table
from data_contracts.expectations import expectations_of, with_rule_columns


class Suites:
    """Suites, results and docs below one folder."""

    def __init__(self, root: Path, store: TableStore) -> None:
        self.folder = root / "gx"
        self.store = store
        self._context: Any = None

    @property
    def site(self) -> Path:
        """Where Data Docs lie."""
        return self.folder / "uncommitted" / "data_docs" / "local_site"

    def run(self, table: Table, *, sha256: str, version: str) -> Verdict:
        """The verdict on what lies on disk."""
        result = self._result(table, self.store.read(table.name))
        broken = [_sentence(r) for r in result.results if not r.success]
        return Verdict(
            table.name, sha256, version, bool(result.success), len(result.results), broken
        )

    def build_docs(self) -> None:
        """Write the pages of results that are newer than what was last written of them."""
        names = set(self._undocumented())
        if not names:
            return
        context = self.open()
        from great_expectations.data_context.types.resource_identifiers import (
            ExpectationSuiteIdentifier,
        )

        results = context.validation_results_store.list_keys()
        found = [key for key in results if key.expectation_suite_identifier.name in names]
        suites = [ExpectationSuiteIdentifier(name=name) for name in names]
        context.build_data_docs(resource_identifiers=[*found, *suites], build_index=False)
        for name in names:
            for page in self._pages(name):
                clean_page(page)
            # Not before: a page that still names other hosts is written anew.
            self._stamp(name).parent.mkdir(exist_ok=True)
            self._stamp(name).touch()

    def _undocumented(self) -> list[str]:
        results = self.folder / "uncommitted" / "validations"
        written = {path.name: _newest(path.rglob("*.json")) for path in results.glob("*")}
        return [name for name, at in written.items() if at > _newest([self._stamp(name)])]

    def _stamp(self, name: str) -> Path:
        return self.site / ".documented" / name

    def _pages(self, name: str) -> list[Path]:
        suite = self.site / "expectations" / f"{name}.html"
        return [suite, *(self.site / "validations" / name).rglob("*.html")]

    def _result(self, table: Table, frame: pl.DataFrame) -> Any:  # noqa: ANN401 - GX's own class
        context = self.open()
        import great_expectations as gx
        from great_expectations.core.run_identifier import RunIdentifier
        from great_expectations.expectations.registry import get_expectation_impl

        expectations = [
            get_expectation_impl(e.type)(**e.arguments, notes=e.notes)
            for e in expectations_of(table)
        ]
        suite = gx.ExpectationSuite(name=table.name, expectations=expectations)
        source = context.data_sources.add_or_update_pandas(f"tables_{table.layer}")
        asset = source.add_dataframe_asset(table.name)
        batch = asset.add_batch_definition_whole_dataframe("whole")
        definition = context.validation_definitions.add_or_update(
            gx.ValidationDefinition(name=table.name, data=batch, suite=suite)
        )
        return definition.run(
            batch_parameters={"dataframe": with_rule_columns(frame, table).to_pandas()},
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
            run_id=RunIdentifier(run_name="latest", run_time="2000-01-01T00:00:00+00:00"),
        )

    def open(self) -> Any:  # noqa: ANN401 - not imported before it is needed
        """Great Expectations over our folders; its own kind of context for them, ``file``, reads
        its settings anew for every rule.
        """
        if self._context is None:
            os.environ["GX_ANALYTICS_ENABLED"] = "false"
            import great_expectations as gx
            from great_expectations.data_context.types import base

            self.folder.mkdir(parents=True, exist_ok=True)
            settings = base.DataContextConfig(
                store_backend_defaults=base.FilesystemStoreBackendDefaults(str(self.folder)),
                analytics_enabled=False,
                progress_bars=base.ProgressBarsConfig(globally=False),
            )
            self._context = gx.get_context(mode="ephemeral", project_config=settings)
        return self._context


def _newest(paths: Iterable[Path]) -> float:
    return max((path.stat().st_mtime for path in paths if path.exists()), default=0.0)


def _sentence(result: Any) -> str:  # noqa: ANN401 - Great Expectations' own class
    config = result.expectation_config
    column = config.kwargs.get("column") or config.kwargs.get("column_list") or "table"
    count = result.result.get("unexpected_count")
    found = f": {count} rows" if count is not None else ""
    return f"{config.type} ({column}){found}"
