"""Who is heard and who answers: ratios with intervals, the unknown apart, nothing withheld told."""

import polars as pl

from transforms.publish.area_waiting import area_services_table, area_waiting_figure
from transforms.publish.figures import Missing
from transforms.publish.groups import gap_table, index_table, unrecorded_sentence, way_figures
from transforms.publish.public_tables import AREA_DIFFERENCES, GROUPS, RESPONSE_TIMES, SURVEYS
from transforms.publish.representativeness import survey_figures, survey_table, survey_tiles
from transforms.publish.words import NBSP

_NO_SOURCE = "Ei lähdettä: näitä tietoja ei ole saatu."


def _plain(value: object) -> str:
    return str(value).replace(NBSP, " ")


def test_there_is_a_figure_for_each_way_that_records_groups_and_the_others_are_named(desk):
    assert [figure.title for figure in way_figures(desk)] == ["Kyselyt 2026", "Tilaisuudet 2026"]
    assert unrecorded_sentence(desk) == (
        "Ryhmää ei kysytä näissä tavoissa, joten niistä ei tiedetä mitään: palautteet, "
        "kuntalaisaloitteet, asukasbudjetin ideat."
    )


def test_only_groups_whose_whole_interval_is_below_one_are_called_little_heard(desk):
    survey, event = way_figures(desk)

    assert _plain(survey.takeaway) == (
        "Selvästi vähemmän kuin ryhmän koko edellyttää: lapset, nuoret, maahanmuuttajat. "
        "Ryhmä ei ole tiedossa 8 % kuulluista."
    )
    assert event.takeaway.startswith("Minkään ryhmän ei voi sanoa")


def test_the_unknown_are_a_row_of_their_own_without_a_ratio(desk):
    last = way_figures(desk)[0].grid.rows[-1]

    assert last[0] == "Ryhmä ei tiedossa"
    assert last[1:4] == (Missing.NONE,) * 3
    assert last[4] == 88


def test_a_withheld_group_keeps_its_row_and_the_threshold_named_is_that_of_backgrounds(desk):
    event = way_figures(desk)[1]
    row = next(row for row in event.grid.rows if row[0] == "Maahanmuuttajat")

    assert set(row[1:6]) == {Missing.WITHHELD}
    assert any("alle 10 tapausta" in note for note in event.notes)


def test_the_line_stands_at_one(desk):
    option = way_figures(desk)[0].chart.option

    assert option["series"][0]["renderItem"] == "fn:rule|1.0|var(--edge)"


def test_the_index_stands_with_its_parts_and_says_when_it_is_incomplete(desk):
    table = index_table(desk)
    rows = {row[0]: row for row in table.grid.rows}

    assert [f.label for f in table.grid.fields[1:4]] == ["Kyselyt", "Tilaisuudet", "Indeksi"]
    assert rows["Lapset"][-1] == "vajaa: osa tavoista puuttuu"
    assert _plain(rows["Lapset"][4]) == "0,60 – 0,82"
    assert rows["Maahanmuuttajat"][3:5] == (Missing.WITHHELD, Missing.WITHHELD)
    assert rows["Ryhmä ei tiedossa"][3] is Missing.NONE


def test_gaps_have_their_intervals_and_a_missing_source_is_not_zero(desk):
    row = gap_table(desk).grid.rows[0]

    assert _plain(row[1]) == "−0,04 (−0,09 – +0,01)"
    assert _plain(row[2]) == "+1,4 vrk (−0,6 vrk – +3,4 vrk)"
    assert row[5] is Missing.NO_SOURCE


def test_without_groups_there_is_a_sentence_and_no_table(tables, desk_of):
    desk = desk_of({**tables, GROUPS: tables[GROUPS].clear()})

    assert [f.takeaway.startswith(_NO_SOURCE) for f in way_figures(desk)] == [True]
    assert index_table(desk).grid.rows == gap_table(desk).grid.rows == ()
    assert index_table(desk).intro.startswith(_NO_SOURCE)


def test_respondents_stand_beside_residents_and_an_open_survey_is_warned_of(desk):
    sample, is_open = survey_figures(desk)

    assert sample.chart.option["series"][0]["encode"] == {"y": 0, "x": 2}  # residents: rings
    assert "Avoin kysely" not in sample.takeaway
    assert is_open.takeaway.endswith("Avoin kysely: vastaajat valikoituivat itse.")
    assert [row[0] for row in sample.grid.rows][-1] == "Ikäryhmä: Ei tiedossa"


def test_a_withheld_category_is_not_called_the_least_heard(desk):
    figure = survey_figures(desk)[0]
    row = next(row for row in figure.grid.rows if row[0] == "Ikäryhmä: 80 tai yli")

    assert row[1] is Missing.WITHHELD
    assert row[2] == 0.06  # the share of residents is known to everybody
    assert "80 tai yli" not in figure.takeaway


def test_an_open_survey_has_no_r_indicator(desk):
    rows = {row[0]: row for row in survey_table(desk).grid.rows}

    assert rows["Kirjaston asiakaskysely 2026"][4] is Missing.NONE
    assert rows["Kadut ja puistot: asukaskysely 2026"][4] == 0.78


def test_a_survey_that_is_still_open_is_told_to_be_under_way(tables, desk_of):
    frame = tables[SURVEYS].with_columns(
        closed_on=pl.lit(None, pl.Date), is_preliminary=pl.lit(value=True)
    )

    rows = survey_table(desk_of({**tables, SURVEYS: frame})).grid.rows

    assert {row[1] for row in rows} == {"kesken"}


def test_surveys_without_rows_are_told_as_no_source(tables, desk_of):
    desk = desk_of({**tables, SURVEYS: tables[SURVEYS].clear()})

    assert survey_tiles(desk)[0].value == "ei lähdettä"
    assert survey_figures(desk) == []
    assert survey_table(desk).intro.startswith(_NO_SOURCE)


def test_only_the_latest_wave_of_a_survey_is_shown(tables, desk_of):
    older = tables[SURVEYS].with_columns(
        wave_code=pl.lit("2025-1"), survey_title=pl.lit("vanha"), closed_on=pl.date(2025, 3, 31)
    )
    desk = desk_of({**tables, SURVEYS: pl.concat([tables[SURVEYS], older])})

    assert len(survey_table(desk).grid.rows) == 2
    assert "vanha" not in [row[0] for row in survey_table(desk).grid.rows]


def test_areas_differ_only_by_the_test(tables, desk, desk_of):
    same = tables[AREA_DIFFERENCES].with_columns(
        is_different=pl.lit(value=False), p_value_bh=pl.lit(0.4)
    )
    untested = tables[AREA_DIFFERENCES].clear()

    assert _plain(area_waiting_figure(desk).takeaway) == (
        "Alueiden odotusajat eroavat toisistaan (log‑rank‑testi, p = 0,01)."
    )
    found = area_waiting_figure(desk_of({**tables, AREA_DIFFERENCES: same})).takeaway
    assert _plain(found).startswith("Ei näyttöä siitä, että alueiden odotusajat eroaisivat")
    none = area_waiting_figure(desk_of({**tables, AREA_DIFFERENCES: untested})).takeaway
    assert none == "Alueiden eroa ei ole voitu testata."


def test_services_in_which_areas_differ_are_listed_with_their_p(desk):
    table = area_services_table(desk)

    assert [row[0] for row in table.grid.rows] == ["Kadut ja kunnossapito"]
    assert table.intro == "Testattuja palveluita 2; alueet eroavat 1 palvelussa."


def test_withheld_areas_are_a_sentence_without_a_number(tables, desk_of):
    frame = tables[RESPONSE_TIMES]
    gone = [c for c, t in frame.schema.items() if t == pl.Float64 or c.startswith("n_")]
    hidden = frame.with_columns(
        *(pl.lit(None, frame.schema[c]).alias(c) for c in gone), is_suppressed=pl.lit(value=True)
    )

    figure = area_waiting_figure(desk_of({**tables, RESPONSE_TIMES: hidden}))

    assert figure.chart is None
    assert figure.takeaway.startswith("Lukuja ei näytetä")
