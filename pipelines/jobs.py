"""The nightly job: every asset, one process."""

import dagster as dg

NIGHTLY = "nightly"

#: Six small assets take 5 CPU-seconds in one process and 30 with a process each.
nightly_job = dg.define_asset_job(
    NIGHTLY,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Everything, from what the sources send to the pages that people read.",
)
