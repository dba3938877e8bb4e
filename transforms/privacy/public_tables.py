"""How each public table is suppressed: its counts, its estimates, its additive groups.

The disclosure plan of the house in one place; a published table without an entry here is refused.
See ``docs/methods/disclosure.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from transforms.privacy.additive import (
    additive_links,
    breakdown_relations,
    level_relations,
    period_relations,
    value_relation,
)
from transforms.privacy.disclosure import (
    NOT_SUPPRESSED,
    PRIMARY,
    SECONDARY,
    Chain,
    Layout,
    Partition,
    suppress_cells,
)

Relations = dict[str, pl.DataFrame]

_LEVEL: Final = ("dimension_code", "dimension_value")
_PERIOD: Final = ("period_kind_code", "period_start_on")
_KINDS: Final = ("n_praise", "n_complaint", "n_question", "n_proposal", "n_fault")
_SENTIMENTS: Final = ("n_positive", "n_neutral", "n_negative")
_NET_FLOW_DAYS: Final = 28


class UnplannedTableError(ValueError):
    """A table would be published without a disclosure plan."""


@dataclass(frozen=True, slots=True)
class _Plan:
    key: tuple[str, ...]
    layout: Layout
    relations: Callable[[pl.DataFrame, pl.DataFrame], Relations]


RESPONSE_TIMES: Final = Layout(
    base="n_tickets",
    estimates=(
        "km_median_hours",
        "km_median_low_hours",
        "km_median_high_hours",
        "share_within_1_days",
        "share_within_5_days",
        "share_within_14_days",
        "share_within_30_days",
        "rmst_30_days",
        "rmst_30_days_se",
        "share_within_sla",
        "reopened_share",
        "naive_median_closed_hours",
    ),
    partitions=(
        Partition("n_tickets", ("n_events", "n_censored")),
        Partition("n_tickets", ("n_forwarded",), has_remainder=True),
    ),
    evidence=("n_events",),
)
BACKLOG: Final = Layout(
    base="n_open",
    estimates=("oldest_open_days", "net_flow_28_days", "n_closed_28_days", "days_to_clear"),
    partitions=(
        Partition("n_open", ("n_open_over_14_days",), has_remainder=True),
        Partition("n_open", ("n_open_over_30_days",), has_remainder=True),
        Partition("n_open_over_14_days", ("n_open_over_30_days",), has_remainder=True),
        Partition("n_open", ("n_unassigned",), has_remainder=True),
    ),
    chain=Chain(
        stock="n_open",
        flows=("n_received", "n_closed", "n_reopened"),
        within=_LEVEL,
        order="day_on",
    ),
)
SATISFACTION: Final = Layout(
    base="n",
    estimates=(
        "n_eff",
        "deff",
        "mean",
        "mean_se",
        "mean_low",
        "mean_high",
        "top2_share",
        "top2_low",
        "top2_high",
        "bottom2_share",
        "nps",
        "nps_se",
        "nps_low",
        "nps_high",
        "dont_know_share",
        "item_nonresponse_share",
    ),
)
HEARD: Final = Layout(
    base="n_acts",
    estimates=("unsure_share",),
    partitions=(
        Partition("n_acts", ("n_texts",), has_remainder=True),
        # Every text that says something has one kind and one sentiment: no rest hides a count.
        Partition("n_texts", _KINDS),
        Partition("n_texts", _SENTIMENTS),
        Partition("n_acts", ("n_forwarded",), has_remainder=True),
    ),
)
PLANS: Final = {
    "public_feedback__response_times": _Plan(
        key=(*_LEVEL, *_PERIOD, "milestone_code", "clock_code"),
        layout=RESPONSE_TIMES,
        relations=lambda frame, services: {
            **level_relations(frame, services=services),
            **period_relations(frame),
        },
    ),
    "public_feedback__backlog": _Plan(
        key=(*_LEVEL, "day_on"),
        layout=BACKLOG,
        relations=lambda frame, services: level_relations(frame, services=services),
    ),
    "public_service__satisfaction": _Plan(
        key=("survey_id", "wave_code", "question_id", "breakdown_code", "breakdown_value"),
        layout=SATISFACTION,
        relations=lambda frame, _: breakdown_relations(
            frame, variables=("area", "age_band", "gender", "language")
        ),
    ),
    "public_heard__acts": _Plan(
        key=(*_LEVEL, *_PERIOD, "act_type_code"),
        layout=HEARD,
        relations=lambda frame, services: {
            **level_relations(frame, services=services),
            **period_relations(frame),
            "act_type": value_relation(frame, column="act_type_code"),
        },
    ),
}
MART_ONLY: Final = ("naive_median_closed_hours", "n_closed_28_days")


def disclose(
    table_name: str, mart: pl.DataFrame, *, threshold: int, services: pl.DataFrame
) -> pl.DataFrame:
    """The public form of a mart: withheld figures null, mart-only columns gone, sorted by key.

    Args:
        table_name: The public table, for example ``public_heard__acts``.
        mart: The mart's figures without lineage; for the backlog the rows to be published
            (``knowledge.backlog.select_backlog_rows``), since flows are summed between rows.
        threshold: Least count that may be shown; 10 for everything here.
        services: Code list with ``service_id`` and ``department_id``.

    Returns:
        The mart's columns, then ``is_suppressed`` and ``suppress_reason_code`` (for the quality
        report neither: it counts rows of files, not people).

    Raises:
        UnplannedTableError: If the table has no plan.
    """
    if table_name == "public_data__quality_report":
        return mart
    if table_name == "public_initiative__status":
        return _disclose_initiatives(mart, threshold=threshold)
    if table_name not in PLANS:
        raise UnplannedTableError(
            f"Table {table_name} has no disclosure plan; expected one of {sorted(PLANS)}. "
            "Add its counts and additive groups to transforms/privacy/public_tables.py."
        )
    plan = PLANS[table_name]
    frame = mart.sort(*plan.key)
    links = additive_links(frame, key=plan.key, relations=plan.relations(frame, services))
    public = suppress_cells(frame, layout=plan.layout, links=links, threshold=threshold)
    if table_name == "public_service__satisfaction":
        public = _with_group_complements(public, mart=frame, threshold=threshold)
    if table_name == "public_feedback__backlog":
        public = _with_flow_figures(public, mart=frame, threshold=threshold)
    return public.drop(name for name in MART_ONLY if name in public.columns)


def _disclose_initiatives(mart: pl.DataFrame, *, threshold: int) -> pl.DataFrame:
    """A clerk's count under the threshold is withheld; supporters are public in the source."""
    confirmed = pl.col("n_residents_confirmed")
    small = ((confirmed > 0) & (confirmed < threshold)).fill_null(value=False)
    return mart.with_columns(
        n_residents_confirmed=pl.when(~small).then(confirmed),
        is_suppressed=small,
        suppress_reason_code=pl.when(small).then(pl.lit(PRIMARY)).otherwise(pl.lit(NOT_SUPPRESSED)),
    )


def _with_group_complements(
    public: pl.DataFrame, *, mart: pl.DataFrame, threshold: int
) -> pl.DataFrame:
    """A group is withheld too when those outside it are few: the total would tell about them.

    Groups overlap, so they add up to nothing and need no other protection.
    """
    question = ["survey_id", "wave_code", "question_id"]
    total = (
        mart.filter(pl.col("breakdown_code") == "total")
        .select(*question, total_n="n")
        .unique(question)
    )
    others = pl.col("total_n") - pl.col("n")
    is_leak = (
        (pl.col("breakdown_code") == "group") & (others > 0) & (others < threshold)
    ).fill_null(value=False)
    counts = [*SATISFACTION.counts, *SATISFACTION.estimates]
    return (
        public.join(total, on=question, how="left", validate="m:1", maintain_order="left")
        .with_columns(leak=is_leak & ~pl.col("is_suppressed"))
        .with_columns(
            *(pl.when(~pl.col("leak")).then(name).alias(name) for name in counts),
            is_suppressed=pl.col("is_suppressed") | pl.col("leak"),
            suppress_reason_code=pl.when("leak")
            .then(pl.lit(SECONDARY))
            .otherwise("suppress_reason_code"),
        )
        .drop("total_n", "leak")
    )


def _with_flow_figures(public: pl.DataFrame, *, mart: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The figures over 28 days, withheld where they would give a withheld count back.

    Net flow is today's stock minus that of 28 days ago: withheld when the earlier one is withheld
    or small. Days to clear give the closings back: whole days only, and none from few closings.
    """
    earlier = public.select(
        *_LEVEL,
        day_on=pl.col("day_on").dt.offset_by(f"{_NET_FLOW_DAYS}d"),
        was_withheld=pl.col("n_open").is_null(),
    )
    stock = mart["n_open"] - mart["net_flow_28_days"].fill_null(0)
    was_small = pl.Series((stock > 0) & (stock < threshold))
    closings = mart["n_closed_28_days"].fill_null(0)
    few_closed = pl.Series((closings > 0) & (closings < threshold))
    return (
        public.join(
            earlier, on=[*_LEVEL, "day_on"], how="left", validate="1:1", maintain_order="left"
        )
        .with_columns(
            net_flow_28_days=pl.when(
                ~pl.col("was_withheld").fill_null(value=False) & ~was_small
            ).then("net_flow_28_days"),
            days_to_clear=pl.when(~few_closed).then(pl.col("days_to_clear").round(0)),
        )
        .drop("was_withheld")
    )
