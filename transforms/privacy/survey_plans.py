"""The disclosure plans of the tables of surveys and of groups: thresholds by background."""

from dataclasses import replace
from typing import Final

import polars as pl

from transforms.privacy.additive import breakdown_relations, value_relation
from transforms.privacy.open_form import open_satisfaction
from transforms.privacy.plan import Count, Ends, Limit, Parts, Plan, Relations, Rounded, Within

_QUESTION: Final = ("survey_id", "wave_code", "question_id")
_PLACE: Final = ("breakdown_code", "breakdown_value")
_OF_WAVE: Final = (
    "dissimilarity",
    "r_indicator",
    "max_bias_cv",
    "weight_min",
    "weight_max",
    "weight_cv",
    "partial_p_u",
    "deff",
)
_VARIABLES: Final = ("area", "age_band", "gender", "language")


def _satisfaction() -> Plan:
    return Plan(
        key=(*_QUESTION, *_PLACE),
        select=open_satisfaction,
        base="n",
        counts=(Count("n", "answers"),),
        relations=lambda frame, _: {
            **breakdown_relations(frame, variables=_VARIABLES),
            **_each_group(frame),
        },
        estimates=("n_eff", "deff"),
        rounded=(
            Rounded("mean", "n", kind="value"),
            Rounded("top2_share", "n"),
            Rounded("bottom2_share", "n"),
            Rounded("nps", "n", kind="value", decimals=0),
            Rounded("mean_se", "n", kind="width"),
            Rounded("nps_se", "n", kind="width", decimals=0),
            Rounded("dont_know_share", "n"),
            Rounded("item_nonresponse_share", "n"),
        ),
        ends=(
            Ends("mean", "mean_low", "mean_high"),
            Ends("top2_share", "top2_low", "top2_high", least=0.0, most=1.0),
            Ends("nps", "nps_low", "nps_high", least=-100.0, most=100.0),
        ),
        limit=Limit.BACKGROUND,
        cost=pl.when(pl.col("breakdown_code") == "total").then(20.0).otherwise(1.0),
        flows=("n",),
        group="surveys",
    )


def _change() -> Plan:
    """Both bases are those of the waves' totals in the table of satisfaction."""
    total = {"breakdown_code": pl.lit("total"), "breakdown_value": pl.lit("all")}
    now = {**{name: name for name in _QUESTION}, **total}
    return Plan(
        key=_QUESTION,
        base="n",
        counts=(
            Count("n", "answers", key=now),
            Count(
                "n_previous",
                "answers",
                key={**now, "wave_code": "previous_wave_code"},
                where=pl.col("previous_wave_code").is_not_null()
                & pl.col("n_previous").is_not_null(),
            ),
        ),
        apart=("n_previous",),
        beside=("n_previous",),
        estimates=("p_value", "p_value_bh", "verdict_code"),
        rounded=(
            *(Rounded(f"{name}", "n", kind="value") for name in ("mean", "mean_previous")),
            Rounded("mean_difference", "n", kind="value"),
            Rounded("top2_share", "n"),
            Rounded("top2_share_previous", "n_previous"),
            Rounded("top2_difference", "n", kind="value", decimals=2),
        ),
        ends=(
            Ends("mean_difference", "mean_difference_low", "mean_difference_high"),
            Ends("top2_difference", "top2_difference_low", "top2_difference_high"),
        ),
        limit=Limit.BACKGROUND,
        cost=pl.lit(20.0),
        flows=("n",),
        group="surveys",
    )


def _representativeness() -> Plan:
    is_whole = pl.col("breakdown_value") == "all"
    wave = ("survey_id", "wave_code")
    # The row `all` of a variable repeats the respondents of the wave: one quantity.
    key: dict[str, pl.Expr | str] = {
        **{name: name for name in (*wave, "breakdown_value")},
        "breakdown_code": pl.when(is_whole)
        .then(pl.lit("total"))
        .otherwise(pl.col("breakdown_code")),
    }
    return Plan(
        key=(*wave, *_PLACE),
        base="n_respondents",
        counts=(
            Count("n_respondents", "respondents", key=key),
            Count(
                "n_broken_off",
                "broken_off",
                key={name: name for name in wave},
                where=pl.col("n_broken_off").is_not_null(),
            ),
        ),
        parts=(Parts("n_respondents", ("n_broken_off",)),),
        relations=lambda frame, _: breakdown_relations(
            frame.filter(~is_whole | (pl.col("breakdown_code") == "total")),
            variables=_VARIABLES,
        ),
        estimates=("respondent_share", "ratio", "weighted_share"),
        apart=("n_broken_off",),
        own_base={"response_rate": "n_broken_off", "breakoff_rate": "n_broken_off"},
        rounded=(
            *(Rounded(name, "n_respondents", kind="value", decimals=2) for name in _OF_WAVE),
            Rounded("n_eff", "n_respondents", kind="value", decimals=0),
        ),
        limit=Limit.BACKGROUND,
        cost=pl.when(is_whole).then(20.0).otherwise(1.0),
        flows=("n_respondents",),
        group="surveys",
        drop=("collapsed_into",),  # a merged category has fewer than five respondents
    )


def _heard_index() -> Plan:
    is_known = _is_known()
    gap = ("satisfaction_gap", "satisfaction_gap_low", "satisfaction_gap_high")
    wait = tuple(f"response_time_gap_{name}days" for name in ("", "low_", "high_"))
    index = ("heard_index", "heard_index_low", "heard_index_high", "index_rank")
    return Plan(
        key=("group_code", "heard_channel_code", "calendar_year"),
        base="n_heard",
        counts=(
            Count("n_heard", "group_heard", where=is_known),
            Count(
                "n_texts_of_group",
                "group_texts",
                where=pl.col("n_texts_of_group").is_not_null(),
                margins=False,
            ),
            # The same on the row of every group: one quantity. Its rest are those outside.
            Count(
                "n_heard_all",
                "all_heard",
                key={name: name for name in ("heard_channel_code", "calendar_year")},
                where=is_known & (pl.col("heard_channel_code") != "all"),
                margins=False,
            ),
        ),
        parts=(Parts("n_heard_all", ("n_heard",)),),
        relations=lambda frame, _: {
            "channel": value_relation(frame, column="heard_channel_code"),
        },
        estimates=("heard_share", "ratio", "ratio_low", "ratio_high", *gap, *index),
        apart=("n_texts_of_group", "n_heard_all"),
        beside=("n_heard_all",),  # the share by the count gives it
        own_base=dict.fromkeys(wait, "n_texts_of_group"),
        limit=Limit.BACKGROUND,
        after=_without_index,
        cost=pl.when(pl.col("heard_channel_code") == "all").then(5.0).otherwise(1.0),
        group="groups",
    )


def _heard_processes() -> Plan:
    """Attendees of processes that are over, within those of all events of the years."""
    attendees = Within(
        "n_attendees",
        first="first_year",
        last="last_year",
        table="public_group__heard_index",
        whole="n_heard_all",
        year="calendar_year",
        where=pl.col("heard_channel_code") == "event",
    )
    of_group = replace(attendees, column="n_heard", whole="n_heard", alike=("group_code",))
    # While a process goes on its counts grow by one event at a time.
    is_over = pl.col("is_closed").fill_null(value=False)
    is_told = is_over & (pl.col("n_events_counted") > 0).fill_null(value=False)
    rough = ("heard_share", "ratio", "ratio_low", "ratio_high")
    return Plan(
        key=("process_id", "group_code"),
        base="n_heard",
        counts=(
            Count("n_heard", "process_heard", where=is_told & _is_known()),
            Count(
                "n_attendees",
                "process_attendees",
                key={"process_id": "process_id"},
                where=is_told,
                weight=3.0,
            ),
        ),
        parts=(Parts("n_attendees", ("n_heard",)),),
        within=(attendees, of_group),
        estimates=rough,
        apart=("n_attendees",),
        beside=("n_attendees",),
        hidden=dict.fromkeys(rough, ~is_over),
        limit=Limit.BACKGROUND,
        flows=("n_heard", "n_attendees"),
        group="groups",
    )


def _is_known() -> pl.Expr:
    """Where a count of the group's people stands; told by what is public, for the next night."""
    is_recorded = pl.col("is_recorded").fill_null(value=False)
    return is_recorded | (pl.col("group_code") == "unknown")


def _without_index(public: pl.DataFrame) -> pl.DataFrame:
    """The index is made of every channel's ratio: gone where one of them is withheld."""
    falls = pl.col("is_suppressed").any().over("group_code", "calendar_year")
    names = ("heard_index", "heard_index_low", "heard_index_high", "index_rank")
    return public.with_columns(pl.when(~falls).then(pl.col(name)).alias(name) for name in names)


def _each_group(frame: pl.DataFrame) -> Relations:
    """Each group within the total by itself: groups overlap, and those outside it are its rest."""
    values = frame.filter(pl.col("breakdown_code") == "group")["breakdown_value"].unique().sort()
    return {
        f"group_{value}": pl.DataFrame(
            {
                "breakdown_code": ["group"],
                "breakdown_value": [value],
                "total_breakdown_code": ["total"],
                "total_breakdown_value": ["all"],
            }
        )
        for value in values
    }


SURVEY_PLANS: Final = {
    "public_group__heard_index": _heard_index(),
    "public_group__heard_processes": _heard_processes(),
    "public_satisfaction__change": _change(),
    "public_service__satisfaction": _satisfaction(),
    "public_survey__representativeness": _representativeness(),
}
