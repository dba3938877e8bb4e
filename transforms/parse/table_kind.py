"""Kinds of mapped tables: the core table of each, its fields, those that it needs, and its key.

Belongs here: what a kind of table has. Does not: which column of a source is which field
(``transforms.parse.column_map``).
"""

from collections.abc import Mapping
from enum import StrEnum

from data_contracts.contract import load_contracts
from data_contracts.templates import filled_columns


class TableKind(StrEnum):
    """What a mapped table holds."""

    TICKETS = "tickets"
    INITIATIVES = "initiatives"
    REGISTER = "register"
    IDEAS = "ideas"
    NOTES = "notes"
    ACTIONS = "actions"
    MESSAGES = "messages"
    DECISIONS = "decisions"
    EVENTS = "events"
    BUDGET_GOALS = "budget_goals"
    INFLUENCE_BODIES = "influence_bodies"
    MEASURE_REVIEWS = "measure_reviews"

    @property
    def table(self) -> str:
        """The core table that its rows go to."""
        return _TABLES[self]

    @property
    def fields(self) -> tuple[str, ...]:
        """Our fields, in order; ``source_id`` comes from the key."""
        if self in FIELDS:
            return FIELDS[self]
        return tuple(column.name for column in filled_columns(load_contracts()[self.table]))

    @property
    def required(self) -> tuple[str, ...]:
        """Fields that a map must fill."""
        if self in REQUIRED:
            return REQUIRED[self]
        columns = filled_columns(load_contracts()[self.table])
        return tuple(column.name for column in columns if column.is_required)

    @property
    def key_fields(self) -> tuple[str, ...]:
        """Fields that identify a row, where a map need not say which columns do."""
        if self in _KEY_FIELDS:
            return (_KEY_FIELDS[self],)
        return load_contracts()[self.table].key if self.is_by_hand else ()

    @property
    def is_by_hand(self) -> bool:
        """Whether people keep the table by hand, so that fields and key are the contract's."""
        return self not in FIELDS


_TABLES: Mapping[TableKind, str] = {
    TableKind.TICKETS: "core_feedback__tickets",
    TableKind.INITIATIVES: "core_initiatives__initiatives",
    TableKind.REGISTER: "core_initiatives__register",
    TableKind.IDEAS: "core_ideas__ideas",
    TableKind.NOTES: "core_notes__notes",
    TableKind.ACTIONS: "core_actions__actions",
    TableKind.MESSAGES: "core_actions__messages",
    TableKind.DECISIONS: "core_actions__decisions",
    TableKind.EVENTS: "core_participation__events",
    TableKind.BUDGET_GOALS: "core_budget__goals",
    TableKind.INFLUENCE_BODIES: "core_influence__bodies",
    TableKind.MEASURE_REVIEWS: "core_reference__measure_reviews",
}
#: Kinds whose fields are not simply their contract's columns.
FIELDS: Mapping[TableKind, tuple[str, ...]] = {
    TableKind.TICKETS: (
        "received_at", "closed_at", "updated_at", "expected_at", "status_code", "text",
        "reply_text", "channel_code", "kind_reported_code", "service_source_code",
        "service_reported_id", "postcode", "area_name", "lat", "lon", "agency_name",
    ),
    TableKind.INITIATIVES: (
        "source_number", "title", "text", "initiative_type_code", "published_on",
        "state_changed_on", "sent_on", "n_supporters", "service_reported_id",
    ),
    TableKind.REGISTER: (
        "register_number", "initiative_number", "title", "channel_code", "filed_on",
        "registered_on", "n_residents_confirmed", "department_id", "decision_on", "decision_code",
        "told_author_on", "progress_published_on", "progress_channels",
    ),
    TableKind.IDEAS: (
        "round_code", "proposed_on", "text", "area_name", "area_code", "state_name", "cost_eur",
        "lat", "lon", "service_reported_id",
    ),
    TableKind.NOTES: (
        "noted_on", "unit_name", "kind_reported_code", "service_reported_id", "area_code", "text",
    ),
}  # fmt: skip
REQUIRED: Mapping[TableKind, tuple[str, ...]] = {
    TableKind.TICKETS: ("received_at", "text"),
    TableKind.INITIATIVES: ("source_number", "title", "published_on"),
    TableKind.REGISTER: ("register_number", "title", "filed_on"),
    TableKind.IDEAS: ("text",),
    TableKind.NOTES: ("noted_on", "text"),
}
_KEY_FIELDS: Mapping[TableKind, str] = {
    TableKind.INITIATIVES: "source_number",
    TableKind.REGISTER: "register_number",
}
