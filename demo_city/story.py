"""What the city did about a ticket: events in time, as one would see them on the last day."""

from dataclasses import dataclass

from demo_city.chance import Chance
from demo_city.clock import DAY, HOUR
from demo_city.profiles import Profile

EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday
WORK_BEGINS, WORK_ENDS = 6 * HOUR, 13 * HOUR  # UTC, about 8-16 in the city
WEEKEND = 5
REOPENED = 0.03
NO_ACTION = 0.05
FORWARDED_ELSEWHERE = 0.01
LONG_TAIL = 0.03


@dataclass(frozen=True, slots=True)
class Event:
    """One step: UTC seconds, code (received, allocated, handling, replied, done, …), unit."""

    at: int
    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """Receipt of a ticket: UTC seconds, and years from the beginning of the city's history."""

    received: int
    years: float


@dataclass(frozen=True, slots=True)
class Story:
    """All steps up to the last day, and the state that they leave."""

    events: tuple[Event, ...]
    is_closed: bool
    unit: str

    @property
    def updated(self) -> int:
        """Moment of the latest step."""
        return self.events[-1].at

    @property
    def outcome(self) -> str:
        """Code of the latest step."""
        return self.events[-1].code

    def until(self, moment: int) -> "Story":
        """The story as it was seen at an earlier moment (received is always seen)."""
        seen = tuple(e for e in self.events if e.at <= moment) or self.events[:1]
        closed = seen[-1].code in CLOSING
        return Story(seen, closed, seen[-1].unit)


CLOSING = frozenset({"done", "rejected", "forwarded"})


def tell_story(
    profile: Profile, *, kind: str, begins: Beginning, as_of: int, chance: Chance
) -> Story:
    """Draw the course of one ticket.

    Args:
        profile: The service's way of working.
        kind: Kind of message; praise closes fast.
        begins: When it was received.
        as_of: End of history, UTC seconds; later steps have not happened.
        chance: Source of draws.
    """
    received, years = begins.received, begins.years
    events = [Event(received, "received", "Palautepalvelu")]
    allocated = _working(received + int(HOUR * chance.lognormal(5.0, 1.1)), chance)
    events.append(Event(allocated, "allocated", profile.unit))
    never = profile.never_last_year if years > 2 else profile.never
    if not chance.yes(never):
        events += _handle(profile, kind, allocated, years, chance)
    seen = Story(tuple(sorted(events, key=lambda e: e.at)), is_closed=False, unit=profile.unit)
    return seen.until(as_of)


def _handle(profile: Profile, kind: str, start: int, years: float, chance: Chance) -> list[Event]:
    forwards = profile.forward if chance.yes(0.93) else None
    if forwards or chance.yes(FORWARDED_ELSEWHERE):
        return _forward(profile, forwards, start, chance)
    median = profile.median_days * profile.yearly**years
    if kind == "kiitos":
        median = min(median, 2.0)
    if chance.yes(LONG_TAIL):
        median *= 6
    replied = _working(start + int(DAY * chance.lognormal(median, profile.spread)), chance)
    unit = profile.unit
    events = []
    if chance.yes(0.6):
        events.append(Event(start + (replied - start) // 3, "handling", unit))
    if kind != "kiitos" and chance.yes(NO_ACTION):
        return [*events, Event(replied, "rejected", unit)]
    events.append(Event(replied, "replied", unit))
    done = replied + 1
    if kind in {"vika", "ehdotus"} and chance.yes(0.45):
        done = _working(replied + int(DAY * chance.lognormal(max(median * 0.7, 1.0), 0.9)), chance)
    events.append(Event(done, "done", unit))
    if kind in {"vika", "moite"} and chance.yes(REOPENED):
        again = done + int(DAY * chance.lognormal(4.0, 0.6))
        finished = _working(again + int(DAY * chance.lognormal(median, 0.8)), chance)
        events += [Event(again, "reopened", unit), Event(finished, "done", unit)]
    return events


def _forward(profile: Profile, target: str | None, start: int, chance: Chance) -> list[Event]:
    to = target or chance.pick(("Etelä-Pohjanmaan elinvoimakeskus", "Poliisi", "Väylävirasto"))
    at = _working(start + int(DAY * chance.lognormal(min(profile.median_days, 2.5), 0.8)), chance)
    return [Event(at, "forwarded", to)]


def _working(moment: int, chance: Chance) -> int:
    """The moment itself, or the next working day's office hours when it falls outside them."""
    day, second = divmod(moment, DAY)
    if second >= WORK_ENDS:
        day += 1
    weekday = (day + EPOCH_WEEKDAY) % 7
    moves = weekday >= WEEKEND or second < WORK_BEGINS or second >= WORK_ENDS
    if weekday >= WEEKEND:
        day += 7 - weekday
    if not moves:
        return moment
    at = day * DAY + WORK_BEGINS + chance.below(WORK_ENDS - WORK_BEGINS)
    return max(at, moment)
