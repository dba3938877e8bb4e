"""Deliveries landed together: flushed once, and never trusted without their whole content."""

from pathlib import Path

import pytest

from assets.errors import DamagedTableError
from assets.raw_store import RawStore
from tests.support.houses import delivery

CONTENT = "Päivä;Havainto\n1.2.2026;Hyvä ranta\n".encode()
OTHER = "Päivä;Havainto\n2.2.2026;Hyvä polku\n".encode()


@pytest.fixture
def raw(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


def only(raw: RawStore, ending: str) -> Path:
    [path] = raw.root.rglob(f"*{ending}")
    return path


def test_deliveries_landed_together_are_what_they_are_landed_one_by_one(tmp_path: Path) -> None:
    deliveries = [
        delivery("a.csv", CONTENT),
        delivery("b.csv", OTHER),
        delivery("kopio.csv", CONTENT),
    ]
    together, singly = RawStore(tmp_path / "a"), RawStore(tmp_path / "b")

    landed = list(together.land_all(deliveries))

    assert landed == [singly.land(one) for one in deliveries]
    assert [is_new for _, is_new in landed] == [True, True, False]
    assert together.slips() == singly.slips()


def test_every_file_and_folder_is_flushed_once_at_the_end(
    raw: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[list[Path]] = []
    monkeypatch.setattr("assets.atomic.flush", lambda paths: flushed.append(list(paths)))

    list(raw.land_all([delivery("a.csv", CONTENT), delivery("b.csv", OTHER)]))

    assert len(flushed) == 1
    assert sorted(flushed[0]) == sorted(p for p in raw.root.rglob("*") if p.is_file())


def test_what_has_landed_is_flushed_when_the_source_fails(
    raw: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr("assets.atomic.flush", flushed.extend)

    def failing():  # type: ignore[no-untyped-def]
        yield delivery("a.csv", CONTENT)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        list(raw.land_all(failing()))

    assert len(flushed) == 2


@pytest.mark.parametrize("damaged", [b"", CONTENT[:-1], CONTENT.replace(b"1.2", b"1.3")])
def test_a_damaged_content_is_replaced_when_it_is_delivered_again(
    raw: RawStore, damaged: bytes
) -> None:
    slip, _ = raw.land(delivery("a.csv", CONTENT))
    only(raw, ".bin").write_bytes(damaged)

    again, is_new = raw.land(delivery("a.csv", CONTENT))

    assert not is_new
    assert again == slip
    assert raw.content(slip) == CONTENT


def test_a_content_that_is_gone_is_replaced_when_it_is_delivered_again(raw: RawStore) -> None:
    slip, _ = raw.land(delivery("a.csv", CONTENT))
    only(raw, ".bin").unlink()

    raw.land(delivery("a.csv", CONTENT))

    assert raw.content(slip) == CONTENT


@pytest.mark.parametrize("damaged", [b"", b'{"name": "a', b"{}"])
def test_a_damaged_slip_is_refused_until_its_file_is_delivered_again(
    raw: RawStore, damaged: bytes
) -> None:
    slip, _ = raw.land(delivery("a.csv", CONTENT))
    only(raw, ".json").write_bytes(damaged)

    with pytest.raises(DamagedTableError, match="land the original again"):
        raw.slips()
    raw.land(delivery("a.csv", CONTENT))

    assert raw.slips() == [slip]
