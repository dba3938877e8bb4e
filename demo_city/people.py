"""Invented people: officers who sign replies, and the personal data that some residents write.

Every identifier is well formed (checksums hold, so that masking has real work) and cannot belong
to anyone: identity codes use the temporary range 900-999, phone numbers the series 555, bank
accounts a serial of zeros, domains the reserved names of RFC 2606.
"""

from collections.abc import Callable
from datetime import date

from demo_city.chance import Chance

FIRST_NAMES = (
    "Maija", "Tuula", "Sari", "Päivi", "Anneli", "Kaisa", "Johanna", "Minna", "Jaana", "Katri",
    "Jari", "Timo", "Petri", "Mika", "Juha", "Antti", "Marko", "Pekka", "Heikki", "Lasse",
    "Niina", "Eeva", "Oskari", "Ville", "Teemu", "Outi",
)  # fmt: skip
SURNAMES = (
    "Ala-Keksi", "Kuvitteinen", "Yli-Tarula", "Esimerkkilä", "Mallila", "Satumäki", "Keksilä",
    "Ojanperä", "Rintamäki", "Kangasluoma", "Hautaviita", "Peltokoski", "Luomanperä", "Viitaharju",
    "Latvakangas", "Niemenrinne", "Pihlajarinne", "Koskiluoma",
)  # fmt: skip
HETU_MARKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
HETU_SIGNS = {18: "+", 19: "-YXWVU", 20: "ABCDEF"}
PERSONAL_EDGES = (0.34, 0.55, 0.60, 0.67, 0.77, 1.0)  # in the order of _SENTENCES
ROLES = (
    "asiakaspalvelusihteeri", "kunnossapitoinsinööri", "palveluesimies", "suunnittelija",
    "palveluneuvoja", "rakennuttaja", "toimistosihteeri", "aluemestari", "palvelupäällikkö",
)  # fmt: skip


def full_name(chance: Chance) -> str:
    """First name and surname."""
    return f"{chance.pick(FIRST_NAMES)} {chance.pick(SURNAMES)}"


def phone(chance: Chance) -> str:
    """A mobile number of the invented series 555, in one of the ways people write it."""
    prefix = chance.pick(("040", "044", "050"))
    last = f"{chance.between(0, 9999):04d}"
    style = chance.below(4)
    if style == 0:
        return f"{prefix} 555 {last}"
    if style == 1:
        return f"{prefix}-555{last}"
    if style == 2:
        return f"+358 {prefix[1:]} 555 {last}"
    return f"{prefix}555{last}"


def email(name: str, *, domain: str = "example.com") -> str:
    """An address made of the name, without dots over letters."""
    folded = name.lower().translate(str.maketrans("äöå", "aoa")).replace("-", "")
    return f"{folded.replace(' ', '.')}@{domain}"


def identity_code(chance: Chance) -> str:
    """An identity code (henkilötunnus) with a right check mark, from the temporary range."""
    year = chance.between(1940, 2015)
    born = date(year, chance.between(1, 12), chance.between(1, 28))
    digits = f"{born.day:02d}{born.month:02d}{year % 100:02d}"
    serial = chance.between(900, 999)
    mark = HETU_MARKS[int(f"{digits}{serial:03d}") % 31]
    return f"{digits}{chance.pick(HETU_SIGNS[year // 100])}{serial:03d}{mark}"


def iban(chance: Chance) -> str:
    """A Finnish account number with right check digits and an obviously invented serial."""
    body = f"5790{chance.between(10, 99)}0000{chance.between(100, 999)}"
    body = f"{body}{_luhn(body)}"
    check = 98 - int(f"{body}151800") % 97
    text = f"FI{check:02d}{body}"
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def plate(chance: Chance) -> str:
    """A vehicle plate of the invented series TES and DEM."""
    return f"{chance.pick(('TES', 'DEM', 'KEX'))}-{chance.between(100, 999)}"


def signature(chance: Chance, unit: str) -> str:
    """How an officer signs a reply: name, role, unit, phone, e-mail."""
    name = full_name(chance)
    lines = [name, chance.pick(ROLES)]
    if chance.yes(0.7):
        lines.append(f"{unit}, Seinäjoen kaupunki")
    if chance.yes(0.75):
        lines.append(f"{chance.pick(('p.', 'puh.', 'puh'))} {phone(chance)}")
    if chance.yes(0.65):
        lines.append(email(name, domain="seinajoki.example"))
    return "\n".join(lines)


def personal_sentence(chance: Chance, *, with_plates: bool, claims: bool) -> tuple[str, str]:
    """A sentence in which a resident tells of himself, and the kind of datum that it holds.

    Plates come up where cars do (``with_plates``), accounts where money is claimed (``claims``).
    """
    kind = chance.weighted(tuple(_SENTENCES), PERSONAL_EDGES)
    if kind == "rekisterinumero" and not with_plates:
        kind = "nimi"
    if kind == "tilinumero" and not claims:
        kind = "puhelin"
    return _SENTENCES[kind](chance), kind


def _phone_sentence(chance: Chance) -> str:
    return chance.pick((
        f"Minut tavoittaa numerosta {phone(chance)}.",
        f"Soittakaa {phone(chance)}, kiitos.",
        f"Voitte soittaa iltapäivisin: {phone(chance)}.",
        f"puh. {phone(chance)} / {full_name(chance)}",
    ))  # fmt: skip


def _email_sentence(chance: Chance) -> str:
    address = email(full_name(chance))
    return chance.pick((
        f"Vastaus pyydetään osoitteeseen {address}.",
        f"Sähköpostini on {address}",
        f"Vastatkaa mieluiten sähköpostiin {address}, kiitos!",
    ))  # fmt: skip


def _identity_sentence(chance: Chance) -> str:
    code = identity_code(chance)
    return chance.pick((
        f"Henkilötunnukseni on {code}, jos tarvitsette sitä.",
        f"Terveisin {full_name(chance)}, {code}",
        f"Hetu {code}.",
    ))  # fmt: skip


def _iban_sentence(chance: Chance) -> str:
    return chance.pick((
        f"Korvauksen voi maksaa tilille {iban(chance)}.",
        f"Tilinumeroni on {iban(chance)}.",
    ))  # fmt: skip


def _plate_sentence(chance: Chance) -> str:
    return chance.pick((
        f"Paikalla seisoi auto {plate(chance)}.",
        f"Autoni rekisterinumero on {plate(chance)}.",
        f"Rekkari oli {plate(chance)}.",
    ))  # fmt: skip


def _name_sentence(chance: Chance) -> str:
    return chance.pick((
        f"Terveisin {full_name(chance)}",
        f"Puhuin tästä jo {full_name(chance)} -nimisen henkilön kanssa.",
        f"t. {full_name(chance)}",
    ))  # fmt: skip


def _luhn(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return -total % 10


_SENTENCES: dict[str, Callable[[Chance], str]] = {
    "puhelin": _phone_sentence,
    "sahkoposti": _email_sentence,
    "henkilotunnus": _identity_sentence,
    "tilinumero": _iban_sentence,
    "rekisterinumero": _plate_sentence,
    "nimi": _name_sentence,
}
