"""Families of deliveries: which parser and which cleaners belong together.

This is where the rooms of the transforms meet. Each delivery is parsed by itself; the rows of all
deliveries of a family are cleaned together, since a hundred small files cost a hundred times the
fixed price of an expression and one large frame costs it once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assets.house import House
from assets.reading_plan import Plan
from data_contracts.contract import code_values, load_codes, load_contracts
from transforms.clean.answers import clean_answers
from transforms.clean.by_contract import Writing, clean_by_contract
from transforms.clean.cleaned import Cleaned
from transforms.clean.coordinates import Bounds
from transforms.clean.ideas import clean_ideas
from transforms.clean.initiative_register import clean_register
from transforms.clean.initiatives import clean_initiatives, clean_mapped_initiatives
from transforms.clean.notes import clean_notes, clean_template_notes
from transforms.clean.population import clean_population
from transforms.clean.respondents import clean_respondents
from transforms.clean.surveys import clean_questions, clean_waves
from transforms.clean.ticket_events import clean_ticket_events, no_raw_events
from transforms.clean.tickets import clean_mapped_tickets, clean_tickets
from transforms.parse.column_map import ColumnMap
from transforms.parse.georeport import parse_georeport_requests
from transforms.parse.jsonstat import parse_jsonstat_population
from transforms.parse.kuntalaisaloite import parse_initiative_detail, parse_initiative_list
from transforms.parse.mapped_table import parse_column_mapped
from transforms.parse.paavo import parse_paavo
from transforms.parse.parsed import Parsed, empty_rejects
from transforms.parse.population_figures import POPULATION
from transforms.parse.population_figures import City as CountedCity
from transforms.parse.questionnaire import Questionnaire, parse_questionnaire
from transforms.parse.questionnaire_rows import (
    codelist_rows,
    empty_codelists,
    questionnaire_rows,
)
from transforms.parse.survey_table import parse_survey_table
from transforms.parse.table_kind import TableKind
from transforms.parse.template_map import headers_of
from transforms.parse.webropol import parse_webropol_responses

TICKETS, EVENTS = "core_feedback__tickets", "core_feedback__events"
WAVES, QUESTIONS = "core_surveys__waves", "core_surveys__questions"
RESPONDENTS, ANSWERS = "core_surveys__respondents", "core_surveys__answers"
INITIATIVES = "core_initiatives__initiatives"

Frames = Mapping[str, pl.DataFrame]
Parse = Callable[[bytes, Plan], Parsed]
Clean = Callable[[Frames, Sequence[Plan], House], Mapping[str, Cleaned]]


@dataclass(frozen=True, slots=True)
class Family:
    """Formats that share their cleaners."""

    name: str
    parse: Parse
    clean: Clean


def family_of(plan: Plan) -> Family | None:
    """The family that reads a delivery; None for sidecars, references and the unrecognised."""
    return _FAMILIES.get(plan.format_code)


def _clean_georeport(frames: Frames, plans: Sequence[Plan], house: House) -> dict[str, Cleaned]:
    tickets = clean_tickets(
        frames[TICKETS],
        source_code=plans[0].source_code,
        service_map=plans[0].service_map,
        postal_areas=load_codes()["postal_areas"],
        bounds=_bounds(house),
    )
    events = clean_ticket_events(frames[EVENTS], tickets.frame, source_code=plans[0].source_code)
    return {TICKETS: tickets, EVENTS: events}


def _clean_initiatives(frames: Frames, plans: Sequence[Plan], house: House) -> dict[str, Cleaned]:
    cleaned = clean_initiatives(
        frames[INITIATIVES],
        source_code=plans[0].source_code,
        municipality_code=house.settings.city.municipality_code,
    )
    return {INITIATIVES: cleaned}


def _clean_survey(frames: Frames, plans: Sequence[Plan], _: House) -> dict[str, Cleaned]:
    known: dict[str, Questionnaire] = {
        f"{q.survey.id}|{q.survey.wave}": q for p in plans if (q := p.questionnaire)
    }
    cleaned: dict[str, Cleaned] = {}
    questions, codelists = [], [empty_codelists()]
    for questionnaire in known.values():
        questions.append(questionnaire_rows(questionnaire)[QUESTIONS])
        codelists.append(codelist_rows(questionnaire))
    asked = [clean_questions(pl.concat(questions)).frame] if questions else []
    if WAVES in frames:  # deliveries without a questionnaire describe themselves
        cleaned[WAVES] = clean_waves(frames[WAVES])
        cleaned[QUESTIONS] = clean_questions(frames[QUESTIONS])
        asked.append(cleaned[QUESTIONS].frame)
    cleaned[RESPONDENTS] = clean_respondents(
        frames[RESPONDENTS],
        source_code=plans[0].source_code,
        codelists=pl.concat(codelists),
        codes=load_codes(),
    )
    cleaned[ANSWERS] = clean_answers(
        frames[ANSWERS],
        questions=pl.concat(asked).unique(["survey_id", "wave_code", "question_id"]),
        codelists=pl.concat(codelists),
    )
    return cleaned


def _parse_questionnaire(content: bytes, _: Plan) -> Parsed:
    rows = questionnaire_rows(parse_questionnaire(content))
    return Parsed(rows, empty_rejects(), {n: f.height for n, f in rows.items()}, "utf-8")


def _clean_questionnaire(frames: Frames, _: Sequence[Plan], __: House) -> dict[str, Cleaned]:
    return {WAVES: clean_waves(frames[WAVES]), QUESTIONS: clean_questions(frames[QUESTIONS])}


def _clean_mapped(frames: Frames, plans: Sequence[Plan], house: House) -> dict[str, Cleaned]:
    column_map = plans[0].column_map
    if column_map is None:
        raise AssertionError(plans[0].format_code)
    frame = frames[column_map.kind.table]
    source, formats, decimal = plans[0].source_code, column_map.date_formats, column_map.decimal
    if column_map.kind.is_by_hand or column_map.is_template:
        return {column_map.kind.table: _clean_by_hand(frame, column_map, source)}
    match column_map.kind:
        case TableKind.TICKETS:
            return _clean_mapped_tickets(frame, plans[0], house)
        case TableKind.INITIATIVES:
            cleaned = clean_mapped_initiatives(
                frame, source_code=source, date_formats=formats, decimal=decimal
            )
        case TableKind.REGISTER:
            cleaned = clean_register(frame, date_formats=formats, decimal=decimal)
        case TableKind.IDEAS:
            cleaned = clean_ideas(frame, source_code=source, date_formats=formats, decimal=decimal)
        case TableKind.NOTES:
            cleaned = clean_notes(frame, source_code=source, date_formats=formats)
        case _:
            raise AssertionError(column_map.kind)
    return {column_map.kind.table: cleaned}


def _clean_by_hand(frame: pl.DataFrame, column_map: ColumnMap, source_code: str) -> Cleaned:
    table = load_contracts()[column_map.kind.table]
    writing = Writing(headers_of(column_map), column_map.date_formats, column_map.decimal)
    if column_map.kind is TableKind.NOTES:
        return clean_template_notes(frame, table=table, source_code=source_code, writing=writing)
    return clean_by_contract(frame, table=table, writing=writing)


def _clean_mapped_tickets(frame: pl.DataFrame, plan: Plan, house: House) -> dict[str, Cleaned]:
    tickets = clean_mapped_tickets(
        frame,
        source_code=plan.source_code,
        date_formats=plan.column_map.date_formats if plan.column_map else (),
        service_map=plan.service_map,
        postal_areas=load_codes()["postal_areas"],
        bounds=_bounds(house),
    )
    events = clean_ticket_events(no_raw_events(), tickets.frame, source_code=plan.source_code)
    return {TICKETS: tickets, EVENTS: events}


def _parse_survey_table(content: bytes, plan: Plan) -> Parsed:
    if plan.questionnaire is None:
        raise AssertionError(plan.format_code)
    return parse_survey_table(content, name=plan.slip.name, questionnaire=plan.questionnaire)


def _parse_mapped(content: bytes, plan: Plan) -> Parsed:
    if plan.column_map is None:
        raise AssertionError(plan.format_code)
    return parse_column_mapped(content, name=plan.slip.name, column_map=plan.column_map)


def _parse_jsonstat(content: bytes, _: Plan) -> Parsed:
    return parse_jsonstat_population(content, city=_counted_city())


def _parse_paavo(content: bytes, _: Plan) -> Parsed:
    return parse_paavo(content, city=_counted_city())


def _counted_city() -> CountedCity:
    areas = load_codes()["postal_areas"].select("postcode", "area_code").drop_nulls()
    return CountedCity(dict(areas.iter_rows()), code_values("age_band"))


def _clean_population(frames: Frames, _: Sequence[Plan], house: House) -> dict[str, Cleaned]:
    own = house.settings.city.municipality_code
    return {POPULATION: clean_population(frames[POPULATION], municipality_code=own)}


_FAMILIES: Mapping[str, Family] = {
    "georeport_requests": Family(
        "georeport", lambda content, _: parse_georeport_requests(content), _clean_georeport
    ),
    "kuntalaisaloite_list": Family(
        "initiatives", lambda content, _: parse_initiative_list(content), _clean_initiatives
    ),
    "kuntalaisaloite_detail": Family(
        "initiatives", lambda content, _: parse_initiative_detail(content), _clean_initiatives
    ),
    "webropol_responses": Family(
        "survey",
        lambda content, plan: parse_webropol_responses(content, questionnaire=plan.questionnaire),
        _clean_survey,
    ),
    "survey_table": Family("survey", _parse_survey_table, _clean_survey),
    "questionnaire": Family("questionnaire", _parse_questionnaire, _clean_questionnaire),
    "column_mapped_table": Family("mapped", _parse_mapped, _clean_mapped),
    "jsonstat_population": Family("population", _parse_jsonstat, _clean_population),
    "paavo_table": Family("population", _parse_paavo, _clean_population),
}


def _bounds(house: House) -> Bounds:
    city = house.settings.city
    return Bounds(city.lat_min, city.lat_max, city.lon_min, city.lon_max)
