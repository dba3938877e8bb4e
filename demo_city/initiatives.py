"""Resident initiatives (kuntalaisaloite) as the API of kuntalaisaloite.fi lists and shows them."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from demo_city.arrivals import Period
from demo_city.chance import Chance
from demo_city.setting import Setting
from demo_city.wording import Scene, Sentence, read_named, say

BASE = "https://www.kuntalaisaloite.fi"
MUNICIPALITY = {"number": 743, "name": "Seinäjoki"}
PAGE = 50
FIRST_NUMBER = 90_101
SHIFT = 2
LISTED_AGO_DAYS = 365
RUN_TIME = "003000Z"
OVER_THRESHOLD = (1.01, 1.22, 1.54)
THRESHOLD_SHARE = 0.02
VANISHED = 3
Json = dict[str, Any]


@dataclass(slots=True)
class Initiative:
    """One initiative with its fate."""

    number: int
    service: str
    title: str
    proposal: str
    published: date
    sent: date | None
    kind: str
    supporters: int
    vanishes: bool

    @property
    def state_date(self) -> date:
        """The source's own date: that of the latest state."""
        return self.sent or self.published


def draw_initiatives(*, seed: int, n: int, period: Period, residents: int) -> list[Initiative]:
    """``n`` initiatives in order of publication; a few pass 2 % of the residents."""
    chance = Chance(seed, stream=41)
    scenes = read_named("initiatives").scenes
    days = sorted(chance.below(period.days - 10) for _ in range(n))
    found: list[Initiative] = []
    used: dict[int, int] = {}
    for place, step in enumerate(days):
        fewest = min(used.get(i, 0) for i in range(len(scenes)))
        fresh = [i for i in range(len(scenes)) if used.get(i, 0) == fewest]
        index = chance.pick(fresh)
        used[index] = used.get(index, 0) + 1
        published = period.first + timedelta(days=step)
        found.append(_draw(FIRST_NUMBER + place * 3, scenes[index], published, period, chance))
    threshold = residents * THRESHOLD_SHARE
    for place, factor in enumerate(OVER_THRESHOLD[: max(1, n // 40)]):
        popular = found[(place + 1) * n // 5]
        popular.kind, popular.supporters = "COLLABORATIVE_CITIZEN", round(threshold * factor)
        popular.sent = min(popular.published + timedelta(days=75), period.last)
    early = [i for i in found if i.published < _year_ago(period) and i.supporters < 1_000]
    for initiative in early[2 :: max(1, len(early) // VANISHED)][:VANISHED]:
        initiative.vanishes = True
    return found


def _draw(number: int, scene: Scene, published: date, period: Period, chance: Chance) -> Initiative:
    setting = Setting(chance, day=published)

    def line(options: list[Sentence]) -> str:
        text = say(chance.pick(options), chance=chance, fill=setting.fill)
        return text[:1].upper() + text[1:]

    paragraphs = [line(scene.parts["P"])]
    if "E" in scene.parts:
        reasons = [line([option]) for option in scene.parts["E"] if chance.yes(0.75)]
        paragraphs.append(" ".join(reasons) or line(scene.parts["E"]))
    if "W" in scene.parts:
        paragraphs.append(line(scene.parts["W"]))
    kind = chance.weighted(("SINGLE", "COLLABORATIVE", "COLLABORATIVE_CITIZEN"), (0.34, 0.9, 1.0))
    supporters = 0
    if kind != "SINGLE":
        supporters = min(max(1, round(chance.lognormal(38, 1.25))), 1_290)
    sent: date | None = None
    if kind == "SINGLE":
        sent = published + timedelta(days=chance.between(0, 2))
    elif chance.yes(0.42):
        sent = published + timedelta(days=chance.between(14, 200))
    if sent is not None and sent > period.last:
        sent = None
    title = line(scene.parts["T"])
    return Initiative(number, scene.service, title, "\n\n".join(paragraphs), published, sent,
                      kind, supporters, vanishes=False)  # fmt: skip


def write_initiatives(
    folder: Path, initiatives: list[Initiative], *, period: Period, seed: int
) -> dict[str, int]:
    """Write two listing runs with shifting pages, and a detail of each that is still shown.

    Returns:
        Counts of initiatives, list files, overlapping items and vanished ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = Chance(seed, stream=42)
    earlier = _year_ago(period)
    old = [_as_of(i, earlier) for i in initiatives if i.published <= earlier]
    now = [i for i in initiatives if not i.vanishes]
    files = overlap = 0
    for run, listed in ((earlier, old), (period.last, now)):
        made, repeated = _write_listing(folder, run, listed)
        files, overlap = files + made, overlap + repeated
    for initiative in now:
        _dump(folder / f"initiative_{initiative.number}.json", _detail(initiative, chance))
    return {"initiatives": len(initiatives), "list_files": files, "overlap_rows": overlap,
            "details": len(now), "vanished": len(initiatives) - len(now)}  # fmt: skip


def _write_listing(folder: Path, run: date, listed: list[Initiative]) -> tuple[int, int]:
    newest_first = sorted(listed, key=lambda i: -i.number)
    files = 0
    while True:
        start = files * (PAGE - SHIFT)
        page = newest_first[start : start + PAGE]
        name = f"list_{run}T{RUN_TIME}_{files * PAGE}.json"
        _dump(folder / name, [_item(i) for i in page])
        files += 1
        if len(page) < PAGE:
            return files, SHIFT * (files - 1)


def _as_of(initiative: Initiative, day: date) -> Initiative:
    sent = initiative.sent if initiative.sent and initiative.sent <= day else None
    share = 1.0 if initiative.sent == sent and sent else 0.7
    return Initiative(
        initiative.number, initiative.service, initiative.title, initiative.proposal,
        initiative.published, sent, initiative.kind, int(initiative.supporters * share),
        initiative.vanishes,
    )  # fmt: skip


def _item(initiative: Initiative) -> Json:
    return {
        "collaborative": initiative.kind != "SINGLE",
        "id": f"{BASE}/api/v1/initiatives/{initiative.number}",
        "municipality": {
            "active": True,
            "id": f"{BASE}/api/v1/municipalities/{MUNICIPALITY['number']}",
            "nameFi": MUNICIPALITY["name"],
            "nameSv": MUNICIPALITY["name"],
        },
        "name": initiative.title,
        "participantCount": initiative.supporters,
        "publishDate": str(initiative.state_date),
        "sentTime": str(initiative.sent) if initiative.sent else None,
        "type": initiative.kind,
        "url": {
            "fi": f"{BASE}/fi/aloite/{initiative.number}",
            "sv": f"{BASE}/sv/initiativ/{initiative.number}",
        },
    }


def _detail(initiative: Initiative, chance: Chance) -> Json:
    total = initiative.supporters
    public = int(total * chance.unit() * 0.5)
    external = int((total - public) * 0.2) if chance.yes(0.3) else 0
    counts = {
        "externalNames": external,
        "privateNames": total - public - external,
        "publicNames": public,
        "total": total,
    }
    named = 0 if chance.yes(0.6) else 1
    authors = {"privateNames": 1 - named, "publicAuthors": [], "publicNames": named}
    detail = _item(initiative)
    detail |= {"authors": authors, "participantCount": counts, "proposal": initiative.proposal}
    return dict(sorted(detail.items()))


def _year_ago(period: Period) -> date:
    return max(period.first, period.last - timedelta(days=LISTED_AGO_DAYS))


def _dump(path: Path, value: Json | list[Json]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
