"""The publication as an asset: the last thing that a run does."""

import time
from datetime import timedelta

import dagster as dg

from assets.house import House
from assets.public.publishing import SITE
from assets.public.staleness import stale_sources
from assets.public.tables import public_names
from assets.public.told import publish_next
from assets.public.warehouse import write_views
from assets.troubles import RUN, forget_trouble


def build_publication_asset() -> dg.AssetsDefinition:
    """The asset that writes pages and exports and moves the pointer."""

    @dg.asset(
        deps=public_names(),
        group_name="public_publication",
        owners=["team:viestinta"],
        kinds={"html", "excel", "csv", "parquet", "duckdb"},
        tags={"layer": "public", "domain": "publication"},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36)),
        required_resource_keys={"house"},
        description=(
            "A folder with pages, tables, workbook, warehouse, datapackage and manifest; "
            "the pointer `current` is moved to it last."
        ),
    )
    def publication(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        house: House = context.resources.house
        began = time.perf_counter()
        tables = {name: house.store.read(name) for name in public_names()}
        forget_trouble(house, RUN)  # it has come this far: its pages must not say that it failed
        stale = stale_sources(house, tables)
        folder = publish_next(house, tables, snapshot_on=house.as_of, stale=stale)
        write_views(house)
        return dg.MaterializeResult(
            metadata={
                "publication": folder.name,
                "pages": dg.MetadataValue.path(str(folder / SITE / "index.html")),
                "n_files": sum(1 for path in folder.rglob("*") if path.is_file()),
                "n_stale_sources": len(stale),
                "duration_s": round(time.perf_counter() - began, 3),
            }
        )

    return publication
