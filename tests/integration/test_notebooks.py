"""Notebooks run from top to bottom over a publication."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.public_tables import public_tables

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.py"))


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "publications" / "current" / "parquet"
    folder.mkdir(parents=True)
    for name, frame in public_tables().items():
        frame.write_parquet(folder / f"{name.split('_', 1)[1].replace('__', '_')}.parquet")
    monkeypatch.setenv("KUULOLLA_DATA_DIR", str(tmp_path))
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # marimo's own dependencies
def test_notebook_runs_over_a_publication(path: Path, published: Path) -> None:
    spec = importlib.util.spec_from_file_location(f"notebook_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    _, definitions = module.app.run()

    assert definitions["waits"].height > 0


def test_notebooks_pass_marimos_own_check() -> None:
    program = Path(sys.executable).with_name("marimo")

    done = subprocess.run(
        [str(program), "check", "--strict", *map(str, NOTEBOOKS)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
