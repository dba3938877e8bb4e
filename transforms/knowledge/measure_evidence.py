"""Evidence of the model's measures: dated cases by measure and department, for D02.

Each rule of ``codes/evidence_rule.csv`` has its function here. A case has the day on which it began
and the day from which it counts, so that any past day can be computed again. See
``docs/methods/measure_review.md``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from transforms.statistics.processes import RULE_OF_KIND, compute_processes, occasions_of_processes
from transforms.statistics.rows import Rows

#: One row per case, and per department where a case has several; acts alike in all are one row.
EVIDENCE_SCHEMA: Final = pl.Schema(
    {
        "measure_id": pl.String,
        "case_id": pl.String,
        "department_id": pl.String,
        "began_on": pl.Date,
        "met_on": pl.Date,
        "amount": pl.Float64,
        "n_cases": pl.Int64,
        "is_case": pl.Boolean,
        "is_evidence": pl.Boolean,
    }
)
#: Rules whose cases are acts of residents; nothing else is added to their number.
RULES_OF_ACTS: Final = ("feedback_done", "feedback_done_environment", "initiatives_told")
_ENVIRONMENT = "kaupunkiymparisto"
_OUTSIDE = "ulkopuolinen"
_SERVICES_OF_2020 = "2020 §3.3.3"
_ENDS = ("done", "rejected", "forwarded")
_KINDS: Mapping[str, tuple[str, ...]] = {
    "trainings": ("training",),
    "exhibitions": ("exhibition",),
    "panel_sessions": ("panel_session",),
    "international_panels": ("panel_session",),
    "meetings": ("decision_makers_meeting", "residents_evening"),
}
_INTERNATIONAL = "kansainvaliset"


@dataclass(frozen=True, slots=True)
class EvidenceFrames:
    """What evidence is read from: core tables, by the names of their entities.

    ``services`` is the dated reference table, ``initiatives`` mart_initiative__status, and
    ``tickets`` has ``ticket_id``, ``service_id``, ``department_id`` and ``received_on``; their
    events may be lazy.
    """

    actions: pl.DataFrame
    decisions: pl.DataFrame
    messages: pl.DataFrame
    events: pl.DataFrame
    bodies: pl.DataFrame
    ideas: pl.DataFrame
    waves: pl.DataFrame
    questions: pl.DataFrame
    services: pl.DataFrame
    initiatives: pl.DataFrame
    register: pl.DataFrame
    tickets: pl.DataFrame
    ticket_events: Rows


@dataclass(frozen=True, slots=True)
class Evidence:
    """Cases of every measure (``EVIDENCE_SCHEMA``), and since when each has a source.

    ``sources`` has ``measure_id`` and ``source_from_on``, the earliest day of anything in the
    source of the measure's value; null without a source.
    """

    rows: pl.DataFrame
    sources: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Found:
    cases: pl.DataFrame
    source_from_on: date | None


def gather_evidence(frames: EvidenceFrames, measures: pl.DataFrame, *, as_of: date) -> Evidence:
    """Every case that bears on a measure.

    A measure's value is counted from its rule's cases. Actions, decisions and events that name the
    measure are evidence of it as well, but where the rule counts acts of residents.

    Args:
        frames: What the house holds.
        measures: core_reference__measures.
        as_of: Snapshot day; a running year of an influence body stands on it.
    """
    rows, sources = [pl.DataFrame(schema=EVIDENCE_SCHEMA)], []
    cached: dict[str, _Found] = {}
    for measure_id, rule in measures.select("measure_id", "evidence_rule_code").rows():
        if rule not in cached:
            cached[rule] = _RULES[rule](frames, rule, as_of)
        found = cached[rule]
        deeds = _naming(frames, measure_id)
        parts = [found.cases]
        if rule not in RULES_OF_ACTS:
            is_case = _counts_deeds(rule, deeds)
            parts.append(deeds.with_columns(is_case=is_case).select(found.cases.columns))
        rows += [
            part.with_columns(measure_id=pl.lit(measure_id)).select(list(EVIDENCE_SCHEMA))
            for part in parts
        ]
        sources.append((measure_id, found.source_from_on))
    # Another authority is no department of the city: its cases stand in the city's row alone.
    own = pl.when(pl.col("department_id") != _OUTSIDE).then("department_id")
    return Evidence(
        rows=pl.concat(rows).with_columns(own).unique().sort(list(EVIDENCE_SCHEMA)),
        sources=pl.DataFrame(
            sources, schema={"measure_id": pl.String, "source_from_on": pl.Date}, orient="row"
        ),
    )


def _cases(frame: pl.DataFrame, **columns: pl.Expr | str) -> pl.DataFrame:
    """A frame of cases; what is not given is a whole case that is its own evidence."""
    filled: dict[str, pl.Expr | str] = {
        "department_id": pl.lit(None, dtype=pl.String),
        "amount": pl.lit(1.0),
        "n_cases": pl.lit(1),
        "is_case": pl.lit(value=True),
        "is_evidence": pl.lit(value=True),
    }
    names = [name for name in EVIDENCE_SCHEMA if name != "measure_id"]
    return (
        frame.select(**(filled | columns))
        .select(names)
        .cast({name: EVIDENCE_SCHEMA[name] for name in names})
        .filter(pl.col("began_on").is_not_null())
    )


def _naming(frames: EvidenceFrames, measure_id: str) -> pl.DataFrame:
    """Actions, decisions and events that name the measure, with what they are."""
    is_named = pl.col("measure_id") == measure_id
    is_done = pl.col("status_code") == "done"
    actions = _cases(
        frames.actions.filter(is_named),
        case_id=_id("action", "action_id"),
        department_id="department_id",
        began_on="created_on",
        met_on=pl.when(is_done).then("closed_on"),
    )
    decisions = _cases(
        frames.decisions.filter(is_named),
        case_id=_id("decision", "decision_id"),
        department_id="department_id",
        began_on="decided_on",
        met_on="decided_on",
    )
    # An action is seen in the year that it began, and again in the year that it was done.
    done = actions.filter(pl.col("met_on").is_not_null()).with_columns(began_on=pl.col("met_on"))
    return pl.concat([actions, done, decisions, _held(frames.events.filter(is_named))])


def _counts_deeds(rule: str, deeds: pl.DataFrame) -> pl.Series:
    """Which of the deeds count towards the value, and are not evidence alone."""
    is_event = deeds["case_id"].str.starts_with("event|")
    return ~is_event if rule == "deeds" else is_event & (rule in _KINDS)


def _id(kind: str, column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{kind}|"), column)


def _held(events: pl.DataFrame) -> pl.DataFrame:
    return _cases(
        events,
        case_id=_id("event", "event_id"),
        department_id="department_id",
        began_on="held_on",
        met_on="held_on",
    )


def _earliest(*dates: pl.Series) -> date | None:
    found = [day for series in dates if isinstance(day := series.min(), date)]
    return min(found, default=None)


def _deeds(frames: EvidenceFrames, _: str, __: date) -> _Found:
    """The deeds are added measure by measure; where none names any measure there is no source."""

    def days(frame: pl.DataFrame, column: str) -> pl.Series:
        return frame.filter(pl.col("measure_id").is_not_null())[column]

    since = _earliest(
        days(frames.actions, "created_on"),
        days(frames.decisions, "decided_on"),
        days(frames.events, "held_on"),
    )
    return _Found(_held(frames.events.clear()), since)


def _events(frames: EvidenceFrames, rule: str, _: date) -> _Found:
    held = frames.events.filter(pl.col("event_kind_code").is_in(_KINDS[rule]))
    if rule == "international_panels":
        held = held.filter(pl.col("service_id") == _INTERNATIONAL)
    return _Found(_held(held), _earliest(frames.events["held_on"]))


def _processes(frames: EvidenceFrames, rule: str, _: date) -> _Found:
    """A process is a case from its first event; it counts from the day that saw the sixth step."""
    kind = pl.col("process_kind_code").replace_strict(RULE_OF_KIND, default=None)
    begun = compute_processes(frames.events).filter(kind == rule)
    held = occasions_of_processes(frames.events).filter(kind == rule)
    cases = _cases(
        begun,
        case_id=_id("process", "process_id"),
        department_id="department_id",
        began_on="began_on",
        met_on="met_on",
        is_evidence=pl.lit(value=False),
    )
    shown = _held(held).with_columns(is_case=pl.lit(value=False))
    return _Found(pl.concat([cases, shown]), _earliest(frames.events["held_on"]))


def _rounds(frames: EvidenceFrames, _: str, __: date) -> _Found:
    """A round (kierros) in each year in which ideas were given to it."""
    told = frames.ideas.filter(pl.col("proposed_on").is_not_null())
    year = pl.col("proposed_on").dt.year()
    rounds = (
        told.with_columns(_round=pl.coalesce("round_code", year.cast(pl.String)), _year=year)
        .group_by("_round", "_year")
        .agg(began_on=pl.min("proposed_on"))
    )
    cases = _cases(rounds, case_id=_id("round", "_round"), began_on="began_on", met_on="began_on")
    return _Found(cases, _earliest(told["proposed_on"]))


def _newsletters(frames: EvidenceFrames, _: str, __: date) -> _Found:
    is_letter = pl.col("message_channels").str.split(";").list.contains("newsletter")
    cases = _cases(
        frames.messages.filter(is_letter),
        case_id=_id("message", "message_id"),
        department_id="department_id",
        began_on="sent_on",
        met_on="sent_on",
    )
    return _Found(cases, _earliest(frames.messages["sent_on"]))


def _feedback(frames: EvidenceFrames, rule: str, _: date) -> _Found:
    """A service request counts from its first end: done, no action, or passed on to whose it is."""
    tickets = frames.tickets
    if rule == "feedback_done_environment":
        tickets = tickets.filter(pl.col("department_id") == _ENVIRONMENT)
    ends = (
        frames.ticket_events.lazy()
        .filter(pl.col("event_code").is_in(_ENDS))
        .group_by("ticket_id")
        .agg(met_on=pl.col("event_at").min().dt.date())
    )
    told = ["department_id", "received_on", "met_on"]
    ended = tickets.lazy().join(ends, on="ticket_id", how="left").group_by(told).agg(n=pl.len())
    cases = _cases(
        ended.collect(engine="streaming"),
        case_id=pl.concat_str(pl.lit("tickets"), *told, separator="|", ignore_nulls=True),
        department_id="department_id",
        began_on="received_on",
        met_on="met_on",
        amount="n",
        n_cases="n",
    )
    return _Found(cases, _earliest(tickets["received_on"]))


def _services(frames: EvidenceFrames, _: str, as_of: date) -> _Found:
    """Services of the 2020 list, year by year; one counts from its first service request."""
    since = _earliest(frames.tickets["received_on"])
    listed = frames.services.filter(
        pl.col("named_in").str.contains(_SERVICES_OF_2020, literal=True)
    )
    years = pl.DataFrame({"year": range(since.year, as_of.year + 1) if since else []},
                         schema={"year": pl.Int32})  # fmt: skip
    first = (
        frames.tickets.with_columns(year=pl.col("received_on").dt.year())
        .group_by("service_id", "year")
        .agg(met_on=pl.min("received_on"))
    )
    new_year = pl.date(pl.col("year"), 1, 1)
    asked = (
        listed.join(years, how="cross")
        .filter(pl.col("valid_to").is_null() | (pl.col("valid_to") >= new_year))
        .join(first, on=["service_id", "year"], how="left", validate="1:1")
    )
    asked = asked.with_columns(_case=pl.concat_str("service_id", pl.lit("|"), "year"))
    cases = _cases(
        asked,
        case_id=_id("service", "_case"),
        department_id="department_id",
        began_on=new_year,
        met_on="met_on",
        is_evidence=pl.lit(value=False),
    )
    heard = _cases(
        asked,
        case_id=_id("service", "_case"),
        department_id="department_id",
        began_on="met_on",
        met_on="met_on",
        is_case=pl.lit(value=False),
    )
    return _Found(pl.concat([cases, heard]), since)


def _waves(frames: EvidenceFrames, _: str, __: date) -> _Found:
    """A wave of a survey, in every department whose services it asks about."""
    wave = ["survey_id", "wave_code"]
    asked = (
        frames.questions.select(*wave, "service_id")
        .drop_nulls()
        .join(frames.services.select("service_id", "department_id"), on="service_id", how="inner")
        .select(*wave, "department_id")
        .unique()
    )
    opened = frames.waves.with_columns(opened_on=pl.coalesce("opened_on", "closed_on"))
    cases = _cases(
        opened.join(asked, on=wave, how="left").with_columns(
            _wave=pl.concat_str("survey_id", pl.lit("|"), "wave_code")
        ),
        case_id=_id("wave", "_wave"),
        department_id="department_id",
        began_on="opened_on",
        met_on="opened_on",
    )
    return _Found(cases, _earliest(opened["opened_on"]))


def _initiatives(frames: EvidenceFrames, _: str, __: date) -> _Found:
    """An initiative counts from the first day on which its progress was told in public."""
    told = (
        frames.messages.filter(pl.col("about_kind_code") == "initiative")
        .join(
            frames.register.select(about_id="register_number", named_id="initiative_id"),
            on="about_id",
            how="left",
        )
        .group_by(initiative_id=pl.coalesce("named_id", "about_id"))
        .agg(told_on=pl.min("sent_on"))
    )
    filed = frames.initiatives.filter(pl.col("filed_on").is_not_null())
    cases = _cases(
        filed.join(told, on="initiative_id", how="left", validate="1:1"),
        case_id=_id("initiative", "initiative_id"),
        department_id="department_id",
        began_on="filed_on",
        met_on=pl.min_horizontal("progress_published_on", "told_on"),
    )
    return _Found(cases, _earliest(filed["filed_on"]))


def _bodies(frames: EvidenceFrames, _: str, as_of: date) -> _Found:
    """Initiatives that a body took on in a year, on its last day or the snapshot's."""
    last = pl.min_horizontal(pl.date(pl.col("activity_year"), 12, 31), pl.lit(as_of))
    known = frames.bodies.filter(pl.col("activity_year") <= as_of.year).with_columns(
        _case=pl.concat_str("body_id", pl.lit("|"), "activity_year"), _last=last
    )
    cases = _cases(
        known,
        case_id=_id("body", "_case"),
        began_on="_last",
        met_on="_last",
        amount="n_initiatives_forwarded",
        is_evidence=pl.col("n_initiatives_taken") > 0,
    )
    return _Found(cases, _earliest(known["_last"]))


_RULES: Mapping[str, Callable[[EvidenceFrames, str, date], _Found]] = {
    "none": lambda frames, _, __: _Found(_held(frames.events.clear()), None),
    "deeds": _deeds,
    **dict.fromkeys(_KINDS, _events),
    "planning_processes": _processes,
    "service_processes": _processes,
    "budget_rounds": _rounds,
    "newsletters": _newsletters,
    "feedback_done": _feedback,
    "feedback_done_environment": _feedback,
    "feedback_services": _services,
    "survey_waves": _waves,
    "initiatives_told": _initiatives,
    "body_initiatives": _bodies,
}
