"""The measures of the participation model (D01, D02), each with its state and evidence."""

from collections.abc import Mapping, Sequence

from transforms.publish.cells import list_of
from transforms.publish.desk import Desk
from transforms.publish.figures import (
    DataTable,
    Entries,
    Entry,
    Field,
    Fold,
    Grid,
    Missing,
    Tile,
    Value,
)
from transforms.publish.palette import STATUS_COLOURS
from transforms.publish.public_tables import MEASURES, REVIEWS, Row, cell, fact, text_of

CITY_ROW = "all"
UNKNOWN = "unknown"


def measure_rows(desk: Desk, *, in_force: bool = True) -> list[Row]:
    """Measures of the version in force, or of the versions before it, in the model's order."""
    rows = desk.tables.rows(MEASURES, order=("model_version", "section"))
    latest = max((text_of(r, "model_version") for r in rows), default="")
    return [r for r in rows if (r["model_version"] == latest) == in_force]


def review_year(desk: Desk) -> int | None:
    """The latest year that has been reviewed."""
    years = [int(str(r["review_year"])) for r in desk.tables.rows(REVIEWS, department_id=CITY_ROW)]
    return max(years, default=None)


def reviews_of(desk: Desk, *, year: int | None) -> Mapping[str, Row]:
    """The city's rows of a year, by measure."""
    rows = desk.tables.rows(REVIEWS, department_id=CITY_ROW, review_year=year)
    return {text_of(r, "measure_id"): r for r in rows}


def measure_tiles(desk: Desk) -> list[Tile]:
    """How many measures there are, how they stand, and of how many nothing is known."""
    measures = measure_rows(desk)
    if not measures:
        gap = desk.write(Missing.NO_SOURCE, "text")
        return [Tile(desk.words("tile.measures"), gap, is_missing=True)]
    found = reviews_of(desk, year=review_year(desk))
    reviews = [found[m] for r in measures if (m := text_of(r, "measure_id")) in found]
    states = [r["status_code"] for r in reviews]
    told = [Tile(desk.words("tile.measures"), desk.write(len(measures), "count"))]
    told += [
        Tile(desk.labels.of("measure_status", code), desk.write(states.count(code), "count"))
        for code in ("reached", "under_way", "late", "not_started")
    ]
    blind = sum(bool(r["is_blind_spot"]) for r in reviews)
    return [*told, Tile(desk.words("tile.blind_spots"), desk.write(blind, "count"))]


def part_entries(desk: Desk, part: str) -> Entries:
    """The measures of one part of the model, each with its state of the latest year."""
    year = review_year(desk)
    reviews = reviews_of(desk, year=year)
    rows = [r for r in measure_rows(desk) if r["part_code"] == part]
    return Entries(
        id=f"part-{part}",
        title=desk.labels.of("model_part", part),
        entries=tuple(_entry(desk, r, reviews.get(text_of(r, "measure_id"))) for r in rows),
        datasets=(MEASURES, REVIEWS),
    )


def blind_table(desk: Desk) -> DataTable:
    """Measures without any evidence this year: for want of a source, or of deeds."""
    words = desk.words
    reviews = reviews_of(desk, year=review_year(desk))
    fields = (
        Field(words("field.measure")),
        Field(words("field.why_blind")),
        Field(words("field.last_evidence"), "day"),
        Field(words("field.due"), "day"),
    )
    rows = tuple(
        (
            measure_title(desk, m),
            words("measures.blind_deeds" if r["has_data"] else "measures.blind_source"),
            fact(r, "last_evidence_on"),
            fact(m, "ends_on"),
        )
        for m in measure_rows(desk)
        if (r := reviews.get(text_of(m, "measure_id"))) is not None and r["is_blind_spot"]
    )
    none = words("measures.blind_none") if reviews else desk.nothing(REVIEWS)
    return DataTable(
        id="blind-spots",
        caption=words("measures.blind"),
        intro=words("measures.blind_is") if rows else none,
        grid=Grid(fields, rows),
        datasets=(REVIEWS,),
    )


def older_table(desk: Desk) -> DataTable:
    """The older version's measures: how each ended, and what came of it."""
    words = desk.words
    rows = measure_rows(desk, in_force=False)
    titles = {text_of(r, "measure_id"): measure_title(desk, r) for r in measure_rows(desk)}
    fields = (
        Field(words("field.measure")),
        Field(words("field.due"), "day"),
        Field(words("field.ended")),
        Field(words("field.fate")),
        Field(words("field.successors")),
    )
    read = tuple(
        (
            measure_title(desk, r),
            fact(r, "ends_on"),
            _ended(desk, text_of(r, "measure_id")),
            desk.labels.of("change_kind", text_of(r, "change_kind_code")),
            _successors(r, titles),
        )
        for r in rows
    )
    return DataTable(
        id="older",
        caption=words("measures.older"),
        intro=words("measures.older_is") if rows else desk.nothing(MEASURES),
        grid=Grid(fields, read),
        datasets=(MEASURES, REVIEWS),
    )


def measure_title(desk: Desk, row: Row) -> str:
    """A measure's number and heading in the page's language."""
    return f"{row['section']} {row[f'title_{desk.words.language}']}"


def write_status(desk: Desk, row: Row | None) -> str:
    """The state in words; that nobody knows, when there is neither a source nor a judgement."""
    if row is None or row["status_code"] is None:
        return desk.words("measures.unknown")
    return desk.labels.of("measure_status", text_of(row, "status_code"))


def _entry(desk: Desk, measure: Row, review: Row | None) -> Entry:
    identity = text_of(measure, "measure_id")
    code = UNKNOWN if review is None else text_of(review, "status_code") or UNKNOWN
    return Entry(
        id=f"measure-{identity}",
        title=text_of(measure, f"title_{desk.words.language}"),
        code=text_of(measure, "section"),
        state=write_status(desk, review),
        mark=STATUS_COLOURS[code],
        text=_says(desk, review),
        facts=tuple(_facts(desk, measure, review)),
        folds=(_goal(desk, measure), *_departments(desk, measure, review)),
    )


def _says(desk: Desk, review: Row | None) -> str:
    """What stands beside the state: a disagreement, a blind spot, the next step."""
    if review is None:
        return desk.nothing(REVIEWS)
    found = []
    if review["is_disagreement"]:
        computed, judged = (
            desk.labels.of("measure_status", text_of(review, f"status_{how}_code")).lower()
            for how in ("computed", "judged")
        )
        found.append(desk.words("measures.disagreement", computed=computed, judged=judged))
    if review["is_blind_spot"]:
        key = "blind_deeds" if review["has_data"] else "blind_source"
        found.append(desk.words("measures.blind_here", why=desk.words(f"measures.{key}").lower()))
    if review["next_step"]:
        found.append(desk.words("measures.next_step", step=text_of(review, "next_step")))
    return " ".join(found)


def _facts(desk: Desk, measure: Row, review: Row | None) -> list[tuple[str, str]]:
    words = desk.words
    found = [(words("field.goal_kind"), desk.labels.of("goal_kind", measure_kind(measure)))]
    if measure["ends_on"] is not None:
        found.append((words("field.due"), desk.write(fact(measure, "ends_on"), "day")))
    if review is None:
        return found
    value = _value(desk, review)
    if value:
        key = "value" if review["target_value"] is None else "value_target"
        found.append((words(f"field.{key}"), value))
    found.append((words("field.n_evidence"), desk.write(_evidence(review), "count")))
    last = fact(review, "last_evidence_on")
    if not isinstance(last, Missing):
        found.append((words("field.last_evidence"), desk.write(last, "day")))
    groups = list_of(desk, measure["groups"], "group")
    if not isinstance(groups, Missing):
        found.append((words("field.named_groups"), str(groups)))
    return found


def measure_kind(measure: Row) -> str:
    """Code of the kind of goal."""
    return text_of(measure, "goal_kind_code")


def _evidence(review: Row) -> Value:
    return cell(review, "n_evidence")


def _value(desk: Desk, review: Row) -> str:
    """``3 / 1 kierrosta``; a withheld value as withheld, without a source nothing."""
    value = cell(review, "indicator_value")
    if value is Missing.NONE:
        return ""
    unit = text_of(review, "target_unit_code")
    form = "share" if unit == "share" else "count"
    written = desk.write(value, form)
    target = fact(review, "target_value")
    goal = "" if isinstance(target, Missing) else f" / {desk.write(target, form)}"
    label = "" if form == "share" else f" {desk.labels.of('measure_unit', unit)}"
    return f"{written}{goal}{label}"


def _goal(desk: Desk, measure: Row) -> Fold:
    return Fold(
        id=f"goal-{measure['measure_id']}",
        label=desk.words("measures.goal"),
        paragraphs=(text_of(measure, "goal_fi"),),
        language=desk.own_language(),
    )


def _departments(desk: Desk, measure: Row, review: Row | None) -> Sequence[Fold]:
    """The departments' own rows of the year, where evidence or a review names them."""
    if review is None:
        return ()
    rows = desk.tables.rows(
        REVIEWS,
        order=("department_id",),
        measure_id=measure["measure_id"],
        review_year=review["review_year"],
    )
    own = [r for r in rows if r["department_id"] != CITY_ROW]
    if not own:
        return ()
    words = desk.words
    fields = (
        Field(words("field.department")),
        Field(words("field.state")),
        Field(words("field.value_target")),
        Field(words("field.n_evidence"), "count"),
        Field(words("field.last_evidence"), "day"),
    )
    read = tuple(
        (
            desk.labels.of("reviewed_department", text_of(r, "department_id")),
            write_status(desk, r),
            _value(desk, r) or Missing.NONE,
            _evidence(r),
            fact(r, "last_evidence_on"),
        )
        for r in own
    )
    label = words("measures.departments", n=desk.write(len(own), "count"))
    identity = f"departments-{measure['measure_id']}"
    return (Fold(id=identity, label=label, grid=Grid(fields, read)),)


def _ended(desk: Desk, measure: str) -> str:
    """The state in the latest year that knew the measure."""
    rows = desk.tables.rows(
        REVIEWS, order=("review_year",), measure_id=measure, department_id=CITY_ROW
    )
    return write_status(desk, rows[-1] if rows else None)


def _successors(row: Row, titles: Mapping[str, str]) -> Value:
    codes = [code for code in text_of(row, "successor_ids").split(";") if code]
    return "; ".join(titles.get(code, code) for code in codes) or Missing.NONE
