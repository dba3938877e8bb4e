"""Sentences with alternatives and slots, scenes made of them, and the reader of the text files.

A text file holds one item a line: a letter, a space, a sentence. ``= kind months weight`` opens a
scene; letters before the first scene belong to the whole service. Inside a sentence ``[a|b]`` is
a choice (choices nest) and ``{name:case}`` a slot that the setting fills.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from demo_city.chance import Chance

TEXTS = Path(__file__).parent / "texts"
ALL_MONTHS = frozenset(range(1, 13))

Fill = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap that the setting fills, for example ``K:lla``."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives, each a parsed sentence."""

    options: tuple["Sentence", ...]


Sentence = tuple[str | Slot | Choice, ...]


@dataclass(slots=True)
class Scene:
    """Sentences that tell of one matter, by part letter (T title, P problem, D, E, W, S short)."""

    service: str
    kind: str
    months: frozenset[int]
    weight: float
    parts: dict[str, list[Sentence]] = field(default_factory=dict)


@dataclass(slots=True)
class TextFile:
    """A text file read: the lines common to the file and its scenes."""

    common: dict[str, list[Sentence]]
    scenes: list[Scene]


def parse_sentence(text: str) -> Sentence:
    """Parse a sentence with ``[a|b]`` choices and ``{slot}`` gaps.

    Raises:
        ValueError: When brackets do not match.
    """
    pieces, rest = _parse(text, 0, nested=False)
    if rest != len(text):
        message = f"Unmatched ']' at character {rest + 1} of a sentence. Remove it or open it."
        raise ValueError(message)
    return pieces


def _parse(text: str, at: int, *, nested: bool) -> tuple[Sentence, int]:
    pieces: list[str | Slot | Choice] = []
    start = at
    while at < len(text):
        mark = text[at]
        if mark in "|]" and nested:
            break
        if mark == "]":
            return tuple(pieces), at
        if mark not in "[{":
            at += 1
            continue
        if at > start:
            pieces.append(text[start:at])
        if mark == "{":
            end = text.index("}", at)
            pieces.append(Slot(text[at + 1 : end]))
            at = end + 1
        else:
            choice, at = _parse_choice(text, at + 1)
            pieces.append(choice)
        start = at
    if at > start:
        pieces.append(text[start:at])
    return tuple(pieces), at


def _parse_choice(text: str, at: int) -> tuple[Choice, int]:
    options: list[Sentence] = []
    while True:
        option, at = _parse(text, at, nested=True)
        options.append(option)
        if at >= len(text):
            message = f"A '[' is never closed in a sentence of {len(text)} characters. Close it."
            raise ValueError(message)
        if text[at] == "]":
            return Choice(tuple(options)), at + 1
        at += 1


def say(sentence: Sentence, *, chance: Chance, fill: Fill) -> str:
    """The sentence with its choices made and its slots filled."""
    out: list[str] = []
    for piece in sentence:
        if isinstance(piece, str):
            out.append(piece)
        elif isinstance(piece, Slot):
            out.append(fill(piece.name))
        else:
            out.append(say(chance.pick(piece.options), chance=chance, fill=fill))
    return "".join(out)


def read_texts(path: Path) -> TextFile:
    """Read one text file; the file's stem is the service of its scenes unless they name one.

    Raises:
        ValueError: When a line cannot be read; the message names the file and line.
    """
    found = TextFile(common={}, scenes=[])
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            _take_line(line.rstrip(), found, service=path.stem)
        except ValueError as error:
            message = f"{path.name} line {number}: {error}"
            raise ValueError(message) from error
    return found


def _take_line(line: str, found: TextFile, *, service: str) -> None:
    letter, _, rest = line.partition(" ")
    if letter == "=":
        kind, *options = rest.split()
        months = ALL_MONTHS
        weight = 1.0
        for option in options:
            if option.startswith("@"):
                service = option[1:]
            elif option.startswith("x"):
                weight = float(option[1:])
            else:
                months = parse_months(option)
        found.scenes.append(Scene(service, kind, months, weight))
        return
    parts = found.scenes[-1].parts if found.scenes else found.common
    parts.setdefault(letter, []).append(parse_sentence(rest.strip()))


def parse_months(text: str) -> frozenset[int]:
    """Months such as ``11-3``, ``6,7`` or ``*``."""
    if text == "*":
        return ALL_MONTHS
    months: set[int] = set()
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        low, high = int(first), int(last or first)
        months |= {(low - 1 + step) % 12 + 1 for step in range((high - low) % 12 + 1)}
    return frozenset(months)


@lru_cache(maxsize=1)
def read_services() -> dict[str, TextFile]:
    """All service text files, by service id."""
    return {path.stem: read_texts(path) for path in sorted((TEXTS / "services").glob("*.txt"))}


@lru_cache(maxsize=8)
def read_named(name: str) -> TextFile:
    """A text file beside the services, for example ``general``."""
    return read_texts(TEXTS / f"{name}.txt")
