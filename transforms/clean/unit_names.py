"""Names of units that had a matter: which are kept, and which are another authority's.

Belongs here: rules on names as written. Does not: the city's own organisation (code lists).
"""

import polars as pl

# Parts of words that Finnish and Swedish units are called by; a name with one is no person's.
_UNIT_PARTS = (
    "kaupun", "kunta", "kunna", "kunnos", "virasto", "keskus", "toimi", "palvelu", "yksikkö",
    "tiimi", "osasto", "laitos", "lautakunta", "liikelaitos", "hallin", "hallit", "valvon",
    "rakenn", "suunnit", "kaavoit", "liiken", "tekni", "kirjast", "koulu", "päiväko", "varhaisk",
    "opetus", "kasvatus", "sivisty", "nuoriso", "liikunt", "kultt", "museo", "puisto", "katu",
    "kadut", "viher", "metsä", "ympärist", "vesi", "energia", "jäte", "tila", "kiinteist", "tontt",
    "asum", "asunto", "alue", "vastaava", "ryhmä", "asiakas", "neuvon", "viest", "konserni",
    "talous", "elinvoim", "työllis", "yrity", "ravinto", "ruoka", "siivous", "puhtaan", "poliisi",
    "pelastus", "kela", "ely", "terveys", "sosiaali", "hyvinvoint", "vanhus", "vammais",
    "verohall", "seurakun", "stad", "kommun", "nämnd", "tjänst", "avdelning", "enhet", "city",
    "department", "service", "office", "unit",
)  # fmt: skip
_FIRMS = r"(?i)\b(?:oy|oyj|ab|ky|ry|rf|tmi|ltd)\b"
_UNIT = "(?i)" + "|".join(_UNIT_PARTS)

_NAME = r"(?:\p{Lu}\p{Ll}+|\p{Lu}{2,})(?:[-–](?:\p{Lu}\p{Ll}+|\p{Lu}{2,}))?"
_INITIAL = r"\p{Lu}\.?"
_PERSON = rf"^(?:{_NAME}|{_INITIAL}),?(?: (?:{_NAME}|{_INITIAL})){{1,3}}$"
_ADDRESS_OR_NUMBER = r"@|\+?\d(?:[ -]?\d){5,}"

#: Authorities that are not the city, in names of units and in words of a status (SOURCES §5.1,
#: §5.3). The welfare area has health and social services since 1.1.2023; the ELY centres became
#: elinvoimakeskus in 2026.
_OTHER_AUTHORITY = (
    r"(?i)hyvinvointialue|\bhyvaep\b|välfärdsområde|\bely\b|närings-, trafik|elinvoimakeskus|"
    r"poliisi|\bpolis|\bkela\b|\bfpa\b|kansaneläkelaito|väylävirasto|traficom|fintraffic|"
    r"liikenne- ja viestintävirasto|aluehallintovirasto|\bavi\b|lupa- ja valvontavirasto|"
    r"pelastuslaito|hätäkeskus|verohallin|digi- ja väestötieto|\bdvv\b|maanmittauslaito|"
    r"metsähallitu|seurakun|(?:muu|toinen) viranomai|(?:muulle|toiselle) viranomai|"
    r"muun viranomai|toisen viranomai|ei kaupungin|other[ _]authority|external[ _]authority"
)


def unit_name(column: str) -> pl.Expr:
    """The name of a unit, blanks tidied; null for none and for what looks like a person.

    A person: two to four capitalised words or initials of which none is part of a unit's name
    ("Virtanen, Maija", "M. Virtanen"), an e-mail address, a telephone number. In doubt the name
    is dropped.
    """
    name = pl.col(column).str.replace_all(r"\s+", " ").str.strip_chars(" ")
    is_unit = name.str.contains(_UNIT) | name.str.contains(_FIRMS)
    is_person = name.str.contains(_ADDRESS_OR_NUMBER) | (name.str.contains(_PERSON) & ~is_unit)
    return pl.when((name != "") & ~is_person).then(name)


def handler_unit_name(column: str) -> pl.Expr:
    """The name in a field that is meant for persons: kept only when it is surely a unit's."""
    name = unit_name(column)
    is_unit = name.str.contains(_UNIT) | name.str.contains(_FIRMS)
    return pl.when(is_unit & ~name.str.contains(",", literal=True)).then(name)


def is_other_authority(column: str) -> pl.Expr:
    """Whether a text names an authority that is not the city; false for null."""
    return pl.col(column).str.contains(_OTHER_AUTHORITY).fill_null(value=False)
