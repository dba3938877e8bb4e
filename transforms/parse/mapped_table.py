"""A source's own table, read with a column map, to a text frame of our fields.

Belongs here: columns to fields, keys, constants and values. Does not: reading the map
(``transforms.parse.column_map``), typing values (the cleaners).
"""

from collections.abc import Mapping, Sequence

import polars as pl

from transforms.parse.column_map import ANY_OTHER, ColumnMap, plain_name
from transforms.parse.delimited import read_delimited
from transforms.parse.encoding import decode_text, repair_mojibake
from transforms.parse.header import LINE_NUMBER
from transforms.parse.parsed import (
    Parsed,
    RefusedFileError,
    empty_rejects,
    found_shape,
    name_rejects,
    reject_rows,
)
from transforms.parse.table_kind import TableKind
from transforms.parse.workbook import read_workbook

KEY = "source_id"
WAS_REPAIRED = "was_repaired"
#: Of tables kept by hand: whether an earlier row of the same file has the same key.
IS_REPEATED = "is_repeated"

#: Fields of prose: several columns become sentences. Others are joined with a blank.
_PROSE = ("text", "reply_text", "title")
_MOST_NAMES = 40
_ZIP = b"PK\x03\x04"


def parse_column_mapped(content: bytes, *, name: str, column_map: ColumnMap) -> Parsed:
    """The rows of a table in our fields, as text.

    ``source_id`` joins the columns of the key with ``|``; a row that lacks one of them is rejected
    (``key_missing``). Several columns of one field are joined, the empty ones left out. A field
    with ``[values.x]`` takes only values that stand there, compared without regard to blanks and
    capital letters; another value is rejected (``value_not_mapped``) unless ``"*"`` says what it
    becomes. An absent value stays null unless the map has a line for the empty text.

    Args:
        content: The whole file, delimited text or .xlsx.
        name: Its file name; ``.xlsx`` is found by the content, whatever the name.
        column_map: The map.

    Returns:
        One frame, of the kind's core table: ``source_id``, every field of the kind (null where the
        map has none), ``line_no``.

    Raises:
        RefusedFileError: If the file cannot be read, or lacks a column that the map names.
    """
    raw, rejects, encoding_name = _read(content, name, column_map)
    _refuse_missing(raw.columns, column_map)
    used = list(column_map.needed_columns)
    raw = repair_mojibake(raw.select(*used, LINE_NUMBER), used)
    raw = raw.with_columns(_as_absent(column) for column in used)
    n_rows = raw.height + rejects.height
    kind = column_map.kind
    frame = raw.select(
        _key(column_map.key).alias(KEY),
        *(_field(field, column_map).alias(field) for field in kind.fields),
        *_marks(column_map),
        LINE_NUMBER,
    )
    frame, broken = _reject_broken(frame, column_map)
    for field, values in column_map.values.items():
        frame = frame.with_columns(_mapped(pl.col(field), values).alias(field))
    all_rejects = pl.concat([name_rejects(rejects, kind.table), *broken])
    return Parsed(
        frames={kind.table: frame},
        rejects=all_rejects.sort(LINE_NUMBER, maintain_order=True),
        rows_in={kind.table: n_rows},
        encoding_name=encoding_name,
    )


def _marks(column_map: ColumnMap) -> list[pl.Expr]:
    """What a kind's cleaner is told of the row itself, "true" or "false"."""
    if column_map.kind is TableKind.TICKETS:
        return [pl.col("is_mojibake_repaired").cast(pl.String).alias(WAS_REPAIRED)]
    if not column_map.kind.is_by_hand:
        return []
    is_later = pl.int_range(pl.len()).over(column_map.key) > 0
    return [(is_later & _key(column_map.key).is_not_null()).cast(pl.String).alias(IS_REPEATED)]


def _read(
    content: bytes, name: str, column_map: ColumnMap
) -> tuple[pl.DataFrame, pl.DataFrame, str | None]:
    if content.startswith(_ZIP) or name.lower().endswith(".xlsx"):
        return read_workbook(content, sheet=column_map.sheet), empty_rejects(), None
    decoded = decode_text(content, declared=column_map.encoding)
    table = read_delimited(
        decoded.text,
        delimiter=column_map.delimiter,
        expected_columns=column_map.needed_columns,
    )
    return table.frame, table.rejects, decoded.encoding_name


def _refuse_missing(found: Sequence[str], column_map: ColumnMap) -> None:
    missing = [column for column in column_map.needed_columns if column not in found]
    if missing:
        header = [plain_name(column)[:60] for column in found if column != LINE_NUMBER]
        more = f" and {len(header) - _MOST_NAMES} more" if len(header) > _MOST_NAMES else ""
        raise RefusedFileError(
            f"Found the columns {_quoted(header[:_MOST_NAMES])}{more}, expected also"
            f" {_quoted(missing)}, which column map '{column_map.name}' names."
            " Rename the columns or correct the map."
        )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _as_absent(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text).alias(column)


def _key(columns: Sequence[str]) -> pl.Expr:
    """Null when any part is; ``concat_str`` keeps nulls."""
    return pl.concat_str([pl.col(column) for column in columns], separator="|")


def _field(field: str, column_map: ColumnMap) -> pl.Expr:
    if field in column_map.constants:
        return pl.lit(column_map.constants[field], dtype=pl.String)
    columns = column_map.columns.get(field, ())
    if not columns:
        return pl.lit(None, dtype=pl.String)
    joined = pl.col(columns[0])
    for column in columns[1:]:
        joined = _joined(joined, pl.col(column), is_prose=field in _PROSE)
    return joined


def _joined(first: pl.Expr, second: pl.Expr, *, is_prose: bool) -> pl.Expr:
    needs_stop = pl.lit(is_prose) & ~first.str.contains(r"[.!?…:]$")
    gap = pl.when(needs_stop).then(pl.lit(". ")).otherwise(pl.lit(" "))
    return pl.coalesce(pl.concat_str(first, gap, second), first, second)


def _reject_broken(
    frame: pl.DataFrame, column_map: ColumnMap
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Rows that stand, and the rejects of those that do not, each with its first reason.

    An empty key of a table kept by hand is left to its cleaner, which names the empty column.
    """
    table, rejects = column_map.kind.table, []
    if not (column_map.kind.is_by_hand or column_map.is_template):
        rejects.append(_keyless(frame, column_map))
        frame = frame.filter(pl.col(KEY).is_not_null())
    for field, values in column_map.values.items():
        if ANY_OTHER in values:
            continue
        is_known = pl.col(field).is_null() | _plain(pl.col(field)).is_in(list(values))
        strays = frame.filter(~is_known)
        rejects.append(
            reject_rows(
                strays[LINE_NUMBER].to_list(),
                table_name=table,
                reason_code="value_not_mapped",
                column_name=column_map.columns[field][0],
                expected=f"a value of [values.{field}] in column map '{column_map.name}'",
                found_shapes=[found_shape(text) for text in strays[field].to_list()],
            )
        )
        frame = frame.filter(is_known)
    return frame, rejects


def _keyless(frame: pl.DataFrame, column_map: ColumnMap) -> pl.DataFrame:
    return reject_rows(
        frame.filter(pl.col(KEY).is_null())[LINE_NUMBER].to_list(),
        table_name=column_map.kind.table,
        reason_code="key_missing",
        column_name=column_map.key[0],
        expected=f"a value in every column of the key ({', '.join(column_map.key)})",
    )


def _mapped(column: pl.Expr, values: Mapping[str, str]) -> pl.Expr:
    named = {line: new for line, new in values.items() if line != ANY_OTHER}
    found = _plain(column).fill_null("")
    default = pl.lit(values.get(ANY_OTHER), dtype=pl.String)
    mapped: pl.Expr = pl.when(found != "").then(default)
    if named:
        new = found.replace_strict(named, default=None, return_dtype=pl.String)
        mapped = pl.when(found.is_in(list(named))).then(new).otherwise(mapped)
    return pl.when(mapped != "").then(mapped)


def _plain(column: pl.Expr) -> pl.Expr:
    """As ``plain_value``; the readers have given NFC."""
    return column.str.replace_all(r"\s+", " ").str.strip_chars(" ").str.to_lowercase()
