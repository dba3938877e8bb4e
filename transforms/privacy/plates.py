"""Vehicle registration plates (rekisterinumero) in running text, cautiously.

Three letters and three digits are a plate as they stand, unless a word before them speaks of a
product or a line. Anything shorter, turned about (tractors, mopeds) or in small letters is one only
near a word that speaks of a vehicle, a single letter only near one that speaks of its plate.
"""

import re
from collections.abc import Iterator

from transforms.privacy.name_words import is_ordinary
from transforms.privacy.spans import PersonalData, Span, in_any_case

_DASH = "[-\u2010\u2011\u2013]"
_PLAIN = re.compile(
    rf"(?<![\w-])(?:([A-ZÅÄÖ]{{3}}){_DASH}\d{{3}}|(C[CD]){_DASH}\d{{3,5}})(?![\w-])"
)
_LETTERS = "A-Za-zÅÄÖåäö"
_LOOSE = re.compile(
    rf"(?<![\w/-])(?:([{_LETTERS}]{{2,3}})[ ]?{_DASH}?[ ]?\d{{1,3}}"
    rf"|\d{{1,3}}{_DASH}([{_LETTERS}]{{2,3}}))"
    r"(?![\w-]|[.,:]\d|[ ]?(?:€|e\b|eur|km|min|h\b|m\b|v\b|kpl|asti|vuot|kertaa))"
)
_SHORT = re.compile(rf"(?<![\w/-])([A-ZÅÄÖ]{{1,3}}){_DASH}\d{{1,3}}(?![\w-]|[.,:]\d)")
_PLATE_WORDS = (
    r"rekister|rekkari|rekkar|reknro|rek\.?(?:nro|no|tunnus)?[.: ]|kilpi|kilvi|plate|regist"
)
_VEHICLE_WORDS = (
    r"auto|mopo|moottoripyör|prätkä|skootter|paku|rekka|traktor|perävaunu|peräkärry|mönkijä|vaunu"
    r"|mersu|mersed|merced|volvo|toyota|bemari|bmw|audi|skoda|škoda|ford|opel|nissan|mazda|kia|tesla"
    r"|volkkari|volkswagen|passat|golf|corolla|kuski|ajoneuvo|parkkeera|pysäköi"
    r"|bil(?:en|ar)?[ ,]|car[ ,]|van[ ,]"
)
_PLATE_WORD = re.compile(rf"(?<!\w)(?:{_PLATE_WORDS})\w*", re.IGNORECASE)
_VEHICLE = re.compile(rf"(?:{_PLATE_WORDS}|{_VEHICLE_WORDS})\w*", re.IGNORECASE)
_NEAR = 45
_FULL = 3  # letters of a whole plate
#: What a text with a plate holds, for Polars.
MAY_HOLD_PLATE = (
    rf"(?:[A-ZÅÄÖ]{{3}}|C[CD])[-\x{{2010}}\x{{2011}}\x{{2013}}]\d{{3}}"
    rf"|{in_any_case(_PLATE_WORDS + '|' + _VEHICLE_WORDS)}(?s:.*)\d"
    rf"|\d(?s:.*){in_any_case(_PLATE_WORDS + '|' + _VEHICLE_WORDS)}"
)
# Letters before digits that are standards, materials, roads and units rather than plates.
_NOT_PLATES = frozenset(
    [
        "ABS",
        "BMX",
        "CAT",
        "CEN",
        "COV",
        "DIN",
        "DVD",
        "EKG",
        "EPS",
        "EUR",
        "FIN",
        "GPS",
        "HDD",
        "HPL",
        "HTC",
        "ISO",
        "KVL",
        "KVR",
        "LED",
        "LVI",
        "MAX",
        "MDF",
        "MIN",
        "MLL",
        "NRO",
        "PEH",
        "PEX",
        "PVC",
        "RAL",
        "SFS",
        "SJK",
        "SUP",
        "USB",
        "VSS",
        "YVA",
        "BMW",
        "KLO",
        "UHD",
        "CD",
        "EU",
        "VT",
        "KT",
        "ST",
        "MT",
        "SK",
        "PL",
    ]
)
_NOT_LOOSE = re.compile(
    r"(?:klo|nro|noin|yli|alle|ja|tai|kpl|vt|kt|st|yt|mt|pv|kk|eur|on|oli|ei|se|jo|n|s|v|no|tie|as"
    r"|kun|ku|eli|sit|joo|vai|kello|per|max|min|sai|ajo|ap|ip|ma|ti|ke|to|pe|la|su|nyt|vm|vsm|bmw"
    r"|kia|nyt|aja|kmh|vuo|no|och|med|the|was|for|and|den|det|at|in|on|of|by|lk|kl|pl)$",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    r"(?:tuote|mallin?|mallia|tyyppi\w*|osan?|koodi\w*|laite|laitteen|numero|sarjanumero|standardi\w*"
    r"|lomake\w*|huone\w*|luokka|luokan|linjan?|linjalla|bussi\w*|vuoro\w*|reitti\w*|hanke\w*|versio\w*"
    r"|kurssi\w*|tilaus\w*|vene|pumpp\w*|lamppu\w*|pylväs|pylvään|laskun?|viite|kirja\w*)[ :]{1,2}"
    r"(?:on |nro |: ?)?$",
    re.IGNORECASE,
)


def find_plates(text: str) -> Iterator[Span]:
    """Plates such as ``ABC-123``; not house letters, bus lines, standards or ``COVID-19``."""
    for match in _PLAIN.finditer(text):
        letters = match.group(1) or match.group(2)
        if match.group(2) or (letters not in _NOT_PLATES and not _is_product(text, match.start())):
            yield Span(match.start(), match.end(), PersonalData.PLATE)
    loose = [match for match in _LOOSE.finditer(text) if not _NOT_LOOSE.match(_letters(match))]
    vehicles = list(_VEHICLE.finditer(text)) if loose else []
    for match in loose:
        near = (w for w in vehicles if -_NEAR <= match.start() - w.end() <= _NEAR)
        if any(_is_plate(text, match, word) for word in near):
            yield Span(match.start(), match.end(), PersonalData.PLATE)
    if _SHORT.search(text) is None:
        return
    for word in _PLATE_WORD.finditer(text):
        for match in _SHORT.finditer(text, word.start(), word.end() + _NEAR):
            if match.group(1) not in _NOT_PLATES:
                yield Span(match.start(), match.end(), PersonalData.PLATE)


def _letters(match: re.Match[str]) -> str:
    return match.group(1) or match.group(2)


def _is_plate(text: str, match: re.Match[str], word: re.Match[str]) -> bool:
    letters = _letters(match)
    if letters.upper() in _NOT_PLATES or _is_product(text, match.start()):
        return False
    if word.start() <= match.start() < word.end():
        return False
    has_dash = re.search(_DASH, match.group()) is not None
    if letters.isupper():
        return (
            len(letters) == _FULL or has_dash or _PLATE_WORD.match(text, word.start()) is not None
        )
    is_behind = match.start() >= word.end()
    if _PLATE_WORD.match(text, word.start()):
        return is_behind and not is_ordinary(letters)
    return is_behind and len(letters) == _FULL and not is_ordinary(letters)


def _is_product(text: str, start: int) -> bool:
    return _PRODUCT.search(text, max(0, start - 24), start) is not None
