"""The site of the invented city, rendered once for all tests that only read it."""

from collections.abc import Mapping

import polars as pl
import pytest

from data_contracts.contract import load_codes
from tests.support.public_tables import SNAPSHOT, public_tables
from transforms.publish.publication import Publication, StaleSource
from transforms.publish.site import render_site


@pytest.fixture(scope="session")
def tables() -> Mapping[str, pl.DataFrame]:
    return public_tables()


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
