"""Staff notes (henkilöstön havainnot) and participatory-budget ideas as tables with column maps."""

from datetime import datetime, timedelta
from pathlib import Path

from demo_city.arrivals import Period
from demo_city.chance import Chance, accumulate
from demo_city.profiles import read_profiles
from demo_city.setting import Setting
from demo_city.wording import Sentence, TextFile, read_named, read_services, say

CREATED = datetime(2026, 11, 1, 6, 0, 0)
NOTE_HEADER = ("Nro", "Pvm", "Yksikkö", "Palvelu", "Luonne", "Alue", "Havainto")
IDEA_HEADER = ("Tunniste", "Kierros", "Jätetty", "Otsikko", "Kuvaus", "Alue", "Tila",
               "Kustannusarvio", "Leveysaste", "Pituusaste")  # fmt: skip
KIND_WORDS = {"kiitos": "Kiitos", "moite": "Moite", "kysymys": "Kysymys", "ehdotus": "Toive",
              "vika": "Vika"}  # fmt: skip
DESK_SERVICES = {
    "kirjasto": 20.0, "liikunta": 14.0, "varhaiskasvatus": 10.0, "perusopetus": 7.0,
    "digiapu": 9.0, "museo": 6.0, "kulttuuri": 6.0, "nuoriso": 6.0, "kansainvaliset": 6.0,
    "kadut": 4.0, "puistot": 4.0, "pysakointi": 4.0, "joukkoliikenne": 5.0,
    "avustukset_tilat": 3.0, "tyollisyys_yritykset": 4.0, "osallisuus": 2.0, "asuminen": 3.0,
    "hallinto_viestinta": 3.0, "valaistus": 2.0, "liikenne": 2.0, "kavely_pyoraily": 2.0,
    "kaavoitus": 2.0,
}  # fmt: skip
QUOTED = 0.4
TOLD = {
    "kiitos": ("Asiakas kiitteli:", "Saatiin kehuja:"),
    "moite": ("Asiakas valitti:", "Asiakkaan sanoin:", "Asiakas oli harmissaan:"),
    "kysymys": ("Asiakas kysyi:", "Kysyttiin näin:"),
    "ehdotus": ("Asiakas toivoi:", "Asiakkaan idea:", "Kävijä ehdotti:"),
    "vika": ("Asiakas ilmoitti:", "Soitto:", "Vikailmoitus tiskillä:"),
}
ROUNDS = (("2025", 0.45, 0.62), ("2026", 0.82, 0.98))
IDEA_STATES = ("Hyväksytty jatkoon", "Ei toteutettavissa", "Yhdistetty", "Arvioitavana")


def write_notes(folder: Path, *, seed: int, n: int, period: Period) -> dict[str, int]:
    """Write ``n`` staff notes as an XLSX with a column map; returns the count of rows."""
    import xlsxwriter

    folder.mkdir(parents=True, exist_ok=True)
    rows = _note_rows(seed=seed, n=n, period=period)
    book = xlsxwriter.Workbook(str(folder / "henkiloston_havainnot.xlsx"))
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("Havainnot")
    day_format = book.add_format({"num_format": "d.m.yyyy"})
    sheet.write_row(0, 0, NOTE_HEADER)
    for line, (number, moment, *rest) in enumerate(rows, start=1):
        sheet.write_number(line, 0, number)
        sheet.write_datetime(line, 1, moment, day_format)
        for column, cell in enumerate(rest, start=2):
            sheet.write_string(line, column, cell)
    book.close()
    path = folder / "henkiloston_havainnot.columns.toml"
    path.write_text(_note_map(), encoding="utf-8")
    return {"rows": len(rows)}


def _note_rows(
    *, seed: int, n: int, period: Period
) -> list[tuple[int, datetime, str, str, str, str, str]]:
    chance = Chance(seed, stream=51)
    files, profiles = read_services(), read_profiles()
    leads = read_named("notes").common["N"]
    services = [s for s in DESK_SERVICES if "N" in files[s].common]
    edges = accumulate([DESK_SERVICES[s] for s in services])
    steps = sorted(chance.below(period.days) for _ in range(n))
    rows, seen = [], set()
    for number, step in enumerate(steps, start=1):
        day = period.first + timedelta(days=step)
        day -= timedelta(days=max(0, day.weekday() - 4))
        for _ in range(6):
            service = chance.weighted(services, edges)
            setting = Setting(chance, day=day)
            sentence, kind = _note(files[service], setting, chance)
            if sentence not in seen:
                break
        seen.add(sentence)
        lead = say(chance.pick(leads), chance=chance, fill=setting.fill) if chance.yes(0.5) else ""
        if "”" in sentence:
            lead = ""
        text = f"{lead[:1].upper()}{lead[1:]} {sentence}".strip()
        area = setting.place.budget_area.capitalize() if chance.yes(0.3) else ""
        moment = datetime(day.year, day.month, day.day)
        word = KIND_WORDS[kind] if chance.yes(0.8) else ""
        rows.append(
            (number, moment, profiles[service].unit, profiles[service].unit, word, area, text)
        )
    return rows


def _note(texts: TextFile, setting: Setting, chance: Chance) -> tuple[str, str]:
    """A written note, or the customer's own words taken down; and its kind."""
    scenes = [s for s in texts.scenes if setting.day.month in s.months]
    if scenes and chance.yes(QUOTED):
        scene = chance.pick(scenes)
        told = chance.pick(TOLD[scene.kind])
        return f"{told} ”{_sentence(scene.parts['P'], setting, chance)}”", scene.kind
    kind, _, sentence = _sentence(texts.common["N"], setting, chance).partition(": ")
    return sentence[:1].upper() + sentence[1:], kind.lower()


def write_ideas(folder: Path, *, seed: int, n: int, period: Period) -> dict[str, int]:
    """Write ``n`` ideas of two rounds as a UTF-16 CSV with a column map; returns the row count."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = Chance(seed, stream=52)
    scenes = read_named("ideas").scenes
    lines = [";".join(IDEA_HEADER)]
    used: dict[int, int] = {}
    for number in range(n):
        fewest = min(used.get(i, 0) for i in range(len(scenes)))
        index = chance.pick([i for i in range(len(scenes)) if used.get(i, 0) == fewest])
        used[index] = used.get(index, 0) + 1
        name, begins, ends = ROUNDS[0 if number < n * 0.45 else 1]
        step = int(period.days * (begins + (ends - begins) * chance.unit()))
        setting = Setting(chance, day=period.first + timedelta(days=step))
        parts = scenes[index].parts
        title = _sentence(parts["T"], setting, chance)
        body = " ".join(_sentence(parts[p], setting, chance) for p in "PEW"
                        if p in parts and (p == "P" or chance.yes(0.75)))  # fmt: skip
        lines.append(";".join(_idea_cells(number, name, (title, body), setting, chance)))
    text = "\r\n".join(lines) + "\r\n"
    (folder / "asukasbudjetti_ideat.csv").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    path = folder / "asukasbudjetti_ideat.columns.toml"
    path.write_text(_idea_map(), encoding="utf-8")
    return {"rows": n}


def _sentence(options: list[Sentence], setting: Setting, chance: Chance) -> str:
    text = say(chance.pick(options), chance=chance, fill=setting.fill)
    return text[:1].upper() + text[1:]


def _idea_cells(
    number: int, name: str, texts: tuple[str, str], setting: Setting, chance: Chance
) -> list[str]:
    day, place = setting.day, setting.place
    whole = chance.yes(0.15)
    point = not whole and chance.yes(0.5)
    state = chance.pick(IDEA_STATES) if name == "2025" else chance.pick(IDEA_STATES[3:])
    cost = str(chance.between(1, 14) * 2_500) if state in IDEA_STATES[:2] else ""
    return [
        f"AB{name}-{number + 1:03d}",
        f"Asukasbudjetti {name}",
        f"{day.day}.{day.month}.{day.year}",
        *(_quoted(text) for text in texts),
        "Koko kaupunki" if whole else f"{place.budget_area.capitalize()} alue",
        state,
        cost,
        f"{place.lat + (chance.unit() - 0.5) * 0.01:.5f}".replace(".", ",") if point else "",
        f"{place.lon + (chance.unit() - 0.5) * 0.02:.5f}".replace(".", ",") if point else "",
    ]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _note_map() -> str:
    services: dict[str, str] = {}
    for service in DESK_SERVICES:
        services.setdefault(read_profiles()[service].unit, service)
    lines = [
        "# Henkilöstön havainnot: mitä asiakkaat ovat sanoneet",
        "[table]",
        'kind = "notes"',
        'source = "havainnot"',
        'sheet = "Havainnot"',
        'date_formats = ["%d.%m.%Y"]',
        'key = ["Nro"]',
        'match_columns = ["Nro", "Yksikkö", "Havainto"]',
        "",
        "[columns]",
        'noted_on = "Pvm"',
        'unit_name = "Yksikkö"',
        'kind_reported_code = "Luonne"',
        'service_reported_id = "Palvelu"',
        'area_code = "Alue"',
        'text = "Havainto"',
        "",
        "[values.kind_reported_code]",
        *(f'"{word}" = "{kind}"' for kind, word in KIND_WORDS.items()),
        "",
        "[values.area_code]",
        *_area_lines(""),
        "",
        "[values.service_reported_id]",
        *(f'"{unit}" = "{service}"' for unit, service in services.items()),
    ]
    return "\n".join(lines) + "\n"


def _idea_map() -> str:
    lines = [
        "# Asukasbudjetin ideat",
        "[table]",
        'kind = "ideas"',
        'source = "asukasbudjetti"',
        'encoding = "auto"',
        'delimiter = ";"',
        'decimal = ","',
        'date_formats = ["%d.%m.%Y"]',
        'key = ["Tunniste"]',
        'match_columns = ["Tunniste", "Kierros", "Kuvaus"]',
        "",
        "[columns]",
        'round_code = "Kierros"',
        'proposed_on = "Jätetty"',
        'text = ["Otsikko", "Kuvaus"]',
        'area_name = "Alue"',
        'area_code = "Alue"',
        'state_name = "Tila"',
        'cost_eur = "Kustannusarvio"',
        'lat = "Leveysaste"',
        'lon = "Pituusaste"',
        "",
        "[values.area_code]",
        *_area_lines(" alue"),
        '"Koko kaupunki" = ""',
        "",
        "[values.round_code]",
        *(f'"Asukasbudjetti {name}" = "{name}"' for name, _, _ in ROUNDS),
    ]
    return "\n".join(lines) + "\n"


def _area_lines(ending: str) -> list[str]:
    codes = {"Pohjoinen": "pohjoinen", "Itäinen": "itainen", "Läntinen": "lantinen",
             "Eteläinen": "etelainen"}  # fmt: skip
    return [f'"{name}{ending}" = "{code}"' for name, code in codes.items()]
