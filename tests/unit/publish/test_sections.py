"""Sentences and rows that the sections compute from the numbers."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_codes
from transforms.publish.backlog import backlog_figure, open_tiles
from transforms.publish.desk import Desk
from transforms.publish.figures import Missing
from transforms.publish.heard import share_of_texts
from transforms.publish.labels import read_labels
from transforms.publish.public_tables import (
    CITY,
    Level,
    PublicTables,
    cell,
    median_cell,
    month_end,
    months_before,
)
from transforms.publish.quality import reason_table, source_table
from transforms.publish.satisfaction import satisfaction_figures
from transforms.publish.waiting import waiting_figure, waiting_tiles
from transforms.publish.words import NBSP, load_words

_DONE = (pl.col("milestone_code") == "done") & (pl.col("dimension_code") == "city")


def _desk(tables, about) -> Desk:
    words = load_words("fi")
    return Desk(
        PublicTables(tables, about.snapshot_on),
        read_labels(load_codes(), words=words),
        words,
        about,
    )


def _with_times(tables, **values):
    times = tables["public_feedback__response_times"]
    latest = _DONE & (pl.col("period_kind_code") == "last_12_months")
    changed = times.with_columns(
        pl.when(latest).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    )
    return {**tables, "public_feedback__response_times": changed}


def test_the_waiting_sentence_names_the_median_and_its_interval(tables, about):
    changed = _with_times(
        tables, km_median_hours=76.0, km_median_low_hours=70.0, km_median_high_hours=80.0
    )

    sentence = waiting_figure(_desk(changed, about), CITY).takeaway.replace(NBSP, " ")

    assert sentence == (
        "Viimeisten 12 kuukauden aikana puolet palautteista tuli valmiiksi 3 vrk 4 h kuluessa "
        "(luottamusväli 2 vrk 22 h – 3 vrk 8 h)."
    )


def test_a_median_that_is_not_reached_is_told_as_such(tables, about):
    changed = _with_times(tables, km_median_hours=None)

    desk = _desk(changed, about)

    assert "alle puolet on valmiina" in waiting_figure(desk, CITY).takeaway
    assert waiting_tiles(desk, CITY)[0].value == "alle puolet valmiina"


def test_a_withheld_median_is_neither_in_the_tile_nor_in_the_sentence(tables, about):
    changed = _with_times(tables, km_median_hours=None, n_tickets=None, is_suppressed=True)

    desk = _desk(changed, about)

    assert waiting_tiles(desk, CITY)[0].value == "*"
    assert "ei näytetä" in waiting_figure(desk, CITY).takeaway


def test_a_tile_compares_with_the_last_whole_year_when_there_is_no_earlier_twelve(tables, about):
    detail = waiting_tiles(_desk(tables, about), CITY)[2].detail

    assert detail.startswith(f"vuonna{NBSP}2025: ")


def test_a_tile_compares_with_the_twelve_months_before_when_they_are_there(tables, about):
    times = tables["public_feedback__response_times"]
    twelve = times.filter(pl.col("period_kind_code") == "last_12_months")
    earlier = twelve.with_columns(
        period_start_on=pl.lit(date(2024, 11, 1)), share_within_14_days=pl.lit(0.5)
    )
    changed = {**tables, "public_feedback__response_times": pl.concat([times, earlier])}

    detail = waiting_tiles(_desk(changed, about), CITY)[2].detail

    assert detail == f"edellinen 12{NBSP}kk: 50{NBSP}%"


def test_the_backlog_of_a_year_ago_is_that_of_the_same_month(tables, about):
    backlog = tables["public_feedback__backlog"]
    then = (pl.col("day_on") == date(2025, 10, 31)) & (pl.col("dimension_code") == "city")
    changed = backlog.with_columns(
        n_open=pl.when(then).then(pl.lit(4321)).otherwise(pl.col("n_open"))
    )

    tiles = open_tiles(_desk({**tables, "public_feedback__backlog": changed}, about), CITY)

    assert tiles[0].detail == f"vuosi sitten: 4{NBSP}321"


def test_the_backlog_has_only_month_ends_and_at_most_two_years(tables, about):
    days = [row[0] for row in backlog_figure(_desk(tables, about), CITY).grid.rows]

    assert days[0] == date(2024, 11, 30)
    assert days[-1] == date(2026, 10, 31)
    assert len(days) == 24


def test_a_month_that_is_not_over_is_left_out(tables, about):
    desk = _desk(tables, about)
    early = PublicTables(desk.tables.frames, date(2026, 10, 30))

    months = early.periods("public_heard__acts", CITY, kind="month", act_type_code="all")

    assert months[-1]["period_start_on"] == date(2026, 9, 1)


def test_a_survey_without_enough_answers_keeps_its_heading(tables, about):
    figures = satisfaction_figures(_desk(tables, about), "sivistys_hyvinvointi")

    small = next(f for f in figures if f.title.startswith("Museon"))
    assert small.chart is None
    assert small.takeaway == "Tuloksia ei voi näyttää, koska vastauksia on liian vähän."
    assert small.grid.rows[0][0] == "Näyttelyn kiinnostavuus"


def test_questions_with_the_same_words_stay_two_rows(tables, about):
    frame = tables["public_service__satisfaction"].with_columns(question_fi=pl.lit("Sama"))

    figures = satisfaction_figures(
        _desk({**tables, "public_service__satisfaction": frame}, about), "kaupunkiymparisto"
    )

    assert [row[0] for row in figures[0].grid.rows] == ["Sama", "Sama (2)", "Sama (3)"]


def test_only_intervals_that_do_not_meet_are_called_a_change(tables, about):
    tables = {
        **tables,
        "public_satisfaction__change": tables["public_satisfaction__change"].clear(),
    }
    figures = satisfaction_figures(_desk(tables, about), "sivistys_hyvinvointi")
    frame = tables["public_service__satisfaction"].with_columns(
        top2_low=pl.lit(0.0), top2_high=pl.lit(1.0)
    )

    same = satisfaction_figures(
        _desk({**tables, "public_service__satisfaction": frame}, about), "sivistys_hyvinvointi"
    )

    assert "selvästi parempia tuloksia: 1" in figures[0].takeaway
    assert "mahtuvat virhemarginaaliin" in same[0].takeaway


def test_deliveries_of_a_source_are_summed_and_their_identity_holds(tables, about):
    rows = source_table(_desk(tables, about)).grid.rows

    for _, _, rows_in, accepted, rejected, duplicates, _, _ in rows:
        assert rows_in == accepted + rejected + duplicates


def test_reasons_are_counted_over_all_deliveries(tables, about):
    # georeport has 61 deliveries, every ninth from the fifth on has rejects: 7; webropol 12: 1.
    rows = dict(reason_table(_desk(tables, about)).grid.rows)

    assert rows == {"Päivä ei ole luettavissa": 32, "Teksti puuttuu": 24}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"mean": None, "is_suppressed": True, "suppress_reason_code": "none"}, Missing.WITHHELD),
        (
            {"mean": None, "is_suppressed": True, "suppress_reason_code": "no_source"},
            Missing.NO_SOURCE,
        ),
        ({"mean": None, "is_suppressed": False, "suppress_reason_code": "none"}, Missing.NONE),
        ({"mean": float("nan"), "is_suppressed": False}, Missing.NONE),
        ({"mean": 0, "is_suppressed": False}, 0),
        (None, Missing.NONE),
    ],
)
def test_a_cell_tells_why_it_has_no_value(row, expected):
    assert cell(row, "mean") == expected


def test_zero_is_an_answer_and_a_share_of_nothing_is_missing():
    row = {"n_negative": 0, "n_texts": 0, "is_suppressed": False, "suppress_reason_code": "none"}

    assert share_of_texts(row, "n_negative") is Missing.NONE
    assert share_of_texts({**row, "n_texts": 8}, "n_negative") == 0


def test_months_are_counted_over_the_turn_of_the_year():
    assert months_before(date(2026, 10, 31), 24) == date(2024, 11, 1)
    assert months_before(date(2026, 1, 15), 1) == date(2026, 1, 1)
    assert months_before(date(2026, 12, 31), 13) == date(2025, 12, 1)
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)


def test_no_median_in_an_empty_month_is_just_missing():
    row = {
        "km_median_hours": None,
        "n_tickets": 0,
        "is_suppressed": False,
        "suppress_reason_code": "none",
    }

    assert median_cell(row) is Missing.NONE
    assert median_cell({**row, "n_tickets": 9}) is Missing.NOT_REACHED


def test_departments_in_force_are_listed_with_other_authorities_last(tables, about):
    labels = _desk(tables, about).labels

    assert labels.departments(date(2026, 10, 31)) == [
        "konserni",
        "sivistys_hyvinvointi",
        "kaupunkiymparisto",
        "elinvoima",
        "ulkopuolinen",
    ]
    assert "sosiaali_terveys" in labels.departments(date(2022, 12, 31))
    assert labels.services("sosiaali_terveys", date(2023, 1, 1)) == []
    assert Level("department", "x") == Level("department", "x")


def test_a_survey_of_the_whole_city_stands_on_the_citys_page(tables, about):
    frame = tables["public_service__satisfaction"].with_columns(
        department_id=pl.lit(None, pl.String), service_id=pl.lit(None, pl.String)
    )
    desk = _desk({**tables, "public_service__satisfaction": frame}, about)

    figures = satisfaction_figures(desk, None)

    assert len(figures) == 4
    assert figures[0].id == "survey-katujen-kunto"
