"""Bytes as received, kept once, with a slip that says where they came from."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from assets.errors import DamagedTableError
from assets.raw_store import RawStore
from tests.support.houses import NOW, delivery

CONTENT = "Päivä;Havainto\n1.2.2026;Hyvä ranta\n".encode()


@pytest.fixture
def raw(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_delivery_is_kept_byte_for_byte_with_its_slip(raw: RawStore) -> None:
    slip, is_new = raw.land(delivery("havainnot.csv", CONTENT))

    assert is_new
    assert raw.content(slip) == CONTENT
    assert slip.sha256 == slip.received_sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (slip.n_bytes, slip.first_seen_at) == (len(CONTENT), "2026-03-02T00:30:00+00:00")
    assert (slip.name, slip.address) == ("havainnot.csv", "havainnot/havainnot.csv")


def test_the_same_file_again_changes_nothing(raw: RawStore) -> None:
    raw.land(delivery("havainnot.csv", CONTENT))
    before = bytes_of(raw.root)

    _, is_new = raw.land(delivery("havainnot.csv", CONTENT, fetched_at=NOW + timedelta(days=1)))

    assert not is_new
    assert bytes_of(raw.root) == before


def test_the_same_content_under_another_name_adds_a_sighting_and_no_delivery(raw: RawStore) -> None:
    raw.land(delivery("havainnot.csv", CONTENT))

    slip, is_new = raw.land(delivery("kopio.csv", CONTENT, source_code="muualta"))

    assert not is_new
    assert [s["name"] for s in slip.sightings] == ["havainnot.csv", "kopio.csv"]
    assert [(s.name, s.source_code) for s in raw.slips()] == [("havainnot.csv", "havainnot")]


def test_slips_come_in_order_of_source_and_content_however_they_landed(tmp_path: Path) -> None:
    deliveries = [delivery(f"{n}.csv", str(n).encode(), source_code=f"s{n % 2}") for n in range(6)]
    forward, backward = RawStore(tmp_path / "a"), RawStore(tmp_path / "b")

    for one in deliveries:
        forward.land(one)
    for one in reversed(deliveries):
        backward.land(one)

    assert forward.slips() == backward.slips()


def test_names_of_authors_never_reach_the_disk(raw: RawStore) -> None:
    received = json.dumps({"id": 1, "authors": {"publicAuthors": [{"name": "Merkki Sana"}]}})

    slip, _ = raw.land(delivery("initiative_1.json", received.encode()))

    assert slip.dropped_fields == ["authors.publicAuthors"]
    assert slip.sha256 != slip.received_sha256
    assert all(b"Merkki" not in content for content in bytes_of(raw.root).values())


@pytest.mark.parametrize("damage", [b"", CONTENT[:-1], CONTENT + b"x"])
def test_bytes_that_changed_after_landing_are_not_read(raw: RawStore, damage: bytes) -> None:
    slip, _ = raw.land(delivery("havainnot.csv", CONTENT))
    [path] = raw.root.rglob("*.bin")
    path.write_bytes(damage)

    with pytest.raises(DamagedTableError, match="land the original again"):
        raw.content(slip)


def test_bytes_that_are_gone_are_not_read(raw: RawStore) -> None:
    slip, _ = raw.land(delivery("havainnot.csv", CONTENT))
    [path] = raw.root.rglob("*.bin")
    path.unlink()

    with pytest.raises(DamagedTableError, match="land the original again"):
        raw.content(slip)


def test_a_landing_that_died_before_its_slip_is_landed_again(
    raw: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("assets.atomic.write_json", die)
        with pytest.raises(KeyboardInterrupt):
            raw.land(delivery("havainnot.csv", CONTENT))
    assert raw.slips() == []

    slip, is_new = raw.land(delivery("havainnot.csv", CONTENT))

    assert is_new
    assert raw.content(slip) == CONTENT


def test_a_store_without_a_folder_has_no_slips(raw: RawStore) -> None:
    assert raw.slips() == []
