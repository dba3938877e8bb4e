"""Telephone numbers in running text, in every way Finns write them.

Candidates are found by shape; whether they are numbers is for ``phonenumbers`` to say. Dates,
clock times, years, prices, post codes and codes of cases have shapes of their own and are left.
"""

import re
from collections.abc import Iterator

from transforms.privacy.spans import PersonalData, Span, in_any_case

_BLANK = r"[ \t\u00a0\u202f]"
_GAP = rf"(?:{_BLANK}{{1,2}}\(?|{_BLANK}{{0,2}}[-\u2010-\u2013./()]{_BLANK}{{0,2}}\(?)"
_CANDIDATE = re.compile(
    rf"(?<!\d)(?:\+{_BLANK}?\(?|\((?=\+?\d)\+?)?\d++(?:{_GAP}\d++){{0,11}}", re.ASCII
)
_GROUP = re.compile(r"\d+")
#: Letters typed for digits: *o40 …, 6l2*.
_LETTER = re.compile(r"(?<![^\W_])[oO](?=[45][\doO])|(?<=\d)[oO](?=[\d ])|(?<=\d)[lI](?=\d)")
_SPELT = r"(?:nolla|yksi|kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän)"
#: A number in words: *nolla neljäkymmentä viisi …*.
_IN_WORDS = re.compile(rf"(?<!\w)nolla(?:[ ,-]+{_SPELT}(?:kymmentä)?){{5,12}}(?!\w)", re.IGNORECASE)
_LOCAL = re.compile(
    r"(?:\b(?:puh|puhelin\w*|puhnro|gsm|tel|telefon|p(?=[.:])|kännykkä\w*|phone|mobile)"
    r"|\bsoit\w+(?: (?:\w+ ){0,3}numero\w*| minulle| mulle)?)\b[.:]{0,2}[ ]?(?:on |nro )?[:.]?[ ]?"
    r"(\d(?:[ \u00a0-]?\d){5,11})(?!\d)",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"\b(?:p|puh|puhelin\w*|gsm|tel|nro|numero\w*|soit\w*|kännykkä\w*|phone|whatsapp)[.:]*[ ]*$",
    re.IGNORECASE,
)
_NOT_NUMBERS = re.compile(
    r"\d{1,2}[./ -]\d{1,2}[./ -](?:19|20)?\d{2}(?!\d)"  # a date
    r"|\d{1,2}[./-](?:19|20)\d{2}(?!\d)"  # a month
    r"|\d{2}[ ]?[-\u2013][ ]?\d{2}(?!\d)|\d{1,2}\.\d{2}(?!\d)"  # opening hours
    r"|\d{7}-\d$|0037\d{8,}$"  # a company's number, and the same in an invoice address
    r"|.*\.\d{2}(?!\d)|.*/.*\.|.*\..*/"  # a decimal, the number of a case
    r"|0[-. /](?!\d[ -])"  # no dialling code, unless every digit stands by itself
)
_MONEY = re.compile(r"[ \u00a0]?(?:€|eur|e\b|snt)", re.IGNORECASE)
_SHORTEST = 8  # digits of a national number with its leading zero, such as 06 414 222
_LONGEST = 15  # ITU-T E.164
_PREFIX = "358"
# Between digits of one number; zeros too, since one in brackets is not counted as a digit.
_BETWEEN = r"[ \t\x{00A0}\x{202F}()./0oOlI\x{2010}-\x{2013}-]*"
#: What a line with a number holds, for Polars: the digits that one of the kinds needs.
MAY_HOLD_PHONE = (
    rf"[0oO](?:{_BETWEEN}\d){{6}}|[nN]olla[ ,-]+{_SPELT}|\+[^\d\n]{{0,3}}\d(?:{_BETWEEN}\d){{7}}"
    rf"|3{_BETWEEN}5{_BETWEEN}8(?:{_BETWEEN}\d){{5}}"
    rf"|{in_any_case('puh|gsm|tel|kännykkä|phone|mobile|soit|p[.:]')}.*\d(?:[ \x{{00A0}}-]?\d){{5}}"
)


def find_phones(text: str) -> Iterator[Span]:
    """Finnish numbers with 0 or +358, foreign ones with + or 00, local ones after *puh* and kin."""
    for match in _IN_WORDS.finditer(text):
        yield Span(match.start(), match.end(), PersonalData.PHONE)
    text = _LETTER.sub(lambda letter: "0" if letter.group() in "oO" else "1", text)
    for match in _CANDIDATE.finditer(text):
        if _may_begin(text, match.start()):
            yield from _numbers_in(text, match)
    for match in _LOCAL.finditer(text):
        yield Span(match.start(1), match.end(1), PersonalData.PHONE)


def _may_begin(text: str, start: int) -> bool:
    """Whether a number may begin here: not inside a code, a decimal or a word."""
    before = text[max(0, start - 24) : start]
    if not before or not (before[-1].isalnum() or before[-1] in "-_/.,:#"):
        return True
    if _CALL.search(before):
        return True
    return before[-1] in ".,:/" and not (len(before) > 1 and before[-2].isalnum())


def _numbers_in(text: str, match: re.Match[str]) -> Iterator[Span]:
    """Numbers of one candidate, which may hold several in a row, parted at its groups."""
    groups = [(g.start(), g.end()) for g in _GROUP.finditer(text, match.start(), match.end())]
    first = 0
    while first < len(groups):
        found = next(
            (
                last
                for last in range(len(groups), first, -1)
                if _is_number(_written(text, match.start(), groups[first:last], first))
            ),
            None,
        )
        if found is None or _MONEY.match(text, groups[found - 1][1]):
            first += 1
            continue
        start = match.start() if first == 0 else groups[first][0]
        end = groups[found - 1][1]
        if text.startswith(")", end) and text.count("(", start, end) > text.count(")", start, end):
            end += 1
        yield Span(start, end, PersonalData.PHONE)
        first = found


def _written(text: str, start: int, groups: list[tuple[int, int]], first: int) -> str:
    begin = start if first == 0 else groups[0][0]
    if first > 0 and text[begin - 1] in "+(":
        begin -= 1
    return text[begin : groups[-1][1]]


def _is_number(written: str) -> bool:
    if _NOT_NUMBERS.match(written):
        return False
    digits = "".join(_GROUP.findall(written.replace("(0)", "")))
    is_foreign = written.lstrip("( ").startswith("+") or digits.startswith("00")
    is_national = digits.startswith("0") and not digits.startswith("00")
    is_bare = digits.startswith(_PREFIX)
    if not _SHORTEST <= len(digits) <= _LONGEST or not (is_foreign or is_national or is_bare):
        return False
    import phonenumbers

    dialled = f"+{digits.removeprefix('00')}" if is_foreign or is_bare else digits
    try:
        number = phonenumbers.parse(dialled, "FI")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)
