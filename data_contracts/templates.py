"""Inputs by hand: which columns of a table people fill, and the words of their templates.

Belongs here: what a template holds, as plain data. Does not: writing its files
(``pipelines.templates``), reading them back (``transforms.parse.template_map``).
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from data_contracts.contract import Column, Table, load_codes, load_contracts

#: Columns that the program fills, whatever the table.
_NOT_BY_HAND = frozenset({"source_code", "text_id", "n_masked", "delivery_sha256", "line_no"})
_LABELS = ("name_fi", "name_sv", "name_en")


def hand_filled_tables() -> tuple[Table, ...]:
    """Every table with a template, in order of the templates' names."""
    found = [table for table in load_contracts().values() if table.template_name]
    return tuple(sorted(found, key=lambda table: str(table.template_name)))


def filled_columns(table: Table) -> tuple[Column, ...]:
    """The columns of ``table`` that people fill, in contract order."""
    return tuple(
        column
        for column in table.columns
        if column.name not in _NOT_BY_HAND and column.classification != "pseudonymous"
    )


def spellings(list_name: str) -> dict[str, str]:
    """Every way to write a code of a list, in small letters: the code and its three labels.

    A label that two codes share names neither; their codes do.
    """
    frame = load_codes()[list_name]
    columns = [frame.columns[0], *(name for name in _LABELS if name in frame.columns)]
    meant: dict[str, set[str]] = {}
    for column in columns:
        for written, code in zip(frame[column], frame.to_series(0), strict=True):
            if written is not None:
                meant.setdefault(" ".join(written.lower().split()), set()).add(code)
    return {written: codes.pop() for written, codes in meant.items() if len(codes) == 1}


def labels_fi(list_name: str) -> list[str]:
    """What stands in the cells of a template: the Finnish labels of a list, in its order.

    The codes themselves where two of them share a label, as measures of two versions do.
    """
    frame = load_codes()[list_name]
    shown = frame["name_fi"] if frame["name_fi"].is_unique().all() else frame.to_series(0)
    return list(shown)


def told_slip(*, line: object, column: object, found: object, expected: object) -> str:
    """One rejected row of a list kept by hand, in a sentence for its clerk."""
    words = template_words()
    return words["check.rejected"].format(
        line=line, column=column or "–", found=found or words["check.nothing"], expected=expected
    )


def help_rows(table: Table, *, kind_of: Callable[[Column], str]) -> list[list[str]]:
    """What is told of each column that people fill, under its own header.

    Args:
        table: A table with a template.
        kind_of: What a column's cell may hold, in words.
    """
    words = template_words()
    header = [words[f"sheet.{n}"] for n in ("column", "required", "what", "meaning", "example")]
    rows = [
        [
            column.label_fi,
            words["sheet.yes" if column.is_required else "sheet.no"],
            kind_of(column),
            column.help_fi or "",
            column.example or "",
        ]
        for column in filled_columns(table)
    ]
    return [header, *rows]


def listed_columns(table: Table) -> dict[str, list[str]]:
    """Header of each column with a code list, and the labels that may stand in it."""
    return {c.label_fi: labels_fi(c.code_list) for c in filled_columns(table) if c.code_list}


@cache
def template_words() -> Mapping[str, str]:
    """What is said to those who fill templates, in Finnish; ``section.name`` to a sentence."""
    content = (files("data_contracts") / "template_words.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(content)
    return {
        f"{section}.{name}": text
        for section, words in sections.items()
        for name, text in words.items()
    }
