"""Persons' names in running text, at a first level: lists and wording, no model.

Found are a name in a signature, a name that is introduced as such, a name behind a title, and a
first name with a surname. A single first name inside a sentence is left: it needs the sentence.
The seam: another detector gives spans of the same kind beside these in ``transforms.privacy.mask``.
"""

import re
from collections.abc import Iterator
from functools import cache

from transforms.privacy.first_names import firm_names, inflected_names, known_names, plain_names
from transforms.privacy.spans import PersonalData, Span, in_any_case

_UPPER, _LOWER = "A-ZÅÄÖÉÜŠŽ", "a-zåäöéüšžáíóñøæ"
_WORD = rf"[{_UPPER}][{_LOWER}]+(?:-[{_UPPER}][{_LOWER}]+)*"
_PARTICLE = r"(?:von|af|de|van|al|bin)[ ]"
_INITIAL = rf"[{_UPPER}]\.?(?![{_LOWER}{_UPPER}-])"
_EDGE = r"(?<![\w\-–/.@])"

_RUN = re.compile(rf"{_EDGE}{_WORD}(?:[ \u00a0](?:{_PARTICLE})?(?:{_WORD}|{_INITIAL}))+")
#: Words of one person's name at most.
_MOST_NAMES = 6
_SMALL_PAIR = re.compile(rf"{_EDGE}([{_LOWER}]{{3,}})[ ]([{_LOWER}]{{2,}}nen)(?!\w)")
_LOUD_PAIR = re.compile(rf"{_EDGE}([{_UPPER}]{{3,}})[ ]([{_UPPER}]{{3,}}(?:-[{_UPPER}]+)?)(?!\w)")
_NEN_NAME = re.compile(r"\w(?:nen|sen|sta|selle|sella|selta|sessa|sesta|seen|stä|sellä|seltä)$")
_TITLES = (
    r"(?:päällikkö|insinööri|sihteeri|johtaja|suunnittelija|mestari|ohjaaja|opettaja|rehtori|hoitaja"
    r"|lääkäri|asiantuntija|tarkastaja|valvoja|koordinaattori|lakimies)[ ]"
)
_TITLE = re.compile(_TITLES + "(?=[A-ZÅÄÖ])", re.IGNORECASE)
_REVERSED = re.compile(rf"{_EDGE}([{_UPPER}][{_LOWER}]+),[ ]({_WORD})(?![\w-])")
_SURNAME = re.compile(
    r"(?:nen|(?<=.{2})s(?:en|ta|elle|ella|elta|essa|esta|een|ena|eksi)"
    r"|l[aä]|m[aä]ki|m[aä]e\w{0,3}|niem[ie]\w{0,3}|lahti|lahde\w{0,3}|salo|salon|(?:i|o)o|kangas"
    r"|kankaa\w{0,3}|koski|kosken|koskela|ranta|rannan|luoma|luoman|harju|harjun|maa|korpi|korven"
    r"|järvi|järven|aho|ahon|qvist|ström|berg|lund|man|sson|sen|gren|fors|nder)$"
)
# What follows a first name in names of streets, houses and institutions.
_PLACE_WORD = re.compile(
    r"(?:kat[ua]|kadu|tie(?:$|n$|ll|lt)|pol[ku]u?|kuja|rait[ti]i?|puisto|auki[oa]|väylä|koulu"
    r"|kirk[ko]o?|kesku[sk]|halli|päiväko|marke[td]|kenttä|kentä|patsas|patsaa|museo|sä?ätiö"
    r"|yhdisty|konsertti|teatteri|kirjasto|sairaala|apteekki|kauppa|ravintola|kahvila)",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"[ ](?:Oyj?|OYJ?|Ab|AB|Ky|KY|Ltd|ry|rf|&)(?![\w])")
_SURNAME_FIRST = re.compile(
    r"(?!(?:Toi|Jokai|Nai|Ensimmäi|Viimei|Jälkimmäi|Nykyi|Entise|Millai|Tällai|Sellai|Kaltai)nen$)"
    r"\w{2,}nen$"
)
_COMPANY_WORDS = frozenset({"Oy", "Oyj", "Ab", "Ky", "Tmi", "Ltd", "Ry", "Rf"})
_CITY_CASE = re.compile(
    r"^(?:Seinäjo|Törnäv|Nurmo|Ylistaro|Peräseinäjo|Hyllykalli|Pajuluoma|Jouppil|Lapu|Ilmajo|Kurik)"
    r"\w*(?:ll[aä]|lt[aä]|lle|ss[aä]|st[aä]|lla)$"
)
# Persons that places and prizes of the city are named after.
_PUBLIC_NAMES = frozenset({"Alvar Aalto", "Alvar Aallon", "Aino Aalto", "Aino Aallon"})

_CLOSINGS = (
    r"(?:terveisin|terveisiä|terv|terkuin|terkut|tervehtien|"
    r"tervehdyksin|kunnioittavasti|kunnioittaen|ystävällisesti|yst\.?[ ]?terv|yt|t|best regards|"
    r"kind regards|regards|sincerely|yours truly|br|(?:med )?vänliga? hälsning(?:ar)?|hälsningar|"
    r"hälsar|vänligen|mvh)"
)
_CLOSING = re.compile(
    r"(?:^|(?<=[\s.!?,;)]))(?:(?:ystävällisin|parhain|kiitollisin|lämpimin|hyvin|iloisin|rakkain|"
    rf"surullisin|kunnioittavin)[ ])?{_CLOSINGS}(?![\w-])"
    r"[ ]{0,3}[.,:;!-]{0,2}[ \t]*(?P<line>\n\s*)?",
    re.IGNORECASE,
)
_CLOSING_CLUES = (
    "terv", "terk", "kunnioitta", "ystäväl", "regards", "sincerely", "yours", "hälsning", "hälsar",
    "vänlig", "mvh",
)  # fmt: skip
_SHORT_CLOSING = re.compile(r"(?<!\w)(?:[tT]|[yY][tT]|br|Br|BR)(?!\w)")
_AND = re.compile(r"[ ](?:ja|och|and|&|sekä)[ ]|,[ ]")
_CUES = (
    r"(?:nimeni on|(?:minun|mun|oma) nimi on|nimi:|"
    r"(?:yhteyshenkilö|lähettäjä|ilmoittaja|ehdottaja|yhteystiedot):|my name is|"
    r"jag heter|mitt namn är)[ \n]"
)
_BEING = r"(?:olen|olemme|I am|I'm|jag är)[ ]"
_INTRODUCED = re.compile(rf"\b{_CUES}+", re.IGNORECASE)
_I_AM = re.compile(rf"\b{_BEING}", re.IGNORECASE)
_NAME_WORDS = re.compile(
    rf"{_WORD}(?:[ \u00a0](?:{_PARTICLE})?(?:{_WORD}|{_INITIAL})){{0,3}}(?![\w-])"
)
_ANY_WORD = re.compile(rf"[{_UPPER}{_LOWER}-]+(?:[ ][{_UPPER}{_LOWER}-]+)?")
# Signatures that name a role, a body or a place and not a person.
_ROLE = re.compile(
    r"^(?:asuk|äi[tdp]|isä|iskä|mutsi|faija|mummo|mummi|mummu|vaari|pappa|ukki|kunta|nimim|veron|naapur|huole|kiitol|eläke"
    r"|lapsi|perhe|koira|pyörä|autoil|vanhem|opetta|oppila|seinäjo|nurmo|ylistar|peräsein|törnäv"
    r"|kaupun|käyttäjä|kävel|vihain|nainen|mies|tyttö|poika|nuor|lukio|päiväko|koulu|yhdist|ry$"
    r"|hallitu|seura|kirja|tekni|palvelu|asiakas|liiken|toimi|tiimi|yksi|eräs|sama|entinen|uusi"
    r"|the|a|an|your|en|ett|kiitos|hei|moi|terv|hyvä|vanhu|senior|työntek|ohjaa|hoita|osasto"
    r"|kasvat|sivisty|kuntal|puisto|kadun|tien|metsä|johtaja|päällik|sihteer|insinö|suunnit)",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 3

#: What a text with a signature or an introduction, a line with an officer, holds, for Polars.
MAY_HOLD_SIGNATURE = rf"(?:^|[\s\x1C-\x1F.!?,;)]){in_any_case(_CLOSINGS)}(?:[^\p{{L}}\p{{Nd}}_-]|$)"
MAY_HOLD_INTRODUCTION = rf"{in_any_case(_CUES)}|{in_any_case(_BEING)}[{_UPPER}]"
MAY_HOLD_OFFICER = rf"{in_any_case(_TITLES)}[{_UPPER}]"


def may_hold_pair() -> str:
    """What a line with a first name and a surname holds, for Polars."""
    small = "|".join(sorted(name.lower() for name in _plain()))
    return (
        rf"[{_UPPER}][{_LOWER}]+[ \x{{00A0}}](?:{_PARTICLE})?[{_UPPER}]|[{_LOWER}], [{_UPPER}]"
        rf"|[{_UPPER}]{{3}} [{_UPPER}]{{3}}|(?:{small}) [{_LOWER}]{{2,}}nen"
    )


@cache
def _plain() -> frozenset[str]:
    return plain_names()


@cache
def _firm() -> frozenset[str]:
    return firm_names()


@cache
def _known() -> frozenset[str]:
    return known_names()


@cache
def _inflected() -> frozenset[str]:
    return inflected_names()


def _span(start: int, end: int) -> Span:
    return Span(start, end, PersonalData.NAME)


def find_signatures(text: str) -> Iterator[Span]:
    """Names below or behind a closing, such as *terveisin*."""
    if not _may_close(text):
        return
    for closing in _CLOSING.finditer(text):
        if closing.group("line") is None:
            found = next(_name_at(text, closing.end(), is_own_line=False), None)
        else:
            found = next(_name_below(text, closing.end()), None)
        while found is not None:
            yield found
            other = _AND.match(text, found.end)
            found = next(_name_at(text, other.end(), is_own_line=False), None) if other else None


def _may_close(text: str) -> bool:
    small = text.lower()
    return any(clue in small for clue in _CLOSING_CLUES) or _SHORT_CLOSING.search(text) is not None


def _name_below(text: str, position: int) -> Iterator[Span]:
    """The first of the lines below a closing that is a name; titles and offices may precede it."""
    for _ in range(_SIGNATURE_LINES):
        found = next(_name_at(text, position, is_own_line=True), None)
        if found is not None:
            yield found
            return
        line_end = text.find("\n", position)
        if line_end < 0:
            return
        position = line_end + 1
        while position < len(text) and text[position].isspace():
            position += 1


def _name_at(text: str, position: int, *, is_own_line: bool) -> Iterator[Span]:
    match = _NAME_WORDS.match(text, position)
    if match is None:
        loud = _LOUD_PAIR.match(text, position)
        if loud is not None and loud.group(1).capitalize() in _firm():
            yield _span(loud.start(), loud.end())
            return
        small = _ANY_WORD.match(text, position)
        first = small.group().partition(" ")[0] if small else ""
        if first.capitalize() in _plain() and first.islower():
            yield _span(position, position + len(first))
        return
    words = re.split(r"[ \u00a0]", match.group())
    first, last = words[0].split("-")[0], words[-1]
    is_person = first in _known() or words[0] in _inflected() or last in _known()
    if (
        is_own_line
        and not is_person
        and not _AND.match(text, match.end())
        and text[match.end() :].partition("\n")[0].strip(" .,")
    ):
        return
    if is_person or (len(words) > 1 and not any(_is_office(word) for word in words)):
        yield _span(match.start(), match.end())


def _is_office(word: str) -> bool:
    return _ROLE.match(word) is not None or _PLACE_WORD.search(word) is not None


def find_introductions(text: str) -> Iterator[Span]:
    """Names behind *nimeni on*, *ilmoittaja:* and the like; a first name behind *olen*."""
    for cue in _INTRODUCED.finditer(text):
        match = _NAME_WORDS.match(text, cue.end())
        if match is not None and not _is_office(match.group()):
            yield _span(match.start(), match.end())
        elif match is None:
            yield from _name_at(text, cue.end(), is_own_line=False)
    for cue in _I_AM.finditer(text):
        match = _NAME_WORDS.match(text, cue.end())
        if match is not None and match.group().partition(" ")[0] in _firm():
            yield _span(match.start(), match.end())


def find_officers(text: str) -> Iterator[Span]:
    """Names behind a title: two words of any kind, or one that only a surname can be."""
    for title in _TITLE.finditer(text):
        match = _NAME_WORDS.match(text, title.end())
        if match is None or any(_is_office(word) for word in match.group().split()):
            continue
        if " " in match.group() or _NEN_NAME.search(match.group()):
            yield _span(match.start(), match.end())


def find_pairs(text: str) -> Iterator[Span]:
    """First names with a surname, in either order, in capitals or in small letters."""
    for run in _RUN.finditer(text):
        yield from _pairs_in(text, run)
    for pair in _SMALL_PAIR.finditer(text):
        if pair.group(1).capitalize() in _plain():
            yield _span(pair.start(), pair.end())
    for pair in _LOUD_PAIR.finditer(text):
        first, last = pair.group(1).capitalize(), pair.group(2)
        if first in _firm() and _SURNAME.search(last.lower()):
            yield _span(pair.start(), pair.end())
    for pair in _REVERSED.finditer(text):
        if pair.group(2) in _firm() and _SURNAME.search(pair.group(1)):
            yield _span(pair.start(), pair.end())


def _pairs_in(text: str, run: re.Match[str]) -> Iterator[Span]:
    words = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^ \u00a0]+", run.group())]
    names = [word for _, _, word in words]
    place = 0
    while place < len(words) - 1:
        last = _last_of_name(names, place)
        if last is None or _is_public(text, run, words[place][0], words[last][1]):
            place += 1
            continue
        yield _span(run.start() + words[place][0], run.start() + words[last][1])
        place = last + 1


def _last_of_name(words: list[str], place: int) -> int | None:
    """Where the name that begins at ``place`` ends; null when no name begins there."""
    word = words[place]
    last = place + 1
    # Bounded, so that a long run of first names costs no more than its length.
    end = min(len(words) - 1, place + _MOST_NAMES)
    while last < end and (_is_first(words[last]) or _is_minor(words[last])):
        last += 1
    surname = words[last]
    if _is_surname_first(word, words[place + 1]):
        return place + 1
    if _is_minor(surname):
        return last if word in _firm() else None
    is_elsewhere = _PLACE_WORD.search(surname) or _CITY_CASE.match(surname)
    if is_elsewhere or surname in _COMPANY_WORDS:
        return None
    if word in _firm() or ("-" in word and word.split("-")[0] in _known()):
        return last
    is_surname = _SURNAME.search(surname) is not None
    return last if is_surname and (word in _known() or word in _inflected()) else None


def _is_first(word: str) -> bool:
    return word in _known()


def _is_minor(word: str) -> bool:
    return len(word.rstrip(".")) == 1 or word in ("von", "af", "de", "van", "al", "bin")


def _is_surname_first(word: str, after: str) -> bool:
    return _SURNAME_FIRST.match(word) is not None and after in _firm()


def _is_public(text: str, run: re.Match[str], start: int, end: int) -> bool:
    """Whether it is the name of a street, a company or a public figure of the city."""
    begin, after = run.start() + start, run.start() + end
    if text[begin:after] in _PUBLIC_NAMES or _COMPANY.match(text, after):
        return True
    next_word = re.compile(r"[ ]([^\W\d]+)").match(text, after)
    return next_word is not None and _PLACE_WORD.match(next_word.group(1)) is not None
