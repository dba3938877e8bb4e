"""Nothing calls home: no telemetry, and no page refers to another host."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest
import yaml

from assets.folders import Folders
from assets.public.warehouse import _CONFIG
from pipelines.nightly import prepare_instance
from tests.support.sources import ROOT

#: Names of XML's own vocabularies, which no browser fetches.
NAMESPACES = "http://www.w3.org/"
ADDRESS = re.compile(r"https?://[^\s\"'<>)]+|(?<=[\"'(=])//[a-z0-9-]+\.[a-z]{2,}[^\s\"'<>)]*", re.I)
SUFFIXES = (".jinja", ".css", ".js", ".html", ".toml", ".svg")
FOLDERS = ("templates", "static", "strings", "vendor")


def texts_of(folder: Traversable, path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in folder.iterdir():
        below = f"{path}/{entry.name}"
        if entry.is_dir():
            found |= texts_of(entry, below)
        elif entry.name.endswith(SUFFIXES) and entry.name != "vendor.toml":
            found[below] = entry.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_template_style_script_or_string_names_another_host(folder: str) -> None:
    texts = texts_of(files("transforms.publish") / folder, folder)

    strangers = {
        (path, address)
        for path, text in texts.items()
        for address in ADDRESS.findall(text)
        if not address.startswith(NAMESPACES)
    }

    assert texts
    assert strangers == set()


def test_the_style_of_data_docs_names_no_other_host() -> None:
    style = (files("assets.checks") / "data_docs.css").read_text(encoding="utf-8")

    assert ADDRESS.findall(style) == []


def test_dagster_s_instance_has_telemetry_off(tmp_path: Path) -> None:
    home = prepare_instance(Folders(tmp_path))

    settings = yaml.safe_load((home / "dagster.yaml").read_text(encoding="utf-8"))

    assert settings["telemetry"] == {"enabled": False}


def test_the_entrance_switches_the_telemetry_of_dagster_and_great_expectations_off() -> None:
    script = (ROOT / "run").read_text(encoding="utf-8")

    assert re.search(r"^export .*\bDAGSTER_DISABLE_TELEMETRY=1\b", script, re.M)
    assert re.search(r"^export .*\bGX_ANALYTICS_ENABLED=false\b", script, re.M)


def test_duckdb_neither_fetches_nor_loads_an_extension_by_itself() -> None:
    assert _CONFIG["autoinstall_known_extensions"] is False
    assert _CONFIG["autoload_known_extensions"] is False
