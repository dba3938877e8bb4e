"""Where personal data stand in a text, and what stands there instead.

Belongs here: the shape every detector gives, and the choice between overlapping finds.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class PersonalData(StrEnum):
    """Kinds of personal data that are masked: codes of ``codes/pii.csv``."""

    IDENTITY_CODE = "henkilotunnus"
    ACCOUNT = "tilinumero"
    EMAIL = "sahkoposti"
    PHONE = "puhelin"
    PLATE = "rekisterinumero"
    NAME = "nimi"


# What a reader sees instead; the words of the masked texts are Finnish whatever the text is.
MASKS: Mapping[str, str] = {
    PersonalData.IDENTITY_CODE: "[henkilötunnus]",
    PersonalData.ACCOUNT: "[tilinumero]",
    PersonalData.EMAIL: "[sähköposti]",
    PersonalData.PHONE: "[puhelin]",
    PersonalData.PLATE: "[rekisterinumero]",
    PersonalData.NAME: "[nimi]",
}

_MASK = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
_BLOT = "\u25a0"


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (excluded) of a text hold the kind ``label``."""

    start: int
    end: int
    label: str


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Spans in order of place; of those that overlap the one given first stays."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept)


def without_masks(text: str) -> str:
    """``text`` with masks blotted out, as long as before: a mask is no clue to what stands near."""
    return _MASK.sub(lambda mask: _BLOT * len(mask.group()), text) if "[" in text else text


def replace_spans(text: str, spans: Iterable[Span]) -> str:
    """``text`` with each span replaced by its mask; spans are in order and do not overlap."""
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span.start], MASKS[span.label]]
        position = span.end
    return "".join([*parts, text[position:]])
