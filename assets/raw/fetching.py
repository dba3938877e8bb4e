"""From settings to deliveries: which connector a source needs; None when it is not configured.

Connectors import httpx, which waits until a source with an address is really asked.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from assets.connectors.checkpoint import FileCheckpoint
from assets.connectors.delivery import Delivery
from assets.connectors.folder import read_folder
from assets.errors import SettingsError
from assets.house import HELSINKI, House
from assets.landing_state import folder_state, keep_landed_state
from assets.settings import ApiSource
from assets.troubles import forget_trouble, note_trouble

#: How far back the first fetch of service requests reaches when the settings do not say.
_FIRST_FETCH = timedelta(days=365)


def from_folder(house: House) -> Iterable[Delivery] | None:
    """Every whole file below the source folder."""
    folder = house.settings.source_dir
    return None if folder is None else _files(house, folder)


def from_kuntalaisaloite(house: House) -> Iterable[Delivery] | None:
    """The municipality's list, and the details that are new or changed."""
    api = house.settings.kuntalaisaloite
    return None if api is None else _initiatives(house, api)


def from_georeport(house: House) -> Iterable[Delivery] | None:
    """Service requests received or changed since the last whole fetch."""
    api = house.settings.georeport
    return None if api is None else _requests(house, api)


def from_webropol(house: House) -> Iterable[Delivery] | None:
    """Questions and responses of every survey that the account can read."""
    api = house.settings.webropol
    return None if api is None else _responses(house, api)


def from_pxweb(house: House) -> Iterable[Delivery] | None:
    """Population tables of the municipality, when they have a year that was not landed."""
    api = house.settings.pxweb
    return None if api is None else _population(house, api)


def _files(house: House, folder: Path) -> Iterator[Delivery]:
    # Taken before reading: what arrives meanwhile makes another state, and another run.
    state = folder_state(folder) if folder.is_dir() else ""
    yield from read_folder(folder)
    keep_landed_state(house, state)


def _initiatives(house: House, api: ApiSource) -> Iterator[Delivery]:
    from assets.connectors.http import PoliteClient, Politeness
    from assets.connectors.kuntalaisaloite import InitiativeService, fetch_initiatives

    service = InitiativeService(house.settings.city.municipality_code, api.address)
    with PoliteClient(politeness=Politeness(api.requests_per_second)) as client:
        yield from fetch_initiatives(
            client, service, run_at=house.now, checkpoint=_checkpoint(house, "kuntalaisaloite")
        )


def _requests(house: House, api: ApiSource) -> Iterator[Delivery]:
    from assets.connectors.georeport import GeoReportSource, complete_until, fetch_requests
    from assets.connectors.http import PoliteClient, Politeness

    source = GeoReportSource(api.address, jurisdiction_id=api.jurisdiction_id)
    checkpoint = _checkpoint(house, "georeport")
    headers = {"api_key": api.api_key} if api.api_key else None
    with PoliteClient(politeness=Politeness(api.requests_per_second), headers=headers) as client:
        fetch = fetch_requests(
            client,
            source,
            since=api.since or house.as_of - _FIRST_FETCH,
            until=house.as_of,
            updated_after=complete_until(checkpoint),
            checkpoint=checkpoint,
        )
        yield from fetch
    if fetch.skipped:
        note_trouble(house, "georeport", " ".join(str(span) for span in fetch.skipped))
    else:
        forget_trouble(house, "georeport")


def _responses(house: House, api: ApiSource) -> Iterator[Delivery]:
    from assets.connectors.http import Politeness
    from assets.connectors.webropol import fetch_webropol
    from assets.connectors.webropol_session import WebropolSession, WebropolSource

    if not (api.username and api.password):
        raise SettingsError(
            "The environment lacks KUULOLLA_WEBROPOL_USERNAME or KUULOLLA_WEBROPOL_PASSWORD, "
            "expected both with sources.webropol. Set them, or drop the table from the settings."
        )
    source = WebropolSource(api.username, api.password, api.address)
    with WebropolSession(source, politeness=Politeness(api.requests_per_second)) as session:
        yield from fetch_webropol(session, checkpoint=_checkpoint(house, "webropol"))


def _population(house: House, api: ApiSource) -> Iterator[Delivery]:
    from assets.connectors.http import PoliteClient, Politeness
    from assets.connectors.pxweb import PxWebSource, fetch_population

    source = PxWebSource(house.settings.city.municipality_code, api.address)
    today = house.now.astimezone(HELSINKI).date()
    with PoliteClient(politeness=Politeness(api.requests_per_second)) as client:
        yield from fetch_population(
            client, source, today=today, checkpoint=_checkpoint(house, "pxweb")
        )


def _checkpoint(house: House, name: str) -> FileCheckpoint:
    return FileCheckpoint(house.folders.state / "connectors" / f"{name}.json")
