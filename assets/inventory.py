"""Every asset of the house, room by room."""

import dagster as dg

from assets.core.acts import core_acts__acts
from assets.core.deliveries import core_deliveries__files
from assets.core.readings import core_deliveries__readings
from assets.core.reference import build_reference_assets
from assets.core.tables import build_core_assets
from assets.core.text import core_text__labels, core_text__models
from assets.mart.approvals import mart_text__approvals
from assets.mart.tables import build_mart_assets
from assets.mart.themes import mart_text__themes
from assets.public.publication import build_publication_asset
from assets.public.quality_docs import build_data_docs_asset
from assets.public.tables import build_public_assets
from assets.raw.deliveries import build_raw_assets


def all_assets() -> list[dg.AssetsDefinition]:
    """The graph's nodes."""
    return [
        *build_raw_assets(),
        core_deliveries__readings,
        *build_core_assets(),
        *build_reference_assets(),
        core_deliveries__files,
        core_text__models,
        core_text__labels,
        core_acts__acts,
        *build_mart_assets(),
        mart_text__themes,
        mart_text__approvals,
        *build_public_assets(),
        build_publication_asset(),
        build_data_docs_asset(),
    ]
