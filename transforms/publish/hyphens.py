"""Soft hyphens in long Finnish words, for browsers that have no Finnish dictionary.

Compounds are divided between their parts, and long parts before a consonant that stands right
before a vowel. A word of ordinary length is left alone.
"""

import re

SHY = "\u00ad"
_LONGEST_WHOLE = 14
_LONGEST_PART = 12
_LEAST_PART = 4
_LONG_WORD = re.compile(rf"[^\W\d_]{{{_LONGEST_WHOLE + 1},}}")
_VOWELS = "aeiouyäöå"
_SYLLABLE = re.compile(rf"(?=[^{_VOWELS}][{_VOWELS}])", re.IGNORECASE)
# Later parts of compounds that begin with a vowel (the rule of syllables would divide before the
# consonant in front of them), and first parts after which to divide at all.
_LATER = (
    "aikatau|aineisto|aloit|alue|arvio|asiak|asiat|asukas|ehdot|esity|ilmoit|odotu|ohjau|ohjelm"
    "|omaise|omisteis|opetu|osasto|osuu|urheilu|ympäri|yritys"
)
_FIRST = (
    "asiakas", "asukas", "kaksois", "kannattaja", "kaupunki", "konserni", "kuntalais", "liikenne",
    "lähi", "palaute", "palvelu", "päätöksen", "pysäköinnin", "pyöräily", "virkistys", "yhdeksäs",
)  # fmt: skip
_PART = re.compile(
    "|".join([rf"(?<=\w{{3}})(?={_LATER})", *(rf"(?<={first})(?=\w{{4}})" for first in _FIRST)]),
    re.IGNORECASE,
)


def soften(text: str) -> str:
    """``text`` with soft hyphens inside its words of more than fourteen letters."""
    return _LONG_WORD.sub(lambda found: _soften_word(found.group()), text)


def _soften_word(word: str) -> str:
    parts = _PART.split(word)
    return SHY.join(p if len(p) <= _LONGEST_PART else _by_syllables(p) for p in parts)


def _by_syllables(part: str) -> str:
    pieces: list[str] = []
    for syllable in _SYLLABLE.split(part):
        if pieces and len(pieces[-1]) < _LEAST_PART:
            pieces[-1] += syllable
        else:
            pieces.append(syllable)
    if len(pieces) > 1 and len(pieces[-1]) < _LEAST_PART:
        last = pieces.pop()
        pieces[-1] += last
    return SHY.join(pieces)
