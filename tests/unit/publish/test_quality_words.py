"""Reasons, refused files, files to fetch and long words: what the data page says in words."""

import ast
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data_contracts.contract import load_codes, load_contracts
from data_contracts.row_rules import row_rules_of
from transforms.publish.desk import Desk
from transforms.publish.downloads import dataset_list
from transforms.publish.hyphens import SHY, soften
from transforms.publish.labels import read_labels
from transforms.publish.public_tables import QUALITY, PublicTables
from transforms.publish.publication import Download, Publication
from transforms.publish.quality import reason_label, refused_table
from transforms.publish.words import load_words

_ROOT = Path(__file__).resolve().parents[3]


def _desk(tables, about) -> Desk:
    words = load_words("fi")
    labels = read_labels(load_codes(), words=words)
    return Desk(PublicTables(tables, about.snapshot_on), labels, words, about)


def _named_reasons() -> set[str]:
    """Reasons that the parsers and cleaners write out where they reject rows."""
    found = set()
    for folder in ("parse", "clean"):
        for path in sorted((_ROOT / "transforms" / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    found |= _reasons_of(node)
    return found


def _reasons_of(call: ast.Call) -> set[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    nodes: list[ast.expr] = []
    if name == "RejectRule":
        nodes = call.args[1:2]
    elif name == "reject_rows":
        nodes = [k.value for k in call.keywords if k.arg == "reason_code"]
    elif name == "_reject":
        nodes = call.args[:1]
    return {n.value for n in nodes if isinstance(n, ast.Constant) and n.value}


def test_every_reason_that_is_written_in_the_code_has_a_label_in_three_languages():
    reasons = load_codes()["reject_reason"]
    named = _named_reasons()

    assert len(named) > 30
    assert named - set(reasons["code"]) == set()
    assert reasons.select("name_fi", "name_sv", "name_en").null_count().sum_horizontal().item() == 0
    assert reasons["code"].is_unique().all()


def test_every_row_rule_of_a_contract_has_words(tables, about):
    desk = _desk(tables, about)
    other = desk.words("quality.other_reason")
    rules = [r.name for t in load_contracts().values() if t.has_rejects for r in row_rules_of(t)]

    assert len(rules) > 30
    assert [name for name in rules if reason_label(desk, name) == other] == []
    assert reason_label(desk, "n_supporters_is_large_enough") == "Luku on liian pieni"
    assert reason_label(desk, "something_new") == "Muu syy"


def test_refused_files_are_counted_by_source_and_format_without_their_names(tables, about):
    frame = tables[QUALITY]
    first = pl.col("delivery_id").is_in(frame["delivery_id"].unique().sort().head(3).to_list())
    changed = frame.with_columns(
        verdict_code=pl.when(first).then(pl.lit("refused")).otherwise("verdict_code"),
        format_code=pl.when(first).then(pl.lit("unrecognised")).otherwise("format_code"),
    )

    table = refused_table(_desk({**tables, QUALITY: changed}, about))

    # georeport: every ninth of 61 deliveries from the fifth on has rejects (7); webropol: 1 of 12.
    assert table.grid.rows[0][1:4] == ("GeoReport v2, palautteet", "Osa riveistä hylätty", 7)
    assert ("Tunnistamaton", "Hylätty", 3) in [row[1:4] for row in table.grid.rows]
    assert not any(str(i) in str(table) for i in frame["delivery_id"].unique())


def test_files_to_fetch_stand_by_dataset_with_a_link_for_each_form():
    paths = ("csv/heard_acts.csv", "csv_fi/heard_acts.csv", "kuulolla.xlsx", "other.bin")
    about = Publication(
        "x", date(2026, 10, 31), "Seinäjoki", "0", downloads=[Download(p, 2000) for p in paths]
    )

    found = dataset_list(_desk({}, about)).entries
    fetched = [link for link in found if link.forms]

    assert [(link.name, [text for text, _, _ in link.forms]) for link in fetched] == [
        ("Mitä asukkaat ovat kertoneet", ["CSV (Excel)", "CSV"]),
        ("Kaikki taulukot työkirjana (Excel)", ["kuulolla.xlsx"]),
        ("other.bin", ["other.bin"]),
    ]
    assert fetched[0].forms[0][1] == "../csv_fi/heard_acts.csv"
    assert fetched[0].facts == "Ei lähdettä: näitä tietoja ei ole saatu."


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Kaupunkiympäristön", "Kaupunki·ympäristön"),
        ("Kaksoiskappaleita", "Kaksois·kappaleita"),
        ("virkistysalueena", "virkistys·alueena"),
        ("Konsernipalvelut", "Konserni·palvelut"),
        ("yhdenvertaisuussuunnitelma", "yhden·vertai·suus·suun·nitelma"),
        ("Museopalvelut", "Museopalvelut"),
        ("Sivistyksen ja hyvinvoinnin toimiala", "Sivistyksen ja hyvinvoinnin toimiala"),
    ],
)
def test_only_long_words_are_divided_and_between_syllables(word, expected):
    assert soften(word).replace(SHY, "·") == expected
