"""Home addresses (kotiosoite) in running text, and not streets as the place of a fault.

A street with a number is an address. It is somebody's home when a flat or stair with a flat is
named, when words of living stand about it (*asun*, *kotiosoitteeni*, *meillä*), or when it stands
beside a postcode or a person's contact details. *Koulukatu 5:n kohdalla on monttu* is a place.
"""

import re
from collections.abc import Iterator

from transforms.privacy.name_words import LETTERS
from transforms.privacy.spans import PersonalData, Span

_UPPER = "A-ZÅÄÖÉÜŠŽ"
_OWN_WORD = r"(?:kat[uv]|kadu|tie|polku|polu|kuja|raitti|raiti|väylä|puistikko|aukio|tori|väg|gata)"
_STREETS = (
    r"(?:kat[uv]|kadu|tie|tiä|polku|polu|kuja|raitti|raiti|väylä|ranta|ranna|rinne|rinte|kaari|kaare"
    r"|kulma|penger|penkere|linja|puistikko|puistiko|aukio|tanhua|mäki|mäe|törmä|töyry|harju|piha"
    r"|portti|laita|reuna|syrjä|perä|niitty|pelto|tori|laakso|haka|metsä|luoma|lampi|kallio|kangas"
    r"|vägen|gatan|gränd|stigen|backen|street|road)"
)
#: One word, or words with a capital before *katu* and its kin: *Alvar Aallon katu*.
_STREET = (
    rf"(?:(?:[{_UPPER}][{LETTERS}-]+[ ]){{1,2}}{_OWN_WORD}|[{LETTERS}-]{{2,}}{_STREETS})"
    r"(?:n|lla|llä|ssa)?"
)
_NUMBER_WORD = r"(?:[nN]:?o\.?[ ]|[nN]ro\.?[ ]|[nN]umero[ ])"
#: House number, then stair and flat in every order that Finns write: 5 B 12, 5 as 3, 5b12.
_FLAT = r"(?:as(?:unto)?\.?|lgh|apt\.?|bst\.?|bost\.?|h(?:uoneisto)?\.?)[ ]?\d{1,3}"
_NUMBER = r"\d{1,3}(?:[ ]?[-\u2013/][ ]?\d{1,3})?"
_STAIR = r"[A-HJ-NP-Za-hj-np-z]"
_TAIL = (
    rf"(?P<number>{_NUMBER})"
    rf"(?P<flat>[ ]?(?:(?:rappu|porras)[ ])?{_STAIR}[ ]?\.?{_FLAT}"
    rf"|[ ]?{_STAIR}[ ]?\d{{1,3}}|[ ,]{{1,2}}{_FLAT})?"
    rf"(?P<stair>(?:[ ]?{_STAIR}(?![{LETTERS}]))?)"
    rf"(?![{LETTERS}0-9]|[.,]\d)"
)
_TOWN = rf"(?P<town>,?[ \n]{{1,2}}(?:FI-)?\d{{5}}(?:[ ][{_UPPER}][{LETTERS}]+)?)?"
_ADDRESS = re.compile(rf"(?<![{LETTERS}-])(?P<street>{_STREET})[ ]{_NUMBER_WORD}?{_TAIL}{_TOWN}")
#: After a word of living any capitalised name with a number is a street: *asun Kivistönmäki 3*.
_ANY = re.compile(
    rf"(?P<street>[{_UPPER}][{LETTERS}-]{{3,}}(?:[ ][{LETTERS}-]{{3,}})?)[ ]{_TAIL}{_TOWN}"
)
_LIVING = (
    r"(?:asun(?:nossa|tomme|toni|toon|to)?|asumme|asuu|asuvat|asuin|asuimme|asuva\w*|asunut|asuneet"
    r"|asuttiin|asutaan|asukka\w*|(?:koti|posti|oma|meidän|mun|minun)[ ]?osoit\w+|osoitteeni"
    r"|osoitteemme|osoitteensa|osoite(?=[ ]?[:=]|[ ]on|[ ])|kotini|kotimme|koti|kotona|kotiin|kotia"
    r"|meillä|meiltä|meille|luonani|luonamme|talomme|taloni|muutin|muutimme|muuttanut|postittakaa"
    r"|lähettäkää|toimittakaa|vuokra-?asun\w*|vuokralai\w*|ovelle|ovellemme|rapussa"
    r"|bor(?:[ ]på|[ ]vid)?"
    r"|hemadress\w*|adress|live[sd]?|living|address|home)"
)
_CUE = re.compile(rf"(?<![{LETTERS}]){_LIVING}(?![{LETTERS}])", re.I)
_CUE_NEAR = re.compile(
    rf"(?<![{LETTERS}]){_LIVING}(?:[ ,:]+(?:on|ihan|siis|nyt|osoitteessa|osoitteeseen|at|in|på|is"
    rf"|täällä|rivitalossa|kerrostalossa|talossa|omakotitalossa|:))*[ ,:]*$",
    re.I,
)
#: What follows an address that is the place of something in the street.
_PLACE = re.compile(
    r"(?::?[nN])?[ ]?(?:kohdal|edes|edust|välil|välissä|väliin|risteyk|risteys|vieres|viereis"
    r"|kulmal|kulmas|liittymä|pysäk|suojatie|jalkakäytäv|tienoil|nurkal|takan|läheis|vastapäät|alkaen"
    r"|ja[ ]\d)",
    re.I,
)
_CONTACT = re.compile(
    r"(?:(?:\+358|\b0[45]\d)[\d\s-]{5,}|[\w.]+@[\w.]+|\bpuh\b|\bhetu\b|\bp\.|nimi[: ])[^\n]{0,20}$",
    re.I,
)
#: A place in its own case with a number behind it, or a number of years.
_NOT_STREET = re.compile(
    rf"[{LETTERS}-]+(?:ss[aä]|ll[aä]|st[aä])?[ ]\d+[ ]?"
    r"(?:v\b|vuo|kk\b|h\b|asu|lasta|kertaa|€|e\b|metr|km)"
    rf"|[{LETTERS}-]+(?:ssa|ssä|lla|llä|sta|stä|lta|ltä|lle|an|en|in)[ ]\d"
)
_CONTACT_BEHIND = re.compile(
    r"[ ,;/\n]{1,3}(?:p(?:uh)?\.? ?|gsm ?)?(?:\+358|0\d[\d-]|[\w.]+@)", re.I
)
_FULL_NAME = re.compile(rf"[{_UPPER}][{LETTERS}-]+[ ][{_UPPER}][{LETTERS}-]+[,\n][ ]?$")
_LIVING_BEHIND = re.compile(
    r"(?::?\w{1,4})?,? (?:asuva|asuu|asun\b|asumme|on kotini|on osoit)", re.I
)
#: A house that is nobody's home, and what makes an address a home's all the same.
_PUBLIC = re.compile(
    r"(?:kirjasto|koulu|päiväko|kaupungintalo|virasto|toimisto|sairaala|terveysasema|terveyskesku"
    r"|halli|kauppa|kaupan|museo|teatteri|asema|kirkko|kirkon|seurakun|hotelli|ravintola|kahvila"
    r"|yritys|yrityks|liike|liikke|myymälä|\bOy\b|\bry\b|pysäk|toimipiste|toimipaik|y-tunnus)",
    re.I,
)
_CUE_OF_ONE = re.compile(r"\b(?:asun|asumme|asuu|koti\w*|meillä|muutin)\b", re.I)
_SENTENCE = re.compile(r"[.!?][ \n]|\n\n")
_NEAR = 45
_LONGEST = 40
_POST_BOX = re.compile(
    rf"(?<![{LETTERS}])PL[ ]\d{{1,5}}(?:,?[ ]\d{{5}}(?:[ ][{_UPPER}][{LETTERS}]+)?)?"
)
#: What a text with an address holds, for Polars.
MAY_HOLD_ADDRESS = (
    rf"(?:{_STREETS}|{_OWN_WORD})(?:n|ll[aä]|ssa)?[ ]{_NUMBER_WORD}?\d"
    rf"|[{_UPPER}][{LETTERS}-]{{3,}}(?:[ ][{LETTERS}-]{{3,}})?[ ]\d|PL[ ]\d"
)


def find_addresses(text: str) -> Iterator[Span]:
    """Street, number, stair, flat, and postcode with town where attached, of somebody's home."""
    free = 0
    for match in _ADDRESS.finditer(text):
        if _is_home(text, match):
            yield Span(match.start(), match.end(), PersonalData.ADDRESS)
        free = match.end()
    for cue in _CUE.finditer(text):
        for pattern in (_ANY, _POST_BOX):
            found = pattern.search(text, cue.end(), cue.end() + _NEAR + _LONGEST)
            if found is not None and found.start() >= free and _is_meant(text, cue, found):
                yield Span(found.start(), found.end(), PersonalData.ADDRESS)
                free = found.end()


def _is_meant(text: str, cue: re.Match[str], found: re.Match[str]) -> bool:
    """Whether a word of living leads right up to a street that does not end like one."""
    if _NOT_STREET.match(text, found.start()):
        return False
    return _CUE_NEAR.search(text, cue.start(), found.start()) is not None


def _is_home(text: str, match: re.Match[str]) -> bool:
    if match.group("flat"):
        return True
    if _PLACE.match(text, match.end()):
        return False
    begin = max((m.end() for m in _SENTENCE.finditer(text, 0, match.start())), default=0)
    before = text[max(begin, match.start() - _NEAR) : match.start()]
    if _PUBLIC.search(before):
        return _CUE_OF_ONE.search(before) is not None
    has_town = len(match.group("town") or "") > len(", 60100 ")
    beside = (_CUE.search(before), _FULL_NAME.search(before), _CONTACT.search(before))
    behind = (_CONTACT_BEHIND.match(text, match.end()), _LIVING_BEHIND.match(text, match.end()))
    return has_town or any(beside) or any(behind)
