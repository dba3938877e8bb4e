"""The analyst's file of themes: answers come back, and nothing that was answered is lost."""

from datetime import date
from pathlib import Path

import polars as pl

from assets.mart.theme_answers import FILE_NAME, Ledger
from data_contracts.contract import load_contracts

LAST, NOW = date(2026, 9, 1), date(2026, 10, 1)


def theme(terms: str, *, month: date = NOW, kind: str = "term", rank: int = 1) -> pl.DataFrame:
    """A row of mart_text__themes without lineage and answers."""
    row = {
        "month_on": month,
        "language_code": "fi",
        "theme_kind_code": kind,
        "rank": rank,
        "terms": terms,
        "n_texts": 12,
        "n_without_topic": 7,
        "n_texts_before": 1,
        "n_expected": 0.123456,
        "rate_ratio": 97.2,
        "q_value": 0.001,
    }
    schema = load_contracts()["mart_text__themes"].schema
    return pl.DataFrame([row], schema={name: schema[name] for name in row})


def written(folder: Path, themes: pl.DataFrame, *, since: date = LAST) -> Path:
    ledger = Ledger(folder)
    ledger.write(ledger.with_answers(themes), since=since)
    return folder / FILE_NAME


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").splitlines()


def answer(path: Path, word: str, *, name: str = "", accepted: str = "") -> None:
    """What an analyst does in Excel: the last two cells of the row that has the word."""
    content = [f"{line[:-1]}{name};{accepted}" if word in line else line for line in lines(path)]
    path.write_text("\r\n".join([*content, ""]), encoding="utf-8-sig")


def test_the_file_has_finnish_headings_and_empty_cells_for_the_answers(tmp_path: Path) -> None:
    path = written(tmp_path, theme("potku;lauta"))

    heading, row = lines(path)
    assert heading.split(";")[0] == "Kuukausi"
    assert heading.split(";")[-2:] == ["Ehdotettu aiheen nimi", "Hyväksytään"]
    assert row == '1.10.2026;fi;term;1;"potku;lauta";12;7;1;0,1235;97,2;0,001;;'


def test_an_answer_stands_in_the_table_and_in_the_file_the_next_night(tmp_path: Path) -> None:
    path = written(tmp_path, theme("potku;lauta"))
    answer(path, "potku", name="Potkulaudat", accepted="Kyllä")

    themes = Ledger(tmp_path).with_answers(theme("potku;sähkö", rank=3))
    written(tmp_path, theme("potku;sähkö", rank=3))

    assert themes.select("proposed_topic_name", "is_accepted").rows() == [("Potkulaudat", True)]
    assert lines(path)[1:] == [
        '1.10.2026;fi;term;3;"potku;sähkö";12;7;1;0,1235;97,2;0,001;Potkulaudat;kyllä'
    ]


def test_what_was_answered_or_is_of_earlier_months_stays_and_the_rest_gives_way(
    tmp_path: Path,
) -> None:
    old, answered, passing = theme("vanha", month=LAST), theme("kysytty"), theme("ohi", rank=2)
    path = written(tmp_path, pl.concat([old, answered, passing]))
    answer(path, "kysytty", accepted="ei")

    written(tmp_path, theme("uusi"), since=NOW)

    kept = [line.split(";")[4] for line in lines(path)[1:]]
    assert sorted(kept) == ["kysytty", "uusi", "vanha"]


def test_the_same_themes_leave_the_file_alone(tmp_path: Path) -> None:
    path = written(tmp_path, theme("potku"))
    before = path.stat().st_mtime_ns

    written(tmp_path, theme("potku"))

    assert path.stat().st_mtime_ns == before


def test_a_file_with_an_answer_that_cannot_be_read_is_put_aside_and_not_overwritten(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, theme("potku"))
    answer(path, "potku", name="Potkulaudat", accepted="ehkä ensi vuonna")

    written(tmp_path, theme("potku"))

    (aside,) = tmp_path.glob("themes_for_analysts_unread_*.csv")
    assert "ehkä ensi vuonna" in aside.read_text(encoding="utf-8-sig")
    assert lines(path)[1].endswith(";;")


def test_a_file_that_lost_its_headings_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("a;b\r\n1;2\r\n")

    written(tmp_path, theme("potku"))

    assert len(list(tmp_path.glob("themes_for_analysts_unread_*.csv"))) == 1
    assert len(lines(path)) == 2


def test_without_themes_the_file_says_so_by_its_headings_alone(tmp_path: Path) -> None:
    path = written(tmp_path, theme("x").clear())

    assert len(lines(path)) == 1


def test_a_file_of_headings_alone_is_read(tmp_path: Path) -> None:
    written(tmp_path, theme("x").clear())

    path = written(tmp_path, theme("potku"))

    assert len(lines(path)) == 2
    assert list(tmp_path.glob("*unread*")) == []
