"""Texts to the places of the gazetteer that they name, with offsets.

Most texts are left after one regular expression; most words of the others after one look-up. Only
names that mean something else as well ask place_context. Method: docs/methods/places.md.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from transforms.text.gazetteer import Gazetteer, Reading
from transforms.text.place_context import names_place
from transforms.text.place_forms import fold_letters
from transforms.text.place_scene import Mention, Word, Words

_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[\s-]+")
_COMBINING = re.compile("[\u0300-\u036f]")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u00ad", "-"))
#: Lengthens by a code point in lower case, which would move offsets.
_DOTTED_CAPITAL_I = "\u0130"
_JOIN = ";"


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place named at ``start`` to ``end`` (exclusive), in code points of the text given."""

    start: int
    end: int
    name: str


def find_places(texts: pl.Series, gazetteer: Gazetteer) -> pl.Series:
    """Names of the places that each text names, joined by ``;`` in the order of first mention.

    Null where a text is null or names none. A row does not depend on the others. Takes about
    1 µs of a text that has no word like a name, 20 µs of one that has.
    """
    looked_at = _worth_a_look(texts, gazetteer)
    names = [
        _JOIN.join(dict.fromkeys(span.name for span in find_place_spans(text, gazetteer))) or None
        for text in looked_at["text"]
    ]
    found = looked_at.select("row", pl.Series("places", names, dtype=pl.String))
    rows = pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    return rows.join(found, on="row", how="left", maintain_order="left")["places"]


def find_place_spans(text: str, gazetteer: Gazetteer) -> list[PlaceSpan]:
    """Every mention of a place in one text, in order. Spans do not overlap."""
    composed, offsets = _compose(text)
    lower = composed.replace(_DOTTED_CAPITAL_I, "I").lower()
    folded = fold_letters(lower)
    keys = _WORD.findall(folded)
    likely = gazetteer.likely_words(keys)
    if not likely:
        return []
    words = Words(keys, [match.span() for match in _WORD.finditer(folded)], lower)
    mentions = list(_find_mentions(composed, words, likely, gazetteer))
    kept = _decide(mentions, words, composed, gazetteer)
    return [
        PlaceSpan(
            offsets[m.start] if offsets else m.start,
            offsets[m.end] if offsets else m.end,
            m.place.name,
        )
        for m in _without_qualifiers(kept)
    ]


def _worth_a_look(texts: pl.Series, gazetteer: Gazetteer) -> pl.DataFrame:
    """``row`` and ``text`` of the texts that the gazetteer's pattern matches."""
    written = texts.cast(pl.String)
    # Composing takes longer than the search, and hardly any text needs it.
    is_apart = written.str.contains(_COMBINING.pattern).any()
    composed = written.str.normalize("NFC") if is_apart else written
    is_likely = composed.str.to_lowercase().str.contains(gazetteer.pattern)
    return (
        pl.DataFrame({"text": written})
        .with_row_index("row")
        .filter(is_likely.fill_null(value=False))
    )


def _find_mentions(
    text: str, words: Words, likely: Sequence[int], gazetteer: Gazetteer
) -> Iterator[Mention]:
    """Candidates, the longest name first at each word; words of one name are not read again."""
    free_from = 0
    for at in likely:
        found = _longest_name(text, words, at, gazetteer) if at >= free_from else None
        if found is not None:
            yield found
            free_from = found.last + 1


def _decide(
    mentions: Sequence[Mention], words: Words, text: str, gazetteer: Gazetteer
) -> list[Mention]:
    """The mentions that name their places.

    Asked anew once where a name that is clear from its own surroundings may speak for others.
    """
    certain = frozenset(m.place.number for m in mentions if not m.place.homonyms)
    kept: list[Mention] = []
    for _ in range(2):
        kept = [
            mention
            for mention in mentions
            if names_place(mention, words, text, gazetteer=gazetteer, certain=certain)
        ]
        clear = frozenset(m.place.number for m in kept)
        if clear == certain or len(mentions) == 1:
            break
        certain = clear
    return kept


def _longest_name(text: str, words: Words, at: int, gazetteer: Gazetteer) -> Mention | None:
    best: Mention | None = None
    for reading in gazetteer.read(words[at].key):
        if reading.slot or not _has_dots_of(words[at], reading):
            continue
        last, cases = _follow_name(text, words, at, reading, gazetteer)
        if last is not None and (best is None or last > best.last):
            start, end = words[at].start, words[last].end
            best = Mention(start, end, reading.place, cases, at, last)
    return best or _split_name(text, words, at, gazetteer)


def _follow_name(
    text: str, words: Words, at: int, first: Reading, gazetteer: Gazetteer
) -> tuple[int | None, frozenset[str]]:
    """The last word of a name of several words, all in one case; None where another word stands."""
    cases = first.cases
    for slot in range(1, first.n_slots):
        here = at + slot
        if here >= len(words) or not _are_joined(text, words[here - 1], words[here]):
            return None, cases
        reading = next(
            (
                r
                for r in gazetteer.read(words[here].key)
                if (r.name, r.slot) == (first.name, slot) and _has_dots_of(words[here], r)
            ),
            None,
        )
        if reading is None or (cases and reading.cases and not cases & reading.cases):
            return None, cases
        cases = cases & reading.cases or cases | reading.cases
    return at + first.n_slots - 1, cases


def _split_name(text: str, words: Words, at: int, gazetteer: Gazetteer) -> Mention | None:
    """A long name that is written as two words: ``Hallilan vuorella``."""
    word = words[at]
    if at + 1 == len(words):
        return None
    following = words[at + 1]
    if text[word.end : following.start] != " ":
        return None
    for reading in gazetteer.forms.get(word.key + following.key, ()):
        if reading.n_slots == 1 and not reading.place.homonyms:
            return Mention(word.start, following.end, reading.place, reading.cases, at, at + 1)
    return None


def _are_joined(text: str, left: Word, right: Word) -> bool:
    return _GAP.fullmatch(text[left.end : right.start].translate(_DASHES)) is not None


def _has_dots_of(word: Word, reading: Reading) -> bool:
    """Dots may be missing in a text, but ``pästo`` is not Pasto."""
    if word.lower == word.key:
        return True
    pairs = zip(word.lower, reading.stem, strict=False)
    return all(written == right or written in "aou" for written, right in pairs)


def _without_qualifiers(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Ylistaron Aseman koulu names one place: a qualifier just before its place is part of it."""
    for at, mention in enumerate(mentions):
        following = mentions[at + 1] if at + 1 < len(mentions) else None
        is_qualifier = (
            following is not None
            and following.place.qualifier == mention.place.name
            and following.first == mention.last + 1
        )
        if not is_qualifier:
            yield mention


def _compose(text: str) -> tuple[str, list[int] | None]:
    """The text in NFC and, where that moves letters, the offset in ``text`` of each of its own."""
    if not _COMBINING.search(text):
        return text, None
    pieces: list[str] = []
    offsets: list[int] = []
    for cluster in re.finditer(r".[\u0300-\u036f]*", text, re.DOTALL):
        piece = unicodedata.normalize("NFC", cluster.group())
        pieces.append(piece)
        offsets += [cluster.start()] * len(piece)
    return "".join(pieces), [*offsets, len(text)]
