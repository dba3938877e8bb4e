"""The client against a server that behaves as PxWeb, over loopback."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assets.connectors.checkpoint import FileCheckpoint
from assets.connectors.delivery import Delivery
from assets.connectors.http import PoliteClient, Politeness
from assets.connectors.pxweb import PxWebSource, fetch_population
from assets.errors import SourceDownError
from data_contracts.contract import code_values
from tests.support.pxweb_server import PxWebServer, by_age, serving
from transforms.parse.jsonstat import parse_jsonstat_population
from transforms.parse.population_figures import POPULATION, City

TABLE = "statfin_vaerak_pxt_11re.px"
TODAY = date(2026, 6, 1)


@pytest.fixture
def server() -> Iterator[PxWebServer]:
    with serving() as state:
        state.tables[TABLE] = by_age(["2021", "2022", "2023", "2024"])
        yield state


def fetched(
    server: PxWebServer, folder: Path, *, today: date = TODAY, n_years: int = 2
) -> list[Delivery]:
    source = PxWebSource("743", server.address, (TABLE,), n_years)
    politeness = Politeness(requests_per_second=1000, attempts=3, timeout_seconds=5)
    with PoliteClient(politeness=politeness, sleep=lambda _seconds: None) as client:
        fetch = fetch_population(
            client, source, today=today, checkpoint=FileCheckpoint(folder / "pxweb.json")
        )
        return list(fetch)


def test_the_city_s_own_cells_of_the_last_years_are_asked_for(
    server: PxWebServer, tmp_path: Path
) -> None:
    deliveries = fetched(server, tmp_path)

    asked = server.selections[0]
    assert asked["Alue"] == ["KU743"]
    assert asked["Vuosi"] == ["2023", "2024"]
    assert asked["Tiedot"] == ["vaesto"]
    assert (len(asked["Ikä"]), asked["Sukupuoli"]) == (102, ["SSS", "1", "2"])
    # A variable of another subject that may be left out is left out.
    assert "Siviilisääty" not in asked
    assert [d.name for d in deliveries] == ["statfin_vaerak_pxt_11re_2023_2024.json"]
    assert deliveries[0].licence == "CC BY 4.0"


def test_what_comes_is_read_as_population(server: PxWebServer, tmp_path: Path) -> None:
    delivery = fetched(server, tmp_path, n_years=1)[0]

    parsed = parse_jsonstat_population(delivery.content, city=City({}, code_values("age_band")))

    # Seven classes of age with the total, by three of gender.
    assert parsed.frames[POPULATION].height == 21
    assert parsed.rejects.height == 0


def test_years_that_were_landed_are_not_asked_for_again_within_a_month(
    server: PxWebServer, tmp_path: Path
) -> None:
    fetched(server, tmp_path)

    assert fetched(server, tmp_path, today=date(2026, 6, 30)) == []
    assert len(fetched(server, tmp_path, today=date(2026, 7, 1))) == 1


def test_a_new_year_is_asked_for_at_once(server: PxWebServer, tmp_path: Path) -> None:
    fetched(server, tmp_path)
    server.tables[TABLE] = by_age(["2022", "2023", "2024", "2025"])

    names = [d.name for d in fetched(server, tmp_path)]

    assert names == ["statfin_vaerak_pxt_11re_2024_2025.json"]


def test_a_busy_database_is_asked_again(server: PxWebServer, tmp_path: Path) -> None:
    server.statuses = [429, 503, 200, 429, 200]

    assert len(fetched(server, tmp_path)) == 1


def test_new_names_of_variables_are_known_by_how_they_begin(
    server: PxWebServer, tmp_path: Path
) -> None:
    server.tables[TABLE] = [
        {"code": "kunta_85_20190101", "values": ["SSS", "KU743"]},
        {"code": "timeperiod_y", "values": ["2023", "2024"]},
        {"code": "sukupuoli_9_20180101", "values": ["SSS", "1", "2"]},
        {"code": "contentscode", "values": ["vaerak-vaesto"]},
        {"code": "muu_1", "values": ["a", "SSS"]},
    ]

    fetched(server, tmp_path)

    assert server.selections[0]["kunta_85_20190101"] == ["KU743"]
    assert server.selections[0]["muu_1"] == ["SSS"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ([{"code": "Alue", "values": ["KU743"]}], "no year or no area KU743"),
        (by_age(["2024"])[1:], "no year or no area KU743"),
        (
            [
                {"code": "Alue", "values": ["KU743"]},
                {"code": "Vuosi", "values": ["2024"]},
                {"code": "Ikä", "values": [str(n) for n in range(100_001)]},
            ],
            "Found 100001 cells",
        ),
    ],
)
def test_another_table_is_refused_before_it_is_asked(
    server: PxWebServer, tmp_path: Path, variables: list[dict[str, object]], message: str
) -> None:
    server.tables[TABLE] = variables

    with pytest.raises(SourceDownError, match=message):
        fetched(server, tmp_path)

    assert server.selections == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [(b'{"class": "dataset"', "cut off or broken"), (b"[1]", "no JSON-stat dataset")],
)
def test_an_answer_that_is_no_dataset_is_refused_and_asked_for_the_next_night(
    server: PxWebServer, tmp_path: Path, answer: bytes, message: str
) -> None:
    server.answer_with = [answer]

    with pytest.raises(SourceDownError, match=message):
        fetched(server, tmp_path)

    assert len(fetched(server, tmp_path)) == 1


def test_a_table_that_is_not_there_is_told(server: PxWebServer, tmp_path: Path) -> None:
    del server.tables[TABLE]

    with pytest.raises(SourceDownError, match="answered 404"):
        fetched(server, tmp_path)
