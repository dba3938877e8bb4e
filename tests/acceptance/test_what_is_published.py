"""The folder that leaves the house: whole, described, safe, and without a resident's word."""

import csv
import hashlib
import io
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from data_contracts.contract import load_contracts
from tests.support.contents import parts_of
from tests.support.tiny import RESIDENTS_IDS, RESIDENTS_WORDS, Town

TABLES = {t.published_name for t in load_contracts().values() if t.layer == "public"}
SECRETS = [text.encode() for text in (*RESIDENTS_WORDS, *RESIDENTS_IDS)]


def found_in(content: bytes) -> list[str]:
    """The residents' words that stand in the content, in UTF-8, UTF-16 or JSON's escapes."""
    small = content.lower()
    return [
        secret.decode()
        for secret in SECRETS
        if secret in small or secret.decode().encode("utf-16-le") in small
    ]


def leaks_below(folder: Path) -> dict[str, list[str]]:
    """Files below a folder, or their names, that tell a resident's word."""
    leaks = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        words = found_in(name.encode())
        if path.is_file() and not path.is_symlink():
            words += [word for part in parts_of(path) for word in found_in(part)]
        if words:
            leaks[name] = words
    return leaks


def test_every_product_is_in_the_folder(finished: Town) -> None:
    paths = {p.relative_to(finished.current).as_posix() for p in finished.current.rglob("*.*")}

    expected = {f"csv/{t}.csv" for t in TABLES} | {f"csv_fi/{t}.csv" for t in TABLES}
    expected |= {f"parquet/{t}.parquet" for t in TABLES}
    expected |= {"kuulolla.xlsx", "kuulolla.duckdb", "datapackage.json", "manifest.json"}
    names = ("index", "kuultu", "nain-kuulimme", "ryhmat", "osallisuusmalli", "aloitteet", "tiedot")
    expected |= {f"site/{name}.html" for name in names}

    assert expected <= paths


def test_the_manifest_tells_the_true_hash_of_every_other_file(finished: Town) -> None:
    told = json.loads((finished.current / "manifest.json").read_bytes())

    found = {
        path.relative_to(finished.current).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in finished.current.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }

    assert told["sha256"] == found
    assert told["publication_id"] == finished.current.name
    assert finished.current.name.startswith("2026-03-31-")


def test_the_datapackage_describes_files_that_are_there_with_their_size_and_hash(
    finished: Town,
) -> None:
    package = json.loads((finished.current / "datapackage.json").read_bytes())

    resources = {r["path"]: r for r in package["resources"] if isinstance(r["path"], str)}

    assert {Path(path).stem for path in resources} == TABLES
    for path, resource in resources.items():
        content = (finished.current / path).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_every_form_of_a_table_holds_the_same_rows(finished: Town) -> None:
    backlog = pl.read_parquet(finished.current / "parquet" / "feedback_backlog.parquet")
    lines = (finished.current / "csv" / "feedback_backlog.csv").read_text("utf-8").splitlines()
    with duckdb.connect(str(finished.current / "kuulolla.duckdb"), read_only=True) as connection:
        stored = connection.execute("SELECT count(*), sum(n_open) FROM feedback_backlog").fetchone()

    assert len(lines) - 1 == backlog.height
    assert stored == (backlog.height, backlog["n_open"].sum())


def test_no_cell_of_a_csv_begins_a_formula(finished: Town) -> None:
    cells = [
        cell
        for path in (finished.current / "csv_fi").glob("*.csv")
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";")
        for cell in row
    ]

    formulas = [cell for cell in cells if cell[:1] in {"=", "+", "@", "\t", "\r"}]

    assert len(cells) > 1_000
    assert formulas == []


def test_every_page_says_until_when_its_figures_go(finished: Town) -> None:
    pages = sorted((finished.current / "site").glob("*.html"))

    silent = [p.name for p in pages if "Tiedot 31.3.2026 asti" not in p.read_text("utf-8")]

    assert len(pages) >= 8
    assert silent == []


def test_no_page_asks_another_host_for_anything(finished: Town) -> None:
    pages = (finished.current / "site").glob("*.html")

    asking = [p.name for p in pages if 'src="http' in p.read_text("utf-8")]

    assert asking == []


@pytest.mark.parametrize("folder", ["publications", "dagster", "quality", "alerts", "state"])
def test_no_word_of_a_resident_leaves_the_inner_tables(finished: Town, folder: str) -> None:
    assert leaks_below(finished.data / folder) == {}


def test_no_word_of_a_resident_is_said_while_the_job_runs(finished: Town) -> None:
    said = finished.root.with_name("tiny_city_finished.txt").read_bytes()

    assert b"core_feedback__tickets" in said
    assert found_in(said) == []


def test_words_stay_in_the_inner_tables_but_for_what_names_a_person(finished: Town) -> None:
    texts = "\n".join(finished.table("core_feedback__tickets")["text"].to_list()).lower()

    kept = {word for word in RESIDENTS_WORDS if word in texts}

    assert {"kurkiaura", "rosvopaist", "peikonpelott"} <= kept
    assert not kept & {"131052-308t", "050 123 4567", "tuohivirsu"}
    assert "meikäläinen" not in texts


def test_names_of_authors_and_addresses_of_respondents_are_not_even_kept_raw(
    finished: Town,
) -> None:
    raw = b"\n".join(path.read_bytes() for path in finished.folders.raw.rglob("*.bin")).lower()

    assert b"sudenkoren" in raw
    assert b"tekaistu" not in raw
    assert b"hilla@posti" not in raw
