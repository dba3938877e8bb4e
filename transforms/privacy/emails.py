"""E-mail addresses in running text, also those written to hide from robots."""

import re
from collections.abc import Iterator

from transforms.privacy.spans import PersonalData, Span, in_any_case

_LOCAL = r"[\w.+%'-]{1,64}"
_ENDING = r"(?:fi|com|net|org|se|ee|eu|info|io|de|no|dk|me|uk|online|email|example)"
_DOT = r"(?:[ ]?[(\[{<](?:dot|piste|\.)[)\]}>][ ]?|[ ](?:dot|piste|\.)[ ]|\.)"
_DOMAIN = rf"[\w-]+(?:{_DOT}[\w-]+)*{_DOT}{_ENDING}"
_PLAIN = re.compile(rf"(?<![\w.+-]){_LOCAL}@[\w-]+(?:\.[\w-]+)+")
_SPACED = re.compile(rf"(?<![\w.+-]){_LOCAL}[ ]?@[ ]?{_DOMAIN}\b", re.IGNORECASE)
_HIDDEN = re.compile(
    rf"(?<![\w.+-]){_LOCAL}[ ]?"
    rf"(?:[(\[{{<](?:at|ät|a|miumau|miuku|ätmerkki)[)\]}}>]|_at_)[ ]?{_DOMAIN}\b",
    re.IGNORECASE,
)
# A bare word between needs an address-like beginning: "katso at seinajoki.fi" is none.
_WORDED = re.compile(
    rf"(?<![\w.+-])\w+[._\d]{_LOCAL}[ ](?:at|ät|miumau|miuku|ätmerkki)[ ]{_DOMAIN}\b", re.IGNORECASE
)

_SPELT = re.compile(
    rf"(?<![\w.+-]){_LOCAL}[ ](?:at|ät|miumau|miuku|ätmerkki)[ ]"
    rf"[\w-]+[ ](?:piste|dot)[ ]{_ENDING}\b",
    re.IGNORECASE,
)

_UNMISTAKABLE = re.compile(
    rf"(?<![\w.+-]){_LOCAL}[ ](?:ät|miumau|miuku|ätmerkki)[ ]{_DOMAIN}\b", re.IGNORECASE
)
_BRACKETED_SIGN = r"[(\[{<](?:at|ät|a|miumau|miuku|ätmerkki)[)\]}>]|_at_"
_WORDED_SIGN = r" (?:at|ät|miumau|miuku|ätmerkki) "
_BRACKETED = re.compile(_BRACKETED_SIGN, re.IGNORECASE)
_WORD_FOR_SIGN = re.compile(_WORDED_SIGN, re.IGNORECASE)
#: What a line with an address holds, for Polars.
MAY_HOLD_EMAIL = f"@|{in_any_case(_BRACKETED_SIGN)}|{in_any_case(_WORDED_SIGN)}"


def find_emails(text: str) -> Iterator[Span]:
    """Addresses, plain or with ``(at)``, ``[at]``, *miumau* for the sign and *piste* for dots."""
    for pattern in _patterns_for(text):
        for match in pattern.finditer(text):
            end = match.start() + len(match.group().rstrip(".-'"))
            yield Span(match.start(), end, PersonalData.EMAIL)


def _patterns_for(text: str) -> Iterator[re.Pattern[str]]:
    if "@" in text:
        yield from (_PLAIN, _SPACED)
    if _BRACKETED.search(text):
        yield _HIDDEN
    if _WORD_FOR_SIGN.search(text):
        yield from (_WORDED, _SPELT, _UNMISTAKABLE)
