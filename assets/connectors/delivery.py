"""One file or answer of a source, as it came."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes of a source and where they came from.

    Attributes:
        source_code: Name of the source.
        name: File name, without its folder.
        address: Where it was fetched: an address without query and secrets, or a path below the
            source folder.
        content: The bytes; never shown.
        fetched_at: Moment of fetching, with zone.
        media_type: What the source said it is, or null.
        licence: Licence of the content, or null.
    """

    source_code: str
    name: str
    address: str
    content: bytes = field(repr=False)
    fetched_at: datetime
    media_type: str | None = None
    licence: str | None = None
