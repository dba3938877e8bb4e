"""Places, invented streets and units of the demo city, each with the cases that sentences need."""

from dataclasses import dataclass
from functools import lru_cache

from demo_city.chance import accumulate
from demo_city.wording import TEXTS

# ending: genitive, adessive, allative, ablative, partitive (vowel harmony follows the ending)
ENDINGS = {
    "tie": ("tien", "tiellä", "tielle", "tieltä", "tietä"),
    "katu": ("kadun", "kadulla", "kadulle", "kadulta", "katua"),
    "kuja": ("kujan", "kujalla", "kujalle", "kujalta", "kujaa"),
    "polku": ("polun", "polulla", "polulle", "polulta", "polkua"),
    "raitti": ("raitin", "raitilla", "raitille", "raitilta", "raittia"),
}
CASES = ("n", "lla", "lle", "lta", "a")
SCHOOLS = (
    "Kärki", "Pajuluoma", "Kivistö", "Jouppi", "Katajalaakso", "Marttila", "Toukolanpuisto",
    "Niemistö", "Hyllykallio", "Valkiavuori", "Nurmo", "Kasperi", "Alakylä", "Ylistaro",
    "Peräseinäjoki", "Honkakylä", "Keski-Nurmo",
)  # fmt: skip
DAY_CARE = (
    "Kärki", "Pajuluoma", "Kivistö", "Jouppi", "Katajalaakso", "Kapernaumi", "Simuna",
    "Hyllykallio", "Kultavuori", "Nurmo", "Törnävä", "Ylistaro", "Peräseinäjoki", "Kasperi",
    "Niemistö", "Marttila", "Pohja",
)  # fmt: skip

Forms = dict[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A district or village: its forms by case, where it lies and how often it is written about."""

    forms: Forms
    postcode: str
    lat: float
    lon: float
    weight: float
    budget_area: str

    @property
    def name(self) -> str:
        """The nominative."""
        return self.forms[""]


@dataclass(frozen=True, slots=True)
class Street:
    """An invented street and the place it runs through."""

    forms: Forms
    place: Place


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All places and streets, with cumulative weights for drawing a place."""

    places: tuple[Place, ...]
    edges: list[float]
    by_name: dict[str, Place]
    streets: dict[str, tuple[Street, ...]]


@lru_cache(maxsize=1)
def read_gazetteer() -> Gazetteer:
    """Read places and streets from the text files."""
    places = tuple(_place(line.split("|")) for line in _lines("places.txt"))
    by_name = {place.name: place for place in places}
    streets: dict[str, list[Street]] = {}
    for line in _lines("streets.txt"):
        stem, ending, where = line.split("|")
        street = Street(_street_forms(stem, ending), by_name[where])
        streets.setdefault(where, []).append(street)
    return Gazetteer(
        places=places,
        edges=accumulate([place.weight for place in places]),
        by_name=by_name,
        streets={name: tuple(found) for name, found in streets.items()},
    )


def school_forms(place: Place) -> Forms:
    """A school named after the place: ``Niemistön koulu`` and its cases."""
    return _unit_forms(place, "koulu", ("koulun", "koululla", "koululle", "koululta", "koulua"),
                       ("koulussa", "kouluun", "koulusta"))  # fmt: skip


def day_care_forms(place: Place) -> Forms:
    """A day-care centre named after the place: ``Kärjen päiväkoti`` and its cases."""
    return _unit_forms(
        place, "päiväkoti",
        ("päiväkodin", "päiväkodilla", "päiväkodille", "päiväkodilta", "päiväkotia"),
        ("päiväkodissa", "päiväkotiin", "päiväkodista"),
    )  # fmt: skip


def _unit_forms(place: Place, base: str, outer: tuple[str, ...], inner: tuple[str, ...]) -> Forms:
    genitive = place.forms["n"]
    genitive = genitive[0].upper() + genitive[1:]
    forms = {"": f"{genitive} {base}"}
    forms |= {case: f"{genitive} {word}" for case, word in zip(CASES, outer, strict=True)}
    forms |= {
        case: f"{genitive} {word}" for case, word in zip(("ssa", "an", "sta"), inner, strict=True)
    }
    return forms


def _place(cells: list[str]) -> Place:
    name, genitive, where, to, since, partitive, postcode, lat, lon, weight, area = cells
    forms = {"": name, "n": genitive, "ssa": where, "an": to, "sta": since, "a": partitive}
    return Place(forms, postcode, float(lat), float(lon), float(weight), area)


def _street_forms(stem: str, ending: str) -> Forms:
    base = ending[1:] if ending not in ENDINGS else ending
    lead = stem if ending == base else f"{stem}{ending[0]}"
    forms = {"": f"{lead}{base}"}
    forms |= {case: f"{lead}{word}" for case, word in zip(CASES, ENDINGS[base], strict=True)}
    return forms


def _lines(name: str) -> list[str]:
    lines = (TEXTS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
