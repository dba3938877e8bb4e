"""Writes the service desk's tickets as its own system exports them: a cp1252 CSV with a map."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import numpy as np

from demo_city.chance import Chance
from demo_city.clock import local_times
from demo_city.faults import CrmFaults
from demo_city.profiles import read_profiles
from demo_city.tickets import Ticket

HEADER = (
    "Tunnus", "Saapunut", "Päivitetty", "Yhteydenottotapa", "Palautteen luonne", "Aihe", "Otsikko",
    "Palaute", "Osoite", "Postinumero", "Tila", "Vastuuyksikkö", "Vastattu", "Suljettu", "Vastaus",
)  # fmt: skip
KIND_WORDS = {
    "kiitos": "Kiitos", "moite": "Moite", "kysymys": "Kysymys",
    "ehdotus": "Toimenpide-ehdotus", "vika": "Vikailmoitus",
}  # fmt: skip
CHANNELS = {"Käynti": "desk", "Puhelu": "phone", "Sähköposti": "email", "Kirje": "paper",
            "Facebook": "some"}  # fmt: skip
CHANNEL_EDGES = (0.34, 0.72, 0.94, 0.97, 1.0)
STATES = {"Avoin": "open", "Käsittelyssä": "open", "Valmis": "closed", "Siirretty": "closed"}
NAME, COPY_NAME = "palvelupiste", "palvelupiste_kopio_2"
MAP_HEAD = (
    "# Asiakaspalvelupisteen asiakasjärjestelmän vienti",
    "[table]",
    'kind = "tickets"',
    'source = "palvelupiste"',
    'encoding = "cp1252"',
    'delimiter = ";"',
    'date_formats = ["%d.%m.%Y %H:%M", "%d.%m.%Y"]',
    'decimal = ","',
    'key = ["Tunnus"]',
    'match_columns = ["Tunnus", "Yhteydenottotapa", "Palautteen luonne", "Palaute"]',
    "",
    "[columns]",
    'received_at = "Saapunut"',
    'updated_at = "Päivitetty"',
    'closed_at = "Suljettu"',
    'status_code = "Tila"',
    'channel_code = "Yhteydenottotapa"',
    'kind_reported_code = "Palautteen luonne"',
    'service_source_code = "Aihe"',
    'service_reported_id = "Aihe"',
    'agency_name = "Vastuuyksikkö"',
    'postcode = "Postinumero"',
    'text = ["Otsikko", "Palaute"]',
    'reply_text = "Vastaus"',
)


def write_crm(folder: Path, tickets: list[Ticket], *, seed: int) -> dict[str, int]:
    """Write the CSV, its column map and the same CSV under another name.

    Returns:
        Counts: rows of one file, and faults.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance, faults = Chance(seed, stream=31), CrmFaults(n=len(tickets))
    times = _local_times(tickets)
    lines = [";".join(HEADER)]
    for place, ticket in enumerate(tickets):
        cells = _cells(ticket, times, chance)
        cells[1] = faults.received(cells[1], place=place)
        quoted = [_quote(cell) for cell in cells]
        quoted[7] = faults.message(quoted[7], place=place)
        lines.append(";".join(quoted))
    content = ("\r\n".join(lines) + "\r\n").encode("cp1252", errors="replace")
    (folder / f"{NAME}.csv").write_bytes(content)
    shutil.copyfile(folder / f"{NAME}.csv", folder / f"{COPY_NAME}.csv")
    (folder / f"{NAME}.columns.toml").write_text(_column_map(), encoding="utf-8")
    return {"rows": len(tickets), "same_export_twice": 1, **faults.counts}


def _local_times(tickets: list[Ticket]) -> dict[int, datetime]:
    moments = np.unique(np.array([e.at for t in tickets for e in t.story.events] or [0]))
    return dict(zip(moments.tolist(), local_times(moments), strict=True))


def _cells(ticket: Ticket, times: dict[int, datetime], chance: Chance) -> list[str]:
    story = ticket.story
    by_code = {event.code: event.at for event in story.events}
    replied = by_code.get("replied")
    state = "Valmis" if story.is_closed else chance.pick(("Avoin", "Käsittelyssä"))
    if story.outcome == "forwarded":
        state = "Siirretty"
    return [
        f"AP-{times[ticket.received].year}-{ticket.number + 100_000}",
        _moment(times[ticket.received]),
        _moment(times[story.updated]),
        chance.weighted(tuple(CHANNELS), CHANNEL_EDGES),
        KIND_WORDS[ticket.message.kind] if chance.yes(0.93) else "",
        read_profiles()[ticket.filed_as].unit,
        ticket.message.title,
        ticket.text,
        ticket.address or "",
        ticket.message.place.postcode if chance.yes(0.7) else "",
        state,
        story.unit,
        _moment(times[replied]) if replied else "",
        _moment(times[story.updated]) if story.is_closed else "",
        (ticket.reply or "") if replied or story.is_closed else "",
    ]


def _moment(moment: datetime) -> str:
    return f"{moment.day}.{moment.month}.{moment.year} {moment.hour:02d}:{moment.minute:02d}"


def _quote(cell: str) -> str:
    if any(mark in cell for mark in ';"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _section(name: str, pairs: dict[str, str]) -> list[str]:
    written = [f"{json.dumps(k, ensure_ascii=False)} = {json.dumps(v)}" for k, v in pairs.items()]
    return ["", f"[values.{name}]", *written]


def _column_map() -> str:
    services: dict[str, str] = {}
    for service, profile in read_profiles().items():
        services.setdefault(profile.unit, service)
    services["Asiakaspalvelupiste"] = "muu"
    lines = [*MAP_HEAD]
    lines += _section("status_code", STATES)
    lines += _section("channel_code", CHANNELS)
    lines += _section("kind_reported_code", {word: code for code, word in KIND_WORDS.items()})
    lines += _section("service_reported_id", services)
    return "\n".join(lines) + "\n"
