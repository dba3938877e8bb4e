"""What is withheld is an asterisk everywhere, and in no sentence; what does not exist is a dash."""

import re
from dataclasses import replace

import polars as pl
import pytest

from data_contracts.contract import load_codes
from transforms.publish.desk import Desk
from transforms.publish.figures import Cards, DataTable, Figure, Grid, Missing, Page
from transforms.publish.heard import ever_table, kinds_figure
from transforms.publish.labels import read_labels
from transforms.publish.pages import all_pages
from transforms.publish.public_tables import CITY, Level, PublicTables, cell
from transforms.publish.satisfaction import satisfaction_figures
from transforms.publish.words import load_words

_COUNTED = (
    "public_heard__acts",
    "public_feedback__response_times",
    "public_feedback__backlog",
    "public_feedback__topics",
    "public_satisfaction__change",
)
_OTHER = ("initiatives", "sources", "deliveries", "reasons", "survey-")
# The city's own deeds, tests without counts of people, and people by their background, of whom
# null may mean that the way does not ask: these have tests of their own.
_OWN = ("told", "audiences", "area-services", "council", "ledger", "measure")
_BY_BACKGROUND = ("group-", "respondents-", "surveys")
_DIGITS = re.compile(r"\d")


def _desk(tables, about) -> Desk:
    words = load_words("fi")
    labels = read_labels(load_codes(), words=words)
    return Desk(PublicTables(tables, about.snapshot_on), labels, words, about)


def _without_counts(tables, *, is_marked: bool):
    """Every count of people's acts null: in marked rows with the estimates, else alone."""
    changed = dict(tables)
    for name in _COUNTED:
        frame = tables[name]
        gone = [c for c in frame.columns if c == "n" or c.startswith("n_")]
        if is_marked:
            gone += [c for c, t in frame.schema.items() if t == pl.Float64 or c == "verdict_code"]
        changed[name] = frame.with_columns(
            *(pl.lit(None, frame.schema[c]).alias(c) for c in gone),
            is_suppressed=pl.lit(is_marked),
            suppress_reason_code=pl.lit("primary_small_n" if is_marked else "none"),
        )
    return changed


def _grids(pages: list[Page]) -> list[tuple[str, Grid]]:
    return [
        (f"{page.path}: {block.id}", block.grid)
        for page in pages
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Figure | DataTable)
        and not block.id.startswith((*_OTHER, *_OWN, *_BY_BACKGROUND))
    ]


@pytest.mark.parametrize("is_marked", [True, False], ids=["marked", "unmarked"])
def test_a_withheld_count_is_an_asterisk_in_every_table_tile_and_card(tables, about, is_marked):
    pages = all_pages(_desk(_without_counts(tables, is_marked=is_marked), about))

    for place, grid in _grids(pages):
        for row in grid.rows:
            is_outside = row[0] == "Muun viranomaisen asia"  # has no queue: a dash is true there
            for value, field in zip(row, grid.fields, strict=True):
                if field.form == "count" and not is_outside:
                    assert value is Missing.WITHHELD, (place, field.label)
    for page in pages:
        tiles = [t for t in page.tiles if t.label in ("Vastauksia ja viestejä", "Palautteita")]
        assert all(tile.value == "*" for tile in tiles), page.path
        departments = [s for s in page.sections if s.id == "osa-departments"]
        cards = [b for s in departments for b in s.blocks if isinstance(b, Cards)]
        for card in (c for block in cards for c in block.cards):
            assert card.tiles[0].value == "*"


def test_no_sentence_has_a_number_when_every_number_is_withheld(tables, about):
    pages = all_pages(_desk(_without_counts(tables, is_marked=True), about))

    for page in pages:
        figures = [b for s in page.sections for b in s.blocks if isinstance(b, Figure)]
        for figure in figures:
            if not figure.id.startswith(("survey-", "area-waiting", *_OWN, *_BY_BACKGROUND)):
                said = figure.takeaway.replace("alle 5 tapausta", "").replace("12 kuukauden", "")
                assert not _DIGITS.search(said), (page.path, figure.takeaway)
        assert not _DIGITS.search(page.lede), page.path


def test_every_gap_of_a_public_table_is_shown_for_what_it_is(tables, about):
    """A cell is an asterisk just when its column is a count or its row is marked."""
    for name in _COUNTED:
        for row in tables[name].head(3000).to_dicts():
            for column in (c for c in row if c.startswith(("n_", "km_", "share_"))):
                if row[column] is None:
                    is_count = column.startswith("n_")
                    wanted = is_count or row["is_suppressed"]
                    assert (cell(row, column) is Missing.WITHHELD) == wanted, (name, column)


def test_an_estimate_that_does_not_exist_is_a_dash():
    row = {"unsure_share": None, "is_suppressed": False, "suppress_reason_code": "none"}

    assert cell(row, "unsure_share") is Missing.NONE
    assert cell({**row, "is_suppressed": True}, "unsure_share") is Missing.WITHHELD


def test_a_kind_is_called_commonest_only_when_no_withheld_one_can_be_commoner(tables, about):
    heard = tables["public_heard__acts"]
    latest = (
        (pl.col("dimension_code") == "city")
        & (pl.col("period_kind_code") == "last_12_months")
        & (pl.col("act_type_code") == "all")
    )
    counts = {"n_texts": 100, "n_fault": 40, "n_complaint": 20, "n_question": 10, "n_praise": None}

    def takeaway(proposals: int | None) -> str:
        values = {**counts, "n_proposal": proposals}
        changed = heard.with_columns(
            pl.when(latest).then(pl.lit(v, pl.Int64)).otherwise(pl.col(n)).alias(n)
            for n, v in values.items()
        )
        return kinds_figure(_desk({**tables, "public_heard__acts": changed}, about), CITY).takeaway

    # 100 − 40 − 20 − 10 − 15 = 15 are left for praise: fewer than the 40 faults.
    assert "yleisin laji oli vikailmoitus" in takeaway(15)
    # Without proposals 30 are left for both: still fewer than 40.
    assert "yleisin laji oli vikailmoitus" in takeaway(None)
    counts["n_fault"] = 24
    # 100 − 24 − 20 − 10 = 46 are left: a withheld kind may be the commonest.
    assert "ei voi vertailla" in takeaway(None)


def test_a_wave_before_that_is_withheld_is_not_called_unchanged(tables, about):
    frame = tables["public_service__satisfaction"]
    before = pl.col("wave_code") == "2025-1"
    names = ("top2_share", "top2_low", "top2_high", "n")
    changed = frame.with_columns(
        *(pl.when(~before).then(pl.col(n)).alias(n) for n in names),
        is_suppressed=before | pl.col("is_suppressed"),
        suppress_reason_code=pl.when(before)
        .then(pl.lit("primary_small_n"))
        .otherwise("suppress_reason_code"),
    )

    figures = satisfaction_figures(
        _desk({**tables, "public_service__satisfaction": changed}, about), "kaupunkiymparisto"
    )

    assert "virhemarginaaliin" not in figures[0].takeaway
    assert {row[4] for row in figures[0].grid.rows} == {Missing.WITHHELD}


def test_months_of_which_most_is_withheld_are_told_by_year(tables, about):
    heard = tables["public_heard__acts"]
    months = pl.col("period_kind_code") == "month"
    kinds = ("n_fault", "n_complaint", "n_question", "n_proposal", "n_praise")
    changed = heard.with_columns(pl.when(~months).then(pl.col(n)).alias(n) for n in kinds)

    figure = kinds_figure(_desk({**tables, "public_heard__acts": changed}, about), CITY)

    assert figure.grid.fields[0].form == "year"
    assert [row[0].year for row in figure.grid.rows] == [2024, 2025]


def test_the_table_of_all_time_has_a_row_per_way_and_their_sum(tables, about):
    table = ever_table(_desk(tables, about))

    assert table.caption == "Tietojen alku: marraskuu 2023"
    assert [row[0] for row in table.grid.rows] == [
        "Yhteensä",
        "Palaute",
        "Kyselyvastaus",
        "Asukasbudjetin idea",
        "Henkilöstön havainto",
        "Kuntalaisaloite",
    ]
    assert [f.form for f in table.grid.fields[1:]] == ["count"] * 10 + ["share"]


def test_a_table_that_is_not_there_is_no_source_in_cards_and_service_tables(tables, about):
    without = {k: v for k, v in tables.items() if k != "public_feedback__backlog"}

    pages = {p.path: p for p in all_pages(_desk(without, replace(about, min_cell_n=5)))}

    cards = pages["index.html"].sections[0].blocks[0]
    assert isinstance(cards, Cards)
    assert {t.value for c in cards.cards[:4] for t in c.tiles[2:]} == {"ei lähdettä"}
    table = next(b for s in pages["konserni.html"].sections for b in s.blocks if b.kind == "table")
    assert {row[5] for row in table.grid.rows} == {Missing.NO_SOURCE}
    assert Level("city", "all") == CITY
