"""Where personal data stand in a text, and what stands there instead.

Belongs here: the shape every detector gives, the shape of a detector with the cheap look before
it, and the choice between overlapping finds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import polars as pl


class PersonalData(StrEnum):
    """Kinds of personal data that are masked: codes of ``codes/pii.csv``."""

    IDENTITY_CODE = "henkilotunnus"
    ACCOUNT = "tilinumero"
    EMAIL = "sahkoposti"
    PHONE = "puhelin"
    PLATE = "rekisterinumero"
    NAME = "nimi"
    ADDRESS = "osoite"


# What a reader sees instead; the words of the masked texts are Finnish whatever the text is.
MASKS: Mapping[str, str] = {
    PersonalData.IDENTITY_CODE: "[henkilötunnus]",
    PersonalData.ACCOUNT: "[tilinumero]",
    PersonalData.EMAIL: "[sähköposti]",
    PersonalData.PHONE: "[puhelin]",
    PersonalData.PLATE: "[rekisterinumero]",
    PersonalData.NAME: "[nimi]",
    PersonalData.ADDRESS: "[osoite]",
}

_MASK = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
_BLOT = "\u25a0"


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (excluded) of a text hold the kind ``label``."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Finder:
    """A detector, and what a column of texts is asked before it looks at any of them.

    Attributes:
        find: Spans of one text.
        may_find: True for every text of a column in which ``find`` finds something; it may be true
            elsewhere too. A pattern for Polars, or a function where a pattern cannot tell. A
            pattern has no borders of words (they drive the regular expression from its fast
            engine, and Polars and Python differ about what a word is).
        is_by_line: Whether the spans of a text are those of its lines, so that a line that stands
            in many texts is looked at once.
    """

    find: Callable[[str], Iterator[Span]]
    may_find: str | Callable[[pl.Series], pl.Series]
    is_by_line: bool = False

    def candidates(self, texts: pl.Series) -> pl.Series:
        """Those of ``texts`` that are worth looking at."""
        if isinstance(self.may_find, str):
            return texts.filter(texts.str.contains(self.may_find))
        return texts.filter(self.may_find(texts))


def in_any_case(pattern: str) -> str:
    """``pattern`` for Polars, without regard to case as Python understands it.

    Python takes the Turkish letters for an i, Polars does not.
    """
    folded = re.sub("[iI]", "[i\u0130\u0131]", pattern)
    return f"(?i:{folded})"


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Spans in order of place; of those that overlap the one given first stays.

    Of two finds of one name the longer counts: it takes the place of the one inside it.
    """
    kept: list[Span] = []
    for span in spans:
        rivals = [other for other in kept if span.start < other.end and other.start < span.end]
        if not rivals:
            kept.append(span)
        elif all(_is_inside(other, span) for other in rivals):
            kept = [other for other in kept if other not in rivals] + [span]
    return sorted(kept)


def _is_inside(span: Span, other: Span) -> bool:
    is_name = span.label == other.label == PersonalData.NAME
    return is_name and other.start <= span.start and span.end <= other.end


def without_masks(text: str) -> str:
    """``text`` with masks blotted out, as long as before: a mask is no clue to what stands near."""
    return _MASK.sub(lambda mask: _BLOT * len(mask.group()), text) if "[" in text else text


def masks_blotted(texts: pl.Series) -> pl.Series:
    """``without_masks`` for a whole column."""
    blots = {str(mask): _BLOT * len(mask) for mask in MASKS.values()}
    return texts.str.replace_many(list(blots), list(blots.values()))


def replace_spans(text: str, spans: Iterable[Span]) -> str:
    """``text`` with each span replaced by its mask; spans are in order and do not overlap."""
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span.start], MASKS[span.label]]
        position = span.end
    return "".join([*parts, text[position:]])


def joined_spans(spans: Sequence[Span], found: Iterable[Span]) -> list[Span]:
    """Spans of a text as given: those masked before, and ``found`` in what masking left of it.

    Args:
        spans: In characters of the text as given, in order.
        found: In characters of the text with ``spans`` replaced by their masks; none holds a mask.
    """
    joined = list(spans)
    for span in found:
        moved = 0
        for earlier in spans:
            if earlier.start + moved >= span.start:
                break
            moved += len(MASKS[earlier.label]) - (earlier.end - earlier.start)
        joined.append(Span(span.start - moved, span.end - moved, span.label))
    return sorted(joined)
