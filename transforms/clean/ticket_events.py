"""What happened to each service request, from its history or, failing that, its status and times.

Belongs here: ``core_feedback__events``. Does not: the requests themselves
(``transforms.clean.tickets``). The page is ``docs/methods/ticket_events.md``.

Each raw line of a history gives one event:

========================================================  ==============  ======================
raw line                                                  event           time
========================================================  ==============  ======================
``log`` allocated, handling, done (and other codes of     same code       ``time``
ours); no_action
``log`` done whose note begins with no action             rejected        ``time``
``log`` whose note begins with reopened                   reopened        ``time``
``log`` whose note says transferred to another authority  forwarded       ``time``
``note`` of a log entry, a reply in words                 replied         ``time``
``task`` assigned, re_assigned                            allocated       ``task_created``
``task`` wait_for_answer, completed                       replied         ``task_modified``
``task`` wait_for_answer, otherwise                       handling        ``task_created``
``task`` wait_for_comment, informed                       handling        ``task_created``
allocated to another authority's unit                     forwarded       as allocated
========================================================  ==============  ======================

Inferred (``is_inferred``): ``received`` comes first, at the time of receipt. ``reopened`` comes
before an allocation or handling that follows an end (done, rejected, forwarded); being informed or
asked for a comment opens nothing. A closed request with a reply and no ``replied`` is replied to
when closed. A closed request whose history does not end, ends when closed: rejected when its
detailed status says no action; forwarded when its detailed status, its unit or its mapped service
is another authority's; else done. An open request of another authority's unit or status was
forwarded when last updated; an open one without history whose detailed status says so was in
handling when last updated. What the source does not date (closed without a time) stays unsaid.
"""

from collections.abc import Mapping

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.moments import with_moments
from transforms.clean.tickets import CLOSED, OPEN
from transforms.clean.unit_names import handler_unit_name, is_other_authority, unit_name

ENDS = ("done", "rejected", "forwarded")
NOT_THE_CITYS = "ei_kaupunki"

#: The parser's columns (``transforms.parse.georeport.RAW_EVENT_SCHEMA``; a test holds the two
#: together).
RAW_SCHEMA: Mapping[str, pl.DataType] = {
    **dict.fromkeys(("origin", "what", "state", "at", "until", "unit_name", "note"), pl.String()),
    "line_no": pl.Int64(),
}

_LOG = {
    **{code: code for code in ("received", "allocated", "handling", "acknowledged", "replied")},
    **{code: code for code in ("done", "reopened", "forwarded", "rejected")},
    "no_action": "rejected",
}
_ALLOCATING_TASKS = ("assigned", "re_assigned", "reassigned")
_ASKING_TASKS = ("wait_for_comment", "informed")
_ANSWERED = ("completed", "closed", "done")
_NO_ACTION = r"(?i:no[ _-]action|rejected|declined|hylätty|ei toimenpi|ei aiheuta|ei aiheudu)"
_PASSED_ON = r"(?i)^\W*(?:siirretty|siirrämme|välitetty|välitämme|överför|forwarded|transferred)"
_REOPENED = r"(?i)^\W*(?:avattu uudelleen|uudelleen avattu|re-?opened|öppnad på nytt)"
_FORWARDED = r"(?i)forwarded"
_IN_HANDLING = r"(?i)in[ _-]?proce|in[ _-]?progress|handling|käsittelyssä|käsitellään|työn alla"
_COLUMNS = (
    "ticket_id", "seq", "event_code", "event_at", "unit_name", "is_inferred", "line_no",
)  # fmt: skip
_EVENT_SCHEMA: Mapping[str, pl.DataType] = {
    "line_no": pl.Int64(),
    "event_code": pl.String(),
    "event_at": pl.Datetime("us", "Europe/Helsinki"),
    "unit_name": pl.String(),
    "is_inferred": pl.Boolean(),
    "place": pl.Int64(),
}
# Among events of one moment: the receipt, then the history as sent, then what is inferred of it.
_RECEIPT, _REPLY, _END = -1, 2**40, 2**40 + 1


def no_raw_events() -> pl.DataFrame:
    """A history without lines, for sources that send none."""
    return pl.DataFrame(schema=dict(RAW_SCHEMA))


def clean_ticket_events(
    events: pl.DataFrame, tickets: pl.DataFrame, *, source_code: str
) -> Cleaned:
    """Rows of ``core_feedback__events`` for the accepted requests of one file.

    Args:
        events: Raw events of the file in ``RAW_SCHEMA``, as sent.
        tickets: ``clean_tickets(...).frame`` of the same file, texts still unmasked.
        source_code: Name of the source, as in ``ticket_id``.

    Returns:
        The contract's columns without ``delivery_sha256``, by request in order of ``tickets``'
        ``line_no`` and by ``seq``. Rejected are raw lines of rejected requests, of an unknown
        kind, without a readable time, before the receipt, and a second receipt. Inferred events
        come on top, so that there may be more rows than raw lines.
    """
    facts = _ticket_facts(tickets, events, source_code=source_code)
    split = split_rows(_typed_history(events, facts), _rules())
    history = split.frame.filter(pl.col("origin") != "status").select(*_EVENT_SCHEMA, "may_reopen")
    reopened = _reopenings(history)
    receipts = _receipts(facts, history)
    known = pl.concat([receipts, reopened, history.drop("may_reopen")])
    inferred = [_replies(facts, known), _ends(facts, known), _handlings(facts, history)]
    frame = (
        pl.concat([known, *inferred])
        .join(facts.select("line_no", "ticket_id"), on="line_no", how="left", validate="m:1")
        .sort("line_no", "event_at", "place", maintain_order=True)
        .with_columns(seq=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("line_no"))
        .select(_COLUMNS)
    )
    return Cleaned(frame, split.rejects)


def _ticket_facts(tickets: pl.DataFrame, events: pl.DataFrame, *, source_code: str) -> pl.DataFrame:
    """One row per request: its times, and what its status and unit say of its end."""
    detailed = (
        events.filter(pl.col("origin") == "status")
        .group_by("line_no")
        .agg(detailed_status=pl.col("what").last())
    )
    status = pl.col("detailed_status")
    is_elsewhere = (
        is_other_authority("detailed_status")
        | status.str.contains(_FORWARDED).fill_null(value=False)
        | is_other_authority("agency_name")
    )
    is_not_ours = (pl.col("service_reported_id") == NOT_THE_CITYS).fill_null(value=False)
    return (
        tickets.filter(pl.col("ticket_id").str.starts_with(f"{source_code}|"))
        .join(detailed, on="line_no", how="left", validate="m:1", maintain_order="left")
        .select(
            "line_no",
            "ticket_id",
            "received_at",
            "updated_at",
            "closed_at",
            "status_code",
            "agency_name",
            is_answered=pl.col("reply_text").is_not_null(),
            is_elsewhere=is_elsewhere,
            is_in_handling=status.str.contains(_IN_HANDLING).fill_null(value=False),
            end_code=pl.when(status.str.contains(_NO_ACTION))
            .then(pl.lit("rejected"))
            .when(is_elsewhere | is_not_ours)
            .then(pl.lit("forwarded"))
            .otherwise(pl.lit("done")),
        )
    )


def _typed_history(events: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Raw events with code, time and unit; ``place`` is where each stood, as sent."""
    is_task = pl.col("origin") == "task"
    received = facts.select("line_no", "ticket_id", "received_at")
    told = _by_distinct(events, ["origin", "what", "state", "note"], event_code=_code_of_line())
    named = _by_distinct(
        told,
        ["origin", "unit_name"],
        kept_name=pl.when(is_task)
        .then(unit_name("unit_name"))
        .otherwise(handler_unit_name("unit_name")),
    )
    placed = (
        named.with_row_index("place")
        .join(received, on="line_no", how="left", validate="m:1", maintain_order="left")
        .with_columns(
            place=pl.col("place").cast(pl.Int64),
            event_at=pl.when(_is_answer()).then(pl.coalesce("until", "at")).otherwise("at"),
            may_reopen=~is_task | ~_tidied("what").is_in(_ASKING_TASKS),
            unit_name=pl.col("kept_name"),
            is_inferred=pl.lit(value=False),
        )
    )
    is_allocated = pl.col("event_code") == "allocated"
    is_receipt = pl.col("event_code") == "received"
    return with_moments(placed, ["event_at"]).with_columns(
        event_code=pl.when(is_allocated & is_other_authority("unit_name"))
        .then(pl.lit("forwarded"))
        .otherwise("event_code"),
        event_at=pl.when(is_receipt).then("received_at").otherwise(_to_the_second()),
        place=pl.when(is_receipt).then(pl.lit(_RECEIPT, dtype=pl.Int64)).otherwise("place"),
        nth_receipt=is_receipt.cum_sum().over("line_no"),
    )


def _by_distinct(frame: pl.DataFrame, on: list[str], **values: pl.Expr) -> pl.DataFrame:
    """``frame`` with ``values`` that hang on the columns ``on`` alone, found once per distinct row.

    Thousands of requests tell of the same few steps and units.
    """
    distinct = frame.select(on).unique(maintain_order=True).with_columns(**values)
    return frame.join(
        distinct, on=on, how="left", nulls_equal=True, maintain_order="left", validate="m:1"
    )


def _code_of_line() -> pl.Expr:
    """The event that a raw line stands for, null for none known."""
    origin, what, note = pl.col("origin"), _tidied("what"), pl.col("note")
    told = what.replace_strict(_LOG, default=None, return_dtype=pl.String)
    is_passed_on = note.str.contains(_PASSED_ON) & is_other_authority("note")
    log_code = (
        pl.when(told.is_null())
        .then(None)
        .when(is_passed_on)
        .then(pl.lit("forwarded"))
        .when((told == "done") & note.str.contains(rf"^\W*(?:{_NO_ACTION})"))
        .then(pl.lit("rejected"))
        .when(note.str.contains(_REOPENED))
        .then(pl.lit("reopened"))
        .otherwise(told)
    )
    return (
        pl.when(origin == "note")
        .then(pl.lit("replied"))
        .when(origin == "log")
        .then(log_code)
        .when(_is_answer())
        .then(pl.lit("replied"))
        .when(what.is_in(_ALLOCATING_TASKS))
        .then(pl.lit("allocated"))
        .when((what == "wait_for_answer") | what.is_in(_ASKING_TASKS))
        .then(pl.lit("handling"))
    )


def _is_answer() -> pl.Expr:
    is_awaited = (pl.col("origin") == "task") & (_tidied("what") == "wait_for_answer")
    return is_awaited & _tidied("state").is_in(_ANSWERED)


def _tidied(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


def _to_the_second() -> pl.Expr:
    """Sources that cut fractions off date an event up to a second before the receipt."""
    received_at, event_at = pl.col("received_at"), pl.col("event_at")
    is_cut_off = (event_at < received_at) & (event_at >= received_at.dt.truncate("1s"))
    return pl.when(is_cut_off).then(received_at).otherwise(event_at)


def _rules() -> list[RejectRule]:
    is_event = pl.col("origin") != "status"
    code, at = pl.col("event_code"), pl.col("event_at")
    written = pl.col("written_event_at")
    moment = "a date and time between 1990 and 2100"
    return [
        RejectRule(
            pl.col("ticket_id").is_null(), "request_rejected", None, "an accepted service request"
        ),
        RejectRule(
            is_event & code.is_null(),
            "unknown_event",
            "event_code",
            "a log status or task type that docs/methods/ticket_events.md lists",
            pl.col("what"),
        ),
        RejectRule(
            is_event & pl.col("is_bad_event_at"), "unreadable_event_at", "event_at", moment, written
        ),
        RejectRule(is_event & at.is_null(), "missing_event_at", "event_at", moment, written),
        RejectRule(
            is_event & (at < pl.col("received_at")),
            "event_before_received",
            "event_at",
            "a time not before the receipt",
            written,
        ),
        RejectRule(
            (code == "received") & (pl.col("nth_receipt") > 1),
            "received_twice",
            "event_code",
            "one receipt",
            pl.col("what"),
        ),
    ]


def _reopenings(history: pl.DataFrame) -> pl.DataFrame:
    """A reopening before each allocation or handling that follows an end."""
    code = pl.col("event_code")
    is_work = code.is_in(["allocated", "handling"]) & pl.col("may_reopen")
    turns = history.filter(is_work | code.is_in(ENDS) | (code == "reopened")).sort(
        "line_no", "event_at", "place", maintain_order=True
    )
    follows_an_end = code.shift(1).over("line_no").is_in(ENDS).fill_null(value=False)
    return turns.filter(is_work & follows_an_end).select(
        "line_no",
        pl.lit("reopened").alias("event_code"),
        "event_at",
        pl.lit(None, dtype=pl.String).alias("unit_name"),
        pl.lit(value=True).alias("is_inferred"),
        "place",
    )


def _receipts(facts: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    told = history.filter(pl.col("event_code") == "received")
    return _inferred(
        facts.join(told, on="line_no", how="anti", maintain_order="left"),
        code=pl.lit("received"),
        at=pl.col("received_at"),
        unit=pl.lit(None, dtype=pl.String),
        place=_RECEIPT,
    )


def _replies(facts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    replied = known.filter(pl.col("event_code") == "replied")
    silent = facts.filter(pl.col("is_answered") & pl.col("closed_at").is_not_null())
    return _inferred(
        silent.join(replied, on="line_no", how="anti", maintain_order="left"),
        code=pl.lit("replied"),
        at=pl.col("closed_at"),
        unit=pl.col("agency_name"),
        place=_REPLY,
    )


def _ends(facts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The end that status, unit or service tell of a request whose history has none."""
    code = pl.col("event_code")
    last = (
        known.filter(code.is_in([*ENDS, "reopened"]))
        .sort("line_no", "event_at", "place", maintain_order=True)
        .group_by("line_no", maintain_order=True)
        .agg(code.last())
    )
    ended = last.filter(code.is_in(ENDS))
    is_closed = (pl.col("status_code") == CLOSED) & pl.col("closed_at").is_not_null()
    is_passed_on = (
        (pl.col("status_code") == OPEN)
        & pl.col("is_elsewhere")
        & pl.col("updated_at").is_not_null()
    )
    return _inferred(
        facts.filter(is_closed | is_passed_on).join(
            ended, on="line_no", how="anti", maintain_order="left"
        ),
        code=pl.when(pl.col("status_code") == OPEN).then(pl.lit("forwarded")).otherwise("end_code"),
        at=pl.coalesce("closed_at", "updated_at"),
        unit=pl.col("agency_name"),
        place=_END,
    )


def _handlings(facts: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    told = history.filter(pl.col("event_code") != "received")
    is_in_hand = (
        (pl.col("status_code") == OPEN)
        & pl.col("is_in_handling")
        & ~pl.col("is_elsewhere")
        & pl.col("updated_at").is_not_null()
    )
    return _inferred(
        facts.filter(is_in_hand).join(told, on="line_no", how="anti", maintain_order="left"),
        code=pl.lit("handling"),
        at=pl.col("updated_at"),
        unit=pl.col("agency_name"),
        place=_REPLY,
    )


def _inferred(
    facts: pl.DataFrame, *, code: pl.Expr, at: pl.Expr, unit: pl.Expr, place: int
) -> pl.DataFrame:
    return facts.select(
        "line_no",
        code.alias("event_code"),
        at.alias("event_at"),
        unit.alias("unit_name"),
        pl.lit(value=True).alias("is_inferred"),
        pl.lit(place, dtype=pl.Int64).alias("place"),
    )
