"""What the figures stand on: deliveries by source, rejected rows and freshness."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Field, Grid, Missing, Value
from transforms.publish.public_tables import QUALITY, Row, text_of


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
    return DataTable(
        id="sources",
        caption=words("quality.sources"),
        grid=grid,
        notes=notes,
        datasets=(QUALITY,),
    )


def reason_table(desk: Desk) -> DataTable:
    """Reasons for which rows were rejected, with their counts, most frequent first."""
    counts: Counter[str] = Counter()
    for row in desk.tables.rows(QUALITY):
        for part in text_of(row, "reasons").split(";"):
            name, _, count = part.strip().partition("=")
            if count.isdigit():
                counts[reason_label(desk, name)] += int(count)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    fields = (Field(desk.words("field.reason")), Field(desk.words("field.rejected"), "count"))
    return DataTable(
        id="reasons",
        caption=desk.words("quality.reasons"),
        grid=Grid(fields, tuple(ranked)),
        notes=() if ranked else (desk.words(_nothing(desk)),),
        datasets=(QUALITY,),
    )


def reason_label(desk: Desk, code: str) -> str:
    """A reason in words; a contract's rule (``n_open_is_large_enough``) by its ending."""
    label = desk.labels.of("reject_reason", code)
    if label != code:
        return label
    endings = [c for c in desk.labels.codes("reject_reason") if code.endswith(f"_{c}")]
    if not endings:
        return desk.words("quality.other_reason")
    return desk.labels.of("reject_reason", max(endings, key=len))


def refused_table(desk: Desk) -> DataTable:
    """Files of which rows were rejected, or that were refused, counted by source and format."""
    words = desk.words
    files: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    lost: Counter[tuple[str, str, str]] = Counter()
    for row in desk.tables.rows(QUALITY):
        if row["verdict_code"] != "ok":
            key = tuple(text_of(row, n) for n in ("source_code", "format_code", "verdict_code"))
            files[key[0], key[1], key[2]].add(text_of(row, "delivery_id"))
            lost[key[0], key[1], key[2]] += int(str(row["n_rejected"]))
    fields = (
        Field(words("field.source")),
        Field(words("field.format")),
        Field(words("field.verdict")),
        Field(words("field.files"), "count"),
        Field(words("field.rejected"), "count"),
    )
    rows = tuple(
        (
            source_label(desk, source),
            desk.labels.of("delivery_format", form),
            desk.labels.of("file_verdict", verdict),
            len(files[source, form, verdict]),
            Missing.NONE if verdict == "refused" else lost[source, form, verdict],
        )
        for source, form, verdict in sorted(files)
    )
    return DataTable(
        id="deliveries",
        caption=words("quality.deliveries"),
        grid=Grid(fields, rows),
        notes=(words("quality.refused"),) if rows else (words(_nothing(desk)),),
        datasets=(QUALITY,),
    )


def source_label(desk: Desk, code: str) -> str:
    """What a source is called: by the texts, else by the code list, else its folder's name."""
    return desk.words.texts.get(f"source.{code}") or desk.labels.of("source", code)


def _nothing(desk: Desk) -> str:
    return "quality.none" if desk.tables.has(QUALITY) else "empty.no_source"


def stale_sentences(desk: Desk) -> tuple[str, ...]:
    """A sentence per stale source, from the publication's own list and the quality report."""
    told = {s.source_code: (s.label, s.latest_on) for s in desk.about.stale_sources}
    for row in desk.tables.rows(QUALITY, order=("source_code",), is_stale=True):
        code = text_of(row, "source_code")
        label, latest = told.get(code, (source_label(desk, code), None))
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
        source_label(desk, source),
        len({r["delivery_id"] for r in rows}),
        *(sum(int(str(r[name])) for r in rows) for name in sums),
        latest or Missing.NONE,
        desk.words(_freshness(latest, is_stale=is_stale)),
    )


def _freshness(latest: date | None, *, is_stale: bool) -> str:
    """Key of what is said of a source: nothing is called fresh whose days are not known."""
    if is_stale:
        return "quality.stale"
    return "level.unknown" if latest is None else "quality.fresh"
