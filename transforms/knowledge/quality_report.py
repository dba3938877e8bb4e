"""D15 data_quality_report: what was delivered, and what became of every row of it.

The identity rows in = accepted + rejected + duplicate is a rule of core_deliveries__files; here the
reasons, the lateness and the freshness of each source are put beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.calendars import end_of_day
from transforms.statistics.rows import Rows

LATE_AFTER_DAYS: Final = 31
_ID_LENGTH: Final = 12
_SECONDS_OF_HOUR: Final = 3600.0
DELIVERY: Final = ("delivery_sha256", "table_name")
FIGURES: Final = (
    "delivery_id",
    "table_name",
    "source_code",
    "format_code",
    "first_seen_on",
    "n_bytes",
    "encoding_name",
    "n_rows_in",
    "n_accepted",
    "n_rejected",
    "n_duplicate",
    "reasons",
    "min_on",
    "max_on",
    "n_late",
    "freshness_hours",
    "freshness_limit_hours",
    "is_stale",
    "contract_version",
    "verdict_code",
)


@dataclass(frozen=True, slots=True)
class QualitySettings:
    """Limits of freshness by source_code, in hours, and the version of each table's contract."""

    freshness_limit_hours: Mapping[str, float] = field(default_factory=dict)
    contract_versions: Mapping[str, str] = field(default_factory=dict)


def compute_quality_report(
    *,
    files: pl.DataFrame,
    rejects: Mapping[str, Rows],
    accepted_dates: Rows | None,
    as_of: date,
    settings: QualitySettings,
) -> pl.DataFrame:
    """One row per delivered content and table.

    Args:
        files: core_deliveries__files: everything that the figures of this run stand on.
        rejects: Core table → its sibling of rejected rows (``delivery_sha256``, ``reason_code``).
        accepted_dates: One row per accepted row that has a date: ``delivery_sha256``,
            ``table_name``, ``subject_on``. None, or a table absent from it: ``n_late`` is null.
        as_of: City day at whose end freshness is measured.
        settings: Limits and versions.

    Returns:
        The columns of mart_data__quality_report without lineage, sorted by ``first_seen_on`` and
        key. ``freshness_hours`` is the same for all rows of a source: its latest landing counts,
        and one after the end of ``as_of`` (a night's landing for the day before) is 0.
    """
    now = pl.lit(end_of_day(as_of))
    seen = files.with_columns(first_seen_on=pl.col("first_seen_at").dt.date())
    latest = pl.col("first_seen_at").max().over("source_code")
    limit = pl.col("source_code").replace_strict(
        dict(settings.freshness_limit_hours), default=None, return_dtype=pl.Float64
    )
    version = pl.col("table_name").replace_strict(
        dict(settings.contract_versions), default=None, return_dtype=pl.String
    )
    dated = seen.with_columns(
        delivery_id=pl.col("delivery_sha256").str.slice(0, _ID_LENGTH),
        freshness_hours=(now - latest).dt.total_seconds().clip(lower_bound=0) / _SECONDS_OF_HOUR,
        freshness_limit_hours=limit,
        contract_version=version,
    ).with_columns(
        is_stale=(pl.col("freshness_hours") > pl.col("freshness_limit_hours")).fill_null(
            value=False
        )
    )
    reasoned = dated.join(_reasons(rejects), on=list(DELIVERY), how="left", validate="1:1")
    lateness = _lateness(accepted_dates, seen)
    return (
        reasoned.join(lateness, on=list(DELIVERY), how="left", validate="1:1")
        .with_columns(reasons=pl.col("reasons").fill_null(""))
        .select(FIGURES)
        .sort("first_seen_on", "delivery_id", "table_name")
    )


def _reasons(rejects: Mapping[str, Rows]) -> pl.DataFrame:
    """``reason=n`` joined by semicolons, the commonest first, then by name."""
    empty = pl.LazyFrame(
        schema={"delivery_sha256": pl.String, "table_name": pl.String, "reason_code": pl.String}
    )
    rows = [
        frame.lazy().select("delivery_sha256", table_name=pl.lit(name), reason_code="reason_code")
        for name, frame in sorted(rejects.items())
    ]
    counts = pl.concat([empty, *rows]).group_by(*DELIVERY, "reason_code").agg(n=pl.len())
    counted = counts.collect(engine="streaming")
    word = pl.format("{}={}", "reason_code", "n")
    return (
        counted.sort(*DELIVERY, "n", "reason_code", descending=[False, False, True, False])
        .group_by(DELIVERY, maintain_order=True)
        .agg(reasons=word.str.join(";"))
    )


def _lateness(accepted_dates: Rows | None, seen: pl.DataFrame) -> pl.DataFrame:
    if accepted_dates is None:
        return pl.DataFrame(
            schema={
                "delivery_sha256": pl.String,
                "table_name": pl.String,
                "n_late": pl.Int64,
            }
        )
    landed = seen.select(*DELIVERY, "first_seen_on", "n_accepted")
    age = (pl.col("first_seen_on") - pl.col("subject_on")).dt.total_days()
    tables = accepted_dates.lazy().select("table_name").unique()
    # Counted by day first: rows are many, days of a delivery are few.
    days = accepted_dates.lazy().group_by(*DELIVERY, "subject_on").agg(n=pl.len().cast(pl.Int64))
    found = pl.collect_all([tables, days], engine="streaming")
    counted = (
        found[1]
        .join(landed, on=list(DELIVERY), how="inner", validate="m:1")
        .group_by(DELIVERY)
        .agg(n_late=pl.col("n").filter(age > LATE_AFTER_DAYS).sum())
    )
    return (
        landed.join(found[0], on="table_name", how="semi")
        .join(counted, on=list(DELIVERY), how="left", validate="1:1")
        .select(*DELIVERY, n_late=pl.col("n_late").fill_null(0))
    )
