"""The records of a damaged delimited text: a fault costs the rows it touches, not the file.

Belongs here: the tolerant reader. Does not: header, delimiter and frames, which are
``transforms.parse.delimited``.

An unbalanced quotation mark is followed to the next one, so time grows with the length of the text
unless nearly every later quotation mark is doubled.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

UNBALANCED_QUOTE = "unbalanced_quote"


class Record(NamedTuple):
    """One record of a delimited text.

    Attributes:
        line_no: Line on which it begins, from 1.
        cells: Its cells; of a faulty record, what its one line holds.
        fault: Null, or ``UNBALANCED_QUOTE``.
    """

    line_no: int
    cells: list[str]
    fault: str | None


def salvage_records(text: str, delimiter: str) -> Iterator[Record]:
    r"""Records in order, those without a filled cell left out.

    A record is read by RFC 4180 first. Where its quotation marks do not close, or close around
    lines each of which is a record of the header's width, its first line alone is taken as faulty
    and reading goes on with the next line. A lone carriage return is part of its cell.

    Args:
        text: Lines end with ``\n`` or ``\r\n``.
        delimiter: One character.
    """
    reader = _Reader(text, delimiter)
    width = 0
    position, line_no = 0, 1
    while position < len(text):
        cells, end = reader.read(position)
        n_lines = text.count("\n", position, end)
        swallowed = n_lines > 1 and width > 1 and reader.are_records(position, end, width)
        if cells is None or swallowed:
            end = reader.line_end(position)
            line = text[position:end].rstrip("\r\n")
            yield Record(line_no, line.split(delimiter), UNBALANCED_QUOTE)
            n_lines = 1
        elif any(cells):
            width = width or len(cells)
            yield Record(line_no, cells, None)
        position, line_no = end, line_no + n_lines


class _Reader:
    def __init__(self, text: str, delimiter: str) -> None:
        self._text = text
        self._delimiter = delimiter
        mark = re.escape(delimiter)
        self._bare = re.compile(rf"[^{mark}\n]*")

    def read(self, position: int) -> tuple[list[str] | None, int]:
        """Cells of the record at ``position`` and where the next begins; null cells if broken."""
        cells: list[str] = []
        while True:
            cell, position = self._cell(position)
            if cell is None:
                return None, position
            cells.append(cell)
            if position >= len(self._text):
                return cells, len(self._text)
            mark = self._text[position]
            position += 1
            if mark == "\n":
                return cells, position

    def are_records(self, start: int, end: int, width: int) -> bool:
        """Whether every line between is, quotes apart, a record of ``width`` cells."""
        lines = self._text[start:end].rstrip("\n").split("\n")
        return all(line.count(self._delimiter) == width - 1 for line in lines)

    def line_end(self, position: int) -> int:
        """Where the next line begins."""
        found = self._text.find("\n", position)
        return len(self._text) if found < 0 else found + 1

    def _cell(self, position: int) -> tuple[str | None, int]:
        if not self._text.startswith('"', position):
            found = self._bare.match(self._text, position)
            end = found.end() if found else position
            cell = self._text[position:end]
            at_line_end = end >= len(self._text) or self._text[end] == "\n"
            cell = cell.removesuffix("\r") if at_line_end else cell
            return cell.replace("\r", "\n"), end
        return self._quoted_cell(position)

    def _quoted_cell(self, position: int) -> tuple[str | None, int]:
        end = position + 1
        while True:
            end = self._text.find('"', end)
            if end < 0:
                return None, position
            if not self._text.startswith('"', end + 1):
                break
            end += 2
        cell = self._text[position + 1 : end].replace('""', '"')
        end += 1
        if self._text.startswith("\r", end) and (
            end + 1 == len(self._text) or self._text.startswith("\n", end + 1)
        ):
            end += 1
        is_closed = end >= len(self._text) or self._text[end] in (self._delimiter, "\n")
        return (cell if is_closed else None), end
