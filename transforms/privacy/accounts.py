"""Bank account numbers (IBAN, tilinumero) in running text, by their check digits (ISO 13616)."""

import re
from collections.abc import Iterator

from transforms.privacy.spans import PersonalData, Span

_FINNISH_SHAPE = r"[Ff][Ii][ \u00a0]?\d{2}(?:[ \u00a0-]{0,2}\d{1,4}){4,14}"
_FOREIGN_SHAPE = r"[A-Z]{2}\d{2}(?:[ \u00a0]?[0-9A-Z]{4}){2,7}(?:[ \u00a0]?[0-9A-Z]{1,4})?"
_SMALL_SHAPE = r"[a-z]{2}\d{2}(?:[ \u00a0]?[0-9a-z]{4}){2,7}(?:[ \u00a0]?[0-9a-z]{1,4})?"
_CANDIDATE = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_FINNISH_SHAPE}|{_FOREIGN_SHAPE}|{_SMALL_SHAPE})(?![0-9A-Za-z])"
)
#: What a text with a number holds, for Polars.
MAY_HOLD_ACCOUNT = r"[Ff][Ii][ \x{00A0}]?\d{2}|[A-Za-z]{2}\d{2}[ \x{00A0}]?[0-9A-Za-z]{4}"
_NOT_CODE = re.compile(r"[^0-9A-Za-z]")
_SHORTEST, _LONGEST, _FINNISH = 15, 34, 18
_LEAST_DIGITS = 11  # of a Norwegian account, the shortest


def find_accounts(text: str) -> Iterator[Span]:
    """IBANs with right check digits, blanks or not, and any in the Finnish shape.

    A slip of the pen does not make another thing of eighteen signs that begin with FI.
    """
    for match in _CANDIDATE.finditer(text):
        end = _checked_end(text, match)
        if end is None and _is_finnish_shape(match.group()):
            end = match.end()
        if end is not None:
            yield Span(match.start(), end, PersonalData.ACCOUNT)


def _checked_end(text: str, match: re.Match[str]) -> int | None:
    """End of the longest beginning of the candidate that checks: a word may follow the number."""
    ends = [place.start() for place in re.finditer(r"[ \u00a0-]|$", match.group())]
    for end in sorted(ends, reverse=True):
        code = _NOT_CODE.sub("", text[match.start() : match.start() + end]).upper()
        if _SHORTEST <= len(code) <= _LONGEST and _is_checked(code):
            return match.start() + end
    return None


def _is_checked(code: str) -> bool:
    if code.startswith("FI") and len(code) != _FINNISH:
        return False
    if sum(sign.isdigit() for sign in code) < _LEAST_DIGITS:
        return False
    return int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1


def _is_finnish_shape(written: str) -> bool:
    return re.fullmatch(r"FI\d{16}", _NOT_CODE.sub("", written).upper()) is not None
