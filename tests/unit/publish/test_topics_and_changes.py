"""Topics with what no topic fits, and changes with their verdicts: never a withheld number."""

import polars as pl
import pytest

from transforms.publish.changes import change_blocks
from transforms.publish.figures import Missing
from transforms.publish.public_tables import CHANGES, CITY, TOPICS, Level
from transforms.publish.satisfaction import satisfaction_figures
from transforms.publish.topics import topics_figure
from transforms.publish.words import NBSP

_CITY_YEAR = (pl.col("dimension_code") == "city") & (pl.col("period_kind_code") == "last_12_months")


def _plain(text: str) -> str:
    return text.replace(NBSP, " ")


def _withheld(frame, where):
    """The rows of ``where`` as disclosure control leaves them."""
    gone = [c for c, t in frame.schema.items() if t == pl.Float64 or c == "n" or c[:2] == "n_"]
    return frame.with_columns(
        *(pl.when(~where).then(pl.col(c)).alias(c) for c in gone),
        is_suppressed=where | pl.col("is_suppressed"),
    )


def test_the_share_that_no_topic_fits_stands_in_the_sentence(desk):
    figure = topics_figure(desk, CITY)

    assert _plain(figure.takeaway) == (
        "Viimeisten 12 kuukauden aikana yleisin aihe oli bussipysäkkien sijoittelu: 20 % "
        "teksteistä. Mihinkään aiheeseen ei kuulunut 31 % teksteistä."
    )
    assert figure.grid.rows[0][0] == "Bussipysäkkien sijoittelu"


def test_a_topic_grows_only_where_there_is_evidence_of_it(desk):
    growth = [row[5] for row in topics_figure(desk, CITY).grid.rows[:5]]

    assert growth == [
        "1,42‑kertainen vuodentakaiseen",
        "ei näyttöä muutoksesta",
        "vähentynyt: 0,71‑kertainen",
        "1,42‑kertainen vuodentakaiseen",
        Missing.NONE,
    ]


def test_a_new_topic_is_told_to_be_new(desk):
    names = [str(row[0]) for row in topics_figure(desk, CITY).grid.rows]

    assert [name for name in names if name.endswith("(uusi aihe)")] == [
        "Liikenneturvallisuus (uusi aihe)"
    ]


def test_a_withheld_topic_keeps_its_row_and_is_called_nothing(tables, desk_of):
    frame = _withheld(tables[TOPICS], _CITY_YEAR & (pl.col("topic_id") == "bussipysakit"))

    figure = topics_figure(desk_of({**tables, TOPICS: frame}), CITY)

    assert figure.grid.rows[-1][0] == "Bussipysäkkien sijoittelu"
    assert set(figure.grid.rows[-1][1:5]) == {Missing.WITHHELD}
    assert "joukkoliikenne: 10" in _plain(figure.takeaway)
    assert any(key.shape == "star" for key in figure.legend)


def test_topics_that_are_all_withheld_are_a_sentence_without_a_number(tables, desk_of):
    frame = _withheld(tables[TOPICS], pl.lit(value=True))

    figure = topics_figure(desk_of({**tables, TOPICS: frame}), CITY)

    assert figure.chart is None
    assert figure.takeaway.startswith("Lukuja ei näytetä")


@pytest.mark.parametrize(
    ("is_there", "said"),
    [(True, "Tästä ei ole tietoja."), (False, "Ei lähdettä: näitä tietoja ei ole saatu.")],
)
def test_a_level_without_topics_says_whether_there_is_a_source(tables, desk_of, is_there, said):
    frame = tables[TOPICS] if is_there else tables[TOPICS].clear()

    figure = topics_figure(desk_of({**tables, TOPICS: frame}), Level("department", "none"))

    assert figure.takeaway.startswith(said)


def test_only_sure_changes_are_drawn_and_all_are_counted(desk):
    figure, table = change_blocks(desk, "sivistys_hyvinvointi")

    assert [row[0] for row in figure.grid.rows] == ["Aukioloajat"]
    assert figure.takeaway == (
        "Verrattiin 3 kysymystä edelliseen kierrokseen: parempia 1, ilman näyttöä muutoksesta 1, "
        "ei vertailukelpoisia 1."
    )
    assert [row[6] for row in table.grid.rows] == [
        "Parempi",
        "Ei näyttöä muutoksesta",
        "Ei vertailukelpoinen: kysymyksen teksti muuttui",
        Missing.WITHHELD,
    ]
    assert "alle 10 tapausta" in table.notes[-1]


def test_the_line_of_no_change_stands_in_the_middle_of_the_axis(desk):
    figure, _ = change_blocks(desk, "kaupunkiymparisto")
    axis = figure.chart.option["xAxis"]

    assert (axis["min"], axis["max"]) == (-0.2, 0.2)
    assert figure.chart.option["series"][0]["renderItem"] == "fn:rule|0.0|var(--edge)"


def test_withheld_changes_are_neither_drawn_nor_counted(tables, desk_of):
    frame = _withheld(tables[CHANGES], pl.lit(value=True)).with_columns(
        verdict_code=pl.lit(None, pl.String)
    )

    figure, _ = change_blocks(desk_of({**tables, CHANGES: frame}), "sivistys_hyvinvointi")

    assert figure.chart is None
    assert figure.takeaway == "Muutoksia ei voi näyttää, koska vastauksia on liian vähän."


def test_a_department_without_compared_waves_has_no_such_part(desk):
    assert change_blocks(desk, "elinvoima") == []


def test_a_surveys_sentence_speaks_by_the_test_and_not_by_touching_intervals(tables, desk_of):
    frame = tables[CHANGES].with_columns(verdict_code=pl.lit("no_evidence"))

    figures = satisfaction_figures(desk_of({**tables, CHANGES: frame}), "sivistys_hyvinvointi")

    assert figures[0].takeaway.endswith("Ei näyttöä muutoksesta edelliseen kierrokseen.")
