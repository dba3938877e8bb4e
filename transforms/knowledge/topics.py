"""D08 feedback_topics: what residents speak of, by level, period and kind of act.

A text may speak of several topics, or of none; both stand in the figures. One pass over the texts
makes the finest cells; everything after it works on counts. See ``docs/methods/topics.md``.
"""

from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.cells import ALL, UNKNOWN, last_twelve_months
from transforms.statistics.intervals import wilson_interval
from transforms.statistics.multiple import adjust_within
from transforms.statistics.rates import rate_ratio
from transforms.statistics.rows import Rows

KEY: Final = (
    "dimension_code",
    "dimension_value",
    "period_kind_code",
    "period_start_on",
    "act_type_code",
    "topic_id",
)
LEVELS: Final = {
    "city": pl.lit(ALL),
    "department": pl.col("department_id"),
    "service": pl.col("service_id"),
    "area": pl.col("area_code"),
    "service_area": pl.format("{}|{}", "service_id", "area_code"),
}
CAMPAIGN_N: Final = 3  # DATASETS.md D08: identical texts, three or more, are counted once
CAMPAIGN_WORDS: Final = 5  # "Kaikki hyvin" three times is three people, not a campaign
_EXAMPLES: Final = 3
_MODEL: Final = "2023 §2.2"  # the model's own list; the taxonomy's column source says so
_CELL: Final = KEY[:-1]
_FINEST: Final = ("month_on", "act_type_code", "department_id", "service_id", "area_code")
_BASE: Final = ("n_texts", "n_uninformative", "n_unassigned", "n_campaign", "n_corrected")
_OF_TOPIC: Final = (
    "n_documents",
    "n_mentions",
    "n_praise",
    "n_problem",
    "n_wish",
    "n_question",
    "sentiment_sum",
)
_FIGURES: Final = (
    "n_texts",
    "n_documents",
    "n_mentions",
    "n_campaign",
    "share",
    "share_low",
    "share_high",
    "n_praise",
    "n_problem",
    "n_wish",
    "n_question",
    "sentiment_mean",
    "is_new_topic",
    "growth_ratio",
    "growth_p_bh",
    "unassigned_share",
    "uninformative_share",
    "coder_code",
    "example_text_ids",
)
_INSIDE: Final = ("n_mentions", "n_campaign", "example_text_ids")
_TWELVE, _BEFORE = "last_12_months", "before_12_months"


def compute_topics(
    *,
    acts: Rows,
    labels: Rows,
    topics: pl.DataFrame,
    as_of: date,
) -> pl.DataFrame:
    """One row per level, value, period, act type and topic.

    Args:
        acts: core_acts__acts, lazy or not; those without a text, without a day or after ``as_of``
            are left out.
        labels: core_text__labels, a row per ``text_id``.
        topics: Code list with ``topic_id`` and ``source``.
        as_of: Last day that counts.

    Returns:
        The columns of mart_feedback__topics without lineage, sorted by key. A cell with at least
        one text has a row for every topic, zeros included; a cell of ``service_area`` has rows for
        its topics with a text only.
    """
    texts = _texts(acts.lazy(), labels.lazy(), as_of=as_of)
    base, by_topic = _finest(texts)
    cells = _spread(base, _BASE, (), as_of=as_of)
    counts = _spread(by_topic, _OF_TOPIC, ("topic_id",), as_of=as_of)
    grid = cells.join(
        topics.select("topic_id", is_new_topic=pl.col("source") != _MODEL), how="cross"
    )
    whole = grid.join(counts, on=list(KEY), how="left", validate="1:1").with_columns(
        pl.col(_OF_TOPIC).fill_null(0)
    )
    is_cross = pl.col("dimension_code") == "service_area"
    whole = _with_growth(whole.filter(~is_cross | (pl.col("n_documents") > 0)), as_of=as_of)
    found = whole.join(_examples(texts, as_of=as_of), on=list(KEY), how="left", validate="1:1")
    return _with_shares(found).select(*KEY, *_FIGURES).sort(KEY)


def select_topic_rows(topics: pl.DataFrame) -> pl.DataFrame:
    """The rows of the open form: short periods for the city and departments, types in long ones.

    Copies of campaigns and ids of texts stay inside. The rest of the cube is cells of one to four
    texts almost everywhere: publishing them as stars would tell nothing, and each is one more
    equation for who would work them out.
    """
    is_broad = pl.col("dimension_code").is_in(["city", "department"])
    is_long = ~pl.col("period_kind_code").is_in(["month", "quarter"])
    is_sum = pl.col("act_type_code") == ALL
    return topics.filter(
        (pl.col("dimension_code") != "service_area")
        & ((is_broad & (is_long | is_sum)) | (is_long & is_sum))
    ).drop(_INSIDE)


def _texts(acts: pl.LazyFrame, labels: pl.LazyFrame, *, as_of: date) -> pl.LazyFrame:
    """One row per act with a text: its cell, its labels, whether it is a campaign's copy."""
    labelled = labels.select("text_id", "topics", "is_uninformative", "is_corrected", "n_words")
    said = acts.filter(pl.col("acted_on") <= as_of, pl.col("text_id").is_not_null())
    alike = (
        said.group_by("month_on", "text_id")
        .agg(n_alike=pl.len(), first_id=pl.col("act_id").min())
        .filter(pl.col("n_alike") >= CAMPAIGN_N)
    )
    is_other = (pl.col("act_id") != pl.col("first_id")).fill_null(value=False)
    return (
        said.select(*_FINEST, "act_id", "text_id", "kind_code", "sentiment_code")
        .join(labelled, on="text_id", how="inner")
        .join(alike, on=["month_on", "text_id"], how="left", nulls_equal=True)
        .with_columns(
            pl.col("area_code").fill_null(UNKNOWN),
            says=~pl.col("is_uninformative"),
            is_copy=is_other & (pl.col("n_words") >= CAMPAIGN_WORDS),
        )
        .drop("act_id", "first_id")
    )


def _finest(texts: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Counts per month, type and place, without topics and by topic."""
    counted = pl.col("says") & ~pl.col("is_copy")
    has_topic = pl.col("topics").is_not_null() & (pl.col("topics") != "")
    base = texts.group_by(_FINEST).agg(
        n_texts=counted.sum(),
        n_uninformative=(~pl.col("says")).sum(),
        n_unassigned=(counted & ~has_topic).sum(),
        n_campaign=(pl.col("says") & pl.col("is_copy")).sum(),
        n_corrected=(counted & pl.col("is_corrected")).sum(),
    )
    kind = pl.col("kind_code")
    spoken = (
        texts.filter(pl.col("says") & has_topic)
        .with_columns(topic_id=pl.col("topics").str.split(";"))
        .explode("topic_id")
    )
    tone = pl.col("sentiment_code").replace_strict(
        {"positiivinen": 1, "negatiivinen": -1}, default=0, return_dtype=pl.Int64
    )
    of_topic = spoken.group_by(*_FINEST, "topic_id").agg(
        n_documents=counted.sum(),
        n_mentions=pl.len(),
        n_praise=(counted & (kind == "kiitos")).sum(),
        n_problem=(counted & kind.is_in(["moite", "vika"])).sum(),
        n_wish=(counted & (kind == "ehdotus")).sum(),
        n_question=(counted & (kind == "kysymys")).sum(),
        sentiment_sum=pl.when(counted).then(tone).otherwise(0).sum(),
    )
    found = pl.collect_all([base, of_topic], engine="streaming")
    return (
        found[0].with_columns(pl.col(_BASE).cast(pl.Int64)),
        found[1].with_columns(pl.col(_OF_TOPIC).cast(pl.Int64)),
    )


def _spread(
    finest: pl.DataFrame, counts: tuple[str, ...], more: tuple[str, ...], *, as_of: date
) -> pl.DataFrame:
    """The finest counts summed to every level, period and act type, their sum among these."""
    by_type = pl.concat([finest, finest.with_columns(act_type_code=pl.lit(ALL))])
    parts = []
    for kind, rows in _periods(by_type, as_of=as_of).items():
        for level, value in LEVELS.items():
            parts.append(
                rows.group_by(
                    pl.lit(level).alias("dimension_code"),
                    value.alias("dimension_value"),
                    pl.lit(kind).alias("period_kind_code"),
                    "period_start_on",
                    "act_type_code",
                    *more,
                ).agg(pl.col(counts).sum())
            )
    return pl.concat(parts)


def _periods(rows: pl.DataFrame, *, as_of: date) -> dict[str, pl.DataFrame]:
    month = pl.col("month_on")
    start, end = last_twelve_months(as_of)
    before = start.replace(year=start.year - 1)
    return {
        "month": rows.with_columns(period_start_on=month),
        "quarter": rows.with_columns(period_start_on=month.dt.truncate("1q")),
        "year": rows.with_columns(period_start_on=month.dt.truncate("1y")),
        _TWELVE: rows.filter(month.is_between(start, end)).with_columns(
            period_start_on=pl.lit(start)
        ),
        _BEFORE: rows.filter(month.is_between(before, start, closed="left")).with_columns(
            period_start_on=pl.lit(before)
        ),
    }


def _with_growth(cells: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Rate per text against the period a year before, where both are whole and known."""
    last = last_twelve_months(as_of)[1]
    kind, start = pl.col("period_kind_code"), pl.col("period_start_on")
    end = (
        pl.when(kind == "month")
        .then(start.dt.offset_by("1mo"))
        .when(kind == "quarter")
        .then(start.dt.offset_by("3mo"))
        .otherwise(start.dt.offset_by("1y"))
        .dt.offset_by("-1d")
    )
    before = cells.select(
        *(name for name in KEY if name not in ("period_kind_code", "period_start_on")),
        period_kind_code=kind.replace({_BEFORE: _TWELVE, _TWELVE: "-"}),
        period_start_on=start.dt.offset_by("1y"),
        n_texts_before="n_texts",
        n_documents_before="n_documents",
    )
    compared = (
        cells.filter(kind != _BEFORE)
        .join(before, on=list(KEY), how="left", validate="1:1")
        .with_columns(is_whole=end <= last)
    )
    known = [pl.when("is_whole").then(pl.col(name).cast(pl.Float64)) for name in _COMPARED]
    numbers = compared.select(known).fill_null(float("nan"))
    ratio, p = rate_ratio(*(numbers[name].to_numpy() for name in _COMPARED))
    found = compared.with_columns(
        growth_ratio=pl.Series(ratio).fill_nan(None), growth_p=pl.Series(p).fill_nan(None)
    )
    family = ["dimension_code", "period_kind_code", "period_start_on", "act_type_code"]
    return found.with_columns(growth_p_bh=adjust_within("growth_p", family))


_COMPARED: Final = ("n_documents", "n_texts", "n_documents_before", "n_texts_before")


def _with_shares(cells: pl.DataFrame) -> pl.DataFrame:
    low, high = wilson_interval(cells["n_documents"].to_numpy(), cells["n_texts"].to_numpy())
    said = pl.col("n_texts") + pl.col("n_campaign") + pl.col("n_uninformative")
    is_human = (pl.col("n_texts") > 0) & (pl.col("n_corrected") == pl.col("n_texts"))
    return cells.with_columns(
        share=_part("n_documents", pl.col("n_texts")),
        share_low=pl.Series(low).fill_nan(None),
        share_high=pl.Series(high).fill_nan(None),
        sentiment_mean=_part("sentiment_sum", pl.col("n_documents")),
        unassigned_share=_part("n_unassigned", pl.col("n_texts")),
        uninformative_share=_part("n_uninformative", said),
        coder_code=pl.when(is_human).then(pl.lit("human")).otherwise(pl.lit("model")),
    )


def _part(name: str, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(pl.col(name) / whole)


def _examples(texts: pl.LazyFrame, *, as_of: date) -> pl.DataFrame:
    """Ids of at most three texts of a topic in the last twelve months, all act types together."""
    start, end = last_twelve_months(as_of)
    spoken = (
        texts.filter(
            pl.col("says"),
            pl.col("topics").is_not_null(),
            pl.col("month_on").is_between(start, end),
        )
        .with_columns(topic_id=pl.col("topics").str.split(";"))
        .explode("topic_id")
        .collect()
    )
    ids = pl.col("text_id").unique().sort().head(_EXAMPLES).str.join(";")
    parts = [
        spoken.group_by(
            pl.lit(level).alias("dimension_code"),
            value.alias("dimension_value"),
            pl.lit(_TWELVE).alias("period_kind_code"),
            pl.lit(start).alias("period_start_on"),
            pl.lit(ALL).alias("act_type_code"),
            "topic_id",
        ).agg(example_text_ids=ids)
        for level, value in LEVELS.items()
    ]
    return pl.concat(parts)
