"""D01 and D02 from stored tables: the register of measures and their yearly review."""

import polars as pl

from assets.house import House
from transforms.knowledge.measure_evidence import RULES_OF_ACTS, EvidenceFrames, gather_evidence
from transforms.knowledge.measure_register import compute_measure_register
from transforms.knowledge.measure_review import ReviewFrames, compute_measure_review

MEASURES = "core_reference__measures"
REVIEWS = "core_reference__measure_reviews"
#: Tables that evidence is read from as they are, by part.
_PARTS = {
    "actions": "core_actions__actions",
    "decisions": "core_actions__decisions",
    "messages": "core_actions__messages",
    "events": "core_participation__events",
    "bodies": "core_influence__bodies",
    "ideas": "core_ideas__ideas",
    "waves": "core_surveys__waves",
    "questions": "core_surveys__questions",
    "services": "core_reference__services",
    "initiatives": "mart_initiative__status",
    "register": "core_initiatives__register",
}
_TICKETS, _EVENTS, _ACTS = "core_feedback__tickets", "core_feedback__events", "core_acts__acts"
REVIEW_INPUTS = (MEASURES, REVIEWS, *_PARTS.values(), _EVENTS, _TICKETS, _ACTS)


def measure_register(house: House) -> pl.DataFrame:
    """D01 in the order of the model."""
    return compute_measure_register(house.store.read(MEASURES))


def measure_review(house: House) -> pl.DataFrame:
    """D02 for every year that the house knows of."""
    measures = house.store.read(MEASURES)
    parts = {part: house.store.read(name) for part, name in _PARTS.items()}
    found = EvidenceFrames(
        **parts, tickets=_tickets(house), ticket_events=house.store.scan(_EVENTS)
    )
    evidence = gather_evidence(found, measures, as_of=house.as_of)
    frames = ReviewFrames(
        measures=measures,
        evidence=evidence.rows,
        sources=evidence.sources,
        reviews=house.store.read(REVIEWS),
        rules_of_acts=RULES_OF_ACTS,
    )
    return compute_measure_review(frames, as_of=house.as_of)


def _tickets(house: House) -> pl.DataFrame:
    """Service requests of the city's own matters, with the service that they are about."""
    acts = house.store.scan(_ACTS).filter(
        pl.col("act_type_code") == "ticket", ~pl.col("is_forwarded")
    )
    placed = acts.select(
        pl.col("act_id").str.splitn("|", 2).struct.field("field_1").alias("ticket_id"),
        "service_id",
        "department_id",
    )
    received = house.store.scan(_TICKETS).select(
        "ticket_id", received_on=pl.col("received_at").dt.date()
    )
    return received.join(placed, on="ticket_id", how="inner").collect(engine="streaming")
