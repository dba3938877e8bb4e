"""Great Expectations at rest: one suite per table, its verdicts kept, and Data Docs.

Great Expectations takes four seconds to import; it is imported only when a table has changed
since it was last validated. Results hold counts, never values: no resident's word can reach the
docs.
"""

import os
from pathlib import Path
from typing import Any

import polars as pl

from assets.checks.data_docs import clean_pages, write_front_page
from assets.checks.verdicts import Verdict, Verdicts
from assets.store import TableStore
from data_contracts.contract import Table
from data_contracts.expectations import expectations_of, with_rule_columns


class Quality:
    """Validation results and Data Docs below one folder."""

    def __init__(self, root: Path, store: TableStore) -> None:
        self.root = root
        self.store = store
        self.verdicts = Verdicts(root / "verdicts")
        self._context: Any = None
        self._docs_are_stale = False

    def validate(self, table: Table, *, code_version: str) -> tuple[Verdict, bool]:
        """The verdict on what lies on disk, and whether it is an earlier one still in force."""
        manifest = self.store.manifest(table.name)
        sha256 = manifest.sha256 if manifest else ""
        earlier = self.verdicts.find(table.name)
        if earlier and earlier.passed and (earlier.sha256, earlier.suite) == (sha256, code_version):
            return earlier, True
        verdict = self._run(table, self.store.read(table.name), sha256, code_version)
        self.verdicts.keep(verdict)
        return verdict, False

    def build_docs(self) -> Path:
        """Bring Data Docs up to date with this process's validations; gives their front page."""
        site = self.root / "gx" / "uncommitted" / "data_docs" / "local_site"
        if self._docs_are_stale or not (site / "index.html").exists():
            self._gx().build_data_docs(build_index=False)
            clean_pages(site)
            self._docs_are_stale = False
        return write_front_page(site, self.verdicts.every())

    def _run(self, table: Table, frame: pl.DataFrame, sha256: str, version: str) -> Verdict:
        context = self._gx()
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
        result = definition.run(
            batch_parameters={"dataframe": with_rule_columns(frame, table).to_pandas()},
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
            run_id=RunIdentifier(run_name="latest", run_time="2000-01-01T00:00:00+00:00"),
        )
        self._docs_are_stale = True
        broken = [_sentence(r) for r in result.results if not r.success]
        return Verdict(
            table.name, sha256, version, bool(result.success), len(result.results), broken
        )

    def _gx(self) -> Any:  # noqa: ANN401 - not imported before it is needed
        """Great Expectations over our folders; its own kind of context for them, ``file``, reads
        its settings anew for every rule.
        """
        if self._context is None:
            os.environ["GX_ANALYTICS_ENABLED"] = "false"
            import great_expectations as gx
            from great_expectations.data_context.types import base

            folder = self.root / "gx"
            folder.mkdir(parents=True, exist_ok=True)
            settings = base.DataContextConfig(
                store_backend_defaults=base.FilesystemStoreBackendDefaults(str(folder)),
                analytics_enabled=False,
                progress_bars=base.ProgressBarsConfig(globally=False),
            )
            self._context = gx.get_context(mode="ephemeral", project_config=settings)
        return self._context


def _sentence(result: Any) -> str:  # noqa: ANN401 - Great Expectations' own class
    config = result.expectation_config
    column = config.kwargs.get("column") or config.kwargs.get("column_list") or "table"
    count = result.result.get("unexpected_count")
    found = f": {count} rows" if count is not None else ""
    return f"{config.type} ({column}){found}"
