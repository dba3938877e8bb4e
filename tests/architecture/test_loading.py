"""What loading the house costs and what it leaves alone.

Import rules between rooms are held by import-linter in ``./run check``.
"""

import os
import resource
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
import yaml

from tests.support.sources import PACKAGES, ROOT

CPU_LIMIT_S = 4.0
HEAVY = (
    "great_expectations",
    "spacy",
    "sklearn",
    "pandas",
    "scipy",
    "libvoikko",
    "httpx",
    "jinja2",
    "xlsxwriter",
    "holidays",
    "phonenumbers",
    "py_mini_racer",
    "python_calamine",
    "statsmodels",
    "svy",
)
_LOAD = "import sys, pipelines.definitions; print(*sys.modules)"


def load_in_fresh_process() -> tuple[set[str], float]:
    """Modules that loading brings in, and what it costs in CPU-seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # A test runner that measures coverage or hashes must not leak into the process measured.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    done = subprocess.run(
        [sys.executable, "-c", _LOAD],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return set(done.stdout.split()), seconds


def test_definitions_load_in_under_four_cpu_seconds_without_a_heavy_library() -> None:
    # Neighbours on the same cores make CPU-seconds longer and never shorter: the least of up to
    # four is the figure.
    for _ in range(4):
        loaded, seconds = load_in_fresh_process()
        if seconds < CPU_LIMIT_S:
            break

    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))
    assert seconds < CPU_LIMIT_S


def test_workspace_and_dg_name_the_same_module() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))

    named = [entry["python_module"]["module_name"] for entry in workspace["load_from"]]

    assert named == [project["tool"]["dg"]["project"]["code_location_target_module"]]


def test_pyproject_has_no_tool_dagster_which_would_silence_the_workspace() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert "dagster" not in project["tool"]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_claims_the_name_of_a_package(package: str) -> None:
    claimed_by = set(packages_distributions().get(package, []))

    assert claimed_by <= {"kuulolla"}


def test_the_wheel_holds_just_the_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(PACKAGES)
    assert project["tool"]["hatch"]["build"]["dev-mode-exact"] is True
