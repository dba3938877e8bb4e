"""Texts of one language and its ways of writing numbers, days and durations.

The texts lie in ``strings/<language>.toml``; labels of codes come from the code lists.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

LANGUAGES = ("fi", "sv", "en")
NBSP = "\u00a0"
_HOURS_IN_DAY = 24
_DAYS_WITH_HOURS = 10
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Words:
    """Texts and number formats of one language."""

    language: str
    texts: Mapping[str, str]
    months: tuple[str, ...]
    months_short: tuple[str, ...]

    def __call__(self, key: str, **values: object) -> str:
        """The text of ``key`` (``section.name``) with ``values`` filled in."""
        return self.texts[key].format(**values)

    def number(self, value: float, *, decimals: int = 0) -> str:
        """``1234.5`` as ``1 234,5`` (Finnish and Swedish) or ``1,234.5`` (English)."""
        text = f"{abs(value):,.{decimals}f}"
        if self.language != "en":
            text = text.replace(",", NBSP).replace(".", ",")
        is_negative = value < 0 and text.strip("0., " + NBSP) != ""
        return ("\u2212" if is_negative else "") + text

    def signed(self, value: float, *, decimals: int = 0) -> str:
        """A difference: ``+5``, ``−3,2``, ``0``."""
        text = self.number(value, decimals=decimals)
        is_zero = text.strip("0., " + NBSP) == ""
        return text if value < 0 or is_zero else f"+{text}"

    def chance(self, value: float) -> str:
        """A p value: ``0,03``, ``0,004``, ``< 0,001``."""
        least = 0.001
        if value < least:
            return f"<{NBSP}{self.number(least, decimals=3)}"
        return self.number(value, decimals=3 if value < least * 10 else 2)

    def share(self, value: float) -> str:
        """``0.64`` as ``64 %``."""
        gap = "" if self.language == "en" else NBSP
        return f"{self.number(value * 100)}{gap}%"

    def duration(self, hours: float) -> str:
        """Hours as ``45 min``, ``7 h``, ``3 pv 4 h`` or ``12 pv``, by their size."""
        if hours < 1:
            return f"{self.number(hours * 60)}{NBSP}{self('unit.minute')}"
        whole = round(hours)
        if whole < _HOURS_IN_DAY:
            return f"{whole}{NBSP}{self('unit.hour')}"
        days, rest = divmod(whole, _HOURS_IN_DAY)
        if days >= _DAYS_WITH_HOURS:
            return f"{self.number(hours / _HOURS_IN_DAY)}{NBSP}{self('unit.day')}"
        tail = f"{NBSP}{rest}{NBSP}{self('unit.hour')}" if rest else ""
        return f"{days}{NBSP}{self('unit.day')}{tail}"

    def day(self, value: date) -> str:
        """A day as ``31.10.2026``, in English ``31 October 2026``."""
        if self.language == "en":
            return f"{value.day} {self.months[value.month - 1]} {value.year}"
        return f"{value.day}.{value.month}.{value.year}"

    def month(self, value: date) -> str:
        """A month as ``lokakuu 2026``."""
        return f"{self.months[value.month - 1]} {value.year}"

    def quarter(self, start: date) -> str:
        """The quarter that begins on a day as ``heinä–syyskuu 2026``."""
        first, last = self.months[start.month - 1], self.months[start.month + 1]
        shown = self.months_short[start.month - 1] if self.language == "fi" else first
        return f"{shown}–{last} {start.year}"

    def size(self, n_bytes: int) -> str:
        """A file's size as ``12 kt`` or ``1,4 Mt``."""
        kilo = n_bytes / _THOUSAND
        if kilo < _THOUSAND:
            return f"{self.number(max(kilo, 1))}{NBSP}{self('unit.kilobyte')}"
        return f"{self.number(kilo / _THOUSAND, decimals=1)}{NBSP}{self('unit.megabyte')}"

    def label(self, row: Mapping[str, str | None]) -> str:
        """A code's label in this language, else the Finnish one."""
        return row.get(f"name_{self.language}") or row.get("name_fi") or ""

    def for_charts(self) -> dict[str, object]:
        """What the functions inside the charts need to write numbers and months."""
        is_english = self.language == "en"
        return {
            "decimal": "." if is_english else ",",
            "thousands": "," if is_english else NBSP,
            "percent": "%" if is_english else f"{NBSP}%",
            "minute": self("unit.minute"),
            "hour": self("unit.hour"),
            "day": self("unit.day"),
            "months": list(self.months),
            "monthsShort": list(self.months_short),
            "gaps": {k[5:]: text for k, text in self.texts.items() if k.startswith("cell.")},
            "points": self("unit.points"),
        }


def slug(text: str) -> str:
    """A text as a part of an id: letters a–z, digits and hyphens."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower())


@cache
def load_words(language: str) -> Words:
    """The texts of ``fi``, ``sv`` or ``en``.

    Raises:
        ValueError: If there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"Language '{language}' has no texts; choose one of {LANGUAGES}.")
    source = files("transforms.publish") / "strings" / f"{language}.toml"
    tree = tomllib.loads(source.read_text(encoding="utf-8"))
    calendar = tree.pop("calendar")
    return Words(
        language=language,
        texts={
            f"{section}.{name}": text
            for section, entries in tree.items()
            for name, text in entries.items()
        },
        months=tuple(calendar["months"]),
        months_short=tuple(calendar["months_short"]),
    )
