"""A browser for a module and one rendered site for every test that looks at pages."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_contracts.contract import load_codes
from tests.support.public_subjects import all_public_tables
from tests.support.public_tables import SNAPSHOT
from transforms.publish.publication import Publication, StaleSource
from transforms.publish.site import render_site


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Closed with its module: while it is open no test may run a job, both have an event loop."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("No chromium on the path; `./run test` installs it.")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    about = Publication(
        publication_id="2026-11-01T0230",
        snapshot_on=SNAPSHOT,
        city_name="Seinäjoki",
        code_version="0.1.0",
        stale_sources=(StaleSource("webropol", "Webropol"),),
        is_demo=True,
    )
    root = tmp_path_factory.mktemp("site")
    for path, content in render_site(all_public_tables(), load_codes(), about=about).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return root
