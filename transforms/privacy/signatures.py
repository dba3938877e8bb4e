"""Names where the layout or the wording says that a name stands: signatures and introductions.

Found are names below or behind a closing (*terveisin*), initials too, and behind *nimeni on* and
its kin, whether any list knows them or not. Names in running text belong to ``persons``.
"""

import re
from collections.abc import Iterator

from transforms.privacy.name_groups import groups
from transforms.privacy.name_words import CAPITAL, describe
from transforms.privacy.spans import PersonalData, Span, in_any_case

_UPPER, _LOWER = "A-ZÅÄÖÉÜŠŽČĐÓŁ", "a-zåäöéüšžčáíóñøæłńçşıãõëï"
_WORD = rf"[{_UPPER}][{_LOWER}]+(?:-[{_UPPER}][{_LOWER}]+)*"
_PARTICLE = r"(?:von|af|de|van|al|bin)[ ]"
_INITIAL = rf"[{_UPPER}]\.?(?![{_LOWER}{_UPPER}-])"
_LOUD_PAIR = re.compile(
    rf"(?<![\w\-–/.@])([{_UPPER}]{{3,}})[ ]([{_UPPER}]{{3,}}(?:-[{_UPPER}]+)?)(?!\w)"
)
_PLACE_WORD = re.compile(
    r"(?:kat[ua]|kadu|tie(?:$|n$|ll|lt)|pol[ku]u?|kuja|rait[ti]i?|puisto|auki[oa]|väylä|koulu"
    r"|kirk[ko]o?|kesku[sk]|halli|päiväko|marke[td]|kenttä|kentä|patsas|patsaa|museo|sä?ätiö"
    r"|yhdisty|konsertti|teatteri|kirjasto|sairaala|apteekki|kauppa|ravintola|kahvila)",
    re.IGNORECASE,
)
_CLOSINGS = (
    r"(?:terveisin|terveisiä|terveiset|terv|terkuin|terkut|terkkuja|terkkusin|tervehtien|"
    r"tervehdyksin|kunnioittavasti|kunnioittaen|ystävällisesti|yst\.?[ ]?terv|yst|yt|t|ts|"
    r"best regards|kind regards|regards|sincerely|yours truly|br|"
    r"(?:med )?vänliga? hälsning(?:ar)?|hälsningar|"
    r"hälsar|vänligen|mvh|toivoo|toivoi|allekirjoittanut|nimim|kh)"
)
_CLOSING = re.compile(
    r"(?:^|(?<=[\s.!?,;)]))(?:(?:ystävällisin|parhain|kiitollisin|lämpimin|hyvin|iloisin|rakkain|"
    rf"surullisin|kunnioittavin)[ ])?{_CLOSINGS}(?![\w-])"
    r"[ ]{0,3}[.,:;!-]{0,2}[ \t]*(?P<line>\n\s*)?",
    re.IGNORECASE,
)
_CLOSING_CLUES = (
    "terv", "terk", "kunnioitta", "ystäväl", "yst", "regards", "sincerely", "yours", "hälsning",
    "hälsar", "vänlig", "mvh", "toivoo", "toivoi", "allekirjoittanut", "nimim",
)  # fmt: skip
_SHORT_CLOSING = re.compile(r"(?<!\w)(?:[tT][sS]?|[yY][tT]|br|Br|BR|kh|Kh|KH)(?!\w)")
_AND = re.compile(r"[ ](?:ja|och|and|&|sekä)[ ]|,[ ]")
_CUES = (
    r"(?:nimeni on|(?:minun|mun|oma) nimi on|(?:hänen )?nimensä on|nimi:|etunimi:|sukunimi:|"
    r"nimeltään|(?:yhteyshenkilö|lähettäjä|ilmoittaja|ehdottaja|jättäjä|yhteystiedot|saaja|"
    r"allekirjoittaja|vuokralainen|potilas|asiakas|huoltaja|hakija|tekijä):|my name is|"
    r"jag heter|mitt namn är|namn:|name:|o\.s\.|os\.|född:?|née|"
    r"меня зовут|мо[её] имя|мене звати|мо[єе] ім['’]я|minu nimi on|mu nimi on|magacaygu waa|"
    r"magacaygu|tên tôi là|tôi tên là|navê min|benim adım|adım|me llamo|mi nombre es|"
    r"je m['’]appelle|ich heiße|mein name ist|nazywam się|mam na imię|mă numesc)[ \n]"
)
#: The same in Arabic and Persian, whose letters have no capitals: the two words behind it.
_INTRODUCED_IN_ARABIC = re.compile(
    r"(?:اسمي|إسمي|نام من|اسم من)[ ]"
    r"((?!و)[\u0600-\u06ff]+(?:[ ](?!و)[\u0600-\u06ff]{2,})?)"
)
_INTRODUCED = re.compile(rf"\b{_CUES}+", re.IGNORECASE)
_NAME_WORDS = re.compile(
    rf"(?:{_INITIAL}[ ]?)?{_WORD}"
    rf"(?:[ \u00a0](?:{_PARTICLE})?(?:{_WORD}|{_INITIAL})){{0,3}}(?![\w-])"
)
_ANY_WORD = re.compile(rf"[{_UPPER}{_LOWER}-]+")
_INITIALS = re.compile(
    rf"(?:[{_UPPER}{_LOWER}]\.? ?){{1,2}}[{_UPPER}{_LOWER}](?=[.!)]*[ \t]*(?:$|\n))"
)
#: Initials behind a stroke at the very end: how staff sign a note.
_STROKE = re.compile(
    rf"(?:^|(?<=[\s.!?]))[/\u2013-][ ]?([{_UPPER}]{{2,3}}|[{_UPPER}]\.[{_UPPER}]\.?)\s*$"
    rf"|(?:^|(?<=\s))/([{_LOWER}]{{2,3}})\s*$"
)
#: Initials as a sentence of their own at the very end: *Kirje lokerossa. MT*.
_LAST_INITIALS = re.compile(
    rf"(?<=[{_LOWER}0-9][.!?)])\s+(?:(?:kirjaamo|vaihde|info|neuvonta)?[ ]?/[ ]?)?"
    rf"([{_UPPER}][{_UPPER}{_LOWER}]?[{_UPPER}]|[{_UPPER}]{{1,2}}[{_LOWER}]"
    rf"|[{_UPPER}]\.[ ]?[{_UPPER}]\.)\s*$"
)
_NO_INITIALS = frozenset(
    "OK TV WC PS NB SOS EU IT HR KV LVI SM OY RY AB UK US ES SE FI EN SV YK EK TE VR HSL KY ATK"
    " PR ID CD DVD Ok No Oy Ry Ei Se Ja".split()
)
#: Initials with stops behind a word for a person: *asiakas (O.K.), pj H.R.*
_DOTTED = re.compile(
    rf"(?<!\w)(?:[Pp]j|[Ss]iht|[Aa]siakas|[Aa]siakkaan|[Pp]otilas|[Oo]ppilas|[Ss]oittaja|[Ii]lmoittaja)"
    rf"\.?[ ]\(?([{_UPPER}]\.[ ]?[{_UPPER}]\.)"
)
#: Initials behind a word for who wrote it down: *Kirjasi EK*.
_WROTE = re.compile(
    rf"(?:[Kk]irjasi|[Kk]irjannut|[Ll]aati|[Kk]äsitteli|[Mm]erkitsi|[Ii]lm\.?[ ]vastaanotti)[ ]"
    rf"([{_UPPER}]{{2,3}})(?![\w-])"
)
# Signatures that name a role, a body or a place and not a person.
_ROLE = re.compile(
    r"^(?:asuk|äi[tdp]|isä|iskä|mutsi|faija|mummo|mummi|mummu|vaari|pappa|ukki|kunta|nimim|veron"
    r"|naapur|huole|kiitol|eläke|lapsi|perhe|koira|pyörä|autoil|vanhem|opetta|oppila|seinäjo|nurmo"
    r"|ylistar|peräsein|törnäv|kaupun|käyttäjä|kävel|vihain|nainen|mies|tyttö|poika|nuor|lukio"
    r"|päiväko|koulu|yhdist|ry$|hallitu|seura|kirja|tekni|palvelu|asiakas|liiken|toimi|tiimi|yksi"
    r"|eräs|sama|entinen|uusi|the|a|an|your|en|ett|kiitos|hei|moi|terv|hyvä|vanhu|senior|työntek"
    r"|ohjaa|hoita|osasto|kasvat|sivisty|kuntal|puisto|kadun|tien|metsä|johtaja|päällik|sihteer"
    r"|insinö|suunnit)",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 3

#: What a text with a signature or an introduction holds, for Polars.
MAY_HOLD_SIGNATURE = (
    rf"(?:^|[\s\x1C-\x1F.!?,;)]){in_any_case(_CLOSINGS)}(?:[^\p{{L}}\p{{Nd}}_-]|$)"
    rf"|[/\x{{2013}}-] ?[{_UPPER}]\.?[{_UPPER}][{_UPPER}.]?\s*$|/[{_LOWER}]{{2,3}}\s*$"
    rf"|[a-z]\.? \(?[{_UPPER}]\. ?[{_UPPER}]\."
    rf"|[.!?)]\s+[^.!?]{{0,12}}[{_UPPER}][{_UPPER}{_LOWER}][{_UPPER}{_LOWER}]?\s*$"
    rf"|[.!?)]\s+[{_UPPER}]\. ?[{_UPPER}]\.\s*$"
    rf"|(?:irjasi|irjannut|aati|äsitteli|erkitsi|astaanotti) [{_UPPER}]{{2}}"
)
MAY_HOLD_INTRODUCTION = rf"{in_any_case(_CUES)}|اسمي|إسمي|نام من|اسم من"


def _span(start: int, end: int) -> Span:
    return Span(start, end, PersonalData.NAME)


def find_signatures(text: str) -> Iterator[Span]:
    """Names below or behind a closing, such as *terveisin*."""
    stroke = _STROKE.search(text)
    if stroke is not None:
        group = 1 if stroke.group(1) else 2
        yield _span(stroke.start(group), stroke.end(group))
    signed = _LAST_INITIALS.search(text)
    if signed is not None and stroke is None and signed.group(1) not in _NO_INITIALS:
        yield _span(signed.start(1), signed.end(1))
    for initials in (*_DOTTED.finditer(text), *_WROTE.finditer(text)):
        yield _span(initials.start(1), initials.end(1))
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
        yield from _small_name_at(text, position)
        return
    words = re.split(r"[ \u00a0]", match.group())
    words = words[: next((n for n, word in enumerate(words) if n and _is_cue(word)), len(words))]
    end = match.start() + len(" ".join(words))
    found = [describe(word) for word in words]
    rest = text[match.end() :].partition("\n")[0].strip(" .,!)")
    is_person = any(
        word.first and (word.first >= CAPITAL or not word.is_place) for word in found
    ) or (found[-1].last > 0 and not found[-1].is_place and not groups(words[-1]))
    if is_own_line and not is_person and not _AND.match(text, match.end()) and rest:
        return
    is_closed = not rest or rest.startswith(("ja ", "& "))
    is_unknown = len(words) == 1 and found[0].is_unknown and is_closed
    is_long = len(words) > 1 and not any(word.is_place for word in found)
    if (is_person and (len(words) > 1 or _is_own(text, match, found[0].first, rest))) or (
        (is_long or is_unknown) and not any(_is_office(word) for word in words)
    ):
        yield _span(match.start(), end)


def _is_cue(word: str) -> bool:
    """Whether a word speaks about names and is none: *Etunimi: Tarja Sukunimi: …*."""
    found = describe(word)
    return not (found.first or found.last) and bool(groups(word))


def _is_own(text: str, match: re.Match[str], level: int, rest: str) -> bool:
    """Whether one word signs: a sure name, or one with nothing but a stop or a name behind it."""
    del text
    return level >= CAPITAL or not rest or not rest[0].islower() or match.group()[-1] == "."


def _small_name_at(text: str, position: int) -> Iterator[Span]:
    loud = _LOUD_PAIR.match(text, position)
    if loud is not None and describe(loud.group(1)).first >= CAPITAL:
        yield _span(loud.start(), loud.end())
        return
    initials = _INITIALS.match(text, position)
    word = _ANY_WORD.match(text, position)
    if initials is not None and not _is_office(initials.group()):
        small = initials.group().lower()
        if not any(vowel in small[1:] for vowel in "aeiouyäö") or "." in small or " " in small:
            yield _span(initials.start(), initials.end())
            return
    if word is None or not word.group().islower():
        return
    found = describe(word.group())
    is_alone = not text[word.end() :].partition("\n")[0].strip(" .,!)")
    is_nickname = is_alone and found.is_unknown and not _is_office(word.group())
    if found.first >= CAPITAL or (found.first and is_alone) or is_nickname:
        end = word.end()
        after = re.compile(rf"[ ]([{_LOWER}-]+)").match(text, end)
        if after is not None and describe(after.group(1)).last >= CAPITAL:
            end = after.end()
        yield _span(position, end)


def _is_office(word: str) -> bool:
    return _ROLE.match(word) is not None or _PLACE_WORD.search(word) is not None


def _may_be_name(words: list[str]) -> bool:
    """Whether one of the words is a sure name or unknown, or two words fit the place of a name."""
    found = [describe(word) for word in words]
    if any(word.level >= CAPITAL or word.is_unknown for word in found):
        return True
    return bool(found[0].first and (len(found) == 1 or found[-1].last))


def find_introductions(text: str) -> Iterator[Span]:
    """Names behind *nimeni on*, *ilmoittaja:* and the like."""
    for found in _INTRODUCED_IN_ARABIC.finditer(text):
        yield _span(found.start(1), found.end(1))
    for cue in _INTRODUCED.finditer(text):
        match = _NAME_WORDS.match(text, cue.end())
        if match is not None and not _is_office(match.group()):
            words = re.split(r"[ \u00a0]", match.group())
            if not _may_be_name(words):
                continue
            n_name = next((n for n, word in enumerate(words) if _is_cue(word)), len(words))
            if n_name:
                yield _span(match.start(), match.start() + len(" ".join(words[:n_name])))
        elif match is None:
            yield from _small_name_at(text, cue.end())
