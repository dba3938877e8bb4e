"""Gaps between a group and all others: of satisfaction within waves, and of waiting.

See ``docs/methods/heard_index.md``.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.calendars import elapsed_hours, end_of_day
from transforms.statistics.rows import Rows
from transforms.statistics.survival import kaplan_meier

WAVE: Final = ("survey_id", "wave_code")
KEY: Final = ("group_code", "calendar_year")
RESTRICTION_DAYS: Final = 30
SCALE_TYPES: Final = ("scale", "nps")
ENDS: Final = ("done", "rejected")
LEAST_MEMBERS: Final = 10  # on both sides: below it an error of its own is a guess
_NORMAL: Final = 1.959963984540054
_HOURS_OF_DAY: Final = 24.0


def satisfaction_gaps(
    members: Rows, *, answers: Rows, questions: pl.DataFrame, groups: Sequence[str]
) -> pl.DataFrame:
    """One row per group and year: how much more satisfied its members are than others.

    Each respondent's mean score over the scale questions (0–1, 1 best) is compared within its wave;
    the waves' differences are averaged by members of the group. Waves with fewer than 10 on either
    side, and respondents of whom it is not known, take no part.

    Args:
        members: ``respondent_id``, ``survey_id``, ``wave_code``, ``calendar_year`` and a column per
            group: whether the respondent belongs to it, null when not known.
        answers: core_surveys__answers, lazy or not.
        questions: core_surveys__questions.
        groups: Groups to compare.

    Returns:
        ``KEY``, ``satisfaction_gap``, ``satisfaction_gap_low`` and ``_high`` (95 %, normal).
    """
    people = members.lazy().collect(engine="streaming").sort("respondent_id")
    numbered = people.with_row_index("person")
    scores = numbered.drop("respondent_id").join(
        _scores(answers, questions, people=numbered.select("respondent_id", "person")),
        on="person",
        how="inner",
        validate="1:1",
        maintain_order="left",
    )
    score = pl.col("score")
    parts = [
        scores.group_by(*WAVE, "calendar_year", is_member=group)
        .agg(n=pl.len(), mean=score.mean(), variance=score.var() / pl.len())
        .with_columns(group_code=pl.lit(group))
        for group in groups
    ]
    schema = {"group_code": pl.String, "calendar_year": pl.Int64}
    if not parts:
        return pl.DataFrame(schema=schema)
    sides = pl.concat(parts).filter(pl.col("is_member").is_not_null(), pl.col("n") >= LEAST_MEMBERS)
    key = [*WAVE, *KEY]
    own, others = sides.filter("is_member"), sides.filter(~pl.col("is_member"))
    waves = own.join(others, on=key, how="inner", validate="1:1", suffix="_of_others").with_columns(
        gap=pl.col("mean") - pl.col("mean_of_others"),
        gap_variance=pl.col("variance") + pl.col("variance_of_others"),
    )
    weight = pl.col("n") / pl.col("n").sum()
    figures = (
        waves.sort(key)
        .group_by(KEY, maintain_order=True)
        .agg(
            gap=(weight * pl.col("gap")).sum(), se=(weight**2 * pl.col("gap_variance")).sum().sqrt()
        )
    )
    return _with_ends(figures, name="satisfaction_gap", suffix="")


def waiting_gaps(
    requests: Rows,
    *,
    tickets: Rows,
    events: Rows,
    groups: Sequence[str],
    as_of: date,
) -> pl.DataFrame:
    """One row per group and year: how many days longer requests that speak of it wait to be done.

    The difference of restricted means (30 days, Kaplan–Meier) between requests that speak of the
    group and those that do not; open ones are censored at the end of ``as_of``, forwarded ones when
    they were forwarded.

    Args:
        requests: ``ticket_id``, ``calendar_year``, ``groups`` (codes joined by ``;``, null when
            none); lazy or not, like the two below.
        tickets: core_feedback__tickets.
        events: core_feedback__events.
        groups: Groups to compare.
        as_of: City day at whose end the requests stand.

    Returns:
        ``KEY``, ``response_time_gap_days``, ``response_time_gap_low_days`` and ``_high_days``; only
        where both sides have 10 requests or more and have been followed for 30 days.
    """
    waits = _waits(requests, tickets=tickets, events=events, as_of=as_of)
    if not groups or waits.is_empty():
        return pl.DataFrame(schema={"group_code": pl.String, "calendar_year": pl.Int64})
    restriction = RESTRICTION_DAYS * _HOURS_OF_DAY
    spoken = pl.col("groups").str.split(";").list
    means = []
    for group in groups:  # one at a time: all at once would hold every request once a group
        is_member = spoken.contains(pl.lit(group)).fill_null(value=False)
        cell = pl.col("calendar_year") * 2 + is_member
        observations = waits.select("duration", "is_event", cell=cell)
        of_group = kaplan_meier(observations, horizons={}, restriction=restriction)
        means.append(
            of_group.with_columns(
                group_code=pl.lit(group),
                calendar_year=pl.col("cell") // 2,
                is_member=pl.col("cell") % 2 == 1,
            )
        )
    sides = pl.concat(means).filter(pl.col("n") >= LEAST_MEMBERS)
    own, others = sides.filter("is_member"), sides.filter(~pl.col("is_member"))
    both = own.join(others, on=list(KEY), how="inner", validate="1:1", suffix="_of_others")
    figures = both.select(
        *KEY,
        gap=(pl.col("rmst") - pl.col("rmst_of_others")) / _HOURS_OF_DAY,
        se=(pl.col("rmst_se") ** 2 + pl.col("rmst_se_of_others") ** 2).sqrt() / _HOURS_OF_DAY,
    )
    return _with_ends(figures.drop_nulls("gap"), name="response_time_gap", suffix="_days")


def _scores(answers: Rows, questions: pl.DataFrame, *, people: pl.DataFrame) -> pl.DataFrame:
    """One row per person with a valid scale answer: mean score, 0 worst and 1 best."""
    scales = questions.filter(
        pl.col("question_type_code").is_in(SCALE_TYPES),
        pl.col("role_code") == "substantive",
        pl.col("scale_max") > pl.col("scale_min"),
    ).select(*WAVE, "question_id", "scale_min", "scale_max", "is_scale_reversed")
    order = pl.col("question_id").rank("dense").cast(pl.UInt32)
    share = (pl.col("answer_num") - pl.col("scale_min")) / (
        pl.col("scale_max") - pl.col("scale_min")
    )
    turned = pl.when("is_scale_reversed").then(1.0 - share).otherwise(share)
    told = (
        answers.lazy()
        .filter(pl.col("answer_kind_code") == "valid", pl.col("answer_num").is_not_null())
        .join(scales.with_columns(order=order).lazy(), on=[*WAVE, "question_id"], how="inner")
        .join(people.lazy(), on="respondent_id", how="inner")
        .select("person", "order", turned=turned)
    )
    return (
        told.collect(engine="streaming")
        .sort("person", "order", "turned")  # the order of a sum shows in its last digit
        .group_by("person", maintain_order=True)
        .agg(score=pl.col("turned").mean())
    )


def _waits(requests: Rows, *, tickets: Rows, events: Rows, as_of: date) -> pl.DataFrame:
    """One row per request received by then: hours until done, forwarded or now; true when done."""
    now = pl.lit(end_of_day(as_of)).dt.convert_time_zone("Europe/Helsinki")
    at, code = pl.col("event_at"), pl.col("event_code")
    received = tickets.lazy().select("ticket_id", "received_at").filter(pl.col("received_at") < now)
    known = received.join(requests.lazy(), on="ticket_id", how="inner").collect(engine="streaming")
    numbered = known.with_row_index("ticket")
    firsts = (
        events.lazy()
        .filter(at < now)
        .join(numbered.lazy().select("ticket_id", "ticket"), on="ticket_id", how="inner")
        .group_by("ticket")
        .agg(
            done_at=at.filter(code.is_in(ENDS)).min(),
            forwarded_at=at.filter(code == "forwarded").min(),
        )
        .collect(engine="streaming")
    )
    done, forwarded = pl.col("done_at"), pl.col("forwarded_at")
    is_event = done.is_not_null() & (forwarded.is_null() | (done < forwarded))
    ended = (
        numbered.drop("ticket_id")
        .join(firsts, on="ticket", how="left", validate="1:1")
        .with_columns(
            is_event=is_event,
            end_at=pl.when(is_event).then(done).otherwise(pl.coalesce(forwarded, now)),
        )
    )
    hours = elapsed_hours(start=ended["received_at"], end=ended["end_at"])
    return ended.select("calendar_year", "groups", "is_event", duration=hours)


def _with_ends(figures: pl.DataFrame, *, name: str, suffix: str) -> pl.DataFrame:
    gap, half = pl.col("gap"), _NORMAL * pl.col("se")
    return figures.select(
        *KEY,
        gap.round_sig_figs(12).alias(f"{name}{suffix}"),
        (gap - half).round_sig_figs(12).alias(f"{name}_low{suffix}"),
        (gap + half).round_sig_figs(12).alias(f"{name}_high{suffix}"),
    )
