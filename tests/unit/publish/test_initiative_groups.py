"""Initiatives by what is due: reached, pending, decided, collecting support; overdue first."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_codes, load_contracts
from transforms.publish.desk import Desk
from transforms.publish.initiatives import (
    all_initiatives,
    department_initiatives,
    initiative_rows,
    initiative_tiles,
)
from transforms.publish.labels import read_labels
from transforms.publish.public_tables import INITIATIVES, PublicTables
from transforms.publish.words import NBSP, load_words

_ON = date(2026, 10, 31)


def _row(name: str, **values: object) -> dict[str, object]:
    base = {
        "initiative_id": name, "source_code": "kuntalaisaloite", "title": name,
        "service_id": "kadut", "department_id": "kaupunkiymparisto",
        "initiative_type_code": "COLLABORATIVE", "published_on": date(2026, 1, 1),
        "n_supporters": 12, "threshold_n": 1330, "threshold_status_code": "below",
        "is_vanished": False, "is_suppressed": False, "suppress_reason_code": "none",
        "snapshot_on": _ON, "input_fingerprint": "0", "code_version": "0", "taxonomy_version": "0",
    }  # fmt: skip
    return base | values


_REACHED = {"threshold_status_code": "possibly_reached", "n_supporters": 1400}
_ROWS = [
    _row("collecting"),
    _row("gone", is_vanished=True),
    _row("pending", filed_on=date(2026, 9, 1), days_pending=60),
    _row("decided", filed_on=date(2026, 2, 1), decision_on=date(2026, 5, 1),
         decision_code="accepted", days_pending=89, days_to_decision=89),
    _row("decided-long-ago", published_on=date(2020, 1, 1), filed_on=date(2020, 2, 1),
         decision_on=date(2020, 5, 1), decision_code="noted", days_to_decision=90),
    _row("running", filed_on=date(2026, 8, 1), days_pending=91, is_overdue=False,
         six_month_due_on=date(2027, 2, 1), **_REACHED),
    _row("overdue", filed_on=date(2026, 3, 1), days_pending=244, is_overdue=True,
         six_month_due_on=date(2026, 9, 1), **_REACHED),
    _row("late", filed_on=date(2025, 1, 1), decision_on=date(2025, 8, 1), decision_code="rejected",
         is_overdue=True, six_month_due_on=date(2025, 7, 1), days_to_decision=212, **_REACHED),
]  # fmt: skip


@pytest.fixture
def desk(about) -> Desk:
    schema = load_contracts()[INITIATIVES].schema
    full = [{column: row.get(column) for column in schema} for row in _ROWS]
    words = load_words("fi")
    tables = PublicTables({INITIATIVES: pl.DataFrame(full, schema=schema)}, _ON)
    return Desk(tables, read_labels(load_codes(), words=words), words, about)


def test_every_initiative_stands_in_one_group_with_its_count(desk):
    groups = all_initiatives(desk, initiative_rows(desk))

    assert [(g.caption, [row[0] for row in g.grid.rows]) for g in groups] == [
        (
            "Kahden prosentin raja täynnä tai mahdollisesti täynnä: 3",
            ["overdue", "running", "late"],
        ),
        ("Vireillä: 1", ["pending"]),
        ("Päätetty: 2", ["decided", "decided-long-ago"]),
        ("Kerää kannatusta: 1", ["collecting"]),
        ("Poistettu palvelusta: 1", ["gone"]),
    ]


def test_the_six_month_clock_is_told_in_words(desk):
    reached = all_initiatives(desk, initiative_rows(desk))[0]
    clock = [f.label for f in reached.grid.fields].index("Kuuden kuukauden määräaika")

    # 31.10.2026 is 60 days after 1.9.2026 and 93 days before 1.2.2027.
    assert {row[0]: str(row[clock]).replace(NBSP, " ") for row in reached.grid.rows} == {
        "overdue": "määräaika 1.9.2026 ylittyi 60 vrk sitten",
        "running": "käsiteltävä viimeistään 1.2.2027, aikaa 93 vrk",
        "late": "päätetty määräajan 1.7.2025 jälkeen",
    }


def test_a_departments_page_has_the_pending_first_and_leaves_the_old_to_the_other_page(desk):
    pending, recent = department_initiatives(desk, initiative_rows(desk))

    assert [row[0] for row in pending.grid.rows] == ["overdue", "running", "pending"]
    assert {row[0] for row in recent.grid.rows} == {"collecting", "gone", "decided", "late"}
    assert recent.notes == ("Lisäksi 1 vanhempaa: kaikki ovat Aloitteet-sivulla.",)


def test_overdue_counts_the_undecided_and_names_those_decided_late(desk):
    tiles = {t.label: (t.value, t.detail) for t in initiative_tiles(desk, initiative_rows(desk))}

    assert tiles["Vireillä"][0] == "3"
    assert tiles["Määräaika ylittynyt"] == ("1", "määräajan jälkeen päätetty: 1")


def test_an_initiative_filed_on_paper_has_a_dash_and_not_an_asterisk_for_supporters(desk):
    frame = desk.tables.frames[INITIATIVES].with_columns(
        n_supporters=pl.lit(None, pl.Int64), is_suppressed=pl.lit(value=True)
    )
    paper = Desk(PublicTables({INITIATIVES: frame}, _ON), desk.labels, desk.words, desk.about)

    groups = all_initiatives(paper, initiative_rows(paper))

    at = [f.label for f in groups[0].grid.fields].index("Kannattajia")
    assert {paper.write(row[at], "count") for row in groups[0].grid.rows} == {"–"}


def test_a_long_group_is_folded_behind_its_count(desk):
    rows = initiative_rows(desk)
    many = [r for r in rows if r["title"] == "decided"] * 21

    (group,) = [g for g in all_initiatives(desk, many) if g.id == "initiatives-decided"]

    assert group.fold == "Näytä 21 aloitetta"
