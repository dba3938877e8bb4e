"""Evidence of measures: which rows of which table count, from which day, for which department."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from data_contracts.contract import code_values, load_codes, load_contracts
from transforms.clean.reference import reference_table
from transforms.knowledge.measure_evidence import (
    EVIDENCE_SCHEMA,
    Evidence,
    EvidenceFrames,
    gather_evidence,
)

AS_OF = date(2026, 6, 30)
MEASURES = "core_reference__measures"
TABLES = {
    "actions": "core_actions__actions",
    "decisions": "core_actions__decisions",
    "messages": "core_actions__messages",
    "events": "core_participation__events",
    "bodies": "core_influence__bodies",
    "ideas": "core_ideas__ideas",
    "waves": "core_surveys__waves",
    "questions": "core_surveys__questions",
    "initiatives": "mart_initiative__status",
    "register": "core_initiatives__register",
    "ticket_events": "core_feedback__events",
}
TICKETS = {
    "ticket_id": pl.String,
    "service_id": pl.String,
    "department_id": pl.String,
    "received_on": pl.Date,
}
Rows = Sequence[Mapping[str, object]]


def reference(name: str) -> pl.DataFrame:
    return reference_table(name, codes=load_codes(), schema=load_contracts()[name].schema)


def filled(rows: Rows, schema: Mapping[str, object]) -> pl.DataFrame:
    full = [dict.fromkeys(schema) | dict(row) for row in rows]
    return pl.DataFrame(full, schema=dict(schema))  # type: ignore[arg-type]


def gather(*, as_of: date = AS_OF, **rows: Rows) -> Evidence:
    """Evidence of a house that holds only these rows."""
    frames = {
        part: filled(rows.get(part, []), load_contracts()[name].schema)
        for part, name in TABLES.items()
    }
    return gather_evidence(
        EvidenceFrames(
            **frames,
            services=reference("core_reference__services"),
            tickets=filled(rows.get("tickets", []), TICKETS),
        ),
        reference(MEASURES),
        as_of=as_of,
    )


def cases_of(evidence: Evidence, measure_id: str) -> list[tuple[object, ...]]:
    return (
        evidence.rows.filter("is_case", measure_id=measure_id)
        .select("case_id", "department_id", "began_on", "met_on")
        .sort("case_id", "began_on")
        .rows()
    )


def source_of(evidence: Evidence, measure_id: str) -> date | None:
    found: date | None = evidence.sources.filter(measure_id=measure_id)["source_from_on"][0]
    return found


def event(number: int, held: date, **changed: object) -> dict[str, object]:
    honest: dict[str, object] = {
        "event_id": f"T-{number}",
        "event_kind_code": "workshop",
        "held_on": held,
        "department_id": "kaupunkiymparisto",
    }
    return honest | changed


def test_every_rule_of_the_code_list_is_followed() -> None:
    used = set(reference(MEASURES)["evidence_rule_code"])

    assert used == set(code_values("evidence_rule"))


def test_a_house_without_rows_has_neither_evidence_nor_sources() -> None:
    evidence = gather()

    assert evidence.rows.schema == EVIDENCE_SCHEMA
    assert evidence.rows.height == 0
    assert evidence.sources.height == 37
    assert evidence.sources["source_from_on"].null_count() == 37


def test_an_action_counts_from_its_end_and_a_decision_from_its_day() -> None:
    plan = "2023-2.1.4"
    planned, done = date(2024, 2, 1), date(2024, 9, 1)
    action = {"department_id": "konserni", "measure_id": plan, "created_on": planned}
    evidence = gather(
        actions=[
            action | {"action_id": "A-1", "status_code": "done", "closed_on": done},
            action | {"action_id": "A-2", "status_code": "under_way"},
            action | {"action_id": "A-3", "status_code": "dropped", "closed_on": done},
        ],
        decisions=[
            {"decision_id": "P-1", "department_id": "konserni", "measure_id": plan,
             "decided_on": done},
        ],
    )  # fmt: skip

    assert cases_of(evidence, plan) == [
        ("action|A-1", "konserni", planned, done),
        ("action|A-1", "konserni", done, done),
        ("action|A-2", "konserni", planned, None),
        ("action|A-3", "konserni", planned, None),
        ("decision|P-1", "konserni", done, done),
    ]
    # Another measure of the same rule has a source, since deeds name measures here.
    assert cases_of(evidence, "2023-2.1.2") == []
    assert source_of(evidence, "2023-2.1.2") == planned


def test_an_event_that_names_a_measure_of_deeds_is_evidence_and_no_case() -> None:
    evidence = gather(events=[event(1, date(2024, 5, 1), measure_id="2023-2.1.2")])

    assert cases_of(evidence, "2023-2.1.2") == []
    found = evidence.rows.filter(measure_id="2023-2.1.2")
    assert found.select("case_id", "is_evidence").rows() == [("event|T-1", True)]


@pytest.mark.parametrize(
    ("measure_id", "kind"),
    [
        ("2023-2.2.2", "exhibition"),
        ("2023-2.3.2", "training"),
        ("2023-2.2.4", "panel_session"),
        ("2023-2.4.6", "decision_makers_meeting"),
        ("2020-3.4.5", "residents_evening"),
    ],
)
def test_events_of_a_kind_are_cases_of_their_measure(measure_id: str, kind: str) -> None:
    day = date(2024, 5, 1)
    evidence = gather(events=[event(1, day, event_kind_code=kind), event(2, day)])

    assert cases_of(evidence, measure_id) == [("event|T-1", "kaupunkiymparisto", day, day)]


def test_the_multicultural_panel_is_that_of_the_international_residents() -> None:
    day = date(2024, 5, 1)
    session = {"event_kind_code": "panel_session"}
    evidence = gather(
        events=[event(1, day, **session), event(2, day, service_id="kansainvaliset", **session)]
    )

    assert [row[0] for row in cases_of(evidence, "2023-2.4.4")] == ["event|T-2"]


def test_an_event_counts_for_the_measure_that_it_names_whatever_its_kind() -> None:
    evidence = gather(events=[event(1, date(2024, 5, 1), measure_id="2023-2.2.2")])

    assert [row[0] for row in cases_of(evidence, "2023-2.2.2")] == ["event|T-1"]


def test_a_process_counts_from_the_day_of_its_sixth_step() -> None:
    steps = [
        event(n, date(2024, n, 1), process_id="K-1", process_step_no=n, service_id="kaavoitus")
        for n in (1, 2, 3, 4, 5)
    ]
    fifth_again = event(7, date(2024, 7, 1), process_id="K-1", process_step_no=5,
                        service_id="kaavoitus")  # fmt: skip
    sixth = event(8, date(2024, 9, 1), process_id="K-1", process_step_no=6, service_id="kaavoitus")

    unfinished = gather(events=[*steps, fifth_again])
    finished = gather(events=[*steps, fifth_again, sixth])

    begun = date(2024, 1, 1)
    case = ("process|K-1", "kaupunkiymparisto", begun)
    assert cases_of(unfinished, "2023-2.2.1") == [(*case, None)]
    assert cases_of(finished, "2023-2.2.1") == [(*case, date(2024, 9, 1))]
    assert cases_of(finished, "2023-2.3.1") == []
    shown = finished.rows.filter("is_evidence", measure_id="2023-2.2.1")
    assert shown.height == 7


def test_a_process_of_another_service_develops_services() -> None:
    evidence = gather(
        events=[event(1, date(2024, 1, 1), process_id="P-1", process_step_no=1,
                      service_id="kirjasto")]
    )  # fmt: skip

    assert [row[0] for row in cases_of(evidence, "2023-2.3.1")] == ["process|P-1"]
    assert cases_of(evidence, "2023-2.2.1") == []


def test_a_process_counts_by_the_kind_that_is_stated_and_only_once() -> None:
    held = {"process_id": "K-1", "process_step_no": 1}
    evidence = gather(
        events=[
            event(1, date(2024, 1, 1), process_kind_code="plan", service_id="puistot", **held),
            event(2, date(2024, 2, 1), service_id="kaavoitus", **held),
            event(3, date(2024, 1, 1), process_id="O-1", process_kind_code="other"),
        ]
    )

    assert [row[0] for row in cases_of(evidence, "2023-2.2.1")] == ["process|K-1"]
    assert cases_of(evidence, "2023-2.3.1") == []


def test_a_service_request_counts_from_its_first_end() -> None:
    zone = ZoneInfo("Europe/Helsinki")
    day = date(2026, 1, 2)
    ticket = {"service_id": "kadut", "department_id": "kaupunkiymparisto", "received_on": day}

    def at(ticket_id: str, code: str, day_no: int, hour: int = 12) -> dict[str, object]:
        moment = datetime(2026, 1, day_no, hour, tzinfo=zone)
        return {"ticket_id": ticket_id, "event_code": code, "event_at": moment}

    evidence = gather(
        tickets=[
            ticket | {"ticket_id": "a"},
            ticket | {"ticket_id": "b"},
            ticket | {"ticket_id": "c", "department_id": "elinvoima"},
        ],
        ticket_events=[
            at("a", "received", 2),
            at("a", "done", 5, hour=0),
            at("a", "reopened", 6),
            at("a", "done", 9),
            at("b", "handling", 3),
            at("c", "forwarded", 4),
        ],
    )

    assert [row[1:] for row in cases_of(evidence, "2023-2.4.1")] == [
        ("elinvoima", day, date(2026, 1, 4)),
        ("kaupunkiymparisto", day, None),
        ("kaupunkiymparisto", day, date(2026, 1, 5)),
    ]
    # The measure of 2020 was that of the urban environment alone.
    assert {row[1] for row in cases_of(evidence, "2020-3.2.2")} == {"kaupunkiymparisto"}


def test_service_requests_that_are_alike_are_one_row_that_tells_how_many() -> None:
    ticket = {"service_id": "kadut", "department_id": "elinvoima"}
    days = {"a": date(2026, 1, 2), "b": date(2026, 1, 2), "c": date(2026, 1, 3)}
    evidence = gather(
        tickets=[ticket | {"ticket_id": key, "received_on": on} for key, on in days.items()]
    )

    found = evidence.rows.filter(measure_id="2023-2.4.1").sort("began_on")

    assert found.select("began_on", "n_cases", "amount").rows() == [
        (date(2026, 1, 2), 2, 2.0),
        (date(2026, 1, 3), 1, 1.0),
    ]
    assert found["case_id"].n_unique() == 2


def test_deeds_are_not_added_to_counts_of_residents_acts() -> None:
    evidence = gather(events=[event(1, date(2026, 1, 1), measure_id="2023-2.4.1")])

    assert evidence.rows.filter(measure_id="2023-2.4.1").height == 0


def test_services_of_the_2020_list_count_from_their_first_service_request_of_the_year() -> None:
    ticket = {"ticket_id": "a", "service_id": "kirjasto", "department_id": "sivistys_hyvinvointi"}
    evidence = gather(tickets=[ticket | {"received_on": date(2022, 4, 1)}], as_of=date(2023, 6, 30))

    cases = evidence.rows.filter("is_case", measure_id="2020-3.3.3")
    by_year = dict(cases.group_by(pl.col("began_on").dt.year()).len().iter_rows())
    # Four of the services listed in §3.3.3 left the municipality at the end of 2022.
    listed = reference("core_reference__services").filter(
        pl.col("named_in").str.contains("2020 §3.3.3", literal=True)
    )
    assert by_year == {2022: listed.height, 2023: listed.height - 4}
    met = cases.drop_nulls("met_on").select("case_id", "met_on").rows()
    assert met == [("service|kirjasto|2022", date(2022, 4, 1))]
    shown = evidence.rows.filter("is_evidence", measure_id="2020-3.3.3")
    assert shown["case_id"].to_list() == ["service|kirjasto|2022"]


def test_a_survey_wave_stands_in_every_department_that_it_asks_about() -> None:
    wave = {"survey_id": "palvelut", "wave_code": "2026"}
    day = date(2026, 3, 1)
    evidence = gather(
        waves=[wave | {"opened_on": day}],
        questions=[
            wave | {"question_id": "a", "service_id": "kirjasto"},
            wave | {"question_id": "b", "service_id": "museo"},
            wave | {"question_id": "c", "service_id": "kadut"},
            wave | {"question_id": "d", "service_id": None},
        ],
    )

    assert sorted(cases_of(evidence, "2023-2.3.3")) == [
        ("wave|palvelut|2026", "kaupunkiymparisto", day, day),
        ("wave|palvelut|2026", "sivistys_hyvinvointi", day, day),
    ]


def test_an_initiative_counts_from_the_first_public_word_of_its_progress() -> None:
    filed, told, again = date(2025, 1, 1), date(2025, 3, 1), date(2026, 2, 1)
    initiative = {"department_id": "elinvoima", "filed_on": filed}
    message = {"about_kind_code": "initiative", "sent_on": told}
    evidence = gather(
        initiatives=[
            initiative | {"initiative_id": "k-1", "progress_published_on": again},
            initiative | {"initiative_id": "k-2"},
            initiative | {"initiative_id": "k-3", "filed_on": None},
            initiative | {"initiative_id": "k-4"},
        ],
        register=[{"register_number": "SJK/4/2025", "initiative_id": "k-4"}],
        messages=[
            message | {"message_id": "V-1", "about_id": "k-1"},
            message | {"message_id": "V-2", "about_id": "k-2", "about_kind_code": "action"},
            message | {"message_id": "V-4", "about_id": "SJK/4/2025"},
        ],
    )

    assert cases_of(evidence, "2023-2.4.2") == [
        ("initiative|k-1", "elinvoima", filed, told),
        ("initiative|k-2", "elinvoima", filed, None),
        ("initiative|k-4", "elinvoima", filed, told),
    ]


def test_another_authority_is_no_department_of_the_city() -> None:
    filed = date(2025, 1, 1)
    evidence = gather(
        initiatives=[{"initiative_id": "k-1", "department_id": "ulkopuolinen", "filed_on": filed}]
    )

    assert cases_of(evidence, "2023-2.4.2") == [("initiative|k-1", None, filed, None)]


def test_a_round_of_the_budget_begins_with_its_first_idea() -> None:
    evidence = gather(
        ideas=[
            {"idea_id": "1", "round_code": "2023", "proposed_on": date(2023, 2, 9)},
            {"idea_id": "2", "round_code": "2023", "proposed_on": date(2023, 2, 1)},
            {"idea_id": "3", "round_code": "2023", "proposed_on": date(2024, 1, 5)},
            {"idea_id": "4", "round_code": "2025", "proposed_on": None},
        ]
    )

    found = [(row[0], row[2]) for row in sorted(cases_of(evidence, "2023-2.1.5"))]
    assert sorted(found) == [
        ("round|2023", date(2023, 2, 1)),
        ("round|2023", date(2024, 1, 5)),
    ]


def test_initiatives_taken_on_by_bodies_stand_on_the_year_s_last_day_or_the_snapshot() -> None:
    body = {"body_id": "nuva", "n_initiatives_taken": 4, "n_initiatives_forwarded": 3}
    evidence = gather(
        bodies=[
            body | {"activity_year": 2025},
            body | {"activity_year": 2026, "n_initiatives_forwarded": 1},
            body | {"activity_year": 2027},
        ]
    )

    found = evidence.rows.filter(measure_id="2023-2.4.3").select("began_on", "amount").rows()
    assert sorted(found) == [(date(2025, 12, 31), 3.0), (AS_OF, 1.0)]


def test_only_newsletters_that_were_sent_are_messages_by_newsletter() -> None:
    sent = date(2021, 5, 1)
    message = {"department_id": "elinvoima", "about_kind_code": "action", "about_id": "A-1"}
    evidence = gather(
        messages=[
            message | {"message_id": "1", "message_channels": "website;newsletter",
                       "sent_on": sent},
            message | {"message_id": "2", "message_channels": "website", "sent_on": sent},
            message | {"message_id": "3", "message_channels": "newsletter", "sent_on": None},
        ]
    )  # fmt: skip

    assert cases_of(evidence, "2020-3.2.1") == [("message|1", "elinvoima", sent, sent)]
