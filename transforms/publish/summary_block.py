"""A department's summary (D09) as it stands on its page: the words, plain words, and the cells."""

import re
from collections.abc import Sequence

from transforms.publish.cells import describe_cell
from transforms.publish.desk import Desk
from transforms.publish.figures import Field, Fold, Grid, Prose
from transforms.publish.public_tables import SUMMARIES, Row, day_of, text_of

_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-ZÅÄÖ0-9])")
_SENTENCES_IN_PARAGRAPH = 3
_MOST_EARLIER = 3


def summary_block(desk: Desk, department: str) -> Prose:
    """The latest quarter's summary, its plain version, the cells behind it, earlier quarters."""
    rows = desk.tables.rows(
        SUMMARIES,
        order=("period_start_on",),
        department_id=department,
        period_kind_code="quarter",
    )
    if not rows:
        text = desk.nothing(SUMMARIES)
        return Prose(id="summary", title=desk.words("summary.title"), paragraphs=(text,))
    latest, earlier = rows[-1], rows[-1 - _MOST_EARLIER : -1]
    return Prose(
        id="summary",
        title=_title(desk, latest),
        paragraphs=_paragraphs(text_of(latest, "summary_text")),
        folds=(
            _plain(desk, latest),
            *_praise(desk, latest),
            _cells(desk, latest),
            *(_earlier(desk, row) for row in reversed(earlier)),
        ),
        notes=(_approval(desk, latest),),
        language=desk.own_language(),
        datasets=(SUMMARIES,),
    )


def _title(desk: Desk, row: Row) -> str:
    period = desk.words.quarter(day_of(row, "period_start_on"))
    return f"{period[0].upper()}{period[1:]}"


def _sentences(text: str) -> list[str]:
    return _SENTENCE_END.split(text)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Sentences by three: what was heard, how it went, what was done."""
    found, size = _sentences(text), _SENTENCES_IN_PARAGRAPH
    return tuple(" ".join(found[i : i + size]) for i in range(0, len(found), size))


def _plain(desk: Desk, row: Row) -> Fold:
    """Plain Finnish: every sentence on a line of its own."""
    return Fold(
        id="summary-plain",
        label=desk.words("summary.plain"),
        paragraphs=tuple(_sentences(text_of(row, "plain_text"))),
        language=desk.own_language(),
    )


def _praise(desk: Desk, row: Row) -> Sequence[Fold]:
    """Praise in residents' words, where a person has approved it."""
    words = text_of(row, "praise_examples").splitlines()
    if not words:
        return ()
    label = desk.words("summary.praise")
    own = desk.own_language()
    return (Fold(id="summary-praise", label=label, paragraphs=tuple(words), language=own),)


def _cells(desk: Desk, row: Row) -> Fold:
    """What each number of both texts is: its dataset, its column and its row."""
    fields = (
        Field(desk.words("field.written"), language=desk.own_language()),
        Field(desk.words("field.dataset")),
        Field(desk.words("field.figure")),
        Field(desk.words("field.row")),
    )
    lines = dict.fromkeys(text_of(row, "cited_cells").splitlines())
    pairs = (line.partition("\t") for line in lines)
    told = [(written, describe_cell(desk, reference)) for written, _, reference in pairs]
    rows = tuple((written, c.dataset, c.figure, c.place) for written, c in told)
    return Fold(id="summary-cells", label=desk.words("summary.cells"), grid=Grid(fields, rows))


def _earlier(desk: Desk, row: Row) -> Fold:
    start = day_of(row, "period_start_on")
    return Fold(
        id=f"summary-{start.isoformat()}",
        label=desk.words("summary.earlier", period=desk.words.quarter(start)),
        paragraphs=_paragraphs(text_of(row, "summary_text")),
        language=desk.own_language(),
    )


def _approval(desk: Desk, row: Row) -> str:
    """Who stands behind the words: the department's unit, or so far only the program."""
    unit, day = text_of(row, "approved_by_unit_name"), row["approved_on"]
    if not unit or day is None:
        return desk.words("summary.unapproved")
    written = desk.words.day(day_of(row, "approved_on"))
    return desk.words("summary.approved", unit=unit, day=written)
