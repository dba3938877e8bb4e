"""Personal identity codes (henkilötunnus) in running text, by their check character.

Reference: Digital and Population Data Services Agency, "The personal identity code": the number of
birth date and individual number modulo 31; intermediate characters + (1800s), - Y X W V U (1900s)
and A B C D E F (2000s), the letters besides A since 2023.
"""

import re
from collections.abc import Iterator

from transforms.privacy.spans import PersonalData, Span

_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_DASHES = "\\-\u2010\u2011\u2012\u2013\u2212"
_DATE = r"(\d{2})[. ]?(\d{2})[. ]?(\d{2})"
_CODE = re.compile(
    rf"(?<![^\W_]){_DATE}[ ]?([+{_DASHES}A-FU-Y ])[ ]?(\d{{3}})[ ]?([0-9A-Y])(?![^\W_])",
    re.IGNORECASE,
)
_SHAPE = re.compile(rf"{_DATE}.{{0,3}}?\d{{3}}")
_BARE_CODE = re.compile(
    r"(?<![0-9A-Za-z])(\d{2})(\d{2})(\d{2})()[ ]?(\d{3})([0-9A-Y])(?![0-9A-Za-z])", re.I
)
#: What a text with a code holds, for Polars.
MAY_HOLD_CODE = r"\d{2}[. ]?\d{2}[. ]?\d{2}.{0,3}\d{3}"
_CONTEXT = re.compile(
    r"\bhetu|henkilötunnu|henkilötunnuk|sotu\b|sotun\b|sosiaaliturvatunnu|personbeteckning"
    r"|personnummer|identity (?:code|number)",
    re.IGNORECASE,
)
#: Words of other numbers of the same shape.
_OTHER_NUMBER = re.compile(
    r"(?:sarja|tuote|tilaus|lasku|viite|asia|diaari|kiinteistö|lupa|malli|laite|y-tunnu|asiakas"
    r"|hanke|tunniste|dnro|koodi|order|serial)[^.!?\n]{0,30}$",
    re.IGNORECASE,
)
_NEAR = 60
_LAST_DAY, _LAST_MONTH = 31, 12


def find_identity_codes(text: str) -> Iterator[Span]:
    """Codes with the right check character, and those with a slip of the pen.

    With a wrong check character a code of the usual shape is one unless a word before it speaks
    of another number (recall before precision); an unusual shape needs *henkilötunnus* near it.
    """
    if _SHAPE.search(text) is None:
        return
    for match in _CODE.finditer(text):
        if _is_birth_date(match) and (_is_checked(match) or _is_meant(text, match)):
            yield Span(match.start(), match.end(), PersonalData.IDENTITY_CODE)
    if _CONTEXT.search(text):
        for match in _BARE_CODE.finditer(text):
            if _is_birth_date(match) and _has_context(text, match):
                yield Span(match.start(), match.end(), PersonalData.IDENTITY_CODE)


def _is_checked(match: re.Match[str]) -> bool:
    day, month, year, _, individual, check = match.groups()
    return _CHECK[int(day + month + year + individual) % len(_CHECK)] == check.upper()


def _is_birth_date(match: re.Match[str]) -> bool:
    return 1 <= int(match.group(1)) <= _LAST_DAY and 1 <= int(match.group(2)) <= _LAST_MONTH


def _is_meant(text: str, match: re.Match[str]) -> bool:
    if _has_context(text, match):
        return True
    if match.group(4) == " " or match.group(6).upper() not in _CHECK:
        return False
    is_usual = re.match(r"\d{6}", match.group()) is not None
    return (
        is_usual
        and _OTHER_NUMBER.search(text, max(0, match.start() - _NEAR), match.start()) is None
    )


def _has_context(text: str, match: re.Match[str]) -> bool:
    around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    return _CONTEXT.search(around) is not None
