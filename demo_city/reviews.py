"""What the demo city's working group judged of the model's measures, as a filled template."""

from datetime import date, timedelta
from pathlib import Path

from demo_city.arrivals import Period
from demo_city.chance import Chance
from demo_city.hand_files import Row, write_csv

HEADER = (
    "Mallin toimenpide", "Vuosi", "Toimiala", "Arvioitu tila", "Seuraava askel", "Arvioitu",
    "Arvioinut yksikkö",
)  # fmt: skip
GROUP = "Osallisuustyöryhmä"
#: Measure, status as judged, next step; judged alike in every year.
JUDGED = (
    ("2023-2.1.1", "Käynnissä", "Liitetään koulujen salit varausjärjestelmään"),
    ("2023-2.1.2", "Käynnissä", "Kampanja jatkuu kylien tapahtumissa"),
    ("2023-2.1.5", "Toteutunut", "Kerrotaan seuraavasta kierroksesta kouluissa"),
    ("2023-2.1.6", "Toteutunut", "Päivitetään sivuston linkit keväällä"),
    ("2023-2.2.1", "Käynnissä", "Viimeistellään pilottikaavan lausuntokierros"),
    ("2023-2.2.2", "Toteutunut", "Suunnitellaan kirjaston pysyvä näyttelypaikka"),
    ("2023-2.2.3", "Ei aloitettu", "Kirjataan osallisuus tarjouspyynnön malliin"),
    ("2023-2.3.2", "Toteutunut", "Järjestetään koulutus myös esihenkilöille"),
    ("2023-2.4.1", "Käynnissä", "Sovitaan vastausajasta jokaisella toimialalla"),
    ("2023-2.4.5", "Toteutunut", "Lisätään digiavun aikoja iltoihin"),
    ("2023-2.4.6", "Toteutunut", "Vakiinnutetaan asukasillat kahdesti vuodessa"),
)
#: Reviews of one department, beside those of the city.
BY_DEPARTMENT = (
    ("2023-2.4.1", "Kaupunkiympäristön toimiala", "Käynnissä", "Kuitataan palautteet viikoittain"),
    ("2023-2.3.2", "Elinvoiman toimiala", "Ei aloitettu", "Varataan koulutuspäivä syksylle"),
)


def write_reviews(folder: Path, *, period: Period, seed: int) -> dict[str, int]:
    """Write the reviews of every year that has ended; returns the count of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = Chance(seed, stream=67)
    rows: list[Row] = []
    for year in range(period.first.year + 1, period.last.year):
        held = date(year + 1, 1, 12) + timedelta(days=chance.below(10))
        rows += [
            [measure, year, "Koko kaupunki", status, step, held, GROUP]
            for measure, status, step in JUDGED
        ]
        rows += [
            [measure, year, department, status, step, held, GROUP]
            for measure, department, status, step in BY_DEPARTMENT
        ]
    write_csv(folder / "toimenpidearviot.csv", HEADER, rows, encoding="utf-8-sig")
    return {"rows": len(rows)}
