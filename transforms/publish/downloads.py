"""Published files as the reader looks for them: one entry per dataset, a link for each form."""

from pathlib import PurePosixPath

from transforms.publish.desk import Desk
from transforms.publish.publication import Download

Entry = tuple[str, tuple[tuple[str, str, str], ...]]
# Folder of the publication, or ending at its top → the text of the link, in this order.
_FORMS = ("csv_fi", "csv", "parquet")


def download_entries(desk: Desk) -> tuple[Entry, ...]:
    """Datasets with a link for each of their forms; other files after them under their names."""
    by_table: dict[str, dict[str, Download]] = {}
    others: list[Download] = []
    for file in desk.about.downloads:
        path = PurePosixPath(file.path)
        if path.parent.name in _FORMS:
            by_table.setdefault(path.stem, {})[path.parent.name] = file
        else:
            others.append(file)
    labels = {table: _label(desk, table) for table in by_table}
    named = sorted(by_table, key=lambda table: labels[table])
    return (
        *((labels[t], _links(desk, by_table[t])) for t in named),
        *((_other(desk, file), (_link(desk, file, file.path),)) for file in others),
    )


def _links(desk: Desk, forms: dict[str, Download]) -> tuple[tuple[str, str, str], ...]:
    return tuple(_link(desk, forms[f], desk.words(f"form.{f}")) for f in _FORMS if f in forms)


def _link(desk: Desk, file: Download, text: str) -> tuple[str, str, str]:
    return text, f"{desk.about.download_base}{file.path}", desk.words.size(file.n_bytes)


def _label(desk: Desk, table: str) -> str:
    """The dataset's name; the file's own name when the texts do not know it."""
    names = {
        key.removeprefix("dataset.public_").replace("__", "_"): key
        for key in desk.words.texts
        if key.startswith("dataset.public_")
    }
    return desk.words(names[table]) if table in names else table


def _other(desk: Desk, file: Download) -> str:
    """What a file at the top is for, by its name, else by its ending."""
    path = PurePosixPath(file.path)
    keys = (f"form.{path.stem}", f"form.{path.suffix.removeprefix('.')}")
    return next((desk.words(key) for key in keys if key in desk.words.texts), file.path)
