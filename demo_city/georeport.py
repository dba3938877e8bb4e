"""Writes tickets as a GeoReport v2 server with CitySDK and 6Aika extensions would send them."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from demo_city.arrivals import Period
from demo_city.chance import Chance
from demo_city.clock import DAY, day_number, iso_times, to_utc
from demo_city.faults import GeoFaults
from demo_city.profiles import read_profiles
from demo_city.story import Event, Story
from demo_city.tickets import Ticket

WINDOW_DAYS = 90
PAGE_SIZE = 1_000
SNAPSHOT_DAYS_AGO = 30
ID_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
DETAILED = {
    "received": "RECEIVED", "allocated": "IN_PROCESS", "handling": "IN_PROCESS",
    "replied": "PROCESSED", "done": "PROCESSED", "reopened": "REOPENED",
    "rejected": "REJECTED", "forwarded": "FORWARDED",
}  # fmt: skip
LOG_STATUS = {
    "allocated": ("allocated", "Ohjattu käsittelijälle"),
    "handling": ("handling", "Otettu käsittelyyn"),
    "replied": ("handling", ""),
    "done": ("done", "Valmis"),
    "reopened": ("handling", "Avattu uudelleen"),
    "rejected": ("done", "Ei toimenpiteitä"),
    "forwarded": ("done", "Siirretty toiselle viranomaiselle"),
}
TASKS = {
    "replied": ("wait_for_answer", "completed"),
    "handling": ("wait_for_comment", "completed"),
    "forwarded": ("assigned", "closed"),
}
Row = dict[str, Any]


def write_georeport(
    folder: Path, tickets: list[Ticket], *, period: Period, seed: int
) -> dict[str, int]:
    """Write windows of at most 90 days in pages of at most 1,000, an older snapshot and the map.

    Returns:
        Counts: files, requests (distinct), rows (with the overlap) and faults.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writer = _Writer(tickets, seed=seed)
    faults = GeoFaults(Chance(seed, stream=22), n=len(tickets))
    files = rows = 0
    first = period.first
    while first <= period.last:
        last = min(first + timedelta(days=WINDOW_DAYS - 1), period.last)
        start, end = _utc(first), _utc(last + timedelta(1))
        chosen = [t for t in tickets if start <= t.received < end]
        found = [faults.spoil(writer.row(t, t.story), number=t.number) for t in chosen]
        for page in range(max(1, -(-len(found) // PAGE_SIZE))):
            part = found[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
            _dump(folder / f"requests_{first}_{last}_p{page + 1}.json", part)
            files, rows = files + 1, rows + len(part)
        first = last + timedelta(days=1)
    overlap = _write_snapshot(folder, tickets, writer, period=period)
    _write_service_map(folder / "service_map.toml")
    return {"files": files + 1, "requests": len(tickets), "rows": rows + overlap,
            "overlap_rows": overlap, **faults.counts}  # fmt: skip


def _write_snapshot(
    folder: Path, tickets: list[Ticket], writer: "_Writer", *, period: Period
) -> int:
    seen_on = period.last - timedelta(days=SNAPSHOT_DAYS_AGO)
    first = seen_on - timedelta(days=29)
    start, moment = _utc(first), _utc(seen_on + timedelta(1)) - 1
    chosen = [t for t in tickets if start <= t.received <= moment][:PAGE_SIZE]
    rows = [writer.row(t, t.story.until(moment)) for t in chosen]
    _dump(folder / f"requests_{first}_{seen_on}_p1.json", rows)
    return len(rows)


class _Writer:
    """Turns tickets into rows; keeps ids and the texts of times."""

    def __init__(self, tickets: list[Ticket], *, seed: int) -> None:
        moments = np.unique(
            np.array([e.at for t in tickets for e in t.story.events] or [0], dtype=np.int64)
        )
        promised = np.unique(np.array([t.received + 14 * DAY for t in tickets] or [0]))
        every = np.union1d(moments, promised)
        self._iso = dict(zip(every.tolist(), iso_times(every), strict=True))
        self._seed = seed
        self._profiles = read_profiles()
        chance = Chance(seed, stream=21)
        self._ids = {t.number: "".join(chance.pick(ID_LETTERS) for _ in range(20)) for t in tickets}
        self._looks = {t.number: chance.unit() for t in tickets}

    def row(self, ticket: Ticket, story: Story) -> Row:
        look = self._looks[ticket.number]
        codes = self._profiles[ticket.filed_as].codes
        code: str | int = codes[int(look * 1000) % len(codes)]
        replied = any(e.code in {"replied", "rejected", "forwarded"} for e in story.events)
        row: Row = {
            "service_request_id": self._ids[ticket.number],
            "service_code": int(code) if look < 0.08 else code,
            "service_name": "" if look > 0.9 else self._profiles[ticket.filed_as].unit,
            "description": self._description(ticket, look),
            "requested_datetime": self._iso[ticket.received],
            "updated_datetime": self._iso[story.updated],
            "status": "closed" if story.is_closed else "open",
            "agency_responsible": story.unit,
        }
        if replied:
            row["status_notes"] = ticket.reply
        elif look < 0.5:
            row["status_notes"] = None if look < 0.25 else ""
        if ticket.address:
            row["address"] = ticket.address
        if look < 0.6:
            row["zipcode"] = ticket.message.place.postcode
        if ticket.lat is not None:
            row["lat"], row["long"] = ticket.lat, ticket.lon
        if 0.4 < look < 0.5:
            row["expected_datetime"] = self._iso[ticket.received + 14 * DAY]
        row["extended_attributes"] = self._extended(ticket, story, look)
        return row

    @staticmethod
    def _description(ticket: Ticket, look: float) -> str:
        if look > 0.95:
            return f"{ticket.message.title}\n{ticket.text}"
        return ticket.text

    def _extended(self, ticket: Ticket, story: Story, look: float) -> Row:
        extended: Row = {"title": ticket.message.title}
        if ticket.history != "none" or look < 0.5:
            extended["detailed_status"] = DETAILED[story.outcome]
        if ticket.history == "log":
            extended["log"] = [self._log(event, ticket.reply) for event in story.events[1:]]
        if ticket.history == "tasks":
            extended["tasks"] = self._tasks(story)
        if 0.2 < look < 0.24:
            photo = self._ids[ticket.number]
            extended["media_urls"] = [f"https://palaute.example/attachment/{photo}.jpg"]
        return extended

    def _log(self, event: Event, reply: str | None) -> Row:
        status, note = LOG_STATUS[event.code]
        if event.code == "replied" and reply:
            note = " ".join(reply.split("\n\n")[:2])
        if event.code == "forwarded":
            note = f"{note}: {event.unit}"
        return {"time": self._iso[event.at], "status": status, "note": note, "handler": event.unit}

    def _tasks(self, story: Story) -> list[Row]:
        steps = tuple(e for e in story.events if e.code not in {"done", "rejected"})
        tasks: list[Row] = []
        for here, after in zip(steps, (*steps[1:], None), strict=True):
            kind, state = TASKS.get(here.code, ("assigned", "re_assigned" if after else "assigned"))
            ends = after.at if after and state == "re_assigned" else here.at
            tasks.append({
                "task_created": self._iso[here.at],
                "task_modified": self._iso[ends],
                "owner_name": here.unit,
                "task_type": kind,
                "task_state": state,
            })  # fmt: skip
        return tasks


def _utc(day: date) -> int:
    return int(to_utc(np.array([day_number(day) * DAY]))[0])


def _dump(path: Path, rows: list[Row]) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _write_service_map(path: Path) -> None:
    lines = ["# Lähteen palvelukoodi = Kuulollan palvelu", "[services]"]
    for service, profile in read_profiles().items():
        lines += [f'"{code}" = "{service}"' for code in profile.codes]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
