"""The setting of one text: which place, street, school, day and number its slots speak of."""

from datetime import date, timedelta

from demo_city.chance import Chance
from demo_city.places import (
    DAY_CARE,
    SCHOOLS,
    Forms,
    Place,
    day_care_forms,
    read_gazetteer,
    school_forms,
)

WEEKDAYS = (
    "maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina",
    "sunnuntaina",
)  # fmt: skip
RECENTLY = (
    "eilen", "tänään", "eilen illalla", "toissapäivänä", "viime viikolla", "tänä aamuna",
    "viime yönä", "viikonloppuna", "tällä viikolla",
)  # fmt: skip
MONTHS_IN = (
    "tammikuussa", "helmikuussa", "maaliskuussa", "huhtikuussa", "toukokuussa", "kesäkuussa",
    "heinäkuussa", "elokuussa", "syyskuussa", "lokakuussa", "marraskuussa", "joulukuussa",
)  # fmt: skip
NUMBERS = ("kaksi", "kolme", "neljä", "viisi", "kuusi")
NUMBERS_OF = ("kahden", "kolmen", "neljän", "viiden", "kuuden")


class Setting:
    """Fills slots; every name is drawn once, so that a text keeps to one place and day."""

    def __init__(self, chance: Chance, *, day: date, place: Place | None = None) -> None:
        self._chance = chance
        self.day = day
        self._cities = read_gazetteer()
        self.place = place or chance.weighted(self._cities.places, self._cities.edges)
        self._drawn: dict[str, str | Forms] = {}
        self.street_name: str | None = None

    def fill(self, slot: str) -> str:
        """The words for a slot such as ``A:ssa`` or ``n``.

        Raises:
            KeyError: When no such slot is known.
        """
        name, _, case = slot.partition(":")
        value = self._drawn.get(name)
        if value is None:
            value = self._draw(name)
            self._drawn[name] = value
        if isinstance(value, str):
            return value
        return value[case]

    def _draw(self, name: str) -> str | Forms:
        if name in {"A", "K", "S", "D"}:
            return self._draw_main(name)
        if name in {"A2", "K2", "S2"}:
            return self._draw_other(name)
        return self._draw_small(name)

    def _draw_main(self, name: str) -> Forms:
        if name == "A":
            return self.place.forms
        if name == "S":
            if self.place.name not in SCHOOLS and "A" not in self._drawn:
                self.place = self._cities.by_name[self._chance.pick(SCHOOLS)]
            return school_forms(self.place)
        if name == "D":
            if self.place.name not in DAY_CARE and "A" not in self._drawn:
                self.place = self._cities.by_name[self._chance.pick(DAY_CARE)]
            return day_care_forms(self.place)
        streets = self._cities.streets.get(self.place.name)
        if not streets:
            streets = self._cities.streets["Keskusta"]
        street = self._chance.pick(streets)
        self.street_name = street.forms[""]
        return street.forms

    def _draw_other(self, name: str) -> Forms:
        cities = self._cities
        while True:
            place = self._chance.weighted(cities.places, cities.edges)
            if place.name == self.place.name:
                continue
            if name == "A2":
                return place.forms
            if name == "S2" and place.name in SCHOOLS:
                return school_forms(place)
            here = cities.streets.get(self.place.name, ())
            if name == "K2" and len(here) > 1 and self.street_name is not None:
                others = [s for s in here if s.forms[""] != self.street_name]
                return self._chance.pick(others).forms
            if name == "K2" and place.name in cities.streets:
                return self._chance.pick(cities.streets[place.name]).forms

    def _draw_small(self, name: str) -> str:
        chance = self._chance
        earlier = self.day - timedelta(days=chance.between(1, 12))
        draws = {
            "n": lambda: str(chance.between(2, 6)),
            "nn": lambda: str(chance.between(8, 40)),
            "luku": lambda: chance.pick(NUMBERS),
            "luvun": lambda: chance.pick(NUMBERS_OF),
            "nro": lambda: str(chance.between(1, 89)),
            "linja": lambda: str(chance.between(1, 14)),
            "klo": lambda: (
                f"{chance.between(6, 21)}.{chance.pick(('00', '15', '20', '30', '40', '45', '50'))}"
            ),
            "aamu": lambda: (
                f"{chance.between(6, 8)}.{chance.pick(('05', '10', '20', '25', '35', '40', '50'))}"
            ),
            "ilta": lambda: f"{chance.between(16, 21)}.{chance.pick(('00', '15', '30', '45'))}",
            "vp": lambda: WEEKDAYS[earlier.weekday()],
            "aika": lambda: chance.pick(RECENTLY),
            "pvm": lambda: f"{earlier.day}.{earlier.month}.",
            "kk": lambda: MONTHS_IN[self.day.month - 1],
            "viimekk": lambda: MONTHS_IN[(self.day.month - 2) % 12],
            "vuosi": lambda: str(self.day.year),
            "ensivuosi": lambda: str(self.day.year + 1),
            "ika": lambda: str(chance.between(3, 14)),
            "pieni": lambda: str(chance.between(1, 5)),
            "luokka": lambda: f"{chance.between(1, 9)}.",
            "eur": lambda: str(chance.pick((40, 50, 60, 80))),
        }
        return draws[name]()
