"""Sentences of a department's summary (D09), in Finnish and in plain Finnish.

Every number that is written is that of a named published cell, and is listed beside the text in the
order of writing: what stands there, and which cell it is. A withheld figure is never written; the
sentence says that it is withheld.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from transforms.publish.words import Words, load_words

Row = Mapping[str, Any]
Labels = Mapping[str, Mapping[str, str]]

DATASET = "department_feedback_summary"
_KEY = ("department_id", "period_kind_code", "period_start_on")
_ACTS = ("n_tickets", "n_answers", "n_notes", "n_ideas", "n_initiatives")
N_TOPICS_TOLD = 3


@dataclass
class Writer:
    """Writes the sentences of one row and keeps account of every number.

    Attributes:
        row: A row of D09's figures.
        texts: Templates of one style (``formal`` or ``plain``).
        words: Finnish numbers.
        cited: What was written, and the cell; in the order of writing.
    """

    row: Row
    texts: Mapping[str, str]
    words: Words
    cited: list[tuple[str, str]] = field(default_factory=list)

    def say(self, key: str, **values: str) -> str:
        """One sentence of a template."""
        return self.texts[key].format(**values)

    def count(self, column: str) -> str:
        """A count with its noun: ``1 234 palautetta``; how it is told when withheld."""
        value = self.row[column]
        noun = self.texts[f"{column}_withheld" if value is None else _number(column, value)]
        return noun if value is None else f"{self._own(self.words.number(value), column)} {noun}"

    def figure(self, column: str, *, decimals: int = 0) -> str:
        """A bare number of the row."""
        return self._own(self.words.number(self.row[column], decimals=decimals), column)

    def cite(self, written: str, reference: str) -> str:
        """A number, or a name with one in it, of a cell of another table."""
        self.cited.append((written, reference))
        return written

    def _own(self, written: str, column: str) -> str:
        key = ";".join(f"{name}={self.row[name]}" for name in _KEY)
        return self.cite(written, f"{DATASET}.{column}[{key}]")


def write_summaries(figures: pl.DataFrame, *, topics: pl.DataFrame, labels: Labels) -> pl.DataFrame:
    """``figures`` with ``summary_text``, ``plain_text`` and ``cited_cells``.

    Args:
        figures: ``knowledge.department_summary``.
        topics: The published feedback_topics.
        labels: Finnish labels by code, of ``departments``, ``topics`` and ``group``.
    """
    words = load_words("fi")
    counts = _topic_counts(topics)
    written = []
    for row in figures.iter_rows(named=True):
        texts, cited = [], []
        for style in ("formal", "plain"):
            writer = Writer(row, _templates()[style], words)
            texts.append(" ".join(_sentences(writer, counts, labels)))
            cited.extend(writer.cited)
        written.append((*texts, "\n".join(f"{text}\t{cell}" for text, cell in cited)))
    schema = dict.fromkeys(("summary_text", "plain_text", "cited_cells"), pl.String)
    return figures.with_columns(pl.DataFrame(written, schema=schema, orient="row"))


def _sentences(
    writer: Writer, counts: Mapping[tuple[object, ...], int], labels: Labels
) -> Sequence[str]:
    row = writer.row
    found = [_heard(writer, labels)]
    if row["top_topics"]:
        found.append(_topics(writer, counts, labels))
    if row["n_praise"]:
        found.append(writer.say("praise", praise=writer.count("n_praise")))
    if row["km_median_days"] is not None:
        days = writer.figure("km_median_days", decimals=1)
        found.append(writer.say("times", days=days))
    if row["n_open"] is not None:
        found.append(_open(writer))
    if row["satisfied_share"] is not None:
        found.append(_satisfied(writer))
    if row["n_better"] or row["n_worse"]:
        found.append(
            writer.say("change", better=writer.count("n_better"), worse=writer.count("n_worse"))
        )
    found.append(
        writer.say(
            "actions", new=writer.count("n_actions_new"), done=writer.count("n_actions_done")
        )
    )
    if row["n_promises"]:
        found.append(
            writer.say("told", promises=writer.figure("n_promises"), told=writer.figure("n_told"))
        )
    groups = row["groups_not_heard"]
    if groups:
        names = _listed([labels["group"][code].lower() for code in groups.split(";")])
        found.append(writer.say("groups", groups=names))
    return found


def _heard(writer: Writer, labels: Labels) -> str:
    counted = [name for name in _ACTS if writer.row[name] != 0]
    name = labels["departments"][writer.row["department_id"]]
    period = writer.texts[writer.row["period_kind_code"]]
    if not counted:
        return writer.say("silent", department=name, period=period)
    acts = _listed([writer.count(column) for column in counted])
    return writer.say("heard", department=name, period=period, acts=acts)


def _topics(writer: Writer, counts: Mapping[tuple[object, ...], int], labels: Labels) -> str:
    row, told = writer.row, []
    for topic in row["top_topics"].split(";")[:N_TOPICS_TOLD]:
        key = (row["department_id"], row["period_kind_code"], row["period_start_on"], topic)
        number = writer.words.number(counts[key])
        reference = (
            f"feedback_topics.n_documents[dimension_code=department;dimension_value={key[0]};"
            f"period_kind_code={key[1]};period_start_on={key[2]};act_type_code=all;topic_id={topic}]"
        )
        name = labels["topics"][topic].lower()
        told.append(writer.say("topic", topic=name, number=writer.cite(number, reference)))
    return writer.say("topics", topics=_listed(told))


def _open(writer: Writer) -> str:
    if not writer.row["n_open"]:
        return writer.texts["none_open"]
    waiting = writer.count("n_open")
    if writer.row["n_open_over_30_days"] is None:
        return writer.say("open", waiting=waiting)
    return writer.say("open_long", waiting=waiting, long=writer.figure("n_open_over_30_days"))


def _satisfied(writer: Writer) -> str:
    row = writer.row
    cell = row["satisfaction_reference"]
    title = writer.cite(row["satisfaction_title"], cell.replace(".top2_share[", ".survey_title["))
    share = writer.cite(writer.words.share(row["satisfied_share"]), cell)
    return writer.say("satisfied", survey=title, share=share)


def _topic_counts(topics: pl.DataFrame) -> dict[tuple[object, ...], int]:
    rows = topics.filter(
        (pl.col("dimension_code") == "department") & (pl.col("act_type_code") == "all")
    ).select("dimension_value", *_KEY[1:], "topic_id", "n_documents")
    return {row[:-1]: row[-1] for row in rows.iter_rows()}


def _number(column: str, value: int) -> str:
    return f"{column}_one" if value == 1 else f"{column}_many"


def _listed(parts: Sequence[str]) -> str:
    """``a, b ja c``."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} ja {parts[-1]}"


@cache
def _templates() -> Mapping[str, Mapping[str, str]]:
    text = (files("transforms.publish") / "strings" / "summary_fi.toml").read_text("utf-8")
    found: Mapping[str, Mapping[str, str]] = tomllib.loads(text)
    return found
