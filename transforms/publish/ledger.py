"""What is withheld from the public tables: how many counts, by table and column."""

from collections import Counter

from transforms.publish.cells import column_title, dataset_title
from transforms.publish.desk import Desk
from transforms.publish.figures import DataTable, Field, Grid
from transforms.publish.public_tables import LEDGER, public_contracts, text_of


def ledger_blocks(desk: Desk) -> list[DataTable]:
    """The ledger by table and column; that there is none, when there is no ledger."""
    words = desk.words
    tables = {table.name: table for table in public_contracts()}
    counts = Counter(
        (text_of(r, "table_name"), text_of(r, "column_name")) for r in desk.tables.rows(LEDGER)
    )
    fields = (
        Field(words("field.dataset")),
        Field(words("field.figure")),
        Field(words("field.n_withheld"), "count"),
    )
    rows = tuple(
        (
            dataset_title(desk, tables[name]) if name in tables else name,
            column_title(desk, tables.get(name), column),
            count,
        )
        for (name, column), count in sorted(counts.items())
    )
    total = desk.write(sum(counts.values()), "count")
    return [
        DataTable(
            id="ledger",
            caption=words("ledger.title"),
            intro=words("ledger.is", n=total) if rows else desk.nothing(LEDGER),
            grid=Grid(fields, rows),
            fold=words("ledger.fold", n=desk.write(len(rows), "count")),
            datasets=(LEDGER,),
        )
    ]
