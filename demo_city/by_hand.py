"""Lists that the departments keep by hand: actions, messages, decisions, events, goals, bodies.

What the departments do follows the rest of the city: an action stands on a wave of a survey that
had ended, or on the year's response times; a goal of the budget on the survey of its service. Some
audiences are not told, some goals have no evidence, and a few cells are wrong (``spoil``).
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from demo_city.arrivals import Period
from demo_city.by_hand_told import messages_of
from demo_city.chance import Chance
from demo_city.hand_files import Cell, Row, write_csv, write_xlsx
from demo_city.initiatives import Initiative
from demo_city.survey_plan import Wave, read_surveys
from demo_city.wording import TEXTS

ACTIONS = (
    "Tunnus", "Toimiala", "Palvelu", "Aihe", "Toimenpide", "Vastuuyksikkö", "Päätetty",
    "Määräaika", "Tila", "Valmistunut", "Ryhmät", "Mallin toimenpide", "Talousarviovuosi",
    "Tavoitteen tunnus", "Perusteen aineisto", "Perusteen sarake", "Perusteen rivi",
    "Perusteen tilannepäivä", "Vaikutuksen aineisto", "Vaikutuksen sarake", "Arvo ennen",
    "Arvo jälkeen",
)  # fmt: skip
DECISIONS = (
    "Tunnus", "Päätöspäivä", "Päättäjä", "Toimiala", "Palvelu", "Otsikko", "Päätös",
    "Kerrottavan laji", "Kohteen tunnus", "Vaikuttamistoimielin", "Viitattuja mielipiteitä",
    "Viitatut ryhmät", "Vuoropuhelu perusteluissa", "Mallin toimenpide",
)  # fmt: skip
GOALS = (
    "Tunnus", "Toimiala", "Palvelu", "Talousarviovuosi", "Tavoite", "Määräraha (€)", "Asukkaita",
    "Tärkeysjärjestys", "Päätetty", "Ryhmät", "Mallin toimenpide", "Perusteen aineisto",
    "Perusteen sarake", "Perusteen rivi", "Perusteen tilannepäivä",
)  # fmt: skip
BODIES = (
    "Tunnus", "Vuosi", "Nimi", "Toimielimen laji", "Toimintasuunnitelma hyväksytty",
    "Suunnitelman aiheet", "Jäseniä", "Kokouksia", "Aloitteita otettu", "Viety päätettäväksi",
    "Päätettyjä", "Toteutettuja", "Kerrottuja",
)  # fmt: skip
MESSAGES = (
    "Tunnus", "Toimiala", "Mistä kerrottiin", "Kohteen tunnus", "Kohderyhmät", "Kanavat",
    "Luvattu", "Kerrottu", "Verkko-osoite",
)  # fmt: skip
EVENTS = (
    "Tunnus", "Tilaisuuden laji", "Nimi", "Pidetty", "Toimiala", "Palvelu", "Paikka", "Alue",
    "Prosessin tunnus", "Prosessin laji", "Prosessin nimi", "Prosessin vaihe", "Menetelmä",
    "Osallistujia", "Osallistujia: lapset", "Osallistujia: nuoret", "Osallistujia: vammaiset",
    "Osallistujia: vanhukset", "Osallistujia: maahanmuuttajat", "Annettu tuki", "Mielipiteitä",
    "Vastattuja", "Mallin toimenpide",
)  # fmt: skip
N_ATTENDEES = EVENTS.index("Osallistujia")
STATES = ("Suunniteltu", "Käynnissä", "Valmis", "Ei toteuteta")
OUTCOMES = ("Hyväksytty", "Hyväksytty", "Hyväksytty osittain", "Merkitty tiedoksi")
BUDGETS = {2025: date(2024, 11, 18), 2026: date(2025, 11, 17), 2027: None}
PLAN, SERVICE = "Kaavoitus", "Palvelukehitys"
NO_PROCESS = (None, None, None, None)
GROUP_SHARES = (0.15, 0.2, 0.06, 0.25, 0.1)


@lru_cache(maxsize=1)
def read_lists() -> dict[str, Any]:
    """The texts of the lists (texts/by_hand.toml)."""
    return tomllib.loads((TEXTS / "by_hand.toml").read_text(encoding="utf-8"))


def write_by_hand(
    folder: Path, initiatives: list[Initiative], *, seed: int, period: Period
) -> dict[str, int]:
    """Write the six lists as filled templates; returns the count of rows of each, and of faults."""
    folder.mkdir(parents=True, exist_ok=True)
    clerk = Clerk(Chance(seed, stream=61), period)
    goals = clerk.goals()
    actions = clerk.actions(goals)
    decisions = clerk.decisions()
    chance = Chance(seed, stream=62)
    messages = messages_of(
        actions, decisions, initiatives, departments=clerk.departments, period=period, chance=chance
    )
    lists = {
        "toimenpiteet": (ACTIONS, actions),
        "viestit": (MESSAGES, messages),
        "paatokset": (DECISIONS, decisions),
        "tilaisuudet": (EVENTS, clerk.events()),
        "talousarviotavoitteet": (GOALS, goals),
        "vaikuttamistoimielimet": (BODIES, clerk.bodies()),
    }
    faults = spoil(lists["toimenpiteet"][1], lists["viestit"][1], lists["tilaisuudet"][1])
    for name in ("toimenpiteet", "paatokset", "talousarviotavoitteet"):
        header, rows = lists[name]
        write_xlsx(folder / f"{name}.xlsx", header, rows, sheet=name.capitalize())
    for name, encoding in (("viestit", "utf-8-sig"), ("tilaisuudet", "cp1252"),
                           ("vaikuttamistoimielimet", "utf-8-sig")):  # fmt: skip
        header, rows = lists[name]
        write_csv(folder / f"{name}.csv", header, rows, encoding=encoding)
    return {name: len(rows) for name, (_, rows) in lists.items()} | {"faults": faults}


def spoil(actions: list[Row], messages: list[Row], events: list[Row]) -> int:
    """Plant what clerks do write: a day that is none, a department's old name, an id used twice.

    Returns:
        The number of rows that must be rejected, each for one reason.
    """
    actions[7][7] = "31.2.2026"
    actions[19][1] = "Tekninen toimi"
    messages[11][4] = "Asukkaat, Kaupunkilaiset"
    messages.insert(31, list(messages[30]))
    events[5][N_ATTENDEES] = "n. 30"
    events[9][N_ATTENDEES : N_ATTENDEES + 3] = [12, 15, None]
    return 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cell of a published dataset, and what it said before and after."""

    cells: tuple[Cell, Cell, Cell, Cell]
    before: float | None = None
    after: float | None = None


NO_EVIDENCE = Evidence((None, None, None, None))


class Clerk:
    """Draws the rows of the lists; the same chance gives the same rows."""

    def __init__(self, chance: Chance, period: Period) -> None:
        self.chance, self.period = chance, period
        self.lists = read_lists()["lists"]
        self.services: dict[str, list[str]] = read_lists()["services"]
        self.departments: dict[str, list[str]] = read_lists()["departments"]

    def actions(self, goals: list[Row]) -> list[Row]:
        """Actions in order of their day."""
        plans = self.lists["actions"]
        order = self.chance.rng.permutation(len(plans))
        step = (self.period.days - 30) / len(plans)
        days = [self.period.first + timedelta(days=round(i * step)) for i in range(len(plans))]
        numbers: dict[str, int] = {}
        rows = []
        for place, day in zip(order, days, strict=True):
            plan = plans[int(place)]
            short, department, _ = self.departments[self.services[plan[0]][1]]
            prefix = f"{short}-{day.year}"
            numbers[prefix] = numbers.get(prefix, 0) + 1
            serves = (g[0] for g in goals if g[3] == day.year and g[2] == self.services[plan[0]][0])
            goal = next(serves, None)
            key: Row = [f"{prefix}-{numbers[prefix]:02d}", department]
            rows.append(key + self._action(plan, day, goal))
        return rows

    def _action(self, plan: list[str], day: date, goal: Cell) -> Row:
        service, title, topic, groups, measure, evidence = plan
        name = self.services[service][0]
        due = day + timedelta(days=self.chance.between(60, 300))
        ends = day + timedelta(days=round(self.chance.lognormal(150, 0.6)))
        state, closed = self._state(day, ends)
        found = self._evidence(evidence, day=day, closed=closed if state == STATES[2] else None)
        unit = name if self.chance.yes(0.8) else self.departments[self.services[service][1]][2]
        effect: Row = [None, None, None, None]
        if found.cells[0]:
            effect = [found.cells[0], found.cells[1], found.before, found.after]
        return [name, topic, title, unit, day, due, state, closed, groups, measure, day.year, goal,
                *found.cells, *effect]  # fmt: skip

    def _state(self, day: date, ends: date) -> tuple[str, date | None]:
        if ends <= self.period.last:
            return (STATES[3] if self.chance.yes(0.08) else STATES[2]), ends
        return (STATES[0] if (self.period.last - day).days < 75 else STATES[1]), None

    def _evidence(self, spec: str, *, day: date, closed: date | None = None) -> Evidence:
        """The cell that ``spec`` names, as it stood on ``day``."""
        seen = day.replace(day=1) - timedelta(days=1)
        if spec.startswith("t:"):
            year = max(day.year - 1, self.period.first.year)
            key = (
                f"dimension_code=service;dimension_value={spec[2:]};period_kind_code=year;"
                f"period_start_on={year}-01-01;milestone_code=done;clock_code=calendar"
            )
            before = round(0.4 + 0.3 * self.chance.unit(), 2)
            after = round(before + 0.2 * self.chance.unit() - 0.05, 2) if closed else None
            cells = ("feedback_response_times", "share_within_14_days", key, seen)
            return Evidence(cells, before, after)
        if not spec:
            return NO_EVIDENCE
        survey_id, question_id = spec.split("/")
        survey = next(s for s in read_surveys() if s.id == survey_id)
        question = next(q for q in survey.questions if q.name == question_id)
        ended = [w for w in survey.waves if w.closed and w.closed < day]
        if not ended:
            return NO_EVIDENCE

        def level(wave: Wave) -> float:
            return round(question.level + question.drift * wave.step, 1)

        wave = ended[-1]
        later = [w for w in survey.waves if closed and w.closed and w.closed > closed]
        key = (
            f"survey_id={survey_id};wave_code={wave.code};question_id={question_id};"
            "breakdown_code=total;breakdown_value=all"
        )
        cells = ("service_satisfaction", "mean", key, seen)
        return Evidence(cells, level(wave), level(later[0]) if later else None)

    def goals(self) -> list[Row]:
        """Goals of three budgets; the last is still a proposal."""
        rows: list[Row] = []
        for year, decided in BUDGETS.items():
            ranks: dict[str, int] = {}
            for department, service, text, euros, groups, evidence in self.lists["goals"]:
                short, name, _ = self.departments[department]
                ranks[short] = ranks.get(short, 0) + 1
                found = self._evidence(evidence, day=date(year - 1, 11, 1))
                affected = self.chance.between(4, 60) * 500 if self.chance.yes(0.6) else None
                rows.append([
                    f"{short}-{year}-{ranks[short]}", name,
                    self.services[service][0] if service else None, year, text,
                    round(euros * 1.03 ** (year - 2025), -2) or None, affected, ranks[short],
                    decided, groups, "2023-2.3.3", *found.cells,
                ])  # fmt: skip
        return rows

    def decisions(self) -> list[Row]:
        """Decisions in order of their day: a process's once, others in most years."""
        years = {p[0]: p[5] for p in self.lists["processes"]}
        drawn: list[tuple[date, list[str]]] = []
        for plan in self.lists["decisions"]:
            chosen = [years[plan[4]]] if plan[4] in years else [2024, 2025, 2026]
            for year in chosen:
                day = date(year, 1, 8) + timedelta(days=self.chance.below(290))
                if plan[4] in years or self.chance.yes(0.85):
                    drawn.append((day, plan))
        drawn.sort(key=lambda pair: (pair[0], pair[1][1]))
        return [self._decision(number, day, plan) for number, (day, plan) in enumerate(drawn, 1)]

    def _decision(self, number: int, day: date, plan: list[str]) -> Row:
        service, heading, kind, by, about, groups, measure = plan
        bodies = {body[0] for body in self.lists["bodies"]}
        short, department, _ = self.departments[self.services[service][1]]
        inputs = self.chance.between(3, 60) if groups or self.chance.yes(0.4) else None
        stated = "kyllä" if self.chance.yes(0.7 if inputs else 0.2) else "ei"
        return [
            f"{short}-PAATOS-{day.year}-{number:02d}", day, by, department,
            self.services[service][0], f"{heading} {day.year}", self.chance.pick(OUTCOMES), kind,
            about if about not in bodies else None, about if about in bodies else None, inputs,
            groups if inputs else None, stated if self.chance.yes(0.9) else None, measure,
        ]  # fmt: skip

    def events(self) -> list[Row]:
        """Occasions in order of their day."""
        found: list[tuple[date, Row]] = []
        for key, service, name, place, area, year, n_steps, silent in self.lists["processes"]:
            for step in range(1, n_steps + 1):
                kind = self.lists["steps"][step - 1]
                day = date(year, 1, 12) + timedelta(days=(step - 1) * 48 + self.chance.below(20))
                measure = "2023-2.2.1" if service == "kaavoitus" else "2023-2.3.1"
                about = [kind, f"{name}: {kind.lower()}", service, place, area]
                process = (key, PLAN if service == "kaavoitus" else SERVICE, name, step)
                row = self._event(about, day, measure, process)
                found.append((day, _without(row, silent)))
        for kind, name, service, place, area, measure, month, times, first in self.lists["yearly"]:
            for year in range(first, self.period.last.year + 1):
                for turn in range(times):
                    day = date(year, month, 3) + timedelta(days=turn * 75 + self.chance.below(20))
                    about = [kind, name, service, place, area]
                    found.append((day, self._event(about, day, measure, NO_PROCESS)))
        found = [pair for pair in found if pair[0] <= self.period.last]
        found.sort(key=lambda pair: (pair[0], str(pair[1][0])))
        return [[f"T-{d.year}-{n:02d}", *row] for n, (d, row) in enumerate(found, start=1)]

    def _event(self, about: Sequence[str], day: date, measure: str, process: Sequence[Cell]) -> Row:
        kind, name, service, place, area = about
        chance, n = self.chance, round(self.chance.lognormal(26, 0.6)) + 3
        counted = chance.yes(0.85)
        groups: list[Cell] = [
            round(n * share * chance.unit() * 2) if counted and chance.yes(0.6) else None
            for share in GROUP_SHARES
        ]
        inputs = chance.between(4, 60) if kind != "Koulutus" and chance.yes(0.75) else None
        answered = round(inputs * chance.unit()) if inputs and chance.yes(0.7) else None
        return [
            kind, name, day, self.departments[self.services[service][1]][1],
            self.services[service][0], place, area, *process, chance.pick(self.lists["methods"]),
            n if counted else None, *groups, chance.pick(self.lists["supports"]), inputs, answered,
            measure,
        ]  # fmt: skip

    def bodies(self) -> list[Row]:
        """Each influence body in each year; the last year's plan may be missing."""
        rows: list[Row] = []
        for year in (2024, 2025, 2026):
            for key, name, kind, topics, members in self.lists["bodies"]:
                taken = self.chance.between(3, 9)
                forwarded = self.chance.between(2, taken)
                decided = self.chance.between(1, forwarded)
                told = self.chance.between(1, forwarded)
                adopted = date(year, 1, 20) + timedelta(days=self.chance.below(70))
                is_planned = self.chance.yes(0.8)
                rows.append([
                    key, year, name, kind, adopted if is_planned else None,
                    topics if is_planned else None, members, self.chance.between(5, 10), taken,
                    forwarded, decided, self.chance.between(0, decided), told,
                ])  # fmt: skip
        return rows


def _without(row: Row, silent: str) -> Row:
    """The row of an event whose counted attendees had nobody of a group: looked for, not there."""
    header = EVENTS[1:]  # the id comes last
    if not silent or row[header.index("Osallistujia")] is None:
        return row
    place = header.index(f"Osallistujia: {silent}")
    return [*row[:place], 0, *row[place + 1 :]]
