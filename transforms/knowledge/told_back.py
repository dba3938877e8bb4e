"""D11 told_back: whether those who were heard have been told what followed.

A promise is a thing that the model says is to be told of; it is kept when every audience that the
version in force names has had a message. See ``docs/methods/told_back.md``.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.cells import ALL
from transforms.statistics.intervals import wilson_interval
from transforms.statistics.rows import Rows
from transforms.statistics.survival import kaplan_meier

KEY: Final = ("department_id", "quarter_start_on", "promise_kind_code", "audience_code")
SUMMARY: Final = "feedback_summary"
_PROMISE: Final = ("promise_kind_code", "promise_id", "department_id", "promised_on")
_YEAR_DAYS: Final = 365.0


@dataclass(frozen=True, slots=True)
class PromiseFrames:
    """What gives promises and what keeps them, as their contracts describe them.

    Attributes:
        actions: core_actions__actions.
        decisions: core_actions__decisions.
        initiatives: mart_initiative__status.
        messages: core_actions__messages.
        register: core_initiatives__register, by whose numbers messages may name initiatives.
        heard: A row at least per ``department_id`` and ``acted_on`` on which something was heard.
        audiences: ``data_contracts.told_audiences``.
    """

    actions: pl.DataFrame
    decisions: pl.DataFrame
    initiatives: pl.DataFrame
    messages: pl.DataFrame
    register: pl.DataFrame
    heard: Rows
    audiences: pl.DataFrame


def compute_told_back(
    frames: PromiseFrames, *, departments: list[str], as_of: date
) -> pl.DataFrame:
    """One row per department, quarter, kind of promise and audience, each with ``all``.

    Args:
        frames: Promises and messages; what is dated after ``as_of`` is left out.
        departments: Departments in force, which stand with zeros in every quarter.
        as_of: Day at whose end the figures hold.

    Returns:
        The columns of mart_told__back without lineage, sorted by key. A promise whose kind has no
        audience in its version (an influence body's measure before 2023) is none.
    """
    frames = replace(frames, messages=_named_alike(frames.messages, frames.register))
    asked = _asked(find_promises(frames, as_of=as_of), frames.audiences)
    told = _told(asked, frames.messages, as_of=as_of)
    cells = pl.concat(
        [
            _summed(told, kind_is_all=kind, city=city)
            for kind in (False, True)
            for city in (False, True)
        ]
    )
    figures = _figures(cells, as_of=as_of)
    return _completed(figures, departments=departments).select(*KEY, *_FIGURES).sort(KEY)


_FIGURES: Final = (
    "n_promises",
    "n_told",
    "told_share",
    "told_share_low",
    "told_share_high",
    "median_days_to_tell",
    "median_days_low",
    "median_days_high",
    "audiences_missing",
    "message_channels",
)


def find_promises(frames: PromiseFrames, *, as_of: date) -> pl.DataFrame:
    """One row per promise: its kind, id, department and the day from which it runs.

    Actions run from the day they were taken into the plan, decisions and initiatives from the
    decision, a department's summary from the end of a quarter in which it heard something. A
    message with a promised day of its own is a promise where no such row is at hand.
    """
    parts = [
        _promises(frames.actions, kind=pl.lit("action"), key="action_id", on="created_on"),
        _promises(
            frames.decisions.filter(pl.col("about_kind_code").is_not_null()),
            kind=pl.col("about_kind_code"),
            key="decision_id",
            on="decided_on",
        ),
        _promises(
            frames.initiatives.filter(pl.col("decision_on").is_not_null()),
            kind=pl.lit("initiative"),
            key="initiative_id",
            on="decision_on",
        ),
        _summaries(frames.heard, as_of=as_of),
        _promises(
            frames.messages.filter(pl.col("promised_on").is_not_null()),
            kind=pl.col("about_kind_code"),
            key="about_id",
            on="promised_on",
        ),
    ]
    own = ["promise_kind_code", "promise_id"]
    summary = pl.when(pl.col("promise_kind_code") == SUMMARY).then("department_id")
    return (
        pl.concat(parts)
        .filter(pl.col("promised_on") <= as_of)
        .with_columns(of_department=summary)
        .unique([*own, "of_department"], keep="first", maintain_order=True)
        .drop("of_department")
    )


def _named_alike(messages: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Messages of initiatives by the initiative's own id where they name its case."""
    cases = register.filter(pl.col("initiative_id").is_not_null()).select(
        about_id="register_number", own_id="initiative_id"
    )
    is_initiative = pl.col("about_kind_code") == "initiative"
    return (
        messages.join(cases.unique("about_id"), on="about_id", how="left", maintain_order="left")
        .with_columns(
            about_id=pl.when(is_initiative)
            .then(pl.coalesce("own_id", "about_id"))
            .otherwise("about_id")
        )
        .drop("own_id")
    )


def _promises(rows: pl.DataFrame, *, kind: pl.Expr, key: str, on: str) -> pl.DataFrame:
    return rows.select(
        promise_kind_code=kind,
        promise_id=pl.col(key),
        department_id="department_id",
        promised_on=on,
    )


def _summaries(heard: Rows, *, as_of: date) -> pl.DataFrame:
    quarter = pl.col("acted_on").dt.truncate("1q")
    return (
        heard.lazy()
        .filter(pl.col("acted_on") <= as_of)
        .select("department_id", quarter=quarter)
        .unique()
        .collect(engine="streaming")
        .sort("department_id", "quarter")
        .select(
            promise_kind_code=pl.lit(SUMMARY),
            promise_id=pl.format(
                "{}-Q{}", pl.col("quarter").dt.year(), pl.col("quarter").dt.quarter()
            ),
            department_id="department_id",
            promised_on=pl.col("quarter").dt.offset_by("3mo").dt.offset_by("-1d"),
        )
    )


def _asked(promises: pl.DataFrame, audiences: pl.DataFrame) -> pl.DataFrame:
    """One row per promise and audience that the version in force on its day names."""
    day = pl.col("promised_on")
    in_force = (pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)) & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= day)
    )
    return (
        promises.join(audiences, on="promise_kind_code", how="inner")
        .filter(in_force)
        .with_columns(audience_code=pl.col("audiences").str.split(";"))
        .explode("audience_code")
        .select(*_PROMISE, "audience_code")
    )


def _told(asked: pl.DataFrame, messages: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The same with the first day told and its channels; a row ``all`` for the whole promise."""
    sent = (
        messages.filter(pl.col("sent_on") <= as_of)
        .with_columns(
            audience_code=pl.col("audiences").str.split(";"), channel=pl.col("message_channels")
        )
        .explode("audience_code")
    )
    names = [*_PROMISE, "audience_code"]
    first = _first_told(asked, sent)
    each = asked.join(first, on=names, how="left", nulls_equal=True)
    whole = each.group_by(_PROMISE).agg(
        audience_code=pl.lit(ALL),
        told_on=pl.when(pl.col("told_on").is_not_null().all()).then(pl.col("told_on").max()),
        channels=_joined("channels"),
        missing=_joined(pl.when(pl.col("told_on").is_null()).then("audience_code")),
    )
    missing = pl.when(pl.col("told_on").is_null()).then("audience_code")
    columns = [*names, "told_on", "channels", "missing"]
    return pl.concat([each.with_columns(missing=missing).select(columns), whole.select(columns)])


def _first_told(asked: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    """First day and channels by promise and audience; a year's summary tells of its quarters."""
    is_summary = pl.col("promise_kind_code") == SUMMARY
    keyed = asked.with_columns(
        of_department=pl.when(is_summary).then("department_id").otherwise(pl.lit("")),
        of_year=pl.when(is_summary).then(pl.col("promise_id").str.slice(0, 4)),
    )
    is_note = pl.col("about_kind_code") == SUMMARY
    notes = sent.select(
        "audience_code",
        "sent_on",
        "channel",
        promise_kind_code="about_kind_code",
        told_id="about_id",
        of_department=pl.when(is_note).then("department_id").otherwise(pl.lit("")),
    )
    on = ["promise_kind_code", "of_department", "audience_code"]
    by_id = keyed.join(notes, left_on=[*on, "promise_id"], right_on=[*on, "told_id"], how="inner")
    by_year = keyed.join(notes, left_on=[*on, "of_year"], right_on=[*on, "told_id"], how="inner")
    names = [*_PROMISE, "audience_code"]
    return (
        pl.concat([part.select(*names, "sent_on", "channel") for part in (by_id, by_year)])
        .group_by(names)
        .agg(told_on=pl.col("sent_on").min(), channels=_joined("channel"))
    )


def _joined(values: str | pl.Expr) -> pl.Expr:
    """Codes of all rows, each once and in order, joined by ;; null without any."""
    value = pl.col(values) if isinstance(values, str) else values
    codes = value.drop_nulls().str.split(";").explode().drop_nulls().unique().sort()
    text = codes.str.join(";")
    return pl.when(text != "").then(text)


def _summed(told: pl.DataFrame, *, kind_is_all: bool, city: bool) -> pl.DataFrame:
    return told.with_columns(
        quarter_start_on=pl.col("promised_on").dt.truncate("1q"),
        promise_kind_code=pl.lit(ALL) if kind_is_all else pl.col("promise_kind_code"),
        department_id=pl.lit(ALL) if city else pl.col("department_id"),
    )


def _figures(told: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    waited = (pl.coalesce("told_on", pl.lit(as_of)) - pl.col("promised_on")).dt.total_days()
    rows = told.with_columns(
        cell=pl.concat_str([pl.col(name).cast(pl.String) for name in KEY], separator="|"),
        # A thing told of before its day has waited for nobody.
        duration=waited.clip(lower_bound=0).cast(pl.Float64),
        is_event=pl.col("told_on").is_not_null(),
    )
    times = kaplan_meier(
        rows.select("cell", "duration", "is_event"), horizons={}, restriction=_YEAR_DAYS
    ).select(
        "cell",
        median_days_to_tell="median",
        median_days_low="median_low",
        median_days_high="median_high",
    )
    counts = rows.group_by("cell", *KEY).agg(
        n_promises=pl.len().cast(pl.Int64),
        n_told=pl.col("is_event").sum().cast(pl.Int64),
        audiences_missing=_joined("missing"),
        message_channels=_joined("channels"),
    )
    return counts.join(times, on="cell", how="left", validate="1:1").drop("cell")


def _completed(figures: pl.DataFrame, *, departments: list[str]) -> pl.DataFrame:
    """Zeros for departments without a promise in a quarter, and the shares."""
    quarters = figures.select("quarter_start_on").unique()
    silent = (
        pl.DataFrame({"department_id": [*departments, ALL]}, schema={"department_id": pl.String})
        .join(quarters, how="cross")
        .with_columns(promise_kind_code=pl.lit(ALL), audience_code=pl.lit(ALL))
        .join(figures, on=list(KEY), how="anti")
        .with_columns(n_promises=pl.lit(0, dtype=pl.Int64), n_told=pl.lit(0, dtype=pl.Int64))
    )
    whole = pl.concat([figures, silent], how="diagonal_relaxed")
    low, high = wilson_interval(whole["n_told"].to_numpy(), whole["n_promises"].to_numpy())
    return whole.with_columns(
        told_share=pl.when(pl.col("n_promises") > 0).then(pl.col("n_told") / pl.col("n_promises")),
        told_share_low=pl.Series(low).fill_nan(None),
        told_share_high=pl.Series(high).fill_nan(None),
    )
