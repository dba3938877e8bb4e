"""The tickets of the city, before any source system has written them down."""

from dataclasses import dataclass

import numpy as np

from demo_city.arrivals import Period, draw_arrivals
from demo_city.chance import Chance
from demo_city.clock import DAY, day_number, local_times, to_utc
from demo_city.messages import Composer, Message
from demo_city.people import personal_sentence
from demo_city.profiles import read_profiles
from demo_city.replies import Replier
from demo_city.story import Beginning, Story, tell_story

CRM_SHARE = 2_500 / 18_000
MISFILED = 0.06
WRONG_DRAWERS = ("muu", "kadut", "hallinto_viestinta", "puistot", "liikenne")
PLAIN_AT_THE_DESK = 0.45
PERSONAL_SHARE = 0.035
WITH_COORDINATES = 0.62
CAR_SERVICES = frozenset({"kadut", "liikenne", "pysakointi", "kavely_pyoraily", "ei_kaupunki"})


@dataclass(slots=True)
class Ticket:
    """One service request as the city knows it in the end.

    ``text`` is the message with what was added to it, ``filed_as`` the service that the source
    says, ``history`` how the source tells it: log, tasks or none.
    """

    number: int
    source: str
    received: int
    service: str
    message: Message
    story: Story
    reply: str | None
    text: str = ""
    filed_as: str = ""
    history: str = "none"
    lat: float | None = None
    lon: float | None = None
    address: str | None = None
    personal: str | None = None

    def __post_init__(self) -> None:
        """Begin with the message and the right service."""
        self.text = self.text or self.message.text
        self.filed_as = self.filed_as or self.service


def draw_tickets(*, seed: int, n: int, period: Period) -> list[Ticket]:
    """``n`` tickets in order of arrival, of both sources."""
    chance = Chance(seed, stream=11)
    profiles = read_profiles()
    arrivals = draw_arrivals(profiles, n=n, period=period, rng=chance.rng)
    composer, replier = Composer(Chance(seed, stream=12)), Replier(Chance(seed, stream=13))
    as_of = end_of_day(period)
    first = int(arrivals.received[0]) if n else 0
    days = local_times(arrivals.received)
    tickets: list[Ticket] = []
    for number, (received, moment) in enumerate(zip(arrivals.received.tolist(), days, strict=True)):
        profile = profiles[arrivals.services[arrivals.service_index[number]]]
        source = "crm" if chance.yes(CRM_SHARE) else "georeport"
        plain = PLAIN_AT_THE_DESK if source == "crm" else 0.0
        message = composer.compose(
            profile.service, arrivals.kinds[number], day=moment.date(), source=source, plain=plain
        )
        begins = Beginning(received, (received - first) / (365 * DAY))
        story = tell_story(profile, kind=message.kind, begins=begins, as_of=as_of, chance=chance)
        reply = replier.reply(profile.service, message.kind, story)
        ticket = Ticket(number, source, received, profile.service, message, story, reply)
        _add_details(ticket, chance)
        tickets.append(ticket)
    return tickets


def end_of_day(period: Period) -> int:
    """The last second of the period, UTC."""
    last = np.array([(day_number(period.last) + 1) * DAY - 1])
    return int(to_utc(last)[0])


def _add_details(ticket: Ticket, chance: Chance) -> None:
    if chance.yes(PERSONAL_SHARE):
        about_cars = ticket.service in CAR_SERVICES
        claims = ticket.message.kind in {"moite", "vika"}
        sentence, ticket.personal = personal_sentence(chance, with_plates=about_cars, claims=claims)
        ticket.text = f"{ticket.text}\n{sentence}"
    if chance.yes(MISFILED):
        ticket.filed_as = chance.pick(WRONG_DRAWERS)
    ticket.lat, ticket.lon, ticket.address = _location(ticket.message, chance)
    ticket.history = chance.weighted(("log", "tasks", "none"), (0.55, 0.8, 1.0))


def _location(message: Message, chance: Chance) -> tuple[float | None, float | None, str | None]:
    lat = lon = None
    if chance.yes(WITH_COORDINATES if message.street else 0.3):
        lat = round(message.place.lat + (chance.unit() - 0.5) * 0.016, 6)
        lon = round(message.place.lon + (chance.unit() - 0.5) * 0.03, 6)
    address = None
    if message.street:
        address = f"{message.street} {chance.between(1, 48)}"
    elif chance.yes(0.25):
        address = message.place.name
    return lat, lon, address
