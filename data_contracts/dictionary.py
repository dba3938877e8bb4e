"""Contracts → words for readers: the data dictionary page, DuckDB comments."""

from collections.abc import Iterable

from data_contracts.contract import Column, Table


def render_dictionary(tables: Iterable[Table]) -> str:
    """The data dictionary as Markdown: a chapter per table, a line per column.

    Siblings of rejected rows share one shape and are named in their table's chapter instead.
    """
    lines = [
        "# Data dictionary",
        "",
        "Generated from `data_contracts/*.odcs.yaml` by `./run docs`; do not edit.",
        "",
    ]
    for table in tables:
        if not table.name.endswith("_rejected"):
            lines += _chapter(table)
    return "\n".join(lines).rstrip() + "\n"


def comments_of(table: Table) -> list[tuple[str | None, str]]:
    """DuckDB comments: ``(None, text)`` for the table, then ``(column, text)``."""
    rows: list[tuple[str | None, str]] = [(None, f"{table.title_fi}. {table.grain}")]
    rows += [(c.name, f"{c.label_fi}: {c.description}") for c in table.columns]
    return rows


def _chapter(table: Table) -> list[str]:
    heading = f"## {table.name}" + (f" ({table.dataset_id})" if table.dataset_id else "")
    lines = [heading, "", f"*{table.title_fi}.* {table.description} {table.grain}", ""]
    lines += [f"Owner: {table.owner} · version {table.version}", ""]
    if table.has_rejects:
        lines += [f"Rejected rows: `{table.name}_rejected`.", ""]
    lines += ["| column | type | suomeksi | meaning | class |", "|---|---|---|---|---|"]
    lines += [_line(column) for column in table.columns]
    return [*lines, ""]


def _line(column: Column) -> str:
    marks = "**" if column.is_key else ""
    dtype = str(column.dtype).split("(", maxsplit=1)[0]
    codes = f" Codes: `{column.code_list}`." if column.code_list else ""
    meaning = (column.description + codes).replace("|", "\\|")
    cells = [f"{marks}{column.name}{marks}", dtype, column.label_fi, meaning, column.classification]
    return "| " + " | ".join(cells) + " |"
