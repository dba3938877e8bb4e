"""Summaries in words: every number written is that of a named published cell."""

import re
from datetime import date
from typing import Any

import polars as pl
import pytest

from transforms.publish.summary import DATASET, write_summaries
from transforms.publish.words import load_words
from transforms.statistics.published_cells import Reference, find_cell

START = date(2026, 7, 1)
KEY = {
    "department_id": "kaupunkiymparisto",
    "period_kind_code": "quarter",
    "period_start_on": START,
}
LABELS = {
    "departments": {"kaupunkiymparisto": "Kaupunkiympäristön toimiala"},
    "topics": {"valaistus": "Valaistus", "viheralueet": "Viheralueet"},
    "group": {"lapset": "Lapset", "nuoret": "Nuoret"},
}
CELL = "survey_id=puistot;wave_code=2026-1;question_id=yleisarvio"
FIGURES: dict[str, Any] = {
    "n_tickets": 12345,
    "n_answers": 678,
    "n_notes": 1,
    "n_initiatives": 0,
    "n_ideas": None,
    "n_praise": 901,
    "n_complaint": 55,
    "n_proposal": 44,
    "top_topics": "valaistus;viheralueet",
    "satisfaction_reference": f"service_satisfaction.top2_share[{CELL}]",
    "satisfaction_title": "Puistokysely 2026",
    "satisfied_share": 0.734,
    "n_better": 3,
    "n_worse": 1,
    "n_no_evidence": 7,
    "n_not_comparable": 2,
    "km_median_days": 3.1416,
    "n_open": 88,
    "n_open_over_30_days": 21,
    "n_actions_new": 4,
    "n_actions_done": 6,
    "n_promises": 14,
    "n_told": 9,
    "groups_not_heard": "lapset;nuoret",
}
STRINGS = ("top_topics", "groups_not_heard", "satisfaction_reference", "satisfaction_title")


def figures(**changes: object) -> pl.DataFrame:
    row = {**KEY, **FIGURES, **changes}
    numbers = {n: pl.Int64 for n in row if n.startswith("n_")}
    shares = {"satisfied_share": pl.Float64, "km_median_days": pl.Float64}
    texts = dict.fromkeys(STRINGS, pl.String)
    return pl.DataFrame([row], schema_overrides={**numbers, **shares, **texts})


def topics() -> pl.DataFrame:
    row = {
        "dimension_code": "department",
        "dimension_value": "kaupunkiymparisto",
        "period_kind_code": "quarter",
        "period_start_on": START,
        "act_type_code": "all",
    }
    return pl.DataFrame(
        [
            {**row, "topic_id": "valaistus", "n_documents": 432},
            {**row, "topic_id": "viheralueet", "n_documents": 210},
        ]
    )


def written(**changes: object) -> dict[str, Any]:
    return write_summaries(figures(**changes), topics=topics(), labels=LABELS).row(0, named=True)


def published(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    satisfaction = {
        "survey_id": "puistot",
        "wave_code": "2026-1",
        "question_id": "yleisarvio",
        "survey_title": "Puistokysely 2026",
        "top2_share": 0.734,
    }
    return {
        DATASET: frame,
        "feedback_topics": topics(),
        "service_satisfaction": pl.DataFrame([satisfaction]),
    }


def as_written(value: object, column: str) -> str:
    """How a cell's value is written: the other half of the proof, made without the writer."""
    if isinstance(value, str):
        return value
    assert isinstance(value, int | float)
    if column.endswith("_share"):
        return f"{value * 100:.0f}\u00a0%"
    if column.endswith("_days") and column.startswith("km_"):
        return f"{value:.1f}".replace(".", ",")
    return load_words("fi").number(value)


def test_every_number_is_the_value_of_a_named_published_cell() -> None:
    row = written()
    rest = row["summary_text"] + "\n" + row["plain_text"]
    tables = published(figures())

    for line in row["cited_cells"].split("\n"):
        text, _, cell = line.partition("\t")
        reference = Reference.parse(cell)
        assert reference is not None
        found = find_cell(reference, tables).row
        assert found is not None, cell
        assert text == as_written(found[reference.column], reference.column)
        before, said, after = rest.partition(text)
        assert said, text
        assert not re.search(r"\d", before), before
        rest = after

    assert not re.search(r"\d", rest)


def test_withheld_count_is_said_to_be_withheld_and_not_written() -> None:
    row = written(n_tickets=None)

    assert "palautteita (määrää ei julkaista)" in row["summary_text"]
    assert "palautteita (emme kerro lukua)" in row["plain_text"]
    assert "n_tickets" not in row["cited_cells"]


def test_ways_without_an_act_are_not_listed() -> None:
    assert "kuntalaisaloite" not in written()["summary_text"]


@pytest.mark.parametrize("column", ["km_median_days", "satisfied_share", "n_open", "top_topics"])
def test_missing_figure_leaves_its_sentence_out(column: str) -> None:
    row = written(**{column: None})

    assert "None" not in row["summary_text"] + row["plain_text"]
    assert "\u2217" not in row["summary_text"]


def test_silence_is_told_as_silence() -> None:
    counts = dict.fromkeys(("n_tickets", "n_answers", "n_notes", "n_ideas"), 0)
    row = written(**counts, top_topics=None)

    assert row["summary_text"].startswith(
        "Neljänneksen aikana Kaupunkiympäristön toimiala ei saanut palautetta"
    )


def test_summary_reads_as_finnish() -> None:
    sentences = (
        "Neljänneksen aikana Kaupunkiympäristön toimiala sai asukkailta 12\u00a0345 palautetta,",
        "678 kyselyvastausta, 1 henkilöstön kirjaaman havainnon ja asukasbudjetin ideoita",
        "(määrää ei julkaista). Eniten puhuttiin näistä aiheista: valaistus (432) ja",
        "viheralueet (210). Teksteistä 901 oli kiitoksia. Puolet palautteista käsiteltiin 3,1",
        "vuorokaudessa. Jakson lopussa avoinna oli 88 palautetta, joista yli kuukauden vanhoja 21.",
        "Kyselyssä ”Puistokysely 2026” tyytyväisiä oli 73\u00a0% vastanneista. Edelliseen",
        "kierrokseen verrattuna tulos parani 3 kysymyksessä ja heikkeni 1 kysymyksessä.",
        "Toimenpidesuunnitelmaan otettiin 4 uutta toimenpidettä, ja valmiiksi saatiin 6",
        "toimenpidettä. Luvatuista asioista (14) kaikille kohderyhmille on kerrottu 9.",
        "Asukasmäärään nähden vähän kuultuja ryhmiä ovat koko kaupungissa lapset ja nuoret.",
    )

    assert written()["summary_text"] == " ".join(sentences)
