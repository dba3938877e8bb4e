"""D13 group_heard_index: how well groups with a weaker voice are heard, and by which ways.

A group's share of those heard beside its share of residents, by way of being heard and year. Those
whose group is not known are a row of their own and never spread: a share is a least share while
some are unknown. Groups overlap and add up to nothing. See ``docs/methods/heard_index.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.calendars import end_of_day
from transforms.statistics.group_gaps import satisfaction_gaps, waiting_gaps
from transforms.statistics.group_members import membership
from transforms.statistics.heard_index import heard_index
from transforms.statistics.heard_shares import (
    UNKNOWN,
    attendees_of_groups,
    support_given,
    with_heard_ratios,
)
from transforms.statistics.ranking import disjoint_ranks
from transforms.statistics.rows import Rows

ALL: Final = "all"
#: Ways of being heard by the kind of act that carries the text.
CHANNEL_OF_ACT: Final = {
    "answer": "survey",
    "ticket": "ticket",
    "initiative": "initiative",
    "idea": "idea",
    "note": "note",
}
KEY: Final = ("group_code", "heard_channel_code", "calendar_year")
FIGURES: Final = (
    "is_recorded",
    "n_heard",
    "n_heard_all",
    "heard_share",
    "population_share",
    "ratio",
    "ratio_low",
    "ratio_high",
    "n_texts_of_group",
    "satisfaction_gap",
    "satisfaction_gap_low",
    "satisfaction_gap_high",
    "response_time_gap_days",
    "response_time_gap_low_days",
    "response_time_gap_high_days",
    "n_actions_citing_group",
    "n_support_given",
    "heard_index",
    "heard_index_low",
    "heard_index_high",
    "index_rank",
    "is_index_complete",
)


@dataclass(frozen=True, slots=True)
class HeardFrames:
    """What is read, each as its contract describes it; the hand-kept ones may be empty.

    ``acts`` and ``labels`` are core_acts__acts and core_text__labels; ``tickets`` and ``events``
    those of core_feedback; ``occasions`` core_participation__events. Rows may be lazy.
    """

    waves: pl.DataFrame
    questions: pl.DataFrame
    respondents: Rows
    answers: Rows
    acts: Rows
    labels: Rows
    tickets: Rows
    events: Rows
    occasions: pl.DataFrame
    actions: pl.DataFrame
    population: pl.DataFrame


def compute_heard_groups(
    frames: HeardFrames, *, groups: Sequence[str], as_of: date
) -> pl.DataFrame:
    """One row per group (and ``unknown``), way of being heard (and ``all``) and year.

    Args:
        frames: What happened after ``as_of`` is left out.
        groups: Codes of the groups, in the order of their list.
        as_of: City day at whose end the figures stand.

    Returns:
        The columns of mart_group__heard_index without lineage, sorted by key. A way stands in the
        years in which somebody was heard by it; where it does not record the group nothing is
        known of the group's share, only how many texts speak of it.
    """
    members = _members(frames, groups=groups, as_of=as_of)
    occasions = frames.occasions.filter(pl.col("held_on") <= as_of).with_columns(
        calendar_year=pl.col("held_on").dt.year().cast(pl.Int64)
    )
    acts = _acts_of_groups(frames, as_of=as_of)
    counts = _counted(acts)
    heard = pl.concat(
        [
            _heard_in_surveys(members, groups=groups),
            _heard_at_occasions(occasions, groups=groups),
            _heard_without_record(counts, groups=groups),
        ]
    )
    known = heard.filter(pl.col("n_all") > 0)
    ways = with_heard_ratios(known, population=frames.population, groups=groups)
    ways = ways.rename({"n_all": "n_heard_all"})
    ways = ways.join(_texts(counts, groups=groups), on=list(KEY), how="left", validate="1:1")
    gaps = _gaps(frames, members, acts, groups=groups, as_of=as_of)
    ways = ways.join(gaps, on=list(KEY), how="left", validate="1:1")
    together = _together(ways, frames.actions, occasions, groups=groups)
    both = pl.concat([ways, together], how="diagonal")
    missing = [name for name in FIGURES if name not in both.columns]
    absent = [pl.lit(None, dtype=pl.Float64).alias(name) for name in missing]
    return both.with_columns(absent).select(*KEY, *FIGURES).sort(KEY)


def _members(frames: HeardFrames, *, groups: Sequence[str], as_of: date) -> pl.LazyFrame:
    """One row per respondent: keys, ``calendar_year``, and for each group true, false or null."""
    opened = frames.waves.lazy().select("survey_id", "wave_code", "opened_on")
    at = pl.col("answered_at")
    year = pl.coalesce(at.dt.year(), pl.col("opened_on").dt.year()).cast(pl.Int64)
    return (
        frames.respondents.lazy()
        .filter(at.is_null() | (at < end_of_day(as_of)))
        .join(opened, on=["survey_id", "wave_code"], how="inner")
        .with_columns(calendar_year=year, **membership(groups))
        .filter(pl.col("calendar_year").is_not_null())
        .select("respondent_id", "survey_id", "wave_code", "calendar_year", *groups)
    )


def _heard_in_surveys(members: pl.LazyFrame, *, groups: Sequence[str]) -> pl.DataFrame:
    alike = members.group_by("calendar_year", *groups).agg(n=pl.len().cast(pl.Int64))
    counts, n = alike.collect(engine="streaming"), pl.col("n")
    parts = [
        counts.group_by("calendar_year").agg(
            group_code=pl.lit(group),
            n_heard=n.filter(pl.col(group)).sum(),
            n_known=n.filter(pl.col(group).is_not_null()).sum(),
            n_all=n.sum(),
        )
        for group in groups
    ]
    nothing = pl.all_horizontal(pl.col(list(groups)).is_null())
    parts.append(
        counts.group_by("calendar_year").agg(
            group_code=pl.lit(UNKNOWN),
            n_heard=n.filter(nothing).sum(),
            n_known=n.filter(~nothing).sum(),
            n_all=n.sum(),
        )
    )
    return _of_way(pl.concat(parts), "survey")


def _heard_at_occasions(occasions: pl.DataFrame, *, groups: Sequence[str]) -> pl.DataFrame:
    """Attendees; a group is known at the occasions that counted it."""
    return _of_way(attendees_of_groups(occasions, by=["calendar_year"], groups=groups), "event")


def _acts_of_groups(frames: HeardFrames, *, as_of: date) -> pl.LazyFrame:
    """Acts dated by then: way, year, key, and the groups that their text speaks of (codes; ;)."""
    is_told = pl.col("groups").is_not_null()
    spoken = frames.labels.lazy().filter(is_told).select("text_id", "groups")
    return (
        frames.acts.lazy()
        .filter(pl.col("acted_on") <= as_of)
        .select(
            "act_id",
            "text_id",
            heard_channel_code=pl.col("act_type_code").replace_strict(
                CHANNEL_OF_ACT, default=None, return_dtype=pl.String
            ),
            calendar_year=pl.col("acted_on").dt.year().cast(pl.Int64),
        )
        .filter(pl.col("heard_channel_code").is_not_null())
        .join(spoken, on="text_id", how="left")
    )


def _counted(acts: pl.LazyFrame) -> pl.DataFrame:
    """How many acts of a way and year speak of the same groups, a list."""
    counts = acts.group_by("heard_channel_code", "calendar_year", "groups")
    found = counts.agg(n=pl.len().cast(pl.Int64)).collect(engine="streaming")
    return found.with_columns(pl.col("groups").str.split(";"))


def _heard_without_record(acts: pl.DataFrame, *, groups: Sequence[str]) -> pl.DataFrame:
    """Ways that do not ask who writes: all their acts are of unknown people."""
    counts = (
        acts.filter(pl.col("heard_channel_code") != "survey")
        .group_by("heard_channel_code", "calendar_year")
        .agg(n_all=pl.col("n").sum())
    )
    codes = pl.DataFrame({"group_code": [*groups, UNKNOWN]})
    is_unknown = pl.col("group_code") == UNKNOWN
    return counts.join(codes, how="cross").select(
        *KEY,
        n_heard=pl.when(is_unknown).then("n_all"),
        n_known=pl.lit(0, dtype=pl.Int64),
        n_all="n_all",
    )


def _of_way(frame: pl.DataFrame, way: str) -> pl.DataFrame:
    return frame.with_columns(heard_channel_code=pl.lit(way)).select(
        *KEY, "n_heard", "n_known", "n_all"
    )


def _texts(acts: pl.DataFrame, *, groups: Sequence[str]) -> pl.DataFrame:
    """How many texts of each way speak of each group; zero where none does."""
    ways = acts.select("heard_channel_code", "calendar_year").unique()
    grid = ways.join(pl.DataFrame({"group_code": list(groups)}), how="cross")
    counts = (
        acts.filter(pl.col("groups").is_not_null())
        .explode("groups")
        .group_by("heard_channel_code", "calendar_year", group_code="groups")
        .agg(n_texts_of_group=pl.col("n").sum())
    )
    return grid.join(counts, on=list(KEY), how="left", validate="1:1").with_columns(
        pl.col("n_texts_of_group").fill_null(0)
    )


def _gaps(
    frames: HeardFrames,
    members: pl.LazyFrame,
    acts: pl.LazyFrame,
    *,
    groups: Sequence[str],
    as_of: date,
) -> pl.DataFrame:
    """Gaps of satisfaction (on surveys) and of waiting (on service requests), by group and year."""
    satisfaction = satisfaction_gaps(
        members, answers=frames.answers, questions=frames.questions, groups=groups
    ).with_columns(heard_channel_code=pl.lit("survey"))
    own_key = pl.col("act_id").str.splitn("|", 2).struct.field("field_1")
    requests = acts.filter(pl.col("heard_channel_code") == "ticket").select(
        "calendar_year", "groups", ticket_id=own_key
    )
    waiting = waiting_gaps(
        requests, tickets=frames.tickets, events=frames.events, groups=groups, as_of=as_of
    ).with_columns(heard_channel_code=pl.lit("ticket"))
    return pl.concat([satisfaction, waiting], how="diagonal")


def _together(
    ways: pl.DataFrame, actions: pl.DataFrame, occasions: pl.DataFrame, *, groups: Sequence[str]
) -> pl.DataFrame:
    """The rows of all ways together, with the index."""
    is_group = pl.col("group_code") != UNKNOWN
    rows = ways.group_by("group_code", "calendar_year", maintain_order=True).agg(
        is_recorded=pl.col("is_recorded").any(),
        n_heard=pl.when(pl.col("n_heard").count() > 0).then(pl.col("n_heard").sum()),
        population_share=pl.col("population_share").first(),
        n_texts_of_group=pl.when(pl.col("n_texts_of_group").count() > 0).then(
            pl.col("n_texts_of_group").sum()
        ),
        is_index_complete=pl.when(is_group.first()).then(pl.col("is_recorded").all()),
        ratios=pl.col("ratio").drop_nulls(),
        lows=pl.col("ratio_low").drop_nulls(),
        highs=pl.col("ratio_high").drop_nulls(),
    )
    indices = {
        name: [heard_index(values) for values in rows[column].to_list()]
        for name, column in (
            ("heard_index", "ratios"),
            ("heard_index_low", "lows"),
            ("heard_index_high", "highs"),
        )
    }
    indexed = rows.with_columns(
        *(pl.Series(name, v, dtype=pl.Float64).fill_nan(None) for name, v in indices.items()),
        heard_channel_code=pl.lit(ALL),
    ).drop("ratios", "lows", "highs")
    return (
        indexed.join(_ranks(indexed), on=["group_code", "calendar_year"], how="left")
        .join(_acts_for(actions, occasions, groups=groups), on=list(KEY[::2]), how="left")
        .with_columns(
            _zero_where(is_group, "n_actions_citing_group", has_source=actions.height > 0),
            _zero_where(is_group, "n_support_given", has_source=occasions.height > 0),
        )
    )


def _ranks(indexed: pl.DataFrame) -> pl.DataFrame:
    parts = [
        pl.DataFrame(
            schema={"group_code": pl.String, "calendar_year": pl.Int64, "index_rank": pl.Int64}
        )
    ]
    for year in indexed.partition_by("calendar_year", maintain_order=True):
        ends = [
            year[f"heard_index{end}"].fill_null(float("nan")).to_numpy()
            for end in ("", "_low", "_high")
        ]
        ranks = pl.Series("index_rank", disjoint_ranks(*ends)).fill_nan(None).cast(pl.Int64)
        parts.append(year.select("group_code", "calendar_year").with_columns(ranks))
    return pl.concat(parts)


def _acts_for(
    actions: pl.DataFrame, occasions: pl.DataFrame, *, groups: Sequence[str]
) -> pl.DataFrame:
    """What was done: actions that name the group, and occasions with support for it."""
    key = ["group_code", "calendar_year"]
    cited = (
        actions.filter(pl.col("groups").is_not_null())
        .select(
            group_code=pl.col("groups").str.split(";"),
            calendar_year=pl.col("created_on").dt.year().cast(pl.Int64),
        )
        .explode("group_code")
        .group_by(key)
        .agg(n_actions_citing_group=pl.len().cast(pl.Int64))
    )
    given = support_given(occasions, by=["calendar_year"], groups=groups)
    return cited.join(given, on=key, how="full", coalesce=True, validate="1:1")


def _zero_where(is_group: pl.Expr, name: str, *, has_source: bool) -> pl.Expr:
    """Zero is a value where there is a source; without one, and of unknown people, null."""
    return pl.when(is_group & pl.lit(has_source)).then(pl.col(name).fill_null(0)).alias(name)
