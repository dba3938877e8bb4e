"""Landing: one asset per kind of source; each keeps what its source sends, and nothing else."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import dagster as dg

from assets.connectors.delivery import Delivery
from assets.errors import SourceDownError
from assets.house import House
from assets.landing_state import keep_landed_contents
from assets.raw import fetching
from assets.troubles import forget_trouble, note_trouble

Fetch = Callable[[House], Iterable[Delivery] | None]

_SOURCES: dict[str, tuple[str, str, Fetch]] = {
    "raw_files__landing": (
        "deliveries",
        "Files of exports in the source folder, as they lie there.",
        fetching.from_folder,
    ),
    "raw_initiatives__kuntalaisaloite": (
        "initiatives",
        "Pages and details of kuntalaisaloite.fi; names of authors are dropped at the door.",
        fetching.from_kuntalaisaloite,
    ),
    "raw_feedback__georeport": (
        "feedback",
        "Windows of service requests from a GeoReport v2 interface.",
        fetching.from_georeport,
    ),
    "raw_surveys__webropol": (
        "surveys",
        "Questions and responses from the Webropol interface; e-mails are dropped at the door.",
        fetching.from_webropol,
    ),
    "raw_reference__pxweb": (
        "reference",
        "Population tables of the municipality from StatFin or another PxWeb, as JSON-stat.",
        fetching.from_pxweb,
    ),
}
NAMES = tuple(_SOURCES)


def build_raw_assets() -> list[dg.AssetsDefinition]:
    """The landing asset of every kind of source."""
    return [_raw_asset(name, *parts) for name, parts in _SOURCES.items()]


def _raw_asset(name: str, domain: str, words: str, fetch: Fetch) -> dg.AssetsDefinition:
    @dg.asset(
        name=name,
        description=words,
        group_name=f"raw_{domain}",
        owners=["team:tietohallinto"],
        kinds={"bytes"},
        tags={"layer": "raw", "domain": domain},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36)),
        required_resource_keys={"house"},
    )
    def raw_asset(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        return _land(context.resources.house, name, fetch)

    return raw_asset


def _land(house: House, name: str, fetch: Fetch) -> dg.MaterializeResult:
    n_new = n_bytes = 0
    hashes: list[str] = []
    again = fetch is fetching.from_folder
    try:
        deliveries = fetch(house)
        # A source behind an address moves its checkpoint when the next delivery is asked for: each
        # must be on disk by then. A folder is simply read again, so that one flush is enough.
        found = deliveries or ()
        landed = house.raw.land_all(found) if again else map(house.raw.land, found)
        for slip, is_new in landed:
            hashes.append(slip.sha256)
            n_new, n_bytes = n_new + is_new, n_bytes + slip.n_bytes
    except SourceDownError as error:
        note_trouble(house, name, str(error))
        raise
    if again:
        keep_landed_contents(house, hashes)
    forget_trouble(house, name)
    return dg.MaterializeResult(
        metadata={
            "is_configured": deliveries is not None,
            "n_deliveries": len(hashes),
            "n_new": n_new,
            "n_bytes": n_bytes,
            "dagster/row_count": n_new,
        }
    )
