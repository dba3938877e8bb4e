"""Actions of the departments (D10): whether they are in time, and what changed after them."""

from datetime import date

from transforms.publish.cells import describe_cell, list_of, write_interval
from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Entries, Entry, Field, Grid, Missing, Tile, Value
from transforms.publish.public_tables import ACTIONS, Row, day_of, fact, months_before, text_of

_OPEN = ("planned", "under_way")
_MEASURED = ("better", "worse", "no_evidence")
_YEAR = 12
_SHOWN = 6
_MOST_DONE = 24


def action_rows(desk: Desk, *, department: str | None = None) -> list[Row]:
    """Actions of a department or of all: open ones first, the latest of them first."""
    equal = {} if department is None else {"department_id": department}
    rows = desk.tables.rows(ACTIONS, order=("action_id",), **equal)
    return sorted(rows, key=_urgency)


def action_tables(desk: Desk, department: str) -> list[DataTable]:
    """A department's actions under way, and behind a fold those that are closed."""
    rows = action_rows(desk, department=department)
    still = [r for r in rows if r["status_code"] in _OPEN]
    closed = [r for r in rows if r["status_code"] not in _OPEN]
    said = _sentence(desk, rows) if rows else desk.nothing(ACTIONS)
    tables = [_table(desk, still, key="open", intro=said)]
    if closed:
        tables.append(_table(desk, closed, key="closed", intro=""))
    return tables


def _table(desk: Desk, rows: list[Row], *, key: str, intro: str) -> DataTable:
    """Actions with their state, deadline and delay; of closed ones also what changed after."""
    words, is_closed = desk.words, key == "closed"
    fields = [
        Field(words("field.action"), language=desk.own_language()),
        Field(words("field.state")),
        Field(words("field.due"), "day"),
        Field(words("field.late")),
    ]
    read: list[tuple[Value, ...]] = [
        (text_of(r, "title"), _state(desk, r), fact(r, "due_on"), _late(desk, r)) for r in rows
    ]
    if is_closed:
        fields.append(Field(words("field.effect")))
        read = [(*cells, _effect(desk, r)) for cells, r in zip(read, rows, strict=True)]
    grid = Grid(tuple(fields), tuple(read))
    return DataTable(
        id=f"actions-{key}",
        caption=words(f"actions.{key}"),
        intro=intro,
        grid=grid,
        notes=desk.notes(grid, "effect") if is_closed else (),
        fold=words("actions.fold", n=desk.write(len(rows), "count")) if is_closed else "",
        datasets=(ACTIONS,),
    )


def done_entries(desk: Desk) -> Entries:
    """The latest actions that are done, each with what changed after it."""
    first = months_before(desk.about.snapshot_on, _YEAR)
    done = [r for r in action_rows(desk) if r["status_code"] == "done" and r["closed_on"]]
    recent = [r for r in done if day_of(r, "closed_on") >= first]
    recent.sort(key=lambda r: day_of(r, "closed_on"), reverse=True)
    shown = recent[:_MOST_DONE]
    return Entries(
        id="actions-done",
        title=desk.words("actions.done_title"),
        entries=tuple(_entry(desk, r) for r in shown),
        intro=desk.words("actions.done_intro") if shown else desk.nothing(ACTIONS),
        notes=(desk.words("note.effect"), desk.words("note.not_measured")) if shown else (),
        fold=desk.words("actions.more", n=desk.write(len(shown) - _SHOWN, "count")),
        n_shown=_SHOWN,
        datasets=(ACTIONS,),
    )


def late_tile(desk: Desk) -> Tile:
    """Open actions of the city, and how many of them are late."""
    rows = [r for r in action_rows(desk) if r["status_code"] in _OPEN]
    if not desk.tables.has(ACTIONS):
        gap = desk.write(Missing.NO_SOURCE, "text")
        return Tile(desk.words("tile.actions_open"), gap, is_missing=True)
    late = sum(_is_late(r) for r in rows)
    return Tile(
        label=desk.words("tile.actions_open"),
        value=desk.write(len(rows), "count"),
        detail=desk.words("compare.late", n=desk.write(late, "count")),
    )


def _entry(desk: Desk, row: Row) -> Entry:
    words = desk.words
    groups = list_of(desk, row["groups"], "group")
    facts = [
        (words("field.department"), desk.labels.of("departments", text_of(row, "department_id"))),
        (words("field.done"), desk.write(fact(row, "closed_on"), "day")),
    ]
    if row["topic_id"] is not None:
        facts.append((words("field.topic"), desk.labels.of("topics", text_of(row, "topic_id"))))
    if not isinstance(groups, Missing):
        facts.append((words("field.groups"), str(groups)))
    verdict = text_of(row, "effect_verdict_code")
    return Entry(
        id=f"action-{row['action_id']}",
        title=text_of(row, "title"),
        state=desk.words("actions.effect_is", verdict=_verdict(desk, verdict)),
        mark={"better": "lake", "worse": "warm"}.get(verdict, "stone"),
        text=_effect_sentence(desk, row),
        facts=tuple(facts),
        language=desk.own_language(),
    )


def _verdict(desk: Desk, code: str) -> str:
    return desk.labels.of("effect_verdict", code).lower()


def _effect_sentence(desk: Desk, row: Row) -> str:
    """Before and after with the change's interval; nothing when it was not measured."""
    if row["effect_verdict_code"] == "not_comparable":
        return desk.words("actions.effect_not_comparable")
    if row["effect_verdict_code"] not in _MEASURED:
        return ""
    named = describe_cell(desk, text_of(row, "effect_reference"))
    low_high = write_interval(
        desk, row, ("effect_low", "effect_high"), form=_change_form(named.form)
    )
    return desk.words(
        "actions.effect",
        figure=named.figure,
        dataset=named.dataset,
        before=desk.write(fact(row, "value_before"), named.form),
        after=desk.write(fact(row, "value_after"), named.form),
        change=desk.write(fact(row, "effect"), _change_form(named.form)),
        interval=low_high,
    )


def _effect(desk: Desk, row: Row) -> Value:
    """The verdict, and where it was measured the change with its interval."""
    label = desk.labels.of("effect_verdict", text_of(row, "effect_verdict_code"))
    if row["status_code"] != "done":
        return Missing.NONE
    if row["effect_verdict_code"] not in _MEASURED:
        return label
    form = _change_form(describe_cell(desk, text_of(row, "effect_reference")).form)
    change = desk.write(fact(row, "effect"), form)
    interval = write_interval(desk, row, ("effect_low", "effect_high"), form=form)
    return f"{label}: {change} ({interval})" if interval else f"{label}: {change}"


def _change_form(form: str) -> str:
    """How a difference of values of a form is written."""
    return {"share": "points", "days": "days_more", "ratio": "score_more"}.get(form, form)


def _state(desk: Desk, row: Row) -> str:
    label = desk.labels.of("action_status", text_of(row, "status_code"))
    closed = row["closed_on"]
    return f"{label} {desk.words.day(closed)}" if isinstance(closed, date) else label


def _late(desk: Desk, row: Row) -> Value:
    """How late; that it is in time, when it has a deadline."""
    days = row["days_late"]
    if not isinstance(days, int):
        return Missing.NONE
    return desk.write(days, "days") if days else desk.words("actions.in_time")


def _is_late(row: Row) -> bool:
    return isinstance(row["days_late"], int) and row["days_late"] > 0


def _sentence(desk: Desk, rows: list[Row]) -> str:
    """How many are open, late and done."""
    still = [r for r in rows if r["status_code"] in _OPEN]
    return desk.words(
        "actions.sentence",
        open=desk.write(len(still), "count"),
        late=desk.write(sum(_is_late(r) for r in still), "count"),
        done=desk.write(sum(r["status_code"] == "done" for r in rows), "count"),
    )


def _urgency(row: Row) -> tuple[bool, int, str, str]:
    """Open before closed; of the open the most delayed, then the nearest; the latest closed."""
    is_closed = row["status_code"] not in _OPEN
    late = row["days_late"] if isinstance(row["days_late"], int) else 0
    if is_closed:
        closed = row["closed_on"]
        return (
            True,
            -closed.toordinal() if isinstance(closed, date) else 0,
            "",
            text_of(row, "title"),
        )
    return False, -late, str(row["due_on"] or "9999"), text_of(row, "title")
