"""The case register (asianhallinta): what the registry knows of initiatives, on paper too."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from demo_city.arrivals import Period
from demo_city.chance import Chance
from demo_city.initiatives import Initiative
from demo_city.setting import Setting
from demo_city.wording import read_named, say

HEADER = (
    "Diaarinumero", "Otsikko", "Saapumistapa", "Vireille", "Kirjattu", "Kuntalaisaloite.fi",
    "Vahvistetut asukkaat", "Toimiala", "Päätöspäivä", "Päätös", "Ilmoitettu tekijälle",
    "Etenemisestä tiedotettu", "Tiedotuskanavat",
)  # fmt: skip
ON_PAPER = 14
DEPARTMENTS = {
    "Konsernipalvelut": "konserni",
    "Sivistys ja hyvinvointi": "sivistys_hyvinvointi",
    "Kaupunkiympäristö": "kaupunkiymparisto",
    "Elinvoima ja työllisyys": "elinvoima",
}
DEPARTMENT_OF = {
    "kadut": "Kaupunkiympäristö", "liikenne": "Kaupunkiympäristö",
    "kavely_pyoraily": "Kaupunkiympäristö", "joukkoliikenne": "Kaupunkiympäristö",
    "pysakointi": "Kaupunkiympäristö", "valaistus": "Kaupunkiympäristö",
    "puistot": "Kaupunkiympäristö", "asuminen": "Kaupunkiympäristö",
    "kaavoitus": "Kaupunkiympäristö", "osallisuus": "Elinvoima ja työllisyys",
    "kansainvaliset": "Elinvoima ja työllisyys",
    "tyollisyys_yritykset": "Elinvoima ja työllisyys", "hallinto_viestinta": "Konsernipalvelut",
}  # fmt: skip
DECISIONS = {
    "Hyväksytään": "accepted", "Hyväksytään osittain": "partly",
    "Ei johda toimenpiteisiin": "rejected", "Merkitään tiedoksi": "noted",
    "Siirretään toiselle viranomaiselle": "transferred",
}  # fmt: skip
DECISION_EDGES = (0.22, 0.42, 0.72, 0.95, 1.0)
CHANNELS = {"Kuntalaisaloite.fi": "web", "Paperi": "paper", "Sähköposti": "email"}
TOLD_ON = ("Verkkosivut", "Facebook", "Kuntalaisaloite.fi", "Verkkosivut;Facebook",
           "Verkkosivut;Kuntalaisaloite.fi")  # fmt: skip
COUNTED_FROM = 400


@dataclass(frozen=True, slots=True)
class _Filing:
    title: str
    service: str
    how: str
    filed: date
    number: int | None
    supporters: int


def write_register(
    folder: Path, initiatives: list[Initiative], *, period: Period, seed: int
) -> dict[str, int]:
    """Write the register's CSV and its column map.

    Returns:
        Counts of rows, rows without an initiative in the service, and rows still pending.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = Chance(seed, stream=43)
    filings = [
        _Filing(i.title, i.service, "Kuntalaisaloite.fi", i.sent, i.number, i.supporters)
        for i in initiatives
        if i.sent is not None
    ]
    on_paper = max(1, round(ON_PAPER * len(initiatives) / 120))
    filings += [_paper_filing(period, chance) for _ in range(on_paper)]
    filings.sort(key=lambda f: (f.filed, f.title))
    rows = [_row(f, place, period, chance) for place, f in enumerate(filings)]
    lines = [";".join(HEADER), *(";".join(_quote(cell) for cell in row) for row in rows)]
    text = "\ufeff" + "\r\n".join(lines) + "\r\n"
    (folder / "asianhallinta.csv").write_bytes(text.encode("utf-8"))
    (folder / "asianhallinta.columns.toml").write_text(_column_map(), encoding="utf-8")
    return {
        "rows": len(rows),
        "not_in_service": on_paper,
        "pending": sum(1 for row in rows if not row[8]),
    }


def _paper_filing(period: Period, chance: Chance) -> _Filing:
    scene = chance.pick(read_named("initiatives").scenes)
    filed = period.first + timedelta(days=chance.below(period.days - 5))
    title = say(chance.pick(scene.parts["T"]), chance=chance, fill=Setting(chance, day=filed).fill)
    how = chance.pick(("Paperi", "Paperi", "Sähköposti"))
    return _Filing(title[:1].upper() + title[1:], scene.service, how, filed, None, 0)


def _row(filing: _Filing, place: int, period: Period, chance: Chance) -> list[str]:
    registered = _working_day(filing.filed + timedelta(days=chance.between(0, 4)))
    decided: date | None = _working_day(
        registered + timedelta(days=round(chance.lognormal(105, 0.55)))
    )
    if decided is not None and (decided > period.last or chance.yes(0.06)):
        decided = None
    told = shown = None
    if decided:
        told = decided + timedelta(days=chance.between(1, 20)) if chance.yes(0.85) else None
        shown = decided + timedelta(days=chance.between(2, 30)) if chance.yes(0.6) else None
    elif chance.yes(0.3):
        shown = registered + timedelta(days=chance.between(10, 60))
    told = told if told and told <= period.last else None
    shown = shown if shown and shown <= period.last else None
    confirmed = ""
    if filing.supporters >= COUNTED_FROM and chance.yes(0.7):
        confirmed = str(round(filing.supporters * (0.82 + 0.15 * chance.unit())))
    decision = chance.weighted(tuple(DECISIONS), DECISION_EDGES) if decided else ""
    return [
        f"SJKI/{1_100 + place * 7}/00.01.02.01/{registered.year}",
        filing.title,
        filing.how,
        _day(filing.filed),
        _day(registered if registered <= period.last else filing.filed),
        str(filing.number) if filing.number else "",
        confirmed,
        DEPARTMENT_OF.get(filing.service, "Sivistys ja hyvinvointi"),
        _day(decided),
        decision,
        _day(told),
        _day(shown),
        chance.pick(TOLD_ON) if shown else "",
    ]


def _working_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def _day(day: date | None) -> str:
    return f"{day.day}.{day.month}.{day.year}" if day else ""


def _quote(cell: str) -> str:
    if any(mark in cell for mark in ';"\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _column_map() -> str:
    def section(name: str, pairs: dict[str, str]) -> list[str]:
        return ["", f"[values.{name}]", *(f'"{word}" = "{code}"' for word, code in pairs.items())]

    lines = [
        "# Asianhallinnan vienti: kuntalaisaloitteet",
        "[table]",
        'kind = "register"',
        'source = "asianhallinta"',
        'encoding = "auto"',
        'delimiter = ";"',
        'date_formats = ["%d.%m.%Y"]',
        'key = ["Diaarinumero"]',
        'match_columns = ["Diaarinumero", "Vireille", "Kuntalaisaloite.fi"]',
        "",
        "[columns]",
        'register_number = "Diaarinumero"',
        'initiative_number = "Kuntalaisaloite.fi"',
        'title = "Otsikko"',
        'channel_code = "Saapumistapa"',
        'filed_on = "Vireille"',
        'registered_on = "Kirjattu"',
        'n_residents_confirmed = "Vahvistetut asukkaat"',
        'department_id = "Toimiala"',
        'decision_on = "Päätöspäivä"',
        'decision_code = "Päätös"',
        'told_author_on = "Ilmoitettu tekijälle"',
        'progress_published_on = "Etenemisestä tiedotettu"',
        'progress_channels = "Tiedotuskanavat"',
    ]
    lines += section("channel_code", CHANNELS)
    lines += section("department_id", DEPARTMENTS)
    lines += section("decision_code", DECISIONS)
    return "\n".join(lines) + "\n"
