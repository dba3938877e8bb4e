"""The text frames of respondents and answers that every reader of surveys hands on.

Belongs here: their columns, and how a ticked option is written. Does not: any one format.
"""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from transforms.parse.questionnaire import BACKGROUNDS

RESPONDENTS = "core_surveys__respondents"
ANSWERS = "core_surveys__answers"

#: Several groups of one respondent stand in one text, each on a line of its own.
OPTION_SEPARATOR = "\n"
RESPONDENT_SCHEMA: Mapping[str, pl.DataType] = {
    "survey_id": pl.String(),
    "wave_code": pl.String(),
    "response_id": pl.String(),
    "answered_at": pl.String(),
    **dict.fromkeys(BACKGROUNDS, pl.String()),
    "line_no": pl.Int64(),
}
#: ``item_code`` is null unless the file itself tells options apart; cleaning finds it.
ANSWER_SCHEMA: Mapping[str, pl.DataType] = {
    "survey_id": pl.String(),
    "wave_code": pl.String(),
    "response_id": pl.String(),
    "question_id": pl.String(),
    "item_code": pl.String(),
    "answer": pl.String(),
    "line_no": pl.Int64(),
}
#: Folded cells of a column per option.
CHOSEN_MARKS = frozenset(
    {"1", "x", "✓", "✔", "kyllä", "k", "ja", "yes", "y", "true", "tosi", "valittu", "vald",
     "selected", "mainittu"}
)  # fmt: skip
UNCHOSEN_MARKS = frozenset(
    {"", "0", "ei", "nej", "no", "n", "false", "epätosi", "ei valittu", "inte vald",
     "not selected", "ei mainittu", "-", "–"}
)  # fmt: skip


def respondent_frame(
    rows: Sequence[Mapping[str, str | None]],
    line_nos: Sequence[int],
    *,
    survey_id: str,
    asked: Collection[str],
) -> pl.DataFrame:
    """Rows of ``RESPONDENTS`` in ``RESPONDENT_SCHEMA``.

    Args:
        rows: ``wave_code``, ``response_id``, ``answered_at`` and backgrounds; absent is null.
        line_nos: Places of the rows in the file.
        survey_id: Of all rows.
        asked: Backgrounds that the questionnaire asks; groups that were asked but not told are ''.
    """
    names = [name for name in RESPONDENT_SCHEMA if name not in ("survey_id", "line_no")]
    columns = {name: [row.get(name) for row in rows] for name in names}
    schema = {name: RESPONDENT_SCHEMA[name] for name in names}
    groups = pl.col("groups").fill_null("") if "groups" in asked else pl.col("groups")
    return (
        pl.DataFrame(columns, schema=schema)
        .with_columns(
            groups,
            survey_id=pl.lit(survey_id),
            line_no=pl.Series(line_nos, dtype=pl.Int64),
        )
        .select(list(RESPONDENT_SCHEMA))
    )
