"""What a department has done, told back and promised, and its summary in words."""

import polars as pl
import pytest

from tests.support.public_subjects import HOSTILE_ACTION
from transforms.publish.actions import action_tables, done_entries, late_tile
from transforms.publish.cells import describe_cell
from transforms.publish.figures import Missing
from transforms.publish.goals import goal_entries
from transforms.publish.public_tables import ACTIONS, GOALS, SUMMARIES, TOLD
from transforms.publish.summary_block import summary_block
from transforms.publish.told_back import (
    audience_figure,
    kind_table,
    quarter_figure,
    told_tiles,
    untold_table,
)
from transforms.publish.words import NBSP

_NO_SOURCE = "Ei lähdettä: näitä tietoja ei ole saatu."
_BRINGS_ACTIONS = "Toimenpiteet tulevat tähän, kun toimiala on kirjannut ne luetteloonsa."


def _plain(text: str) -> str:
    return text.replace(NBSP, " ").replace("\u2011", "-")


def test_late_actions_come_first_and_the_sentence_counts_them(desk):
    still, closed = action_tables(desk, "kaupunkiymparisto")

    assert [row[0] for row in still.grid.rows] == ["Aurauskalusto Kivistöön", "Puiston penkit"]
    assert still.intro == "Kesken 2, niistä myöhässä 1. Valmiita 1."
    assert [_plain(str(row[3])) for row in still.grid.rows] == ["23 vrk", "ajallaan"]
    assert closed.grid.rows[0][0] == HOSTILE_ACTION
    assert _plain(str(closed.grid.rows[0][4])) == "Parempi: +14 %-yks. (+6 – +22 %-yks.)"


def test_a_dropped_action_has_no_effect(desk):
    _, closed = action_tables(desk, "konserni")

    assert closed.grid.rows[0][1] == "Ei toteuteta 9.1.2026"
    assert closed.grid.rows[0][4] is Missing.NONE


def test_an_effect_is_told_with_its_interval_and_never_as_a_cause(desk):
    block = done_entries(desk)
    first = block.entries[0]

    assert first.title == HOSTILE_ACTION
    assert (first.state, first.mark) == ("Vaikutus: parempi", "lake")
    assert _plain(first.text) == (
        "Tyytyväisten osuus (Tyytyväisyys palveluihin): ennen 41 %, jälkeen 55 %. "
        "Muutos +14 %-yks. (luottamusväli +6 – +22 %-yks.)."
    )
    assert block.notes[0].startswith("Muutos toimenpiteen jälkeen ei todista")


def test_an_effect_that_cannot_be_compared_says_why(desk):
    said = {e.title: e.text for e in done_entries(desk).entries}

    assert said["Kyselyn uusi asteikko"] == (
        "Kysymys tai asteikko muuttui, joten vaikutusta ei voi verrata."
    )


def test_actions_done_more_than_a_year_ago_are_not_the_latest(tables, desk_of):
    frame = tables[ACTIONS].with_columns(closed_on=pl.col("closed_on").dt.offset_by("-2y"))

    assert done_entries(desk_of({**tables, ACTIONS: frame})).entries == ()


@pytest.mark.parametrize("build", [done_entries, lambda d: action_tables(d, "konserni")[0]])
def test_without_a_source_there_are_no_actions_and_no_zero(tables, desk_of, build):
    desk = desk_of({**tables, ACTIONS: tables[ACTIONS].clear()})

    assert build(desk).intro == f"{_NO_SOURCE} {_BRINGS_ACTIONS}"
    assert late_tile(desk).value == "ei lähdettä"


def test_told_back_is_counted_over_the_latest_four_quarters(desk):
    # The city has five quarters of 24 promises: the first is left out. Of 24, 16 are told to all
    # in a whole quarter and 8 in the one under way: 16 + 16 + 16 + 8.
    tiles = told_tiles(desk)

    assert [tile.value for tile in tiles] == ["96", "56", "40"]


def test_quarters_stand_newest_first_with_their_intervals(desk):
    figure = quarter_figure(desk)

    assert [row[0] for row in figure.grid.rows[:2]] == ["loka–joulukuu 2026", "heinä–syyskuu 2026"]
    assert figure.grid.rows[0][6] is Missing.NOT_REACHED
    assert figure.grid.rows[0][7] == "Sidosryhmät"


def test_the_audience_told_least_is_named(desk):
    sentence = _plain(audience_figure(desk).takeaway)

    assert sentence == "Vähiten kerrottu kohderyhmä: sidosryhmät, 58 % sille luvatuista."


def test_what_is_untold_stands_by_department_and_by_kind(desk):
    by_department = untold_table(desk, ["konserni", "elinvoima"])
    by_kind = kind_table(desk)

    assert by_department.grid.rows[0] == ("Konsernipalvelut", 24, 14, 10, "Sidosryhmät")
    assert [row[0] for row in by_kind.grid.rows] == ["Palautekooste", "Toimenpide", "Aloite"]


def test_without_a_source_nothing_is_called_told(tables, desk_of):
    desk = desk_of({**tables, TOLD: tables[TOLD].clear()})

    assert told_tiles(desk)[0].value == "ei lähdettä"
    assert untold_table(desk, ["konserni"]).grid.rows == ()
    assert quarter_figure(desk).takeaway.startswith(_NO_SOURCE)
    assert audience_figure(desk).takeaway.startswith(_NO_SOURCE)


def test_a_goal_without_evidence_says_so_and_a_withheld_cell_is_not_told(desk):
    strong, withheld, none = goal_entries(desk, "kaupunkiymparisto").entries

    assert strong.state == "Peruste: vahva"
    assert _plain(strong.text) == (
        "Tyytyväisten osuus 38 % (33 % – 43 %). Lähde: Tyytyväisyys palveluihin, Kadut ja puistot: "
        "asukaskysely 2026: Katujen talvikunnossapito; jäädytetty 30.4.2026."
    )
    assert withheld.text == "Luku, johon tavoite viittaa, on peitetty."
    assert ("Koskee asukkaita", "*") in withheld.facts
    assert none.text == "Tavoitteelle ei ole nimetty perustetta."
    assert ("Päätös", "ehdotettu") in none.facts


def test_a_department_without_goals_says_whether_there_is_a_source(tables, desk, desk_of):
    without = desk_of({**tables, GOALS: tables[GOALS].clear()})

    assert goal_entries(desk, "konserni").intro.startswith("Tästä ei ole tietoja. ")
    assert goal_entries(without, "konserni").intro.startswith(_NO_SOURCE)


def test_the_summary_stands_in_words_with_plain_words_and_its_cells_behind(desk):
    block = summary_block(desk, "kaupunkiymparisto")
    plain, cells, *earlier = block.folds

    assert block.title == "Heinä–syyskuu 2026"
    assert block.paragraphs[0].startswith("Neljänneksen aikana Kaupunkiympäristön toimiala sai")
    assert plain.paragraphs == (
        "Asukkaat antoivat palautetta.",
        "Asukkaat puhuivat eniten näistä asioista: valaistus.",
    )
    assert cells.grid.rows[1] == (
        "57",
        "Palautteiden aiheet",
        "Aiheesta puhuvia",
        "Kaupunkiympäristön toimiala, heinä–syyskuu 2026, Valaistus",
    )
    assert [fold.label for fold in earlier] == [
        "Aiempi kooste: huhti–kesäkuu 2026",
        "Aiempi kooste: tammi–maaliskuu 2026",
        "Aiempi kooste: loka–joulukuu 2025",
    ]


def test_no_word_of_the_summary_is_lost_between_its_paragraphs(tables, desk):
    block = summary_block(desk, "elinvoima")

    rows = tables[SUMMARIES].filter(pl.col("department_id") == "elinvoima")
    latest = rows.sort("period_start_on").row(-1, named=True)
    assert " ".join(block.paragraphs) == latest["summary_text"]
    assert " ".join(block.folds[0].paragraphs) == latest["plain_text"]


def test_who_stands_behind_the_summary_is_told(desk):
    assert summary_block(desk, "konserni").notes == (
        "Koosteen on kirjoittanut ohjelma ja hyväksynyt Konsernijohto 31.10.2026.",
    )
    assert "ei ole vielä hyväksynyt" in summary_block(desk, "elinvoima").notes[0]


def test_without_summaries_there_is_a_sentence(tables, desk_of):
    desk = desk_of({**tables, SUMMARIES: tables[SUMMARIES].clear()})

    (sentence,) = summary_block(desk, "konserni").paragraphs
    assert sentence.startswith(_NO_SOURCE)


@pytest.mark.parametrize(
    ("reference", "form"),
    [
        ("feedback_response_times.km_median_hours[dimension_code=city]", "duration"),
        ("told_back.median_days_to_tell[department_id=konserni]", "days"),
        ("feedback_response_times.share_within_14_days[dimension_code=city]", "share"),
        ("satisfaction_change.top2_difference[survey_id=x]", "points"),
        ("feedback_backlog.n_open[dimension_code=city]", "count"),
        ("nobody_knows.this[a=b]", "decimal"),
        ("service_satisfaction.mean[survey_id=x]", "ratio"),
    ],
)
def test_a_cell_is_written_by_the_unit_in_its_name(desk, reference, form):
    assert describe_cell(desk, reference).form == form
