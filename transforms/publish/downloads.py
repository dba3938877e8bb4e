"""Published datasets as the reader looks for them: what each is, how much it holds, its files."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from data_contracts.contract import Table
from transforms.publish.cells import dataset_title
from transforms.publish.desk import Desk
from transforms.publish.figures import Link, LinkList
from transforms.publish.public_tables import public_contracts
from transforms.publish.publication import Download

DATA_PATH = "tiedot.html"
_Forms = tuple[tuple[str, str, str], ...]
# Folder of the publication, or ending at its top → the text of the link, in this order.
_FORMS = ("csv_fi", "csv", "parquet")
_NUMBER = re.compile(r"D\d\d")


def dataset_list(desk: Desk) -> LinkList:
    """Every public dataset by its number, with or without files; other files after them."""
    by_table, others = _sorted_files(desk)
    contracts = public_contracts()
    known = {table.published_name for table in contracts}
    strange = [Link(t, _links(desk, files)) for t, files in by_table.items() if t not in known]
    return LinkList(
        (
            *(_dataset(desk, t, by_table.get(t.published_name, {})) for t in contracts),
            *strange,
            *(Link(_other(desk, file), (_link(desk, file, file.path),)) for file in others),
        )
    )


def dataset_links(desk: Desk, names: Sequence[str]) -> list[tuple[str, str]]:
    """Titles of public tables that are there, each with the address of its line in the list."""
    tables = {table.name: table for table in public_contracts()}
    return [
        (dataset_title(desk, tables[name]), f"{DATA_PATH}#{_anchor(tables[name])}")
        for name in names
        if name in tables and desk.tables.has(name)
    ]


def _anchor(table: Table) -> str:
    return f"aineisto-{table.published_name.replace('_', '-')}"


def _sorted_files(desk: Desk) -> tuple[dict[str, dict[str, Download]], list[Download]]:
    """Files by dataset and form, and those that belong to none."""
    by_table: dict[str, dict[str, Download]] = {}
    others: list[Download] = []
    for file in desk.about.downloads:
        path = PurePosixPath(file.path)
        if path.parent.name in _FORMS:
            by_table.setdefault(path.stem, {})[path.parent.name] = file
        else:
            others.append(file)
    return by_table, others


def _dataset(desk: Desk, table: Table, files: dict[str, Download]) -> Link:
    number = table.dataset_id or ""
    return Link(
        name=dataset_title(desk, table),
        forms=_links(desk, files),
        code=number if _NUMBER.fullmatch(number) else "",
        about=desk.words.texts.get(f"dataset.{table.name}_is", ""),
        facts=_facts(desk, table.name),
        id=_anchor(table),
    )


def _facts(desk: Desk, table: str) -> str:
    """How many rows there are, and in how many of them figures are withheld."""
    frame = desk.tables.frames.get(table)
    if frame is None or frame.is_empty():
        return desk.words("empty.no_source")
    rows = desk.words("dataset.rows", n=desk.write(frame.height, "count"))
    if "is_suppressed" not in frame.columns:
        return rows
    withheld = int(frame.get_column("is_suppressed").sum())
    return f"{rows} {desk.words('dataset.withheld', n=desk.write(withheld, 'count'))}"


def _links(desk: Desk, forms: dict[str, Download]) -> _Forms:
    return tuple(_link(desk, forms[f], desk.words(f"form.{f}")) for f in _FORMS if f in forms)


def _link(desk: Desk, file: Download, text: str) -> tuple[str, str, str]:
    return text, f"{desk.about.download_base}{file.path}", desk.words.size(file.n_bytes)


def _other(desk: Desk, file: Download) -> str:
    """What a file at the top is for, by its name, else by its ending."""
    path = PurePosixPath(file.path)
    keys = (f"form.{path.stem}", f"form.{path.suffix.removeprefix('.')}")
    return next((desk.words(key) for key in keys if key in desk.words.texts), file.path)
