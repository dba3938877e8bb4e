"""Words that a person approves: what is offered, what an approval holds for, what is printed.

Residents' praise and the departments' summaries. Nothing is approved here: a row of a file has a
unit and a day that a person has written, or it has not. See ``docs/operations/approvals.md``.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from transforms.privacy.mask import mask_texts
from transforms.privacy.spans import MASKS

Rows = pl.LazyFrame | pl.DataFrame

#: No text is printed from fewer than this, whatever a person approves.
LEAST_BASE: Final = 10
MOST_OFFERED: Final = 20
MOST_EXAMPLES: Final = 3
FEWEST_WORDS, MOST_WORDS = 4, 40

CELL: Final = ("department_id", "quarter_start_on")
PRAISE: Final = (*CELL, "praise_text")
PERIOD: Final = ("department_id", "period_kind_code", "period_start_on")
SUMMARY: Final = (*PERIOD, "summary_text", "plain_text")
ANSWER: Final = ("approved_by_unit_name", "approved_on")
DIGEST: Final = "words_sha256"

# Notes are the staff's words; authors of initiatives and ideas are named elsewhere.
_ACT_TYPES: Final = ("answer", "ticket")
_PERIOD_KINDS: Final = ("quarter", "year")
_DAYS: Final = ("%d.%m.%Y", "%Y-%m-%d")
_BREAKS: Final = r"\s+"
# A digit may be an age, an hour or a number of a house; a capital inside a sentence may be a name.
_TELLING: Final = r"[0-9@\[\]]|[^\s.!?…:\"”]\s+[\"”(]?\p{Lu}"
_STARTS: Final = r"^\p{L}"


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows of a file for approval that somebody has answered.

    Attributes:
        approved: Rows whose approval holds, with ``row_no``.
        left_out: ``row_no``, ``column_name``, ``found``, ``expected`` of the others, never words.
    """

    approved: pl.DataFrame
    left_out: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Fault:
    """What may be wrong with a row, and how it is told."""

    is_there: pl.Expr
    column_name: str
    found: str
    expected: str


def find_praise(*, acts: Rows, labels: Rows, texts: Rows, as_of: date) -> pl.DataFrame:
    """Praise without personal data, one row per department, quarter and wording, sorted so.

    Args:
        acts: core_acts__acts, lazy or not, like the two below.
        labels: core_text__labels.
        texts: ``text_id``, masked ``text`` and ``n_masked``, the most that was masked with it.
        as_of: Later acts are left out.

    Returns:
        ``department_id``, ``quarter_start_on``, ``praise_text`` (white space as single spaces),
        ``n_voices`` (respondents and senders of tickets who praised the department in the quarter,
        those with masked texts included) and ``is_offered`` (short Finnish praise that speaks of
        no group of people, no place, no number and no name that a capital gives away).
    """
    wording = pl.col("text").str.replace_all(_BREAKS, " ").str.strip_chars()
    clean = (
        texts.lazy()
        .filter(pl.col("n_masked") == 0)
        .select("text_id", praise_text=wording)
        .filter(~pl.col("praise_text").str.contains_any(list(MASKS.values())))
    )
    mild = labels.lazy().select("text_id", is_offered=_is_mild())
    words = pl.col("praise_text")
    reads_well = words.str.contains(_STARTS) & ~words.str.contains(_TELLING)
    return (
        _said(acts, as_of=as_of)
        .join(clean, on="text_id", how="inner", validate="m:1")
        .join(mild, on="text_id", how="inner", validate="m:1")
        .group_by(PRAISE)
        .agg(pl.col("n_voices").first(), is_offered=(pl.col("is_offered") & reads_well).all())
        .sort(PRAISE)
        .collect()
    )


def offer_praise(praise: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Praise to be approved: of the last four whole quarters, at most twenty of each cell.

    Which twenty is chance that stays the same: the order of a hash of the words. A wording is
    offered once, for the earliest of its quarters.

    Returns:
        ``PRAISE``, the latest quarter first.
    """
    following = as_of + timedelta(days=1)
    end = date(following.year, following.month - (following.month - 1) % 3, 1)
    is_asked = pl.col("quarter_start_on").is_between(
        end.replace(year=end.year - 1), end, closed="left"
    )
    chosen = praise.filter(pl.col("is_offered"), pl.col("n_voices") >= LEAST_BASE, is_asked)
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in chosen["praise_text"]]
    return (
        chosen.with_columns(pl.Series("digest", digests, dtype=pl.String))
        .sort("quarter_start_on", "department_id", "digest")
        .unique("praise_text", keep="first", maintain_order=True)
        .filter(pl.int_range(pl.len()).over(CELL) < MOST_OFFERED)
        .sort("quarter_start_on", "department_id", "digest", descending=[True, False, False])
        .select(PRAISE)
    )


def judge_praise(rows: pl.DataFrame, praise: pl.DataFrame) -> Judged:
    """Which answered rows approve praise that the house holds, from a base of at least ten.

    Args:
        rows: ``row_no``, and ``PRAISE`` and ``ANSWER`` as texts, as they stand in the file.
        praise: From ``find_praise``.

    Returns:
        Approved: ``row_no``, ``PRAISE``, ``ANSWER``, ``n_voices``, each wording of a cell once.
    """
    base = pl.col("n_voices")
    typed = _typed(rows, "quarter_start_on").with_columns(
        pl.col("praise_text").str.replace_all(_BREAKS, " ").str.strip_chars()
    )
    joined = typed.join(
        praise.select(*PRAISE, "n_voices"),
        on=PRAISE,
        how="left",
        validate="m:1",
        maintain_order="left",
    )
    strange = _Fault(
        base.is_null(),
        "praise_text",
        "words that the house does not hold as praise of this department and quarter",
        "the words just as they were offered",
    )
    small = _Fault(
        base < LEAST_BASE,
        "praise_text",
        f"praise from fewer than {LEAST_BASE} people in the quarter",
        f"a base of {LEAST_BASE} or more",
    )
    judged = _judge(joined, [strange, small])
    approved = judged.approved.select("row_no", *PRAISE, *ANSWER, "n_voices")
    return Judged(approved.unique(PRAISE, keep="first", maintain_order=True), judged.left_out)


def rank_praise(approved: pl.DataFrame) -> pl.DataFrame:
    """Approved praise with its ``rank`` in department and quarter, the first approved first."""
    return (
        approved.sort(*CELL, "approved_on", "praise_text")
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(CELL))
        .drop("row_no")
    )


def choose_examples(approvals: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """``praise_examples`` of each row of D09: at most three approved wordings, one a line.

    Args:
        approvals: mart_text__approvals.
        figures: D09 with its published ``n_praise``; null, when withheld, allows no words.

    Returns:
        ``figures`` with ``praise_examples``, null without any, in the same order.
    """
    start = pl.col("quarter_start_on")
    periods = {"quarter": start, "year": start.dt.truncate("1y")}
    words = pl.col("praise_text").unique(maintain_order=True).head(MOST_EXAMPLES)
    examples = (
        pl.concat(
            approvals.with_columns(period_kind_code=pl.lit(kind), period_start_on=period)
            for kind, period in periods.items()
        )
        .sort(*PERIOD, "quarter_start_on", "rank")
        .group_by(PERIOD, maintain_order=True)
        .agg(praise_examples=words.str.join("\n"))
    )
    is_allowed = (pl.col("n_praise") >= LEAST_BASE).fill_null(value=False)
    return figures.join(
        examples, on=PERIOD, how="left", validate="m:1", maintain_order="left"
    ).with_columns(praise_examples=pl.when(is_allowed).then("praise_examples"))


def judge_summaries(rows: pl.DataFrame, *, departments: Sequence[str]) -> Judged:
    """Which answered rows approve a summary, whatever its words.

    Args:
        rows: ``row_no``, and ``SUMMARY`` and ``ANSWER`` as texts, as they stand in the file.
        departments: Codes of departments.

    Returns:
        Approved: ``row_no``, ``PERIOD``, ``words_sha256`` and ``ANSWER``, each wording once.
    """
    typed = with_digest(_typed(rows, "period_start_on"))
    is_known = (
        pl.col("department_id").is_in(departments)
        & pl.col("period_kind_code").is_in(_PERIOD_KINDS)
        & pl.col("period_start_on").is_not_null()
    )
    lost = _Fault(
        ~is_known.fill_null(value=False),
        "period_start_on",
        "a department or period that is not known",
        "both as they were offered",
    )
    judged = _judge(typed, [lost])
    approved = judged.approved.select("row_no", *PERIOD, DIGEST, *ANSWER)
    once = approved.unique([*PERIOD, DIGEST], keep="first", maintain_order=True)
    return Judged(once, judged.left_out)


def with_digest(summaries: pl.DataFrame) -> pl.DataFrame:
    """``summaries`` with ``words_sha256`` of both texts, whatever the white space in them."""
    words = summaries.select(
        pl.col(name).fill_null("").str.replace_all(_BREAKS, " ").str.strip_chars()
        for name in ("summary_text", "plain_text")
    )
    digests = [hashlib.sha256("\n".join(row).encode()).hexdigest() for row in words.rows()]
    return summaries.with_columns(pl.Series(DIGEST, digests, dtype=pl.String))


def mark_approved(summaries: pl.DataFrame, approvals: pl.DataFrame) -> pl.DataFrame:
    """``summaries`` with ``ANSWER``: null where nobody has approved just these words.

    Args:
        summaries: D09 with its texts.
        approvals: mart_department__summary_approvals.
    """
    on = [*PERIOD, DIGEST]
    return (
        with_digest(summaries)
        .join(
            approvals.select(*on, *ANSWER),
            on=on,
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .drop(DIGEST)
    )


def add_outdated(judged: Judged, summaries: pl.DataFrame) -> pl.DataFrame:
    """What is left out, with approvals of words that no longer stand and that none has renewed.

    Args:
        judged: From ``judge_summaries``.
        summaries: D09 with ``ANSWER``.
    """
    unapproved = summaries.filter(pl.col("approved_on").is_null()).select(PERIOD)
    outdated = judged.approved.join(unapproved, on=PERIOD, how="semi").select(
        "row_no",
        column_name=pl.lit("summary_text"),
        found=pl.lit("other words than the summary has now"),
        expected=pl.lit("an approval in the row of its new words"),
    )
    return pl.concat([judged.left_out, outdated]).sort("row_no")


def _said(acts: Rows, *, as_of: date) -> pl.LazyFrame:
    """Texts of praise by department and quarter, with the voices of the cell."""
    is_answer = pl.col("act_type_code") == "answer"
    respondent = pl.col("act_id").str.split("|").list.get(1, null_on_oob=True)
    voice = pl.when(is_answer).then(respondent).otherwise("act_id")
    return (
        acts.lazy()
        .filter(
            pl.col("kind_code") == "kiitos",
            pl.col("act_type_code").is_in(_ACT_TYPES),
            pl.col("acted_on") <= as_of,
            pl.col("text_id").is_not_null(),
            ~pl.col("is_forwarded"),
        )
        .with_columns(quarter_start_on=pl.col("acted_on").dt.truncate("1q"))
        .select(*CELL, "text_id", n_voices=voice.n_unique().over(CELL).cast(pl.Int64))
        .unique()
    )


def _is_mild() -> pl.Expr:
    return (
        (pl.col("kind_code") == "kiitos")
        & (pl.col("sentiment_code") == "positiivinen")
        & (pl.col("language_code") == "fi")
        & ~pl.col("is_uninformative")
        & pl.col("n_words").is_between(FEWEST_WORDS, MOST_WORDS)
        & pl.col("groups").is_null()
        & pl.col("places").is_null()
    )


def _typed(rows: pl.DataFrame, start: str) -> pl.DataFrame:
    """Days as dates, null where there is none; cells without white space around them."""
    stripped = rows.with_columns(pl.col(pl.String).str.strip_chars().replace("", None))
    return stripped.with_columns(
        pl.coalesce(pl.col(name).str.to_date(form, strict=False) for form in _DAYS).alias(name)
        for name in (start, "approved_on")
    )


def _judge(typed: pl.DataFrame, own: Sequence[_Fault]) -> Judged:
    """Rows by the first thing that is wrong with them: with the answer, then with its object."""
    unit, day = ANSWER
    n_names = mask_texts(typed[unit])["n_masked"].alias("n_names")
    faults = [
        _Fault(pl.col(unit).is_null(), unit, "nothing", "the unit that approves"),
        _Fault(pl.col("n_names") > 0, unit, "what may be a person's name", "the name of a unit"),
        _Fault(pl.col(day).is_null(), day, "no day", "a day such as 15.10.2026"),
        *own,
    ]
    fault_no = pl.coalesce(
        pl.when(fault.is_there).then(pl.lit(no, dtype=pl.Int64)) for no, fault in enumerate(faults)
    )
    marked = typed.with_columns(n_names).with_columns(fault_no=fault_no)
    told = pl.DataFrame(
        [(no, fault.column_name, fault.found, fault.expected) for no, fault in enumerate(faults)],
        schema={
            "fault_no": pl.Int64,
            **dict.fromkeys(("column_name", "found", "expected"), pl.String),
        },
        orient="row",
    )
    left_out = marked.join(told, on="fault_no", how="inner", validate="m:1").sort("row_no")
    return Judged(
        approved=marked.filter(pl.col("fault_no").is_null()),
        left_out=left_out.select("row_no", "column_name", "found", "expected"),
    )
