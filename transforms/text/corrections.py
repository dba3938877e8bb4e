"""Corrections by analysts (korjaukset): rows of their files to one checked correction per text.

Belongs here: what a row may say and which row wins. What comes of a correction belongs to
corrected.
"""

from collections.abc import Sequence

import polars as pl

from data_contracts.contract import code_values
from transforms.clean.cleaned import Cleaned, RejectRule, split_rows

#: Code list of each column that an analyst may fill.
CODE_LISTS = {
    "service_id": "services",
    "kind": "kind",
    "sentiment": "sentiment",
    "topics": "topics",
    "groups": "group",
    "language": "language",
}
LISTS = ("topics", "groups")
#: In a cell of topics or groups: the text speaks of none of them.
NONE_OF_THEM = "-"
CORRECTION_SCHEMA = pl.Schema({"text_id": pl.String, **dict.fromkeys(CODE_LISTS, pl.String)})
_SEPARATORS = r"\s*[;,]\s*"


def clean_corrections(rows: pl.DataFrame, texts_of: pl.DataFrame) -> Cleaned:
    """Checked corrections in the order of their rows.

    Args:
        rows: Strings: ``id`` and any of ``CODE_LISTS``, other columns are left unread; and
            ``line_no``. An empty cell corrects nothing. Topics and groups are codes joined by
            ``;`` or ``,``, or ``-`` for none.
        texts_of: ``id`` and its ``text_id``, of everything that may be corrected.

    Returns:
        ``line_no`` and ``CORRECTION_SCHEMA``: null where nothing is corrected, topics and groups
        in the order of their code lists, empty for none. A row without a known id, with a code
        that does not exist or without any correction is rejected.
    """
    absent = [pl.lit(None, dtype=pl.String).alias(n) for n in CODE_LISTS if n not in rows.columns]
    cells = rows.with_columns(absent).select(
        "line_no", pl.col("id").str.strip_chars(), *[_cell(name) for name in CODE_LISTS]
    )
    known = cells.join(texts_of, on="id", how="left", validate="m:1", maintain_order="left")
    split = split_rows(known, _rules())
    ordered = split.frame.select(
        "line_no", "text_id", *[_in_order(n) if n in LISTS else pl.col(n) for n in CODE_LISTS]
    )
    return Cleaned(ordered, split.rejects)


def latest_corrections(files: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One row per text, ``CORRECTION_SCHEMA`` by ``text_id``: the last row of the last file wins,
    with all of its cells.

    Args:
        files: Frames of ``clean_corrections`` in the order of their files.
    """
    every = [
        pl.DataFrame(schema=CORRECTION_SCHEMA),
        *[f.select(list(CORRECTION_SCHEMA)) for f in files],
    ]
    return pl.concat(every).unique("text_id", keep="last", maintain_order=True).sort("text_id")


def _cell(name: str) -> pl.Expr:
    cell = pl.col(name).str.strip_chars().str.to_lowercase()
    return pl.when(cell.str.len_chars() > 0).then(cell)


def _codes(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all(_SEPARATORS, ";").str.strip_chars(";").str.split(";")


def _in_order(name: str) -> pl.Expr:
    """Codes of a list in the order of its code list, each once; empty for none of them."""
    given = [
        pl.when(_codes(name).list.contains(code)).then(pl.lit(code))
        for code in code_values(CODE_LISTS[name])
    ]
    joined = pl.concat_str(given, separator=";", ignore_nulls=True)
    return pl.when(pl.col(name).is_not_null()).then(joined).alias(name)


def _rules() -> list[RejectRule]:
    rules = [
        RejectRule(
            pl.col("text_id").is_null(),
            "unknown_id",
            "id",
            "the text_id or act_id of a text that the house holds",
        )
    ]
    for name, code_list in CODE_LISTS.items():
        known = list(code_values(code_list))
        if name in LISTS:
            is_known = (pl.col(name) == NONE_OF_THEM) | _codes(name).list.eval(
                pl.element().is_in(known)
            ).list.all()
            expected = f"codes of {code_list} joined by ; or - for none: {', '.join(known)}"
        else:
            is_known = pl.col(name).is_in(known)
            expected = f"a code of {code_list}: {', '.join(known)}"
        rules.append(RejectRule(~is_known, "unknown_code", name, expected))
    nothing = pl.all_horizontal(pl.col(name).is_null() for name in CODE_LISTS)
    filled = "a correction in at least one of the columns " + ", ".join(CODE_LISTS)
    return [*rules, RejectRule(nothing, "nothing_corrected", None, filled)]
