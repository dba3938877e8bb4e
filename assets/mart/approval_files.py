"""Files in which people approve words: what is offered goes out, and what they wrote comes back.

CSV for Excel in Finnish below the data folder. A row is its words: where any of them is changed,
it is another row. What was answered stays in the file as it was written.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from assets import atomic
from data_contracts.contract import load_contracts
from transforms.parse.delimited import read_delimited
from transforms.parse.encoding import decode_text
from transforms.parse.parsed import RefusedFileError
from transforms.privacy.approved_words import ANSWER, PRAISE, SUMMARY
from transforms.publish.csv_files import to_csv_excel_fi

PRAISE_FILE, SUMMARY_FILE = "praise_for_approval.csv", "summaries_for_approval.csv"
_WORDED_BY = ("mart_text__approvals", "public_department__feedback_summary")
_DATES = ("%d.%m.%Y", "%Y-%m-%d")
_ROW = "line_no"


class ApprovalFile:
    """One file for approval, read anew at each look."""

    def __init__(self, path: Path, *, columns: Sequence[str]) -> None:
        self.path = path
        self.columns = tuple(columns)
        self._headings = _headings((*columns, *ANSWER))

    def answered(self) -> pl.DataFrame:
        """Rows with anything in a cell for answers, as texts, with ``row_no`` in the file."""
        rows = self._rows(self._content())
        answered = _no_rows(self._headings) if rows is None else rows.filter(_is_answered())
        return answered.select(pl.col(_ROW).alias("row_no"), *self._headings)

    def offer(self, offered: pl.DataFrame) -> None:
        """Write the rows with the answers that the file held, and below them what else was
        answered; a file that cannot be read whole is put aside, never overwritten.
        """
        held = self._content()
        rows = self._rows(held)
        before = _no_rows(self._headings) if rows is None else rows
        content = self._written(offered, before)
        if content == held:
            return
        if held is not None and rows is None:
            digest = hashlib.sha256(held).hexdigest()[:8]
            self.path.rename(self.path.with_stem(f"{self.path.stem}_unread_{digest}"))
        atomic.write_bytes(self.path, content)

    def tell(self, left_out: pl.DataFrame) -> list[str]:
        """A sentence for each row that is not used and each file put aside, also in a file beside.

        Args:
            left_out: ``row_no``, ``column_name``, ``found``, ``expected``.
        """
        name = self.path.name
        sentences = [
            f"Approval in '{name}', row {row}, column '{self._headings[column]}': found {found}, "
            f"expected {expected}. The row is not used; mend it, or clear its answers."
            for row, column, found, expected in left_out.rows()
        ]
        sentences += [
            f"File '{aside.name}' could not be read whole, so that its approvals are not used. "
            f"Copy its answers to '{name}' and remove it."
            for aside in sorted(self.path.parent.glob(f"{self.path.stem}_unread_*.csv"))
        ]
        path = self.path.with_name(f"{self.path.stem}_left_out.txt")
        content = "".join(f"{sentence}\n" for sentence in sentences).encode()
        if not content:
            path.unlink(missing_ok=True)
        elif not path.is_file() or path.read_bytes() != content:
            atomic.write_bytes(path, content)
        return sentences

    def _written(self, offered: pl.DataFrame, before: pl.DataFrame) -> bytes:
        keys = [f"key_{name}" for name in self.columns]
        same = [_same(name).alias(key) for name, key in zip(self.columns, keys, strict=True)]
        shown = offered.select(self.columns).with_columns(pl.col(pl.Date).dt.strftime("%-d.%-m.%Y"))
        shown = shown.cast(dict.fromkeys(self.columns, pl.String)).with_columns(same)
        answered = before.filter(_is_answered()).drop(_ROW).with_columns(same)
        is_first = pl.int_range(pl.len()).over(keys) == 0
        first, others = answered.filter(is_first), answered.filter(~is_first)
        rows = shown.join(
            first.drop(self.columns), on=keys, how="left", validate="m:1", maintain_order="left"
        )
        kept = [first.join(shown, on=keys, how="anti", maintain_order="left"), others]
        whole = pl.concat([rows, *kept], how="diagonal").drop(keys)
        return to_csv_excel_fi(
            whole.select(*self._headings, pl.exclude(list(self._headings))), labels=self._headings
        )

    def _content(self) -> bytes | None:
        return self.path.read_bytes() if self.path.is_file() else None

    def _rows(self, content: bytes | None) -> pl.DataFrame | None:
        """The rows as texts under our names, or None where one of them or a heading is lost."""
        if content is None:
            return _no_rows(self._headings)
        names = {label: name for name, label in self._headings.items()}
        try:
            text = decode_text(content).text
            if len(text.splitlines()) <= 1:  # headings alone: nothing was offered yet
                return _no_rows(self._headings)
            table = read_delimited(text, expected_columns=list(names))
        except RefusedFileError:
            return None
        frame = table.frame.rename(names, strict=False)
        if table.rejects.height or not set(self._headings) <= set(frame.columns):
            return None
        return frame


def praise_file(folder: Path) -> ApprovalFile:
    """The file of residents' praise in a data folder."""
    return ApprovalFile(folder / PRAISE_FILE, columns=PRAISE)


def summary_file(folder: Path) -> ApprovalFile:
    """The file of the departments' summaries in a data folder."""
    return ApprovalFile(folder / SUMMARY_FILE, columns=SUMMARY)


def _headings(columns: Sequence[str]) -> Mapping[str, str]:
    """Finnish names of columns, as the contracts of the tables have them that hold them."""
    labels = {
        column.name: column.label_fi
        for table in _WORDED_BY
        for column in load_contracts()[table].columns
    }
    return {name: labels[name] for name in columns}


def _no_rows(headings: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame(schema={**dict.fromkeys(headings, pl.String), _ROW: pl.Int64})


def _is_answered() -> pl.Expr:
    return pl.any_horizontal(pl.col(name).str.strip_chars().fill_null("") != "" for name in ANSWER)


def _same(name: str) -> pl.Expr:
    """What a cell says, however a spreadsheet has written its spaces and days."""
    text = pl.col(name).fill_null("").str.replace_all(r"\s+", " ").str.strip_chars()
    day = pl.coalesce(text.str.to_date(form, strict=False) for form in _DATES)
    return pl.coalesce(day.dt.strftime("%Y-%m-%d"), text)
