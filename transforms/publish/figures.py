"""What stands on a page, as plain data: grids of cells, figures, tiles, sections, pages.

A figure's chart and its table are made from one grid, so that they cannot differ. Nothing here
knows HTML; texts are plain and escaped by the templates.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from transforms.publish.words import NBSP, Words

_ISO_LENGTHS: Mapping[str, int] = {"year": 4, "month": 7}


class Missing(StrEnum):
    """Why a cell has no value."""

    WITHHELD = "withheld"
    NO_SOURCE = "no_source"
    NOT_REACHED = "not_reached"
    NONE = "none"


Value = str | int | float | bool | date | Missing


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a grid: its heading and how its values are written.

    ``form`` is text, year, month, quarter, day, count, share, points (a difference of shares),
    ratio, score_more (a difference of scores), duration, days, days_more (a difference of days),
    decimal, euro, p (of a test) or yes_no. ``language`` is set when the values are in another
    language than the page.
    """

    label: str
    form: str = "text"
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of values under their fields; the first field heads the row."""

    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]

    def source(self) -> list[list[object]]:
        """Rows for a chart: days and months as ISO texts, missing values as null."""
        return [[_plain(v, f.form) for v, f in zip(r, self.fields, strict=True)] for r in self.rows]

    def has(self, reason: Missing) -> bool:
        """Whether any cell is missing for this reason."""
        return any(value is reason for row in self.rows for value in row)

    def withheld(self, column: int) -> list[int]:
        """Numbers of the rows whose value in a column is withheld."""
        return [i for i, row in enumerate(self.rows) if row[column] is Missing.WITHHELD]

    def is_blank(self, *columns: int) -> bool:
        """Whether no cell of these columns has a value: there is nothing to draw."""
        return all(isinstance(row[c], Missing) for row in self.rows for c in columns)

    def withheld_share(self, *columns: int) -> float:
        """Share of the cells of these columns that are withheld; 0 without rows."""
        cells = [row[c] for row in self.rows for c in columns]
        return sum(v is Missing.WITHHELD for v in cells) / len(cells) if cells else 0.0

    def is_flat(self, *columns: int) -> bool:
        """Whether no cell of these columns is over zero: a stack of them would be invisible."""
        return all(isinstance(row[c], Missing) or row[c] == 0 for row in self.rows for c in columns)


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a figure's legend: a colour's name, the mark's shape and the text."""

    colour: str
    shape: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """An ECharts option (JSON only) and the heights in which it is drawn.

    ``heights`` gives the height for each of the widths of the figure, widest first.
    """

    option: Mapping[str, object]
    heights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its heading, what it says in a sentence, and the table behind it.

    A tall one has two others beside it. ``datasets`` names the public tables that it shows.
    """

    id: str
    title: str
    takeaway: str
    grid: Grid
    chart: Chart | None
    legend: tuple[Key, ...] = ()
    notes: tuple[str, ...] = ()
    is_wide: bool = False
    is_tall: bool = False
    title_language: str | None = None
    datasets: tuple[str, ...] = ()
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table that is read as such.

    ``fold`` is the text behind which a long one is folded; a dense one has narrow columns; a half
    one stands beside a figure.
    """

    id: str
    caption: str
    grid: Grid
    notes: tuple[str, ...] = ()
    intro: str = ""
    fold: str = ""
    is_dense: bool = False
    is_half: bool = False
    datasets: tuple[str, ...] = ()
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Tile:
    """A key figure with a small comparison."""

    label: str
    value: str
    detail: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A link to a page with a few figures."""

    title: str
    path: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """A list of cards."""

    cards: tuple[Card, ...]
    kind: str = field(default="cards", init=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what they mean."""

    pairs: tuple[tuple[str, str], ...]
    kind: str = field(default="terms", init=False)


@dataclass(frozen=True, slots=True)
class Link:
    """A thing to fetch or a page to go to: its name, and text, address, remark of each form.

    ``code`` is its number in a catalogue, ``about`` says what it is, ``facts`` how much it holds;
    ``id`` is where others lead to it.
    """

    name: str
    forms: tuple[tuple[str, str, str], ...]
    code: str = ""
    about: str = ""
    facts: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class LinkList:
    """Things to fetch, each in one or more forms."""

    entries: tuple[Link, ...]
    kind: str = field(default="links", init=False)


@dataclass(frozen=True, slots=True)
class Fold:
    """What is read on demand: sentences or a table behind a line of text."""

    id: str
    label: str
    paragraphs: tuple[str, ...] = ()
    grid: Grid | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text under its own heading, with what can be unfolded below it."""

    id: str
    title: str
    paragraphs: tuple[str, ...]
    folds: tuple[Fold, ...] = ()
    notes: tuple[str, ...] = ()
    language: str | None = None
    datasets: tuple[str, ...] = ()
    kind: str = field(default="prose", init=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list: its name, how it stands, a sentence, facts, and what unfolds.

    ``mark`` is the colour of the state's sign; ``code`` a number by which others speak of it.
    """

    id: str
    title: str
    state: str
    mark: str
    code: str = ""
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    folds: tuple[Fold, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of things that each have a state, under one heading.

    What comes after ``n_shown`` of them is folded behind ``fold``.
    """

    id: str
    title: str
    entries: tuple[Entry, ...]
    intro: str = ""
    notes: tuple[str, ...] = ()
    fold: str = ""
    n_shown: int = 0
    datasets: tuple[str, ...] = ()
    kind: str = field(default="entries", init=False)


Block = Figure | DataTable | Cards | Terms | LinkList | Prose | Entries


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under its own heading."""

    id: str
    title: str
    blocks: Sequence[Block]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: where it lies, what it is called and what it holds."""

    path: str
    title: str
    eyebrow: str
    lede: str
    tiles: Sequence[Tile]
    sections: Sequence[Section]
    period: str = ""


def write_value(value: Value, *, form: str, words: Words) -> str:
    """A cell as the reader sees it."""
    if isinstance(value, Missing):
        return words(f"cell.{value.value}")
    if isinstance(value, bool):
        return words("cell.yes" if value else "cell.no")
    if isinstance(value, date):
        return _write_day(value, form=form, words=words)
    if isinstance(value, str):
        return value
    return _write_number(value, form=form, words=words)


def _write_day(value: date, *, form: str, words: Words) -> str:
    if form == "year":
        return str(value.year)
    if form == "quarter":
        return words.quarter(value)
    return words.month(value) if form == "month" else words.day(value)


def _write_number(value: float, *, form: str, words: Words) -> str:
    write = _NUMBERS.get(form)
    return words.number(value) if write is None else write(words, value)


def _plain(value: Value, form: str) -> object:
    if isinstance(value, Missing):
        return None
    if isinstance(value, date):
        return value.isoformat()[: _ISO_LENGTHS.get(form, 10)]
    return value


def _days(words: Words, value: float) -> str:
    return f"{words.number(value)}{NBSP}{words('unit.day')}"


def _days_more(words: Words, value: float) -> str:
    return f"{words.signed(value, decimals=1)}{NBSP}{words('unit.day')}"


def _points(words: Words, value: float) -> str:
    return f"{words.signed(value * 100)}{NBSP}{words('unit.points')}"


# How numbers of a form are written; of the other forms as whole numbers.
_NUMBERS: Mapping[str, Callable[[Words, float], str]] = {
    "share": Words.share,
    "duration": Words.duration,
    "p": Words.chance,
    "days": _days,
    "days_more": _days_more,
    "points": _points,
    "decimal": lambda words, value: words.number(value, decimals=1),
    "ratio": lambda words, value: words.number(value, decimals=2),
    "score_more": lambda words, value: words.signed(value, decimals=2),
    "euro": lambda words, value: f"{words.number(value)}{NBSP}€",
}
