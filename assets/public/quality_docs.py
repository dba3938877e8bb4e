"""Data Docs: what was checked of every table, as pages that need no other host."""

import dagster as dg

from assets.checks.validation import Quality
from assets.public.tables import public_names


def build_data_docs_asset() -> dg.AssetsDefinition:
    """The asset that brings Data Docs up to date."""

    @dg.asset(
        deps=public_names(),
        group_name="public_publication",
        owners=["team:tietohallinto"],
        kinds={"html"},
        tags={"layer": "public", "domain": "publication"},
        required_resource_keys={"quality"},
        description="Great Expectations' Data Docs over every table, without other hosts.",
    )
    def data_docs(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        quality: Quality = context.resources.quality
        return dg.MaterializeResult(
            metadata={"front_page": dg.MetadataValue.path(str(quality.build_docs()))}
        )

    return data_docs
