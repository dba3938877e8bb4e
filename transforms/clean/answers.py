"""Answers of surveys: text to typed rows, each with the kind of answer it is.

Belongs here: ``core_surveys__answers``: matching cells with answer alternatives, bounds of scales,
and the many ways to say "I don't know". Does not: turning reversed scales, computing item
nonresponse, masking.
"""

import polars as pl

from transforms.clean.cleaned import Cleaned, RejectRule, split_rows
from transforms.clean.numbers import parse_number
from transforms.clean.times import parse_date
from transforms.parse.answer_kinds import (
    HIDDEN,
    LONGEST_WITHOUT_ANSWER,
    NOT_ASKED,
    VALID,
    fold,
    folded,
    kind_of_label,
    kind_of_open_answer,
)
from transforms.parse.encoding import repair_mojibake

_COLUMNS = (
    "respondent_id", "question_id", "item_code", "survey_id", "wave_code", "answer_kind_code",
    "answer_num", "answer_code", "text", "line_no",
)  # fmt: skip
_QUESTION = ("survey_id", "wave_code", "question_id")
_OPEN = ("text", "geo")
_SCALES = ("scale", "nps")
_CODED = ("single", "multi_item", *_SCALES)
_NUMBER = r"^[+-]?\d+(?:\.\d+)?$"
# "5 - erittäin tyytyväinen", "5 = …", "5) …", "5 (…)"; but not "2-3 kertaa" and not "25 – 44 v".
_LED_BY_NUMBER = r"^([+-]?\d+)(?: [-–—] | ?[=:)] ?| ?\(|\. )([^\d\s].*?)\)?$"


_SPELLING_SCHEMA = {
    **dict.fromkeys((*_QUESTION, "spelling", "found_code"), pl.String()),
    "found_value": pl.Float64(),
    "found_kind": pl.String(),
    "rank": pl.Int64(),
}


def clean_answers(
    frame: pl.DataFrame, *, questions: pl.DataFrame, codelists: pl.DataFrame
) -> Cleaned:
    """Rows of ``core_surveys__answers`` in the order of ``frame``, open answers unmasked.

    A cell of a coded question is compared with the code, the value and the labels of each
    alternative, then with the built-in spellings of "don't know" and its kin; ``7.0`` is ``7`` and
    ``5 - erittäin tyytyväinen`` is ``5``. An alternative whose label says "don't know" is no value,
    whatever its number and its declared kind. On a scale, whole numbers within its bounds count
    even when only its ends have labels. Values stand as answered, reversed scales are not turned.

    Args:
        frame: Text frame of ``ANSWER_SCHEMA``.
        questions: ``core_surveys__questions`` of the same questionnaires, clean.
        codelists: ``CODELIST_SCHEMA`` of the same questionnaires.

    Returns:
        ``answer_num`` for scales and numbers, ``answer_code`` for choices and dates (ISO),
        ``text`` for open questions; a multi-select has its option in ``item_code`` as well.
        Rejected are answers to unknown questions, answers that no alternative fits, values off the
        scale, and a second answer of one response to the same item.
    """
    rows = _with_questions(frame, questions)
    cells = _resolved_cells(rows, _spellings(codelists))
    on = [*_QUESTION, "spelling"]
    is_open = pl.col("type").is_in(_OPEN)
    resolved = rows.join(cells, on=on, how="left", validate="m:1", maintain_order="left")
    typed = resolved.with_columns(
        respondent_id=pl.concat_str("survey_id", "wave_code", "response_id", separator="|"),
        answer_kind_code=pl.coalesce("kind", pl.lit(VALID)),
        answer_num=pl.col("num"),
        answer_code=pl.col("code"),
        text=pl.when(is_open).then("answer"),
        item_code=pl.coalesce("item_code", _item_code(), pl.lit("")),
    )
    fitting = split_rows(typed, _rules())
    first = split_rows(fitting.frame, [_is_answered_again()])
    rejects = pl.concat([fitting.rejects, first.rejects]).sort("line_no", maintain_order=True)
    return Cleaned(first.frame.select(_COLUMNS), rejects)


def _is_answered_again() -> RejectRule:
    """Judged among the rows that stand: one that fits nothing cannot make another a repetition."""
    item = pl.struct("respondent_id", "question_id", "item_code", "line_no")
    words = "one answer to each item"
    return RejectRule(~item.is_first_distinct(), "answered_again", "answer", words)


def _with_questions(frame: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    known = questions.select(
        *_QUESTION,
        pl.col("question_type_code").alias("type"),
        pl.col("role_code").alias("role"),
        "scale_min",
        "scale_max",
    ).unique(_QUESTION, keep="last", maintain_order=True)
    return (
        repair_mojibake(frame, ["answer"])
        .join(known, on=_QUESTION, how="left", validate="m:1", maintain_order="left")
        .with_columns(spelling=folded(pl.col("answer")))
    )


def _spellings(codelists: pl.DataFrame) -> pl.DataFrame:
    """Each spelling of each alternative once by question; codes before values before labels."""
    rows = []
    for item in codelists.iter_rows(named=True):
        labels = [item[name] for name in ("label_fi", "label_sv", "label_en") if item[name]]
        said = [kind for label in labels if (kind := kind_of_label(label))]
        kind = said[0] if said and item["kind"] == VALID else item["kind"]
        value = item["value"] if kind == VALID else None
        number = None if item["value"] is None else str(item["value"])
        for rank, words in enumerate((item["code"], number, *labels)):
            if words is not None:
                key = tuple(item[name] for name in _QUESTION)
                rows.append((*key, fold(words), item["code"], value, kind, rank))
    return (
        pl.DataFrame(rows, schema=_SPELLING_SCHEMA, orient="row")
        .sort("rank", maintain_order=True)
        .unique([*_QUESTION, "spelling"], keep="first", maintain_order=True)
        .drop("rank")
    )


def _resolved_cells(rows: pl.DataFrame, spellings: pl.DataFrame) -> pl.DataFrame:
    """Each distinct cell with kind, num, code and fault; open answers only when they are short.

    A survey has few distinct cells; whatever costs is done once for each.
    """
    is_open = pl.col("type").is_in(_OPEN)
    is_short = pl.col("spelling").str.len_chars() <= LONGEST_WITHOUT_ANSWER
    cells = (
        rows.lazy()
        .filter(is_short | ~is_open)
        .select(*_QUESTION, "spelling", "type", "scale_min", "scale_max")
        .unique()
        .collect()
    )
    led = pl.col("spelling").str.extract_groups(_LED_BY_NUMBER).struct
    said = [
        _said(cell, question_type)
        for cell, question_type in cells.select("spelling", "type").iter_rows()
    ]
    return (
        cells.with_columns(
            led.field("1").alias("lead"),
            led.field("2").alias("rest"),
            pl.Series("said", said, dtype=pl.String),
            _numbers(cells).alias("number"),
            _days(cells).alias("day"),
        )
        .pipe(_matched, spellings, on="spelling", name="whole")
        .pipe(_matched, spellings, on="lead", name="lead")
        .pipe(_matched, spellings, on="rest", name="rest")
        .pipe(_typed_cells)
    )


def _said(cell: str | None, question_type: str | None) -> str | None:
    """What a cell says by a built-in spelling."""
    if cell is None or question_type in _OPEN:
        return kind_of_open_answer(cell or "")
    return NOT_ASKED if cell == HIDDEN else kind_of_label(cell)


def _numbers(cells: pl.DataFrame) -> pl.Series:
    numbers = pl.when(pl.col("type") == "number").then("spelling")
    return _where_asked(cells, "number", parse_number(numbers).value, pl.Float64())


def _days(cells: pl.DataFrame) -> pl.Series:
    days = pl.when(pl.col("type") == "date").then("spelling")
    return _where_asked(cells, "date", parse_date(days).value, pl.Date())


def _where_asked(
    cells: pl.DataFrame, question_type: str, value: pl.Expr, dtype: pl.DataType
) -> pl.Series:
    if question_type in cells.get_column("type"):
        return cells.select(value.alias("value")).to_series()
    return pl.repeat(None, cells.height, dtype=dtype, eager=True)


def _matched(cells: pl.DataFrame, spellings: pl.DataFrame, *, on: str, name: str) -> pl.DataFrame:
    found = spellings.rename(
        {"spelling": on} | {f"found_{what}": f"{name}_{what}" for what in ("code", "value", "kind")}
    )
    return cells.join(found, on=[*_QUESTION, on], how="left", validate="m:1")


def _typed_cells(cells: pl.DataFrame) -> pl.DataFrame:
    is_scale, is_coded = pl.col("type").is_in(_SCALES), pl.col("type").is_in(_CODED)
    spelled = pl.col("spelling")
    # The words tell more than the number before them.
    code = pl.coalesce("whole_code", "rest_code", "lead_code")
    kind = pl.coalesce("whole_kind", "said", "rest_kind", "lead_kind")
    value = pl.coalesce("whole_value", "rest_value", "lead_value")
    written = (
        pl.when(spelled.str.contains(_NUMBER)).then(spelled).otherwise("lead").cast(pl.Float64)
    )
    is_whole = written == written.round()
    is_inside = is_whole & (written >= pl.col("scale_min")) & (written <= pl.col("scale_max"))
    matched = cells.with_columns(
        is_contradictory=is_coded
        & pl.col("whole_code").is_null()
        & (pl.col("lead_code") != pl.col("rest_code")).fill_null(value=False),
        code=pl.when(is_coded).then(code),
        kind=pl.when(is_coded).then(kind).otherwise("said"),
        value=pl.when(is_scale).then(pl.coalesce(value, pl.when(is_inside).then(written))),
        written=written,
    )
    is_missing = (pl.col("kind") != VALID).fill_null(value=False)
    number = pl.when(pl.col("type") == "number").then("number")
    return matched.select(
        *_QUESTION,
        "spelling",
        kind=pl.coalesce("kind", pl.lit(VALID)),
        num=pl.when(~is_missing).then(pl.coalesce("value", number)),
        code=pl.when(~is_scale).then(
            pl.coalesce(
                "code",
                pl.when(~is_missing & (pl.col("type") == "date")).then(
                    pl.col("day").dt.strftime("%Y-%m-%d")
                ),
            )
        ),
        fault=pl.when(~is_missing).then(_fault()),
    )


def _fault() -> pl.Expr:
    is_type = pl.col("type").is_in
    is_off = pl.col("value").is_null() & pl.col("written").is_not_null()
    outside = (pl.col("written") < pl.col("scale_min")) | (pl.col("written") > pl.col("scale_max"))
    return (
        pl.when("is_contradictory")
        .then(pl.lit("answer_contradicts_itself"))
        .when(is_type(_SCALES) & is_off & outside)
        .then(pl.lit("off_scale"))
        .when(is_type(_SCALES) & pl.col("value").is_null())
        .then(pl.lit("answer_not_in_codelist"))
        .when(is_type(("single", "multi_item")) & pl.col("code").is_null())
        .then(pl.lit("answer_not_in_codelist"))
        .when(is_type(("number",)) & pl.col("number").is_null())
        .then(pl.lit("not_a_number"))
        .when(is_type(("date",)) & pl.col("day").is_null())
        .then(pl.lit("not_a_date"))
    )


def _item_code() -> pl.Expr:
    """The option of a multi-select; a spelling of "don't know" that is no option is its kind."""
    is_multi = pl.col("type") == "multi_item"
    return pl.when(is_multi).then(pl.coalesce("code", "kind"))


def _rules() -> list[RejectRule]:
    expected = {
        "answer_contradicts_itself": "a number and a label of the same alternative",
        "off_scale": "a value within the scale",
        "answer_not_in_codelist": "a code, value or label of the questionnaire's codelist",
        "not_a_number": "a number",
        "not_a_date": "a day from 1990 to 2100",
    }
    return [
        RejectRule(
            pl.col("response_id").is_null(), "missing_response_id", "response_id", "a response id"
        ),
        RejectRule(
            pl.col("type").is_null(), "unknown_question", "question_id", "a described question"
        ),
        RejectRule(
            pl.col("role") != "substantive", "not_substantive", "question_id", "a content question"
        ),
        RejectRule(pl.col("spelling").fill_null("") == "", "empty_answer", "answer", "an answer"),
        *(
            RejectRule(pl.col("fault") == fault, fault, "answer", words)
            for fault, words in expected.items()
        ),
    ]
