"""Residents' words leave when a person has approved them, and no other words do."""

from pathlib import Path

import polars as pl
import pytest

from tests.support.contents import parts_of
from tests.support.tiny import Town, run_job, times_of_change
from transforms.privacy.system import Thresholds

PRAISE, SUMMARIES = "praise_for_approval.csv", "summaries_for_approval.csv"
D09 = "public_department__feedback_summary"
CITY_DAY = "31.3.2026"
#: Twelve who thank the sports services in March 2026, each with a word of their own.
THANKS = tuple(
    f"Kiitos uimahallin henkilökunnalle, {word} oli taas oikein mukavaa ja palvelu ystävällistä."
    for word in (
        "vesijumppa", "saunominen", "aamu-uinti", "harjoittelu", "neuvonta", "polskiminen",
        "vesijuoksu", "uimakoulu", "lauteilla istuminen", "kahvittelu", "asioiminen", "ohjaus",
    )
)  # fmt: skip
APPROVED, NOT_APPROVED = THANKS[0], THANKS[1:]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts however small are published: the tiny city's would take every word with them."""
    for module in ("assets.public.tables", "assets.checks.disclosure_check"):
        monkeypatch.setattr(f"{module}.thresholds_of", lambda _: Thresholds(1, 1))


def deliver_thanks(town: Town) -> None:
    """Twelve rows of the service desk."""
    rows = [
        f'K-{number};{number + 1}.3.2026 09:15;;Kiitos;Liikunta;"{text}";'
        for number, text in enumerate(THANKS)
    ]
    heading = "Tunnus;Saapunut;Suljettu;Luonne;Aihe;Palaute;Vastaus"
    content = "\r\n".join([heading, *rows, ""]).encode("cp1252")
    town.deliver("palvelupiste/kiitokset_2026.csv", content)


def answer(path: Path, words: str, cells: str) -> None:
    """What a person does in Excel: the last two cells of the row that has the words."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    content = [f"{line[:-1]}{cells}" if words in line else line for line in lines]
    path.write_text("\r\n".join([*content, ""]), encoding="utf-8-sig")


def files_with(folder: Path, words: str) -> set[str]:
    """Files below a folder that hold the words, hyphenated or not."""
    soft = "\u00ad".encode()
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
        if any(words.encode() in part.replace(soft, b"") for part in parts_of(path))
    }


def summary(town: Town) -> dict[str, object]:
    """The praised department's row of the first quarter."""
    rows = town.table(D09).filter(pl.col("n_praise") >= 10, pl.col("period_kind_code") == "quarter")
    return rows.row(0, named=True)


@pytest.mark.slow
def test_approved_words_are_published_the_next_night_and_no_others(
    untouched: Town, unchecked: None, shown: None
) -> None:
    deliver_thanks(untouched)
    assert run_job(untouched).code == 0
    offered = (untouched.data / PRAISE).read_text("utf-8-sig")
    assert [text for text in THANKS if text not in offered] == []
    assert [text for text in THANKS if files_with(untouched.folders.publications, text)] == []
    department = str(summary(untouched)["department_id"])

    answer(untouched.data / PRAISE, APPROVED, f"Liikuntapalvelut;{CITY_DAY}")
    answer(untouched.data / SUMMARIES, f"{department};quarter;1.1.2026", f"Viestintä;{CITY_DAY}")
    ran = run_job(untouched)

    assert ran.code == 0, ran.err
    row = summary(untouched)
    assert row["praise_examples"] == APPROVED
    assert row["approved_by_unit_name"] == "Viestintä"
    assert {
        "csv/department_feedback_summary.csv",
        "parquet/department_feedback_summary.parquet",
        "kuulolla.xlsx",
    } <= files_with(untouched.current, APPROVED)
    for room in ("publications", "dagster", "quality", "alerts", "state"):
        assert [text for text in NOT_APPROVED if files_with(untouched.data / room, text)] == []
    assert [text for text in THANKS if text in ran.err + ran.out] == []

    tables, current = times_of_change(untouched.folders.tables), times_of_change(untouched.current)
    asked = [(untouched.data / name).stat().st_mtime_ns for name in (PRAISE, SUMMARIES)]

    assert run_job(untouched).code == 0
    assert times_of_change(untouched.folders.tables) == tables
    assert times_of_change(untouched.current) == current
    assert [(untouched.data / name).stat().st_mtime_ns for name in (PRAISE, SUMMARIES)] == asked


@pytest.mark.slow
def test_a_text_that_was_edited_is_not_published_and_the_run_tells_its_row(
    untouched: Town, unchecked: None, shown: None
) -> None:
    deliver_thanks(untouched)
    assert run_job(untouched).code == 0
    assert summary(untouched)["praise_examples"] is None
    path = untouched.data / PRAISE
    answer(path, APPROVED, f"Liikuntapalvelut;{CITY_DAY}")
    edited = APPROVED.replace("taas", "aina")
    path.write_text(path.read_text("utf-8-sig").replace(APPROVED, edited), encoding="utf-8-sig")

    ran = run_job(untouched)

    assert ran.code == 0, ran.err
    assert untouched.table(D09)["praise_examples"].null_count() == untouched.table(D09).height
    assert files_with(untouched.folders.publications, edited) == set()
    told = (untouched.data / "praise_for_approval_left_out.txt").read_text("utf-8")
    lines = path.read_text("utf-8-sig").splitlines()
    [row_no] = [no for no, line in enumerate(lines, start=1) if edited in line]
    assert f"'{PRAISE}', row {row_no}, column 'Kiitos'" in told
    assert "taas" not in told
    assert "uimahalli" not in told
