"""The analyst's file of themes: proposals out, answers in, and nothing that was answered lost.

A CSV for Excel in Finnish below the data folder. The analyst names a topic and accepts it or not;
answers stand in mart_text__themes from the next run on. Nothing is published or added by itself: a
new topic is a row in codes/topics.csv, its words and its examples.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from assets import atomic
from data_contracts.contract import load_contracts
from transforms.parse.delimited import read_delimited
from transforms.parse.encoding import decode_text
from transforms.parse.parsed import RefusedFileError
from transforms.publish.csv_files import to_csv_excel_fi

FILE_NAME = "themes_for_analysts.csv"
TABLE = "mart_text__themes"
_ANSWERS = ("proposed_topic_name", "is_accepted")
_LINEAGE = ("snapshot_on", "input_fingerprint", "code_version", "taxonomy_version")
_KEY = ("month_on", "language_code", "theme_kind_code", "theme")
_NEEDED = ("month_on", "language_code", "theme_kind_code", "rank", "terms", "n_texts")
_YES, _NO = ("kyllä", "k", "x", "1", "true", "tosi"), ("ei", "e", "0", "false", "epätosi")
_DATES = ("%d.%m.%Y", "%Y-%m-%d")
_DIGITS = 4


class Ledger:
    """The file in one folder, as it stood when it was first looked at."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def answers(self) -> pl.DataFrame:
        """Key of each answered theme and its answer, in key order."""
        answered = self._rows.filter(_is_answered())
        return answered.select(*_KEY, *_ANSWERS).unique(_KEY, keep="first").sort(_KEY)

    def with_answers(self, themes: pl.DataFrame) -> pl.DataFrame:
        """``themes`` with what the analyst has answered to each; null where nothing."""
        keyed = themes.with_columns(theme=_theme())
        joined = keyed.join(
            self.answers(), on=_KEY, how="left", validate="m:1", maintain_order="left"
        )
        return joined.drop("theme")

    def write(self, themes: pl.DataFrame, *, since: date) -> None:
        """Write the themes, with what the file held of earlier months or was answered.

        A file that cannot be read whole is put aside under another name, never overwritten.

        Args:
            themes: Rows of mart_text__themes.
            since: First day of the earliest month that they are of.
        """
        shown = themes.select(list(_schema())).with_columns(theme=_theme())
        held = self._rows.join(shown, on=_KEY, how="anti")
        kept = held.filter((pl.col("month_on") < since) | _is_answered())
        rows = pl.concat([shown, kept]).sort(
            "month_on", "theme_kind_code", "rank", descending=[True, True, False]
        )
        content = to_csv_excel_fi(
            rows.drop("theme").with_columns(pl.col(pl.Float64).round(_DIGITS)), labels=_labels()
        )
        if content == self._content:
            return
        if self._content is not None and self._frame is None:
            digest = hashlib.sha256(self._content).hexdigest()[:8]
            self.path.rename(self.path.with_stem(f"{self.path.stem}_unread_{digest}"))
        atomic.write_bytes(self.path, content)

    @cached_property
    def _content(self) -> bytes | None:
        return self.path.read_bytes() if self.path.is_file() else None

    @cached_property
    def _frame(self) -> pl.DataFrame | None:
        return None if self._content is None else _read(self._content)

    @property
    def _rows(self) -> pl.DataFrame:
        return _no_rows() if self._frame is None else self._frame


def _read(content: bytes) -> pl.DataFrame | None:
    """The file's rows as the contract types them, or None where a row, heading or cell is lost."""
    names = {label: name for name, label in _labels().items()}
    try:
        text = decode_text(content).text
        if len(text.splitlines()) <= 1:  # headings alone: nothing was proposed yet
            return _no_rows()
        table = read_delimited(text, expected_columns=list(names))
    except RefusedFileError:
        return None
    frame = table.frame.rename(names, strict=False)
    if table.rejects.height or not {*_NEEDED, *_ANSWERS} <= set(frame.columns):
        return None
    typed = frame.select(
        [_typed(name, kind) for name, kind in _schema().items() if name in frame.columns]
    )
    is_lost = any(typed[n].null_count() > frame[n].null_count() for n in typed.columns)
    if is_lost or any(typed[name].null_count() for name in _NEEDED):
        return None
    absent = [
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in _schema().items()
        if name not in frame.columns
    ]
    return typed.with_columns(absent).select(list(_schema())).with_columns(theme=_theme())


def _no_rows() -> pl.DataFrame:
    return pl.DataFrame(schema={**_schema(), "theme": pl.String()})


def _typed(name: str, kind: pl.DataType) -> pl.Expr:
    cell = pl.col(name).str.strip_chars()
    if kind == pl.Date:
        return pl.coalesce(cell.str.to_date(form, strict=False) for form in _DATES).alias(name)
    if kind == pl.Boolean:
        word = cell.str.to_lowercase()
        is_no = pl.when(word.is_in(_NO)).then(pl.lit(value=False))
        return pl.when(word.is_in(_YES)).then(pl.lit(value=True)).otherwise(is_no).alias(name)
    if kind == pl.String:
        return cell
    return cell.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).cast(kind)


def _is_answered() -> pl.Expr:
    return pl.any_horizontal(pl.col(name).is_not_null() for name in _ANSWERS)


def _theme() -> pl.Expr:
    """What an answer belongs to: a term goes by its strongest word, a cluster by all of them."""
    strongest = pl.col("terms").str.split(";").list.first()
    return pl.when(pl.col("theme_kind_code") == "term").then(strongest).otherwise("terms")


def _schema() -> Mapping[str, pl.DataType]:
    return {n: kind for n, kind in load_contracts()[TABLE].schema.items() if n not in _LINEAGE}


def _labels() -> dict[str, str]:
    return {column.name: column.label_fi for column in load_contracts()[TABLE].columns}
