"""What stands on a page, as plain data: grids of cells, figures, tiles, sections, pages.

A figure's chart and its table are made from one grid, so that they cannot differ. Nothing here
knows HTML; texts are plain and escaped by the templates.
"""

from collections.abc import Mapping, Sequence
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

    ``form`` is text, year, month, day, count, share, duration, days, decimal or yes_no.
    ``language`` is set when the values are in another language than the page.
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
    """A chart with its heading, what it says in a sentence, and the table behind it."""

    id: str
    title: str
    takeaway: str
    grid: Grid
    chart: Chart | None
    legend: tuple[Key, ...] = ()
    notes: tuple[str, ...] = ()
    is_wide: bool = False
    title_language: str | None = None
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table that is read as such.

    ``fold`` is the text behind which a long one is folded; a dense one has narrow columns.
    """

    id: str
    caption: str
    grid: Grid
    notes: tuple[str, ...] = ()
    intro: str = ""
    fold: str = ""
    is_dense: bool = False
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
class LinkList:
    """Things to fetch, each in one or more forms: its name, and text, address, remark of each."""

    entries: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    kind: str = field(default="links", init=False)


Block = Figure | DataTable | Cards | Terms | LinkList


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
    return words.month(value) if form == "month" else words.day(value)


def _write_number(value: float, *, form: str, words: Words) -> str:
    match form:
        case "share":
            return words.share(value)
        case "duration":
            return words.duration(value)
        case "days":
            return f"{words.number(value)}{NBSP}{words('unit.day')}"
        case "decimal":
            return words.number(value, decimals=1)
        case _:
            return words.number(value)


def _plain(value: Value, form: str) -> object:
    if isinstance(value, Missing):
        return None
    if isinstance(value, date):
        return value.isoformat()[: _ISO_LENGTHS.get(form, 10)]
    return value
