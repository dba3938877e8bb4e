"""What speaks for and against a run of words being a person's name, as names of features.

Belongs here: the look at a candidate's words, case, neighbours and line. What each feature weighs
stands in ``data_contracts/names/name_weights.csv``. Method: ``docs/methods/masking.md``.
"""

import re
from collections.abc import Iterator

from transforms.privacy.name_candidates import LOCAL_CASE, Candidate, is_initial
from transforms.privacy.name_groups import groups
from transforms.privacy.name_scene import scene_features
from transforms.privacy.name_tokens import Token, Tokens
from transforms.privacy.name_words import CAPITAL, FIRM, is_bare, is_figure, person_of_verb

_SENTENCE_END = re.compile(r"[.!?\n\u2022:;/)\"”]|[-–*] $")
_AGE = re.compile(
    r"(?:\son|\stäytti|\stäyttää)?\s*[,(]?\s*\(?\d{1,2}\s?(?:v\b|vee\b|-v|vuot|kk\b|\))"
)
_CONTACT = re.compile(r"[\s,:/(-]{1,4}(?:p(?:uh)?\.?:? ?|gsm:? ?)?(?:\+358|0\d|[\w.]+@)")
#: Where places stand and persons hardly ever: *Koskelassa*, *Pihlajamäkeen*.
_INNER_CASE = re.compile(
    r"(?:ss[aä]|aan|oon|een|iin|uun|ään|öön|[lm][aä]st[aä]|mäestä|niemestä|ksi|ltani|stani)$"
)
_OUTER_CASE = re.compile(r"l(?:le|la|lä|ta|tä)$")
#: Surnames that are farms' names too: *Kujala, Viitala*.
_FARM = re.compile(r"l[aä](?:n|ll[aä]|lt[aä]|lle)?$")
_ABBREVIATION = 5  # letters of a word in capitals that may stand for a longer name
_NEAR = 3  # signs between a word and the one before that speaks of it
_FURTHER = frozenset({"title", "thanks", "name_cue", "closing", "call", "kin"})
#: Words before which a genitive is as often a person's as a place's: *Koskelan mielestä*.
_BEHIND_GENITIVE = frozenset({"belonging", "beside_person", "kin", "person_suffix", "family"})
_VERBS = frozenset({"person_verb", "plain_verb"})
#: Places that bear persons' names.
_MEMORIAL = re.compile(
    r"(?:kat[ua]|kadu|tie$|tie[nlst]|polku|polu|kuja|rait|puisto|aukio|väylä|patsa|museo|talo"
    r"|huvila|koulu|silta|silla|kenttä|kentä|lava|gata|väg|park|skol|street|road|säätiö|akatemia"
    r"|kirkko|kirko|kappeli|alue|kortteli|kylä|lenkki|lenki|ranta|ranna|gatan)"
)
_NOT_FROM = frozenset(
    {"left|closing", "left|kin", "left|named", "left|person_lemma", "left|belonging"}
)
_BEHIND_COMMA = frozenset({"person_verb", "plain_verb", "title", "kin", "named"})
#: A name as the first part of a compound: *Satu ja Simo -nukketeatteri*.
_TITLE_OF_WORK = re.compile(r"(?: ja [A-ZÅÄÖ][a-zåäö]+)? -[a-zåäö]")
_FROM = re.compile(r"\w{3,}(?:lt[aä]|st[aä])$")
_LAST_LINE = re.compile(r"[\s.!,)<>:3(-]*$")


def features_of(text: str, tokens: Tokens, found: Candidate) -> list[str]:
    """What speaks for and against a candidate, as names of features; each counts once."""
    first, last = tokens[found.first], tokens[found.last]
    shape = _shape(tokens, found)
    how = _case(text, tokens, found)
    names = [f"{shape}|{how}"]
    if last.word.is_place:
        names.append("place|" + _place_kind(tokens, found))
    if first.word.suffix:
        is_person = not groups(first.word.suffix).isdisjoint(("person_suffix", "kin", "title"))
        kind = "person" if is_person else "other"
        names.append(f"suffix|{kind}")
    if found.first == found.last:
        names += _case_features(text, tokens, found)
    names += _left_features(text, tokens, found)
    names += _right_features(text, tokens, found)
    names += _line_features(text, first.start, last.end)
    names += _echoes(tokens, found)
    names += scene_features(text, tokens, found, how)
    if is_figure(text[first.start : last.end]):
        names.append("figure")
    if "case|place" in names:  # greetings from there, a mother from there: *terveisiä Nurmosta*
        names = [name for name in names if name not in _NOT_FROM]
    return list(dict.fromkeys(names))


def _place_kind(tokens: Tokens, found: Candidate) -> str:
    """How much it weighs that the last word is a place's name too."""
    last = tokens[found.last].word
    if found.last > found.first:
        return "pair"
    if last.is_thing:
        return "thing"
    before = groups(tokens.texts[found.first - 1]) if found.first else frozenset[str]()
    if not before.isdisjoint(("title", "honorific", "kin", "person_verb")):
        return "titled"
    after = (
        groups(tokens.texts[found.last + 1]) if found.last + 1 < len(tokens) else frozenset[str]()
    )
    if "person_verb" in after and not _is_genitive(tokens.texts[found.last]):
        return "verb"
    return "other" if last.is_other else "first" if last.first >= CAPITAL else "one"


def _case_features(text: str, tokens: Tokens, found: Candidate) -> Iterator[str]:
    token = tokens[found.last]
    if _INNER_CASE.search(token.text):
        yield "case|inner"
    if token.word.is_place and LOCAL_CASE.search(token.text):
        yield "case|outer_place" if _OUTER_CASE.search(token.text) else "case|place"
    if not token.word.first and token.word.last:
        after = tokens.texts[found.last + 1] if found.last + 1 < len(tokens) else ""
        is_before = _is_genitive(token.text) and after.islower() and text[token.end] == " "
        if is_before and groups(after).isdisjoint(_BEHIND_GENITIVE):
            yield "case|genitive"
        if _FARM.search(token.text):
            yield "farm"
    if token.word.is_unknown:
        if _OUTER_CASE.search(token.text):
            yield "strange|outer_case"
        elif LOCAL_CASE.search(token.text):
            yield "strange|inner_case"
    if _is_abbreviation(tokens, found):
        yield "abbreviation"


def _is_abbreviation(tokens: Tokens, found: Candidate) -> bool:
    """Few capitals among words that are not all capitals."""
    text = tokens.texts[found.last]
    if not text.isupper() or len(text) > _ABBREVIATION:
        return False
    beside = [tokens.texts[n] for n in (found.first - 1, found.last + 1) if 0 <= n < len(tokens)]
    return not any(word.isupper() and len(word) > 1 for word in beside)


def _is_genitive(word: str) -> bool:
    return word[-1] in "nN" and not word.lower().endswith("nen")


def _shape(tokens: Tokens, found: Candidate) -> str:
    first = _code(tokens[found.first], is_first=True)
    if found.last == found.first:
        return "one:" + first
    return "pair:" + first.replace("p", "l") + _code(tokens[found.last], is_first=False)


def _code(token: Token, *, is_first: bool) -> str:
    """F or f: sure or doubtful first name; L or l: surname; U unknown, I initial, o other.

    p is a surname that is a place of the list too.
    """
    word = token.word
    if is_initial(token):
        return "I"
    if word.first and (is_first or not word.last) and word.first >= min(word.last, CAPITAL):
        return "F" if word.first == FIRM else "c" if word.first == CAPITAL else "f"
    if word.last and word.is_other and word.last < CAPITAL and is_first:
        return "p"
    if word.last:
        return "L" if word.last == FIRM else "k" if word.last == CAPITAL else "l"
    if word.first:
        return "f"
    return "U" if word.is_unknown else "o"


def _case(text: str, tokens: Tokens, found: Candidate) -> str:
    token = tokens[found.first]
    if token.text.islower():
        return "small"
    if len(token.text) > 1 and token.text.isupper():
        return "loud"
    start = tokens[found.first - 1].end if found.first else 0
    between = text[start : token.start]
    return "start" if found.first == 0 or _SENTENCE_END.search(between) else "mid"


def _left_features(text: str, tokens: Tokens, found: Candidate) -> Iterator[str]:
    if found.first == 0:
        return
    before = tokens[found.first - 1]
    between = text[before.end : tokens[found.first].start]
    if len(between) <= _NEAR and not between.strip(" \u00a0\"'”()-:,."):
        comma = "," if "," in between else ""
        for group in groups(before.text):
            yield f"left{comma}|{group}"
        if between == " " and person_of_verb(before.text):
            yield f"left|verb{person_of_verb(before.text)}"
        yield from _further_features(text, tokens, found.first - 2, before.start)
    elif not between.strip(" .,!:-–\n\t") and "closing" in groups(before.text):
        yield "left|closing"
    yield from _joined_features(tokens, found, between)
    if between.rstrip().endswith(tuple("0123456789")):
        yield "left|number"
    if '"' in between or "(" in between:
        yield "left|bracket"


def _joined_features(tokens: Tokens, found: Candidate, between: str) -> Iterator[str]:
    """What the neighbour before says of a name that it is joined to."""
    before = tokens[found.first - 1]
    if between == " " and "and" in groups(before.text) and found.first > 1:
        if tokens[found.first - 2].word.first >= CAPITAL:
            yield "left|and_name"
    elif between == ", " and before.word.first >= CAPITAL:
        yield "left,|name"
    if between == " " and before.text[0].isupper() and before.word.is_place:
        yield "left|place"


def _further_features(text: str, tokens: Tokens, place: int, start: int) -> Iterator[str]:
    """What the word before the neighbour says, in the same sentence."""
    if place >= 0 and not set(".!?\n") & set(text[tokens[place].end : start]):
        for group in groups(tokens.texts[place]) & _FURTHER:
            yield f"left2|{group}"


def _right_features(text: str, tokens: Tokens, found: Candidate) -> Iterator[str]:
    end = tokens[found.last].end
    if _AGE.match(text, end):
        yield "right|age"
    elif _CONTACT.match(text, end):
        yield "right|contact"
    elif text[end : end + 2].strip()[:1].isdigit():
        yield "right|number"
    if text.startswith("-", end):
        yield "right|hyphen"
    elif _TITLE_OF_WORK.match(text, end):
        yield "right|title_of_work"
    if found.last + 1 < len(tokens):
        yield from _next_features(text, tokens, found)


def _next_features(text: str, tokens: Tokens, found: Candidate) -> Iterator[str]:
    after = tokens[found.last + 1]
    further = tokens[found.last + 2] if found.last + 2 < len(tokens) else None
    between = text[tokens[found.last].end : after.start]
    if between in (" ", "\u00a0", '"'):
        yield from _beside_features(tokens, found)
        yield from _from_features(after, further)
    elif between == ", ":
        for group in groups(after.text) & _BEHIND_COMMA:
            yield f"right,|{group}"
    if between == ", " and after.word.first >= CAPITAL:
        yield "right,|name"
    is_and = after.text.islower() and "and" in groups(after.text)
    if is_and and further and further.word.level >= CAPITAL:
        yield "right|and_name"


def _beside_features(tokens: Tokens, found: Candidate) -> Iterator[str]:
    """What the next word says, with nothing but a blank between."""
    last, after = tokens[found.last], tokens[found.last + 1]
    is_genitive, is_pair = _is_genitive(last.text), found.last > found.first
    is_subject = is_bare(last.text) and not is_genitive
    for group in groups(after.text):
        if group == "place_word":
            yield _place_word(after.text, is_genitive=is_genitive, is_pair=is_pair)
        elif is_subject or group not in _VERBS:
            yield f"right|{group}"
    is_first = last.word.first and not is_genitive and not last.word.is_place
    if is_first and person_of_verb(after.text) == "3":
        yield "right|verb3"
    if after.word.is_place and after.text[0].isupper():
        yield "right|place"
    if _is_firm(tokens, found):
        yield "right|company"


def _place_word(word: str, *, is_genitive: bool, is_pair: bool) -> str:
    """A word for a place behind a name: *Liisan puisto*, but *Liisa Mäen kirjastossa* met her."""
    if not is_genitive:
        return "right|place_word_beside"
    if is_pair:
        return "right|place_word_pair" if _MEMORIAL.match(word) else "right|place_word_where"
    return "right|place_word"


def _is_firm(tokens: Tokens, found: Candidate) -> bool:
    """Whether a word for a firm stands behind the next word: *Virtasen Sora Oy*."""
    behind = tokens.texts[found.last + 1 : found.last + 3]
    is_firm = len(behind) > 1 and behind[0][0].isupper() and "company" in groups(behind[1])
    return is_firm and "company" not in groups(behind[0])


def _from_features(after: Token, further: Token | None) -> Iterator[str]:
    """Somebody *from* somewhere, and whether the one does something."""
    if _FROM.match(after.text) and after.text.islower():
        yield "right|from"
        if further and not groups(further.text).isdisjoint(("person_verb", "plain_verb")):
            yield "right|from_verb"


def _line_features(text: str, start: int, end: int) -> Iterator[str]:
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    rest = text[end : stop if stop >= 0 else len(text)]
    is_first, is_last = not text[begin:start].strip(), not rest.strip(" .,!)")
    if is_last and _LAST_LINE.match(text, end):
        yield "at|end"
    if is_first and is_last:
        yield "at|own_line" if begin else "at|whole_text"


def _echoes(tokens: Tokens, found: Candidate) -> Iterator[str]:
    """Whether its last word ends a whole name elsewhere in the text: *Pekka Mäki … Mäen*."""
    written = tokens.texts[found.last]
    if not (tokens.words[found.last].last if found.last in tokens.words else 0):
        return
    stem = written[:3]
    for place, word in tokens.words.items():
        before = tokens.words.get(place - 1)
        if place == found.last or before is None or not word.last or before.first < CAPITAL:
            continue
        is_same = stem[0].isupper() and tokens.texts[place].startswith(stem)
        if is_same and tokens.texts[place - 1][0].isupper():
            yield "echo"
            return
