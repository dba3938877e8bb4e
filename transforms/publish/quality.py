"""What the figures stand on: deliveries by source, rejected rows and freshness."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Field, Grid, Missing, Value
from transforms.publish.public_tables import QUALITY, Row, text_of

_MOST_FILES = 60
_MOST_REASONS = 12


def source_table(desk: Desk) -> DataTable:
    """One row per source: files, rows in, accepted, rejected, duplicates, dates, freshness."""
    words = desk.words
    fields = (
        Field(words("field.source")),
        Field(words("field.files"), "count"),
        Field(words("field.rows_in"), "count"),
        Field(words("field.accepted"), "count"),
        Field(words("field.rejected"), "count"),
        Field(words("field.duplicates"), "count"),
        Field(words("field.latest"), "day"),
        Field(words("field.fresh")),
    )
    rows = desk.tables.rows(QUALITY, order=("source_code", "delivery_id", "table_name"))
    sources = sorted({text_of(r, "source_code") for r in rows})
    grid = Grid(
        fields,
        tuple(_source_row(desk, s, [r for r in rows if r["source_code"] == s]) for s in sources),
    )
    notes = (words("note.identity"),) if rows else (words("empty.no_source"),)
    return DataTable(id="sources", caption=words("quality.sources"), grid=grid, notes=notes)


def reason_table(desk: Desk) -> DataTable:
    """Reasons for which rows were rejected, with their counts, most frequent first."""
    counts: Counter[str] = Counter()
    for row in desk.tables.rows(QUALITY):
        for part in text_of(row, "reasons").split(";"):
            name, _, count = part.strip().partition("=")
            if count.isdigit():
                counts[name] += int(count)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_REASONS]
    is_labelled = bool(desk.labels.codes("reject_reason"))
    fields = (
        Field(desk.words("field.reason"), language=None if is_labelled else "en"),
        Field(desk.words("field.rejected"), "count"),
    )
    return DataTable(
        id="reasons",
        caption=desk.words("quality.reasons"),
        grid=Grid(fields, tuple((desk.labels.of("reject_reason", r), n) for r, n in ranked)),
        notes=() if ranked else (desk.words("quality.none"),),
    )


def trouble_table(desk: Desk) -> DataTable:
    """Deliveries of which rows were rejected or that were refused, at most sixty."""
    words = desk.words
    rows = [
        r
        for r in desk.tables.rows(QUALITY, order=("source_code", "first_seen_on", "delivery_id"))
        if r["verdict_code"] != "ok"
    ]
    fields = (
        Field(words("field.delivery")),
        Field(words("field.source")),
        Field(words("field.format")),
        Field(words("field.seen"), "day"),
        Field(words("field.rows_in"), "count"),
        Field(words("field.rejected"), "count"),
        Field(words("field.verdict")),
    )
    grid = Grid(fields, tuple(_trouble_row(desk, r) for r in rows[:_MOST_FILES]))
    notes = [] if rows else [words("quality.none")]
    if len(rows) > _MOST_FILES:
        notes.append(words("quality.more", shown=_MOST_FILES, n=desk.write(len(rows), "count")))
    return DataTable(
        id="deliveries", caption=words("quality.deliveries"), grid=grid, notes=tuple(notes)
    )


def stale_sentences(desk: Desk) -> tuple[str, ...]:
    """A sentence per stale source, from the publication's own list and the quality report."""
    told = {s.source_code: (s.label, s.latest_on) for s in desk.about.stale_sources}
    for row in desk.tables.rows(QUALITY, order=("source_code",), is_stale=True):
        code = text_of(row, "source_code")
        label, latest = told.get(code, (code, None))
        told[code] = (label, _later(latest, row["max_on"]))
    return tuple(_stale(desk, label, latest) for _, (label, latest) in sorted(told.items()))


def _stale(desk: Desk, label: str, latest: date | None) -> str:
    if latest is None:
        return desk.words("stale.source", source=label)
    return desk.words("stale.source_until", source=label, day=desk.words.day(latest))


def _later(one: date | None, other: object) -> date | None:
    if not isinstance(other, date):
        return one
    return other if one is None or other > one else one


def _source_row(desk: Desk, source: str, rows: Sequence[Row]) -> tuple[Value, ...]:
    sums = ("n_rows_in", "n_accepted", "n_rejected", "n_duplicate")
    latest = max((d for r in rows if isinstance(d := r["max_on"], date)), default=None)
    is_stale = any(r["is_stale"] for r in rows)
    return (
        source,
        len({r["delivery_id"] for r in rows}),
        *(sum(int(str(r[name])) for r in rows) for name in sums),
        latest or Missing.NONE,
        desk.words("quality.stale" if is_stale else "quality.fresh"),
    )


def _trouble_row(desk: Desk, row: Row) -> tuple[Value, ...]:
    seen = row["first_seen_on"]
    return (
        text_of(row, "delivery_id"),
        text_of(row, "source_code"),
        desk.labels.of("delivery_format", text_of(row, "format_code")),
        seen if isinstance(seen, date) else Missing.NONE,
        int(str(row["n_rows_in"])),
        int(str(row["n_rejected"])),
        desk.labels.of("file_verdict", text_of(row, "verdict_code")),
    )
