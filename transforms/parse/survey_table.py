"""A wide survey table (one row per respondent) to text frames of respondents and answers.

Belongs here: CSV and XLSX exports whose columns a questionnaire names: a column per question, a
column per option, several options in one cell. Does not: what an answer means
(``transforms.clean.answers``). Columns that the questionnaire does not name may hold anything, also
names and addresses: they are not read.
"""

import re
import unicodedata
from collections.abc import Sequence

import polars as pl

from transforms.parse.answer_kinds import DASHES, EMPTY_CELLS, fold, folded
from transforms.parse.delimited import read_delimited
from transforms.parse.encoding import decode_text
from transforms.parse.parsed import Parsed, RefusedFileError, name_rejects, reject_rows
from transforms.parse.questionnaire import OptionColumn, Questionnaire, Variable
from transforms.parse.survey_frames import (
    ANSWER_SCHEMA,
    ANSWERS,
    CHOSEN_MARKS,
    OPTION_SEPARATOR,
    RESPONDENT_SCHEMA,
    RESPONDENTS,
    UNCHOSEN_MARKS,
)
from transforms.parse.workbook import read_workbook

# No header cell can be called so: its blanks would have been tidied.
_ID = " response_id "
_SHOWN_NAMES = 30
_SHOWN_LENGTH = 40


def parse_survey_table(content: bytes, *, name: str, questionnaire: Questionnaire) -> Parsed:
    """Respondents, one per row of the table, and their answers, one per filled-in cell or option.

    Args:
        content: A .xlsx workbook, or delimited text.
        name: The file's name; its ending tells a workbook.
        questionnaire: Names the columns; background columns go to the respondent's row.

    Returns:
        ``RESPONDENTS`` and ``ANSWERS``; ``line_no`` is the row of the file. Rows without a
        response id, and rows that share one but differ, are rejected with their answers.

    Raises:
        RefusedFileError: If the file cannot be read, or lacks a column that is named.
    """
    wide, broken, encoding_name = _read(content, name, questionnaire)
    _refuse_missing_columns(wide, _named_columns(questionnaire))
    rows = wide.select("line_no", *_named_columns(questionnaire)).with_columns(
        _response_id(questionnaire).alias(_ID)
    )
    answers = _answers(rows, questionnaire)
    faults = _faults(rows, questionnaire)
    tables = {RESPONDENTS: _respondents(rows, questionnaire), ANSWERS: answers}
    rejects = [name_rejects(broken, RESPONDENTS)]
    for table, frame in tables.items():
        rejects += _rejected(frame.join(faults, on="line_no", validate="m:1"), table, questionnaire)
    return Parsed(
        frames={
            t: f.join(faults, on="line_no", how="anti", maintain_order="left")
            for t, f in tables.items()
        },
        rejects=pl.concat(rejects).sort("table_name", "line_no", maintain_order=True),
        rows_in={RESPONDENTS: wide.height + broken.height, ANSWERS: answers.height},
        encoding_name=encoding_name,
    )


def _read(
    content: bytes, name: str, questionnaire: Questionnaire
) -> tuple[pl.DataFrame, pl.DataFrame, str | None]:
    if name.lower().endswith((".xlsx", ".xlsm")) or content.startswith(b"PK\x03\x04"):
        wide = read_workbook(content, sheet=questionnaire.table.sheet)
        return wide, reject_rows([], reason_code="", expected=""), None
    decoded = decode_text(content)
    table = read_delimited(decoded.text, expected_columns=_named_columns(questionnaire))
    return table.frame, table.rejects, decoded.encoding_name


def _named_columns(questionnaire: Questionnaire) -> list[str]:
    """Every column that the questionnaire names, once, as a header cell would be tidied."""
    layout = questionnaire.table
    names = [layout.response_id_column, layout.answered_at_column]
    for variable in questionnaire.variables:
        names += [variable.source_column, *(option.column for option in variable.source_columns)]
    return list(dict.fromkeys(_tidy(name) for name in names if name is not None))


def _tidy(name: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip()


def _refuse_missing_columns(wide: pl.DataFrame, expected: Sequence[str]) -> None:
    found = [column for column in wide.columns if column != "line_no"]
    missing = [column for column in expected if column not in found]
    if not missing:
        return
    # A table without a header row shows a resident's answers in its place: then say nothing of it.
    is_header = len(missing) < len(expected)
    shown = _shown(found) if is_header else f"{len(found)} others"
    raise RefusedFileError(
        f"Found no column {_shown(missing)} (the table has {shown}), expected every column that the"
        " questionnaire names. Correct source_column in the questionnaire, or the table's header."
    )


def _shown(names: Sequence[str]) -> str:
    cut = [n if len(n) <= _SHOWN_LENGTH else n[:_SHOWN_LENGTH] + "…" for n in names[:_SHOWN_NAMES]]
    more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
    return ", ".join(f"'{name}'" for name in cut) + more


def _response_id(questionnaire: Questionnaire) -> pl.Expr:
    column = questionnaire.table.response_id_column
    if column is None:
        return pl.col("line_no").cast(pl.String)
    text = pl.col(_tidy(column)).str.strip_chars()
    return pl.when(text != "").then(text)


def _without(frame: pl.DataFrame, faults: pl.DataFrame) -> pl.DataFrame:
    return frame.join(faults, on="line_no", how="anti", maintain_order="left")


def _faults(rows: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """``line_no`` and ``reason`` of rows that belong to nobody, or to more than one.

    Rows that are equal in every column are one row that stands twice.
    """
    contents = pl.struct(_named_columns(questionnaire))
    reason = (
        pl.when(pl.col(_ID).is_null())
        .then(pl.lit("missing_response_id"))
        .when(contents.n_unique().over(_ID) > 1)
        .then(pl.lit("response_id_repeated"))
    )
    return rows.select("line_no", reason.alias("reason")).drop_nulls()


def _respondents(rows: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    layout = questionnaire.table
    told = {
        v.background: _background(v, questionnaire) for v in questionnaire.variables if v.background
    }
    answered_at = layout.answered_at_column
    absent = pl.lit(None, dtype=pl.String)
    columns = {name: told.get(name, absent) for name in RESPONDENT_SCHEMA if name != "line_no"}
    columns |= {
        "survey_id": pl.lit(questionnaire.survey.id),
        "wave_code": pl.lit(questionnaire.survey.wave),
        "response_id": pl.col(_ID),
        "answered_at": absent if answered_at is None else pl.col(_tidy(answered_at)),
    }
    return rows.select(*(e.alias(name) for name, e in columns.items()), "line_no")


def _background(variable: Variable, questionnaire: Questionnaire) -> pl.Expr:
    if variable.source_column is not None:
        cell = _filled(pl.col(_tidy(variable.source_column)), is_open=False)
        if variable.background != "groups":
            return cell
        parts = cell.str.replace_all(variable.separator or ";", OPTION_SEPARATOR, literal=True)
        return parts.fill_null("")
    chosen = [_option(option, variable, questionnaire) for option in variable.source_columns]
    if variable.background == "groups":
        return pl.concat_str(chosen, separator=OPTION_SEPARATOR, ignore_nulls=True)
    return pl.coalesce(chosen)


def _answers(rows: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """One row per answer, in the order of rows, questions and options."""
    parts = []
    for place, variable in enumerate(questionnaire.variables):
        if variable.role != "substantive":
            continue
        for n, cell in enumerate(_cells(variable, questionnaire)):
            parts.append(
                rows.select(
                    pl.lit(questionnaire.survey.id).alias("survey_id"),
                    pl.lit(questionnaire.survey.wave).alias("wave_code"),
                    pl.col(_ID).alias("response_id"),
                    pl.lit(variable.name).alias("question_id"),
                    pl.lit(None, dtype=pl.String).alias("item_code"),
                    cell.alias("answer"),
                    "line_no",
                    pl.lit(place).alias("place"),
                    pl.lit(n).alias("option"),
                ).explode("answer")
            )
    if not parts:
        return pl.DataFrame(schema=dict(ANSWER_SCHEMA))
    return (
        pl.concat(parts)
        .filter(pl.col("answer").is_not_null())
        .sort("line_no", "place", "option", maintain_order=True)
        .select(list(ANSWER_SCHEMA))
    )


def _cells(variable: Variable, questionnaire: Questionnaire) -> list[pl.Expr]:
    """Lists of answers, one expression per column of the variable."""
    if variable.source_column is None:
        return [
            pl.concat_list(_option(option, variable, questionnaire))
            for option in variable.source_columns
        ]
    cell = _filled(pl.col(_tidy(variable.source_column)), is_open=variable.type in ("text", "geo"))
    if variable.separator is None:
        return [pl.concat_list(cell)]
    stripped = pl.element().str.strip_chars()
    parts = cell.str.split(variable.separator).list.eval(stripped.filter(stripped != ""))
    return [parts]


def _option(option: OptionColumn, variable: Variable, questionnaire: Questionnaire) -> pl.Expr:
    """The option's code where its column is ticked, null where not, else the cell as it stands."""
    marks = set(CHOSEN_MARKS) | {fold(option.code), fold(option.column)}
    if variable.codelist is not None:
        items = questionnaire.codelists[variable.codelist].items
        labels = [i.label for i in items if i.code == option.code]
        marks |= {fold(w) for label in labels for w in (label.fi, label.sv, label.en) if w}
    cell = pl.col(_tidy(option.column))
    mark = folded(cell)
    return (
        pl.when(_filled(cell, is_open=False).is_null() | mark.is_in(sorted(UNCHOSEN_MARKS)))
        .then(None)
        .when(mark.is_in(sorted(marks)))
        .then(pl.lit(option.code))
        .otherwise(cell)
    )


def _filled(cell: pl.Expr, *, is_open: bool) -> pl.Expr:
    """The cell, null where nobody filled it in."""
    stripped = cell.str.strip_chars()
    empty = ["", *EMPTY_CELLS] if is_open else ["", *EMPTY_CELLS, *DASHES]
    return pl.when(~stripped.is_in(empty)).then(cell)


def _rejected(faulty: pl.DataFrame, table: str, questionnaire: Questionnaire) -> list[pl.DataFrame]:
    expected = {
        "missing_response_id": "a response id in every row",
        "response_id_repeated": "every response id on one row only",
    }
    return [
        reject_rows(
            faulty.filter(pl.col("reason") == reason).get_column("line_no").to_list(),
            reason_code=reason,
            expected=words,
            table_name=table,
            column_name=questionnaire.table.response_id_column,
        )
        for reason, words in expected.items()
    ]
