"""The surveys of the demo city as planned: questions, code lists, waves (texts/surveys.toml)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from demo_city.wording import TEXTS

LANGUAGES = ("fi", "sv", "en")
Labels = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A code of a list. ``kind`` is valid, dont_know or not_applicable; ``maps_to`` our code."""

    code: str
    labels: Labels
    value: int | None = None
    kind: str = "valid"
    maps_to: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A variable of the questionnaire. ``level`` and ``drift`` steer the drawn answers."""

    name: str
    labels: Labels
    type: str
    role: str = "substantive"
    items: tuple[Item, ...] = ()
    codelist: str = ""
    service: str = ""
    matrix: str = ""
    background: str = ""
    level: float = 0.0
    drift: float = 0.0
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave of fieldwork: ``step`` from 0 in time, ``table`` csv, xlsx or empty (Webropol)."""

    code: str
    step: int
    opened: date
    closed: date | None
    respondents: int
    invited: int
    table: str


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey over its waves."""

    id: str
    titles: Labels
    service: str
    design: str
    mode: str
    is_reversed: bool
    multi_form: str
    people: str
    least_age: int
    frame: int
    has_languages: bool
    staff_involved: bool
    questions: tuple[Question, ...]
    waves: tuple[Wave, ...]


SATISFACTION = (
    Item("1", ("Erittäin tyytymätön", "Mycket missnöjd", "Very dissatisfied"), 1),
    Item("2", ("Melko tyytymätön", "Ganska missnöjd", "Rather dissatisfied"), 2),
    Item("3", ("Ei tyytyväinen eikä tyytymätön", "Varken nöjd eller missnöjd", "Neither"), 3),
    Item("4", ("Melko tyytyväinen", "Ganska nöjd", "Rather satisfied"), 4),
    Item("5", ("Erittäin tyytyväinen", "Mycket nöjd", "Very satisfied"), 5),
    Item("9", ("En osaa sanoa", "Kan inte säga", "I don't know"), kind="dont_know"),
    Item("8", ("Ei koske minua", "Gäller inte mig", "Not applicable"), kind="not_applicable"),
)
AGREEMENT = (
    Item("1", ("Täysin samaa mieltä", "Helt av samma åsikt", "Fully agree"), 1),
    Item("2", ("Jokseenkin samaa mieltä", "Delvis av samma åsikt", "Partly agree"), 2),
    Item("3", ("En samaa enkä eri mieltä", "Varken eller", "Neutral"), 3),
    Item("4", ("Jokseenkin eri mieltä", "Delvis av annan åsikt", "Partly disagree"), 4),
    Item("5", ("Täysin eri mieltä", "Helt av annan åsikt", "Fully disagree"), 5),
    Item("9", ("En osaa sanoa", "Kan inte säga", "I don't know"), kind="dont_know"),
)
NPS = tuple(Item(str(v), (str(v), str(v), str(v)), v) for v in range(11))
AGE_BANDS = (
    Item("1", ("Alle 15 vuotta", "Under 15 år", "Under 15"), maps_to="0_14"),
    Item("2", ("15–24 vuotta", "15–24 år", "15–24 years"), maps_to="15_24"),
    Item("3", ("25–44 vuotta", "25–44 år", "25–44 years"), maps_to="25_44"),
    Item("4", ("45–64 vuotta", "45–64 år", "45–64 years"), maps_to="45_64"),
    Item("5", ("65–79 vuotta", "65–79 år", "65–79 years"), maps_to="65_79"),
    Item("6", ("80 vuotta tai enemmän", "80 år eller mer", "80 or over"), maps_to="80_"),
)
GENDERS = (
    Item("1", ("Nainen", "Kvinna", "Female"), maps_to="female"),
    Item("2", ("Mies", "Man", "Male"), maps_to="male"),
    Item("3", ("Muu", "Annat", "Other"), maps_to="other"),
    Item("4", ("En halua vastata", "Vill inte svara", "Prefer not to say"), kind="refused"),
)
AREAS = (
    Item("1", ("Pohjoinen alue (Ylistaro)", "Norra området", "Northern area"), maps_to="pohjoinen"),
    Item("2", ("Itäinen alue (Nurmo)", "Östra området", "Eastern area"), maps_to="itainen"),
    Item("3", ("Läntinen alue (keskusta, Pajuluoma)", "Västra området", "Western area"),
         maps_to="lantinen"),
    Item("4", ("Eteläinen alue (Peräseinäjoki)", "Södra området", "Southern area"),
         maps_to="etelainen"),
)  # fmt: skip
GROUPS = (
    Item("1", ("Olen alle 18-vuotias", "Jag är under 18", "I am under 18"), maps_to="nuoret"),
    Item("2", ("Minulla on vamma tai pitkäaikaissairaus", "Jag har en funktionsnedsättning",
               "I have a disability"), maps_to="vammaiset"),
    Item("3", ("Olen ikäihminen", "Jag är äldre", "I am an older person"), maps_to="vanhukset"),
    Item("4", ("Olen muuttanut Suomeen", "Jag har flyttat till Finland", "I have moved to Finland"),
         maps_to="maahanmuuttajat"),
)  # fmt: skip
FORM_LANGUAGES = (
    Item("fi", ("suomi", "suomi", "suomi"), maps_to="fi"),
    Item("sv", ("svenska", "svenska", "svenska"), maps_to="sv"),
    Item("en", ("English", "English", "English"), maps_to="en"),
)
CODELISTS = {
    "tyytyvaisyys5": SATISFACTION, "samaa_mielta5": AGREEMENT, "nps": NPS, "ika": AGE_BANDS,
    "sukupuoli": GENDERS, "alue": AREAS, "ryhma": GROUPS, "kieli": FORM_LANGUAGES,
}  # fmt: skip


@lru_cache(maxsize=1)
def read_surveys() -> tuple[Survey, ...]:
    """All surveys with their questions in order."""
    with (TEXTS / "surveys.toml").open("rb") as file:
        rows = tomllib.load(file)["survey"]
    return tuple(_survey(row) for row in rows)


def _survey(row: dict[str, Any]) -> Survey:
    tables = row.get("tables", [""] * len(row["waves"]))
    waves = tuple(
        Wave(code, step, opened, closed or None, respondents, invited, table)
        for step, ((code, opened, closed, respondents, invited), table) in enumerate(
            zip(row["waves"], tables, strict=True)
        )
    )
    return Survey(
        id=row["id"],
        titles=(row["title"][0], row["title"][1], row["title"][2]),
        service=row["service"],
        design=row["design"],
        mode=row.get("mode", "web"),
        is_reversed=row.get("scale") == "agreement",
        multi_form=row.get("multi_form", "rows"),
        people=row["people"],
        least_age=row.get("least_age", 0),
        frame=row.get("frame", 0),
        has_languages=row["languages"],
        staff_involved=row["staff"],
        questions=tuple(_questions(row)),
        waves=waves,
    )


def _questions(row: dict[str, Any]) -> list[Question]:
    scale = "samaa_mielta5" if row.get("scale") == "agreement" else "tyytyvaisyys5"
    items = CODELISTS[scale]
    level = sum(item[2] for item in row["items"]) / len(row["items"]) + 0.1
    drift = sum(item[3] for item in row["items"]) / len(row["items"])
    overall = ("Kuinka tyytyväinen olet palveluun kokonaisuutena?",
               "Hur nöjd är du med tjänsten som helhet?",
               "How satisfied are you with the service overall?")  # fmt: skip
    if scale == "samaa_mielta5":
        overall = ("Olen tyytyväinen käyntiini", "Jag är nöjd med mitt besök",
                   "I am satisfied with my visit")  # fmt: skip
    found = [Question("yleisarvio", overall, "scale", items=items, codelist=scale,
                      level=level, drift=drift)]  # fmt: skip
    for name, service, item_level, item_drift, *labels in row["items"]:
        found.append(Question(
            name, (labels[0], labels[1], labels[2]), "scale", items=items, codelist=scale,
            service=service, matrix="palvelun_osat", level=item_level, drift=item_drift,
        ))  # fmt: skip
    if row["nps"]:
        text = ("Kuinka todennäköisesti suosittelisit palvelua?",
                "Hur sannolikt skulle du rekommendera tjänsten?",
                "How likely are you to recommend the service?")  # fmt: skip
        found.append(Question("suosittelu", text, "nps", items=NPS, codelist="nps", level=level))
    if "multi" in row:
        name, fi, sv, en, options = row["multi"]
        choices = tuple(Item(code, (a, b, c)) for code, a, b, c, _ in options)
        found.append(Question(name, (fi, sv, en), "multi_item", items=choices, codelist=name,
                              shares=tuple(option[4] for option in options)))  # fmt: skip
    found.append(Question("avoin", ("Mitä muuta haluat sanoa?", "Vad annat vill du säga?",
                                    "Anything else you want to say?"), "text"))  # fmt: skip
    return found + _backgrounds(row)


def _backgrounds(row: dict[str, Any]) -> list[Question]:
    def background(name: str, labels: Labels, type_: str, codelist: str, code: str) -> Question:
        items = CODELISTS.get(codelist, ())
        return Question(name, labels, type_, "background", items, codelist, background=code)

    found = [
        background("ika", ("Ikäsi", "Din ålder", "Your age"), "single", "ika", "age_band"),
        background("sukupuoli", ("Sukupuolesi", "Ditt kön", "Your gender"), "single", "sukupuoli",
                   "gender"),
    ]  # fmt: skip
    if row["area"] == "postcode":
        labels = ("Postinumerosi", "Ditt postnummer", "Your postal code")
        found.append(background("postinumero", labels, "text", "", "postcode"))
    else:
        labels = ("Asuinalueesi", "Ditt bostadsområde", "Your area")
        found.append(background("alue", labels, "single", "alue", "area"))
    labels = ("Kuulutko johonkin seuraavista?", "Hör du till någon av följande?",
              "Do you belong to any of these?")  # fmt: skip
    found.append(background("ryhmat", labels, "multi_item", "ryhma", "groups"))
    if row["languages"]:
        labels = ("Lomakkeen kieli", "Formulärets språk", "Language of the form")
        found.append(background("kieli", labels, "single", "kieli", "language"))
    return found
