"""D12 initiative_status: every resident initiative (kuntalaisaloite) with its legal clock.

Kuntalaki 410/2015 § 23(2): an initiative of at least two per cent of the residents, of all ages,
must be taken up within six months of becoming pending. Not the repealed Act of 1995, which counted
voters. See ``docs/methods/initiative_clock.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

MONTHS_TO_TAKE_UP: Final = "6mo"
_PER_CENT: Final = 2
FIGURES: Final = (
    "initiative_id",
    "source_code",
    "title",
    "service_id",
    "department_id",
    "initiative_type_code",
    "published_on",
    "sent_on",
    "filed_on",
    "registered_on",
    "n_supporters",
    "n_residents_confirmed",
    "supporters_residents_share",
    "threshold_n",
    "threshold_status_code",
    "six_month_due_on",
    "days_to_registration",
    "days_to_decision",
    "days_pending",
    "decision_on",
    "decision_code",
    "told_author_on",
    "progress_published_on",
    "progress_channels",
    "is_overdue",
    "is_vanished",
)


@dataclass(frozen=True, slots=True)
class InitiativeSettings:
    """Residents on the reference day, and the codes for what the sources leave out.

    Attributes:
        n_residents: Residents of all ages where no statistics are at hand; None: the threshold is
            not known then and every status is `unknown`.
        residents_by_year: Residents on 31.12. of each year by the statistics. An initiative is
            measured by the latest year's end before it was filed, one not yet filed by the latest
            of all.
        register_source_code: Source of initiatives filed on paper.
        unknown_service_id: Service of an initiative that no model has labelled.
        unknown_department_id: Department of one without service.
    """

    n_residents: int | None
    residents_by_year: Mapping[int, int] = field(default_factory=dict)
    register_source_code: str = "asianhallinta"
    unknown_service_id: str = "muu"
    unknown_department_id: str = "konserni"


def two_per_cent_threshold(n_residents: int) -> int:
    """ceil(0.02 × residents) in whole numbers: 66,556 residents give 1,332."""
    if n_residents < 1:
        raise ValueError(
            f"The number of residents is {n_residents}, expected 1 or more. "
            "Set the population of the reference day in the settings."
        )
    return -(-n_residents * _PER_CENT // 100)


def compute_initiative_status(
    *,
    initiatives: pl.DataFrame,
    register: pl.DataFrame,
    labels: pl.DataFrame,
    as_of: date,
    settings: InitiativeSettings,
) -> pl.DataFrame:
    """One row per initiative: those of the service, then those that only the register knows.

    Args:
        initiatives: core_initiatives__initiatives.
        register: core_initiatives__register; of several entries of one initiative the first filed
            counts. One without ``initiative_id`` was filed on paper and is named by its number.
        labels: ``initiative_id`` (or register number), ``service_id``, ``department_id`` by model.
        as_of: Later dates are not known yet. Supporters are those of the latest listing.
        settings: Residents and the codes to use where nothing is known.

    Returns:
        The columns of mart_initiative__status without lineage, sorted by ``initiative_id``. A
        vanished initiative and one on paper have no title. ``is_overdue`` is true when the six
        months ran out undecided, whether or not a decision came later.
    """
    rows = _joined(initiatives, register, as_of=as_of, settings=settings)
    placed = rows.join(
        labels.select("initiative_id", "service_id", label_department_id="department_id").unique(
            "initiative_id", keep="first", maintain_order=True
        ),
        on="initiative_id",
        how="left",
        validate="1:1",
    ).with_columns(
        service_id=pl.col("service_id").fill_null(settings.unknown_service_id),
        department_id=pl.coalesce("department_id", "label_department_id").fill_null(
            settings.unknown_department_id
        ),
    )
    counted = _with_residents(placed, as_of=as_of, settings=settings)
    clocked = _with_threshold(counted)
    return _with_days(clocked, as_of=as_of).select(FIGURES).sort("initiative_id")


def _joined(
    initiatives: pl.DataFrame,
    register: pl.DataFrame,
    *,
    as_of: date,
    settings: InitiativeSettings,
) -> pl.DataFrame:
    listed, handled = _listed(initiatives, as_of=as_of), _handled(register, as_of=as_of)
    joined = listed.join(
        handled, on="initiative_id", how="full", coalesce=True, validate="1:1"
    ).with_columns(
        source_code=pl.col("source_code").fill_null(settings.register_source_code),
        initiative_type_code=pl.coalesce(
            "initiative_type_code",
            pl.when("is_on_paper").then(pl.lit("PAPER")).otherwise(pl.lit("UNDEFINED")),
        ),
        is_vanished=pl.col("is_vanished").fill_null(value=False),
    )
    return _as_known_on(joined, as_of=as_of)


def _handled(register: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The first entry of each initiative in the register, by initiative or case number."""
    known = register.filter(pl.col("filed_on") <= as_of)
    return (
        known.with_columns(
            is_on_paper=pl.col("initiative_id").is_null(),
            initiative_id=pl.coalesce("initiative_id", "register_number"),
        )
        .sort("filed_on", "register_number")
        .unique("initiative_id", keep="first", maintain_order=True)
        .select(
            "initiative_id",
            "is_on_paper",
            "filed_on",
            "registered_on",
            "n_residents_confirmed",
            "department_id",
            "decision_on",
            "decision_code",
            "told_author_on",
            "progress_published_on",
            "progress_channels",
        )
    )


def _listed(initiatives: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The initiatives of the service, without the titles of those that have vanished."""
    is_gone = pl.col("is_vanished")
    return initiatives.filter(pl.col("published_on") <= as_of).select(
        "initiative_id",
        "source_code",
        title=pl.when(~is_gone).then("title"),
        initiative_type_code="initiative_type_code",
        published_on="published_on",
        sent_on="sent_on",
        n_supporters="n_supporters",
        is_vanished=is_gone & (pl.col("vanished_on").is_null() | (pl.col("vanished_on") <= as_of)),
    )


def _as_known_on(rows: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Dates after ``as_of``, and what was said on them, are not known yet."""

    def known(name: str) -> pl.Expr:
        return pl.when(pl.col(name) <= as_of).then(pl.col(name))

    is_decided = pl.col("decision_on") <= as_of
    is_told = pl.col("progress_published_on") <= as_of
    later = ("sent_on", "registered_on", "decision_on", "told_author_on", "progress_published_on")
    return rows.with_columns(
        *(known(name) for name in later),
        decision_code=pl.when(is_decided).then("decision_code"),
        progress_channels=pl.when(is_told).then("progress_channels"),
    ).with_columns(filed_on=pl.coalesce("filed_on", "sent_on"))


def _with_residents(
    rows: pl.DataFrame, *, as_of: date, settings: InitiativeSettings
) -> pl.DataFrame:
    """``rows`` with residents on the reference day and two per cent of them."""
    ends = [
        (date(year, 12, 31), n, two_per_cent_threshold(n))
        for year, n in sorted(settings.residents_by_year.items())
    ]
    columns = {"known_on": pl.Date, "counted_n": pl.Int64, "counted_limit": pl.Int64}
    fallback = settings.n_residents
    limit = None if fallback is None else two_per_cent_threshold(fallback)
    return (
        rows.with_columns(reference_on=pl.col("filed_on").fill_null(as_of))
        .sort("reference_on")
        .join_asof(
            pl.DataFrame(ends, schema=columns, orient="row"),
            left_on="reference_on",
            right_on="known_on",
        )
        .with_columns(
            residents_n=pl.col("counted_n").fill_null(pl.lit(fallback, dtype=pl.Int64)),
            threshold_n=pl.col("counted_limit").fill_null(pl.lit(limit, dtype=pl.Int64)),
        )
    )


def _with_threshold(rows: pl.DataFrame) -> pl.DataFrame:
    threshold = pl.col("threshold_n")
    confirmed, supporters = pl.col("n_residents_confirmed"), pl.col("n_supporters")
    status = (
        pl.when(threshold.is_null())
        .then(pl.lit("unknown"))
        .when(confirmed >= threshold)
        .then(pl.lit("confirmed"))
        .when(confirmed < threshold)
        .then(pl.lit("below"))
        .when(supporters >= threshold)
        .then(pl.lit("possibly_reached"))
        .when(supporters < threshold)
        .then(pl.lit("below"))
        .otherwise(pl.lit("unknown"))
    )
    share = supporters / pl.col("residents_n")
    has_deadline = pl.col("threshold_status_code").is_in(["possibly_reached", "confirmed"])
    return rows.with_columns(
        threshold_status_code=status,
        supporters_residents_share=share.clip(upper_bound=1.0),
    ).with_columns(
        # offset_by keeps to the month's end: 31.8. gives 28.2. or 29.2.
        six_month_due_on=pl.when(has_deadline).then(
            pl.col("filed_on").dt.offset_by(MONTHS_TO_TAKE_UP)
        )
    )


def _with_days(rows: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    filed, due, decided = pl.col("filed_on"), pl.col("six_month_due_on"), pl.col("decision_on")
    to_registration = (pl.col("registered_on") - filed).dt.total_days()
    ran_out = (due < as_of) & (decided.is_null() | (decided > due))
    return rows.with_columns(
        days_to_registration=pl.when(to_registration >= 0).then(to_registration),
        days_to_decision=(decided - filed).dt.total_days(),
        days_pending=(decided.fill_null(as_of) - filed).dt.total_days(),
        is_overdue=pl.when(due.is_not_null()).then(ran_out),
    )
