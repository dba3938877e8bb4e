"""Builds the demo city: a source folder of Seinäjoki's size, in the shapes real systems send.

Nothing here reads the contracts or the pipeline; the city is the outside world.
"""

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from demo_city.arrivals import Period
from demo_city.by_hand import write_by_hand
from demo_city.crm import write_crm
from demo_city.georeport import write_georeport
from demo_city.initiatives import draw_initiatives, write_initiatives
from demo_city.notes import write_ideas, write_notes
from demo_city.population import write_population
from demo_city.register import write_register
from demo_city.reviews import write_reviews
from demo_city.surveys import write_surveys
from demo_city.tickets import Ticket, draw_tickets

LAST_DAY = date(2026, 10, 31)
#: Hidden, so that it is no delivery of the city.
MARKER = ".demo.json"
VERSION = 2
INITIATIVES, NOTES, IDEAS = 120, 900, 150
_SENT_AT = time(18, 0)
_LISTED_ON = re.compile(r"^list_(\d{4}-\d\d-\d\d)")
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was asked for and what was written; the marker file holds the same."""

    version: int
    seed: int
    residents: int
    tickets: int
    years: int
    scale: float
    as_of: str
    counts: dict[str, dict[str, int]]


def build_demo_city(
    target: Path,
    *,
    seed: int = 2023,
    residents: int = 66_500,
    tickets: int = 18_000,
    years: int = 3,
    scale: float = 1.0,
    progress: Progress | None = None,
) -> DemoSummary:
    """Write the source folder at ``target`` and return what it holds.

    The folder appears whole or not at all. When it already holds a city of the same version,
    seed and size, nothing is written. Same arguments, same bytes.

    Args:
        target: Folder to make; an older demo city there is replaced.
        seed: Seed of all chance.
        residents: Residents; sets the 2 % threshold that a few initiatives pass.
        tickets: Tickets of all sources at scale 1.
        years: Years of history, ending on 31 October 2026.
        scale: Factor for tickets, respondents, initiatives, notes and ideas.
        progress: Called with the name of each finished step and its number of rows.

    Raises:
        FileExistsError: When ``target`` holds something that is no demo city.
    """
    done = read_summary(target)
    asked = (VERSION, seed, residents, tickets, years, scale)
    if done is not None and _asked(done) == asked:
        return done
    if done is None and target.exists() and any(target.iterdir()):
        message = (
            f"Folder '{target.name}' holds files but no {MARKER}; a new or empty folder was "
            "expected. Choose another folder for the demo city."
        )
        raise FileExistsError(message)
    summary = DemoSummary(*asked, as_of=str(LAST_DAY), counts={})
    _build(target, summary, progress or _silent)
    return summary


def read_summary(target: Path) -> DemoSummary | None:
    """The summary of a finished demo city; None when there is none or it cannot be read."""
    try:
        return DemoSummary(**json.loads((target / MARKER).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError, TypeError):
        return None


def _asked(summary: DemoSummary) -> tuple[int, int, int, int, int, float]:
    return (summary.version, summary.seed, summary.residents, summary.tickets, summary.years,
            summary.scale)  # fmt: skip


def _build(target: Path, summary: DemoSummary, progress: Progress) -> None:
    """Write beside the target and move into place, so that the folder is whole or not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.with_name(f".{target.name}.building-{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        _write_all(building, summary, progress)
        text = json.dumps(asdict(summary), ensure_ascii=False, indent=2) + "\n"
        (building / MARKER).write_text(text, encoding="utf-8")
        _date_files(building)
        _replace(target, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _date_files(folder: Path) -> None:
    """Give each file the time at which its source would have sent it, the same in every build."""
    for path in folder.rglob("*"):
        if path.is_file():
            found = _LISTED_ON.search(path.name)
            day = date.fromisoformat(found.group(1)) if found else LAST_DAY
            sent = datetime.combine(day, _SENT_AT, tzinfo=UTC).timestamp()
            os.utime(path, (sent, sent))


def _replace(target: Path, building: Path) -> None:
    if not target.exists():
        building.rename(target)
        return
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    target.rename(old)
    building.rename(target)
    shutil.rmtree(old)


def _write_all(folder: Path, asked: DemoSummary, progress: Progress) -> None:
    """Write every source and fill ``asked.counts``."""
    seed, scale, counts = asked.seed, asked.scale, asked.counts
    period = Period(date(LAST_DAY.year - asked.years, 11, 1), LAST_DAY)
    drawn = draw_tickets(seed=seed, n=max(1, round(asked.tickets * scale)), period=period)
    counts["tickets"] = _count_tickets(drawn)
    progress("tickets", len(drawn))
    by_api = [ticket for ticket in drawn if ticket.source == "georeport"]
    at_desk = [ticket for ticket in drawn if ticket.source == "crm"]
    counts["georeport"] = write_georeport(folder / "georeport", by_api, period=period, seed=seed)
    progress("georeport", counts["georeport"]["rows"])
    counts["crm"] = write_crm(folder / "tables", at_desk, seed=seed)
    progress("crm", counts["crm"]["rows"])
    counts["surveys"] = write_surveys(folder, seed=seed, scale=scale, period=period)
    progress("surveys", counts["surveys"]["respondents"])
    _write_initiatives(folder, asked, period)
    progress("initiatives", counts["initiatives"]["initiatives"])
    tables = folder / "tables"
    counts["notes"] = write_notes(tables, seed=seed, n=max(10, round(NOTES * scale)), period=period)
    counts["ideas"] = write_ideas(tables, seed=seed, n=max(6, round(IDEAS * scale)), period=period)
    counts["population"] = write_population(folder / "vaesto", residents=asked.residents)
    counts["reviews"] = write_reviews(folder / "kasin", period=period, seed=seed)
    progress("notes and ideas", counts["notes"]["rows"] + counts["ideas"]["rows"])


def _write_initiatives(folder: Path, asked: DemoSummary, period: Period) -> None:
    seed = asked.seed
    n = max(4, round(INITIATIVES * asked.scale))
    drawn = draw_initiatives(seed=seed, n=n, period=period, residents=asked.residents)
    service = folder / "kuntalaisaloite"
    asked.counts["initiatives"] = write_initiatives(service, drawn, period=period, seed=seed)
    tables = folder / "tables"
    asked.counts["register"] = write_register(tables, drawn, period=period, seed=seed)
    by_hand = folder / "kasin"
    asked.counts["by_hand"] = write_by_hand(by_hand, drawn, seed=seed, period=period)


def _count_tickets(tickets: list[Ticket]) -> dict[str, int]:
    counts: Counter[str] = Counter(all=len(tickets))
    for ticket in tickets:
        counts["closed" if ticket.story.is_closed else "open"] += 1
        counts[f"kind_{ticket.message.kind}"] += 1
        counts[f"language_{ticket.message.language}"] += 1
        if ticket.personal:
            counts[f"personal_{ticket.personal}"] += 1
        codes = {event.code for event in ticket.story.events}
        counts["forwarded"] += "forwarded" in codes
        counts["reopened"] += "reopened" in codes
        counts["with_reply"] += ticket.reply is not None
    return dict(sorted(counts.items()))


def _silent(_step: str, _rows: int) -> None:
    return None
