"""Vehicle registration plates (rekisterinumero) in running text, cautiously.

Three letters and three digits are a plate as they stand; anything shorter, in small letters or
without the hyphen only near a word that speaks of a vehicle or its plate.
"""

import re
from collections.abc import Iterator

from transforms.privacy.spans import PersonalData, Span, in_any_case

_PLAIN = re.compile(r"(?<![\w-])([A-ZÅÄÖ]{3})[-\u2010\u2011\u2013]\d{3}(?![\w-])")
_LOOSE = re.compile(
    r"(?<![\w-])([A-Za-zÅÄÖåäö]{2,3})[ ]?[-\u2010\u2011\u2013 ]?[ ]?\d{1,3}(?![\w-]|[.,:]\d)"
)
_VEHICLE = re.compile(
    r"\brekister\w*|\brekkari\w*|\brek\.?(?:nro|no|tunnus)?[.:]|\bkilpi|\bkilvi|\brek\.? ",
    re.IGNORECASE,
)
_NEAR = 40
#: What a text with a plate holds, for Polars.
MAY_HOLD_PLATE = (
    r"[A-ZÅÄÖ]{3}[-\x{2010}\x{2011}\x{2013}]\d{3}|"
    + in_any_case(r"rekister|rekkari|rek\.?(?:nro|no|tunnus)?[.: ]|kilpi|kilvi")
    + r"(?s:.*)\d"
)
# Letters before digits that are standards, materials, roads and units rather than plates.
_NOT_PLATES = frozenset(
    "ABS BMX CAT CEN COV DIN DVD EKG EPS EUR FIN GPS HDD HPL HTC ISO KVL KVR LED LVI MAX MDF MIN"
    " MLL NRO PEH PEX PVC RAL SFS SJK SUP USB VSS YVA".split()
)
_NOT_LOOSE = re.compile(
    r"(?:klo|nro|noin|yli|alle|ja|tai|kpl|vt|kt|st|yt|mt|pv|kk|eur|on|oli|ei|se|jo|n|s|v|no|tie)$",
    re.IGNORECASE,
)


def find_plates(text: str) -> Iterator[Span]:
    """Plates such as ``ABC-123``; not house letters, bus lines, standards or ``COVID-19``."""
    for match in _PLAIN.finditer(text):
        if match.group(1) not in _NOT_PLATES:
            yield Span(match.start(), match.end(), PersonalData.PLATE)
    for context in _VEHICLE.finditer(text):
        for match in _LOOSE.finditer(text, context.start(), context.end() + _NEAR):
            if not _NOT_LOOSE.match(match.group(1)):
                yield Span(match.start(), match.end(), PersonalData.PLATE)
                break
