"""What all answers of a source together say of each initiative, tombstones included.

Belongs here: which answer is believed for what, and which listings are complete. Does not: reading
one answer (``transforms.clean.initiatives``).

A listing is a run of pages ``list_<YYYY-MM-DDTHHMMSSZ>_<offset>.json``. The name tells which run a
page belongs to; a page under any other name counts as an answer, never as a listing.
"""

from collections.abc import Sequence

import polars as pl

from transforms.clean.times import CITY_ZONE, parse_moment
from transforms.clean.versions import latest_versions

LISTING_SOURCE = "kuntalaisaloite"
PAGE_SIZE = 50

# A listing that lost over half of a list this long is doubted until the next one says the same.
_DOUBT_FROM = 20
_PAGE_NAME = r"(?:^|/)list_(\d{4}-\d{2}-\d{2}T\d{6}Z)_(\d+)\.json$"
_KEY = "initiative_id"


def merge_initiatives(
    versions: pl.DataFrame,
    listings: pl.DataFrame,
    *,
    columns: Sequence[str],
    empty_text_id: str = "",
) -> pl.DataFrame:
    """One row per initiative, over all deliveries; their order makes no difference.

    ``published_on`` is the earliest date seen and ``state_changed_on`` the latest, since the
    source moves its only date when the state changes. Supporters and the rest come from the row of
    the latest state, a listing's before a detail's; title and text from the latest detail, while
    there is none from the listing. An initiative that a complete later listing no longer holds is
    a tombstone: it keeps its dates and numbers, its title and text are emptied.

    Args:
        versions: Every accepted row of every file: ``columns``, ``delivered_at`` (ISO 8601) and
            ``is_detail``.
        listings: One row per list delivery and name: ``delivery_sha256``, ``name``,
            ``delivered_at`` (ISO 8601), ``n_items``.
        columns: Contract columns in order.
        empty_text_id: ``text_id`` of the empty text, for tombstones.

    Returns:
        ``columns``, sorted by ``initiative_id``.
    """
    pages = _pages(listings)
    rows = _with_moments(versions, pages)
    newest = latest_versions(
        rows, key=[_KEY], order_by=["state_changed_on", "is_listed", "moment"]
    ).frame
    worded = latest_versions(
        rows, key=[_KEY], order_by=["is_detail", "state_changed_on", "moment"]
    ).frame
    dates = rows.group_by(_KEY).agg(
        published_on=pl.col("published_on").min(), state_changed_on=pl.col("state_changed_on").max()
    )
    words = ["title", "text", "text_id", "n_masked"]
    merged = (
        newest.drop("published_on", "state_changed_on", "is_vanished", "vanished_on", *words)
        .join(worded.select(_KEY, *words), on=_KEY, how="left", validate="1:1")
        .join(dates, on=_KEY, how="left", validate="1:1")
        .join(_vanished(rows, pages), on=_KEY, how="left", validate="1:1")
        .with_columns(is_vanished=pl.col("vanished_on").is_not_null())
    )
    emptied = {"title": "", "text": "", "text_id": empty_text_id, "n_masked": 0}
    is_gone = pl.col("is_vanished")
    return (
        merged.with_columns(
            pl.when(is_gone).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
            for name, value in emptied.items()
        )
        .with_columns(pl.col("n_masked").cast(pl.Int64))
        .select(columns)
        .sort(_KEY)
    )


def complete_listings(versions: pl.DataFrame, listings: pl.DataFrame) -> pl.DataFrame:
    """Runs whose pages cover the whole list: from offset 0 without a gap to a short page.

    A run with rejected rows says nothing about absence and is left out; so is a first listing that
    suddenly lost over half of twenty or more initiatives, until the next one confirms it.

    Returns:
        ``run_at`` (city time), ``delivered_at`` (latest of its pages), sorted by ``run_at``.
    """
    return _complete(versions, _pages(listings))


def _pages(listings: pl.DataFrame) -> pl.DataFrame:
    name = pl.col("name").str.extract_groups(_PAGE_NAME).struct
    token = name.field("1").str.to_datetime("%Y-%m-%dT%H%M%SZ", strict=False, time_unit="us")
    return (
        listings.select(
            "delivery_sha256",
            "n_items",
            run_at=token.dt.replace_time_zone("UTC").dt.convert_time_zone(CITY_ZONE),
            offset=name.field("2").cast(pl.Int64, strict=False),
            page_delivered_at=parse_moment("delivered_at").value,
        )
        .drop_nulls(["run_at", "offset"])
        .unique()
    )


def _with_moments(versions: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """``versions`` with ``run_at`` of the latest listing that holds the row, and ``moment``."""
    listed = pages.group_by("delivery_sha256").agg(pl.col("run_at").max())
    delivered = parse_moment("delivered_at").value
    return versions.join(listed, on="delivery_sha256", how="left", validate="m:1").with_columns(
        delivered=delivered,
        is_listed=pl.col("run_at").is_not_null(),
        moment=pl.coalesce("run_at", delivered),
    )


def _complete(versions: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    read = versions.group_by("delivery_sha256").agg(n_read=pl.col("line_no").n_unique())
    reached = (pl.col("offset") + pl.col("n_items")).cum_max().shift(1)
    last = pl.col("n_items").sort_by("offset").last()
    ends_short = (last < PAGE_SIZE) & ((pl.len() == 1) | (last < pl.col("n_items").max()))
    return (
        pages.join(read, on="delivery_sha256", how="left", validate="m:1")
        .with_columns(
            has_gap=pl.col("offset") > reached.fill_null(0).over("run_at", order_by="offset"),
            has_rejects=pl.col("n_read").fill_null(0) < pl.col("n_items"),
        )
        .group_by("run_at")
        .agg(
            is_whole=ends_short & ~(pl.col("has_gap") | pl.col("has_rejects")).any(),
            n=(pl.col("offset") + pl.col("n_items")).max(),
            delivered_at=pl.col("page_delivered_at").max(),
        )
        .filter("is_whole")
        .sort("run_at")
        .with_columns(n_before=pl.col("n").shift(1).fill_null(0))
        .filter((pl.col("n_before") < _DOUBT_FROM) | (pl.col("n") * 2 >= pl.col("n_before")))
        .select("run_at", "delivered_at")
    )


def _vanished(rows: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """``initiative_id`` and ``vanished_on``: city date of the first complete listing without it.

    What no listing ever held (a detail alone) is gone when a complete listing that came no earlier
    lacks it.
    """
    listings = _complete(rows, pages)
    seen = (
        rows.filter(pl.col("source_code") == LISTING_SOURCE)
        .group_by(_KEY)
        .agg(last_listed=pl.col("run_at").max(), last_delivered=pl.col("delivered").max())
    )
    is_later = (
        pl.when(pl.col("last_listed").is_null())
        .then(pl.col("delivered_at") >= pl.col("last_delivered"))
        .otherwise(pl.col("run_at") > pl.col("last_listed"))
    )
    return (
        seen.join(listings, how="cross")
        .filter(is_later)
        .group_by(_KEY)
        .agg(vanished_on=pl.col("run_at").min().dt.date())
    )
