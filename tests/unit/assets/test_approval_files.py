"""Files for approval: what is offered goes out, answers come back, and none is ever lost."""

from datetime import date
from pathlib import Path

import polars as pl

from assets.mart.approval_files import PRAISE_FILE, ApprovalFile, praise_file, summary_file

QUARTER = date(2026, 7, 1)
ONE, TWO = "Kiitos iloisesta; ja hyvästä palvelusta", "Kiitos hienosta uimahallista, äiti"


def praise(*texts: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "department_id": ["elinvoima"] * len(texts),
            "quarter_start_on": [QUARTER] * len(texts),
            "praise_text": list(texts),
        },
        schema_overrides={"quarter_start_on": pl.Date, "praise_text": pl.String},
    )


def offered(folder: Path, *texts: str) -> ApprovalFile:
    file = praise_file(folder)
    file.offer(praise(*texts))
    return file


def lines(folder: Path) -> list[str]:
    return (folder / PRAISE_FILE).read_text(encoding="utf-8-sig").splitlines()


def answer(folder: Path, words: str, cells: str) -> None:
    """What a person does in Excel: the last two cells of the row that has the words."""
    content = [f"{line[:-1]}{cells}" if words in line else line for line in lines(folder)]
    (folder / PRAISE_FILE).write_text("\r\n".join([*content, ""]), encoding="utf-8-sig")


def test_the_file_has_finnish_headings_the_words_and_empty_cells_for_the_answers(
    tmp_path: Path,
) -> None:
    offered(tmp_path, ONE)

    assert lines(tmp_path) == [
        "Toimiala;Neljänneksen alku;Kiitos;Hyväksynyt;Hyväksytty",
        f'elinvoima;1.7.2026;"{ONE}";;',
    ]


def test_answers_come_back_as_they_were_written_with_their_rows(tmp_path: Path) -> None:
    file = offered(tmp_path, ONE, TWO)

    answer(tmp_path, "uimahallista", "Liikunta;15.10.2026")

    columns = ["row_no", "praise_text", "approved_by_unit_name", "approved_on"]
    assert file.answered().select(columns).rows() == [(3, TWO, "Liikunta", "15.10.2026")]


def test_an_answer_stays_in_its_row_and_when_its_words_are_no_longer_offered(
    tmp_path: Path,
) -> None:
    file = offered(tmp_path, ONE, TWO)
    answer(tmp_path, "uimahallista", "Liikunta;ensi viikolla")

    file.offer(praise(TWO))
    assert lines(tmp_path)[1:] == [f"elinvoima;1.7.2026;{TWO};Liikunta;ensi viikolla"]

    file.offer(praise(ONE))
    assert lines(tmp_path)[1:] == [
        f'elinvoima;1.7.2026;"{ONE}";;',
        f"elinvoima;1.7.2026;{TWO};Liikunta;ensi viikolla",
    ]


def test_a_row_that_was_edited_and_answered_stays_and_its_words_are_offered_again(
    tmp_path: Path,
) -> None:
    file = offered(tmp_path, TWO)
    answer(tmp_path, "uimahallista", "Liikunta;15.10.2026")
    path = tmp_path / PRAISE_FILE
    path.write_text(path.read_text("utf-8-sig").replace("hienosta", "upeasta"), "utf-8-sig")

    file.offer(praise(TWO))

    assert lines(tmp_path)[1:] == [
        f"elinvoima;1.7.2026;{TWO};;",
        f"elinvoima;1.7.2026;{TWO.replace('hienosta', 'upeasta')};Liikunta;15.10.2026",
    ]


def test_two_answers_to_the_same_words_both_stay(tmp_path: Path) -> None:
    file = offered(tmp_path, TWO)
    row = f"elinvoima;1.7.2026;{TWO}"
    content = [lines(tmp_path)[0], f"{row};Liikunta;15.10.2026", f"{row};Viestintä;16.10.2026", ""]
    (tmp_path / PRAISE_FILE).write_text("\r\n".join(content), "utf-8-sig")

    file.offer(praise(TWO))

    assert lines(tmp_path) == content[:3]


def test_a_day_as_a_spreadsheet_writes_it_is_the_same_row(tmp_path: Path) -> None:
    file = offered(tmp_path, TWO)
    answer(tmp_path, "uimahallista", "Liikunta;15.10.2026")
    path = tmp_path / PRAISE_FILE
    path.write_text(path.read_text("utf-8-sig").replace("1.7.2026", "01.07.2026"), "utf-8-sig")

    file.offer(praise(TWO))

    assert lines(tmp_path)[1:] == [f"elinvoima;1.7.2026;{TWO};Liikunta;15.10.2026"]


def test_columns_of_the_reader_s_own_stay(tmp_path: Path) -> None:
    file = offered(tmp_path, TWO)
    head, row = lines(tmp_path)
    content = [f"{head};Huom", f"{row[:-1]}Liikunta;15.10.2026;kaunis", ""]
    (tmp_path / PRAISE_FILE).write_text("\r\n".join(content), "utf-8-sig")

    file.offer(praise(TWO))

    assert lines(tmp_path) == content[:2]


def test_offering_the_same_leaves_the_file_alone(tmp_path: Path) -> None:
    file = offered(tmp_path, ONE, TWO)
    answer(tmp_path, "uimahallista", "Liikunta;15.10.2026")
    file.offer(praise(ONE, TWO))
    before = (tmp_path / PRAISE_FILE).stat().st_mtime_ns

    file.offer(praise(ONE, TWO))

    assert (tmp_path / PRAISE_FILE).stat().st_mtime_ns == before


def test_a_file_that_cannot_be_read_whole_is_put_aside_and_told_of(tmp_path: Path) -> None:
    file = offered(tmp_path, TWO)
    (tmp_path / PRAISE_FILE).write_text("a;b\r\n1;2\r\n")

    file.offer(praise(TWO))
    told = file.tell(pl.DataFrame(schema=["row_no", "column_name", "found", "expected"]))

    (aside,) = tmp_path.glob("praise_for_approval_unread_*.csv")
    assert aside.read_text() == "a;b\n1;2\n"
    assert lines(tmp_path)[1:] == [f"elinvoima;1.7.2026;{TWO};;"]
    assert [sentence.startswith(f"File '{aside.name}'") for sentence in told] == [True]


def test_what_is_not_used_is_told_by_row_and_heading_until_it_is_mended(tmp_path: Path) -> None:
    file = offered(tmp_path, TWO)
    schema = ["row_no", "column_name", "found", "expected"]
    beside = tmp_path / "praise_for_approval_left_out.txt"

    [told] = file.tell(
        pl.DataFrame([(3, "approved_on", "no day", "a day")], schema=schema, orient="row")
    )

    assert told.startswith("Approval in 'praise_for_approval.csv', row 3, column 'Hyväksytty'")
    assert beside.read_text("utf-8") == f"{told}\n"
    assert file.tell(pl.DataFrame(schema=schema)) == []
    assert not beside.exists()


def test_nothing_to_offer_is_headings_alone_which_are_read_again(tmp_path: Path) -> None:
    file = offered(tmp_path)
    assert len(lines(tmp_path)) == 1

    file.offer(praise(ONE))

    assert len(lines(tmp_path)) == 2
    assert file.answered().height == 0


def test_the_file_of_summaries_asks_again_when_the_words_change(tmp_path: Path) -> None:
    file = summary_file(tmp_path)
    row = {
        "department_id": ["elinvoima"], "period_kind_code": ["quarter"],
        "period_start_on": [QUARTER], "summary_text": ["Sai 12."], "plain_text": ["Sai 12."],
    }  # fmt: skip
    file.offer(pl.DataFrame(row))
    path = tmp_path / "summaries_for_approval.csv"
    text = path.read_text("utf-8-sig")
    assert text.splitlines()[0] == (
        "Toimiala;Jakso;Jakson alku;Kooste;Selkokielinen kooste;Hyväksynyt;Hyväksytty"
    )
    path.write_text(text.replace("Sai 12.;;", "Sai 12.;Viestintä;15.10.2026"), "utf-8-sig")

    file.offer(pl.DataFrame(row | {"summary_text": ["Sai 13."]}))

    assert path.read_text("utf-8-sig").splitlines()[1:] == [
        "elinvoima;quarter;1.7.2026;Sai 13.;Sai 12.;;",
        "elinvoima;quarter;1.7.2026;Sai 12.;Sai 12.;Viestintä;15.10.2026",
    ]
