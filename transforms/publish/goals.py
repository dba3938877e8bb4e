"""Goals of the budget (D14): what published figure each stands on, and how strongly."""

from transforms.publish.cells import CitedCell, describe_cell, write_interval
from transforms.publish.desk import Desk
from transforms.publish.figures import Entries, Entry, Missing, Value
from transforms.publish.public_tables import GOALS, Row, cell, fact, text_of

_MARKS = {"strong": "lake", "some": "lake-soft", "contrary": "warm"}
_SHOWN = 6


def goal_entries(desk: Desk, department: str) -> Entries:
    """A department's goals of its latest budget years, the newest year first."""
    rows = desk.tables.rows(GOALS, order=("priority_rank", "goal_id"), department_id=department)
    rows.sort(key=lambda r: -int(str(r["budget_year"])))
    return Entries(
        id="goals",
        title=desk.words("goals.title"),
        entries=tuple(_entry(desk, r) for r in rows),
        intro=_intro(desk, rows) if rows else desk.nothing(GOALS),
        notes=(desk.words("note.frozen"),) if rows else (),
        fold=desk.words("goals.more", n=desk.write(len(rows) - _SHOWN, "count")),
        n_shown=_SHOWN,
        datasets=(GOALS,),
    )


def _intro(desk: Desk, rows: list[Row]) -> str:
    without = sum(r["strength_code"] == "none" for r in rows)
    return desk.words(
        "goals.intro", n=desk.write(len(rows), "count"), without=desk.write(without, "count")
    )


def _entry(desk: Desk, row: Row) -> Entry:
    strength = text_of(row, "strength_code")
    facts = [(desk.words("field.budget_year"), str(row["budget_year"]))]
    if row["budget_eur"] is not None:
        facts.append((desk.words("field.budget"), desk.write(fact(row, "budget_eur"), "euro")))
    affected = _affected(row)
    if not isinstance(affected, Missing) or affected is Missing.WITHHELD:
        facts.append((desk.words("field.affected"), desk.write(affected, "count")))
    if row["decided_on"] is None:
        facts.append((desk.words("field.decided"), desk.words("goals.proposed")))
    return Entry(
        id=f"goal-{row['goal_id']}",
        title=text_of(row, "goal_text"),
        state=desk.words(
            "goals.strength", strength=desk.labels.of("evidence_strength", strength).lower()
        ),
        mark=_MARKS.get(strength, "stone"),
        text=_evidence(desk, row),
        facts=tuple(facts),
        language=desk.own_language(),
    )


def _affected(row: Row) -> Value:
    """Residents concerned: withheld only in a row that says so, else not told."""
    value = fact(row, "n_residents_affected")
    return Missing.WITHHELD if value is Missing.NONE and row["is_suppressed"] else value


def _evidence(desk: Desk, row: Row) -> str:
    """The cell with its value and interval; why there is none, when there is none."""
    state = text_of(row, "evidence_state_code")
    if state != "found":
        return desk.words(f"goals.evidence_{state}")
    named = describe_cell(desk, text_of(row, "evidence_reference"))
    sentence = desk.words(
        "goals.evidence",
        dataset=named.dataset,
        figure=named.figure,
        place=named.place,
        value=_with_interval(desk, row, named),
        day=desk.write(fact(row, "frozen_on"), "day"),
    )
    after = cell(row, "value_next")
    if isinstance(after, Missing):
        return sentence
    return f"{sentence} {desk.words('goals.next', value=desk.write(after, named.form))}"


def _with_interval(desk: Desk, row: Row, named: CitedCell) -> str:
    value = desk.write(fact(row, "evidence_value"), named.form)
    interval = write_interval(desk, row, ("evidence_low", "evidence_high"), form=named.form)
    return f"{value} ({interval})" if interval else value
