"""Service requests (palaute) as text to typed rows of ``core_feedback__tickets``.

Belongs here: the meaning of GeoReport's fields and of a column-mapped table's. Does not: what
happened to a request (``transforms.clean.ticket_events``), and which version stands
(``transforms.clean.merge``).

From GeoReport v2: a closed request was closed when it was last updated (the specification's own
words); ``status_notes`` is the reply, '' and null alike; a title that the message begins with is
not said twice. The source's channel and kind are not known. An unreadable ``expected_at`` is null;
any other unreadable time rejects the row, since durations hang on it.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.coordinates import SEINAJOKI_BOUNDS, Bounds, clean_coordinates
from transforms.clean.moments import with_moments
from transforms.clean.unit_names import unit_name
from transforms.parse.encoding import repair_mojibake

OPEN, CLOSED = "open", "closed"

#: Columns of a text frame in our own names.
MAPPED_FIELDS = (
    "source_id", "received_at", "updated_at", "closed_at", "expected_at", "status_code",
    "channel_code", "service_source_code", "service_reported_id", "kind_reported_code",
    "agency_name", "text", "reply_text", "postcode", "area_name", "address", "lat", "lon",
)  # fmt: skip

_GEOREPORT_NAMES = {
    "service_request_id": "source_id",
    "requested_datetime": "received_at",
    "updated_datetime": "updated_at",
    "expected_datetime": "expected_at",
    "status": "status_code",
    "service_code": "service_source_code",
    "agency_responsible": "agency_name",
    "status_notes": "reply_text",
    "zipcode": "postcode",
    "long": "lon",
}
_WRITTEN = ("title", "description", "status_notes", "agency_responsible", "address")
_WAS_REPAIRED = "was_repaired"
_MAPPED_WRITTEN = ("text", "reply_text", "agency_name", "address")
# ``pending`` is Tampere's own state before ``open``.
_STATUSES = {
    **dict.fromkeys(("open", "opened", "reopened", "pending", "avoin", "öppen"), OPEN),
    **dict.fromkeys(("closed", "close", "suljettu", "stängd"), CLOSED),
}
_MOMENTS = ("received_at", "updated_at", "closed_at", "expected_at")
_MOMENT = "a date and time between 1990 and 2100"
_COLUMNS = (
    "ticket_id", "source_code", "received_at", "updated_at", "closed_at", "expected_at",
    "status_code", "channel_code", "service_source_code", "service_reported_id",
    "kind_reported_code", "agency_name", "text", "reply_text", "postcode", "area_code", "lat",
    "lon", "location_quality_code", "is_mojibake_repaired", "line_no",
)  # fmt: skip


def clean_tickets(
    frame: pl.DataFrame,
    *,
    source_code: str,
    service_map: Mapping[str, str],
    postal_areas: pl.DataFrame,
    bounds: Bounds = SEINAJOKI_BOUNDS,
) -> Cleaned:
    """Rows of ``core_feedback__tickets`` from GeoReport requests.

    Args:
        frame: Text frame of ``transforms.parse.georeport`` (``TICKET_SCHEMA``).
        source_code: Name of the source; ``ticket_id`` is ``source_code|service_request_id``.
        service_map: The source's service code to our service; others have no reported service.
        postal_areas: ``postcode`` and ``area_code``, each postcode once.
        bounds: Where the city is.

    Returns:
        The contract's columns without ``delivery_sha256``, ``text_id`` and ``n_masked``, in the
        order of ``frame``; the texts unmasked. Rejected are requests without id, of unknown
        status, without a readable time of receipt, and those that end before they begin.
    """
    readable = repair_mojibake(_blank_to_null(frame), _WRITTEN)
    is_closed = _status(pl.col("status")) == CLOSED
    named = readable.with_columns(
        text=_title_and_message("title", "description"),
        closed_at=pl.when(is_closed).then("updated_datetime"),
    ).rename(_GEOREPORT_NAMES)
    return _typed(
        _with_missing_columns(named),
        source_code=source_code,
        date_formats=(),
        service_map=service_map,
        postal_areas=postal_areas,
        bounds=bounds,
    )


def clean_mapped_tickets(
    frame: pl.DataFrame,
    *,
    source_code: str,
    date_formats: Sequence[str],
    service_map: Mapping[str, str],
    postal_areas: pl.DataFrame,
    bounds: Bounds = SEINAJOKI_BOUNDS,
) -> Cleaned:
    """Rows of ``core_feedback__tickets`` from a table read by a column map.

    Args:
        frame: Text frame in our own names (``MAPPED_FIELDS``) with ``line_no``; absent columns
            count as null. ``was_repaired`` is "true" where the parser put text right.
        source_code: As in ``clean_tickets``.
        date_formats: As in ``transforms.clean.times.parse_moment``.
        service_map: Used where ``service_reported_id`` is null.
        postal_areas: As in ``clean_tickets``.
        bounds: As in ``clean_tickets``.

    Returns:
        As ``clean_tickets``. Without a status a request is closed when it has a time of closing.
        The decimal mark of coordinates may be a comma or a point.
    """
    named = repair_mojibake(_blank_to_null(_with_missing_columns(frame)), _MAPPED_WRITTEN)
    if _WAS_REPAIRED in frame.columns:
        earlier = frame.get_column(_WAS_REPAIRED) == "true"
        named = named.with_columns(is_mojibake_repaired=pl.col("is_mojibake_repaired") | earlier)
    by_time = pl.when(pl.col("closed_at").is_null()).then(pl.lit(OPEN)).otherwise(pl.lit(CLOSED))
    return _typed(
        named.with_columns(status_code=pl.coalesce("status_code", by_time)),
        source_code=source_code,
        date_formats=date_formats,
        service_map=service_map,
        postal_areas=postal_areas,
        bounds=bounds,
    )


def _typed(
    named: pl.DataFrame,
    *,
    source_code: str,
    date_formats: Sequence[str],
    service_map: Mapping[str, str],
    postal_areas: pl.DataFrame,
    bounds: Bounds,
) -> Cleaned:
    typed = with_moments(named, _MOMENTS, formats=date_formats).with_columns(
        known_status=_status(pl.col("status_code"))
    )
    split = split_rows(typed, _rules())
    mapped = pl.col("service_source_code").replace_strict(
        list(service_map), list(service_map.values()), default=None, return_dtype=pl.String
    )
    located = clean_coordinates(split.frame, lat="lat", lon="lon", bounds=bounds)
    frame = (
        located.with_columns(
            ticket_id=pl.concat_str(pl.lit(f"{source_code}|"), "source_id"),
            source_code=pl.lit(source_code),
            status_code=pl.col("known_status"),
            closed_at=pl.when(pl.col("known_status") == CLOSED).then("closed_at"),
            service_reported_id=pl.coalesce("service_reported_id", mapped),
            agency_name=unit_name("agency_name"),
            text=pl.col("text").fill_null(""),
            postcode=_postcode(),
        )
        .join(
            _areas(postal_areas), on="postcode", how="left", validate="m:1", maintain_order="left"
        )
        .with_columns(area_code=pl.coalesce("area_code", _named_area(postal_areas)))
        .select(_COLUMNS)
    )
    return Cleaned(frame, split.rejects)


def _rules() -> list[RejectRule]:
    received_at, updated_at, closed_at = (
        pl.col(name) for name in ("received_at", "updated_at", "closed_at")
    )
    is_closed = pl.col("known_status") == CLOSED
    is_unreceived = received_at.is_null() & ~pl.col("is_bad_received_at")
    return [
        RejectRule(pl.col("source_id").is_null(), "missing_id", "source_id", "the source's own id"),
        RejectRule(
            pl.col("known_status").is_null(), "unknown_status", "status_code", "open or closed"
        ),
        RejectRule(is_unreceived, "missing_received_at", "received_at", _MOMENT),
        *(_unreadable(name) for name in ("received_at", "updated_at", "closed_at")),
        RejectRule(
            is_closed & (closed_at < received_at),
            "closed_before_received",
            "closed_at",
            "a closing not before the receipt",
            pl.col("written_closed_at"),
        ),
        RejectRule(
            updated_at < received_at,
            "updated_before_received",
            "updated_at",
            "a change not before the receipt",
            pl.col("written_updated_at"),
        ),
    ]


def _unreadable(name: str) -> RejectRule:
    found = pl.col(f"written_{name}")
    return RejectRule(pl.col(f"is_bad_{name}"), f"unreadable_{name}", name, _MOMENT, found)


def _blank_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    stripped = pl.col(pl.String).str.strip_chars()
    return frame.with_columns(pl.when(stripped != "").then(stripped).name.keep())


def _with_missing_columns(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in MAPPED_FIELDS if name not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)


def _status(column: pl.Expr) -> pl.Expr:
    return column.str.to_lowercase().replace_strict(_STATUSES, default=None, return_dtype=pl.String)


def _title_and_message(title: str, message: str) -> pl.Expr:
    """Both on lines of their own; the message alone when it begins with the (cut-off) title."""
    beginning = pl.col(title).str.strip_chars(" .…").str.to_lowercase()
    is_said_twice = pl.col(message).str.to_lowercase().str.starts_with(beginning)
    both = pl.concat_str(title, message, separator="\n", ignore_nulls=True)
    return pl.when(is_said_twice).then(message).otherwise(both)


def _postcode() -> pl.Expr:
    """Five digits of the postcode field, else of the address (a house number has at most four).

    A postcode that a spreadsheet took for a number has lost its leading zeros.
    """
    field = pl.col("postcode").str.replace(r"\.0+$", "")
    whole = field.str.extract(r"(?:^|[^\d])(\d{5})(?:$|[^\d])")
    short = pl.when(field.str.contains(r"^\d{3,4}$")).then(field.str.zfill(5))
    in_address = pl.col("address").str.extract(r"(?:^|[^\d])(\d{5}) +\p{L}")
    return pl.coalesce(whole, short, in_address)


def _named_area(postal_areas: pl.DataFrame) -> pl.Expr:
    """The area that the source names ("Itäinen alue"); codes are its first word without dots."""
    name = pl.col("area_name").str.to_lowercase().str.replace(r"[ -]*alue$", "")
    code = name.str.replace_all("ä", "a").str.replace_all("ö", "o")
    known = postal_areas.get_column("area_code").cast(pl.String).drop_nulls().unique()
    return pl.when(code.is_in(known.implode())).then(code)


def _areas(postal_areas: pl.DataFrame) -> pl.DataFrame:
    return postal_areas.select(
        pl.col("postcode").cast(pl.String), pl.col("area_code").cast(pl.String)
    )
