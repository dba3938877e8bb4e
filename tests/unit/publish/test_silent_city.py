"""A city that has heard nothing in its latest twelve months still shows what there is."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_codes
from tests.support.public_tables import public_tables
from transforms.publish.backlog import backlog_figure
from transforms.publish.desk import Desk
from transforms.publish.heard import act_types_figure, heard_tiles
from transforms.publish.labels import read_labels
from transforms.publish.pages import all_pages
from transforms.publish.public_tables import CITY, HEARD, RESPONSE_TIMES, PublicTables
from transforms.publish.publication import Publication
from transforms.publish.words import NBSP, load_words

_LATER = date(2029, 3, 31)


@pytest.fixture(scope="module")
def silent() -> Mapping[str, pl.DataFrame]:
    """The city of 2026 seen from 2029: its latest twelve months hold zeros."""
    tables = public_tables()
    changed = dict(tables)
    for name in (HEARD, RESPONSE_TIMES):
        frame = tables[name]
        latest = pl.col("period_kind_code") == "last_12_months"
        counts = [c for c in frame.columns if c.startswith("n_")]
        changed[name] = frame.with_columns(
            pl.when(latest).then(pl.lit(0, pl.Int64)).otherwise(pl.col(c)).alias(c) for c in counts
        ).with_columns(
            is_suppressed=pl.when(latest).then(pl.lit(value=False)).otherwise("is_suppressed")
        )
    return changed


def _desk(tables: Mapping[str, pl.DataFrame]) -> Desk:
    words = load_words("fi")
    about = Publication("x", _LATER, "Seinäjoki", "0.1.0")
    labels = read_labels(load_codes(), words=words)
    return Desk(PublicTables(tables, _LATER), labels, words, about)


def test_key_figures_are_of_all_time_and_the_page_says_since_when_there_is_silence(silent):
    page = all_pages(_desk(silent))[0]

    assert page.period == (
        "Luvut koko ajalta. Viimeisten 12 kuukauden aikana ei ole vastauksia eikä viestejä; "
        "viimeisimmät ovat lokakuulta 2026. Palautteiden luvut vuodelta 2025. "
        "Avoimet palautteet päivän 31.10.2026 lopussa."
    )
    assert page.lede.startswith("Koko aikana asukkailta on saatu ")
    assert page.sections[0].blocks[0].cards[0].tiles[0].label == (
        f"Vastauksia ja viestejä, koko{NBSP}ajalta"
    )


def test_tiles_of_all_time_are_compared_with_nothing(silent):
    tiles = heard_tiles(_desk(silent))

    assert tiles[0].value not in ("0", "*", "–")
    assert {tile.detail for tile in tiles} == {""}


def test_months_end_with_the_latest_that_has_something(silent):
    months = [row[0] for row in act_types_figure(_desk(silent), CITY).grid.rows]

    assert months[0] == date(2024, 11, 1)
    assert months[-1] == date(2026, 10, 1)
    assert len(months) == 24


def test_months_without_rows_between_others_are_not_left_out(silent):
    heard = silent[HEARD]
    sparse = heard.filter(
        (pl.col("period_kind_code") != "month")
        | pl.col("period_start_on").is_in([date(2026, 3, 1), date(2026, 10, 1)])
    )

    rows = act_types_figure(_desk({**silent, HEARD: sparse}), CITY).grid.rows

    assert [row[0].month for row in rows] == [3, 4, 5, 6, 7, 8, 9, 10]


def test_a_backlog_of_nothing_is_a_sentence_and_no_chart(silent):
    frame = silent["public_feedback__backlog"]
    empty = frame.with_columns(
        n_open=pl.lit(0, pl.Int64), day_on=pl.col("day_on").dt.offset_by("29mo")
    ).filter(pl.col("day_on") == pl.col("day_on").dt.month_end())

    figure = backlog_figure(_desk({**silent, "public_feedback__backlog": empty}), CITY)

    assert figure.chart is None
    assert figure.takeaway == "Yhtään palautetta ei ollut avoinna 31.3.2029."


def test_a_city_of_today_speaks_of_its_latest_twelve_months(tables, about):
    words = load_words("fi")
    labels = read_labels(load_codes(), words=words)
    desk = Desk(PublicTables(tables, about.snapshot_on), labels, words, about)

    page = all_pages(desk)[0]

    assert page.period == (
        "Luvut viimeisiltä 12 kuukaudelta. Avoimet palautteet tilannepäivän lopussa."
    )
