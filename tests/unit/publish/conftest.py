"""The site of the invented city, rendered once for all tests that only read it."""

from collections.abc import Callable, Mapping

import polars as pl
import pytest

from data_contracts.contract import load_codes
from tests.support.public_subjects import all_public_tables
from tests.support.public_tables import SNAPSHOT
from transforms.publish.desk import Desk
from transforms.publish.labels import read_labels
from transforms.publish.public_tables import PublicTables
from transforms.publish.publication import Publication, StaleSource
from transforms.publish.site import render_site
from transforms.publish.words import load_words


@pytest.fixture(scope="session")
def tables() -> Mapping[str, pl.DataFrame]:
    return all_public_tables()


@pytest.fixture(scope="session")
def about() -> Publication:
    return Publication(
        publication_id="2026-11-01T0230",
        snapshot_on=SNAPSHOT,
        city_name="Seinäjoki",
        code_version="0.1.0",
        stale_sources=(StaleSource("georeport", "Palautejärjestelmä"),),
    )


@pytest.fixture(scope="session")
def site(tables: Mapping[str, pl.DataFrame], about: Publication) -> Mapping[str, bytes]:
    return render_site(tables, load_codes(), about=about)


@pytest.fixture(scope="session")
def pages(site: Mapping[str, bytes]) -> Mapping[str, str]:
    return {path: data.decode() for path, data in site.items() if path.endswith(".html")}


@pytest.fixture(scope="session")
def desk_of(about: Publication) -> Callable[..., Desk]:
    """Makes the desk of some tables, in Finnish unless told otherwise."""

    def make(tables: Mapping[str, pl.DataFrame], *, language: str = "fi") -> Desk:
        words = load_words(language)
        labels = read_labels(load_codes(), words=words)
        return Desk(PublicTables(tables, about.snapshot_on), labels, words, about)

    return make


@pytest.fixture(scope="session")
def desk(tables: Mapping[str, pl.DataFrame], desk_of: Callable[..., Desk]) -> Desk:
    return desk_of(tables)
