"""What the sentence and the text about a candidate say of its being a person's name.

Belongs here: evidence that is not in the words next to it, and neighbours known by their lemma. The
words themselves and their neighbours by form belong to ``name_features``. Method:
``docs/methods/masking.md``.
"""

import re
from collections.abc import Iterator

from transforms.privacy.name_acts import acts
from transforms.privacy.name_candidates import LOCAL_CASE, Candidate, is_initial
from transforms.privacy.name_groups import groups
from transforms.privacy.name_letters import likeness_class
from transforms.privacy.name_looks import ENGLISH, PRONOUN, SWEDISH
from transforms.privacy.name_tokens import Token, Tokens
from transforms.privacy.name_words import (
    CAPITAL,
    HOMONYM,
    is_bare,
    is_common,
    is_rare,
    person_of_verb,
)

_PRONOUN_NEAR = 15  # words behind a name
_COPULAS = frozenset(
    {"on", "oli", "ei", "ole", "ollut", "oo", "ollu", "eivät", "olivat", "ovat", "olisi", "olis",
     "oliki", "onki", "onkin", "olikin"}
)  # fmt: skip
_JOINING = frozenset({"ja", "sekä", "och", "and"})
_DENIALS = frozenset({"ei", "eivät"})
_AND_WORDS = frozenset({"ja", "tai", "sekä", "och", "and", "eikä"})
_COPULA_REACH = 4  # words between a name and what is told of it
_TOLD_REACH = 4  # words between *kerroin* and the one who was told
_TO, _FROM = re.compile(r"(?:lle|llekin)$"), re.compile(r"(?:lt[aä])$")
_INNER = re.compile(r"(?:ss[aä]|st[aä]|aan|oon|een|iin|uun|ään|öön|yyn)$")
_STREET = re.compile(
    r"(?:tie|katu|kadu|puisto|ranta|ranna|koulu|kylä|polku|polu|asema|halli)\w{0,5}$"
)
_CYRILLIC = re.compile("[\u0400-\u052f]")
_IN_RUSSIAN = frozenset(["в", "из", "на", "до", "от", "у", "к", "во"])
_PLACES = frozenset({"place_word", "home_word"})
_STEM = 4
_LONGER = 4  # letters by which a form of the same word may be longer
_LEAST_SHARE = 0.2  # of a text's words that are small words of a language
_LANGUAGES = (("english", ENGLISH), ("swedish", SWEDISH))
_VERB_ENDINGS = {
    "english": re.compile(r"[a-z]{2,}(?:ed|[^s]s)$"),
    "swedish": re.compile(r"[a-zåäö]{2,}(?:de|te|ar|er|r|t)$"),
}
_SENTENCE_END = frozenset(".!?\n")


def scene_features(text: str, tokens: Tokens, found: Candidate, how: str) -> Iterator[str]:
    """Names of features; ``how`` is the candidate's case and place in its sentence."""
    last = tokens[found.last]
    yield from _spelling(tokens, found, how)
    if _CYRILLIC.match(last.text):
        where = found.first and tokens.texts[found.first - 1] in _IN_RUSSIAN
        yield "cyrillic|where" if where else f"cyrillic|{how}"
    if found.first == found.last and last.word.level:
        is_word = last.word.level == HOMONYM and not last.word.is_other
        yield from [f"rare|{how}"] if is_word and is_rare(last.text) else []
        yield from [f"common|{how}"] if is_common(last.text) else []
    if last.word.land and found.first == found.last:
        yield f"land|{last.word.land}"
    deeds = list(_deeds(text, tokens, found))
    yield from deeds
    if not deeds:
        yield from _places_beside(text, tokens, found)
    yield from _told(text, tokens, found)
    behind = tokens.looks[found.last + 1 : found.last + 1 + _PRONOUN_NEAR]
    if any(look & PRONOUN for look in behind):
        yield "text|pronoun"
    if found.first == found.last:
        yield from _echoes(tokens, found)
        yield from _next_word(text, tokens, found, how)
    language = _language(tokens)
    if language:
        yield f"{language}|{how}"
        after = tokens.texts[found.last + 1 : found.last + 2]
        if after and how != "small" and _VERB_ENDINGS[language].match(after[0]):
            yield f"{language}|verb"


def _spelling(tokens: Tokens, found: Candidate, how: str) -> Iterator[str]:
    """How like a name a word is spelt that nobody knows."""
    is_one = found.first == found.last
    for place in range(found.first, found.last + 1):
        token = tokens[place]
        if token.word.is_unknown and not token.word.level and not is_initial(token):
            kind = likeness_class(token.text)
            yield f"spelt|{kind}|{how}" if is_one else f"spelt|{kind}|pair"


def _deeds(text: str, tokens: Tokens, found: Candidate) -> Iterator[str]:
    """What the candidate does or is, by the lemmas of the words behind it."""
    place, written = found.last + 1, tokens.texts[found.last]
    if place >= len(tokens) or not _is_same_clause(text, tokens, found.last):
        return
    is_genitive = written[-1] in "nN" and not written.lower().endswith("nen")
    if not (is_genitive or is_bare(written)):
        return
    after = tokens.texts[place]
    if after in _COPULAS:
        kind = _said_of(text, tokens, place)
        if kind == "does|trait":
            yield kind
            return
        yield from filter(None, (kind,))
    known = acts(after) if after.islower() else frozenset[str]()
    if not is_genitive:
        yield from (f"does|{kind}" for kind in ("act", "wish") if kind in known)
        if "act" in known and tokens[found.last].word.level == HOMONYM:
            yield "does|act_of_noun"
    if not known.isdisjoint(("kin", "title")):
        yield "has|person" if is_genitive else "is|person"
    if _do_together(tokens, place):
        yield "does|together"


def _said_of(text: str, tokens: Tokens, place: int) -> str:
    """What stands behind *on* or *ei*: a person's trait or deed, a thing's, or nothing known."""
    for word in _clause(text, tokens, place, _COPULA_REACH):
        known = acts(word)
        is_denied = "stem" in known and tokens.texts[place] in _DENIALS
        if is_denied or not known.isdisjoint(("trait", "title", "act")):
            return "does|trait"
        if "thing" in known and known.isdisjoint(("kin", "wish")):
            return "is|thing"
    return ""


def _do_together(tokens: Tokens, place: int) -> bool:
    """Whether a second name and a deed follow: *Salmi ja Koski hoitivat*."""
    if tokens.texts[place] not in _JOINING or place + 2 >= len(tokens):
        return False
    return tokens.texts[place + 1][0].isupper() and "act" in acts(tokens.texts[place + 2])


def _next_word(text: str, tokens: Tokens, found: Candidate, how: str) -> Iterator[str]:
    """Whether a verb follows a name that is an ordinary word: *Onni sai*, but *Onni siitä*."""
    token, place = tokens[found.last], found.last + 1
    if token.word.level != HOMONYM or place >= len(tokens):
        return
    after = tokens.texts[place]
    if not _is_same_clause(text, tokens, found.last) or not after.islower():
        return
    person = person_of_verb(after)
    if after in _COPULAS or person == "3":
        return
    if person == "1" and (_TO.search(token.text) or _FROM.search(token.text)):
        yield "next|verb1"
    elif after not in _AND_WORDS:
        yield f"next|other|{how}"


def _told(text: str, tokens: Tokens, found: Candidate) -> Iterator[str]:
    """Whether somebody tells the candidate something or asks it of them; kin before it."""
    written = tokens.texts[found.last]
    kind = "told" if _TO.search(written) else "asked" if _FROM.search(written) else ""
    if found.first and _is_same_clause(text, tokens, found.first - 1):
        known = acts(tokens.texts[found.first - 1])
        if known & {"kin", "title"}:
            yield "left|person_lemma"
        if "act" in known:
            yield "left|act"
    if not kind:
        return
    after = tokens.texts[found.last + 1] if found.last + 1 < len(tokens) else ""
    if kind == "told" and not groups(after).isdisjoint(("closing", "thanks")):
        yield "outer|greeted"
    for place in range(found.first - 1, max(-1, found.first - 1 - _TOLD_REACH), -1):
        if not _SENTENCE_END.isdisjoint(
            text[tokens.places[place][1] : tokens.places[place + 1][0]]
        ):
            return
        if kind in acts(tokens.texts[place]):
            yield f"outer|{kind}"
            return


def _echoes(tokens: Tokens, found: Candidate) -> Iterator[str]:
    """The same word elsewhere: in small letters, or where only places stand."""
    token = tokens[found.last]
    if not token.text[0].isupper() or len(token.text) < _STEM - 1:
        return
    stem, longest = token.text[:_STEM], len(token.text) + _LONGER
    small = stem.lower()
    if tokens.text.lower().count(small) <= 1:
        return
    others = [n for n, word in enumerate(tokens.texts) if word[:_STEM].lower() == small]
    others.remove(found.last)
    if token.word.level:
        for place in others:
            if tokens.texts[place][0].islower() and len(tokens.texts[place]) <= longest:
                yield "again|small"
                break
    if token.word.first < CAPITAL and any(_is_place_there(tokens, place) for place in others):
        yield "again|own_place" if token.word.is_other else "again|place"


def _is_place_there(tokens: Tokens, place: int) -> bool:
    """Whether a word with a capital stands where places stand: *Annalassa, Annalan alue*."""
    word = tokens.texts[place]
    if not word[0].isupper():
        return False
    if _INNER.search(word) or _STREET.search(word):
        return True
    behind = tokens.texts[place + 1 : place + 2]
    return bool(behind) and word[-1] in "nN" and not _PLACES.isdisjoint(groups(behind[0]))


def _places_beside(text: str, tokens: Tokens, found: Candidate) -> Iterator[str]:
    """A neighbour in an enumeration that is a place or stands where places stand."""
    beside = [(found.first - 1, found.first - 1, -1), (found.last + 1, found.last, 1)]
    for place, left, step in beside:
        if not 0 <= place < len(tokens):
            continue
        between = text[tokens.places[left][1] : tokens.places[left + 1][0]]
        other = place
        if tokens.texts[place] in _AND_WORDS and between == " ":
            other = place + step
        elif between not in (", ", "-", "–", "/", " & ", " - ", " – "):
            continue
        if 0 <= other < len(tokens) and _is_place_like(tokens[other]):
            yield "beside|place"
            return


def _is_place_like(token: Token) -> bool:
    if not token.text[0].isupper() or token.word.first >= CAPITAL:
        return False
    return token.word.is_place or bool(LOCAL_CASE.search(token.text) and len(token.text) > _STEM)


def _language(tokens: Tokens) -> str:
    """``english`` or ``swedish`` where the text's small words are, else empty."""
    if tokens.language is None:
        most = _LEAST_SHARE * len(tokens.looks)
        tokens.language = next(
            (
                language
                for language, bit in _LANGUAGES
                if len([look for look in tokens.looks if look & bit]) > most
            ),
            "",
        )
    return tokens.language


def _is_same_clause(text: str, tokens: Tokens, place: int) -> bool:
    """Whether only a blank stands between a word and the next."""
    return text[tokens.places[place][1] : tokens.places[place + 1][0]] in (" ", "\u00a0")


def _clause(text: str, tokens: Tokens, place: int, reach: int) -> Iterator[str]:
    """Words behind a word in the same clause."""
    for other in range(place + 1, min(len(tokens), place + 1 + reach)):
        between = text[tokens.places[other - 1][1] : tokens.places[other][0]]
        if not _SENTENCE_END.isdisjoint(between) or "," in between:
            return
        yield tokens.texts[other]
