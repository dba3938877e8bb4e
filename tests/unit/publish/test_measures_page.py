"""The model's measures: state, evidence, blind spots, and what became of the older version's."""

import polars as pl
import pytest

from transforms.publish.council import council_table
from transforms.publish.ledger import ledger_blocks
from transforms.publish.measure_years import years_figure
from transforms.publish.measures import (
    blind_table,
    measure_tiles,
    older_table,
    part_entries,
    write_status,
)
from transforms.publish.public_tables import COUNCIL_LIST, LEDGER, MEASURES, REVIEWS

_NO_SOURCE = "Ei lähdettä: näitä tietoja ei ole saatu."
_PARTS = ("1", "2", "3", "4")


def _entry(desk, section):
    entries = [e for part in _PARTS for e in part_entries(desk, part).entries]
    return next(e for e in entries if e.code == section)


def _with_review(tables, section, **values):
    """The latest city review of one measure, changed."""
    frame = tables[REVIEWS]
    where = (pl.col("measure_id") == f"2023-{section}") & (pl.col("review_year") == 2026)
    where &= pl.col("department_id") == "all"
    changed = frame.with_columns(
        pl.when(where)
        .then(pl.lit(value))
        .otherwise(pl.col(name))
        .cast(frame.schema[name])
        .alias(name)
        for name, value in values.items()
    )
    return {**tables, REVIEWS: changed}


def test_every_measure_of_the_version_in_force_stands_once_in_its_part(desk):
    entries = [e for part in _PARTS for e in part_entries(desk, part).entries]

    assert len(entries) == 19
    assert [e.code for e in entries[:3]] == ["2.1.1", "2.1.2", "2.1.3"]
    assert [len(part_entries(desk, part).entries) for part in _PARTS] == [6, 4, 3, 6]


def test_a_measure_tells_its_state_deadline_value_and_evidence(tables, desk_of):
    desk = desk_of(
        _with_review(
            tables, "2.1.5", status_code="reached", indicator_value=3.0, n_evidence=7,
            has_data=True, is_blind_spot=False,
        )
    )  # fmt: skip
    entry = _entry(desk, "2.1.5")

    assert (entry.state, entry.mark) == ("Toteutunut", "lake")
    assert ("Arvo / tavoite", "3 / 1 kierrosta") in entry.facts
    assert ("Näyttöjä tänä vuonna", "7") in entry.facts
    assert ("Määräaika", "31.12.2026") in entry.facts


def test_the_goal_stands_in_the_models_own_words(tables, desk):
    goals = dict(tables[MEASURES].select("measure_id", "goal_fi").iter_rows())

    assert _entry(desk, "2.4.2").folds[0].paragraphs == (goals["2023-2.4.2"],)


def test_a_disagreement_of_computed_and_judged_is_told(tables, desk_of):
    desk = desk_of(
        _with_review(
            tables, "2.1.2", status_code="late", status_computed_code="late",
            status_judged_code="under_way", is_disagreement=True,
        )
    )  # fmt: skip

    assert "Laskettu tila on ”myöhässä”, toimialan arvio ”käynnissä”." in _entry(desk, "2.1.2").text


def test_a_withheld_departments_evidence_is_an_asterisk(desk):
    fold = next(f for f in _entry(desk, "2.4.1").folds if f.grid is not None)
    rows = {row[0]: row for row in fold.grid.rows}

    assert rows["Konsernipalvelut"][3].value == "withheld"
    assert rows["Kaupunkiympäristön toimiala"][3] == 0  # of the unknown state, none this year


def test_a_state_that_nobody_knows_is_not_called_not_started(desk):
    assert write_status(desk, {"status_code": None}) == "Ei tiedossa"
    assert write_status(desk, None) == "Ei tiedossa"


def test_blind_spots_say_whether_a_source_or_deeds_are_wanting(tables, desk_of):
    frame = tables[REVIEWS].with_columns(is_blind_spot=pl.lit(value=False))
    tables = {**tables, REVIEWS: frame}
    tables = _with_review(tables, "2.2.2", is_blind_spot=True, has_data=False)
    tables = _with_review(tables, "2.4.6", is_blind_spot=True, has_data=True)

    rows = {row[0]: row[1] for row in blind_table(desk_of(tables)).grid.rows}

    assert rows == {
        "2.2.2 Avoimet näyttely- ja suunnittelutilat": "Tietolähdettä ei ole",
        "2.4.6 Hallinnon avoimuus": "Lähde on, mutta tekoja ei ole kirjattu",
    }


def test_a_year_without_blind_spots_is_told_in_a_sentence(tables, desk_of):
    frame = tables[REVIEWS].with_columns(is_blind_spot=pl.lit(value=False))

    table = blind_table(desk_of({**tables, REVIEWS: frame}))

    assert (table.grid.rows, table.intro) == (
        (),
        "Jokaisesta toimenpiteestä on näyttöä tältä vuodelta.",
    )


def test_the_bars_of_a_year_add_up_to_the_measures(desk):
    figure = years_figure(desk)

    assert [row[0] for row in figure.grid.rows] == ["2024", "2025", "2026"]
    assert {sum(row[1:]) for row in figure.grid.rows} == {19}
    assert figure.takeaway.startswith("Vuonna 2026 toimenpiteitä on 19: ")


def test_the_older_measures_stand_below_with_what_continues_them(desk):
    rows = older_table(desk).grid.rows
    by_name = {row[0]: row for row in rows}

    assert len(rows) == 18
    renamed = by_name["3.1.2 Opas kylä- ja kaupunkiaktivismiin"]
    assert renamed[4] == "2.1.2 Markkinointikampanja kylä- ja kaupunkiaktivismiin"
    assert {row[2] for row in rows} == {"Korvattu", "Rauennut"}


@pytest.mark.parametrize("gone", [(MEASURES, REVIEWS), (REVIEWS,)])
def test_without_reviews_or_measures_nothing_is_made_up(tables, desk_of, gone):
    desk = desk_of({k: v for k, v in tables.items() if k not in gone})

    figure = years_figure(desk)
    assert figure.chart is None
    assert figure.takeaway.startswith(_NO_SOURCE)
    assert blind_table(desk).intro.startswith(_NO_SOURCE)
    if MEASURES in gone:
        assert measure_tiles(desk)[0].value == "ei lähdettä"
        assert older_table(desk).intro.startswith(_NO_SOURCE)
    else:
        assert _entry(desk, "2.1.1").text.startswith(_NO_SOURCE)


@pytest.mark.parametrize(
    ("language", "title"),
    [("sv", "Stadens elektroniska responskanal"), ("en", "The city's electronic feedback channel")],
)
def test_titles_are_in_the_pages_language_and_goals_marked_as_finnish(
    desk_of, tables, language, title
):
    entry = _entry(desk_of(tables, language=language), "2.4.1")

    assert entry.title == title
    assert entry.folds[0].language == "fi"


def test_the_councils_list_is_counted_by_year(tables, desk, desk_of):
    # Each year has four: two are new, two are decided, one overdue, none told to its author.
    table = council_table(desk)

    assert table.grid.rows == (("2026", 2, 2, 2, 1, 0), ("2025", 2, 2, 2, 1, 0))
    assert council_table(desk_of({**tables, COUNCIL_LIST: tables[COUNCIL_LIST].clear()})) is None


def test_the_ledger_counts_withheld_figures_by_dataset_and_column(tables, desk, desk_of):
    (table,) = ledger_blocks(desk)
    (none,) = ledger_blocks(desk_of({**tables, LEDGER: tables[LEDGER].clear()}))

    assert table.grid.rows == (
        ("Mitä asukkaat ovat kertoneet", "Tekoja", 6),
        ("Mitä asukkaat ovat kertoneet", "Kiitoksia", 6),
    )
    assert table.intro.startswith("Peitettyjä lukumääriä on 12.")
    assert none.intro == _NO_SOURCE
