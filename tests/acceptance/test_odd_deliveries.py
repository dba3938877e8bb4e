"""Odd bytes, texts and times through the whole job: kept, escaped, counted, or rejected and why."""

import io
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from tests.support.tiny import Ran, Town, run_job

HEADER = "Tunnus;Saapunut;Suljettu;Luonne;Aihe;Palaute;Vastaus"
SCRIPT = "<script>alert('torikissa')</script>"
SQL = "kuoppa'); DROP TABLE core_feedback__tickets;--"
FORMULA = '=HYPERLINK("http://paha.example";"paina")'
LONG = "lumi on märkää ja tie liukas, " * 3_400  # over 100,000 characters
MOJIBAKE = "Katu on hyvä ja pää on märkä.".encode().decode("cp1252")
HELSINKI = ZoneInfo("Europe/Helsinki")

#: Lines of the table of oddities, each with the id that it goes by.
LINES = [
    f"O-1;2.3.2026 10:00;;;;{SCRIPT};",
    f'O-2;2.3.2026 10:00;;;;"{SQL}";',
    'O-3;2.3.2026 10:00;;;;"' + FORMULA.replace('"', '""') + '";',
    "O-4;1.2.24;;;;Vuosiluku on kahdella numerolla.;",
    "O-5;29.3.2026 03:30;;;;Kelloa siirrettiin, tätä hetkeä ei ollut.;",
    "O-6;26.10.2025 03:30;;;;Kelloa siirrettiin, tämä hetki oli kahdesti.;",
    f"O-7;2.3.2026 10:00;;;;{MOJIBAKE};",
    "O-8;2.3.2026 10:00;;;;Nolla\x00merkki keskellä.;",
    f"O-9;2.3.2026 10:00;;;;{LONG};",
    'O-10;2.3.2026 10:00;;;;"Lainaus jää auki;',
    "O-11;2.3.2026 10:00;;;;Tämä rivi on taas ehjä.;",
]


def bomb() -> bytes:
    """A workbook of 60 kB that unpacks to 60 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    return packed.getvalue()


@pytest.fixture(scope="module")
def odd(finished: Town, tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Ran]:
    """The finished city after one more run, over everything odd at once."""
    root = tmp_path_factory.mktemp("odd") / "town"
    shutil.copytree(finished.root, root, symlinks=True)
    town = Town(root)
    oddities = "\n".join([HEADER, *LINES, ""])
    foreign = "\r\n".join(
        [HEADER, "U-1;2.3.2026 10:00;;;;Ääkköset säilyvät täälläkin: åäö ÅÄÖ šž €.;", ""]
    )
    town.deliver("palvelupiste/oddities.csv", b"\xef\xbb\xbf" + oddities.encode())
    town.deliver("palvelupiste/foreign.csv", b"\xff\xfe" + foreign.encode("utf-16-le"))
    town.deliver("palvelupiste/muistio.pdf", b"%PDF-1.7\n\x00\x01\x02 resident's words")
    town.deliver("palvelupiste/pommi.xlsx", bomb())
    town.deliver("palvelupiste/<b>..nimi.csv", b"a;b\n1;2\n")
    return town, run_job(town)


def ticket(town: Town, words: str) -> dict[str, object]:
    """The request whose text holds these words."""
    found = town.table("core_feedback__tickets").filter(
        pl.col("text").str.contains(words, literal=True)
    )
    assert found.height == 1, words
    return found.row(0, named=True)


def account(town: Town, name: str) -> dict[str, object]:
    """What became of the requests of a file."""
    files = town.table("core_deliveries__files").filter(file_name=name)
    return files.filter(pl.col("table_name").is_in(["core_feedback__tickets", "none"])).row(
        0, named=True
    )


def test_the_job_goes_on_and_says_no_more_than_it_must(odd: tuple[Town, Ran]) -> None:
    _, ran = odd

    assert ran.code == 0, ran.err + ran.out
    assert "Traceback" not in ran.err + ran.out
    assert "torikissa" not in ran.err + ran.out


def test_every_line_is_kept_or_rejected_with_its_number_and_reason(odd: tuple[Town, Ran]) -> None:
    town, _ = odd

    row = account(town, "oddities.csv")
    rejected = town.table("core_feedback__tickets_rejected").filter(file_name="oddities.csv")

    assert (row["n_rows_in"], row["n_accepted"], row["n_rejected"]) == (11, 9, 2)
    assert row["verdict_code"] == "degraded"
    assert rejected["line_no"].to_list() == [5, 11]
    assert rejected["reason_code"][0] == "unreadable_received_at"
    assert rejected["found_shape"][0] == "9.9.99"


@pytest.mark.parametrize("words", [SCRIPT, SQL, FORMULA, "Tämä rivi on taas ehjä."])
def test_texts_that_look_like_code_are_ordinary_feedback(odd: tuple[Town, Ran], words: str) -> None:
    assert ticket(odd[0], words)["source_code"] == "palvelupiste"


def test_a_very_long_message_is_kept_whole(odd: tuple[Town, Ran]) -> None:
    row = ticket(odd[0], "lumi on märkää ja tie liukas")

    assert len(str(row["text"])) == len(LONG.strip())


def test_text_encoded_twice_is_put_right_and_marked(odd: tuple[Town, Ran]) -> None:
    row = ticket(odd[0], "Katu on hyvä ja pää on märkä.")

    assert row["is_mojibake_repaired"]


def test_a_nul_character_neither_ends_a_text_nor_stays_in_it(odd: tuple[Town, Ran]) -> None:
    row = ticket(odd[0], "merkki keskellä.")

    assert "\x00" not in str(row["text"])
    assert str(row["text"]).startswith("Nolla")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("tätä hetkeä ei ollut", datetime(2026, 3, 29, 4, 30, tzinfo=HELSINKI)),
        ("tämä hetki oli kahdesti", datetime(2025, 10, 26, 3, 30, fold=0, tzinfo=HELSINKI)),
    ],
)
def test_hours_of_the_clock_change_are_read_by_rule(
    odd: tuple[Town, Ran], words: str, moment: datetime
) -> None:
    received = ticket(odd[0], words)["received_at"]

    assert isinstance(received, datetime)
    assert received.timestamp() == moment.timestamp()


@pytest.mark.parametrize(
    ("name", "encoding"), [("foreign.csv", "utf-16-le"), ("oddities.csv", "utf-8")]
)
def test_the_encoding_is_found_and_written_down(
    odd: tuple[Town, Ran], name: str, encoding: str
) -> None:
    assert str(account(odd[0], name)["encoding_name"]).startswith(encoding)
    assert ticket(odd[0], "åäö ÅÄÖ šž €")


@pytest.mark.parametrize("name", ["muistio.pdf", "pommi.xlsx", "<b>..nimi.csv"])
def test_files_that_cannot_be_read_are_kept_and_refused_in_words(
    odd: tuple[Town, Ran], name: str
) -> None:
    row = account(odd[0], name)

    assert row["verdict_code"] == "refused"
    assert row["n_rows_in"] == 0


def test_no_file_name_and_no_message_becomes_markup(odd: tuple[Town, Ran]) -> None:
    site = odd[0].current / "site"

    pages = [p for p in site.glob("*.html") if "<b>.." in p.read_text("utf-8")]
    scripts = [p for p in site.glob("*.html") if "torikissa" in p.read_text("utf-8")]

    assert (pages, scripts) == ([], [])


def test_the_account_still_balances(odd: tuple[Town, Ran]) -> None:
    files = odd[0].table("core_deliveries__files")

    broken = files.filter(
        pl.col("n_rows_in") != pl.sum_horizontal("n_accepted", "n_rejected", "n_duplicate")
    )

    assert broken.is_empty()


@pytest.mark.parametrize(
    ("name", "content"),
    [("palvelupiste_2027.xlsx", bomb()), ("palvelupiste_2027.csv", b"Tunnus;Palaute\n1")],
    ids=["bomb", "other columns"],
)
def test_a_table_that_its_map_cannot_read_stops_the_run_with_a_sentence(
    again: Town, name: str, content: bytes
) -> None:
    columns = (again.exports / "palvelupiste" / "palvelupiste_2026.columns.toml").read_bytes()
    again.deliver(f"palvelupiste/{Path(name).stem}.columns.toml", columns)
    again.deliver(f"palvelupiste/{name}", content)

    ran = run_job(again)

    assert ran.code == 1
    assert f"File '{name}' of source 'palvelupiste'" in ran.out
    assert "Traceback" not in ran.err + ran.out
