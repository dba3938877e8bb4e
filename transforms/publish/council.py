"""The council's yearly list of residents' initiatives, in figures: a row a year."""

from collections.abc import Sequence

from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Field, Grid, Value
from transforms.publish.public_tables import COUNCIL_LIST, Row


def council_table(desk: Desk) -> DataTable | None:
    """New, decided, overdue and pending initiatives of each year, the latest first; or none."""
    rows = desk.tables.rows(COUNCIL_LIST, order=("report_year",))
    if not rows:
        return None
    years = sorted({int(str(r["report_year"])) for r in rows}, reverse=True)
    names = ("year", "new", "n_decided", "pending_at_end", "overdue", "told_author")
    forms = ("text", *("count",) * (len(names) - 1))
    fields = (Field(desk.words(f"field.{n}"), f) for n, f in zip(names, forms, strict=True))
    return DataTable(
        id="council-list",
        caption=desk.words("council.title"),
        intro=desk.words("council.is"),
        grid=Grid(
            tuple(fields),
            tuple(_year(y, [r for r in rows if r["report_year"] == y]) for y in years),
        ),
        datasets=(COUNCIL_LIST,),
    )


def _year(year: int, rows: Sequence[Row]) -> tuple[Value, ...]:
    decided = sum(r["decision_on"] is not None for r in rows)
    return (
        str(year),
        sum(bool(r["is_new"]) for r in rows),
        decided,
        len(rows) - decided,
        sum(bool(r["is_overdue"]) for r in rows),
        sum(r["told_author_on"] is not None for r in rows),
    )
