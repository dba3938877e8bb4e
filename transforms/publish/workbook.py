"""The public tables as one Excel workbook: a reading guide first, then a named table per sheet."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

from data_contracts.contract import Column, Table
from transforms.publish.csv_files import headings
from transforms.publish.datapackage import published_name
from transforms.publish.publication import Publication

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# The same in every row: told once, on the first sheet.
CONSTANT_COLUMNS = ("snapshot_on", "input_fingerprint", "code_version", "taxonomy_version")
GUIDE_SHEET = "Lue tämä"
_SHEET_NAME_LENGTH = 31
_FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
_OPTIONS = {
    "in_memory": True,
    "constant_memory": False,
    "strings_to_urls": False,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_FORMATS = {
    "count": {"num_format": "#,##0"},
    "share": {"num_format": "0.0%"},
    "decimal": {"num_format": "#,##0.0"},
    "ratio": {"num_format": "#,##0.00"},
    "chance": {"num_format": "0.000"},
    "date": {"num_format": "d.m.yyyy"},
    "text": {},
    "head": {"bold": True, "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 16},
    "wrap": {"text_wrap": True, "valign": "top"},
}
_EMPTY_CELL = (
    "Lukua ei näytetä, jos se koskee alle {n} tapausta (ihmisten taustan mukaan alle "
    "{background}) tai suojaa toista pientä lukua. Silloin sarakkeessa Peitetty on kyllä ja syy on "
    "sen vieressä. Tyhjä ei ole nolla."
)
_DATES = (
    "period_start_on", "day_on", "quarter_start_on", "closed_on", "filed_on", "first_seen_on",
)  # fmt: skip
# Columns that hold codes of one of several lists, by another column of the row.
_VALUE_LISTS = {
    "dimension_value": ("departments", "services", "areas", "channel"),
    "breakdown_value": ("areas", "age_band", "gender", "language", "group"),
}
# A text that joins codes says so in its description.
_JOINED = re.compile(r"[Cc]odes of (\w+) joined by ;")
_LONG_TEXTS = ("title", "title_fi", "question_fi", "goal_fi", "goal_text")
_RATIOS = ("index", "indicator", "dissimilarity")
_ONE_DECIMAL = ("hours", "days", "_eur")
_NARROW, _WIDE, _TITLE_WIDTH = 13, 26, 60


def build_workbook(
    tables: Mapping[str, pl.DataFrame],
    contracts: Mapping[str, Table],
    *,
    about: Publication,
    codes: Mapping[str, pl.DataFrame] | None = None,
    max_rows: int = 5_000,
) -> bytes:
    """The workbook as bytes; the same input gives the same bytes.

    Args:
        tables: Public tables by contract name, already suppressed.
        contracts: Contracts by table name: sheet titles, Finnish headings, descriptions.
        about: The publication's facts.
        codes: Code lists; when given, codes are written as their Finnish labels.
        max_rows: Most rows on a sheet. Of a longer table the newest are kept, and the guide says
            where all of them are.
    """
    from xlsxwriter import Workbook

    buffer = BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        moment = datetime.combine(about.snapshot_on, time())
        book.set_properties({"title": f"{about.city_name} kuulolla", "created": moment})
        formats = {name: book.add_format(rule) for name, rule in _FORMATS.items()}
        names = [name for name in sorted(tables) if name in contracts]
        _write_guide(book, tables, [contracts[n] for n in names], about, formats, max_rows)
        for name in names:
            frame = _newest(tables[name], max_rows).drop(CONSTANT_COLUMNS, strict=False)
            shown = _labelled(frame, contracts[name], codes or {}).with_columns(
                cs.float().fill_nan(None)
            )
            _write_table(book, shown, contracts[name], formats)
    return buffer.getvalue()


def sheet_name(contract: Table) -> str:
    """A sheet's name: the table's Finnish title, without signs that Excel refuses.

    A title that is too long loses its last words, and its last letters only if it is one word.
    """
    title = contract.title_fi.translate(_FORBIDDEN)
    if len(title) <= _SHEET_NAME_LENGTH:
        return title
    cut = title[: _SHEET_NAME_LENGTH + 1]
    return cut.rpartition(" ")[0] or title[:_SHEET_NAME_LENGTH]


def _write_table(
    book: "Workbook", frame: pl.DataFrame, contract: Table, formats: Mapping[str, "Format"]
) -> None:
    sheet = book.add_worksheet(sheet_name(contract))
    columns = {c.name: c for c in contract.columns}
    heads = headings(frame, {name: c.label_fi for name, c in columns.items()})
    for index, name in enumerate(frame.columns):
        form = formats[_form(columns[name])]
        sheet.set_column(index, index, _width(columns[name]), form)
        _write_column(sheet, index, frame.get_column(name).to_list(), form)
    sheet.add_table(
        0,
        0,
        max(frame.height, 1),
        frame.width - 1,
        {
            "name": published_name(contract.name),
            "style": "Table Style Light 1",
            "columns": [
                {"header": heads[name], "header_format": formats["head"]} for name in frame.columns
            ],
        },
    )
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()


def _write_column(sheet: "Worksheet", index: int, values: list[object], form: "Format") -> None:
    for row, value in enumerate(values, start=1):
        if value is None:
            continue
        if isinstance(value, bool):
            sheet.write_string(row, index, "kyllä" if value else "ei", form)
        elif isinstance(value, str):
            sheet.write_string(row, index, value, form)
        elif isinstance(value, date):
            sheet.write_datetime(row, index, value, form)
        else:
            sheet.write_number(row, index, value, form)


def _write_guide(
    book: "Workbook",
    tables: Mapping[str, pl.DataFrame],
    contracts: list[Table],
    about: Publication,
    formats: Mapping[str, "Format"],
    max_rows: int,
) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    sheet.set_column(0, 0, 34, formats["wrap"])
    sheet.set_column(1, 1, 34, formats["wrap"])
    sheet.set_column(2, 2, 90, formats["wrap"])
    sheet.write_string(0, 0, f"{about.city_name} kuulolla", formats["title"])
    row = 2
    for label, text in _guide_lines(about):
        sheet.write_string(row, 0, label, formats["head"])
        sheet.write_string(row, 1, text)
        row += 1
    for contract in contracts:
        row = _write_chapter(sheet, row + 1, tables[contract.name], contract, formats, max_rows)
    sheet.hide_gridlines(2)


def _write_chapter(
    sheet: "Worksheet",
    row: int,
    frame: pl.DataFrame,
    contract: Table,
    formats: Mapping[str, "Format"],
    max_rows: int,
) -> int:
    count = f"{frame.height} riviä"
    if frame.height > max_rows:
        name = published_name(contract.name)
        count = f"{frame.height} riviä, tässä uusimmat {max_rows}; kaikki: {name}.csv"
    sheet.write_string(row, 0, contract.title_fi, formats["head"])
    sheet.write_string(row, 1, count)
    sheet.write_string(row, 2, f"{contract.description} {contract.grain}")
    for column in contract.columns:
        row += 1
        sheet.write_string(row, 0, column.label_fi)
        sheet.write_string(row, 1, column.name)
        sheet.write_string(row, 2, column.description)
    return row + 1


def _guide_lines(about: Publication) -> list[tuple[str, str]]:
    day = about.snapshot_on
    return [
        ("Tiedot asti", f"{day.day}.{day.month}.{day.year}"),
        ("Julkaisu", about.publication_id),
        ("Ohjelman versio", about.code_version),
        ("Lisenssi", "CC BY 4.0: mainitse lähteenä kaupunki ja julkaisun tunnus."),
        ("Tyhjä solu", _EMPTY_CELL.format(n=about.min_cell_n, background=about.min_background_n)),
        (
            "Ajat",
            "Odotusajat ovat tunteina, jollei sarakkeen nimi sano muuta. Osuudet ovat 0–100 %.",
        ),
        ("Taulukot", "Joka välilehdellä on nimetty taulukko; suodata otsikkorivin nuolista."),
    ]


def _newest(frame: pl.DataFrame, most: int) -> pl.DataFrame:
    """The newest rows by the table's own date, in the table's order."""
    if frame.height <= most:
        return frame
    dates = [name for name in _DATES if name in frame.columns]
    numbered = frame.with_row_index("_row")
    if not dates:
        return frame.head(most)
    newest = numbered.sort([dates[0], "_row"], descending=[True, False], nulls_last=True)
    return newest.head(most).sort("_row").drop("_row")


def _labelled(
    frame: pl.DataFrame, contract: Table, codes: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Codes as their Finnish labels, those joined by a separator too; an unknown code stays."""
    labels = {c: _label_map(codes, _lists_of(c, codes)) for c in contract.columns}
    return frame.with_columns(
        _relabelled(column, mapping)
        for column, mapping in labels.items()
        if mapping and column.name in frame.columns
    )


def _lists_of(column: Column, codes: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """The code lists of a column: the contract's, else those that its name tells."""
    told = _JOINED.search(column.description)
    code_list = told.group(1) if told else column.code_list
    if code_list is not None and code_list in codes:
        return (code_list,)
    stem = column.name.removesuffix("_code").removesuffix("_id")
    named = (stem, f"{stem}s") if stem != column.name else ()
    wanted = _VALUE_LISTS.get(column.name, named)
    return tuple(name for name in wanted if name in codes)


def _label_map(codes: Mapping[str, pl.DataFrame], names: tuple[str, ...]) -> dict[str, str]:
    """Labels by code; of measures with their number, since two versions share titles."""
    if not names:
        return {}
    found: dict[str, str] = {"all": "Kaikki", "unknown": "Ei tiedossa"}
    for name in names:
        frame = codes[name]
        pairs = zip(frame.to_series(0), frame.get_column("name_fi"), strict=True)
        is_numbered = name == "measures"
        found |= {str(c): f"{c} {label}" if is_numbered else str(label) for c, label in pairs}
    return found


def _relabelled(column: Column, mapping: Mapping[str, str]) -> pl.Expr:
    text = pl.col(column.name)
    separator = ";" if _JOINED.search(column.description) else column.separator
    if separator is None:
        return text.replace(mapping)
    parts = text.str.split(separator).list.eval(pl.element().replace(mapping))
    return parts.list.join(f"{separator} ").alias(column.name)


def _form(column: Column) -> str:
    """Name of the number format, by the type and by the part of the name that tells the unit."""
    is_year = column.name.endswith("year")
    forms = {"Date": "date", "Int64": "text" if is_year else "count"}
    kind = str(column.dtype)
    return _decimal_form(column) if kind == "Float64" else forms.get(kind, "text")


def _decimal_form(column: Column) -> str:
    name = column.name
    if name.startswith("p_value") or name.endswith("_p_bh"):
        return "chance"
    is_share = column.maximum == 1 and column.minimum in (0, -1) and name != "sentiment_mean"
    if is_share and not any(part in name for part in _RATIOS):
        return "share"
    return "decimal" if any(part in name for part in _ONE_DECIMAL) else "ratio"


def _width(column: Column) -> int:
    if str(column.dtype) != "String":
        return _NARROW
    is_long = column.name in _LONG_TEXTS or column.name.endswith("_text")
    return _TITLE_WIDTH if is_long else _WIDE
