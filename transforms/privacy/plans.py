"""The disclosure plans of the public tables; those of surveys stand in ``survey_plans``."""

from typing import Final

import polars as pl

from transforms.privacy.additive import level_relations, period_relations, value_relation
from transforms.privacy.open_form import (
    BROAD,
    LONG,
    open_heard,
    open_response_times,
    open_topics,
)
from transforms.privacy.plan import Bridge, Count, Parts, Plan, Relations, Rounded, Stock
from transforms.privacy.survey_plans import SURVEY_PLANS

LEVEL: Final = ("dimension_code", "dimension_value")
PERIOD: Final = ("period_kind_code", "period_start_on")
KINDS: Final = ("n_praise", "n_complaint", "n_question", "n_proposal", "n_fault")
SENTIMENTS: Final = ("n_positive", "n_neutral", "n_negative")
_CELL: Final = (*LEVEL, *PERIOD)
_FEW_CLOSED: Final = 10


def _relations(frame: pl.DataFrame, services: pl.DataFrame) -> Relations:
    return {**level_relations(frame, services=services), **period_relations(frame)}


def level_cost() -> pl.Expr:
    """Figures of the whole city and of long times are dearer than those of a service's month."""
    return pl.col("dimension_code").replace_strict(
        {"city": 30.0, "department": 6.0}, default=1.0, return_dtype=pl.Float64
    )


def _period_cost() -> pl.Expr:
    return pl.col("period_kind_code").replace_strict(
        {"last_12_months": 5.0, "all": 8.0, "year": 2.0, "quarter": 1.5},
        default=1.0,
        return_dtype=pl.Float64,
    )


def _heard() -> Plan:
    is_sum = pl.col("act_type_code") == "all"
    is_short = pl.col("period_kind_code").is_in(["month", "quarter"])
    is_ever = pl.col("period_kind_code") == "all"
    is_broad = pl.col("dimension_code").is_in(BROAD)
    is_city = pl.col("dimension_code") == "city"
    # Kinds and sentiments: of all acts together; of a service, an area or a channel not by month;
    # way by way only of the whole city and not by month.
    detail = (is_sum & (is_broad | ~is_short)) | (is_city & ~is_short & ~is_ever)
    counts = ("n_acts", "n_texts", *KINDS, *SENTIMENTS, "n_forwarded")
    return Plan(
        key=(*_CELL, "act_type_code"),
        select=open_heard,
        base="n_acts",
        counts=(
            Count("n_acts", "acts", weight=3.0),
            Count("n_texts", "texts", where=detail, weight=2.0),
            *(Count(name, name, where=detail) for name in (*KINDS, *SENTIMENTS)),
            Count("n_forwarded", "acts_forwarded", where=detail),
        ),
        parts=(
            Parts("n_acts", ("n_texts",)),
            Parts("n_texts", KINDS, has_rest=False),
            Parts("n_texts", SENTIMENTS, has_rest=False),
            Parts("n_acts", ("n_forwarded",)),
        ),
        relations=lambda frame, services: {
            **_relations(frame, services),
            "act_type": value_relation(frame, column="act_type_code"),
        },
        rounded=(Rounded("unsure_share", "n_texts"),),
        hidden={"unsure_share": ~detail},
        # Initiatives are public one by one, in the service and in initiative_status.
        exempt=lambda count: pl.col(f"public_{count}"),
        drop=tuple(f"public_{name}" for name in counts),
        cost=level_cost() * _period_cost() * pl.when(is_sum).then(2.0).otherwise(1.0),
        flows=("n_acts",),
        group="acts",
    )


def _response_times() -> Plan:
    by_milestone = {name: name for name in (*_CELL, "milestone_code")}
    cell = {name: name for name in _CELL}
    is_broad = pl.col("dimension_code").is_in(BROAD)
    # How many wait still is told of the latest twelve months: of older ones they are few.
    is_latest = pl.col("period_kind_code") == "last_12_months"
    return Plan(
        key=(*_CELL, "milestone_code", "clock_code"),
        select=open_response_times,
        base="n_tickets",
        counts=(
            # The same requests as the acts of their kind in heard_acts: one quantity.
            Count("n_tickets", "acts", key={**cell, "act_type_code": pl.lit("ticket")}, weight=0.6),
            Count("n_events", "events", key=by_milestone, where=is_latest, weight=0.5),
            Count("n_censored", "censored", key=by_milestone, where=is_latest, weight=0.5),
            Count("n_forwarded", "tickets_forwarded", key=cell, where=is_broad, weight=0.2),
        ),
        parts=(
            Parts("n_tickets", ("n_events", "n_censored"), has_rest=False),
            Parts("n_tickets", ("n_forwarded",)),
        ),
        relations=_relations,
        estimates=("km_median_hours", "km_median_low_hours", "km_median_high_hours"),
        evidence=("n_events",),
        rounded=(
            *(Rounded(f"share_within_{d}_days", "n_tickets") for d in (1, 5, 14, 30)),
            Rounded("share_within_sla", "n_tickets"),
            Rounded("reopened_share", "n_tickets", adds_up=True),
            Rounded("rmst_30_days", "n_tickets", kind="value"),
            Rounded("rmst_30_days_se", "n_tickets", kind="width"),
        ),
        cost=level_cost() * _period_cost(),
        drop=("naive_median_closed_hours",),
        flows=("n_tickets",),
        group="acts",
    )


def _backlog() -> Plan:
    is_month_end = pl.col("day_on") == pl.col("day_on").dt.month_end()
    is_city = pl.col("dimension_code") == "city"
    return Plan(
        key=(*LEVEL, "day_on"),
        base="n_open",
        counts=_backlog_counts(is_month_end=is_month_end),
        parts=(
            Parts("n_open", ("n_open_over_14_days",)),
            Parts("n_open_over_14_days", ("n_open_over_30_days",)),
            Parts("n_open", ("n_open_over_30_days",)),
            Parts("n_open", ("n_unassigned",)),
        ),
        relations=lambda frame, services: level_relations(frame, services=services),
        # Requests received, less those that were another authority's from the start.
        bridges=(Bridge("received", "acts", {"act_type_code": "ticket"}),),
        stock=Stock(
            "n_open",
            flows={"n_received": 1, "n_closed": -1},
            within=LEVEL,
            order="day_on",
        ),
        estimates=("oldest_open_days", "net_flow_28_days"),
        rounded=(Rounded("days_to_clear", "n_open", kind="value", decimals=0),),
        # Both give a count of 28 days back; they are told where such counts are large.
        hidden={
            "net_flow_28_days": ~is_city,
            "days_to_clear": ~is_city | (pl.col("n_closed_28_days") < _FEW_CLOSED),
        },
        after=_without_early_stock,
        cost=level_cost() * pl.when(is_month_end).then(1.0).otherwise(0.5),
        drop=("n_closed_28_days",),
        flows=("n_received",),
        group="acts",
    )


def _backlog_counts(*, is_month_end: pl.Expr) -> tuple[Count, ...]:
    """Stocks of every row, flows of whole months."""
    is_broad = pl.col("dimension_code").is_in(BROAD)
    has_flows = is_month_end & is_broad
    month = {
        **{name: name for name in LEVEL},
        "period_kind_code": pl.lit("month"),
        "period_start_on": pl.col("day_on").dt.truncate("1mo"),
    }
    return (
        Count("n_open", "open", weight=3.0),
        Count("n_open_over_14_days", "open_14", where=is_broad),
        Count("n_open_over_30_days", "open_30"),
        Count("n_unassigned", "unassigned", where=is_broad),
        Count("n_received", "received", key=month, where=has_flows),
        # Less those opened again, which are few: so the stock gives nothing else.
        Count("n_closed", "closed", key=month, where=has_flows),
    )


def _without_early_stock(public: pl.DataFrame) -> pl.DataFrame:
    """Net flow is today's stock less that of 28 days before: gone unless both are told."""
    told = public.filter(pl.col("n_open").is_not_null()).select(
        *LEVEL, day_on=pl.col("day_on").dt.offset_by("28d"), is_told=pl.lit(value=True)
    )
    key = [*LEVEL, "day_on"]
    return (
        public.join(told, on=key, how="left", validate="1:1", maintain_order="left")
        .with_columns(net_flow_28_days=pl.when("is_told").then("net_flow_28_days"))
        .drop("is_told")
    )


def _topics() -> Plan:
    cell = {name: name for name in (*_CELL, "act_type_code")}
    is_long = pl.col("period_kind_code").is_in(LONG)
    is_sum = pl.col("act_type_code") == "all"
    kinds = ("n_praise", "n_problem", "n_wish", "n_question")
    return Plan(
        key=(*_CELL, "act_type_code", "topic_id"),
        select=open_topics,
        base="n_documents",
        counts=(
            Count("n_documents", "topic_documents", weight=2.0),
            # The same on the row of every topic of a cell: one quantity.
            Count("n_texts", "topic_texts", key=cell),
            *(Count(n, f"topic_{n}", where=is_long & is_sum) for n in kinds),
        ),
        parts=(
            Parts("n_texts", ("n_documents",)),
            Parts("n_documents", kinds, has_rest=False),
        ),
        relations=lambda frame, services: {
            **_relations(frame, services),
            "act_type": value_relation(frame, column="act_type_code"),
        },
        estimates=("share", "share_low", "share_high", "growth_p_bh", "example_text_ids"),
        apart=("n_texts",),
        beside=("n_texts",),
        rounded=(
            Rounded("sentiment_mean", "n_documents", kind="value"),
            Rounded("growth_ratio", "n_documents", kind="value"),
            Rounded("unassigned_share", "n_texts", adds_up=True),
            Rounded("uninformative_share", "n_texts"),
        ),
        own_base={"unassigned_share": "n_texts", "uninformative_share": "n_texts"},
        cost=level_cost() * _period_cost() * pl.when(is_sum).then(2.0).otherwise(1.0),
        flows=("n_documents",),
        group="acts",
    )


def _initiatives() -> Plan:
    """Supporters are public in the source; a clerk's count of residents among them is not."""
    return Plan(
        key=("initiative_id",),
        base="n_residents_confirmed",
        counts=(Count("n_residents_confirmed", "residents_confirmed"),),
    )


def _measures() -> Plan:
    """Counts of residents' acts behind a few measures; the others count the city's own deeds."""
    key = ("measure_id", "review_year", "department_id")
    # Two versions of the model ask for the same count of the same acts.
    measure = pl.col("measure_id").replace({"2020-3.2.2": "2023-2.4.1", "2020-3.4.1": "2023-2.4.2"})
    # That of 2020 is of one department: its sum is that department's count of 2023.
    is_of_one = (pl.col("measure_id") == "2020-3.2.2") & (pl.col("department_id") == "all")
    department = (
        pl.when(is_of_one).then(pl.lit("kaupunkiymparisto")).otherwise(pl.col("department_id"))
    )
    is_told = pl.col("is_from_residents_acts") & pl.col("is_closed_year")
    return Plan(
        key=key,
        base="n_evidence",
        counts=(
            Count(
                "n_evidence",
                "evidence",
                key={
                    "measure_id": measure,
                    "review_year": "review_year",
                    "department_id": department,
                },
                # Of a year that is not over the count grows every night.
                where=is_told | ~pl.col("is_from_residents_acts"),
            ),
        ),
        relations=lambda frame, _: {"department": value_relation(frame, column="department_id")},
        estimates=("indicator_value", "target_share"),
        evidence=("n_evidence",),
        applies=pl.col("is_from_residents_acts"),
        exempt=lambda _: ~pl.col("is_from_residents_acts"),
        after=_without_lowest,
        cost=pl.when(pl.col("department_id") == "all").then(5.0).otherwise(1.0),
    )


def _without_lowest(public: pl.DataFrame) -> pl.DataFrame:
    """The city's indicator is that of one department: gone where a department's is withheld."""
    row = ["measure_id", "review_year"]
    falls = (
        pl.col("is_suppressed").any().over(row)
        & pl.col("is_from_residents_acts")
        & (pl.col("department_id") == "all")
    )
    return public.with_columns(
        pl.when(~falls).then(pl.col(name)).alias(name)
        for name in ("indicator_value", "target_share")
    ).with_columns(
        is_suppressed=pl.col("is_suppressed") | falls,
        suppress_reason_code=pl.when(falls)
        .then(pl.lit("withheld"))
        .otherwise("suppress_reason_code"),
    )


#: They count nobody: rows of files, the city's own promises, words of the model, tests of areas.
_COUNTS_NOBODY: Final = (
    "public_data__quality_report",
    "public_feedback__area_differences",
    "public_measure__register",
    "public_told__back",
)
PLANS: Final = {
    **{name: Plan(key=()) for name in _COUNTS_NOBODY},
    **SURVEY_PLANS,
    "public_feedback__backlog": _backlog(),
    "public_feedback__response_times": _response_times(),
    "public_feedback__topics": _topics(),
    "public_heard__acts": _heard(),
    "public_initiative__status": _initiatives(),
    "public_measure__review": _measures(),
}
