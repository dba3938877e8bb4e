"""How people really type: colloquial and dialect forms, dropped dots, slips, lower case, capitals.

Works on finished Finnish text. Words that begin with a capital (names) are left alone by the
dialect and slips, so that places stay recognisable to a reader.
"""

import re

from demo_city.chance import Chance
from demo_city.wording import TEXTS

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
DOTS = str.maketrans("äöÄÖ", "aoAO")
NEIGHBOURS = {
    "a": "s", "s": "d", "d": "f", "e": "r", "r": "t", "t": "y", "i": "o", "o": "i", "n": "m",
    "m": "n", "k": "l", "l": "k", "u": "y", "y": "u", "h": "j", "j": "h", "ä": "ö", "p": "o",
}  # fmt: skip
SLIP_MIN_LENGTH = 5


class Wear:
    """Applies wear to texts; holds the word lists of the colloquial language and the dialect."""

    def __init__(self) -> None:
        self._spoken = _pairs("spoken.txt")
        self._dialect = self._spoken | _pairs("dialect.txt")

    def wear(self, text: str, *, chance: Chance) -> str:
        """The text as one of many writers would have typed it; most leave it as it is."""
        style = chance.unit()
        if style < 0.035:
            text = self.in_dialect(text)
        elif style < 0.13:
            text = self.in_spoken_language(text)
        care = chance.unit()
        if care < 0.03:
            text = text.translate(DOTS)
        elif care < 0.09:
            text = text.lower()
        elif care < 0.105:
            text = text.upper()
        elif care < 0.14:
            text = text.replace(",", "")
        if chance.yes(0.17):
            text = slip(text, chance=chance, times=1 + chance.below(3))
        return text

    def in_spoken_language(self, text: str) -> str:
        """Common spoken forms by the word list (ei ole → ei oo)."""
        return _replace(text, self._spoken)

    def in_dialect(self, text: str) -> str:
        """Etelä-Pohjanmaa dialect: the word list, then -ssa → -s and weak d → r in common words."""
        return WORD.sub(_dialect_ending, _replace(text, self._dialect))


def slip(text: str, *, chance: Chance, times: int) -> str:
    """Typing errors in words of five letters or more that do not begin with a capital."""
    for _ in range(times):
        words = [m for m in WORD.finditer(text) if _may_slip(m.group())]
        if not words:
            return text
        found = chance.pick(words)
        text = text[: found.start()] + _slip_word(found.group(), chance) + text[found.end() :]
    return text


def _may_slip(word: str) -> bool:
    return len(word) >= SLIP_MIN_LENGTH and not word[0].isupper()


def _slip_word(word: str, chance: Chance) -> str:
    at = chance.between(1, len(word) - 2)
    how = chance.unit()
    if how < 0.3:
        return word[:at] + word[at] + word[at:]
    if how < 0.6:
        return word[:at] + word[at + 1 :]
    if how < 0.85:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :]


def _dialect_ending(match: re.Match[str]) -> str:
    word = match.group()
    if len(word) > SLIP_MIN_LENGTH and word.endswith(("ssa", "ssä")):
        return word[:-2]
    return word


def _pairs(name: str) -> dict[str, str]:
    lines = (TEXTS / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("|") for line in lines if "|" in line and not line.startswith("#"))


_PATTERNS: dict[int, re.Pattern[str]] = {}


def _replace(text: str, pairs: dict[str, str]) -> str:
    pattern = _PATTERNS.get(len(pairs))
    if pattern is None:
        longest_first = sorted(pairs, key=lambda plain: (-len(plain), plain))
        joined = "|".join(re.escape(plain) for plain in longest_first)
        pattern = re.compile(rf"\b(?:{joined})\b", re.IGNORECASE)
        _PATTERNS[len(pairs)] = pattern

    def swap(match: re.Match[str]) -> str:
        word = match.group()
        spoken = pairs[word.lower()]
        return spoken[0].upper() + spoken[1:] if word[0].isupper() else spoken

    return pattern.sub(swap, text)
