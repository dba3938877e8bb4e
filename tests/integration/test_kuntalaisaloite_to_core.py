"""From the service to the rows in force: fetched, landed, found, read, cleaned and merged."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from assets.connectors.checkpoint import FileCheckpoint
from assets.connectors.http import PoliteClient, Politeness
from assets.connectors.kuntalaisaloite import InitiativeService, fetch_initiatives
from assets.raw_store import RawStore, Slip
from data_contracts.contract import load_contracts
from tests.support.kuntalaisaloite_server import KuntalaisaloiteServer, serving
from transforms.clean.initiative_versions import merge_initiatives
from transforms.clean.initiatives import clean_initiatives
from transforms.parse.kuntalaisaloite import (
    INITIATIVES,
    parse_initiative_detail,
    parse_initiative_list,
)
from transforms.parse.sniff import find_format

COLUMNS = [column.name for column in load_contracts()["core_initiatives__initiatives"].columns]
LIST, DETAIL = "kuntalaisaloite_list", "kuntalaisaloite_detail"


@pytest.fixture
def server() -> Iterator[KuntalaisaloiteServer]:
    with serving() as state:
        yield state


def fetch_and_land(server: KuntalaisaloiteServer, folder: Path, *, day: int) -> RawStore:
    store = RawStore(folder / "raw")
    moment = datetime(2026, 2, day, 1, 0, tzinfo=UTC)
    with PoliteClient(politeness=Politeness(1000), sleep=lambda _seconds: None) as client:
        fetch = fetch_initiatives(
            client,
            InitiativeService("743", address=server.address),
            run_at=moment,
            checkpoint=FileCheckpoint(folder / "checkpoint.json"),
        )
        fetch.clock = lambda: moment
        for delivery in fetch:
            store.land(delivery)
    return store


def rows_in_force(store: RawStore) -> pl.DataFrame:
    versions, listings = [], []
    for slip in store.slips():
        content = store.content(slip)
        found = find_format(slip.name, content)
        assert found in (LIST, DETAIL)
        parse = parse_initiative_list if found == LIST else parse_initiative_detail
        parsed = parse(content)
        cleaned = clean_initiatives(
            parsed.frames[INITIATIVES], source_code=slip.source_code, municipality_code="743"
        )
        versions.append(with_lineage(cleaned.frame, slip))
        if found == LIST:
            n_items = parsed.rows_in[INITIATIVES]
            listings += [
                (slip.sha256, seen["name"], seen["seen_at"], n_items) for seen in slip.sightings
            ]
    schema = ["delivery_sha256", "name", "delivered_at", "n_items"]
    return merge_initiatives(
        pl.concat(versions), pl.DataFrame(listings, schema=schema, orient="row"), columns=COLUMNS
    )


def with_lineage(frame: pl.DataFrame, slip: Slip) -> pl.DataFrame:
    digest = [hashlib.sha256(text.encode()).hexdigest() for text in frame["text"]]
    return frame.with_columns(
        text_id=pl.Series(digest, dtype=pl.String),
        n_masked=pl.lit(0, dtype=pl.Int64),
        delivery_sha256=pl.lit(slip.sha256),
        delivered_at=pl.lit(slip.first_seen_at),
    )


def test_an_initiative_lives_changes_and_vanishes(
    server: KuntalaisaloiteServer, tmp_path: Path
) -> None:
    server.publish(*range(1, 61))
    first = rows_in_force(fetch_and_land(server, tmp_path, day=4))
    server.publish(7, n_supporters=1400, published="2026-02-05", sent="2026-02-05")
    server.hide(9)

    second = rows_in_force(fetch_and_land(server, tmp_path, day=5))

    assert first.height == second.height == 60
    assert first["is_vanished"].sum() == 0
    changed = second.filter(source_number="7").row(0, named=True)
    assert (changed["published_on"], changed["sent_on"]) == (date(2026, 2, 3), date(2026, 2, 5))
    assert changed["n_supporters"] == 1400
    assert changed["text"] == "Aloite numero 7. Ehdotus 7.\n\nToinen kappale."
    gone = second.filter("is_vanished").rows(named=True)
    assert [(row["source_number"], row["vanished_on"]) for row in gone] == [("9", date(2026, 2, 5))]


def test_a_night_without_changes_changes_nothing(
    server: KuntalaisaloiteServer, tmp_path: Path
) -> None:
    server.publish(*range(1, 4))
    first = rows_in_force(fetch_and_land(server, tmp_path, day=4))

    second = rows_in_force(fetch_and_land(server, tmp_path, day=5))

    assert first.equals(second)


def test_what_comes_back_stands_again(server: KuntalaisaloiteServer, tmp_path: Path) -> None:
    server.publish(*range(1, 4))
    fetch_and_land(server, tmp_path, day=4)
    server.hide(2)
    hidden = rows_in_force(fetch_and_land(server, tmp_path, day=5))
    server.publish(2)

    back = rows_in_force(fetch_and_land(server, tmp_path, day=6))

    assert hidden.filter("is_vanished")["text"].to_list() == [""]
    assert back["is_vanished"].sum() == 0
    assert back["text"].str.contains("Ehdotus").all()
