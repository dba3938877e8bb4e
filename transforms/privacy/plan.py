"""What a disclosure plan is: the counts of a public table, what they add up to, what rests on them.

Declarations only; the plans themselves stand in ``plans`` and its neighbours, the arithmetic in
``system``. See ``docs/methods/disclosure.md``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import polars as pl

Relations = dict[str, pl.DataFrame]


class Limit(StrEnum):
    """Which of the two thresholds of the settings holds."""

    OPEN = "open"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Count:
    """A column that counts people or their acts.

    Two printings of one ``measure`` with the same ``key`` are one quantity, in whichever tables
    they stand. ``key`` maps the name of a dimension to the column or expression that gives it; an
    empty one stands for the plan's key. ``where`` says in which rows the open form prints the
    column; elsewhere it is null for everybody, which is no suppression. ``margins`` is false for
    a count that the plan's relations do not add up.
    """

    column: str
    measure: str
    key: Mapping[str, pl.Expr | str] = field(default_factory=dict)
    where: pl.Expr | None = None
    weight: float = 1.0
    margins: bool = True


@dataclass(frozen=True, slots=True)
class Parts:
    """Columns that are parts of another within a row; ``has_rest`` when nobody prints the rest."""

    total: str
    parts: tuple[str, ...]
    has_rest: bool = True


@dataclass(frozen=True, slots=True)
class Bridge:
    """A count that is part of a count of another table, the rest being printed nowhere.

    ``part`` and ``whole`` name measures; ``extra`` are the dimensions that the whole has beside
    those of the part, with their values.
    """

    part: str
    whole: str
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Within:
    """A count of what lasts for some years, within the counts of those years in another table.

    ``first`` and ``last`` are the columns of its years; ``whole`` is the count of ``table`` by
    ``year`` in the rows ``where``; rows of the two belong together by the columns ``alike``.
    """

    column: str
    first: str
    last: str
    table: str
    whole: str
    year: str
    where: pl.Expr
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stock:
    """A stock and its flows between one row and the next of the same cell: +1 in, −1 out."""

    column: str
    flows: Mapping[str, int]
    within: tuple[str, ...]
    order: str


@dataclass(frozen=True, slots=True)
class Rounded:
    """A figure that is told roughly, and the count on which it rests.

    ``kind`` is ``share`` (in steps that hold as many counts as the threshold), ``value`` (with
    ``decimals``) or ``width`` (the same, rounded up: errors). ``adds_up`` marks shares whose
    numerators are plain counts that the plan's relations add up.
    """

    column: str
    base: str
    kind: str = "share"
    decimals: int = 1
    adds_up: bool = False


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of an interval round a figure of ``rounded``, and of the scale if it has ends."""

    middle: str
    low: str
    high: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How one public table is disclosed.

    ``select`` gives the open form of the mart (whole rows that are printed, and no others).
    ``base`` is the count that a row describes: withheld, it takes the row's other counts and its
    ``estimates`` with it, but for the counts ``apart``; so do the counts ``beside`` it take the
    estimates, and a small one of ``evidence``. ``own_base`` names estimates that rest on another
    count. ``limit`` tells the threshold, ``exempt`` the rows in which a count is public
    elsewhere, ``applies`` the rows that count people or their acts at all, ``cost`` what it costs
    to withhold a count of a row, over and above its size. ``hidden`` are estimates that the open
    form does not print in some rows, ``drop`` columns that stay in the house, ``after`` what
    remains to be done to the public table. ``flows`` names the counts whose growth between two
    publications is itself a count of people or acts; ``group`` the tables that share quantities,
    and so are renewed together.

    A plan without ``base`` passes the table through: it counts nobody.
    """

    key: tuple[str, ...]
    counts: tuple[Count, ...] = ()
    base: str | None = None
    select: Callable[[pl.DataFrame, date], pl.DataFrame] | None = None
    parts: tuple[Parts, ...] = ()
    relations: Callable[[pl.DataFrame, pl.DataFrame], Relations] | None = None
    bridges: tuple[Bridge, ...] = ()
    within: tuple[Within, ...] = ()
    stock: Stock | None = None
    estimates: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    own_base: Mapping[str, str] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    rounded: tuple[Rounded, ...] = ()
    ends: tuple[Ends, ...] = ()
    limit: Limit = Limit.OPEN
    exempt: Callable[[str], pl.Expr] | None = None
    applies: pl.Expr | None = None
    cost: pl.Expr | None = None
    hidden: Mapping[str, pl.Expr] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    after: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    flows: tuple[str, ...] = ()
    group: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the counts."""
        return tuple(count.column for count in self.counts)

    @property
    def places(self) -> tuple[str, ...]:
        """Columns that tell where a count stands: the key, and those of the counts' own keys."""
        asked = [
            name
            for count in self.counts
            for source in count.key.values()
            for name in ([source] if isinstance(source, str) else source.meta.root_names())
        ]
        return tuple(dict.fromkeys((*self.key, *asked)))
