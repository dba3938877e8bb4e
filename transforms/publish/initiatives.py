"""Residents' initiatives (kuntalaisaloite): what has become of each, and how long it took."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from statistics import median

from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Field, Grid, Missing, Tile, Value
from transforms.publish.public_tables import INITIATIVES, Row, fact, months_before, text_of

_Rows = list[Row]
_REACHED = ("confirmed", "possibly_reached")
_RECENT_MONTHS = 24
_MOST_OPEN_ROWS = 20


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of an initiative table: its heading, the form of its values, how they are read."""

    key: str
    form: str
    read: Callable[[Desk, Row], Value]


def initiative_rows(desk: Desk, *, department: str | None = None) -> _Rows:
    """Initiatives, of one department or all, the latest filed first."""
    equal = {} if department is None else {"department_id": department}
    rows = desk.tables.rows(INITIATIVES, order=("initiative_id",), **equal)
    return sorted(rows, key=_age, reverse=True)


def initiative_tiles(desk: Desk, rows: _Rows) -> list[Tile]:
    """Initiatives in all, pending, decided with their median time, and overdue."""
    if not desk.tables.has(INITIATIVES):
        gap = desk.write(Missing.NO_SOURCE, "text")
        return [Tile(desk.words("tile.initiatives"), gap, is_missing=True)]
    decided = [r for r in rows if _is_decided(r)]
    times = [int(str(r["days_to_decision"])) for r in decided if r["days_to_decision"] is not None]
    took = desk.words("compare.median", value=desk.write(median(times), "days")) if times else ""
    late = sum(bool(r["is_overdue"]) for r in decided)
    written = desk.write(late, "count")
    return [
        _count(desk, "initiatives", len(rows)),
        _count(desk, "pending", sum(_is_pending(r) for r in rows)),
        _count(desk, "decided", len(decided), detail=took),
        _count(
            desk,
            "overdue",
            sum(_is_pending(r) and bool(r["is_overdue"]) for r in rows),
            detail=desk.words("compare.decided_late", n=written) if late else "",
        ),
    ]


def department_initiatives(desk: Desk, rows: _Rows) -> list[DataTable]:
    """A department's pending initiatives, the overdue first, then those of the last two years."""
    pending = sorted((r for r in rows if _is_pending(r)), key=_urgency)
    first = months_before(desk.about.snapshot_on, _RECENT_MONTHS)
    others = [r for r in rows if not _is_pending(r)]
    recent = [r for r in others if (_last_step(r) or date.min) >= first]
    left = len(rows) - len(pending) - len(recent)
    more = desk.words("initiatives.more", n=desk.write(left, "count"))
    notes = (more,) if left else ()
    return [
        *_group(desk, "pending", pending, (_FILED, _SUPPORTERS, _CLOCK, _STATE)),
        *_group(
            desk, "recent", recent, (_FILED, _SUPPORTERS, _STATE, _TOLD), notes=notes, is_kept=True
        ),
    ]


def all_initiatives(desk: Desk, rows: _Rows) -> list[DataTable]:
    """Every initiative in one group: two per cent reached, pending, decided, collecting, gone."""
    reached = [r for r in rows if r["threshold_status_code"] in _REACHED]
    rest = [r for r in rows if r["threshold_status_code"] not in _REACHED]
    decided = sorted((r for r in rest if _is_decided(r)), key=_decided_on, reverse=True)
    open_ones = [r for r in rest if not _is_decided(r) and not _is_pending(r)]
    pending = sorted((r for r in rest if _is_pending(r)), key=_urgency)
    ways = (_DEPARTMENT, _FILED, _SUPPORTERS)
    return [
        *_group(
            desk,
            "reached",
            sorted(reached, key=_urgency),
            (_DEPARTMENT, _FILED, _SUPPORTERS, _THRESHOLD, _CLOCK, _STATE),
            notes=(desk.words("note.threshold"),),
            is_kept=True,
        ),
        *_group(desk, "pending", pending, (*ways, _STATE, _TOLD)),
        *_group(desk, "decided", decided, (*ways, _STATE, _TOLD)),
        *_group(
            desk,
            "collecting",
            [r for r in open_ones if not r["is_vanished"]],
            (_DEPARTMENT, _PUBLISHED, _SUPPORTERS, _LIMIT),
        ),
        *_group(
            desk,
            "vanished",
            [r for r in open_ones if r["is_vanished"]],
            (_DEPARTMENT, _PUBLISHED, _SUPPORTERS),
        ),
    ]


def _group(
    desk: Desk,
    key: str,
    rows: _Rows,
    columns: tuple[_Column, ...],
    *,
    notes: tuple[str, ...] = (),
    is_kept: bool = False,
) -> list[DataTable]:
    """A group's table, its heading with its count; no table when empty, unless it is kept."""
    words = desk.words
    if not rows and not (is_kept and (notes or key == "reached")):
        return []
    own = None if words.language == "fi" else "fi"
    fields = [Field(words("field.title"), language=own)]
    fields += [Field(words(f"field.{c.key}"), c.form) for c in columns]
    read = tuple((_title(desk, r), *(c.read(desk, r) for c in columns)) for r in rows)
    count = desk.write(len(rows), "count")
    is_long = len(rows) > _MOST_OPEN_ROWS
    table = DataTable(
        id=f"initiatives-{key}",
        caption=words(f"initiatives.group_{key}", n=count),
        intro=words(f"initiatives.group_{key}_is"),
        grid=Grid(tuple(fields), read),
        notes=notes,
        fold=words("initiatives.fold", n=count) if is_long else "",
        datasets=(INITIATIVES,),
    )
    return [table]


def _title(desk: Desk, row: Row) -> str:
    return text_of(row, "title") or desk.words("initiatives.untitled")


def _clock(desk: Desk, row: Row) -> str:
    """The six months of an initiative that two per cent may support; else that none apply."""
    due = row["six_month_due_on"]
    if not isinstance(due, date):
        is_unknown = row["threshold_status_code"] == "unknown"
        return desk.words("clock.unknown" if is_unknown else "clock.below")
    day, decided = desk.write(due, "day"), row["decision_on"]
    if isinstance(decided, date):
        return desk.words("clock.kept" if decided <= due else "clock.broken", day=day)
    left = (due - desk.about.snapshot_on).days
    key = "clock.running" if left >= 0 else "clock.over"
    return desk.words(key, day=day, days=desk.write(abs(left), "days"))


def _state(desk: Desk, row: Row) -> str:
    """The decision and its day, or for how long it has been pending."""
    days = fact(row, "days_pending")
    written = desk.write(days, "days")
    if _is_decided(row):
        key = "initiatives.decided" if row["decision_code"] is None else "initiatives.state"
        return desk.words(
            key,
            state=desk.labels.of("initiative_decision", text_of(row, "decision_code")),
            day=desk.write(fact(row, "decision_on"), "day"),
        )
    if row["is_vanished"]:
        return desk.words("initiatives.vanished")
    if not _is_pending(row):
        return desk.words("initiatives.collecting")
    if isinstance(days, Missing):
        return desk.words("initiatives.pending")
    return desk.words("initiatives.pending_for", days=written)


def _is_decided(row: Row) -> bool:
    return row["decision_on"] is not None or row["decision_code"] is not None


def _is_pending(row: Row) -> bool:
    return row["filed_on"] is not None and not _is_decided(row)


def _last_step(row: Row) -> date | None:
    """The day of the decision, else of filing, else of publication."""
    found = (row[name] for name in ("decision_on", "filed_on", "published_on"))
    return next((day for day in found if isinstance(day, date)), None)


def _decided_on(row: Row) -> str:
    return str(row["decision_on"] or "")


def _urgency(row: Row) -> tuple[bool, bool, str, str]:
    """Undecided before decided, overdue first, then the nearest deadline, then the oldest."""
    due = str(row["six_month_due_on"] or "9999")
    return _is_decided(row), not row["is_overdue"], due, _age(row)


def _age(row: Row) -> str:
    return str(row["filed_on"] or row["published_on"] or "")


def _count(desk: Desk, key: str, count: int, *, detail: str = "") -> Tile:
    return Tile(desk.words(f"tile.{key}"), desk.write(count, "count"), detail)


_DEPARTMENT = _Column(
    "department", "text", lambda desk, r: desk.labels.of("departments", text_of(r, "department_id"))
)
_FILED = _Column("filed", "day", lambda _, r: fact(r, "filed_on"))
_PUBLISHED = _Column("published", "day", lambda _, r: fact(r, "published_on"))
_SUPPORTERS = _Column("supporters", "count", lambda _, r: fact(r, "n_supporters"))
_LIMIT = _Column("limit", "count", lambda _, r: fact(r, "threshold_n"))
_THRESHOLD = _Column(
    "threshold",
    "text",
    lambda desk, r: desk.labels.of("threshold_status", text_of(r, "threshold_status_code")),
)
_CLOCK = _Column("clock", "text", _clock)
_STATE = _Column("decision", "text", _state)
_TOLD = _Column("told", "day", lambda _, r: fact(r, "progress_published_on"))
