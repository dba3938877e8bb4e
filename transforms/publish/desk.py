"""What every section of a page is written from: tables, labels, words and the publication."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from transforms.publish.figures import Figure, Grid, Key, Missing, Tile, Value, write_value
from transforms.publish.labels import Labels
from transforms.publish.public_tables import HEARD, Level, PublicTables, Row, day_of
from transforms.publish.publication import Publication
from transforms.publish.words import Words


@dataclass(frozen=True, slots=True)
class Desk:
    """Tables, labels, words and the publication's facts, together."""

    tables: PublicTables
    labels: Labels
    words: Words
    about: Publication

    def by_background(self) -> "Desk":
        """The desk for figures of people by their background, which have a threshold of their own.

        What is said of withheld figures names that threshold.
        """
        return replace(self, about=replace(self.about, min_cell_n=self.about.min_background_n))

    def own_language(self) -> str | None:
        """The language of texts that exist in Finnish only; none where the page is Finnish."""
        return None if self.words.language == "fi" else "fi"

    def nothing(self, table: str) -> str:
        """Why there is nothing to show, no source or no rows, and what would bring it."""
        why = self.words("empty.no_rows" if self.tables.has(table) else "empty.no_source")
        return f"{why} {self.words.texts.get(f'brings.{table}', '')}".rstrip()

    def write(self, value: Value, form: str) -> str:
        """A value as the reader sees it."""
        return write_value(value, form=form, words=self.words)

    def name(self, level: Level) -> str:
        """The name of a level's value: a department, a service, an area."""
        lists = {"department": "departments", "service": "services", "area": "areas"}
        if level.code == "city":
            return self.about.city_name
        return self.labels.of(lists.get(level.code, level.code), level.value)

    def span(self, table: str) -> str:
        """When the key figures are from, as the beginning of a sentence."""
        kind, start = self.tables.span(table)
        return self.words(f"span.{kind}", year=start.year if start else "")

    def span_short(self, table: str) -> str:
        """When the key figures are from, to follow a label: ``12 kk``."""
        kind, start = self.tables.span(table)
        return self.words(f"span_short.{kind}", year=start.year if start else "")

    def gap(self, value: Value, table: str) -> Value:
        """The value; without one and without the table's source, that there is no source."""
        is_sourceless = value is Missing.NONE and not self.tables.has(table)
        return Missing.NO_SOURCE if is_sourceless else value

    def silence(self, table: str, level: Level) -> str:
        """Since when a level has nothing; empty when its latest twelve months have something."""
        last = self.tables.silent_since(table, level)
        if last is None:
            return ""
        key = "silence.heard" if table == HEARD else "silence.tickets"
        return self.words(key, month=self.words.months[last.month - 1], year=last.year)

    def notes(self, grid: Grid, *keys: str) -> tuple[str, ...]:
        """Explanations named by ``keys``, and those that the grid's gaps call for."""
        found = [self.words(f"note.{key}") for key in keys]
        if grid.has(Missing.WITHHELD):
            found.append(self.words("note.withheld", n=self.about.min_cell_n))
        if grid.has(Missing.NOT_REACHED):
            found.append(self.words("note.not_reached"))
        if grid.has(Missing.NO_SOURCE):
            found.append(self.words("note.no_source"))
        return tuple(found)

    def legend(self, grid: Grid, *keys: Key) -> tuple[Key, ...]:
        """The keys of a figure's colours, and the asterisk's when figures are withheld."""
        if not grid.has(Missing.WITHHELD):
            return keys
        text = self.words("legend.withheld", n=self.about.min_cell_n)
        return (*keys, Key("muted", "star", text))

    def tile(
        self,
        table: str,
        level: Level,
        read: Callable[[Row | None], Value],
        *,
        key: str,
        form: str,
        **equal: object,
    ) -> Tile:
        """A key figure of the latest twelve months, compared with the period before."""
        value = self.gap(read(self.tables.latest(table, level, **equal)), table)
        return Tile(
            label=self.words(f"tile.{key}"),
            value=self.write(value, form),
            detail=self.compare(table, level, read, form=form, **equal),
            is_missing=isinstance(value, Missing),
        )

    def compare(
        self,
        table: str,
        level: Level,
        read: Callable[[Row | None], Value],
        *,
        form: str,
        **equal: object,
    ) -> str:
        """``edellinen 12 kk 4 pv`` or ``vuonna 2025 4 pv``; empty when there is no such figure."""
        found = self.tables.before(table, level, **equal)
        if found is None:
            return ""
        row, is_twelve = found
        value = read(row)
        if isinstance(value, Missing):
            return ""
        written = self.write(value, form)
        if is_twelve:
            return self.words("compare.twelve", value=written)
        year = day_of(row, "period_start_on").year
        return self.words("compare.year", year=year, value=written)

    def empty(self, grid: Grid | None, *, key: str, table: str, is_wide: bool = False) -> Figure:
        """A figure that says why it has no chart: no source, all withheld, or no rows."""
        if grid is None or not self.tables.has(table):
            reason = self.nothing(table)
        elif grid.has(Missing.WITHHELD):
            reason = self.words("empty.withheld", n=self.about.min_cell_n)
        elif grid.has(Missing.NOT_REACHED):
            reason = self.words("empty.not_reached")
        else:
            reason = self.nothing(table)
        return Figure(
            id=key.replace("_", "-"),
            title=self.words(f"{key}.title"),
            takeaway=reason,
            grid=grid or Grid(fields=(), rows=()),
            chart=None,
            notes=self.notes(grid) if grid else (),
            is_wide=is_wide,
            datasets=(table,),
        )
